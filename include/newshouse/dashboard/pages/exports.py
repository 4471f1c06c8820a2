"""`/export/NAME.csv`: the tables of the pages as files."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.concerns import concerns
from newshouse.dashboard.export import download
from newshouse.dashboard.frame import Ask
from newshouse.dashboard.pages import checks, incidents, rejections, runs, sources
from newshouse.dashboard.pages.volume import volume
from newshouse.dashboard.table import Question

router = APIRouter()

QUESTIONS: Mapping[str, Question] = {
    "concerns": concerns,
    "volume": volume,
    "runs": runs.runs,
    "scorecards": sources.scorecards,
    "completeness": sources.completeness,
    "hours": sources.hours,
    "freshness": sources.freshness,
    "extractors": sources.extractors,
    "checks": checks.checks,
    "incidents": incidents.incidents,
    "drops": rejections.drops,
}


@router.get("/export/funnel.csv")
def one_funnel(ask: Ask) -> Response:
    """The funnel of the run that the address names."""
    return download(runs.funnel(ask.edition, ask.window, ask.parameter("run")))


@router.get("/export/check.csv")
def one_check(ask: Ask) -> Response:
    """The history of the check that the address names."""
    return download(checks.history(ask.edition, ask.window, ask.parameter("check")))


@router.get("/export/{name}.csv")
def one_table(ask: Ask, name: str) -> Response:
    """A table by its name."""
    if name not in QUESTIONS:
        raise HTTPException(404, f"no such table; there are {', '.join(sorted(QUESTIONS))}")
    return download(QUESTIONS[name](ask.edition, ask.window))
