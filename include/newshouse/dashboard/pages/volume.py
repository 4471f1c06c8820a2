"""How much came in, against what the days before let expect: shown on several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from newshouse.dashboard.charts import Chart, Series, by_day
from newshouse.dashboard.frame import Asked
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import DAY, Column, Row, question
from newshouse.quality.volume import Band, volume_band

PAST_DAYS = 28


@question(
    "volume",
    "New articles a day",
    (
        DAY,
        Column("articles", "new articles", "number", "no number: no run asked on that day"),
        Column(
            "expected", "expected", "number", "median of the same weekday, or of all days, of the four weeks before"
        ),
        Column("low", "at least", "number"),
        Column("high", "at most", "number"),
    ),
)
def volume(ask: Asked) -> list[Row]:
    """New articles a UTC day of their first capture. A day on which no run asked has no number."""
    longer = ask.window.earlier(PAST_DAYS)
    counts = {row["day"]: row["articles"] for row in ask.edition.rows(sql("volume"), longer.sql())}
    bands = expect([counts.get(day) for day in longer.days()])
    return [
        {"day": day, "articles": counts.get(day), **(asdict(band) if band else {})}
        for day, band in zip(ask.window.days(), bands, strict=True)
    ]


def expect(counts: Sequence[int | None]) -> list[Band | None]:
    """A band for each day after the first `PAST_DAYS`, by the rule of the check, holidays aside.

    Args:
        counts: one a day of the calendar, the oldest first; None for a day on which nobody looked.
    """
    return [_expected(counts[day - PAST_DAYS : day]) for day in range(PAST_DAYS, len(counts))]


def _expected(past: Sequence[int | None]) -> Band | None:
    return volume_band({back: count for back, count in enumerate(reversed(past), 1) if count is not None})


def volume_chart(ask: Asked) -> Chart:
    """With the band of what is no surprise."""
    series = (Series("articles", "new articles"), Series("expected", "expected", "line", dashed=True))
    return by_day(volume(ask), ask.window, ask.today, series, band=("low", "high"))
