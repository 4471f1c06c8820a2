"""Whether the archive still holds what it is said to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newshouse.archive.shelf import Archive, Shelf, file_on_disk
from newshouse.archive.walk import Damage, Found, walk
from newshouse.errors import StorageError

_Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with the archive.

    Attributes:
        warc_file: relative to the archive folder.
        offset: bytes from the start of the file.
    """

    warc_file: str
    offset: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and what is wrong."""

    files: int
    records: int
    faults: tuple[Fault, ...]


def verify(archive: Archive, files: Iterable[Path], progress: Callable[[int], None] | None = None) -> Verdict:
    """Read every record of these files: gzip, header, length, digests, and whether revisits find their payload.

    Args:
        files: on this disk; one that is cleared meanwhile is brought again from its bucket.
        progress: told how many files are done.
    """
    faults: list[Fault] = []
    payloads: set[_Place] = set()
    revisits: list[tuple[_Place, _Place]] = []
    files_count = records_count = 0
    for path in files:
        name = path.relative_to(archive / "").as_posix()
        try:
            for found in _records(archive, name):
                if isinstance(found, Damage):
                    faults.append(Fault(name, found.offset, found.why))
                    continue
                records_count += 1
                if found.record.kind in ("response", "resource"):
                    payloads.add((name, found.offset))
                elif found.record.kind == "revisit" and (place := _referred(found)):
                    revisits.append(((name, found.offset), place))
        except StorageError as error:
            faults.append(Fault(name, 0, str(error)))
        files_count += 1
        if progress:
            progress(files_count)
    faults += [_dangling(place, original) for place, original in revisits if not _lies(archive, original, payloads)]
    return Verdict(files_count, records_count, tuple(sorted(faults, key=lambda fault: (fault.warc_file, fault.offset))))


def _referred(found: Found) -> _Place | None:
    """Where a revisit says that its payload lies; None in archives from elsewhere, which say only what it is."""
    field = found.record.headers.get
    name, offset = field("warc-refers-to-filename"), field("warc-refers-to-file-offset", "")
    return (name, int(offset)) if name and offset.isascii() and offset.isdecimal() else None


def _records(archive: Archive, name: str, start: int = 0) -> Iterator[Found | Damage]:
    """What lies in a file, which is brought where it is not here, or not any more. Once open it is read to its end."""
    path = archive / name
    try:
        yield from walk(path, start)
    except (FileNotFoundError, StorageError):
        if path.exists() or not isinstance(archive, Shelf):
            raise
        yield from walk(file_on_disk(archive, name), start)


def _lies(archive: Archive, place: _Place, seen: set[_Place]) -> bool:
    """Whether a payload lies there; in a file that was not looked at, that one record is read."""
    if place in seen:
        return True
    try:
        found = next(_records(archive, *place), None)
    except StorageError:
        return False
    return isinstance(found, Found) and found.offset == place[1] and found.record.kind in ("response", "resource")


def _dangling(place: _Place, original: _Place) -> Fault:
    return Fault(*place, f"a revisit of {original[0]} at byte {original[1]}, where no response lies")
