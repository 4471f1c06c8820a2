"""One request and its answer: send it, read it within limits, and say how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from newshouse.archive.content_encoding import ACCEPTED, UnknownEncodingError, decode
from newshouse.archive.exchange import Exchange, Truncation
from newshouse.errors import PermanentError
from newshouse.fetch import outcomes
from newshouse.fetch.failures import classify, classify_body
from newshouse.fetch.outcomes import End
from newshouse.fetch.wire import Wire
from newshouse.records import Purpose
from newshouse.settings import Settings

_CHUNK_BYTES = 64 * 1024
_ANSWERS = (200, 203)
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_ACCEPT: Mapping[Purpose, str] = {
    "article": "text/html,application/xhtml+xml,text/plain;q=0.8",
    "feed": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
}
_BINARY_STARTS = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask for."""

    url: str
    purpose: Purpose
    validators: Mapping[str, str]
    cookies: RequestsCookieJar
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        exchange: for the archive; None when no response came.
        body: content encoding undone; empty when it was not read or cannot be trusted.
        failure: why this is not an answer, whatever its status; None when it is one.
        received_bytes: of the body, over the wire.
    """

    exchange: Exchange | None = None
    body: bytes = b""
    failure: End | None = None
    received_bytes: int = 0


def send(ask: Ask, wire: Wire, settings: Settings) -> Answer:
    """Send one request. Redirects are not followed. Never raises for what the network does."""
    with wire.limit(settings.exchange_timeout_seconds):
        try:
            request = _request(ask, settings)
            proxies = {"http": settings.proxy, "https": settings.proxy} if settings.proxy else {}
            limits = (settings.connect_timeout_seconds, settings.read_timeout_seconds)
            # The adapter itself: a Session would read the whole body of a redirect, however large.
            response = wire.send(request, stream=True, timeout=limits, verify=True, proxies=proxies)
        except PermanentError as error:
            return Answer(failure=End(error.reason, error.detail))
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            return Answer(failure=_too_slow(settings) if wire.expired else classify(error))
        extract_cookies_to_jar(ask.cookies, request, response.raw)  # type: ignore[no-untyped-call]
        try:
            answer = _read(_head(ask, request, response.raw, wire, settings), response.raw, ask.purpose, wire, settings)
        finally:
            response.close()
    # The body of a redirect or an error page decides nothing.
    failure = answer.failure if response.status_code in _ANSWERS else None
    return replace(answer, failure=failure, received_bytes=wire.received_bytes)


def _request(ask: Ask, settings: Settings) -> requests.PreparedRequest:
    headers = {
        "User-Agent": settings.user_agent,
        "Accept": _ACCEPT.get(ask.purpose, "*/*"),
        "Accept-Encoding": ACCEPTED,
        **ask.validators,
    }
    return requests.Request("GET", ask.url, headers=headers, cookies=ask.cookies).prepare()


def _head(ask: Ask, request: requests.PreparedRequest, raw: HTTPResponse, wire: Wire, settings: Settings) -> Exchange:
    return Exchange(
        url=ask.url,
        requested_at=ask.requested_at,
        request_target=request.path_url,
        request_headers=(("Host", urlsplit(ask.url).netloc), *request.headers.items()),
        http_version="HTTP/1.0" if raw.version == 10 else "HTTP/1.1",
        status=raw.status,
        reason=raw.reason or "",
        headers=tuple(raw.headers.items()),
        body=b"",
        ip_address=None if settings.proxy else wire.address,
    )


def _read(head: Exchange, raw: HTTPResponse, purpose: Purpose, wire: Wire, settings: Settings) -> Answer:
    limit_bytes = settings.max_body_bytes
    if _announced_bytes(head) > limit_bytes:
        return _without_body(head, _too_large(limit_bytes))
    media_type = (head.header("Content-Type") or "").partition(";")[0].strip().lower()
    if purpose == "article" and media_type and media_type not in _PAGE_TYPES and head.status in _ANSWERS:
        return _without_body(head, End(outcomes.UNSUPPORTED_TYPE, f"Content-Type {media_type}"))
    body, failure = _drain(raw, wire, settings)
    if failure and failure.outcome == outcomes.TOO_LARGE:
        return _without_body(head, failure)
    if failure:
        why: Truncation = "time" if failure.outcome == outcomes.TIMEOUT else "disconnect"
        return Answer(replace(head, body=body, truncated=why), failure=failure)
    return _decode(replace(head, body=body), sniff=purpose == "article" and not media_type, limit_bytes=limit_bytes)


def _announced_bytes(head: Exchange) -> int:
    """What Content-Length says; 0 where it is no number. Of one longer than any body the start is large enough."""
    digits = (head.header("Content-Length") or "").lstrip("0")[:18]
    return int(digits) if digits.isascii() and digits.isdecimal() else 0


def _drain(raw: HTTPResponse, wire: Wire, settings: Settings) -> tuple[bytes, End | None]:
    """What arrives of the body, still content-encoded, and why it is not all."""
    body = bytearray()
    failure = None
    try:
        for chunk in raw.stream(_CHUNK_BYTES, decode_content=False):
            body += chunk
            wire.received_bytes += len(chunk)
            if len(body) > settings.max_body_bytes:
                return b"", _too_large(settings.max_body_bytes)
    except (HTTPError, OSError, ValueError) as error:
        failure = classify_body(error)
    # A connection that we cut looks like one that ended well when no length was announced.
    return bytes(body), _too_slow(settings) if wire.expired else failure


def _decode(exchange: Exchange, *, sniff: bool, limit_bytes: int) -> Answer:
    encoding = ", ".join(value for name, value in exchange.headers if name.lower() == "content-encoding")
    try:
        decoded = decode(exchange.body, encoding, limit_bytes)
    except UnknownEncodingError as error:
        return Answer(exchange, failure=End(outcomes.UNSUPPORTED_TYPE, str(error)))
    if decoded.too_large:
        return _without_body(exchange, _too_large(limit_bytes))
    if not decoded.complete:
        damaged = End(outcomes.TRUNCATED, f"the {encoding} stream is damaged or ends early")
        return Answer(replace(exchange, truncated="disconnect"), failure=damaged)
    if sniff and decoded.body.startswith(_BINARY_STARTS):
        return Answer(exchange, failure=End(outcomes.UNSUPPORTED_TYPE, "no Content-Type, and the body is not text"))
    return Answer(exchange, decoded.body)


def _without_body(head: Exchange, failure: End) -> Answer:
    """Keep the headers as evidence, not the bytes that nobody wants."""
    why: Truncation = "length" if failure.outcome == outcomes.TOO_LARGE else "unspecified"
    return Answer(replace(head, body=b"", truncated=why), failure=failure)


def _too_large(limit_bytes: int) -> End:
    return End(outcomes.TOO_LARGE, f"more than {limit_bytes} bytes")


def _too_slow(settings: Settings) -> End:
    return End(outcomes.TIMEOUT, f"not finished after {settings.exchange_timeout_seconds:g} s")
