"""What is broken is taken out and brought back from the runs that are still there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from newshouse.errors import StorageError
from newshouse.plan import Manifest
from newshouse.schemas import ARTICLES, REVISIONS, RUNS
from newshouse.warehouse.maintenance import verify
from newshouse.warehouse.repair import repair
from newshouse.warehouse.tables import append_missing, drop_files, snapshot


@pytest.fixture
def busy(desk: Any) -> Any:
    """Three days: each brings an article and rewrites the first one. No archive pointers: these have no archive."""
    for day in range(3):
        run = f"r{day}"
        words = [desk.article("a", day=day, title=f"Words of day {day}", warc_file=None)]
        desk.batch(run, [*words, desk.article(f"own{day}", day=day, warc_file=None)])
        Manifest(run, desk.day(day), {"00": ("herald",)}).write(desk.layout.run(run).manifest)
        desk.load(run)
    assert verify(desk.layout) == []
    return desk


def break_all(layout: Any, table: Any) -> None:
    for file in map(Path, snapshot(layout, table).files()):
        file.write_bytes(b"not parquet" * 99)


def test_runs_of_a_version_that_had_fewer_columns_are_brought_back(busy: Any) -> None:
    before = busy.rows("articles")
    for path in busy.layout.runs.glob("**/*.parquet"):
        table = pq.read_table(path)
        newer = [name for name in ("repairs", "resolution", "events") if name in table.column_names]
        pq.write_table(table.drop_columns(newer), path)
    break_all(busy.layout, ARTICLES)
    assert repair(busy.layout, now=busy.morning)
    assert busy.rows("articles") == before


def test_nothing_is_dropped_when_a_run_cannot_be_read(busy: Any) -> None:
    accepted = busy.layout.run("r1").batch("00").accepted
    kept = accepted.read_bytes()
    accepted.write_bytes(b"not parquet")
    before = busy.rows("articles")
    break_all(busy.layout, ARTICLES)
    version = snapshot(busy.layout, ARTICLES).version
    with pytest.raises(StorageError, match=r"accepted.parquet: unreadable"):
        repair(busy.layout, now=busy.morning)
    assert snapshot(busy.layout, ARTICLES).version == version
    accepted.write_bytes(kept)
    repair(busy.layout, now=busy.morning)
    assert busy.rows("articles") == before


@pytest.mark.parametrize("harm", ["missing", "damaged"])
@pytest.mark.parametrize("table", [ARTICLES, REVISIONS, RUNS], ids=lambda table: table.name)
def test_a_broken_data_file_is_dropped_and_its_rows_come_back_from_the_runs(busy: Any, table: Any, harm: str) -> None:
    before = busy.warehouse()
    for file in map(Path, snapshot(busy.layout, table).files()):
        file.unlink() if harm == "missing" else file.write_bytes(b"not parquet" * 99)
    dropped = repair(busy.layout, now=busy.morning)
    assert {problem.table for problem in dropped} == {table.name}
    assert verify(busy.layout) == []
    assert busy.rows("articles") == before["articles"]
    # What changed is not known of a version that was found before the one that it follows.
    unsure = {"change_kind": "other", "previous_hash": None}
    rows = zip(busy.rows("revisions"), before["revisions"], strict=True)
    assert all(found in (row, row | unsure) for found, row in rows)
    assert repair(busy.layout, now=busy.morning) == []


def test_a_version_that_only_articles_shows_is_written_down_also_without_its_run(busy: Any) -> None:
    for path in busy.layout.runs.glob("*/run.json"):
        path.unlink()
    for file in map(Path, snapshot(busy.layout, REVISIONS).files()):
        file.unlink()
    repair(busy.layout, now=busy.morning)
    assert [busy.history(name) for name in ("own0", "a")] == [[(1, "new")], [(3, "other")]]
    assert [problem.subject for problem in verify(busy.layout)] == [busy.id("a")]  # what nobody has any more is named


def test_versions_of_a_run_that_is_not_in_runs_are_found(busy: Any) -> None:
    rows = [row | {"seconds": 1.0} for row in busy.rows("runs") if row["run_id"] != "r1"]
    drop_files(snapshot(busy.layout, RUNS), [Path(file).name for file in snapshot(busy.layout, RUNS).files()])
    append_missing(busy.layout, RUNS, RUNS.arrow(rows))
    (problem,) = verify(busy.layout)
    assert (problem.table, problem.subject) == ("runs", "r1 herald")
    repair(busy.layout, now=busy.morning)
    assert verify(busy.layout) == []
