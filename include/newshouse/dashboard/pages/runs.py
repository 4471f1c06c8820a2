"""The runs: what each brought, how its stages followed each other, and where rows were dropped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import SOURCE, Column, Row, question

router = APIRouter()
_STAGES = {"discover": "discovered", "fetch": "fetched", "parse": "parsed", "validate": "valid", "load": "loaded"}
_COUNTS = ("listed", "fetched", "parsed", "loaded", "dropped")
_COLUMNS = (
    Column("run_id", "run", "run"),
    Column("ended_at", "ended", "time"),
    Column("sources", "sources", "number"),
    Column("listed", "listed", "number"),
    Column("discovered", "discovered", "number"),
    Column("fetched", "fetched", "number"),
    Column("parsed", "parsed", "number"),
    Column("valid", "valid", "number"),
    Column("loaded", "loaded", "number"),
    Column("dropped", "dropped", "number", "in all stages, each a row of rejections"),
    Column("pass_rate", "pass rate", "share", "valid, of the pages that came to parse"),
    Column("bytes", "read", "bytes"),
    Column("seconds", "work", "seconds", "sum of the times of all stages and batches"),
)


@question("runs", "Runs", _COLUMNS, empty="No run ended in these days.")
def runs(ask: Asked) -> list[Row]:
    """One row a run, the latest first."""
    return ask.edition.rows(sql("runs"), ask.window.sql())


@question("all-runs", "Last runs", _COLUMNS, empty="No run has ended yet.")
def all_runs(ask: Asked) -> list[Row]:
    """The same whatever the days: of the window only its sources matter."""
    return ask.edition.rows(sql("runs"), ask.window.sql(first=date.min, last=date.max))


@question(
    "funnel",
    "The way through the run",
    (
        Column("stage", "stage"),
        Column("in_count", "in", "number"),
        Column("out_count", "out", "number"),
        Column("duplicate_count", "known or unchanged", "number"),
        Column("rejected_count", "dropped", "number"),
        Column("reasons", "why", "reasons"),
    ),
    keys=("run",),
)
def funnel(ask: Asked) -> list[Row]:
    """What each stage of a run let through, what was known, and what it dropped by reason."""
    given = {"run": ask.parameter("run"), "sources": list(ask.window.sources)}
    rows = ask.edition.rows(sql("funnel"), given)
    return [{**row, "label": _STAGES.get(row["stage"], row["stage"])} for row in rows]


@question(
    "stages",
    "Stages and batches",
    (
        Column("stage", "stage"),
        Column("batch", "batch"),
        Column("began_at", "began", "time"),
        Column("seconds", "took", "seconds"),
        Column("in_count", "in", "number"),
        Column("out_count", "out", "number"),
        Column("rejected_count", "dropped", "number"),
        Column("bytes", "bytes", "bytes"),
        Column("a_second", "rows a second", "number"),
        Column("task_log", "log", "log", "of the task in Airflow that ran it"),
    ),
    keys=("run",),
)
def stages(ask: Asked) -> list[Row]:
    """One row a stage and batch of a run."""
    return ask.edition.rows(
        """
        SELECT
            stage, batch, max(seconds) AS seconds, max(finished_at) AS finished_at,
            max(finished_at) - to_microseconds((1e6 * max(seconds))::BIGINT) AS began_at,
            sum(in_count)::BIGINT AS in_count, sum(out_count)::BIGINT AS out_count,
            sum(rejected_count)::BIGINT AS rejected_count, sum(bytes)::BIGINT AS bytes,
            sum(in_count) / nullif(max(seconds), 0) AS a_second, any_value(task_log) AS task_log
        FROM memory.stages WHERE run_id = $run GROUP BY ALL ORDER BY finished_at, batch
        """,
        {"run": ask.parameter("run")},
    )


@question("run-sources", "By source", (SOURCE, *(Column(name, name, "number") for name in _COUNTS)), keys=("run",))
def by_source(ask: Asked) -> list[Row]:
    """One row a source of a run."""
    return ask.edition.rows(
        """
        SELECT
            source_id,
            sum(in_count) FILTER (stage = 'discover')::BIGINT AS listed,
            sum(out_count) FILTER (stage = 'fetch')::BIGINT AS fetched,
            sum(out_count) FILTER (stage = 'parse')::BIGINT AS parsed,
            sum(out_count) FILTER (stage = 'load')::BIGINT AS loaded,
            sum(rejected_count)::BIGINT AS dropped
        FROM memory.stages WHERE run_id = $run GROUP BY source_id ORDER BY source_id
        """,
        {"run": ask.parameter("run")},
    )


@router.get("/runs")
def list_page(ask: Ask) -> Response:
    """All runs of the window."""
    return ask.page("runs.html", "runs", "Runs", table=runs(ask))


@router.get("/runs/{run_id}")
def run_page(ask: Ask, run_id: str) -> Response:
    """One run."""
    asked = ask.about(run=run_id)
    done = stages(asked)
    if not done.rows:
        raise HTTPException(404, "no such run")
    return ask.page(
        "run.html",
        "runs",
        f"Run {run_id}",
        funnel=funnel(asked),
        timeline=_timeline(done.rows),
        stages=done,
        sources=by_source(asked),
    )


def _timeline(done: list[Row]) -> dict[str, Any]:
    """A lane a batch, with each stage from its beginning to its end in seconds since the first began."""
    began = min(stage["began_at"] for stage in done)
    whole = max((max(stage["finished_at"] for stage in done) - began).total_seconds(), 0.001)
    lanes: dict[str, list[Row]] = {}
    for stage in done:
        start = (stage["began_at"] - began).total_seconds()
        lanes.setdefault(stage["batch"], []).append({**stage, "start": start})
    ticks = [began + timedelta(seconds=whole * part / 4) for part in range(5)]
    return {"lanes": dict(sorted(lanes.items())), "whole": whole, "ticks": ticks}
