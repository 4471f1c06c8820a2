"""Overwrite archive records in place: each by one of the same length that says nothing.

So every other record of the file stays where the tables, the index and revisits say it is, and every reader of WARC
goes on reading the file. A record that takes no room of its own would not do: it is the length that pointers rely on.
"""

from __future__ import annotations

import os
import uuid
import zlib
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from newshouse.archive.members import warc_date
from newshouse.archive.raw import FORGOTTEN
from newshouse.archive.walk import Damage, walk
from newshouse.errors import StorageError
from newshouse.storage.files import storage_errors

_COMMENT = 0x10  # the flag of a gzip header that has one
_UNKNOWN_SYSTEM = 255


def blank(path: Path, places: Collection[tuple[int, int]], owns_url: Callable[[str], bool], *, at: datetime) -> int:
    """Overwrite the records at these places and all others of the same URLs: requests, revisits, metadata.

    Doing it again finds nothing more to do. Killed half-way through a record, it is finished by doing it again.

    The index of the day still names the URLs: write it anew.

    Args:
        places: (offset, length), bytes.
        owns_url: whether a WARC-Target-URI is one that is to be forgotten.
        at: UTC, written into the new records.

    Returns:
        How many records were overwritten.

    Raises:
        StorageError: the file is missing or cannot be written, it ends before one of the places does, or a record is
            too short to be overwritten.
    """
    # What lies at a known place goes first and unread: a kill may have left it torn.
    wanted = {offset: length for offset, length in places if length}
    end = max((offset + length for offset, length in wanted.items()), default=0)
    if path.is_file() and (size := path.stat().st_size) < end:
        raise StorageError(
            f"{path}: {size} bytes, but what is to be overwritten ends at byte {end}. Put it back whole."
        )
    ids: set[str] = set()
    for found in walk(path):
        if isinstance(found, Damage):
            continue
        record, field = found.record, found.record.headers.get
        if record.is_forgotten:
            wanted.pop(found.offset, None)
        elif found.offset in wanted or owns_url(record.url) or field("warc-concurrent-to") in ids:
            wanted[found.offset] = found.length
            ids.add(field("warc-record-id", ""))
    with storage_errors(path), path.open("r+b") as file:
        for offset, length in sorted(wanted.items()):
            file.seek(offset)
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(offset)
            file.write(_member(length, at) if packed else _plain(length, at))
        file.flush()
        os.fsync(file.fileno())
    return len(wanted)


def _member(length: int, at: datetime) -> bytes:
    """A gzip member of exactly this length. The comment of its header takes up the room."""
    content = _record(b"", at)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    head = bytes([0x1F, 0x8B, 8, _COMMENT, 0, 0, 0, 0, 2, _UNKNOWN_SYSTEM])
    tail = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    room = length - len(head) - 1 - len(packed) - len(tail)
    if room < 0:
        raise _too_short(length)
    return head + b" " * room + b"\0" + packed + tail


def _plain(length: int, at: datetime) -> bytes:
    room = length - len(_record(b"", at))
    # The length of the block stands in the header and takes room itself: one digit more may be one byte too many.
    for spare in ("", " "):
        for size in range(room, max(room - 12, -1), -1):
            record = _record(b" " * size, at, spare)
            if len(record) == length:
                return record
    raise _too_short(length)


def _record(block: bytes, at: datetime, spare: str = "") -> bytes:
    lines = (
        "WARC/1.1",
        "WARC-Type: metadata",
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>",
        f"WARC-Date: {warc_date(at)}",
        f"{FORGOTTEN}: yes{spare}",
        f"Content-Length: {len(block)}",
    )
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def _too_short(length: int) -> StorageError:
    return StorageError(f"a record of {length} bytes is too short to be overwritten. Nothing of it was changed.")
