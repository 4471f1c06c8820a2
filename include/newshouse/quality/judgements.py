"""How the last 24 hours of a source compare with its own past. Pure numbers in, findings out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from newshouse.quality import shifts, times
from newshouse.quality.calendars import rested
from newshouse.quality.finding import Finding
from newshouse.quality.history import Day
from newshouse.quality.layout import layout_drift
from newshouse.quality.sections import sections
from newshouse.quality.volume import freshness, volume, volume_bounds
from newshouse.sources.model import Source


def judge_days(days: Sequence[Day], source: Source, now: datetime) -> list[Finding]:
    """All judgements on the latest of `days`. None when no run asked the source in the last 24 hours.

    Args:
        days: the latest first.
        now: UTC, the end of the latest day.
    """
    today = days[0]
    if not today.looked:
        return []
    rests = [rested(source, now - timedelta(days=back)) for back in range(len(days))]
    recent = [day for day in days[1 : 1 + shifts.RECENT_DAYS] if day.looked]
    return [
        volume_bounds(today, source.bounds),
        *volume(days, rests),
        freshness(days, rests, times.old_news(today, recent)),
        *shifts.parser_shares(today, recent),
        *shifts.null_rates(today, recent),
        shifts.duplicate_share(today, recent),
        shifts.field_origins(today, recent),
        shifts.columns_filled(today, recent),
        shifts.length(today, recent),
        shifts.provenance(today, recent),
        layout_drift([today, *recent]),
        *sections(days, rests),
        times.time_zone(today, recent, source, now),
    ]
