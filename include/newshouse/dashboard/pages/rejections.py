"""What did not become a row, and why; the archived page beside what the parser made of it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.archived import archived_page
from newshouse.dashboard.charts import Chart, Series, by_day
from newshouse.dashboard.decisions import MOST_ROWS
from newshouse.dashboard.export import stream
from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.published import Edition
from newshouse.dashboard.table import DAY, SOURCE, Column, Row, Table, question
from newshouse.ids import article_id
from newshouse.validate.reasons import explain
from newshouse.warehouse.quarantine import STAGES

router = APIRouter()
PAGE_ROWS = MOST_ROWS  # who ticks all of a page can decide on all of it
_MOST_REASONS = 8  # colours that an eye tells apart; the rest is drawn as one
_FILTERS = ("stage", "reason", "decided", "q")
_SELECT = f"SELECT * EXCLUDE (row_json), resolution IS NULL AND stage IN {STAGES} AS open"
_FILTER = f"""
FROM rejections
WHERE (rejected_at AT TIME ZONE 'UTC')::DATE BETWEEN $first AND $last
    AND (len($sources) = 0 OR list_contains($sources, source_id))
    AND ($stage = '' OR stage = $stage)
    AND ($reason = '' OR list_contains(reasons, $reason))
    AND ($decided <> 'no' OR (resolution IS NULL AND stage IN {STAGES}))
    AND ($decided <> 'yes' OR resolution IS NOT NULL)
    AND ($q = '' OR contains(lower(coalesce(url, '')), lower($q)) OR contains(lower(coalesce(detail, '')), lower($q)))
"""
_ORDER = "ORDER BY rejected_at DESC, rejection_id"
_COLUMNS = (
    Column("reasons", "why", "reasons"),
    Column("detail", "in words"),
    Column("url", "page", "rejection"),
    SOURCE,
    Column("stage", "stage"),
    Column("rejected_at", "rejected", "time"),
    Column("resolution", "decided", "status"),
)
_FILE_COLUMNS = (
    "rejection_id", "run_id", "source_id", "stage", "reasons", "detail", "url", "article_id", "warc_file",
    "warc_offset", "rejected_at", "released_at", "resolution", "events",
)  # fmt: skip


@question(
    "drops",
    "Rejections a day, by reason",
    (DAY, Column("stage", "stage"), Column("reason", "reason", "reason"), Column("pages", "pages", "number")),
)
def drops(ask: Asked) -> list[Row]:
    """Rejections a day, stage and reason."""
    return ask.edition.rows(
        """
        SELECT day, stage, reason, sum(pages)::BIGINT AS pages FROM memory.drops
        WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
        GROUP BY ALL ORDER BY day, sum(pages) DESC, reason
        """,
        ask.window.sql(),
    )


@question("same-page", "The same page at other times", _COLUMNS, keys=("rejection",))
def same_page(ask: Asked) -> list[Row]:
    """The other rejections of a page, the latest first."""
    row = _one(ask.edition, ask.parameter("rejection"))
    query = f"{_SELECT} FROM rejections WHERE url_key = $key AND rejection_id <> $id {_ORDER}"
    return ask.edition.rows(query, {"key": row["url_key"], "id": row["rejection_id"]}) if row["url_key"] else []


def drops_chart(ask: Asked) -> Chart:
    """A colour a reason, the commonest first; the rare ones together."""
    table, totals = drops(ask), Counter[str]()
    for row in table.rows:
        totals[row["reason"]] += row["pages"]
    common = sorted(totals, key=lambda reason: (-totals[reason], reason))[:_MOST_REASONS]
    days: dict[date, Row] = {}
    for row in table.rows:
        day = days.setdefault(row["day"], {"day": row["day"]})
        name = row["reason"] if row["reason"] in common else "others"
        day[name] = day.get(name, 0) + row["pages"]
    names = [*common, *(["others"] if len(totals) > len(common) else [])]
    series = [Series(name, name.replace("_", " "), stack="all") for name in names]
    return by_day(table, ask.window, ask.today, series, pivot=list(days.values()))


@router.get("/export/rejections.csv")
def whole(ask: Ask) -> Response:
    """Every rejection that the filters of the address leave, the latest first."""
    return stream("rejections", _FILE_COLUMNS, ask.edition.stream(f"{_SELECT} {_FILTER} {_ORDER}", _given(ask)))


def _given(ask: Asked) -> dict[str, Any]:
    return ask.window.sql(**{name: ask.parameter(name) for name in _FILTERS})


@router.get("/rejections")
def list_page(ask: Ask) -> Response:
    """The rejections that the filters leave."""
    given = _given(ask)
    total = ask.edition.rows(f"SELECT count(*) AS rows {_FILTER}", given)[0]["rows"]
    page = f"{_SELECT} {_FILTER} {_ORDER} LIMIT $limit OFFSET $start"
    rows = ask.edition.rows(page, given | {"limit": PAGE_ROWS, "start": ask.offset(PAGE_ROWS)})
    filters = {name: given[name] for name in _FILTERS}
    choosing = (Column("open", "", "choice"),) if ask.may_act and any(row["open"] for row in rows) else ()
    return ask.page(
        "rejections.html",
        "rejections",
        "Rejections",
        table=Table("rejections", "Rejections", (*choosing, *_COLUMNS), rows),
        list=ask.listing("rejections", rows, total, PAGE_ROWS, filters),
        choosing=bool(choosing),
        drops=drops_chart(ask),
        reasons=ask.edition.once("reasons", lambda: ask.edition.rows(_REASONS)),
    )


_REASONS = "SELECT reason, sum(pages) AS n FROM memory.drops GROUP BY ALL ORDER BY n DESC, reason"


@router.get("/rejections/{rejection_id}")
def rejection_page(ask: Ask, rejection_id: str) -> Response:
    """One rejection, with everything that was decided on it."""
    row = _one(ask.edition, rejection_id)
    parsed = json.loads(row["row_json"]) if row["row_json"] else None
    return ask.page(
        "rejection.html",
        "rejections",
        row["url"] or "Rejection",
        row=row,
        explained=[(name, explain(row["stage"], name)) for name in row["reasons"]],
        parsed=parsed,
        paragraphs=(parsed or {}).get("paragraphs") or [],
        open=row["resolution"] is None and row["stage"] in STAGES,
        article=_article(ask.edition, row),
        others=same_page(ask.about(rejection=rejection_id)),
    )


@router.get("/rejections/{rejection_id}/archived")
def archived(ask: Ask, rejection_id: str) -> Response:
    """The page as it was captured."""
    return archived_page(ask.dashboard.layout, _one(ask.edition, rejection_id))


def _one(edition: Edition, rejection_id: str) -> Row:
    found = edition.rows("SELECT * FROM rejections WHERE rejection_id = $id", {"id": rejection_id})
    if not found:
        raise HTTPException(404, "no such rejection")
    return found[0]


def _article(edition: Edition, row: Row) -> str | None:
    """The id of the article, if the page has become one: by this row, or in another run."""
    wanted = article_of(row)
    return wanted if wanted and edition.rows("SELECT 1 FROM articles WHERE article_id = $id", {"id": wanted}) else None


def article_of(row: Row) -> str | None:
    """The id that the article of a page has, if it becomes one."""
    known: str | None = row["article_id"] or (article_id(row["url_key"]) if row["url_key"] else None)
    return known
