"""One request and its response, as they went over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Headers = tuple[tuple[str, str], ...]
Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the archive stores of one HTTP exchange; a redirect chain is several.

    Attributes:
        requested_at: UTC, when the request was sent.
        request_target: what stood in the request line, e.g. ``/news?id=1``.
        http_version: of the response: ``HTTP/1.0`` or ``HTTP/1.1``.
        body: without transfer encoding, but still content-encoded; what arrived of it.
        truncated: why the body is not whole (WARC 1.1, 5.13); None when it is.
        ip_address: that answered; None through a proxy.
    """

    url: str
    requested_at: datetime
    request_target: str
    request_headers: Headers
    http_version: str
    status: int
    reason: str
    headers: Headers
    body: bytes
    truncated: Truncation | None = None
    ip_address: str | None = None

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case; None when absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)
