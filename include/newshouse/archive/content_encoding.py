"""Undo Content-Encoding with a limit, so that neither a gzip bomb nor a broken stream gets further than here."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

ACCEPTED = "gzip, deflate"
_CHUNK_BYTES = 4096  # zlib copies what follows a gzip member: whole bodies of tiny members would take hours
_PIECE_BYTES = 64 * 1024
_AT_ONCE_BYTES = 1024 * 1024  # nearly all pages are smaller; a larger body is unpacked three times
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity", "none", "utf-8"})  # the last two are what confused servers send


class UnknownEncodingError(ValueError):
    """A Content-Encoding that was neither asked for nor can be undone."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body after decoding.

    Attributes:
        body: empty when there is more of it than the limit: nobody wants half a bomb in memory.
        complete: False when the encoded stream is damaged or ends early.
        too_large: there was more than the limit.
    """

    body: bytes
    complete: bool = True
    too_large: bool = False


def decode(data: bytes, content_encoding: str | None, limit_bytes: int) -> Decoded:
    """Undo all encodings, the last applied first (RFC 9110, 8.4).

    Raises:
        UnknownEncodingError: neither gzip nor deflate.
    """
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    decoded = Decoded(data)
    for name in reversed(names):
        if name in _PLAIN or decoded.too_large or not decoded.body:
            continue
        if name in _GZIP:
            inner = _inflate(decoded.body, zlib.MAX_WBITS | 16, limit_bytes)
        elif name == "deflate":
            # "deflate" means zlib, but some servers send the bare stream (RFC 9110, 8.4.1.2).
            is_zlib = len(decoded.body) > 1 and decoded.body[0] & 15 == 8 and int.from_bytes(decoded.body[:2]) % 31 == 0
            inner = _inflate(decoded.body, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS, limit_bytes)
        else:
            raise UnknownEncodingError(f"Content-Encoding {name!r} is not one of: {ACCEPTED}")
        decoded = Decoded(inner.body, inner.complete and decoded.complete, inner.too_large)
    if len(decoded.body) > limit_bytes:
        return Decoded(b"", too_large=True)
    return decoded


def _inflate(data: bytes, window_bits: int, limit_bytes: int) -> Decoded:
    """A large body is held only once it is known to stay within the limit: many bombs at once must not fill memory."""
    small = _unpack(data, window_bits, min(limit_bytes, _AT_ONCE_BYTES))
    if not small.too_large or limit_bytes <= _AT_ONCE_BYTES:
        return small
    measured = _unpack(data, window_bits, limit_bytes, keep=False)
    return measured if measured.too_large else _unpack(data, window_bits, limit_bytes)


def _unpack(data: bytes, window_bits: int, limit_bytes: int, *, keep: bool = True) -> Decoded:
    """All members of a stream. What follows the last whole member and is not another one is padding, dropped."""
    body, size, piece = bytearray(), 0, b""
    stream = zlib.decompressobj(window_bits)
    members = position = last_end = 0
    while position < len(data) or len(piece) == _PIECE_BYTES:
        chunk = data[position : position + _CHUNK_BYTES]
        try:
            piece = stream.decompress(chunk, _PIECE_BYTES)
        except zlib.error:
            return Decoded(bytes(body), complete=members > 0 and data[last_end : last_end + 2] != _GZIP_MAGIC)
        size += len(piece)
        if size > limit_bytes:
            return Decoded(b"", too_large=True)
        if keep:
            body += piece
        position += len(chunk) - len(stream.unused_data) - len(stream.unconsumed_tail)
        if stream.eof:
            members += 1
            stream = zlib.decompressobj(window_bits)
            last_end = position
    return Decoded(bytes(body), complete=members > 0 and last_end == position)
