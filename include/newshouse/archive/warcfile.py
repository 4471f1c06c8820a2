"""The WARC file that a stage writes. When it is full the next one follows: `x.warc.gz`, `x-001.warc.gz`, …"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from newshouse.storage.files import size_of, storage_errors, sync

ROTATE_BYTES = 1_000_000_000  # WARC 1.1, annex C: files of 1 GB at most are easy to handle


class WarcFile:
    """Used by one thread at a time, of one process.

    Args:
        archive: the folder that names are relative to.
        first: path of the first file.

    Attributes:
        end: bytes that count; more than that is cut off on opening.
    """

    def __init__(self, archive: Path, first: Path) -> None:
        self._archive, self._first = archive, first
        self._number = 0
        self._path = first
        self.end = 0

    @property
    def name(self) -> str:
        """Relative to the archive folder, as in `Capture.warc_file`."""
        return self._path.relative_to(self._archive).as_posix()

    def recall(self, name: str, end: int) -> bool:
        """Learn from the journal how far a file reached. False when a power cut lost the bytes."""
        path = self._archive / name
        following = self._numbered(self._number + 1)
        if path not in (self._path, following):  # of a plan before this one
            return True
        if end > (size_of(path) or 0):
            return False
        self._number += path == following
        self._path, self.end = path, end
        return True

    def open(self) -> None:
        """Begin to write where it ends, after `recall` has said where that is."""
        with storage_errors(self._path):
            self._numbered(self._number + 1).unlink(missing_ok=True)  # begun, and nothing in it was finished
            self._handle = FileIO(self._path, "ab")
            self._handle.truncate(self.end)

    def make_room(self) -> None:
        """Go on in the next file when this one is full."""
        if self.end < ROTATE_BYTES:
            return
        with storage_errors(self._path):
            following = FileIO(self._numbered(self._number + 1), "wb")
            os.fsync(self._handle.fileno())
            self._handle.close()
        self._number += 1
        self._handle, self._path, self.end = following, self._numbered(self._number), 0

    @contextmanager
    def appended(self, data: bytes | bytearray) -> Iterator[int]:
        """Write it, and give where it ends. It counts when the block inside is left well, and is cut off when not.

        Raises:
            StorageError: the disk is full, read-only or broken.
        """
        end = self.end + len(data)
        try:
            with storage_errors(self._path):
                write_all(self._handle, data)
            yield end
        except BaseException:
            self._handle.truncate(self.end)
            raise
        self.end = end

    def close(self) -> None:
        """Sync it to the disk."""
        close_synced(self._handle, self._path)

    def _numbered(self, number: int) -> Path:
        stem = self._first.name.removesuffix(".warc.gz")
        return self._first.with_name(f"{stem}-{number:03d}.warc.gz") if number else self._first


def close_synced(handle: FileIO, path: Path) -> None:
    """Close a file and sync it to the disk, with its folder."""
    with storage_errors(path):
        if not handle.closed:
            os.fsync(handle.fileno())
            handle.close()
        sync(path.parent)


def write_all(handle: FileIO, data: bytes | bytearray) -> None:
    """Unbuffered, so that after an error nothing waits to be written later."""
    view = memoryview(data)
    while view:
        view = view[handle.write(view) :]
