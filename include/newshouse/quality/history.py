"""What each source gave, day by day, read from the committed tables.

A day is 24 hours back from now, not a calendar day: so today is never half a day, and the day seven places back is
the same weekday up to the same hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow.compute as pc

from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, RUNS, TIMESTAMP
from newshouse.warehouse.tables import snapshot

DAYS = 29  # the last 24 hours and four weeks to compare them with
FIELDS = ("title", "authors", "published_at")
COLUMNS = ("subtitle", "section", "tags", "byline", "modified_at", "media", "canonical_url", "language")
ORIGINS = ("title", "authors", "published_at", "body")
_OF_ARTICLES = (
    "source_id", "first_seen_at", "published_at_precision", "published_at_utc_offset_min", "word_count", "extractor",
    "field_origin", "duplicate_of", "template", "parser_version", *FIELDS, *COLUMNS,
)  # fmt: skip
_OF_RUNS = ("run_id", "source_id", "stage", "in_count", "rejected_count", "reasons", "finished_at")
# Rejections that mean "the parser found no text"; a paywall is the publisher's will, not a broken parser.
_EMPTY = ["empty_page", "body_empty", "body_short"]
_PAYWALLED = ["paywall_stub"]

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Day:
    """What one source gave in 24 hours.

    Attributes:
        looked: a run asked the source in these hours. If not, zeros mean nothing.
        articles: seen for the first time.
        absent: how many of them lack each of `FIELDS`.
        filled: how many of them have each of `COLUMNS`.
        copies: of them, with the body of an article that was there before.
        ahead: of them, dated after they were seen.
        words: median length; None without articles.
        lag_hours: from publication to first sight, of those that state a time: the quickest tenth, the median, the
            slowest tenth; None without.
        loaded_hours: from the middle publication to the load of the day's last run, of articles that came out since
            the source was first asked (in these weeks): its backlog is not late. None without.
        offsets: by UTC offset in minutes ("none" where the page states none), of those that state a time.
        origins: for each of `ORIGINS`, by where the value came from; articles without the value are not in it.
        provenances: by what the parser found where (extractor and all origins).
        templates: by the make of the page, of those that the newest version of the parser read: another version may
            see it otherwise.
        sections: by the publisher's name of the section.
        pages: brought to parse.
        rejected: of these pages, dropped by parse or validate.
        empty: of the rejected, those without text.
        paywalled: of the rejected, those behind a paywall.
        age_hours: at the end of the day, since the newest publication; None when nothing came in all the days before.
    """

    looked: bool = False
    articles: int = 0
    absent: tuple[int, ...] = (0,) * len(FIELDS)
    filled: tuple[int, ...] = (0,) * len(COLUMNS)
    copies: int = 0
    ahead: int = 0
    words: float | None = None
    lag_hours: tuple[float, float, float] | None = None
    loaded_hours: float | None = None
    offsets: Counts = field(default_factory=dict)
    origins: tuple[Counts, ...] = ({},) * len(ORIGINS)
    provenances: Counts = field(default_factory=dict)
    templates: Counts = field(default_factory=dict)
    sections: Counts = field(default_factory=dict)
    pages: int = 0
    rejected: int = 0
    empty: int = 0
    paywalled: int = 0
    age_hours: float | None = None


def read_history(layout: DataLayout, source_ids: Iterable[str], now: datetime) -> dict[str, tuple[Day, ...]]:
    """The last `DAYS` days of each source, the latest first.

    Args:
        now: UTC, the end of the latest day.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    since = pc.scalar(now - timedelta(days=DAYS)).cast(TIMESTAMP)
    articles = snapshot(layout, ARTICLES).read(_OF_ARTICLES, pc.field("first_seen_at") > since)
    runs = snapshot(layout, RUNS).read(_OF_RUNS, pc.field("finished_at") > since)
    query = files(__package__).joinpath("history.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.register("articles", articles)
        connection.register("runs", runs)
        found = connection.sql(query, params={"now": now, "empty": _EMPTY, "paywalled": _PAYWALLED}).to_arrow_table()
    known = {(row["source_id"], row["day"]): row for row in found.to_pylist(maps_as_pydicts="strict")}
    return {source_id: _days(source_id, known) for source_id in source_ids}


def _days(source_id: str, known: Mapping[tuple[str, int], dict[str, Any]]) -> tuple[Day, ...]:
    days: list[Day] = []
    newest_hours_ago: float | None = None
    for back in reversed(range(DAYS)):
        row = known.get((source_id, back), {})
        candidates = [hours for hours in (row.get("newest_hours_ago"), newest_hours_ago) if hours is not None]
        newest_hours_ago = min(candidates, default=None)
        age = None if newest_hours_ago is None else newest_hours_ago - 24 * back
        days.append(_day(row, age))
    return tuple(reversed(days))


def _day(row: Mapping[str, Any], age_hours: float | None) -> Day:
    if not row:
        return Day(age_hours=age_hours)
    return Day(
        looked=row["looks"] > 0,
        articles=row["articles"],
        absent=tuple(row["absent"] or (0,) * len(FIELDS)),
        filled=tuple(row["filled"] or (0,) * len(COLUMNS)),
        copies=row["copies"],
        ahead=row["ahead"],
        words=row["words"],
        lag_hours=tuple(row["lag_hours"]) if row["lag_hours"] else None,
        loaded_hours=row["loaded_hours"],
        offsets=row["offsets"] or {},
        origins=tuple(found or {} for found in row["origins"] or [None] * len(ORIGINS)),
        provenances=row["provenances"] or {},
        templates=row["templates"] or {},
        sections=row["sections"] or {},
        pages=row["pages"],
        rejected=row["rejected"],
        empty=row["empty"],
        paywalled=row["paywalled"],
        age_hours=age_hours,
    )
