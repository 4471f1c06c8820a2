"""One WARC record taken apart byte by byte, stricter than a reader that wants to get along with everything."""

from __future__ import annotations

import base64
import hashlib
import mmap
import re
from dataclasses import dataclass

_HEAD_END = b"\r\n\r\n"
_MAX_HEAD_BYTES = 1024 * 1024
_VERSION = re.compile(rb"WARC/\d\.\d{1,2}\r\n")
_ALGORITHMS = {"sha1", "sha256", "sha512", "md5"}
_HTTP_HEAD_END = re.compile(rb"\r?\n\r?\n")
_HTTP = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")


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
    def status(self) -> int | None:
        """HTTP status of a response or revisit; None for anything else."""
        match = _HTTP.match(self.block) if self.kind in ("response", "revisit") else None
        return int(match[1]) if match else None

    @property
    def payload(self) -> bytes:
        """The block without its HTTP header, if it has one."""
        return self._http()[1]

    def http_header(self, name: str) -> str | None:
        """The first HTTP header of this name; None when absent."""
        return _fields(self._http()[0]).get(name.lower())

    def _http(self) -> tuple[bytes, bytes]:
        """HTTP header and payload. Some writers end lines with a mere line feed."""
        end = _HTTP_HEAD_END.search(self.block) if self.block.startswith(b"HTTP/") else None
        return (self.block[: end.start()], self.block[end.end() :]) if end else (b"", self.block)


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
    alone = "warc-block-digest" not in record.headers and not record.http_header("Transfer-Encoding")
    whole = record.kind in ("response", "resource") and "warc-truncated" not in record.headers
    if alone and whole and not _holds(record.headers.get("warc-payload-digest"), record.payload):
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
