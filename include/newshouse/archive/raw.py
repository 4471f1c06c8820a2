"""One WARC record taken apart byte by byte, stricter than a reader that wants to get along with everything."""

from __future__ import annotations

import base64
import hashlib
import mmap
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from newshouse.archive.http import HttpResponse, parse_response

_HEAD_END = b"\r\n\r\n"
_MAX_HEAD_BYTES = 1024 * 1024
_VERSION = re.compile(rb"WARC/\d\.\d{1,2}\r\n")
FORGOTTEN = "Newshouse-Forgotten"  # our own header field: see `blank.py`
_ALGORITHMS = {"sha1", "sha256", "sha512", "md5"}


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as it lies in a file.

    Attributes:
        headers: WARC header fields, names in lower case; the first of each name.
        block: all after the header, without the closing line breaks.
        end: where it ends in the data it was taken from.
    """

    headers: dict[str, str]
    block: bytes
    end: int

    @property
    def kind(self) -> str:
        """``response``, ``revisit``, ``request``, …"""
        return self.headers.get("warc-type", "")

    @property
    def url(self) -> str:
        """WARC-Target-URI without the angle brackets that some writers put around it."""
        return self.headers.get("warc-target-uri", "").strip("<>")

    @property
    def captured_at(self) -> datetime:
        """WARC-Date, in UTC; so is one that states no zone.

        Raises:
            ValueError: it is no date.
        """
        text = self.headers.get("warc-date", "")
        try:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"WARC-Date {text!r} is not a date") from error

    @property
    def is_forgotten(self) -> bool:
        """Whether it was overwritten on purpose."""
        return FORGOTTEN.lower() in self.headers

    def http(self) -> HttpResponse | None:
        """The HTTP response of a response or revisit; None for anything else, or when it is none."""
        if self.kind not in ("response", "revisit"):
            return None
        try:
            return parse_response(self.block)
        except ValueError:  # FTP and DNS answers are responses too
            return None


def read(data: bytes | mmap.mmap, start: int = 0) -> RawRecord:
    """The record at `start`.

    Raises:
        ValueError: it is damaged; the text says how.
    """
    head_end = data.find(_HEAD_END, start, start + _MAX_HEAD_BYTES)
    if not _VERSION.match(data, start) or head_end < 0:
        raise ValueError("no WARC header")
    headers = _fields(data[start:head_end])
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()) or "warc-type" not in headers:
        raise ValueError("a WARC header without Content-Length or WARC-Type")
    block_start = head_end + len(_HEAD_END)
    block = data[block_start : block_start + int(length)]
    if len(block) < int(length):
        raise ValueError(f"{len(block)} bytes of the {length} that its header promises")
    end = block_start + len(block)
    if data[end : end + 4] != _HEAD_END:
        raise ValueError("longer than its header promises")
    return _checked(RawRecord(headers, block, end + 4))


def _checked(record: RawRecord) -> RawRecord:
    if not _holds(record.headers.get("warc-block-digest"), record.block):
        raise ValueError("its bytes do not have the digest in its header")
    # The block covers the payload. Only where it has no digest the payload's own is asked, and not of chunked ones:
    # writers disagree on whether that is taken before or after the chunks are put together.
    if "warc-block-digest" not in record.headers and record.kind in ("response", "resource"):
        http = record.http()
        payload = http.body if http else record.block
        certain = "warc-truncated" not in record.headers and not (http and http.header("Transfer-Encoding"))
        if certain and not _holds(record.headers.get("warc-payload-digest"), payload):
            raise ValueError("its payload does not have the digest in its header")
    return record


def _holds(labelled: str | None, data: bytes) -> bool:
    """Whether a digest field is right; one in an algorithm that nobody knows says nothing."""
    algorithm, _, given = (labelled or "").partition(":")
    if algorithm.lower() not in _ALGORITHMS:
        return True
    digest = hashlib.new(algorithm.lower(), data, usedforsecurity=False).digest()
    return given.upper().rstrip("=") in (digest.hex().upper(), base64.b32encode(digest).decode().rstrip("="))


def _fields(head: bytes) -> dict[str, str]:
    """Header lines after the first; a line that begins with white space goes on with the one before."""
    lines = re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines()[1:]
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    return fields
