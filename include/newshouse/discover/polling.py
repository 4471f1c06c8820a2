"""When a feed or sitemap is to be read again. Pure: no clock, no network, no tables.

A publisher that says how long nothing new will come is believed, up to a point. One that says nothing is read as often
as it brings something. One that is dead is read ever more rarely, but never dropped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newshouse.archive.http import http_date
from newshouse.discover.listing import Hints
from newshouse.warehouse.known import PollHistory

SHORTEST = timedelta(minutes=5)
# Below a day with room to spare: whoever runs once a day never finds a living feed "not due" by a minute.
LONGEST = timedelta(hours=12)
FIRST_SLOW_DOWN = timedelta(minutes=15)  # after two failures in a row; doubled by each further one
SLOWEST = timedelta(days=7)
LONGEST_ASKED = timedelta(days=1)  # a server that asks for more with Retry-After is not heard in full
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER_FRESH = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NextPoll:
    """From when on a listing may be read again (UTC), and why not before."""

    at: datetime
    why: str


def next_poll(history: PollHistory, hints: Hints, fresh_seconds: float, duplicate_share: float) -> NextPoll:
    """When to read a listing again.

    Args:
        history: how the last polls went.
        hints: what the last body said.
        fresh_seconds: what its headers said (`fresh_seconds`).
        duplicate_share: how much of the last polls was known before, 0 to 1.
    """
    last_at = history.last.requested_at
    asked = timedelta(seconds=min(history.last.retry_after_seconds or 0.0, LONGEST_ASKED.total_seconds()))
    if history.failures:
        wait = max(slow_down(history.failures), asked)
        return NextPoll(last_at + wait, f"{history.failures} polls in a row failed ({history.last.outcome})")
    said = min(timedelta(seconds=max(hints.rest_seconds or 0.0, fresh_seconds)), LONGEST)
    usual = adapted(duplicate_share)
    why = f"the publisher asks for {said}" if said > usual else f"{duplicate_share:.0%} of it was known"
    at = last_at + max(said, usual, asked)
    return NextPoll(_after_skips(at, hints), why)


def slow_down(failures: int) -> timedelta:
    """How long a feed rests that failed so many times in a row. Once is nothing: it may have been us."""
    if failures < 2:
        return timedelta()
    return min(FIRST_SLOW_DOWN * (1 << min(failures - 2, 16)), SLOWEST)


def adapted(duplicate_share: float) -> timedelta:
    """How long a feed rests that brought this share of known entries: from `SHORTEST` to `LONGEST`, geometrically."""
    share = min(max(duplicate_share, 0.0), 1.0)
    return SHORTEST * math.pow(LONGEST / SHORTEST, share)


def fresh_seconds(headers: Sequence[tuple[str, str]]) -> float:
    """How long a response stays fresh (RFC 9111, 4.2.1): max-age less Age, or Expires less Date. 0 when unsaid."""
    found = {name.lower(): value for name, value in reversed(headers)}
    control = found.get("cache-control", "")
    if _NEVER_FRESH.search(control):
        return 0.0
    if match := _MAX_AGE.search(control):
        age = found.get("age", "").strip()
        return max(0.0, float(match[1]) - (float(age) if age.isdecimal() and age.isascii() and len(age) < 10 else 0.0))
    expires, date = http_date(found.get("expires")), http_date(found.get("date"))
    return max(0.0, (expires - date).total_seconds()) if expires and date else 0.0


def _after_skips(at: datetime, hints: Hints) -> datetime:
    """The first moment from `at` on that no hint skips. A feed that skips the whole week is not believed."""
    moment = at
    for _ in range(7 * 24):
        if moment.hour not in hints.skip_hours and moment.weekday() not in hints.skip_days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at
