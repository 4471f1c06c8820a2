"""Which rows go into one file when rows change, and how they lie there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newshouse.schemas import ARTICLES
from newshouse.warehouse import commits, maintenance, rewriting, snapshots
from newshouse.warehouse.datafiles import ROWS_A_FILE, Lasting, is_loose
from newshouse.warehouse.maintenance import _groups, compact
from newshouse.warehouse.tables import snapshot


@pytest.fixture
def week(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Four days of three articles each, a file a day; three rows are worth a file."""
    monkeypatch.setattr(rewriting, "ROWS_WORTH_A_FILE", 3)
    for day in range(4):
        desk.batch(f"r{day}", [desk.article(f"{day}{letter}", day=day) for letter in "abc"])
        desk.load(f"r{day}")
    return desk


def _changed(desk: Any, day: int, *names: str, new: tuple[str, ...] = ("new",)) -> None:
    """Load a day that brings new articles, and new words of these."""
    words = [desk.article(name, day=day, title=f"Words of day {day}") for name in names]
    desk.batch(f"r{day}", [*words, *(desk.article(f"{day}-{name}", day=day) for name in new)])
    desk.load(f"r{day}")


def _files(desk: Any) -> dict[Path, list[int]]:
    """The days on which the articles of each data file were first seen."""
    files = map(Path, snapshot(desk.layout, ARTICLES).files())
    times = {file: pq.read_table(file, columns=["first_seen_at"])["first_seen_at"].to_pylist() for file in files}
    return {file: sorted((at - desk.morning).days for at in seen) for file, seen in times.items()}


def _is_packed(file: Path) -> bool:
    """Whether texts are packed, titles and hashes of bodies apart; or else nothing is."""
    group = pq.read_metadata(file).row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    texts = [
        one for one in columns if one.physical_type == "BYTE_ARRAY" and one.path_in_schema not in ("title", "body_hash")
    ]
    (compression,) = {column.compression for column in texts}
    return bool(compression == "ZSTD")


def test_rows_older_than_those_that_change_leave_the_file_of_the_last_days(week: Any) -> None:
    _changed(week, 4, "1a", "2a", "3a")
    assert sorted(_files(week).values()) == [[0, 0, 0], [1, 1, 1, 2, 2, 2, 3, 3, 3], [4]]
    _changed(week, 5, "2b", "3b", "4-new")
    assert sorted(_files(week).values()) == [[0, 0, 0], [1, 1, 1], [2, 2, 2, 3, 3, 3, 4], [5]]
    assert len(week.rows("articles")) == 14


