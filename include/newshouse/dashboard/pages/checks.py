"""The checks: what is checked, what fails now, and the history of each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.charts import Series, by_day
from newshouse.dashboard.concerns import concerns
from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.pages.incidents import incidents
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import ARTICLE, DAY, PUBLISHED, SOURCE, Column, Row, question

router = APIRouter()
_MOST_SHOWN = 100  # rows of each table on a page; the CSV has all


@question(
    "checks",
    "All checks",
    (
        Column("check_name", "check", "check"),
        Column("suite", "suite"),
        Column("severity", "severity", "text", "what a failure would mean"),
        Column("failing", "failing now", "number", "sources whose latest result is not a pass"),
        Column("passing", "passing now", "number"),
        Column("failures", "failures", "number", "in the days shown"),
        Column("spark", "failures a day", "spark"),
        Column("checked_at", "checked", "time"),
    ),
    empty="Nothing has been checked yet.",
)
def checks(ask: Asked) -> list[Row]:
    """One row a check."""
    return ask.edition.rows(sql("checks"), ask.window.sql())


@question(
    "check",
    "Results",
    (
        Column("status", "result", "status"),
        SOURCE,
        Column("value", "measured", "number"),
        Column("threshold", "expected"),
        Column("failed_count", "rows failed", "number"),
        Column("row_count", "of rows", "number"),
        Column("detail", "in words"),
        Column("run_id", "run", "run"),
        Column("checked_at", "checked", "time"),
    ),
    keys=("check",),
    empty="It was not run in these days.",
)
def history(ask: Asked) -> list[Row]:
    """Every result of one check in the window, the latest first."""
    return ask.edition.rows(
        """
        SELECT status, source_id, value, threshold, failed_count, row_count, detail, run_id, checked_at, day
        FROM memory.verdicts
        WHERE check_name = $check AND day BETWEEN $first AND $last
            AND (len($sources) = 0 OR list_contains($sources, source_id))
        ORDER BY checked_at DESC, status, source_id
        """,
        ask.window.sql(check=ask.parameter("check")),
    )


@question(
    "check-days",
    "Results a day",
    (DAY, Column("failed", "failed", "number"), Column("passed", "passed", "number")),
    keys=("check",),
)
def results_a_day(ask: Asked) -> list[Row]:
    """How many results of one check failed and passed on each day."""
    days: dict[Any, Row] = {}
    for row in reversed(history(ask).rows):
        day = days.setdefault(row["day"], {"day": row["day"], "passed": 0, "failed": 0})
        day["passed" if row["status"] == "pass" else "failed"] += 1
    return list(days.values())


@question("failing", "Articles that failed", (ARTICLE, SOURCE, PUBLISHED), keys=("check",))
def failing(ask: Asked) -> list[Row]:
    """The articles that the failures of the window name, the latest first. A check keeps 100 ids a result at most."""
    return ask.edition.rows(
        """
        WITH named AS (
            SELECT DISTINCT unnest(failing_ids) AS article_id FROM checks
            WHERE check_name = $check AND status <> 'pass' AND len(failing_ids) > 0
                AND (checked_at AT TIME ZONE 'UTC')::DATE BETWEEN $first AND $last
                AND (len($sources) = 0 OR list_contains($sources, source_id))
        )
        SELECT article_id, title, source_id, published_at FROM articles SEMI JOIN named USING (article_id)
        ORDER BY published_at DESC NULLS LAST, article_id
        """,
        ask.window.sql(check=ask.parameter("check")),
    )


@router.get("/checks")
def list_page(ask: Ask) -> Response:
    """All checks."""
    return ask.page(
        "checks.html",
        "checks",
        "Checks and incidents",
        table=checks(ask),
        concerns=concerns(ask),
        incidents=incidents(ask),
    )


@router.get("/checks/{check}")
def check_page(ask: Ask, check: str) -> Response:
    """One check."""
    if not ask.edition.rows("SELECT 1 FROM memory.verdicts WHERE check_name = $check LIMIT 1", {"check": check}):
        raise HTTPException(404, "no such check")
    asked = ask.about(check=check)
    whole, window = history(asked), ask.window
    series = [
        Series("failed", "failed", stack="all", colour="bad"),
        Series("passed", "passed", stack="all", colour="c9"),
    ]
    values = None
    if len(window.sources) == 1:
        measured = [Series("value", "measured", "line")]
        values = by_day(whole, window, ask.today, measured, title="Measured", pivot=_one_a_day(whole.rows))
    return ask.page(
        "check.html",
        "checks",
        check,
        check=check,
        table=whole,
        shown=_MOST_SHOWN,
        results=by_day(results_a_day(asked), window, ask.today, series),
        values=values,
        failing=failing(asked),
    )


def _one_a_day(rows: list[Row]) -> list[Row]:
    latest: dict[Any, Row] = {}
    for row in rows:  # the latest first
        latest.setdefault(row["day"], row)
    return list(latest.values())
