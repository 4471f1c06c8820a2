"""The scorecard of a source and day: one score, its parts, and whether the publisher's own targets were met.

Every part is 0 to 100, or None where there was nothing to measure; the score is their weighted mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newshouse.quality.finding import Finding
from newshouse.quality.history import FIELDS, Day
from newshouse.sources.model import Slo

# What readers miss first weighs most: articles that are not there, not whole, or not of today.
WEIGHTS = {
    "completeness": 0.2,
    "validity": 0.2,
    "freshness": 0.2,
    "uniqueness": 0.1,
    "volume": 0.2,
    "timeliness": 0.1,
}


@dataclass(frozen=True, slots=True)
class Card:
    """One row of `scorecards`. Its fields are described there."""

    run_id: str
    source_id: str
    day: str
    scored_at: datetime
    score: float | None
    completeness: float | None
    validity: float | None
    freshness: float | None
    uniqueness: float | None
    volume: float | None
    timeliness: float | None
    articles: int
    expected_articles: float | None
    age_hours: float | None
    loaded_hours: float | None
    slo_missed: tuple[str, ...]


def score_day(source_id: str, today: Day, expected: float | None, slo: Slo, *, run_id: str, now: datetime) -> Card:
    """The card of the last 24 hours.

    Args:
        expected: new articles; None where there is no past to tell.
        now: UTC, the end of the day.
    """
    parts = {
        "completeness": _completeness(today),
        "validity": _validity(today),
        "freshness": _within(today.age_hours, slo.freshness_hours) if today.age_hours is not None else 0.0,
        "uniqueness": 100 * (1 - today.copies / today.articles) if today.articles else None,
        "volume": _volume(today.articles, expected),
        "timeliness": _within(today.loaded_hours, slo.timeliness_hours),
    }
    known = {name: value for name, value in parts.items() if value is not None}
    weight = sum(WEIGHTS[name] for name in known)
    score = sum(WEIGHTS[name] * value for name, value in known.items()) / weight if weight else None
    return Card(
        run_id=run_id,
        source_id=source_id,
        day=f"{now:%Y-%m-%d}",
        scored_at=now,
        score=score,
        **parts,
        articles=today.articles,
        expected_articles=expected,
        age_hours=today.age_hours,
        loaded_hours=today.loaded_hours,
        slo_missed=tuple(_missed(score, parts, today, slo)),
    )


def expected_articles(findings: Sequence[Finding]) -> float | None:
    """What the volume check expected; None when it had no past to tell."""
    return next((finding.expected for finding in findings if finding.check == "volume_drop"), None)


def _completeness(today: Day) -> float | None:
    if not today.articles:
        return None
    return 100 * (1 - sum(today.absent) / (len(FIELDS) * today.articles))


def _validity(today: Day) -> float | None:
    """Of the pages that are not behind a paywall, those that became articles."""
    pages = today.pages - today.paywalled
    return 100 * (1 - (today.rejected - today.paywalled) / pages) if pages > 0 else None


def _within(hours: float | None, limit: float) -> float | None:
    """All within the limit, half at twice the limit, and so on."""
    if hours is None:
        return None
    return 100.0 if hours <= limit else 100 * limit / hours


def _volume(articles: int, expected: float | None) -> float | None:
    """Half of what was expected is half; more than double is as odd as less than half."""
    if not expected:
        return None
    return 100.0 * min(articles / expected, 1.0) if articles <= 2 * expected else 100.0 * 2 * expected / articles


def _missed(score: float | None, parts: dict[str, float | None], today: Day, slo: Slo) -> list[str]:
    missed = []
    for name, value, least in (
        ("min_score", score, slo.min_score),
        ("min_completeness", parts["completeness"], slo.min_completeness),
        ("min_validity", parts["validity"], slo.min_validity),
    ):
        if value is not None and value < least:
            missed.append(f"{name}: {value:.0f} of {least:g}")
    for name, hours, most in (
        ("freshness_hours", today.age_hours, slo.freshness_hours),
        ("timeliness_hours", today.loaded_hours, slo.timeliness_hours),
    ):
        if hours is not None and hours > most:
            missed.append(f"{name}: {hours:.0f} of {most:g}")
    return missed
