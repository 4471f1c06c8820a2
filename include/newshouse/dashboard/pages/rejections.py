"""What did not become a row, and why; the archived page beside what the parser made of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.archived import archived_page
from newshouse.dashboard.charts import Chart, Series, by_day
from newshouse.dashboard.export import stream
from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.published import Edition
from newshouse.dashboard.table import Column, Table
from newshouse.dashboard.window import Window

router = APIRouter()
PAGE_ROWS = 100
_MOST_REASONS = 8  # colours that an eye tells apart; the rest is drawn as one
_FILTER = """
FROM rejections
WHERE (rejected_at AT TIME ZONE 'UTC')::DATE BETWEEN $first AND $last
    AND (len($sources) = 0 OR list_contains($sources, source_id))
    AND ($stage = '' OR stage = $stage)
    AND ($reason = '' OR list_contains(reasons, $reason))
    AND ($q = '' OR contains(lower(coalesce(url, '')), lower($q)) OR contains(lower(coalesce(detail, '')), lower($q)))
"""
_COLUMNS = (
    Column("reasons", "why", "reasons"),
    Column("detail", "in words"),
    Column("url", "page", "rejection"),
    Column("source_id", "source", "source"),
    Column("stage", "stage"),
    Column("rejected_at", "rejected", "time"),
)


def drops(edition: Edition, window: Window) -> Table:
    """Rejections a day, stage and reason."""
    rows = edition.rows(
        """
        SELECT day, stage, reason, sum(pages)::BIGINT AS pages FROM memory.drops
        WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
        GROUP BY ALL ORDER BY day, sum(pages) DESC, reason
        """,
        window.sql(),
    )
    columns = (
        Column("day", "day", "day"),
        Column("stage", "stage"),
        Column("reason", "reason", "reason"),
        Column("pages", "pages", "number"),
    )
    return Table("drops", "Rejections a day, by reason", columns, rows)


def drops_chart(edition: Edition, window: Window, today: date) -> Chart:
    """A colour a reason, the commonest first; the rare ones together."""
    table = edition.once(("drops", window), lambda: drops(edition, window))
    totals: dict[str, int] = {}
    for row in table.rows:
        totals[row["reason"]] = totals.get(row["reason"], 0) + row["pages"]
    common = sorted(totals, key=lambda reason: (-totals[reason], reason))[:_MOST_REASONS]
    days: dict[date, dict[str, Any]] = {}
    for row in table.rows:
        day = days.setdefault(row["day"], {"day": row["day"]})
        name = row["reason"] if row["reason"] in common else "others"
        day[name] = day.get(name, 0) + row["pages"]
    names = [*common, *(["others"] if len(totals) > len(common) else [])]
    wide = Table(table.name, table.title, table.columns, list(days.values()))
    drawn = by_day(wide, window, today, [Series(name, name.replace("_", " "), stack="all") for name in names])
    return Chart(table, drawn.spec, drawn.says)


@router.get("/export/rejections.csv")
def whole(ask: Ask) -> Response:
    """Every rejection that the filters of the address leave, the latest first."""
    return stream("rejections", _FILE_COLUMNS, ask.edition.stream(f"{_SELECT} {_FILTER} {_ORDER}", _given(ask)))


_FILE_COLUMNS = (
    "rejection_id", "run_id", "source_id", "stage", "reasons", "detail", "url", "article_id", "warc_file",
    "warc_offset", "rejected_at", "released_at",
)  # fmt: skip
_SELECT = "SELECT * EXCLUDE (row_json)"
_ORDER = "ORDER BY rejected_at DESC, rejection_id"


def _given(ask: Asked) -> dict[str, Any]:
    return ask.window.sql(stage=ask.parameter("stage"), reason=ask.parameter("reason"), q=ask.parameter("q"))


@router.get("/rejections")
def list_page(ask: Ask) -> Response:
    """The rejections that the filters leave."""
    start = ask.offset(PAGE_ROWS)
    total = ask.edition.rows(f"SELECT count(*) AS rows {_FILTER}", _given(ask))[0]["rows"]
    page = f"{_SELECT} {_FILTER} {_ORDER} LIMIT $limit OFFSET $start"
    rows = ask.edition.rows(page, _given(ask) | {"limit": PAGE_ROWS, "start": start})
    return ask.page(
        "rejections.html",
        "rejections",
        "Rejections",
        table=Table("rejections", "Rejections", _COLUMNS, rows),
        drops=drops_chart(ask.edition, ask.window, ask.today),
        reasons=ask.edition.rows(
            "SELECT reason, sum(pages) AS n FROM memory.drops GROUP BY ALL ORDER BY n DESC, reason"
        ),
        filters={name: ask.parameter(name) for name in ("stage", "reason", "q")},
        total=total,
        start=start,
        page_rows=PAGE_ROWS,
    )


@router.get("/rejections/{rejection_id}")
def rejection_page(ask: Ask, rejection_id: str) -> Response:
    """One rejection."""
    row = _one(ask.edition, rejection_id)
    parsed = json.loads(row["row_json"]) if row["row_json"] else None
    return ask.page(
        "rejection.html",
        "rejections",
        row["url"] or "Rejection",
        row=row,
        parsed=parsed,
        paragraphs=_paragraphs(parsed),
    )


@router.get("/rejections/{rejection_id}/archived")
def archived(ask: Ask, rejection_id: str) -> Response:
    """The page as it was captured."""
    return archived_page(ask.dashboard.layout, _one(ask.edition, rejection_id))


def _one(edition: Edition, rejection_id: str) -> dict[str, Any]:
    found = edition.rows("SELECT * FROM rejections WHERE rejection_id = $id", {"id": rejection_id})
    if not found:
        raise HTTPException(404, "no such rejection")
    return found[0]


def _paragraphs(parsed: dict[str, Any] | None) -> list[dict[str, str]]:
    return (parsed or {}).get("paragraphs") or []
