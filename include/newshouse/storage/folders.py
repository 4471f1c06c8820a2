"""A folder of data files, on this disk or in a bucket: one way to write, read, list and delete them.

Names are relative to the folder, with slashes. Data files are never changed: each has a name of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import pyarrow as pa
import pyarrow.fs as pa_fs

from newshouse.errors import ConfigError, StorageError
from newshouse.storage.bucket import Bucket, opened, refusals
from newshouse.storage.files import replacing, size_of, storage_errors, sync

SIDE_BY_SIDE = 8  # requests: the store answers each slowly and all of them at once
_PIECE_BYTES = 8 * 1024 * 1024
_LOOKS_SECONDS = 0.01
_STALE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class DiskFolder:
    """A folder on this disk.

    Attributes:
        here: its path; a bucket's folder has a mirror there.
        keys: a folder on this disk, for notes of what lies in its files.
    """

    here: Path
    keys: Path

    @property
    def address(self) -> str:
        """Its path."""
        return str(self.here)

    @property
    def options(self) -> None:
        """Nothing."""
        return

    @property
    def files(self) -> pa_fs.FileSystem:
        """Arrow's view of it."""
        return pa_fs.SubTreeFileSystem(str(self.here.absolute()), pa_fs.LocalFileSystem())

    def make(self) -> None:
        """Make it."""
        self.here.mkdir(parents=True, exist_ok=True)

    def opened(self, name: str) -> pa.NativeFile:
        """A file."""
        return self.files.open_input_file(name)

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Give the path; the file is synced, or goes.

        Raises:
            StorageError: the disk is full or read-only; nothing is left behind.
        """
        path = self.here / name
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with _synced(path):
                    yield path
            except BaseException:
                path.unlink(missing_ok=True)
                raise

    def size(self, name: str) -> int | None:
        """Bytes of a file; None where there is none."""
        return size_of(self.here / name)

    def delete(self, name: str) -> None:
        """Delete a file, which may be gone already."""
        (self.here / name).unlink(missing_ok=True)

    def take_back(self, name: str) -> None:
        """Delete a file that was to be committed and for certain was not."""
        self.delete(name)

    def listing(self, below: str = "") -> dict[str, pa_fs.FileInfo]:
        """All files, also those below."""
        return _listing(self.files, below)

    def sweep(self) -> None:
        """There is nothing else here."""

    @contextmanager
    def telling(self, what: str = "") -> Iterator[None]:
        """They pass unchanged."""
        yield


@dataclass(frozen=True, slots=True)
class BucketFolder:
    """A folder in a bucket, and its mirror on this disk: copies of the files that were asked for.

    Attributes:
        name: below the prefix of the bucket.
        here: the path of the mirror.
        keys: as of a `DiskFolder`.
    """

    bucket: Bucket
    name: str
    here: Path
    keys: Path

    @property
    def address(self) -> str:
        """Its URL."""
        return f"{self.bucket.url}/{self.name}"

    @property
    def options(self) -> dict[str, str]:
        """Endpoint and region."""
        return self.bucket.options()

    @property
    def files(self) -> pa_fs.FileSystem:
        """Arrow's view of it.

        Raises:
            ConfigError, StorageError: as `bucket.opened`.
        """
        return pa_fs.SubTreeFileSystem(self.bucket.path(self.name), opened(self.bucket))

    def make(self) -> None:
        """Buckets have no folders."""

    def opened(self, name: str) -> pa.BufferReader:
        """An object, in memory: one request for it all instead of many for its parts."""
        with self.telling(name), self.reading(name) as stream:
            return pa.BufferReader(stream.readall())

    @contextmanager
    def writing(self, name: str) -> Iterator[pa.BufferOutputStream]:
        """Give a buffer in memory: what breaks off half-way then leaves no half an object."""
        buffer = pa.BufferOutputStream()
        yield buffer
        with self.telling(name), self.putting(name) as stream:
            stream.write(buffer.getvalue())

    def putting(self, name: str) -> pa.NativeFile:
        """An object to be written; it is there when this is closed."""
        return self.files.open_output_stream(name, compression=None)  # else it would pack again what is called .gz

    @contextmanager
    def drafting(self, name: str) -> Iterator[tuple[BucketFolder, str]]:
        """Give a folder and a name in it: what is there at the end takes the place of the object, whole or not at all.

        A draft that a kill left is overwritten by the next one.

        Raises:
            ConfigError, StorageError: the bucket refuses; the object is as it was.
        """
        drafts, draft = replace(self, name="drafts"), f"{self.name}/{name}".replace("/", "--")
        try:
            yield drafts, draft
            with self.telling(name):
                there, place = (self.bucket.path(key) for key in (f"drafts/{draft}", f"{self.name}/{name}"))
                opened(self.bucket).copy_file(there, place)
        finally:
            with suppress(ConfigError, StorageError):
                drafts.delete(draft)

    def reading(self, name: str) -> pa.NativeFile:
        """An object to be read piece by piece, as it is."""
        return self.files.open_input_stream(name, compression=None)

    def size(self, name: str) -> int | None:
        """Bytes of an object; None where there is none."""
        with self.telling(name):
            found = self.files.get_file_info(name)
        return int(found.size) if found.type == pa_fs.FileType.File else None

    def delete(self, name: str) -> None:
        """Delete an object, which may be gone already."""
        with self.telling(name), suppress(FileNotFoundError):
            self.files.delete_file(name)

    def take_back(self, name: str) -> None:
        """Leave it to vacuum: a commit whose answer was lost is sent again, and then refused although it is there."""

    def listing(self, below: str = "") -> dict[str, pa_fs.FileInfo]:
        """All objects."""
        with self.telling(below):
            return _listing(self.files, below)

    def bring(self, sizes: Mapping[str, int]) -> None:
        """Fetch those that are not here, or not whole; several at a time.

        Args:
            sizes: name -> bytes.

        Raises:
            StorageError: one is missing in the bucket, or the disk is full.
        """
        lacking = [name for name, size in sizes.items() if size_of(self.here / name) != size]
        with ThreadPoolExecutor(SIDE_BY_SIDE, "mirror") as pool:
            for _ in pool.map(self.fetch, lacking):
                pass

    def fetch(self, name: str) -> None:
        """Fetch one object, also if it is here already.

        Raises:
            StorageError: it is missing in the bucket, or the disk is full.
        """
        with replacing(self.here / name) as draft, draft.open("wb") as file, self.telling(name):
            try:
                with self.reading(name) as stream:
                    while piece := stream.read(_PIECE_BYTES):
                        file.write(piece)
            except FileNotFoundError as error:
                raise StorageError(f"{self.address}/{name}: missing. `newshouse verify` says what else is.") from error

    def sweep(self) -> None:
        """Delete what the bucket does not have any more, and what a killed download left."""
        if not self.here.exists():
            return
        # First what is here: what a publish brings while the bucket is asked is not looked at.
        here = list(self.here.rglob("*"))
        kept, now = self.listing(), time.time()  # wall time, like the times of the files
        with storage_errors(self.here):
            for path in here:
                with suppress(FileNotFoundError):  # a draft that took its place, or another's sweep
                    under_way = path.name.startswith(".") and now - path.stat().st_mtime < _STALE_SECONDS
                    gone = path.relative_to(self.here).as_posix() not in kept
                    if gone and not under_way and path.is_file():
                        path.unlink()

    def telling(self, what: str = "") -> AbstractContextManager[None]:
        """What the bucket refuses."""
        return refusals(f"{self.address}/{what}".rstrip("/"))


Folder = DiskFolder | BucketFolder


def written_bytes(place: Path | pa.BufferOutputStream) -> int:
    """The size of what was put into a place of `writing`."""
    return place.stat().st_size if isinstance(place, Path) else int(place.tell())


@contextmanager
def _synced(path: Path) -> Iterator[None]:
    """The disk takes what is written while more is being written, so that nobody waits for it to take a whole file."""
    written = Event()

    def follow() -> None:
        there = 0
        while not written.wait(_LOOKS_SECONDS):
            if (size := size_of(path) or 0) >= there + _PIECE_BYTES:
                sync(path)
                there = size

    with ThreadPoolExecutor(1, "disk") as pool:
        following = pool.submit(follow)
        try:
            yield
        finally:
            written.set()
        following.result()  # the system tells of an error of the disk once
    sync(path)


def _listing(files: pa_fs.FileSystem, below: str) -> dict[str, pa_fs.FileInfo]:
    found = files.get_file_info(pa_fs.FileSelector(below, recursive=True, allow_not_found=True))
    return {info.path: info for info in found if info.type == pa_fs.FileType.File}
