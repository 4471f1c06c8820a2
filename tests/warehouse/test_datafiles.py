"""How rows are dealt to data files, and how the columns of one are encoded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newshouse.schemas import ARTICLES, TABLES, TIMESTAMP, Table
from newshouse.storage.folders import DiskFolder
from newshouse.warehouse.datafiles import Lasting, encodings, pieces, write_datafile
from newshouse.warehouse.tables import nullable

ROWS = 3000
PEOPLE = pa.list_(pa.struct([("name", pa.string()), ("role", pa.string())]))
ORIGINS = pa.map_(pa.string(), pa.string())
COLUMNS = {
    "source_id": pa.array(["one", "two"] * (ROWS // 2)),
    "title": pa.array([f"Title {number}" for number in range(ROWS)]),
    "section": pa.array([None] * ROWS, pa.string()),
    "authors": pa.array([[{"name": f"N. {n}", "role": "editor"}, {"name": f"M. {n}"}] for n in range(ROWS)], PEOPLE),
    "origins": pa.array([[("title", f"raw {number}")] for number in range(ROWS)], ORIGINS),
    "tags": pa.array([["politics", "world"], None, []] * (ROWS // 3)),
}  # fmt: skip
REPEATING = [
    "source_id", "section", "authors.list.element.role", "origins.key_value.key", "tags.list.element",
]  # fmt: skip


def repeating(rows: pa.Table) -> list[str]:
    return list(encodings(rows)["use_dictionary"])


def columns_of(file: Path) -> list[pq.ColumnChunkMetaData]:
    group = pq.read_metadata(file).row_group(0)
    return [group.column(number) for number in range(group.num_columns)]


def written(folder: Path, table: Table, rows: list[dict[str, object]]) -> Path:
    """A data file of the table, of some rows."""
    return (
        folder
        / write_datafile(DiskFolder(folder, folder / "keys"), table, pa.Table.from_pylist(rows, nullable(table))).name
    )


def test_columns_that_say_the_same_again_are_named_as_parquet_names_them(tmp_path: Path) -> None:
    rows = pa.table(COLUMNS)
    pq.write_table(rows, tmp_path / "file.parquet", **encodings(rows))
    columns = columns_of(tmp_path / "file.parquet")

    assert repeating(rows) == REPEATING
    assert {c.path_in_schema for c in columns if "RLE_DICTIONARY" in c.encodings} == set(REPEATING)


@pytest.mark.parametrize("count", [0, 1, 7, 1001])
def test_any_number_of_rows_will_do(count: int) -> None:
    rows = pa.table(COLUMNS).slice(0, count)

    assert ("source_id" in repeating(rows)) == (count != 1)


def test_rows_in_several_chunks_or_a_slice_are_judged_alike() -> None:
    rows = pa.table(COLUMNS)

    assert repeating(pa.concat_tables([rows, rows.slice(100, 50)])) == REPEATING
    assert repeating(rows.slice(1500)) == REPEATING


@pytest.mark.parametrize(
    ("at_once", "months", "sizes"),
    [
        (2, [19_000], [19_000]),
        (2, [45_000], [11_250] * 4),
        (1, [45_000], [15_000] * 3),
        (16, [45_000], [9_000] * 5),
        (2, [41_000, 8_300], [8_300] + [8_200] * 5),
        (2, [20_000, 30_000], [15_000] * 2 + [10_000] * 2),
        (2, [300, 400, 500], [500, 400, 300]),
        (2, [], []),
    ],
)
def test_who_write_the_files_of_a_load_are_done_at_the_same_time_unless_files_would_be_small(
    at_once: int, months: list[int], sizes: list[int]
) -> None:
    places = pieces(ARTICLES, _in_months(months), pa.array([True] * sum(months), pa.bool_()), at_once=at_once)
    assert [len(each) for each in places] == sizes


@pytest.mark.parametrize(
    ("young", "old", "most", "apart"),
    [
        (9_000, 21_000, None, True),
        (3_000, 27_000, None, False),  # they are not worth a file
        (27_000, 3_000, None, False),
        (5_000, 15_000, None, False),  # one file is enough
        (9_000, 21_000, 20_000, False),
    ],
)
def test_rows_of_the_last_week_of_a_large_load_lie_in_files_of_their_own(
    young: int, old: int, most: int | None, apart: bool
) -> None:
    days = [datetime(2026, 11, 8, tzinfo=UTC)] * (young - 1) + [datetime(2026, 11, 9, tzinfo=UTC)]
    days = [datetime(2026, 11, 2, tzinfo=UTC)] * (old - 1) + days + [None]
    columns = {"first_seen_at": pa.array(days, TIMESTAMP), "month": ["2026-11"] * len(days)}
    rows = pa.table(columns | {"source_id": pa.array(["b", "a"] * (len(days) // 2), pa.string())})
    files = [rows.take(places) for places in pieces(ARTICLES, rows, pa.array([True] * len(days), pa.bool_()), most)]
    assert sum(map(len, files)) == len(days)
    kinds = [{at is not None and at.day > 2 for at in file["first_seen_at"].unique().to_pylist()} for file in files]
    assert (max(map(len, kinds)) == 1) is apart
    assert all(file["source_id"].to_pylist() == sorted(file["source_id"].to_pylist()) for file in files)


def test_what_is_compacted_lies_in_as_few_files_as_can_be_however_many_processors() -> None:
    rows = _in_months([130_000])
    places = pieces(ARTICLES, rows, pa.array([True] * 130_000, pa.bool_()), most=60_000, at_once=16)
    assert [len(each) for each in places] == [43_334, 43_334, 43_332]


def _in_months(rows: list[int]) -> pa.Table:
    months = [f"2025-{number:02}" for number, count in enumerate(rows, 1) for _ in range(count)]
    return pa.table({"month": pa.array(months, pa.string())})


def test_what_does_not_last_is_packed_in_a_bucket_alone_and_years_harder() -> None:
    rows = pa.table({"body": ["Words."], "byline": ["A word"]})
    here, there = (encodings(rows, Lasting.A_WEEK, here=here)["compression"] for here in (True, False))
    assert set(here.values()) == {"NONE"}
    assert set(there.values()) == {"ZSTD"}
    levels = {lasting: encodings(rows, lasting)["compression_level"]["body"] for lasting in list(Lasting)[1:]}
    assert levels == {Lasting.MONTHS: 1, Lasting.YEARS: 3}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_all_columns_are_compressed_but_times_titles_and_what_copies_are_told_by(tmp_path: Path, table: Table) -> None:
    file = pq.read_metadata(written(tmp_path, table, [{"month": "2026-11"}] * 3))
    kinds = {file.schema.column(number).logical_type.type: set[str]() for number in range(file.num_columns)}
    for number in range(file.num_columns):
        column = file.row_group(0).column(number)
        name = column.path_in_schema
        kind = name if name in ("title", "body_hash") else file.schema.column(number).logical_type.type
        kinds.setdefault(kind, set()).add(column.compression)

    for kind in ("title", "body_hash", "TIMESTAMP"):
        assert kinds.pop(kind, {"UNCOMPRESSED"}) == {"UNCOMPRESSED"}
    assert set.union(*kinds.values()) == {"ZSTD"}


def test_a_story_and_an_article_are_looked_for_where_they_may_be(tmp_path: Path) -> None:
    path = written(tmp_path, ARTICLES, [{"month": "2026-11"}] * 3)
    query = "SELECT path_in_schema FROM parquet_metadata($path) WHERE bloom_filter_offset IS NOT NULL"
    found = duckdb.sql(query, params={"path": str(path)}).fetchall()
    assert {name for (name,) in found} == {"article_id", "story_id"}


def test_texts_and_hashes_have_no_bounds_but_what_readers_skip_by_has(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "month": "2026-11",
            "article_id": f"{number:032x}",
            "source_id": "a",
            "url": f"https://a.example/{number}",
            "title": f"Title {number}",
            "body": "word " * number,
            "published_at": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=number),
            "word_count": number,
        }
        for number in range(100)
    ]
    columns = columns_of(written(tmp_path, ARTICLES, rows))
    bounded = {c.path_in_schema for c in columns if c.statistics is not None and c.statistics.has_min_max}

    assert bounded == {"source_id", "url", "published_at", "word_count"}


def test_the_groups_of_a_file_are_of_one_size(tmp_path: Path) -> None:
    file = written(tmp_path, ARTICLES, [{"month": "2026-11"}] * 42_001)
    metadata = pq.read_metadata(file)

    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [21_001, 21_000]
