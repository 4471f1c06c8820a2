"""One try of one URL: hop by hop to where its redirects end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from newshouse.archive.exchange import Exchange
from newshouse.archive.http import http_date
from newshouse.fetch import outcomes
from newshouse.fetch.hop import Answer
from newshouse.fetch.outcomes import End
from newshouse.records import Redirect
from newshouse.urls import absolute

MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOTHING_CAME = End(outcomes.CONNECTION_ERROR, "nothing came back")
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class Journey:
    """What happened on the way.

    Attributes:
        url: where it stands now; at the end the final URL.
        requested_at: UTC, of the first hop.
        seconds: spent on requests, pauses between them left out.
        end: how it ended.
        body: of the last answer, decoded.
    """

    url: str
    requested_at: datetime
    seconds: float = 0.0
    end: End = _NOTHING_CAME
    body: bytes = b""
    exchanges: list[Exchange] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)

    @property
    def last(self) -> Exchange | None:
        """The last response; None when the last hop got none."""
        return self.exchanges[-1] if self.exchanges and self.exchanges[-1].url == self.url else None


def travel(journey: Journey, ask: Callable[[str], Answer], refuse: Callable[[str], End | None]) -> None:
    """Follow the redirects from `journey.url` and fill in what happened.

    Args:
        journey: where to begin.
        ask: sends one request.
        refuse: why a URL must not be asked for, if so.
    """
    seen = set()
    for _ in range(MAX_REDIRECTS + 1):
        if end := refuse(journey.url):
            journey.end = end
            return
        answer = ask(journey.url)
        if answer.exchange:
            journey.exchanges.append(answer.exchange)
        location = _location(answer.exchange)
        if answer.failure or answer.exchange is None or location is None:
            journey.body = answer.body
            journey.end = answer.failure or _end(answer.exchange)
            return
        journey.redirects.append(Redirect(journey.url, answer.exchange.status, location))
        # A site may set a cookie and send the reader to where he was: that is a new step, not yet a loop.
        cookie = next((value for name, value in answer.exchange.request_headers if name == "Cookie"), "")
        if (journey.url, cookie) in seen:
            break
        seen.add((journey.url, cookie))
        try:
            journey.url = absolute(location, journey.url)
        except ValueError as error:
            journey.end = End(outcomes.BAD_URL, f"redirect to {error}")
            return
    journey.end = End(outcomes.REDIRECT_LOOP, f"{len(journey.redirects)} redirects, the last to {journey.url}")


def _end(exchange: Exchange | None) -> End:
    if exchange is None:
        return _NOTHING_CAME
    outcome = outcomes.of_status(exchange.status)
    return End(outcome, None if outcome == outcomes.FETCHED else f"{exchange.status} {exchange.reason}".strip())


def _location(exchange: Exchange | None) -> str | None:
    if exchange is None or exchange.status not in _REDIRECTS:
        return None
    location = exchange.header("Location")
    if not location:
        return None
    try:  # headers are read as Latin-1, and what servers put there is UTF-8
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def retry_after_seconds(exchange: Exchange) -> float | None:
    """Retry-After in seconds from the request, whether it was sent as seconds or as a date (RFC 9110, 10.2.3).

    A date is counted from the server's own clock where it shows one.
    """
    value = (exchange.header("Retry-After") or "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until = http_date(value)
    if until is None:
        return None
    since = http_date(exchange.header("Date")) or exchange.requested_at
    return max(0.0, (until - since).total_seconds())
