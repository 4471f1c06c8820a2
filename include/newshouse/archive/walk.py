"""Walk through an archive file record by record, past whatever is damaged."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newshouse.archive import raw
from newshouse.archive.raw import RawRecord
from newshouse.errors import StorageError
from newshouse.storage.files import storage_errors

_CHUNK_BYTES = 64 * 1024
_MAX_RECORD_BYTES = 1024**3  # a larger gzip member is a bomb, not news
_GZIP = b"\x1f\x8b\x08"
_LZ4 = b"\x04\x22\x4d\x18"
_ARC = b"filedesc://"
_RECORD = b"\r\n\r\nWARC/"


@dataclass(frozen=True, slots=True)
class Found:
    """A whole record and where it lies, bytes."""

    offset: int
    length: int
    record: RawRecord


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where no whole record lies, and why not."""

    offset: int
    why: str


def walk(path: Path, start: int = 0) -> Iterator[Found | Damage]:
    """All records of a WARC file, gzipped record by record or not at all. An empty file has none.

    After damage it goes on where the next record seems to begin.

    Raises:
        StorageError: the file is missing, or in a format that we do not read; the message says what to do.
    """
    if not path.is_file():
        raise StorageError(f"{path}: no such archive file. Restore it from a backup.")
    if path.stat().st_size == 0:
        return
    with (
        storage_errors(path),
        path.open("rb") as handle,
        mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        _refuse_foreign(path, data[:_CHUNK_BYTES])
        yield from _members(data, start) if data[:2] == _GZIP[:2] else _plain(data, start)


def _refuse_foreign(path: Path, beginning: bytes) -> None:
    if beginning.startswith(_LZ4):
        raise StorageError(f"{path}: WARC in LZ4. Turn it into gzip first: fastwarc recompress {path.name} NEW.warc.gz")
    if beginning.startswith(_GZIP):
        try:
            beginning = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(beginning, len(_ARC))
        except zlib.error:
            return
    if beginning.startswith(_ARC):
        raise StorageError(
            f"{path}: ARC, the format before WARC. Convert it: warcio recompress {path.name} NEW.warc.gz"
        )


def _members(data: mmap.mmap, position: int) -> Iterator[Found | Damage]:
    """One gzip member after the other."""
    while position < len(data):
        try:
            content, end = _member(data, position)
            record = raw.read(content)
            if record.end < len(content):
                raise ValueError("more than one record in a gzip member: none can be read on its own")
            yield Found(position, end - position, record)
            position = end
        except (ValueError, zlib.error) as error:
            yield Damage(position, str(error))
            position = _next_member(data, position + 1)


def _member(data: mmap.mmap, start: int) -> tuple[bytes, int]:
    """The content of the gzip member at `start`, and where it ends."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content = bytearray()
    position = start
    while not stream.eof:
        chunk = data[position : position + _CHUNK_BYTES]
        if not chunk:
            raise ValueError("the file ends in the middle of a record")
        content += stream.decompress(chunk, _MAX_RECORD_BYTES - len(content) + 1)
        if len(content) > _MAX_RECORD_BYTES:
            raise ValueError("more than 1 GiB in one record")
        position += len(chunk)
    return bytes(content), position - len(stream.unused_data)


def _next_member(data: mmap.mmap, position: int) -> int:
    """Where a gzip member begins that holds a WARC record; else the end of the file."""
    while (position := data.find(_GZIP, position)) >= 0:
        try:
            peek = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data[position : position + _CHUNK_BYTES], 5)
        except zlib.error:
            peek = b""
        if peek == b"WARC/":
            return position
        position += 1
    return len(data)


def _plain(data: mmap.mmap, position: int) -> Iterator[Found | Damage]:
    while position < len(data):
        try:
            record = raw.read(data, position)
            yield Found(position, record.end - position, record)
            position = record.end
        except ValueError as error:
            yield Damage(position, str(error))
            following = data.find(_RECORD, position + 1)
            position = following + 4 if following >= 0 else len(data)