def test_of_a_file_that_most_rows_leave_only_the_younger_are_kept_in_memory(
    week: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _changed(week, 4, "1a", "2a", "3a")
    rewritten, groups = commits.rewritten, []

    def kept(*values: Any) -> Iterator[rewriting.Group]:
        for group in rewritten(*values):
            groups.append((len(group), group.rows.num_rows))
            yield group

    monkeypatch.setattr(commits, "rewritten", kept)
    _changed(week, 5, "3b", "4-new")
    # The three younger rows of nine, and the old and the new words of another file.
    assert [held for held in groups if held[0] != 6] == [(4, 3 + 2)]


def test_the_oldest_of_a_full_file_are_packed_where_none_of_it_is_of_the_last_days(
    week: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "ROWS_A_FILE", 8)
    _changed(week, 20, "1a", "2a", "3a", new=())
    assert {tuple(days): _is_packed(file) for file, days in _files(week).items()} == {
        (0, 0, 0): True,
        (1, 1, 1): True,
        (2, 2, 2, 3, 3, 3): True,
    }


def test_a_few_rows_that_are_older_stay(week: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _changed(week, 4, "2a", "3a")
    monkeypatch.setattr(rewriting, "ROWS_WORTH_A_FILE", 4)
    _changed(week, 5, "3b", "4-new")
    assert sorted(_files(week).values()) == [[0, 0, 0], [1, 1, 1], [2, 2, 2, 3, 3, 3, 4], [5]]


def test_an_older_row_that_changes_is_written_again_in_a_file_of_its_days(
    week: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "_OUTLIERS", 2)
    _changed(week, 4, "0a", "3a", "3b")
    assert sorted(_files(week).values()) == [[0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3], [4]]
    assert week.row("0a")["title"] == "Words of day 4"


def test_only_the_files_of_the_last_days_are_not_packed(week: Any) -> None:
    _changed(week, 4, "2a", "3a")
    assert {days[-1]: _is_packed(file) for file, days in _files(week).items()} == {0: True, 1: True, 3: False, 4: False}


def test_what_leaves_the_file_of_the_last_days_is_packed_by_maintenance_a_week_later(
    week: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _changed(week, 4, "1a", "2a", "3a")
    _changed(week, 5, "2b", "3b", "4-new")

    def kept() -> list[tuple[list[int], bool]]:
        return sorted((days, _is_packed(file)) for file, days in _files(week).items())

    late = [([2, 2, 2, 3, 3, 3, 4], False), ([5], False)]
    assert kept() == [([0, 0, 0], True), ([1, 1, 1], False), *late]
    monkeypatch.setattr(maintenance, "A_WEEK", timedelta(days=4))  # the month is about to close
    compact(week.layout, now=week.day(5))
    assert kept() == [([0, 0, 0], True), ([1, 1, 1], False), *late]
    before = week.rows("articles")
    monkeypatch.setattr(maintenance, "A_WEEK", timedelta(days=3))
    compact(week.layout, now=week.day(5))
    assert kept() == [([0, 0, 0], True), ([1, 1, 1], True), *late]
    assert sorted(map(str, week.rows("articles"))) == sorted(map(str, before))


def test_what_leaves_a_compacted_file_is_packed_at_once() -> None:
    rows = pa.table({"first_seen_at": pa.nulls(2 * ROWS_A_FILE + 1, pa.timestamp("us", "UTC"))})
    large, young = rewriting.Group.whole(rows), rewriting.Group.whole(rows.slice(0, 1), Lasting.A_WEEK)
    assert large.after(young).lasting is Lasting.MONTHS
    assert rewriting.Group.whole(rows.slice(1)).after(young).lasting is Lasting.A_WEEK
    assert rewriting.Group.whole(rows.slice(1)).after(rewriting.Group.whole(rows.slice(0, 0))).lasting is Lasting.MONTHS


def test_a_file_is_packed_unless_half_of_its_rows_are_of_the_last_days() -> None:
    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 1, 1, 9, 9)]
    rows = pa.table({"first_seen_at": pa.array(days, pa.timestamp("us", "UTC"))})
    since = rows["first_seen_at"][3]
    assert rewriting.Group.whole(rows).lasts(since).lasting is Lasting.MONTHS
    assert rewriting.Group.whole(rows.slice(1)).lasts(since).lasting is Lasting.A_WEEK
    assert rewriting.Group.whole(rows.slice(1)).lasts(None).lasting is Lasting.MONTHS


def test_no_day_before_the_last_week_is_of_the_last_days() -> None:
    def came(*days: int) -> pa.Table:
        times = [datetime(2026, 11, day, tzinfo=UTC) for day in days]
        return pa.table({"first_seen_at": pa.array(times, pa.timestamp("us", "UTC"))})

    since = rewriting.last_days(came(20), came(1, 18, 19))  # that of the first would be an outlier among a hundred
    assert since is not None
    assert since.as_py() == datetime(2026, 11, 13, tzinfo=UTC)


def test_a_file_that_only_might_have_held_a_row_is_left_alone(week: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(_files(week))
    monkeypatch.setattr(snapshots, "holding", lambda folder, names, *_: names)
    _changed(week, 4, "3a", new=())
    assert len(before - set(_files(week))) == 1


def test_what_changes_after_more_than_a_week_is_not_of_the_last_days(week: Any) -> None:
    _changed(week, 20, "2a", "3a")
    assert sorted(_files(week).values()) == [[0, 0, 0], [1, 1, 1], [2, 2, 2, 3, 3, 3], [20]]
    assert {_is_packed(file) for file in _files(week)} == {True}


def test_without_new_rows_nothing_is_of_the_last_days(week: Any) -> None:
    _changed(week, 4, "2a", "3a", new=())
    assert sorted(_files(week).values()) == [[0, 0, 0], [1, 1, 1], [2, 2, 2, 3, 3, 3]]
    assert {_is_packed(file) for file in _files(week)} == {True}


def test_what_is_not_packed_is_packed_when_its_month_closes_and_what_is_packed_left_alone(week: Any) -> None:
    _changed(week, 4, "2a", "3a")
    folder = snapshot(week.layout, ARTICLES).folder
    names = {file: str(file.relative_to(folder.here)) for file in _files(week)}
    assert {is_loose(folder, name) != _is_packed(file) for file, name in names.items()} == {True}
    compact(week.layout, now=week.day(60))
    (packed,) = _files(week)
    assert _is_packed(packed)
    compact(week.layout, now=week.day(60))
    assert list(_files(week)) == [packed]


def test_of_a_closed_month_that_needs_all_its_files_only_those_beside_a_loose_one_are_written_anew() -> None:
    assert _groups({"a": 10}, 100, closed=True, loose=frozenset("a")) == [["a"]]
    assert _groups({"a": 10}, 100, closed=True, loose=frozenset()) == []
    large = dict.fromkeys("abcdef", 100_000)  # three fill a group
    assert _groups(large, 100_000, closed=True, loose=frozenset("e")) == [["d", "e", "f"]]
    assert _groups(large, 200_000, closed=True, loose=frozenset("e")) == [["a", "b", "c"], ["d", "e", "f"]]
