"""The sources: a scorecard each, and a page on one against its own past."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.charts import Chart, Series, by_day, hour_by_weekday
from newshouse.dashboard.concerns import concerns, states
from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.pages.articles import latest
from newshouse.dashboard.pages.rejections import drops_chart
from newshouse.dashboard.pages.volume import volume_chart
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import DAY, SOURCE, Column, Row, question
from newshouse.dashboard.window import Window

router = APIRouter()
_BASELINE_DAYS = 28
_MAKES, _OTHERS = 6, "others"  # a trial, a live blog and a video beside the old make and the new one
_LEGEND_CHARS = 60
_RANKS = {"critical": 0, "warning": 1, "info": 2}
_LACKS = {"untitled": "no title", "unsigned": "no author", "undated": "no date"}


@question(
    "scorecards",
    "Sources",
    (
        Column("state", "state", "severity"),
        SOURCE,
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
    ),
    empty="No run has asked a source yet.",
)
def scorecards(ask: Asked) -> list[Row]:
    """One row a source: what its last run gave, and how complete its articles are."""
    worst = states(ask.edition)
    rows = ask.edition.rows(sql("scorecards"), ask.window.sql())
    rows = [{**row, "state": worst.get(row["source_id"], "ok")} for row in rows]
    return sorted(rows, key=lambda row: _RANKS.get(row["state"], len(_RANKS)))  # the worst first, else by name


@question(
    "completeness",
    "What articles lack",
    (
        DAY,
        Column("articles", "new articles", "number"),
        *(Column(key, label, "share") for key, label in _LACKS.items()),
        Column("words", "words an article", "number"),
    ),
)
def completeness(ask: Asked) -> list[Row]:
    """What the articles of each day lack, and how long they are."""
    return ask.edition.rows(sql("completeness"), ask.window.sql())


@question(
    "hours",
    "How soon it is here",
    (
        Column("weekday", "weekday (1 is Monday)"),
        Column("hour", "hour, UTC"),
        Column("articles", "articles", "number"),
        Column("delay_hours", "delay", "hours", "from publication to the first capture: the middle day's median"),
    ),
)
def hours(ask: Asked) -> list[Row]:
    """How long articles take from publication to the first capture, by hour and weekday of publication, UTC."""
    return ask.edition.rows(
        """
        SELECT isodow(day) AS weekday, hour, sum(articles)::BIGINT AS articles, median(delay_hours) AS delay_hours
        FROM memory.publications
        WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
        GROUP BY ALL ORDER BY 1, 2
        """,
        ask.window.sql(),
    )


@question(
    "freshness",
    "Age of the newest article",
    (DAY, Column("newest_at", "newest article", "time"), Column("age_hours", "its age", "hours")),
    kept=False,
)
def freshness(ask: Asked) -> list[Row]:
    """The age of the newest article at the end of each UTC day; of today, now."""
    return ask.edition.rows(sql("freshness"), ask.window.sql(now=ask.now))


@question(
    "templates",
    "How its pages are made",
    (
        DAY,
        Column("template", "containers down to the text"),
        Column("articles", "articles", "number"),
        Column("share", "share", "share"),
    ),
)
def templates(ask: Asked) -> list[Row]:
    """The makes of the pages (`articles.template`), as shares of each day."""
    return ask.edition.rows(
        """
        SELECT day, template, articles, articles / sum(articles) OVER (PARTITION BY day) AS share
        FROM (
            SELECT day, template, sum(articles)::BIGINT AS articles FROM memory.templates
            WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
            GROUP BY ALL
        )
        ORDER BY day, articles DESC, template
        """,
        ask.window.sql(),
    )


@question(
    "baseline",
    "Against its own past",
    (
        Column("field", "articles with"),
        Column("recent", "last 7 days", "share"),
        Column("usual", "28 days before", "share"),
    ),
)
def baseline(ask: Asked) -> list[Row]:
    """The shares of the last seven days beside those of the four weeks before them."""
    recent = Window(ask.window.last - timedelta(days=6), ask.window.last, ask.window.sources)
    past = Window(recent.first - timedelta(days=_BASELINE_DAYS), recent.first - timedelta(days=1), recent.sources)
    now, before = (_shares(completeness(ask.of(span)).rows) for span in (recent, past))
    return [{"field": label, "recent": now.get(key), "usual": before.get(key)} for key, label in _LACKS.items()]


def _shares(rows: list[Row]) -> dict[str, float]:
    total = sum(row["articles"] for row in rows)
    return {name: sum(row[name] * row["articles"] for row in rows) / total for name in _LACKS} if total else {}


@router.get("/sources")
def list_page(ask: Ask) -> Response:
    """All sources."""
    return ask.page("sources.html", "sources", "Sources", table=scorecards(ask))


@router.get("/sources/{source_id}")
def source_page(ask: Ask, source_id: str) -> Response:
    """One source."""
    if source_id not in ask.edition.sources:
        raise HTTPException(404, "no such source")
    asked = ask.of(ask.window.of(source_id))
    return ask.page(
        "source.html",
        "sources",
        ask.edition.sources[source_id],
        source_id=source_id,
        facts=_facts(ask, source_id),
        card=next(iter(scorecards(asked).rows), None),
        concerns=concerns(asked),
        latest=latest(asked),
        baseline=baseline(asked),
        **_charts(asked),
    )


def _charts(ask: Asked) -> dict[str, Any]:
    lacks, usual = completeness(ask), {row["field"]: row["usual"] for row in baseline(ask).rows}
    lines = [Series(key, label, "line", usual=usual[label]) for key, label in _LACKS.items()]
    length, age = [Series("words", "words an article", "line")], [Series("age_hours", "age, hours", "line")]
    return {
        "volume": volume_chart(ask),
        "freshness": by_day(freshness(ask), ask.window, ask.today, age, unit="h"),
        "lacks": by_day(lacks, ask.window, ask.today, lines, unit="%"),
        "length": by_day(lacks, ask.window, ask.today, length, title="Words an article"),
        "hours": hour_by_weekday(hours(ask)),
        "drops": drops_chart(ask),
        "layout": _layout(ask),
    }


def _layout(ask: Asked) -> Chart:
    """A colour a make of pages, and a mark on each day on which a check found another layout."""
    table, total = templates(ask), Counter[str]()
    for row in table.rows:
        total[row["template"]] += row["articles"]
    names = {name: name for name, _ in total.most_common(_MAKES)}
    mixes = defaultdict[date, Counter[str]](Counter)
    for row in table.rows:
        mixes[row["day"]][names.get(row["template"], _OTHERS)] += row["share"]
    pivot = [{"day": day, **mix} for day, mix in mixes.items()]
    rest = [Series(_OTHERS, _OTHERS, stack="all")] if len(total) > _MAKES else []
    series = [Series(name, label, stack="all") for name, label in _legend(names).items()] + rest
    marks = [(row["day"], "new layout") for row in ask.edition.rows(_NEW_LAYOUTS, ask.window.sql())]
    return by_day(table, ask.window, ask.today, series, pivot=pivot, unit="%", marks=marks)


def _legend(templates: Iterable[str]) -> dict[str, str]:
    """What a legend has room for: the containers next to the text, which tell makes apart best; numbered, if alike."""
    labels: dict[str, str] = {}
    for template in templates:
        end = template if len(template) <= _LEGEND_CHARS else f"…{template[-_LEGEND_CHARS:]}"
        alike = sum(label.partition(" (")[0] == end for label in labels.values())
        labels[template] = f"{end} ({alike + 1})" if alike else end
    return labels


# The first failure of each row of failures.
_NEW_LAYOUTS = """
SELECT DISTINCT day FROM (
    SELECT day, status, lag(status, 1, 'pass') OVER (PARTITION BY source_id ORDER BY checked_at) AS before
    FROM memory.verdicts
    WHERE check_name = 'layout_drift' AND list_contains($sources, source_id)
)
WHERE status <> 'pass' AND before = 'pass' AND day BETWEEN $first AND $last
ORDER BY day
"""


def _facts(ask: Asked, source_id: str) -> Row:
    (facts,) = ask.edition.rows("SELECT * FROM sources WHERE id = $id", {"id": source_id})
    return facts
