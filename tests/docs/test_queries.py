"""Every query of docs/queries.md runs on the sample warehouse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newshouse.layout import DataLayout
from newshouse.warehouse.query import select

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
# The sample newsroom has nobody of this name, its days may have no rewritten headline, and nobody assessed or forgot.
MAY_BE_EMPTY = (
    *("Ada Vale", "a.name < b.name", "AS before", "vanished_at IS NOT NULL", "revisions_of"),
    *("FROM scorecards", "FROM incidents", "FROM alerts", "FROM tombstones"),
)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(query.split())[:40])
def test_a_query_of_the_page_runs_and_finds_something(sample_data: Path, query: str) -> None:
    result = select(DataLayout(sample_data), query)
    assert result.num_rows or any(part in query for part in MAY_BE_EMPTY)


def test_every_view_and_macro_is_on_the_page(sample_data: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    views = "SELECT view_name AS name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
    macros = "SELECT function_name AS name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal"
    for catalogue in (views, macros):
        names = select(DataLayout(sample_data), catalogue)["name"].to_pylist()
        assert names
        assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []
