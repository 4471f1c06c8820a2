"""The statistics of the history checks. Medians, because a past outage must not become the rule.

Every comparison has a volume below which it stays silent: of few articles, none says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, pi, sin, sqrt
from statistics import median

# Half the width of a normal distribution that has this median absolute deviation.
_SIGMAS_A_MAD = 1.4826
SIGMAS = 3.5
"""Chance alone leaves this many standard deviations once in 2,000 tests; a source has some 20 a day, and most of them
ask for a shift that a reader would notice as well."""
_ONCE_IN_TWENTY = 1.64  # standard deviations, on one side
FEWEST_ROWS = 10  # of which a share is taken
_FEWEST_PAST_ROWS = 50
_FEWEST_A_DAY = 5  # for the day's own share to count
_FEWEST_PAST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Share:
    """How often something was so: `hits` of `rows`."""

    hits: int
    rows: int

    @property
    def value(self) -> float:
        """0 to 1; 0 of none."""
        return self.hits / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class Shift:
    """How a number compares with its past.

    Attributes:
        expected: the median of the past.
        limits: what still passes, low and high.
        moved: 1 above, -1 below, 0 as usual.
    """

    expected: float
    limits: tuple[float, float]
    moved: int


def spread(values: Sequence[float]) -> float:
    """Standard deviation by the median absolute deviation."""
    if not values:
        return 0.0
    middle = median(values)
    return _SIGMAS_A_MAD * median(abs(value - middle) for value in values)


def share_shift(today: Share, past: Sequence[Share], least: float) -> Shift | None:
    """Compare a share with its past days. None when there are too few rows to judge.

    On the scale ``asin(sqrt(share))`` chance does not depend on the share: its variance is 1 / (4 rows) (Fisher 1922;
    Anscombe 1948). What days differ beyond chance is learned from the past.

    Args:
        least: a shift smaller than this (0 to 1) is the news of the day.
    """
    rows = sum(share.rows for share in past)
    days = [share for share in past if share.rows >= _FEWEST_A_DAY]
    if today.rows < FEWEST_ROWS or rows < _FEWEST_PAST_ROWS or len(days) < _FEWEST_PAST_DAYS:
        return None
    expected = median(share.value for share in days)
    # Laplace: of fifty rows without a hit, the next one may still be the first.
    likely = asin(sqrt(min(max(expected, 1 / (rows + 2)), 1 - 1 / (rows + 2))))
    by_chance = median(1 / (4 * share.rows) for share in days)
    beyond = max(spread([asin(sqrt(share.value)) for share in days]) ** 2 - by_chance, 0.0)
    margin = SIGMAS * sqrt(1 / (4 * today.rows) + beyond)
    low = sin(max(likely - margin, 0.0)) ** 2
    high = sin(likely + margin) ** 2 if likely + margin < pi / 2 else 1.0
    return _shift(today.value, expected, min(low, expected - least), max(high, expected + least))


def at_most(share: Share) -> float:
    """What the share may be where these rows are a sample: chance gives fewer once in twenty times."""
    if not share.rows:
        return 1.0
    return sin(min(asin(sqrt(share.value)) + _ONCE_IN_TWENTY / (2 * sqrt(share.rows)), pi / 2)) ** 2


def number_shift(today: float, past: Sequence[float], least: float, error: float) -> Shift | None:
    """Compare a median of articles with those of past days. None when there are too few days to judge.

    Args:
        least: a shift smaller than this is the news of the day.
        error: standard error of today's median, in the same unit.
    """
    if len(past) < _FEWEST_PAST_DAYS:
        return None
    expected = median(past)
    margin = max(least, SIGMAS * max(error, spread(past)))
    return _shift(today, expected, expected - margin, expected + margin)


def count_shift(today: int, expected: float, noise: float, low: float, high: float) -> Shift:
    """Compare a count with what was expected, on the scale on which the noise of a count does not depend on its size.

    The square root of a Poisson count has a standard deviation of 1/2 (Anscombe 1948).

    Args:
        noise: standard deviation of ``2 (sqrt(count) - sqrt(expected))`` in the past; 1 for pure chance.
        low, high: factors of the expected count that still pass, however steady the past was.
    """
    root, half = sqrt(expected), SIGMAS * max(noise, 1.0) / 2
    lower = min((root - half) ** 2, expected * low) if root > half else 0.0  # of few, chance may leave nothing
    return _shift(today, expected, lower, max((root + half) ** 2, expected * high))


def _shift(value: float, expected: float, low: float, high: float) -> Shift:
    return Shift(expected, (low, high), 1 if value > high else -1 if value < low else 0)
