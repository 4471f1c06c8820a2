"""Data files read whole and written in another order: what is passed on is what a copy would be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import StorageError
from newshouse.schemas import ARTICLES
from newshouse.warehouse import wholefiles
from newshouse.warehouse.maintenance import compact, verify
from newshouse.warehouse.tables import Snapshot, nullable, remove_rows, snapshot
from newshouse.warehouse.wholefiles import in_order, read_ahead, whole

PIECES = pa.concat_tables(
    pa.table({"long": [f"{number} " + "words " * 50] * 9, "parts": [[{"text": "t" * 300}] * 2] * 9, "id": [number] * 9})
    for number in range(9)
)


@pytest.fixture
def days(desk: Any) -> Any:
    """Three data files of three articles."""
    for day in range(3):
        desk.batch(f"r{day}", [desk.article(f"{day}{letter}", day=day) for letter in "abc"])
        desk.load(f"r{day}")
    return desk


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read whole, as they are."""
    before, names = wholefiles._read, list[str]()

    def counted(folder: Any, table: Any, name: str) -> pa.Table:
        names.append(name)
        return before(folder, table, name)

    monkeypatch.setattr(wholefiles, "_read", counted)
    return names


def _articles(desk: Any) -> Snapshot:
    return snapshot(desk.layout, ARTICLES)


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 81)), max_size=9)
    | st.permutations(range(81)).map(lambda all_of: [(one, 1) for one in all_of]),
    st.booleans(),
)
def test_rows_in_another_order_are_those_that_a_copy_has(runs: list[tuple[int, int]], in_pieces: bool) -> None:
    places = pa.array([at for start, size in runs for at in range(start, min(start + size, 81))], pa.int64())
    found = in_order(PIECES, places, in_pieces=in_pieces)
    found.validate(full=True)
    assert found.equals(PIECES.take(places))


def test_long_texts_of_neighbours_are_passed_on_and_others_copied() -> None:
    runs = pa.array([*range(40, 81), *range(40)])
    assert [column.num_chunks for column in in_order(PIECES, runs, in_pieces=True).columns] == [10, 10, 1]
    assert {column.num_chunks for column in in_order(PIECES, runs).columns} == {1}


def test_a_file_read_whole_has_the_rows_of_any_other_read(days: Any) -> None:
    now = _articles(days)
    for name in now.names():
        assert whole(now, name).equals(now.read(nullable(ARTICLES).names, only=[name]))


def test_a_column_that_a_file_has_not_is_null(days: Any) -> None:
    now = _articles(days)
    place = now.root / now.names()[0]
    pq.write_table(pq.read_table(place, partitioning=None).drop_columns(["byline"]), place)
    rows = whole(now, now.names()[0])
    assert (rows["byline"].null_count, rows.schema) == (3, nullable(ARTICLES))


def test_a_damaged_file_is_told_of(days: Any) -> None:
    now = _articles(days)
    (now.root / now.names()[0]).write_bytes(b"PAR1, and no more")
    with pytest.raises(StorageError, match=rf"{now.names()[0]}: unreadable.*newshouse doctor"):
        whole(now, now.names()[0])


def _loaded(desk: Any) -> None:
    desk.batch("r3", [desk.article("0a", day=3, title="New words")])
    desk.load("r3")


@pytest.mark.parametrize(
    "write",
    [
        _loaded,
        lambda desk: compact(desk.layout, now=desk.day(60)),
        lambda desk: remove_rows(desk.layout, ARTICLES, pc.field("article_id") == desk.id("0a")),
    ],
    ids=["load", "compact", "remove"],
)
def test_a_row_that_the_disk_damaged_is_not_written_anew_as_if_it_were_whole(
    days: Any, write: Callable[[Any], None]
) -> None:
    (place,) = (Path(file) for file in _articles(days).files() if b"Title of 0b" in Path(file).read_bytes())
    place.write_bytes(place.read_bytes().replace(b"Title of 0b", b"Title of 0c"))
    before = _articles(days).files()
    with pytest.raises(StorageError, match="newshouse doctor"):
        write(days)
    assert _articles(days).files() == before
    assert [problem.subject for problem in verify(days.layout)] == [f"{place.parent.name}/{place.name}"]


def test_the_last_files_that_are_asked_for_again_are_kept_until_then(days: Any, read: list[str]) -> None:
    now = _articles(days)
    first, second, third = now.names()
    for name in (first, second, second, third, first, third, third):
        whole(now, name, again=True)
    assert read == [first, second, third, first]
    whole(now, third)
    whole(now, third)
    assert read[4:] == [third]


def test_files_are_read_ahead_unless_they_are_many_or_large(
    days: Any, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = _articles(days)
    read_ahead(now, now.names())
    assert read == []
    read_ahead(now, now.names()[1:])
    assert sorted(read) == now.names()[1:]
    monkeypatch.setattr(wholefiles, "_BYTES_KEPT", Path(now.files()[0]).stat().st_size - 1)
    read_ahead(now, now.names()[:1])
    assert len(read) == 2


def test_a_load_reads_each_file_that_changes_once(days: Any, read: list[str]) -> None:
    earlier = days.article("1b", day=0, title="Title of 1b")  # seen before it was first seen
    days.batch(
        "r3", [days.article("1a", day=3, title="New words"), earlier, days.article("2a", day=3, title="And here")]
    )
    days.load("r3")
    assert len(read) == len(set(read)) == 2
    assert days.row("1b")["first_seen_at"] < days.row("1c")["first_seen_at"]
    assert days.row("1a")["title"] == "New words"
