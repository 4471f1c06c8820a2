"""HTTP responses as archives hold them: a header, a body that may still be in chunks, and how dates are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

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


def http_date(text: str | None) -> datetime | None:
    """The moment (UTC) in a header such as Date, in any form that mail knows (RFC 9110, 5.6.7); None without one."""
    try:
        moment = parsedate_to_datetime(text or "")
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the end of the year 9999 in a western zone is no year of ours
        return None


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
