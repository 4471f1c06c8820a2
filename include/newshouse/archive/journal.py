"""The journal of a stage: one JSON line an exchange, and how far the WARC file reached when it was written."""

from __future__ import annotations

import fcntl
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from newshouse.archive.warcfile import close_synced, write_all
from newshouse.errors import StorageError
from newshouse.records import Capture, Redirect
from newshouse.storage.files import storage_errors

_FIELDS = tuple(field.name for field in fields(Capture))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal.

    Attributes:
        warc_name: the file being written at that moment, relative to the archive folder.
        warc_end: its size after the exchange, bytes.
        line_end: size of the journal after this line, bytes.
    """

    capture: Capture
    warc_name: str
    warc_end: int
    line_end: int


class Journal:
    """The journal being written. Used by one thread at a time, of one process.

    Raises:
        StorageError: it cannot be written, or another process writes it.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._end = path, 0
        with storage_errors(path):
            self._handle = FileIO(path, "ab")
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._handle.close()
            raise StorageError(f"{path}: another process is writing it. Wait for it, or end it first.") from error

    def cut(self, end: int) -> None:
        """Drop what follows: a torn line, or lines whose records are lost."""
        with storage_errors(self._path):
            self._handle.truncate(end)
        self._end = end

    def append(self, line: bytes) -> None:
        """Write a line, or nothing of it."""
        try:
            with storage_errors(self._path):
                write_all(self._handle, line)
        except BaseException:
            self._handle.truncate(self._end)
            raise
        self._end += len(line)

    def close(self) -> None:
        """Sync it to the disk and let another process open it."""
        close_synced(self._handle, self._path)


def to_line(capture: Capture, warc_name: str, warc_end: int) -> bytes:
    """One line, its line break included."""
    row: dict[str, Any] = {name: getattr(capture, name) for name in _FIELDS}  # asdict() would copy every string
    row["requested_at"] = capture.requested_at.isoformat()
    row["redirects"] = [asdict(hop) for hop in capture.redirects]
    line = json.dumps({"warc": warc_name, "warc_end": warc_end, "capture": row}, ensure_ascii=True)
    return line.encode() + b"\n"


def read(path: Path) -> list[Entry]:
    """All whole lines. A last line without a line break was torn by a crash and is left out.

    Raises:
        StorageError: a line in the middle is damaged.
    """
    data = path.read_bytes() if path.exists() else b""
    entries: list[Entry] = []
    end = 0
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            break
        end += len(line)
        if entry := _entry(path, number, line, end):
            entries.append(entry)
    return entries


def _entry(path: Path, number: int, line: bytes, end: int) -> Entry | None:
    try:
        row: dict[str, Any] = json.loads(line)
        if "wait" in row:  # a pause, in journals from before the gates kept them
            return None
        capture = row["capture"]
        capture["requested_at"] = datetime.fromisoformat(capture["requested_at"])
        capture["redirects"] = tuple(Redirect(**hop) for hop in capture["redirects"])
        return Entry(Capture(**capture), row["warc"], row["warc_end"], end)
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{path}:{number}: damaged journal line ({error}). Delete the folder of the run and run it again."
        ) from error
