"""Care of the tables changes no row, spares who reads, and finds what is broken."""

from __future__ import annotations

import io
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from warcio.warcwriter import WARCWriter

from newshouse import upkeep
from newshouse.errors import StorageError
from newshouse.schemas import ARTICLES, REVISIONS, RUNS
from newshouse.settings import Settings
from newshouse.warehouse import commits, load, maintenance, writing
from newshouse.warehouse.datafiles import Lasting
from newshouse.warehouse.maintenance import Problem, compact, vacuum, verify
from newshouse.warehouse.tables import Change, append_missing, change, snapshot


def _archived(desk: Any, name: str, body: bytes = b"<p>text</p>") -> dict[str, Any]:
    """Archive one page; gives its pointer."""
    path = desk.layout.archive / "2026-11-23" / f"{name}.warc.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        headers = {"WARC-Date": "2026-11-23T06:00:00Z"}
        record = writer.create_warc_record(
            desk.url(name),
            "resource",
            payload=io.BytesIO(body),
            warc_content_type="text/html",
            warc_headers_dict=headers,
        )
        writer.write_record(record)
    return {"warc_file": f"2026-11-23/{name}.warc.gz", "warc_offset": 0, "warc_length": path.stat().st_size}


@pytest.fixture
def busy(desk: Any) -> Any:
    """Six days of loads, from late November into December."""
    for number in range(6):
        day = number * 3
        names = [f"{number}{letter}" for letter in "abc"]
        changed = [desk.article("0a", day=day, title=f"Words of day {day}", **_archived(desk, "0a"))]
        accepted = [desk.article(name, day=day, **_archived(desk, name)) for name in names if name != "0a"]
        desk.batch(
            f"r{number}", [*accepted, *changed], visits=[desk.visit(f"r{number}", f"{number}a", "fetched", day=day)]
        )
        desk.load(f"r{number}")
    return desk


def _files(desk: Any, table: Any, month: str) -> list[str]:
    return [file for file in snapshot(desk.layout, table).files() if f"month={month}" in file]


def test_compaction_leaves_one_file_a_closed_month_and_every_row(busy: Any) -> None:
    before = busy.warehouse()
    assert len(_files(busy, ARTICLES, "2026-11")) > 1
    open_month = _files(busy, ARTICLES, "2026-12")
    compact(busy.layout, now=busy.day(20))
    assert busy.warehouse() == before
    assert len(_files(busy, ARTICLES, "2026-11")) == 1
    assert len(_files(busy, REVISIONS, "2026-11")) == 1
    assert _files(busy, ARTICLES, "2026-12") == open_month
    assert not snapshot(busy.layout, ARTICLES).narrow()


def test_compacting_again_does_nothing(busy: Any) -> None:
    compact(busy.layout, now=busy.day(20))
    versions = busy.versions()
    compact(busy.layout, now=busy.day(20))
    assert busy.versions() == versions


