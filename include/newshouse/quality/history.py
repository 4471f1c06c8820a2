"""What each source gave, day by day, read from the committed tables.

A day is 24 hours back from now, not a calendar day: so today is never half a day, and the day seven places back is
the same weekday up to the same hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, RUNS, TIMESTAMP
from newshouse.warehouse.tables import snapshot

DAYS = 29  # the last 24 hours and four weeks to compare them with
FIELDS = ("title", "authors", "published_at")
_OF_ARTICLES = ("source_id", "first_seen_at", *FIELDS)
_OF_RUNS = ("source_id", "stage", "in_count", "rejected_count", "reasons", "finished_at")
# Rejections that mean "the parser found no text"; a paywall is the publisher's will, not a broken parser.
_EMPTY = ("empty_page", "body_empty", "body_short")


@dataclass(frozen=True, slots=True)
class Day:
    """What one source gave in 24 hours.

    Attributes:
        looked: a run asked the source in these hours. If not, zeros mean nothing.
        articles: seen for the first time.
        absent: how many of them lack each of `FIELDS`.
        pages: brought to parse.
        rejected: of these pages, dropped by parse or validate.
        empty: of the rejected, those without text.
        age_hours: at the end of the day, since the newest publication; None when nothing came in all the days before.
    """

    looked: bool = False
    articles: int = 0
    absent: tuple[int, ...] = (0,) * len(FIELDS)
    pages: int = 0
    rejected: int = 0
    empty: int = 0
    age_hours: float | None = None


def read_history(layout: DataLayout, source_ids: Iterable[str], now: datetime) -> dict[str, tuple[Day, ...]]:
    """The last `DAYS` days of each source, the latest first.

    Args:
        now: UTC, the end of the latest day.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    since = pa.scalar(now - timedelta(days=DAYS), TIMESTAMP)
    articles = snapshot(layout, ARTICLES).read(_OF_ARTICLES, pc.field("first_seen_at") > since)
    runs = snapshot(layout, RUNS).read(_OF_RUNS, pc.field("finished_at") > since)
    with duckdb.connect() as connection:
        connection.register("articles", articles)
        connection.register("runs", runs)
        rows = connection.execute(_BY_DAY, {"now": now, "empty": list(_EMPTY)}).fetchall()
    known: dict[tuple[str, int], tuple[int, ...]] = {(row[0], row[1]): row[2:] for row in rows}
    return {source_id: _days(source_id, known) for source_id in source_ids}


# Day 0 ends now. A publication date after the capture counts as the capture: a date that lies ahead is no news.
_BY_DAY = """
WITH seen AS (
    SELECT
        source_id,
        (epoch_us($now::TIMESTAMPTZ) - epoch_us(first_seen_at)) // 86400000000 AS day,
        count(*) AS articles,
        count(*) - count(title) AS untitled,
        count(*) FILTER (coalesce(len(authors), 0) = 0) AS unsigned,
        count(*) - count(published_at) AS undated,
        min(epoch_us($now::TIMESTAMPTZ) - epoch_us(least(published_at, first_seen_at))) / 3600e6 AS newest_hours_ago
    FROM articles
    WHERE first_seen_at <= $now::TIMESTAMPTZ
    GROUP BY ALL
),
looked AS (
    SELECT
        source_id,
        (epoch_us($now::TIMESTAMPTZ) - epoch_us(finished_at)) // 86400000000 AS day,
        count(*) FILTER (stage = 'discover') AS looks,
        coalesce(sum(in_count) FILTER (stage = 'parse'), 0) AS pages,
        coalesce(sum(rejected_count) FILTER (stage IN ('parse', 'validate')), 0) AS rejected,
        coalesce(sum(list_sum([reasons[name] FOR name IN $empty])) FILTER (stage IN ('parse', 'validate')), 0) AS empty
    FROM runs
    WHERE finished_at <= $now::TIMESTAMPTZ
    GROUP BY ALL
)
SELECT
    source_id, day, coalesce(looks, 0), coalesce(articles, 0), coalesce(untitled, 0), coalesce(unsigned, 0),
    coalesce(undated, 0), coalesce(pages, 0), coalesce(rejected, 0), coalesce(empty, 0), newest_hours_ago
FROM seen FULL JOIN looked USING (source_id, day)
"""


def _days(source_id: str, known: dict[tuple[str, int], tuple[int, ...]]) -> tuple[Day, ...]:
    days: list[Day] = []
    newest_hours_ago: float | None = None
    for back in reversed(range(DAYS)):
        looks, articles, untitled, unsigned, undated, pages, rejected, empty, newest = known.get(
            (source_id, back), (0,) * 8 + (None,)
        )
        candidates = [hours for hours in (newest, newest_hours_ago) if hours is not None]
        newest_hours_ago = min(candidates, default=None)
        age = None if newest_hours_ago is None else newest_hours_ago - 24 * back
        absent = (untitled, unsigned, undated)
        days.append(Day(looks > 0, articles, absent, pages, rejected, empty, age))
    return tuple(reversed(days))
