"""How the last 24 hours of a source compare with its own past. Pure numbers in, a finding out.

Every comparison needs a volume below which it stays silent: of few articles, none says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from newshouse.quality.history import FIELDS, Day
from newshouse.sources.model import Bounds

_FEWEST_DAYS = 4  # of a past that may be called one
_FEWEST_SAME_WEEKDAYS = 3
_FEWEST_NEW = 20  # articles of which a share is taken
_FEWEST_PAST = 50
_FRESH_HOURS = 24.0  # nothing younger than a day is stale
_SHIFT = 0.15  # of a null rate; smaller shifts are the news of the day
_SIGMAS = 4.0
_FEWEST_PAGES = 10
_SHARE_RISE = 0.2
_SHARE_WITHOUT_PAST = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement.

    Attributes:
        value: what was measured; `threshold` names its unit.
        failed, rows: what it was counted from, where it is a share.
        detail: why the check could not judge, if it could not.
    """

    check: str
    severity: str
    passed: bool
    value: float | None
    threshold: str
    failed: int | None = None
    rows: int | None = None
    detail: str | None = None


def judge_days(days: Sequence[Day], bounds: Bounds) -> list[Finding]:
    """All judgements on the latest of `days`. None when no run asked the source in the last 24 hours."""
    today, past = days[0], [day for day in days[1:] if day.looked]
    if not today.looked:
        return []
    return [
        _bounds(today, bounds),
        _volume(today, past, [day for day in days[7::7] if day.looked]),
        _freshness(today, past),
        *(_null_rate(position, today, past) for position in range(len(FIELDS))),
        _share("rejected_share", today, past, lambda day: day.rejected),
        _share("empty_share", today, past, lambda day: day.empty),
    ]


def _bounds(today: Day, bounds: Bounds) -> Finding:
    least, most = bounds.min_articles_a_day, bounds.max_articles_a_day
    fits = least <= today.articles <= most
    return Finding("volume_bounds", "warning", fits, today.articles, f"{least} to {most} new articles a day")


def _volume(today: Day, past: Sequence[Day], weekly: Sequence[Day]) -> Finding:
    """Compare with the same weekday where there are enough, else with all days.

    The margin is half of what was expected, and at least three standard deviations of a Poisson count: for a source
    of nine articles a day that is all of them, so a small source cannot cry wolf.
    """
    if len(past) < _FEWEST_DAYS:
        return _silent("volume", "critical", today.articles, past)
    same_weekday = len(weekly) >= _FEWEST_SAME_WEEKDAYS
    expected = median(day.articles for day in (weekly if same_weekday else past))
    low = expected - max(expected / 2, 3 * sqrt(expected))
    high = expected + max(expected * 2, 5 * sqrt(expected))
    volumes = [day.articles for day in past]
    if not same_weekday:  # a weekend must not alarm before it is known: it has to leave what was ever seen
        low, high = min(low, *volumes), max(high, *volumes)
    threshold = f"{max(low, 0):.0f} to {high:.0f} new articles a day, {expected:.0f} expected"
    return Finding("volume", "critical", low <= today.articles <= high, today.articles, threshold)


def _freshness(today: Day, past: Sequence[Day]) -> Finding:
    """Compare the age of the newest article with the ages that are usual at this hour of the day."""
    if len(past) < _FEWEST_DAYS:
        return _silent("freshness", "warning", today.age_hours, past)
    ages = sorted(day.age_hours for day in past if day.age_hours is not None)
    usual = ages[int(0.9 * (len(ages) - 1))] if ages else 0.0  # a past outage must not become the rule
    limit = max(_FRESH_HOURS, 1.5 * usual)
    fresh = today.age_hours is not None and today.age_hours <= limit
    detail = None if today.age_hours is not None else "no article in four weeks"
    threshold = f"newest article at most {limit:.0f} hours old"
    return Finding("freshness", "warning", fresh, today.age_hours, threshold, detail=detail)


def _null_rate(position: int, today: Day, past: Sequence[Day]) -> Finding:
    """Compare shares of NULL by a two-proportion z-test, and only a rise that a reader would notice counts."""
    check = f"{FIELDS[position]}_null_rate"
    nulls, rows = today.absent[position], today.articles
    past_nulls, past_rows = sum(day.absent[position] for day in past), sum(day.articles for day in past)
    rate = nulls / rows if rows else 0.0
    if rows < _FEWEST_NEW or past_rows < _FEWEST_PAST:
        detail = f"too few articles to judge: {rows} new, {past_rows} before"
        return Finding(check, "warning", True, 100 * rate, "percent of new articles", nulls, rows, detail)
    past_rate = past_nulls / past_rows
    pooled = (nulls + past_nulls) / (rows + past_rows)
    deviation = sqrt(pooled * (1 - pooled) * (1 / rows + 1 / past_rows))
    rise = rate - past_rate
    passed = rise <= _SHIFT or rise <= _SIGMAS * deviation
    threshold = f"at most {100 * (past_rate + _SHIFT):.0f} % of new articles, {100 * past_rate:.0f} % expected"
    return Finding(check, "warning", passed, 100 * rate, threshold, nulls, rows)


def _share(check: str, today: Day, past: Sequence[Day], count: Callable[[Day], int]) -> Finding:
    """Compare the share of pages that were dropped."""
    pages, dropped = today.pages, count(today)
    past_pages = sum(day.pages for day in past)
    usual = sum(map(count, past)) / past_pages if past_pages >= _FEWEST_PAST else None
    limit = _SHARE_WITHOUT_PAST if usual is None else min(usual + _SHARE_RISE, 1.0)
    share = dropped / pages if pages else 0.0
    detail = None if pages >= _FEWEST_PAGES else f"too few pages to judge: {pages}"
    passed = detail is not None or share <= limit
    threshold = f"at most {100 * limit:.0f} % of pages"
    return Finding(check, "critical", passed, 100 * share, threshold, dropped, pages, detail)


def _silent(check: str, severity: str, value: float | None, past: Sequence[Day]) -> Finding:
    detail = f"too little history to judge: {len(past)} of {_FEWEST_DAYS} days"
    return Finding(check, severity, True, value, "as usual for this source", detail=detail)
