"""HTTP responses as archives hold them: a header, and a body that may still be in chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\n]*\n")


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response taken apart.

    Attributes:
        headers: in the order sent, as Latin-1.
        body: without chunks, still content-encoded.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case; None when absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def parse_response(block: bytes) -> HttpResponse:
    """Take a response apart. Some writers end lines with a mere line feed, and some leave the header's end out.

    Raises:
        ValueError: it does not begin like an HTTP response.
    """
    start = _STATUS.match(block)
    if start is None:
        raise ValueError("no HTTP status line")
    end = _HEAD_END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    lines = re.sub(rb"\r?\n[ \t]+", b" ", head).split(b"\n")[1:]
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    headers = [(name.strip(), value.strip()) for name, colon, value in pairs if colon]
    parsed = HttpResponse(int(start[1]), headers, body)
    if "chunked" in (parsed.header("Transfer-Encoding") or "").lower():
        return HttpResponse(parsed.status, headers, _joined(body))
    return parsed


def _joined(body: bytes) -> bytes:
    """The chunks put together; a body that is not in chunks, whatever its header says, stays as it is."""
    pieces: list[bytes] = []
    position = 0
    while match := _CHUNK.match(body, position):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[match.end() : match.end() + size])
        position = match.end() + size
        position += 2 if body[position : position + 2] == b"\r\n" else body[position : position + 1] == b"\n"
    return b"".join(pieces) if pieces and position >= len(body) else body
