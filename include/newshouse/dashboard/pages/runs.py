"""The runs: what each brought, how its stages followed each other, and where rows were dropped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.frame import Ask
from newshouse.dashboard.published import Edition
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import Column, Table
from newshouse.dashboard.window import Window

router = APIRouter()
_STAGES = {"discover": "discovered", "fetch": "fetched", "parse": "parsed", "validate": "valid", "load": "loaded"}


def runs(edition: Edition, window: Window) -> Table:
    """One row a run, the latest first."""
    columns = (
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
    return Table("runs", "Runs", columns, edition.rows(sql("runs"), window.sql()))


def funnel(edition: Edition, window: Window, run_id: str) -> Table:
    """What each stage of a run let through, what was known, and what it dropped by reason."""
    given = {"run": run_id, "sources": list(window.sources)}
    rows = edition.once(("funnel", run_id, window.sources), lambda: edition.rows(sql("funnel"), given))
    columns = (
        Column("stage", "stage"),
        Column("in_count", "in", "number"),
        Column("out_count", "out", "number"),
        Column("duplicate_count", "known or unchanged", "number"),
        Column("rejected_count", "dropped", "number"),
        Column("reasons", "why", "reasons"),
    )
    shown = [{**row, "label": _STAGES.get(row["stage"], row["stage"])} for row in rows]
    return Table("funnel", f"The way through run {run_id}", columns, shown)


@router.get("/runs")
def list_page(ask: Ask) -> Response:
    """All runs of the window."""
    table = ask.edition.once(("runs", ask.window), lambda: runs(ask.edition, ask.window))
    most = max((row["seconds"] or 0 for row in table.rows), default=0)
    return ask.page("runs.html", "runs", "Runs", table=table, most=most)


@router.get("/runs/{run_id}")
def run_page(ask: Ask, run_id: str) -> Response:
    """One run."""
    stages = _stages(ask.edition, run_id)
    if not stages:
        raise HTTPException(404, "no such run")
    return ask.page(
        "run.html",
        "runs",
        f"Run {run_id}",
        run_id=run_id,
        funnel=funnel(ask.edition, ask.window, run_id),
        timeline=_timeline(stages),
        stages=Table("stages", "Stages and batches", _STAGE_COLUMNS, stages),
        sources=_sources(ask.edition, run_id),
    )


_STAGE_COLUMNS = (
    Column("stage", "stage"),
    Column("batch", "batch"),
    Column("began_at", "began", "time"),
    Column("seconds", "took", "seconds"),
    Column("in_count", "in", "number"),
    Column("out_count", "out", "number"),
    Column("rejected_count", "dropped", "number"),
    Column("bytes", "bytes", "bytes"),
    Column("a_second", "rows a second", "number"),
)


def _stages(edition: Edition, run_id: str) -> list[dict[str, Any]]:
    return edition.rows(
        """
        SELECT
            stage, batch, max(seconds) AS seconds, max(finished_at) AS finished_at,
            max(finished_at) - to_microseconds((1e6 * max(seconds))::BIGINT) AS began_at,
            sum(in_count)::BIGINT AS in_count, sum(out_count)::BIGINT AS out_count,
            sum(rejected_count)::BIGINT AS rejected_count, sum(bytes)::BIGINT AS bytes,
            sum(in_count) / nullif(max(seconds), 0) AS a_second
        FROM memory.stages WHERE run_id = $run GROUP BY ALL ORDER BY finished_at, batch
        """,
        {"run": run_id},
    )


def _timeline(stages: list[dict[str, Any]]) -> dict[str, Any]:
    """A lane a batch, with each stage from its beginning to its end in seconds since the first began."""
    began = min(stage["began_at"] for stage in stages)
    whole = max((max(stage["finished_at"] for stage in stages) - began).total_seconds(), 0.001)
    lanes: dict[str, list[dict[str, Any]]] = {}
    for stage in stages:
        start = (stage["began_at"] - began).total_seconds()
        lanes.setdefault(stage["batch"], []).append({**stage, "start": start})
    ticks = [began + timedelta(seconds=whole * part / 4) for part in range(5)]
    return {"lanes": dict(sorted(lanes.items())), "whole": whole, "ticks": ticks}


def _sources(edition: Edition, run_id: str) -> Table:
    rows = edition.rows(
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
        {"run": run_id},
    )
    names = ("listed", "fetched", "parsed", "loaded", "dropped")
    columns = (Column("source_id", "source", "source"), *(Column(name, name, "number") for name in names))
    return Table("run_sources", "By source", columns, rows)
