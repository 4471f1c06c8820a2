"""The sources: a scorecard each, and a page that shows how one has changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.charts import Chart, Series, by_day, hour_by_weekday
from newshouse.dashboard.concerns import concerns, states
from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.pages import articles, rejections
from newshouse.dashboard.pages.volume import volume_chart
from newshouse.dashboard.published import Edition
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import Column, Table
from newshouse.dashboard.window import Window

router = APIRouter()
_BASELINE_DAYS = 28
_RANKS = {"critical": 0, "warning": 1, "info": 2}
_DRIFT = 0.3  # of the articles of a day; smaller changes of the mix are the news of the day
_FEWEST = 5  # articles of a day of which a mix is taken


def scorecards(edition: Edition, window: Window) -> Table:
    """One row a source: what its last run gave, and how complete its articles are."""
    worst = states(edition)
    rows = [
        {**row, "state": worst.get(row["source_id"], "ok")} for row in edition.rows(sql("scorecards"), window.sql())
    ]
    rows.sort(key=lambda row: _RANKS.get(row["state"], len(_RANKS)))  # the worst first, else by name
    columns = (
        Column("state", "state", "severity"),
        Column("source_id", "source", "source"),
        Column("spark", "new articles a day", "spark"),
        Column("new_articles", "last 24 h", "number", "new articles in the 24 hours before the last run"),
        Column("articles", "articles", "number"),
        Column("freshness_hours", "newest", "hours", "age of the newest article at the last run"),
        Column("pass_rate", "pass rate", "share", "valid, of the pages that came to parse in the last run"),
        Column("quarantined", "quarantined", "number", "by validate, in the last run"),
        Column("main_reason", "main reason", "reason", "of what the last run dropped"),
        Column("failed_exchange_share", "failed requests", "share"),
        Column("title_null_rate", "no title", "share"),
        Column("authors_null_rate", "no author", "share"),
        Column("published_at_null_rate", "no date", "share"),
        Column("last_run_at", "last run", "time"),
    )
    return Table("scorecards", "Sources", columns, rows)


def completeness(edition: Edition, window: Window) -> Table:
    """What the articles of each day lack, and how long they are."""
    columns = (
        Column("day", "day", "day"),
        Column("articles", "new articles", "number"),
        Column("untitled", "no title", "share"),
        Column("unsigned", "no author", "share"),
        Column("undated", "no date", "share"),
        Column("words", "words an article", "number"),
    )
    return Table("completeness", "What articles lack", columns, edition.rows(sql("completeness"), window.sql()))


def hours(edition: Edition, window: Window) -> Table:
    """When the articles of the window were published: hour and weekday, UTC."""
    rows = edition.rows(
        """
        SELECT isodow(day) AS weekday, hour, sum(articles)::BIGINT AS articles FROM memory.publications
        WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
        GROUP BY ALL ORDER BY 1, 2
        """,
        window.sql(),
    )
    columns = (
        Column("weekday", "weekday (1 is Monday)"),
        Column("hour", "hour, UTC"),
        Column("articles", "articles", "number"),
    )
    return Table("hours", "When it publishes", columns, rows)


def freshness(edition: Edition, window: Window, now: datetime | None = None) -> Table:
    """The age of the newest article at the end of each UTC day; of today, now."""
    end = now or edition.looked_at or edition.published_at
    columns = (
        Column("day", "day", "day"),
        Column("newest_at", "newest article", "time"),
        Column("age_hours", "its age", "hours"),
    )
    rows = edition.rows(sql("freshness"), window.sql(now=end))
    return Table("freshness", "Age of the newest article", columns, rows)


def extractors(edition: Edition, window: Window) -> Table:
    """What took the text out of the pages, as shares of each day."""
    rows = edition.rows(
        """
        SELECT day, extractor, articles, articles / sum(articles) OVER (PARTITION BY day) AS share
        FROM (
            SELECT day, extractor, sum(articles)::BIGINT AS articles FROM memory.extractors
            WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
            GROUP BY ALL
        )
        ORDER BY day, articles DESC, extractor
        """,
        window.sql(),
    )
    columns = (
        Column("day", "day", "day"),
        Column("extractor", "extractor"),
        Column("articles", "articles", "number"),
        Column("share", "share", "share"),
    )
    return Table("extractors", "How the text was found", columns, rows)


@router.get("/sources")
def list_page(ask: Ask) -> Response:
    """All sources."""
    table = ask.edition.once(("scorecards", ask.window), lambda: scorecards(ask.edition, ask.window))
    return ask.page("sources.html", "sources", "Sources", table=table)


@router.get("/sources/{source_id}")
def source_page(ask: Ask, source_id: str) -> Response:
    """One source."""
    if source_id not in ask.edition.sources:
        raise HTTPException(404, "no such source")
    window = ask.window.of(source_id)
    shown = ask.edition.once(("source", window, ask.today), lambda: _charts(ask, window))
    return ask.page(
        "source.html",
        "sources",
        ask.edition.sources[source_id],
        source_id=source_id,
        facts=_facts(ask.edition, source_id),
        concerns=concerns(ask.edition, window),
        latest=articles.latest(ask.edition, window),
        **shown,
    )


def _charts(ask: Asked, window: Window) -> dict[str, Any]:
    edition, today = ask.edition, ask.today
    lacks = completeness(edition, window)
    card = next(iter(scorecards(edition, window).rows), None)
    lacking = [Series("untitled", "no title", "line"), Series("unsigned", "no author", "line")]
    return {
        "card": card,
        "baseline": _baseline(edition, window),
        "volume": volume_chart(edition, window, today),
        "lacks": by_day(lacks, window, today, [*lacking, Series("undated", "no date", "line")], unit="%"),
        "length": by_day(
            _named(lacks, "Words an article"), window, today, [Series("words", "words an article", "line")]
        ),
        "freshness": by_day(
            freshness(edition, window, ask.now), window, today, [Series("age_hours", "age, hours", "line")], unit="h"
        ),
        "hours": hour_by_weekday(hours(edition, window)),
        "drops": rejections.drops_chart(edition, window, today),
        "layout": _layout(extractors(edition, window), window, today),
    }


def _named(table: Table, title: str) -> Table:
    return Table(table.name, title, table.columns, table.rows)


def _layout(table: Table, window: Window, today: date) -> Chart:
    """A colour an extractor, and a mark on each day on which the mix turned: the pages may look different since."""
    mixes: dict[date, dict[str, Any]] = defaultdict(dict)
    counts: dict[date, int] = defaultdict(int)
    for row in table.rows:
        mixes[row["day"]][row["extractor"]] = row["share"]
        counts[row["day"]] += row["articles"]
    names = sorted({row["extractor"] for row in table.rows})
    wide = Table(table.name, table.title, table.columns, [{"day": day, **mix} for day, mix in mixes.items()])
    marks = [(day, "layout?") for day in _turns(mixes, counts)]
    chart = by_day(wide, window, today, [Series(n, n, stack="all") for n in names], unit="%", marks=marks)
    return Chart(table, chart.spec, chart.says)


def _turns(mixes: dict[date, dict[str, float]], counts: dict[date, int]) -> list[date]:
    """The days whose mix differs by `_DRIFT` or more from that of the day before of which one could be taken."""
    days = [day for day in sorted(mixes) if counts[day] >= _FEWEST]
    turned = []
    for before, day in pairwise(days):
        names = mixes[before].keys() | mixes[day].keys()
        moved = sum(abs(mixes[day].get(name, 0.0) - mixes[before].get(name, 0.0)) for name in names) / 2
        if moved >= _DRIFT:
            turned.append(day)
    return turned


def _baseline(edition: Edition, window: Window) -> Table:
    """The shares of the last seven days beside those of the four weeks before them."""
    last = window.last
    recent = Window(last - timedelta(days=6), last, window.sources)
    past = Window(recent.first - timedelta(days=_BASELINE_DAYS), recent.first - timedelta(days=1), window.sources)
    now, before = (_shares(completeness(edition, span).rows) for span in (recent, past))
    labels = {"untitled": "no title", "unsigned": "no author", "undated": "no date"}
    rows = [{"field": label, "recent": now.get(key), "usual": before.get(key)} for key, label in labels.items()]
    columns = (
        Column("field", "articles with"),
        Column("recent", "last 7 days", "share"),
        Column("usual", "28 days before", "share"),
    )
    return Table("baseline", "Against its own past", columns, rows)


def _shares(rows: list[dict[str, Any]]) -> dict[str, float]:
    total = sum(row["articles"] for row in rows)
    names = ("untitled", "unsigned", "undated")
    return {name: sum(row[name] * row["articles"] for row in rows) / total for name in names} if total else {}


def _facts(edition: Edition, source_id: str) -> dict[str, Any]:
    (facts,) = edition.rows("SELECT * FROM sources WHERE id = $id", {"id": source_id})
    return facts
