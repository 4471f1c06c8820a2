"""What a day should bring, from the days before it. The rule is that of quality/judgements.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

PAST_DAYS = 28
_FEWEST_DAYS = 4
_FEWEST_SAME_WEEKDAYS = 3


@dataclass(frozen=True, slots=True)
class Band:
    """New articles a day: what is expected, and between which bounds a day is no surprise."""

    low: float
    expected: float
    high: float


def expect(counts: Sequence[int | None]) -> list[Band | None]:
    """A band for each day after the first `PAST_DAYS`; None where the past is too short to say anything.

    Args:
        counts: one a day of the calendar, the oldest first; None for a day on which nobody looked.
    """
    return [_band(counts[day - PAST_DAYS : day]) for day in range(PAST_DAYS, len(counts))]


def _band(past: Sequence[int | None]) -> Band | None:
    looked = [count for count in past if count is not None]
    if len(looked) < _FEWEST_DAYS:
        return None
    weekly = [count for count in past[::7] if count is not None]  # 28, 21, 14 and 7 days before
    same_weekday = len(weekly) >= _FEWEST_SAME_WEEKDAYS
    expected = median(weekly if same_weekday else looked)
    low = expected - max(expected / 2, 3 * sqrt(expected))
    high = expected + max(expected * 2, 5 * sqrt(expected))
    if not same_weekday:
        low, high = min(low, *looked), max(high, *looked)
    return Band(max(low, 0.0), expected, high)
