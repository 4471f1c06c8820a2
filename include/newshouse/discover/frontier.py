"""What is worth fetching, given what is known. Pure: no clock, no network, no tables.

A URL that was never fetched is new, and so is one whose last try failed for a reason that passes. A known one comes
back when the feed says that it changed, or when its age reaches the next point of the revisit schedule. So does one
that was refused when it was listed: feeds run ahead of their pages, and who shuts us out may let us in again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from newshouse.fetch.outcomes import GONE, HOST_DOWN, HTTP_ERROR, OVER_BUDGET, ROBOTS_UNAVAILABLE, TLS_ERROR, TRANSIENT
from newshouse.records import CandidateReason
from newshouse.warehouse.known import KnownUrl

# Ends that pass with time. A run gives up on the last two at once; the next run finds them mended or not.
PASSING = TRANSIENT | {HOST_DOWN, OVER_BUDGET, ROBOTS_UNAVAILABLE, TLS_ERROR}

# Answers of a page that may yet come: 404 of one that its feed announced too early, 403 of a wall that is taken down.
REFUSED = frozenset({GONE, HTTP_ERROR})

# A URL that nobody could fetch in a week is given up, unless a feed still lists it.
PATIENCE = timedelta(days=7)

# A point that passed longer ago is not made up for: an imported archive of last year must not be fetched all over.
LATEST = timedelta(days=30)


def reason_to_fetch(
    known: KnownUrl | None, updated_at: datetime | None, revisit_hours: Sequence[float], now: datetime
) -> CandidateReason | None:
    """Why a listed URL should be fetched; None when what we have is good.

    Args:
        known: what the warehouse knows of it.
        updated_at: when the feed says it changed (UTC). A time after `now` is a lie and says nothing.
    """
    if known is None:
        return "new"
    if known.last_outcome in PASSING:
        return "new" if known.article_id is None else "revisit"
    if _is_refused_for_now(known, revisit_hours, now):
        return "new"
    if updated_at is not None and known.last_fetched_at < updated_at <= now:
        return "updated"
    return None


def still_waiting(known: Iterable[KnownUrl], revisit_hours: Sequence[float], now: datetime) -> list[KnownUrl]:
    """URLs that were listed and gave no page yet, in order of URL key: their feed may have dropped them since."""
    young = (url for url in known if url.article_id is None and now < url.first_seen_at + PATIENCE)
    waiting = (url for url in young if url.last_outcome in PASSING or _is_refused_for_now(url, revisit_hours, now))
    return sorted(waiting, key=lambda url: url.url_key)


def revisits_due(known: Iterable[KnownUrl], revisit_hours: Sequence[float], now: datetime) -> list[KnownUrl]:
    """The articles that passed a point of the schedule since their page last answered, in order of URL key.

    One that vanished stays on the schedule: a publisher's bad hour is not the end of its articles. One that several
    URLs lead to is due once, under the URL that was fetched last.
    """
    newest_first = sorted(filter(is_on_the_web, known), key=lambda url: (-url.last_fetched_at.timestamp(), url.url_key))
    articles: dict[str | None, KnownUrl] = {}
    for url in newest_first:
        articles.setdefault(url.article_id, url)
    due = (url for url in articles.values() if _passed_a_point(url, url.last_seen_at, revisit_hours, now))
    return sorted(due, key=lambda url: url.url_key)


def is_on_the_web(known: KnownUrl) -> bool:
    """It became an article, and is not a text from a file."""
    return known.article_id is not None and known.url.startswith(("http://", "https://"))


def nothing_due_before(revisit_hours: Sequence[float], now: datetime) -> datetime:
    """What was first seen before that (UTC) is neither waiting nor due for a revisit any more."""
    return now - max(PATIENCE, timedelta(hours=max(revisit_hours, default=0.0)) + LATEST)


def _is_refused_for_now(known: KnownUrl, revisit_hours: Sequence[float], now: datetime) -> bool:
    if known.article_id is not None or known.last_outcome not in REFUSED:
        return False
    return _passed_a_point(known, known.last_fetched_at, revisit_hours, now)


def _passed_a_point(known: KnownUrl, looked_at: datetime | None, revisit_hours: Sequence[float], now: datetime) -> bool:
    """Whether its age reached a point of the schedule since somebody looked at it."""
    points = (known.first_seen_at + timedelta(hours=hours) for hours in revisit_hours)
    return any((looked_at or known.first_seen_at) < point <= now < point + LATEST for point in points)
