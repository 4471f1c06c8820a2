"""The checks: what is checked, what fails now, and the history of each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.charts import Series, by_day
from newshouse.dashboard.concerns import concerns
from newshouse.dashboard.frame import Ask
from newshouse.dashboard.pages.incidents import incidents
from newshouse.dashboard.published import Edition
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import Column, Table
from newshouse.dashboard.window import Window

router = APIRouter()
_MOST_SHOWN = 200  # results on a page; its CSV has all


def checks(edition: Edition, window: Window) -> Table:
    """One row a check."""
    columns = (
        Column("check_name", "check", "check"),
        Column("suite", "suite"),
        Column("severity", "severity", "text", "what a failure would mean"),
        Column("failing", "failing now", "number", "sources whose latest result is not a pass"),
        Column("passing", "passing now", "number"),
        Column("failures", "failures", "number", "in the days shown"),
        Column("spark", "failures a day", "spark"),
        Column("checked_at", "checked", "time"),
    )
    return Table("checks", "Checks", columns, edition.rows(sql("checks"), window.sql()))


def history(edition: Edition, window: Window, check: str) -> Table:
    """Every result of one check in the window, the latest first."""
    rows = edition.rows(
        """
        SELECT status, source_id, value, threshold, failed_count, row_count, detail, run_id, checked_at, day
        FROM memory.verdicts
        WHERE check_name = $check AND day BETWEEN $first AND $last
            AND (len($sources) = 0 OR list_contains($sources, source_id))
        ORDER BY checked_at DESC, status, source_id
        """,
        window.sql(check=check),
    )
    columns = (
        Column("status", "result", "status"),
        Column("source_id", "source", "source"),
        Column("value", "measured", "number"),
        Column("threshold", "expected"),
        Column("failed_count", "rows failed", "number"),
        Column("row_count", "of rows", "number"),
        Column("detail", "in words"),
        Column("run_id", "run", "run"),
        Column("checked_at", "checked", "time"),
    )
    return Table("check", f"Results of {check}", columns, rows)


@router.get("/checks")
def list_page(ask: Ask) -> Response:
    """All checks."""
    table = ask.edition.once(("checks", ask.window), lambda: checks(ask.edition, ask.window))
    return ask.page(
        "checks.html",
        "checks",
        "Checks and incidents",
        table=table,
        concerns=concerns(ask.edition, ask.window),
        incidents=incidents(ask.edition, ask.window),
    )


@router.get("/checks/{check}")
def check_page(ask: Ask, check: str) -> Response:
    """One check."""
    if not ask.edition.rows("SELECT 1 FROM memory.verdicts WHERE check_name = $check LIMIT 1", {"check": check}):
        raise HTTPException(404, "no such check")
    key = ("history", ask.window, check)
    whole = ask.edition.once(key, lambda: history(ask.edition, ask.window, check))
    shown = Table(whole.name, whole.title, whole.columns, whole.rows[:_MOST_SHOWN])
    series = [Series("failed", "failed", stack="all"), Series("passed", "passed", stack="all")]
    chart = by_day(_counts(whole), ask.window, ask.today, series)
    values = None
    if len(ask.window.sources) == 1:
        measured = Table("check", "Measured", whole.columns, _one_a_day(whole.rows))
        values = by_day(measured, ask.window, ask.today, [Series("value", "measured", "line")])
    return ask.page(
        "check.html",
        "checks",
        check,
        check=check,
        table=shown,
        total=len(whole.rows),
        results=chart,
        values=values,
        failing=_failing_articles(ask.edition, ask.window, check),
    )


def _counts(whole: Table) -> Table:
    days: dict[Any, dict[str, Any]] = {}
    for row in whole.rows:
        day = days.setdefault(row["day"], {"day": row["day"], "passed": 0, "failed": 0})
        day["passed" if row["status"] == "pass" else "failed"] += 1
    columns = (Column("day", "day", "day"), Column("failed", "failed", "number"), Column("passed", "passed", "number"))
    return Table("check", "Results a day", columns, sorted(days.values(), key=lambda row: row["day"]))


def _one_a_day(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    latest: dict[Any, dict[str, Any]] = {}
    for row in rows:  # the latest first
        latest.setdefault(row["day"], row)
    return list(latest.values())


def _failing_articles(edition: Edition, window: Window, check: str) -> Table:
    """The articles that the failures of the window name: at most 100 a check result are kept."""
    rows = edition.rows(
        """
        WITH named AS (
            SELECT DISTINCT unnest(failing_ids) AS article_id FROM checks
            WHERE check_name = $check AND status <> 'pass' AND len(failing_ids) > 0
                AND (checked_at AT TIME ZONE 'UTC')::DATE BETWEEN $first AND $last
                AND (len($sources) = 0 OR list_contains($sources, source_id))
            LIMIT 100
        )
        SELECT article_id, title, source_id, published_at FROM articles SEMI JOIN named USING (article_id)
        ORDER BY published_at DESC NULLS LAST, article_id
        """,
        window.sql(check=check),
    )
    columns = (
        Column("title", "article", "article"),
        Column("source_id", "source", "source"),
        Column("published_at", "published", "time"),
    )
    return Table("failing", "Articles that failed", columns, rows)
