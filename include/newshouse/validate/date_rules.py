"""Rules on dates. They allow for what a date's precision leaves open, so that a mere day never counts as wrong."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from newshouse.validate.row import SOUND_ROW, ParsedRow
from newshouse.validate.rule import Rule

FUTURE_LIMIT = timedelta(hours=36)
_AHEAD_LIMIT = timedelta(hours=1)  # clocks differ by minutes; a whole hour is a wrong zone
# A bare day is stored as midnight UTC, and the day begins up to 14 hours earlier in the east (UTC+14).
_AHEAD_LIMIT_OF_A_DAY = timedelta(hours=15)
_OLDEST_YEAR = 1990  # nothing was published on the web before
_CLOCK_PRECISIONS = ("second", "minute", "hour")
_CLOCK_SLACK = timedelta(minutes=1)
_SLACK = {"hour": timedelta(hours=1), "day": timedelta(days=1), "month": timedelta(days=31)}
# A day in an address: /2026/11/22/, /2026-11-22-, /20261122. Not a part of a longer number.
_DAY_IN_URL = re.compile(r"(?<![0-9])((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9])")
_MOST_DAYS_FROM_URL = 2  # zones and the night before print explain two; then one of both dates is another event's
_CAPTURED = SOUND_ROW.fetched_at


def _ahead_of_capture(row: ParsedRow) -> timedelta:
    """How far the publication lies after the capture; negative when before."""
    return timedelta(0) if row.published_at is None else row.published_at - row.fetched_at


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.1f} hours"


def _date_future(row: ParsedRow) -> str | None:
    ahead = _ahead_of_capture(row)
    return f"published {_hours(ahead)} after it was captured" if ahead > FUTURE_LIMIT else None


def _date_ahead(row: ParsedRow) -> str | None:
    ahead = _ahead_of_capture(row)
    limit = _AHEAD_LIMIT if row.published_at_precision in _CLOCK_PRECISIONS else _AHEAD_LIMIT_OF_A_DAY
    return f"published {_hours(ahead)} after it was captured" if limit < ahead <= FUTURE_LIMIT else None


def _date_missing(row: ParsedRow) -> str | None:
    return "there is no publication date" if row.published_at is None else None


def _date_ancient(row: ParsedRow) -> str | None:
    if row.published_at is None or row.published_at.year >= _OLDEST_YEAR:
        return None
    return f"published in {row.published_at.year}"


def _tz_naive(row: ParsedRow) -> str | None:
    if row.published_at is None or row.published_at_precision not in _CLOCK_PRECISIONS:
        return None
    return "the publication time states no UTC offset" if row.published_at_utc_offset_min is None else None


def _date_vs_url(row: ParsedRow) -> str | None:
    if row.published_at is None or row.published_at_precision in ("month", "year"):
        return None
    match = _DAY_IN_URL.search((row.final_url or row.url or "").partition("?")[0])
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:  # 30 February
        return None
    apart = abs((row.published_at.date() - day).days)
    return f"published {apart} days from the day in the address, {day}" if apart > _MOST_DAYS_FROM_URL else None


def _modified_before_published(row: ParsedRow) -> str | None:
    if row.published_at is None or row.modified_at is None:
        return None
    precisions = (row.published_at_precision, row.modified_at_precision)
    if "year" in precisions:
        return None
    slack = max(_SLACK.get(precision or "", _CLOCK_SLACK) for precision in precisions)
    early = row.published_at - row.modified_at
    return f"changed {_hours(early)} before it was published" if early > slack else None


RULES = (
    Rule(
        "date_future",
        "Published more than 36 hours after the capture.",
        "critical",
        "quarantine",
        _date_future,
        fails={"published_at": _CAPTURED + timedelta(hours=37)},
        passes={"published_at": _CAPTURED + timedelta(hours=35)},
    ),
    Rule(
        "date_ahead",
        "Published up to 36 hours after the capture: most often a wrong time zone.",
        "warning",
        "warn",
        _date_ahead,
        fails={"published_at": _CAPTURED + timedelta(hours=9)},
        passes={"published_at": _CAPTURED + timedelta(hours=9), "published_at_precision": "day"},
    ),
    Rule(
        "date_missing",
        "There is no publication date.",
        "warning",
        "warn",
        _date_missing,
        fails={"published_at": None},
        passes={"published_at": _CAPTURED},
    ),
    Rule(
        "date_ancient",
        "Published before 1990: most often a default value.",
        "warning",
        "warn",
        _date_ancient,
        fails={"published_at": datetime(1970, 1, 1, tzinfo=UTC)},
        passes={"published_at": datetime(1998, 5, 1, tzinfo=UTC)},
    ),
    Rule(
        "tz_naive",
        "The publication time states no time zone.",
        "info",
        "tag",
        _tz_naive,
        fails={"published_at_utc_offset_min": None},
        passes={"published_at_utc_offset_min": None, "published_at_precision": "day"},
    ),
    Rule(
        "date_vs_url",
        "The day in the address is another than that of the publication.",
        "warning",
        "warn",
        _date_vs_url,
        fails={"final_url": "https://harbour-post.example/2026/11/02/ferry-line"},
        passes={"final_url": "https://harbour-post.example/20261120-ferry-line-2019"},
    ),
    Rule(
        "modified_before_published",
        "Changed before it was published.",
        "info",
        "tag",
        _modified_before_published,
        fails={"modified_at": datetime(2026, 11, 22, 18, 0, tzinfo=UTC)},
        passes={"modified_at": datetime(2026, 11, 22, tzinfo=UTC), "modified_at_precision": "day"},
    ),
)
