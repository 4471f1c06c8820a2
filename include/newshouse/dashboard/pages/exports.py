"""`/export/NAME.csv`: every table of the pages as a file, whole. (Lists that have their own are in their pages.)"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard.export import download
from newshouse.dashboard.frame import Ask
from newshouse.dashboard.table import QUESTIONS

router = APIRouter()


@router.get("/export/{name}.csv")
def one_table(ask: Ask, name: str) -> Response:
    """A table by its name."""
    if name not in QUESTIONS:
        raise HTTPException(404, f"no such table; there are {', '.join(sorted(QUESTIONS))}")
    return download(QUESTIONS[name](ask))
