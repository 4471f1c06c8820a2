"""Long texts are read as Arrow reads them, into memory of their size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newshouse.storage.files import read_parquet, write_parquet
from newshouse.storage.longtexts import long_columns, read_long

_TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=40)
_PART = st.one_of(st.none(), st.fixed_dictionaries({"kind": st.text(max_size=3), "text": st.text(max_size=30)}))
_PARTS = st.lists(st.one_of(st.none(), st.lists(_PART, max_size=4)), max_size=40)
_PARTS_TYPE = pa.list_(pa.struct([("kind", pa.string()), ("text", pa.string())]))
_AS_STAGE_FILES: dict[str, Any] = {"compression": "lz4", "use_dictionary": False}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=_TEXTS, parts=_PARTS, rows_a_group=st.integers(1, 9))
def test_what_is_read_is_what_was_written_whatever_is_null_or_empty(
    tmp_path: Path, texts: list[str | None], parts: list[Any], rows_a_group: int
) -> None:
    path = tmp_path / "rows.parquet"
    for values in (pa.array(texts, pa.string()), pa.array(parts, _PARTS_TYPE)):
        pq.write_table(pa.table({"x": values}), path, row_group_size=rows_a_group, **_AS_STAGE_FILES)
        found = read_long(path, pq.read_metadata(path), "x")
        found.validate(full=True)
        assert found.equals(values)


def test_more_rows_than_are_read_at_once_stay_in_order(tmp_path: Path) -> None:
    texts = pa.array([f"{number} " * 50 for number in range(2_500)])
    pq.write_table(pa.table({"x": texts}), tmp_path / "rows.parquet", row_group_size=700, **_AS_STAGE_FILES)
    assert read_long(tmp_path / "rows.parquet", pq.read_metadata(tmp_path / "rows.parquet"), "x").equals(texts)


def test_it_takes_no_more_memory_than_the_texts(tmp_path: Path) -> None:
    texts = pa.array(["word " * 100] * 20_000)
    pq.write_table(pa.table({"x": texts}), tmp_path / "rows.parquet", row_group_size=1_000, **_AS_STAGE_FILES)
    found = read_long(tmp_path / "rows.parquet", pq.read_metadata(tmp_path / "rows.parquet"), "x")
    assert found.get_total_buffer_size() < 1.02 * texts.get_total_buffer_size()


@pytest.mark.parametrize("dictionary", [True, False])
def test_a_column_is_long_by_its_share_if_the_footer_tells_its_size(tmp_path: Path, dictionary: bool) -> None:
    rows = pa.table({"id": range(500), "body": ["a long text " * 20] * 500})
    pq.write_table(rows, tmp_path / "rows.parquet", compression="lz4", use_dictionary=dictionary)
    assert long_columns(pq.read_metadata(tmp_path / "rows.parquet")) == ([] if dictionary else ["body"])


def test_a_file_without_rows_is_read_as_one(tmp_path: Path) -> None:
    empty = pa.table({"x": pa.array([], pa.string())})
    write_parquet(tmp_path / "rows.parquet", empty)
    assert read_parquet(tmp_path / "rows.parquet", empty.schema).equals(empty)
