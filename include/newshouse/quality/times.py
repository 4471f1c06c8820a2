"""Whether the clock of a source was moved: its UTC offset, and how long before its first sight an article came out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import sqrt
from statistics import median
from zoneinfo import ZoneInfo

from newshouse.quality.finding import Finding
from newshouse.quality.history import Counts, Day
from newshouse.quality.robust import FEWEST_ROWS, Share, number_shift, share_shift
from newshouse.sources.model import Source

_OFFSET_SHIFT = 0.4
_AHEAD_RISE = 0.15
_LEAST_HOURS = 3.0  # zones that are mistaken for each other lie further apart, but for Europe's neighbours
_MOST_HOURS = 26.0  # from one end of the world to the other; news that is older still is old, and no clock is wrong
_HOURS_OF_A_DAY = 7.0  # standard deviation of the hours between publication and a daily look (24 / sqrt 12)
_ERROR_OF_A_MEDIAN = 1.2533


def time_zone(today: Day, past: Sequence[Day], source: Source, now: datetime) -> Finding:
    """Three signs of one cause: another offset than ever, dates ahead of their capture, another lag.

    An offset that the source's own zone has at this time of the year is never odd: clocks are put forward and back.
    """
    seen = {name for day in past for name in day.offsets}
    dominant = {name for name in seen if _is_usual(name, past)} | _own_offsets(source, now)
    timed = sum(today.offsets.values())
    offsets, *offsets_before = (
        Share(_outside(day.offsets, dominant), sum(day.offsets.values())) for day in (today, *past)
    )
    ahead, *ahead_before = (Share(day.ahead, day.articles) for day in (today, *past))
    signs = []
    offset_shift = share_shift(offsets, offsets_before, _OFFSET_SHIFT)
    if offset_shift is not None and offset_shift.moved > 0:
        signs.append(f"{100 * offsets.value:.0f} % of articles state another UTC offset than usual")
    ahead_shift = share_shift(ahead, ahead_before, _AHEAD_RISE)
    if ahead_shift is not None and ahead_shift.moved > 0:
        signs.append(f"{100 * ahead.value:.0f} % of articles are dated after they were seen")
    moved = _lag_moved(today, past)
    if moved is not None and moved <= _MOST_HOURS:
        signs.append(_told(today, moved))
    too_few = not signs and timed < FEWEST_ROWS
    detail = f"too few articles to judge: {timed} today" if too_few else "; ".join(signs) or None
    value = today.lag_hours[1] if today.lag_hours and not too_few else None
    threshold = "hours from publication to first sight, as usual"
    return Finding("time_zone", "critical", not signs, value, threshold, rows=timed, detail=detail)


def old_news(today: Day, past: Sequence[Day]) -> str | None:
    """Whether what is new to us came out a day and more before its time: an old feed, and no moved clock. In words."""
    moved = _lag_moved(today, past)
    return _told(today, moved) if moved is not None and moved > _MOST_HOURS else None


def _told(today: Day, moved: float) -> str:
    lag = today.lag_hours[1] if today.lag_hours else 0.0
    return f"first seen {lag:.1f} hours after publication, {lag - moved:.1f} expected"


def _lag_moved(today: Day, past: Sequence[Day]) -> float | None:
    """By how many hours the lag is longer than it was; None where that is nothing to speak of.

    A clock that is moved moves the whole day. A median alone also jumps between morning and evening editions.
    """
    lags = [day.lag_hours for day in past if day.lag_hours is not None and day.articles >= FEWEST_ROWS / 2]
    timed = sum(today.offsets.values())
    if today.lag_hours is None or not lags or timed < FEWEST_ROWS:
        return None
    error = _ERROR_OF_A_MEDIAN * _HOURS_OF_A_DAY / sqrt(timed)
    shift = number_shift(today.lag_hours[1], [lag[1] for lag in lags], _LEAST_HOURS, error)
    if shift is None or not shift.moved:
        return None
    ends = [today.lag_hours[place] - median(lag[place] for lag in lags) for place in (0, 2)]
    if min(end * shift.moved for end in ends) < _LEAST_HOURS:
        return None
    return today.lag_hours[1] - shift.expected


def _own_offsets(source: Source, now: datetime) -> set[str]:
    """Around now, so that the days after a change of the clocks know both."""
    zone = ZoneInfo(source.timezone)
    offsets = (now - timedelta(days=days) for days in (0, 2))
    return {str(int((moment.astimezone(zone).utcoffset() or timedelta(0)).total_seconds() // 60)) for moment in offsets}


def _is_usual(offset: str, past: Sequence[Day]) -> bool:
    """One article in twenty, so that a past slip does not become the rule."""
    hits = sum(day.offsets.get(offset, 0) for day in past)
    return hits * 20 >= sum(sum(day.offsets.values()) for day in past)


def _outside(counts: Counts, known: set[str]) -> int:
    return sum(count for name, count in counts.items() if name not in known)
