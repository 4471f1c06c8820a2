"""The tables: one source of names, types, units and descriptions.

Arrow schemas, DuckDB column comments, the data dictionary and the schema checks all derive from `TABLES`. Each module
holds the tables that one part of the house fills. Change a column there and nowhere else; a removed or re-typed column
needs a decision under docs/decisions/.
"""

from __future__ import annotations

from collections.abc import Mapping

from newshouse.schemas.articles import ARTICLES, REVISIONS, TOMBSTONES
from newshouse.schemas.crawl import CANDIDATES, FETCHES, SOURCES
from newshouse.schemas.quality import ALERTS, CHECKS, INCIDENTS, SCORECARDS
from newshouse.schemas.runs import REJECTIONS, RUNS
from newshouse.schemas.table import TIMESTAMP, Column, Table

__all__ = [
    "ALERTS",
    "ARTICLES",
    "CANDIDATES",
    "CHECKS",
    "FETCHES",
    "INCIDENTS",
    "REJECTIONS",
    "REVISIONS",
    "RUNS",
    "SCORECARDS",
    "SOURCES",
    "TABLES",
    "TIMESTAMP",
    "TOMBSTONES",
    "Column",
    "Table",
]

TABLES: Mapping[str, Table] = {
    t.name: t
    for t in (ARTICLES, REVISIONS, FETCHES, REJECTIONS, CHECKS, RUNS, TOMBSTONES, INCIDENTS, SCORECARDS, ALERTS)
}
