"""Delta tables: one snapshot, one decision, one commit; a schema that only widens."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from newshouse.errors import ConfigError, ContractError, StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import Column, Table
from newshouse.warehouse import tables
from newshouse.warehouse.tables import Change, append_missing, change, snapshot, writable

NOTES = Table(
    "notes",
    "For these tests.",
    key=("article_id", "n"),
    partition="month",
    columns=(
        Column("article_id", pa.string(), "Who.", True),
        Column("n", pa.int64(), "Which.", True),
        Column("text", pa.string(), "What."),
        Column("month", pa.string(), "When.", True),
    ),
)


@pytest.fixture
def layout(tmp_path: Path) -> DataLayout:
    return DataLayout(tmp_path / "da ta 100%é")


def _notes(*rows: tuple[str, int, str | None], month: str = "2026-11", table: Table = NOTES) -> pa.Table:
    return table.arrow({"article_id": who, "n": n, "text": text, "month": month} for who, n, text in rows)


def _texts(layout: DataLayout, table: Table = NOTES) -> list[Any]:
    rows = snapshot(layout, table).read(table.schema().names).to_pylist()
    return sorted(((row["article_id"], row["n"], row["text"], row["month"]) for row in rows), key=str)


def test_what_is_done_first_gets_only_the_columns_that_it_reads_of_the_rows_before(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "old"), ("b", 1, "stays")))
    given: list[pa.Table] = []
    new = _notes(("a", 1, "new"))
    change(layout, NOTES, lambda _: Change(new.slice(0, 0), new, first=given.append, reads=["text"]))
    change(layout, NOTES, lambda _: Change(new.slice(0, 0), new, first=given.append))
    assert [rows.to_pylist() for rows in given] == [[{"article_id": "a", "text": "old"}], [{"article_id": "a"}]]


def test_a_table_that_nobody_wrote_reads_as_empty(layout: DataLayout) -> None:
    now = snapshot(layout, NOTES)
    assert (now.version, now.files(), now.read(["n"]).num_rows) == (-1, [], 0)
    assert not layout.table("notes").exists()


def test_rows_with_a_known_key_are_not_appended_again(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x"), ("a", 2, "y")))
    append_missing(layout, NOTES, _notes(("a", 2, "other"), ("b", 2, "z"), ("b", 2, "again"), month="2026-12"))
    assert _texts(layout) == [("a", 1, "x", "2026-11"), ("a", 2, "y", "2026-11"), ("b", 2, "z", "2026-12")]


def test_nothing_to_add_makes_no_commit(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    version = snapshot(layout, NOTES).version
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    append_missing(layout, NOTES, _notes())
    assert snapshot(layout, NOTES).version == version


def test_a_partition_lies_in_its_folder_and_files_are_absolute(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    (file,) = snapshot(layout, NOTES).files()
    assert Path(file).is_file()
    assert Path(file).parent == layout.table("notes") / "month=2026-11"


def test_a_filter_on_a_column_of_nothing_but_null_finds_its_rows(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, None)))
    append_missing(layout, NOTES, _notes(("a", 2, "x")))
    now = snapshot(layout, NOTES)
    assert now.read(["n"], pc.field("text").is_null())["n"].to_pylist() == [1]
    assert now.read(["n"], pc.field("text") == "x")["n"].to_pylist() == [2]
    others = DeltaTable(now.root).scan(["n"], "text = 'x'")  # what other readers of Delta make of our log
    assert pa.table(others.read_all())["n"].to_pylist() == [2]


def test_data_files_are_zstd_with_a_bloom_filter_on_the_article(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    (file,) = snapshot(layout, NOTES).files()
    group = pq.ParquetFile(file).metadata.row_group(0)
    assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}
    blooms = duckdb.sql("SELECT path_in_schema FROM parquet_metadata($1) WHERE bloom_filter_length > 0", params=[file])
    assert blooms.fetchall() == [("article_id",)]


def test_a_column_added_to_the_schema_is_null_in_old_files(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    extra = Column("extra", pa.list_(pa.string()), "New.")
    wider = replace(NOTES, columns=(*NOTES.columns[:3], extra, NOTES.columns[3]))
    append_missing(layout, wider, wider.arrow([{"article_id": "b", "n": 1, "extra": ["new"], "month": "2026-11"}]))
    rows = snapshot(layout, wider).read(["article_id", "extra"]).sort_by("article_id").to_pylist()
    assert rows == [{"article_id": "a", "extra": None}, {"article_id": "b", "extra": ["new"]}]
    assert snapshot(layout, wider).narrow()


def test_rewriting_an_old_file_widens_it(layout: DataLayout) -> None:
    one_key = replace(NOTES, key=("article_id",))
    append_missing(layout, one_key, _notes(("a", 1, "x"), ("b", 1, "y")))
    wider = replace(one_key, columns=(Column("extra", pa.int64(), "Required later.", True), *NOTES.columns))
    row = {"article_id": "a", "n": 2, "text": "new", "extra": 7, "month": "2026-11"}
    change(layout, wider, lambda now: Change(wider.arrow([]), wider.arrow([row])))
    rows = snapshot(layout, wider).read(["article_id", "n", "extra"]).sort_by("article_id").to_pylist()
    assert rows == [{"article_id": "a", "n": 2, "extra": 7}, {"article_id": "b", "n": 1, "extra": None}]
    assert not snapshot(layout, wider).narrow()


def test_a_column_of_another_type_is_refused_with_what_to_do(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    number = Column("text", pa.int64(), "Now a number.")
    retyped = replace(NOTES, columns=(number, *NOTES.columns[:2], NOTES.columns[3]))
    with pytest.raises(ConfigError, match=r"column 'text' is string in the table, but int64 in\s.*give the new column"):
        writable(layout, retyped)
    assert _texts(layout) == [("a", 1, "x", "2026-11")]


def test_a_table_written_by_a_newer_version_is_refused(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    with pytest.raises(ConfigError, match="'text' is in the table but not in this version of Newshouse"):
        writable(layout, replace(NOTES, columns=(*NOTES.columns[:2], NOTES.columns[3])))


def test_null_in_a_required_column_is_a_broken_contract(layout: DataLayout) -> None:
    with pytest.raises(ContractError, match="rows for table notes do not fit its schema"):
        append_missing(layout, NOTES, pa.table({"article_id": [None], "n": [1], "text": ["x"], "month": ["2026-11"]}))
    assert _texts(layout) == []


def test_a_writer_that_lost_the_race_decides_again_on_what_the_winner_left(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    seen: list[int] = []

    def decide(now: tables.Snapshot) -> Change:
        seen.append(now.read(["n"]).num_rows)
        if len(seen) == 1:
            append_missing(layout, NOTES, _notes(("a", 2, "the winner")))
        return Change(tables.missing(now, _notes(("a", 2, "the loser"), ("a", 3, "z"))))

    change(layout, NOTES, decide)
    assert seen == [1, 2]
    assert [row[2] for row in _texts(layout)] == ["x", "the winner", "z"]
    active = {Path(file) for file in snapshot(layout, NOTES).files()}
    assert set(layout.table("notes").rglob("*.parquet")) == active  # the loser's draft is gone


def test_a_table_that_changed_since_it_was_opened_is_opened_again(layout: DataLayout) -> None:
    opened = writable(layout, NOTES)
    append_missing(layout, NOTES, _notes(("a", 1, "the winner")))
    append_missing(layout, NOTES, _notes(("a", 1, "the loser"), ("b", 1, "z")), opened=opened)
    assert [row[2] for row in _texts(layout)] == ["the winner", "z"]


def test_a_failed_write_leaves_no_file_and_no_commit(layout: DataLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    files = set(layout.table("notes").rglob("*"))

    def full(rows: pa.Table, path: Path, **_: Any) -> None:
        path.write_bytes(b"half a file")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(StorageError, match="the disk is full: free some space, then run again"):
        append_missing(layout, NOTES, _notes(("a", 2, "y"), month="2026-11"))
    monkeypatch.undo()
    assert set(layout.table("notes").rglob("*")) == files
    assert _texts(layout) == [("a", 1, "x", "2026-11")]


def test_a_change_that_cannot_read_a_file_leaves_none_of_those_it_wrote(layout: DataLayout) -> None:
    one_key = replace(NOTES, key=("article_id",))
    append_missing(layout, one_key, _notes(("a", 1, "x"), ("b", 1, "y")))
    files = set(layout.table("notes").rglob("*.parquet"))

    def damage(now: tables.Snapshot) -> Change:
        metadata = pq.read_metadata(now.files()[0]).row_group(0)
        texts = next(c for c in map(metadata.column, range(metadata.num_columns)) if c.path_in_schema == "text")
        data = bytearray(Path(now.files()[0]).read_bytes())
        data[texts.dictionary_page_offset or texts.data_page_offset] ^= 0xFF
        Path(now.files()[0]).write_bytes(data)
        return Change(_notes(("c", 1, "new")), _notes(("a", 2, "other")))

    with pytest.raises(StorageError, match=r"notes.*unreadable"):
        change(layout, one_key, damage)
    assert set(layout.table("notes").rglob("*.parquet")) == files


def test_a_damaged_data_file_is_named(layout: DataLayout) -> None:
    append_missing(layout, NOTES, _notes(("a", 1, "x")))
    (file,) = snapshot(layout, NOTES).files()
    Path(file).write_bytes(b"PAR1 not really")
    with pytest.raises(StorageError, match=r"notes.*unreadable"):
        snapshot(layout, NOTES).read(["n"])


def test_reading_does_not_abort_the_interpreter_at_exit(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    code = (
        "import sys; from pathlib import Path; from newshouse.layout import DataLayout\n"
        "from newshouse.schemas import ARTICLES; from newshouse.warehouse.tables import snapshot\n"
        "print(snapshot(DataLayout(Path(sys.argv[1])), ARTICLES).read(['title']).to_pylist())\n"
    )
    run = [sys.executable, "-c", code, str(desk.layout.root)]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    assert done.stdout == "[{'title': 'Title of a'}]\n"


def test_two_threads_that_load_the_same_day_both_land(desk: Any) -> None:
    runs = [f"r{number}" for number in range(4)]
    for number, run in enumerate(runs):
        own = [desk.article(f"own{number}-{i}") for i in range(5)]
        desk.batch(run, [*own, desk.article("shared")], rejections=[desk.rejection(run, "z")])
    with ThreadPoolExecutor(len(runs)) as pool:
        tallies = list(pool.map(desk.load, runs))
    assert len(desk.rows("articles")) == 21
    assert desk.history("shared") == [(1, "new")]
    assert len(desk.rows("revisions")) == 21
    assert sum(tally["herald"].out_count for tally in tallies) == 21
    assert len(desk.rows("rejections")) == len(desk.rows("checks")) == len(runs)


def test_two_processes_that_load_into_a_new_warehouse_both_land(desk: Any) -> None:
    code = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from newshouse.layout import DataLayout; from newshouse.warehouse.load import load_run\n"
        "load_run(DataLayout(Path(sys.argv[1])), sys.argv[2], ['00'], now=datetime.fromisoformat(sys.argv[3]))\n"
    )
    for run in ("r1", "r2"):
        desk.batch(run, [desk.article(run), desk.article("shared")])
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(desk.layout.root), run, desk.morning.isoformat()])
        for run in ("r1", "r2")
    ]
    assert [process.wait(60) for process in started] == [0, 0]
    assert {row["title"] for row in desk.rows("articles")} == {"Title of r1", "Title of r2", "Title of shared"}
    assert len(desk.rows("revisions")) == 3
