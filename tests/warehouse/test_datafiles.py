"""How rows are dealt to data files, and how the columns of one are encoded."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newshouse.schemas import ARTICLES
from newshouse.warehouse.datafiles import pieces, repeating

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


def test_columns_that_say_the_same_again_are_named_as_parquet_names_them(tmp_path: Path) -> None:
    rows = pa.table(COLUMNS)
    pq.write_table(rows, tmp_path / "file.parquet", use_dictionary=repeating(rows))
    group = pq.read_metadata(tmp_path / "file.parquet").row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]

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
    ("processors", "rows", "sizes"),
    [
        (2, 19_000, [19_000]),
        (2, 45_000, [11_250] * 4),
        (1, 45_000, [15_000] * 3),
        (16, 45_000, [11_250] * 4),
        (2, 0, []),
    ],
)
def test_no_processor_waits_for_the_last_file_unless_the_files_would_be_small(
    processors: int, rows: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pa, "cpu_count", lambda: processors)
    months = pa.table({"month": pa.repeat(pa.scalar("2025-11"), rows)})
    assert [len(places) for places in pieces(ARTICLES, months, pa.array([True] * rows, pa.bool_()))] == sizes
