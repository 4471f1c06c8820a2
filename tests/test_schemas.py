from __future__ import annotations

from dataclasses import fields

import pytest

from newshouse.records import Candidate, Capture, CheckResult, Rejection
from newshouse.rows import candidates, candidates_table, captures, captures_table
from newshouse.schemas import CANDIDATES, CHECKS, FETCHES, REJECTIONS, TABLES, Table


@pytest.mark.parametrize(
    ("record", "table", "by_load"),
    [
        (Candidate, CANDIDATES, set()),
        (Capture, FETCHES, set()),
        (Rejection, REJECTIONS, {"released_at", "resolution", "events"}),
        (CheckResult, CHECKS, set()),
    ],
)
def test_a_record_and_its_table_have_the_same_names(record: type, table: Table, by_load: set[str]) -> None:
    columns = {column.name for column in table.columns if column.filled_by == "parse"}

    assert {field.name for field in fields(record)} == columns - by_load


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_described_and_named_once(table: Table) -> None:
    names = [column.name for column in table.columns]

    assert len(names) == len(set(names))
    assert set(table.key) <= set(names)
    assert all(column.doc.endswith(".") for column in table.columns)


def test_records_survive_the_way_through_arrow(capture: Capture, candidate: Candidate) -> None:
    assert captures(captures_table([capture])) == [capture]
    assert candidates(candidates_table([candidate])) == [candidate]


@pytest.fixture
def capture() -> Capture:
    from datetime import UTC, datetime

    from newshouse.records import Redirect

    hop = Redirect("http://a.example/", 301, "http://b.example/")
    now = datetime(2026, 3, 4, tzinfo=UTC)
    return Capture("f", "r", "00", "post", "article", "http://a.example/", "k", "fetched", now, 1, redirects=(hop,))


@pytest.fixture
def candidate() -> Candidate:
    from datetime import UTC, datetime

    return Candidate("post", "http://a.example/", "k", datetime(2026, 3, 4, tzinfo=UTC), feed_authors=("A", "B"))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_no_column_needs_quotes_in_sql(table: Table) -> None:
    import duckdb

    empty = table.schema().empty_table()
    with duckdb.connect() as connection:
        connection.register(table.name, empty)
        names = ", ".join(column.name for column in table.columns)
        assert connection.sql(f"SELECT {names} FROM {table.name}").columns == empty.column_names  # noqa: S608 -- ours
