"""How much came, and how lately: volume against the same weekday, freshness against the source's own rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import sqrt
from statistics import median

from newshouse.quality.finding import Finding
from newshouse.quality.history import Day
from newshouse.quality.robust import count_shift, spread
from newshouse.sources.model import Bounds

_FEWEST_DAYS = 4  # of a past that may be called one
_FEWEST_SAME_WEEKDAYS = 3
_WEEK = 7
_LOW, _HIGH = 0.5, 2.0  # of what was expected: half and double are the news of the day
_USUAL_NOISE, _USUAL_DAYS = 1.3, 10  # 1 is pure chance; as if seen on so many days
_FRESH_HOURS = 24.0  # nothing younger than a day is stale
_UNLIKELY_SILENCE = 8.0  # articles that should have come: chance leaves them out once in 3,000 times


@dataclass(frozen=True, slots=True)
class Band:
    """New articles a day: what is expected, and between which bounds a day is no surprise."""

    low: float
    expected: float
    high: float


def volume_bounds(today: Day, bounds: Bounds) -> Finding:
    """The bounds of the source file, kept from the first day on."""
    least, most = bounds.min_articles_a_day, bounds.max_articles_a_day
    fits = least <= today.articles <= most
    return Finding("volume_bounds", "warning", fits, today.articles, f"{least} to {most} new articles a day")


def volume(days: Sequence[Day], rests: Sequence[bool]) -> list[Finding]:
    """A drop is critical, a spike a warning. A holiday may be as quiet as it likes.

    A day that is quiet because it may be (a holiday, or a weekend of so few articles that none is no surprise) says
    nothing about a drop: it passes without a value.

    Args:
        days: the latest first.
        rests: for each day, whether a holiday touches it.
    """
    today = days[0]
    counts = {place: day.articles for place, day in enumerate(days) if place and day.looked and not rests[place]}
    band = volume_band(counts)
    if band is None:
        detail = f"too little history to judge: {len(_without_outages(counts))} of {_FEWEST_DAYS} days"
        return [
            Finding(name, severity, True, None, "as usual for this source", detail=detail)
            for name, severity in (("volume_drop", "critical"), ("volume_spike", "warning"))
        ]
    dropped = today.articles < band.low and not rests[0]
    words = f"new articles a day, {band.expected:.0f} expected"
    least, most = f"{band.low:.0f} or more {words}", f"at most {band.high:.0f} {words}"
    judged = dropped or today.articles >= (band.low if band.low > 1 else max(1.0, _LOW * band.expected))
    value, quiet = (today.articles, None) if judged else (None, f"too quiet a day to judge: {today.articles} articles")
    return [
        Finding("volume_drop", "critical", not dropped, value, least, expected=band.expected, detail=quiet),
        Finding("volume_spike", "warning", today.articles <= band.high, today.articles, most),
    ]


def volume_band(counts: Mapping[int, int]) -> Band | None:
    """Between which bounds a day is no surprise; None where the past is too short to say anything.

    Args:
        counts: new articles of past days that say something, by how many days back they lie.
    """
    counts = _without_outages(counts)
    if len(counts) < _FEWEST_DAYS:
        return None
    weekly, all_days, noise = _same_weekday(0, counts), list(counts.values()), _noise(counts)
    if len(weekly) >= _FEWEST_SAME_WEEKDAYS:
        expected = median(weekly)
        low, high = count_shift(0, expected, noise, _LOW, _HIGH).limits
    else:  # a weekend must not alarm before it is known: today has to leave what was ever seen
        expected = median(all_days)
        low = count_shift(0, min(all_days), noise, _LOW, _HIGH).limits[0] if weekly else 0.0
        high = count_shift(0, max(all_days), noise, _LOW, _HIGH).limits[1]
    one_at_least = bool(weekly) and min(expected, *weekly) >= _UNLIKELY_SILENCE
    return Band(max(low, float(one_at_least)), expected, high)


def _without_outages(counts: Mapping[int, int]) -> Mapping[int, int]:
    """Where most days bring more than chance can leave out, one that brought nothing says nothing about volume."""
    if counts and median(counts.values()) >= _UNLIKELY_SILENCE:
        return {place: count for place, count in counts.items() if count}
    return counts


def _noise(counts: Mapping[int, int]) -> float:
    """How far days of the past lay from the other days of their weekday, on the scale of `count_shift`.

    Drawn towards what is usual for publishers, because a few weeks tell little.
    """
    pairs = [(count, _same_weekday(place, counts)) for place, count in counts.items()]
    residuals = [2 * (sqrt(count) - sqrt(median(others))) for count, others in pairs if others]
    usual = _USUAL_DAYS * _USUAL_NOISE**2
    return sqrt((usual + len(residuals) * spread(residuals) ** 2) / (_USUAL_DAYS + len(residuals)))


def _same_weekday(place: int, counts: Mapping[int, int]) -> list[int]:
    return [count for back, count in counts.items() if back != place and (back - place) % _WEEK == 0]


def freshness(days: Sequence[Day], rests: Sequence[bool], old: str | None = None) -> Finding:
    """Compare the age of the newest article with the ages that are usual at this hour, and with the pace of the source.

    Args:
        days: the latest first.
        rests: for each day, whether a holiday touches it.
        old: that today's news is old news, in words; see `times.old_news`.
    """
    today, past = days[0], [day for day in days[1:] if day.looked]
    if len(past) < _FEWEST_DAYS:
        detail = f"too little history to judge: {len(past)} of {_FEWEST_DAYS} days"
        return Finding("freshness", "warning", True, None, "as usual for this source", detail=detail)
    ages = sorted(day.age_hours for day in past if day.age_hours is not None)
    usual = ages[int(0.9 * (len(ages) - 1))] if ages else 0.0  # a past outage must not become the rule
    counts = sorted(day.articles for day in past)
    pace = counts[len(counts) // 5] or sum(counts) / len(counts) / 2  # that of the weekend
    limit = max(_FRESH_HOURS, 1.5 * usual, 24 * _UNLIKELY_SILENCE / pace if pace else 0.0)
    rest = 24.0 * sum(1 for _ in takewhile(bool, rests))  # days of rest that lead up to now
    fresh = today.age_hours is not None and today.age_hours <= limit + rest and old is None
    threshold = f"newest article at most {limit + rest:.0f} hours old"
    if fresh and today.age_hours is not None and today.age_hours > limit:
        return Finding("freshness", "warning", True, None, threshold, detail="too quiet to judge: a public holiday")
    never = None if today.age_hours is not None else "no article in four weeks"
    return Finding("freshness", "warning", fresh, today.age_hours, threshold, detail=never or old)
