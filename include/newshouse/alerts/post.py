"""One HTTP POST of JSON, for Slack and webhooks: patient with servers that are busy, and silent about secrets.

The address is the operator's own, so it may be private; but nobody is sent elsewhere: a redirect is a failure.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import requests

from newshouse.alerts.inert import inert
from newshouse.archive.http import http_date
from newshouse.errors import PermanentError, RefusedError, TransientError

TIMEOUTS_SECONDS = (5.0, 10.0)  # to connect, and between two bytes
ANSWER_SECONDS = 5.0  # for the body of the answer
_MOST_ANSWER = 2000  # bytes of the answer that are read
_SHOWN = 80  # characters of it that are told
_LEAST_SECRET = 4  # characters; shorter parts of an address are in many words
_BUSY = {408, 425, 429}
_CLOSED = {401, 403, 404, 405, 407, 410}  # the address or its key is wrong: no message will be taken


def post(url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> str:
    """Send; gives what the server said, in short.

    Args:
        url: may be a secret, and is never part of a message, not even where the answer repeats it; its host is.

    Raises:
        TransientError: no answer, or one that says to try later.
        PermanentError: an answer that will be the same next time.
        RefusedError: it does not take this message.
    """
    host = _host(url)
    try:
        with requests.post(
            url, data=body, headers=dict(headers), timeout=TIMEOUTS_SECONDS, allow_redirects=False, stream=True
        ) as response:
            said = _said(response, url)
    # `from None`: what these errors say, and what they were raised from, names the whole address.
    except requests.Timeout:
        raise TransientError("timeout", f"{host} did not answer in time") from None
    except requests.exceptions.SSLError as error:  # a certificate is not mended by asking again
        raise PermanentError("encryption", f"{host}: {_certificate(error)}") from None
    except requests.ConnectionError:
        raise TransientError("connection", f"{host} cannot be reached") from None
    except (requests.RequestException, ValueError, OSError) as error:
        raise PermanentError("request", f"{host} cannot be asked ({type(error).__name__})") from None
    _judge(response, host, said, now)
    return f"{response.status_code} {said}".strip()


def _certificate(error: BaseException) -> str:
    """What OpenSSL says: the innermost error; those around it name the address."""
    reason: object = error
    while isinstance(reason, BaseException):
        if isinstance(reason, ssl.SSLError):
            said = getattr(reason, "verify_message", None) or reason.reason or type(reason).__name__
            return inert(str(said), _SHOWN)
        reason = getattr(reason, "reason", None) or next(iter(reason.args), None)
    return "no encrypted connection"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _said(response: requests.Response, url: str) -> str:
    """The beginning of the body. The status has decided already, so a body that drips or breaks off is no failure."""
    start, until = bytearray(), time.monotonic() + ANSWER_SECONDS
    with suppress(requests.RequestException, OSError):
        for byte in response.iter_content(1):
            start += byte
            if len(start) >= _MOST_ANSWER or time.monotonic() > until:
                break
    return inert(_without(url, start.decode("utf-8", "replace")), _SHOWN)


def _without(url: str, said: str) -> str:
    """What the server said, without the address: servers like to repeat what they did not find."""
    address = urlsplit(url)
    values = [value for pair in parse_qsl(address.query) for value in pair]
    parts = [address.path, address.query, address.username, address.password, *address.path.split("/"), *values]
    known = {form for part in parts if part for form in (part, unquote(part)) if len(form) >= _LEAST_SECRET}
    if not known:
        return said
    return re.sub("|".join(map(re.escape, sorted(known, key=len, reverse=True))), "***", said, flags=re.IGNORECASE)


def _judge(response: requests.Response, host: str, said: str, now: datetime) -> None:
    status = response.status_code
    if status in _BUSY or status >= 500:
        wait = _retry_after(response.headers.get("Retry-After"), now)
        raise TransientError(f"http_{status}", f"{host} said {status} {said}".strip(), wait)
    if 300 <= status < 400:
        raise PermanentError("redirect", f"{host} said {status}: give the address that it leads to")
    if status >= 400 or status < 200:
        kind = RefusedError if status >= 400 and status not in _CLOSED else PermanentError
        raise kind(f"http_{status}", f"{host} said {status} {said}".strip())


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds; the header holds a number of them or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdecimal():
        return float(value)
    until = http_date(value)
    return None if until is None else max((until - now).total_seconds(), 0.0)