@pytest.mark.parametrize("most", [2, 5])
def test_a_month_larger_than_what_is_written_at_once_is_left_alone_after_one_round(
    busy: Any, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(maintenance, "_ROWS_AT_ONCE", 6)
    monkeypatch.setattr(maintenance, "ROWS_COMPACTED", most)
    before = busy.warehouse()
    compact(busy.layout, now=busy.day(60))
    versions = busy.versions()
    compact(busy.layout, now=busy.day(60))
    assert busy.versions() == versions
    assert busy.warehouse() == before


def test_compacted_files_keep_the_bloom_filters_and_compress_harder(busy: Any) -> None:
    compact(busy.layout, now=busy.day(20))
    (file,) = _files(busy, ARTICLES, "2026-11")
    blooms = duckdb.sql("SELECT path_in_schema FROM parquet_metadata($1) WHERE bloom_filter_length > 0", params=[file])
    assert {name for (name,) in blooms.fetchall()} == {"article_id", "story_id"}


def test_compaction_lasts_for_years_and_tells_those_who_follow_the_log_of_no_change(
    busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_datafile, lasted = writing.write_datafile, set()

    def write(*values: Any) -> Any:
        lasted.add(values[-1])
        return write_datafile(*values)

    monkeypatch.setattr(writing, "write_datafile", write)
    compact(busy.layout, now=busy.day(20))
    entries = [json.loads(line) for line in _log(busy)[-1].read_text().splitlines()]
    assert lasted == {Lasting.YEARS}
    assert {entry[kind]["dataChange"] for entry in entries for kind in ("add", "remove") if kind in entry} == {False}


def test_what_is_too_long_to_be_sorted_at_once_is_compacted_in_parts(
    busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rows = busy.warehouse(), snapshot(busy.layout, ARTICLES).read(["body", "month"])
    november = rows.filter(pc.equal(rows["month"], "2026-11"))
    monkeypatch.setattr(commits, "MOST_BYTES", november.nbytes // 3)
    compact(busy.layout, now=busy.day(20))
    assert 1 < len(_files(busy, ARTICLES, "2026-11")) < november.num_rows
    assert busy.warehouse() == before


def test_many_small_files_are_merged_in_open_months_and_unpartitioned_tables(
    busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_MANY_FILES", 2)
    before = busy.warehouse()
    compact(busy.layout, now=busy.day(20))
    assert busy.warehouse() == before
    assert len(_files(busy, ARTICLES, "2026-12")) == 1
    assert len(snapshot(busy.layout, RUNS).files()) == 1


def test_the_views_and_a_later_load_work_on_compacted_files(busy: Any) -> None:
    compact(busy.layout, now=busy.day(20))
    busy.publish()
    with duckdb.connect(busy.layout.database, read_only=True) as connection:
        query = "SELECT count(*), count(DISTINCT month), any_value(field_origin['title']) FROM articles"
        assert connection.execute(query).fetchall() == [(18, 2, "jsonld")]
    busy.batch("r9", [busy.article("1b", day=21, body="Changed.")])
    assert busy.load("r9")["herald"].out_count == 1
    assert busy.history("1b") == [(1, "new"), (2, "body")]


def test_a_load_during_compaction_lands_and_compaction_takes_its_result(
    busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.batch("r9", [busy.article("1b", day=21, body="Changed."), busy.article("new", day=21)])
    compact_files, done = maintenance.compact_files, []

    def load_first(*arguments: Any) -> None:
        if not done:  # the compaction has its snapshot already
            done.append(busy.load("r9"))
        compact_files(*arguments)

    monkeypatch.setattr(maintenance, "compact_files", load_first)
    compact(busy.layout, now=busy.day(20))
    monkeypatch.undo()
    assert len(busy.rows("articles")) == 19
    assert busy.row("1b")["body"] == "Changed."
    assert len(_files(busy, ARTICLES, "2026-11")) == 1


def test_a_load_whose_files_are_compacted_before_its_commit_decides_again(
    busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.batch("r9", [busy.article("1b", day=21, body="Changed."), busy.article("new", day=21)])
    decide, done = load.decide, []

    def compacted_after(*arguments: Any) -> Change:
        decided = decide(*arguments)
        if not done:  # the load remembers which files hold what it changes
            done.append(decided.files)
            compact(busy.layout, now=busy.day(20))
        return decided

    monkeypatch.setattr(load, "decide", compacted_after)
    busy.load("r9")
    monkeypatch.undo()
    assert done[0]
    assert len(busy.rows("articles")) == 19
    assert (busy.row("1b")["body"], busy.history("1b")) == ("Changed.", [(1, "new"), (2, "body")])


def test_vacuum_spares_the_files_of_a_database_published_before(busy: Any) -> None:
    busy.publish()
    compact(busy.layout, now=busy.day(20))
    assert vacuum(busy.layout) == []
    with duckdb.connect(busy.layout.database, read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM articles").fetchall() == [(18,)]


def test_vacuum_deletes_dead_files_and_leftovers_of_a_killed_load_after_a_week(busy: Any) -> None:
    compact(busy.layout, now=busy.day(20))
    before = busy.warehouse()
    leftover = busy.layout.table("articles") / "month=2026-11" / "leftover.parquet"
    leftover.write_bytes(b"half")
    deleted = vacuum(busy.layout, retention_hours=0)
    assert any(path.endswith("leftover.parquet") for path in deleted)
    assert not leftover.exists()
    on_disk = {str(path) for path in busy.layout.table("articles").rglob("*.parquet") if "_delta_log" not in path.parts}
    assert on_disk == set(snapshot(busy.layout, ARTICLES).files())
    assert busy.warehouse() == before


def test_a_whole_warehouse_has_no_problems(busy: Any) -> None:
    assert verify(busy.layout) == []
    compact(busy.layout, now=busy.day(20))
    assert verify(busy.layout) == []


def test_an_empty_warehouse_has_no_problems(desk: Any) -> None:
    assert verify(desk.layout) == []


def test_a_flipped_bit_in_a_data_file_is_found(busy: Any) -> None:
    file = Path(snapshot(busy.layout, ARTICLES).files()[0])
    group = pq.ParquetFile(file).metadata.row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    data = bytearray(file.read_bytes())
    data[columns["body"].data_page_offset - 3] ^= 1  # in the words themselves: their dictionary ends there
    file.write_bytes(data)
    (problem,) = verify(busy.layout)
    assert (problem.table, problem.subject) == ("articles", f"{file.parent.name}/{file.name}")
    assert "unreadable" in problem.message


def test_a_missing_data_file_is_found(busy: Any) -> None:
    file = Path(snapshot(busy.layout, REVISIONS).files()[0])
    file.unlink()
    (problem,) = verify(busy.layout)
    assert (problem.table, problem.subject) == ("revisions", f"{file.parent.name}/{file.name}")


def _log(desk: Any) -> list[Path]:
    return sorted((desk.layout.table("articles") / "_delta_log").glob("*.json"))


def test_a_damaged_log_is_found_and_stops_loads_and_publishes_with_a_clear_error(busy: Any) -> None:
    _log(busy)[-1].write_text('{"commitInfo": half')
    (problem,) = verify(busy.layout)
    assert (problem.table, problem.subject) == ("articles", "_delta_log")
    for act in (busy.publish, lambda: busy.load("r1")):
        with pytest.raises(StorageError, match=r"articles/_delta_log: unreadable \(.*\)\. `newshouse doctor` names"):
            act()


def test_a_lost_log_is_found(busy: Any) -> None:
    for path in _log(busy):
        path.unlink()
    (problem,) = verify(busy.layout)
    assert (problem.table, problem.subject) == ("articles", "_delta_log")


@pytest.mark.parametrize(
    ("place", "content"), [(0, None), (0, b"not parquet" * 99), (-1, b"")], ids=["missing", "damaged", "empty"]
)
def test_a_publish_over_a_broken_file_says_who_names_it(busy: Any, place: int, content: bytes | None) -> None:
    files = map(Path, snapshot(busy.layout, ARTICLES).files())
    broken = sorted(files, key=lambda file: file.stat().st_mtime_ns)[place]
    broken.unlink() if content is None else broken.write_bytes(content)
    with pytest.raises(StorageError, match="`newshouse doctor` names"):
        busy.publish()
    (problem,) = verify(busy.layout)
    assert problem.subject == f"{broken.parent.name}/{broken.name}"


@pytest.mark.parametrize("content", [None, b"not parquet" * 99], ids=["missing", "damaged"])
def test_a_broken_file_of_a_closed_month_stops_compaction_with_a_clear_error(busy: Any, content: bytes | None) -> None:
    compact(busy.layout, now=busy.day(20))  # a single file: it is not read for want of packing alone
    broken = Path(*_files(busy, ARTICLES, "2026-11"))
    broken.unlink() if content is None else broken.write_bytes(content)
    with pytest.raises(StorageError, match=rf"{broken.name}: unreadable \(.*\)\. `newshouse doctor` names"):
        compact(busy.layout, now=busy.day(20))


def test_maintain_tells_all_broken_files_and_which_of_them_stopped_it(busy: Any, settings: Settings) -> None:
    compact(busy.layout, now=busy.day(20))
    broken = sorted(map(Path, _files(busy, ARTICLES, "2026-11") + _files(busy, REVISIONS, "2026-11")))
    for file in broken:
        file.write_bytes(b"not parquet" * 99)
    offset = (busy.day(20) - settings.now()).total_seconds()
    *told, stopped = upkeep.maintain(replace(settings, data=busy.layout.root, clock_offset_seconds=offset))
    assert [problem.subject for problem in told] == [f"{file.parent.name}/{file.name}" for file in broken]
    assert (stopped.table, stopped.subject) == ("maintain", "stopped")
    assert broken[0].name in stopped.message


def test_maintain_deletes_the_gates_of_hosts_that_nobody_asked_for_a_week(busy: Any, settings: Settings) -> None:
    gates = busy.layout.host_gates
    gates.mkdir(parents=True)
    for name, days in {"idle.example": 8, "asked.example": 6}.items():
        (gates / name).touch()
        os.utime(gates / name, (time.time() - days * 86_400,) * 2)
    upkeep.maintain(replace(settings, data=busy.layout.root))
    assert [path.name for path in gates.iterdir()] == ["asked.example"]


def test_a_pointer_into_a_missing_archive_file_is_found(busy: Any) -> None:
    (busy.layout.archive / "2026-11-23" / "2b.warc.gz").unlink()
    (problem,) = verify(busy.layout)
    assert (problem.table, problem.subject) == ("articles", busy.id("2b"))
    assert "2b.warc.gz" in problem.message


def test_a_version_that_is_not_on_record_is_found(busy: Any) -> None:
    row = ARTICLES.arrow([busy.row("1a") | {"revision": 3}])
    change(busy.layout, ARTICLES, lambda now: Change(row.slice(0, 0), row))
    assert verify(busy.layout) == [Problem("articles", busy.id("1a"), "revision 3, but in revisions: none")]


def test_a_version_of_another_number_than_the_article_has_is_found(busy: Any) -> None:
    row = next(row for row in busy.rows("revisions") if row["article_id"] == busy.id("1a"))
    append_missing(busy.layout, REVISIONS, REVISIONS.arrow([row | {"revision": 2}]))
    assert verify(busy.layout) == [Problem("articles", busy.id("1a"), "revision 1, but in revisions: 2")]
