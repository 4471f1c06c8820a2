"""Moments that all processes on one data folder know, kept in a small file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newshouse.storage.files import storage_errors

_FORM = "{:<48}\n"  # always as long, so that a shorter text leaves no rest of a longer one
_LENGTH_BYTES = len(_FORM.format(""))


class SharedMoments:
    """Seconds since the epoch. Used by one thread at a time.

    Args:
        path: the file; None where no other process can come, as in a simulation.

    Raises:
        StorageError: from its methods, when the data folder cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._handle: int | None = None
        self._own: tuple[float, ...] = ()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all other processes out; waits while one of them is inside. A process that dies lets go."""
        if self._path is None:
            yield
            return
        with _held(self._path) as handle:
            self._handle = handle
            try:
                yield
            finally:
                self._handle = None

    def delete(self, before: float) -> bool:
        """Delete the file, unless it was written since `before` (seconds since the epoch) or somebody is inside."""
        path = self._path
        if path is None:
            return False
        with suppress(FileNotFoundError, BlockingIOError), storage_errors(path):  # another deleted it, or is inside
            if path.stat().st_mtime < before:
                handle = os.open(path, os.O_RDWR)
                with _locked(handle, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    if os.fstat(handle).st_mtime < before and _is_at(path, handle):
                        path.unlink()
                        return True
        return False

    def read(self) -> tuple[float, ...]:
        """As last written; empty when nobody did."""
        if self._path is None:
            return self._own
        try:
            text = self._path.read_bytes() if self._handle is None else os.pread(self._handle, _LENGTH_BYTES, 0)
            return tuple(float(word) for word in text.split())
        except (FileNotFoundError, ValueError):  # torn by a power cut: as if never written
            return ()

    def write(self, *moments: float) -> None:
        """Only while `locked`."""
        self._own = moments
        if self._path is not None and self._handle is not None:
            text = _FORM.format(" ".join(f"{moment:.6f}" for moment in moments))
            with storage_errors(self._path):
                os.pwrite(self._handle, text.encode(), 0)


@contextmanager
def _held(path: Path) -> Iterator[int]:
    """The file, opened and locked. One that was deleted while we waited for it keeps nobody out: then the next one."""
    while True:
        with storage_errors(path):
            handle = _opened(path)
        with _locked(handle, fcntl.LOCK_EX):
            if _is_at(path, handle):
                yield handle
                return


def _opened(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT
    try:
        return os.open(path, flags, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o644)


@contextmanager
def _locked(handle: int, how: int) -> Iterator[None]:
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
