"""One HTTP POST of JSON, for Slack and webhooks: patient with servers that are busy, and silent about secrets.

The address is the operator's own, so it may be private; but nobody is sent elsewhere: a redirect is a failure.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from newshouse.alerts.inert import inert
from newshouse.errors import PermanentError, RefusedError, TransientError

TIMEOUTS_SECONDS = (5.0, 10.0)  # to connect, and between two bytes
ANSWER_SECONDS = 5.0  # for the body of the answer
_MOST_ANSWER = 2000  # bytes of the answer that are read
_SHOWN = 80  # characters of it that are told
_BUSY = {408, 425, 429}
_CLOSED = {401, 403, 404, 405, 407, 410}  # the address or its key is wrong: no message will be taken


def post(url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> str:
    """Send; gives what the server said, in short.

    Args:
        url: may be a secret, and is never part of a message; its host is.

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
            said = _said(response)
    # `from None`: what these errors say, and what they were raised from, names the whole address.
    except requests.Timeout:
        raise TransientError("timeout", f"{host} did not answer in time") from None
    except requests.ConnectionError:
        raise TransientError("connection", f"{host} cannot be reached") from None
    except (requests.RequestException, ValueError, OSError) as error:
        raise PermanentError("request", f"{host} cannot be asked ({type(error).__name__})") from None
    _judge(response, host, said, now)
    return f"{response.status_code} {said}".strip()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _said(response: requests.Response) -> str:
    """The beginning of the body. The status has decided already, so a body that drips or breaks off is no failure."""
    start, until = bytearray(), time.monotonic() + ANSWER_SECONDS
    with suppress(requests.RequestException, OSError):
        for byte in response.iter_content(1):
            start += byte
            if len(start) >= _MOST_ANSWER or time.monotonic() > until:
                break
    return inert(start.decode("utf-8", "replace"), _SHOWN)


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
    try:
        return max((parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
