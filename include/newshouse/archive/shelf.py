"""Where archive files lie: a folder, or a shelf, which is a folder on this disk before a bucket that keeps them all.

A file is written on the disk, record by record. When its stage ends, it is put into the bucket whole and read back;
only then may a row point to it. The copy on the disk is for whoever reads it in the next days, and may be lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow.fs as pa_fs

from newshouse.errors import StorageError
from newshouse.storage.files import size_of, storage_errors
from newshouse.storage.folders import BucketFolder

_PIECE_BYTES = 8 * 1024 * 1024
_MOST_COPIED_BYTES = 5 * 1024**3  # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html


@dataclass(frozen=True, slots=True)
class Shelf:
    """The archive of a data root in a bucket. `/` gives the place of a file on this disk.

    Attributes:
        here: the folder on this disk.
        kept: the folder in the bucket.
    """

    here: Path
    kept: BucketFolder

    def __truediv__(self, name: str) -> Path:
        return self.here / name

    def place(self, name: str) -> str:
        """Where a file is to be looked for, for messages."""
        return str(self.here / name) if (self.here / name).exists() else f"{self.kept.address}/{name}"

    def read(self, name: str, offset: int, length: int) -> bytes:
        """A piece of a file, bytes; less where it ends.

        Raises:
            FileNotFoundError: neither the disk nor the bucket has it.
            StorageError: the bucket refuses.
        """
        with suppress(FileNotFoundError):  # not asked first: the copy may be cleared just then
            return _piece(self.here / name, offset, length)
        with self.kept.telling(name), self.kept.files.open_input_file(name) as stream:
            if offset >= stream.size():
                return b""
            stream.seek(offset)
            return bytes(stream.read(length))

    def put(self, name: str) -> None:
        """Put a file into the bucket, in place of what it has under the name.

        It goes under the key of a draft first, and to its own within the bucket once it was read back: an upload that
        breaks off is closed as if it were whole. A file too large to be copied in one request goes straight there.

        Raises:
            StorageError: it cannot be read or written, or came out otherwise. It is still here: do the step again.
        """
        path, kept = self.here / name, self.kept
        by_draft = (size_of(path) or 0) <= _MOST_COPIED_BYTES
        with kept.drafting(name) if by_draft else nullcontext((kept, name)) as (drafts, draft), kept.telling(name):
            with storage_errors(path), path.open("rb") as file, drafts.putting(draft) as stream:
                sent = _digest(file, stream.write)
            with drafts.reading(draft) as stream:
                came = _digest(stream, lambda _: None)
            if came != sent:
                raise StorageError(f"{kept.address}/{name}: the bucket does not hold what was sent. Run again.")

    def take(self, names: Iterable[str]) -> None:
        """Bring files as the bucket has them to the disk, in place of older copies.

        What it does not have is left, and a copy that is longer: files only grow, so that one is newer or more whole.
        """
        for name in names:
            size = self.kept.size(name)
            if size is not None and size >= (size_of(self.here / name) or 0):
                self.kept.fetch(name)

    def bring(self, sizes: Mapping[str, int]) -> None:
        """Fetch those that are not here, or shorter than in the bucket.

        Args:
            sizes: name -> bytes, in the bucket.

        Raises:
            StorageError: one is missing in the bucket, or the disk is full.
        """
        self.kept.bring({name: size for name, size in sizes.items() if size > (size_of(self.here / name) or -1)})

    def clear(self, before: float) -> list[str]:
        """Delete the copies on this disk that were not changed since, where the bucket has the file.

        Args:
            before: seconds since 1970.

        Returns:
            Their names.
        """
        kept, gone = self.kept.listing(), []
        for path in sorted(path for path in self.here.rglob("*") if path.is_file()):
            name, found = path.relative_to(self.here).as_posix(), path.stat()
            if found.st_mtime < before and name in kept and kept[name].size == found.st_size:
                path.unlink()
                gone.append(name)
        return gone


Archive = Path | Shelf


def read_bytes(archive: Archive, name: str, offset: int, length: int) -> bytes:
    """A piece of an archive file, bytes; less where it ends.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: the bucket refuses.
    """
    return archive.read(name, offset, length) if isinstance(archive, Shelf) else _piece(archive / name, offset, length)


def keep(archive: Archive, names: Iterable[str | None]) -> None:
    """See to it that files that were written on this disk are where they last. None stands for no file.

    Raises:
        StorageError: as `Shelf.put`.
    """
    if isinstance(archive, Shelf):
        for name in sorted({name for name in names if name}):
            archive.put(name)


def on_disk(archive: Archive, day: str | None = None) -> Path:
    """The folder on this disk, with all files of a day, or of all days.

    Raises:
        StorageError: the bucket refuses, or the disk is full.
    """
    if isinstance(archive, Shelf):
        kept: dict[str, pa_fs.FileInfo] = archive.kept.listing(day or "")
        archive.bring({name: info.size for name, info in kept.items()})
    return archive / ""


def file_on_disk(archive: Archive, name: str) -> Path:
    """The place of one file on this disk. It lies there, unless nobody has it.

    Raises:
        StorageError: as `on_disk`.
    """
    if isinstance(archive, Shelf) and (size := archive.kept.size(name)) is not None:
        archive.bring({name: size})
    return archive / name


def _piece(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb") as handle:
        handle.seek(offset)
        return handle.read(length)


def _digest(file: BinaryIO, each: Callable[[bytes], object]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
        each(piece)
    return digest.hexdigest()
