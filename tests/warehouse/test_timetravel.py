"""The warehouse as it was, and back to it: whole or refused, never half."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from newshouse.errors import ConfigError, StorageError
from newshouse.forget.rows import take_out
from newshouse.forget.target import gather
from newshouse.forget.tombstones import bury
from newshouse.schemas import ARTICLES, TABLES, TOMBSTONES
from newshouse.settings import Settings
from newshouse.upkeep import maintain
from newshouse.warehouse import load, restoring
from newshouse.warehouse.maintenance import vacuum
from newshouse.warehouse.query import select
from newshouse.warehouse.restoring import finish
from newshouse.warehouse.tables import Change, append_missing, change, snapshot
from newshouse.warehouse.timetravel import as_of, database_as_of, end_of, restore


@pytest.fixture
def past(desk: Any) -> tuple[Any, Callable[[int], datetime]]:
    """Three loads, and the moments after each."""
    moments = [datetime.now(UTC)]
    for number, article in enumerate(("a", "b"), start=1):
        desk.batch(f"r{number}", [desk.article(article)], rejections=[desk.rejection(f"r{number}", f"x{number}")])
        desk.load(f"r{number}")
        moments.append(datetime.now(UTC))
    desk.batch("r3", [desk.article("a", day=1, title="Wrong")])
    desk.load("r3")
    desk.publish()
    return desk, moments.__getitem__


def titles(desk: Any, moment: datetime) -> list[str]:
    with database_as_of(desk.layout, moment, {"herald": desk.herald}) as database:
        found = select(desk.layout, "SELECT title FROM articles ORDER BY title", database=database)
    return found["title"].to_pylist()


def test_the_views_of_a_day_show_what_was_committed_by_then(past: Any) -> None:
    desk, after = past
    assert titles(desk, after(1)) == ["Title of a"]
    assert titles(desk, after(2)) == ["Title of a", "Title of b"]
    assert titles(desk, datetime.now(UTC)) == ["Title of b", "Wrong"]
    with database_as_of(desk.layout, after(1), {}) as database:
        assert select(desk.layout, "FROM revisions", database=database).num_rows == 1
        assert select(desk.layout, "FROM daily_counts", database=database).num_rows == 1
    assert not database.exists()


def test_a_moment_before_the_first_load_is_an_error(past: Any) -> None:
    desk, after = past
    with pytest.raises(ConfigError, match=r"nothing was loaded by .* The past can be read since 20"):
        as_of(desk.layout, after(0))


def test_what_was_vacuumed_is_refused_and_not_half_shown(past: Any) -> None:
    desk, after = past
    vacuum(desk.layout, retention_hours=0)
    with pytest.raises(ConfigError, match=r"is not on the disk any more.*can be read since"):
        titles(desk, after(2))
    assert titles(desk, datetime.now(UTC)) == ["Title of b", "Wrong"]


def test_a_restore_is_a_new_commit_and_can_be_taken_back(past: Any) -> None:
    desk, after = past
    now = datetime.now(UTC)
    done = {table.table: (table.before, table.after) for table in restore(desk.layout, after(2))}
    assert done == {"articles": (2, 2), "revisions": (3, 2), "rejections": (2, 2), "fetches": (0, 0)}
    assert desk.row("a")["title"] == "Title of a"
    assert desk.history("a") == [(1, "new")]
    restore(desk.layout, now)
    assert desk.row("a")["title"] == "Wrong"
    assert desk.history("a") == [(1, "new"), (2, "title")]


def test_after_a_restore_the_next_load_goes_on_and_a_repeat_brings_back_what_was_lost(past: Any) -> None:
    desk, after = past
    restore(desk.layout, after(1))
    assert restore(desk.layout, after(1))[-1].before == 1
    desk.load("r2")
    desk.batch("r4", [desk.article("a", day=2, title="Right")])
    desk.load("r4")
    assert desk.history("a") == [(1, "new"), (2, "title")]
    assert sorted(row["title"] for row in desk.rows("articles")) == ["Right", "Title of b"]


@pytest.mark.parametrize(("name", "value"), [("revisions", "first"), ("articles", {"n": 1}), ("revisions", None)])
def test_a_table_that_something_else_wrote_can_be_taken_back(past: Any, name: str, value: Any) -> None:
    desk, after = past
    rows = DeltaTable(desk.layout.table(name)).to_pyarrow_table().drop_columns(["revision"])
    if value is not None:
        rows = rows.append_column("revision", pa.array([value] * rows.num_rows))
    write_deltalake(str(desk.layout.table(name)), rows, mode="overwrite", schema_mode="overwrite")
    with pytest.raises(ConfigError, match=f"{name}: column 'revision'.*`newshouse restore --as-of`"):
        desk.publish()
    done = {table.table: (table.before, table.after) for table in restore(desk.layout, after(2))}
    assert done["articles"] == (2, 2) and done["revisions"][1] == 2
    assert (desk.row("a")["title"], desk.history("a")) == ("Title of a", [(1, "new")])
    desk.publish()


def test_a_day_ends_with_its_last_moment() -> None:
    assert str(end_of(date(2026, 11, 1))) == "2026-11-01 23:59:59.999999+00:00"
    assert str(end_of(date.max)) == "9999-12-31 23:59:59.999999+00:00"


def cut(desk: Any, name: str) -> None:
    """What the upkeep does to the log of a table once its entries are a month old."""
    log = desk.layout.table(name) / "_delta_log"
    table = DeltaTable(log.parent)
    table.create_checkpoint()
    for path in log.glob("*.json"):
        if int(path.stem) < table.version():
            path.unlink()


def test_a_log_that_was_cut_since_is_no_table_that_was_empty(past: Any) -> None:
    desk, _ = past
    bury(desk.layout, ["nobody"], "request", desk.morning)
    loaded = datetime.now(UTC)
    desk.batch("r4", [desk.article("c")], visits=[desk.visit("r4", "c", "fetched")], rejections=[])
    desk.load("r4")
    cut(desk, "articles")
    for act in (as_of, restore):
        with pytest.raises(ConfigError, match=r"articles: its log does not reach back to .* can be read since 20"):
            act(desk.layout, loaded)
    assert len(desk.rows("articles")) == 3
    for name in TABLES:
        if snapshot(desk.layout, TABLES[name]).delta is not None:
            cut(desk, name)
    assert titles(desk, datetime.now(UTC)) == ["Title of b", "Title of c", "Wrong"]


def test_a_table_that_was_made_later_was_empty(past: Any) -> None:
    desk, after = past
    bury(desk.layout, ["nobody"], "request", desk.morning)
    assert {now.table.name: now.version for now in as_of(desk.layout, after(2))}[TOMBSTONES.name] == -1


def test_a_restore_is_made_again_when_a_load_is_faster(past: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, after = past
    another = ARTICLES.arrow([desk.row("b") | {"article_id": "another"}])
    real, faster = DeltaTable.restore, iter([another])

    def restore_late(table: DeltaTable, *values: Any, **named: Any) -> Any:
        for rows in faster if table.table_uri.rstrip("/").endswith("articles") else ():
            append_missing(desk.layout, ARTICLES, rows)  # of another machine: those of this one wait
        return real(table, *values, **named)

    monkeypatch.setattr(DeltaTable, "restore", restore_late)
    done = {table.table: (table.before, table.after) for table in restore(desk.layout, after(2))}
    assert done == {"articles": (3, 2), "revisions": (3, 2), "rejections": (2, 2), "fetches": (0, 0)}
    assert sorted(row["title"] for row in desk.rows("articles")) == ["Title of a", "Title of b"]


class Killed(BaseException):
    """What nobody handles."""


def kill_before_articles(desk: Any, moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore, and die after `revisions`, before `articles`."""
    real = DeltaTable.restore

    def restore_or_die(table: DeltaTable, *values: Any, **named: Any) -> Any:
        if table.table_uri.rstrip("/").endswith("articles"):
            raise Killed
        return real(table, *values, **named)

    with monkeypatch.context() as patch:
        patch.setattr(DeltaTable, "restore", restore_or_die)
        with pytest.raises(Killed):
            restore(desk.layout, moment)


def test_a_restore_that_was_killed_is_finished_before_the_next_load(past: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, after = past
    kill_before_articles(desk, after(2), monkeypatch)
    desk.batch("r4", [desk.article("a", day=2, title="Right")])
    desk.load("r4")
    assert desk.history("a") == [(1, "new"), (2, "title")]
    assert [row["title"] for row in desk.rows("revisions")].count("Title of a") == 1
    assert desk.row("a")["title"] == "Right"
    assert not desk.layout.restore_job.exists()


def test_maintenance_finishes_a_restore_that_was_killed_before_it_deletes_files(
    past: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, after = past
    kill_before_articles(desk, after(2), monkeypatch)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "herald.yaml").write_text(
        "id: herald\nname: The Herald\ncountry: GB\nlanguage: en\ntimezone: Europe/London\n"
        "homepage: https://herald.example/\n"
    )
    maintain(Settings(data=desk.layout.data, sources=tmp_path / "sources"))
    assert (desk.row("a")["title"], desk.history("a")) == ("Title of a", [(1, "new")])
    assert not desk.layout.restore_job.exists()


def test_another_restore_takes_the_place_of_one_that_was_killed(past: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, after = past
    before, now = desk.warehouse(), datetime.now(UTC)
    kill_before_articles(desk, after(1), monkeypatch)
    restore(desk.layout, now)
    assert desk.warehouse() == before
    assert not desk.layout.restore_job.exists()


def test_a_killed_restore_whose_files_are_gone_says_what_to_do(past: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, after = past
    kill_before_articles(desk, after(2), monkeypatch)
    vacuum(desk.layout, retention_hours=0)
    for act in (lambda: desk.load("r3"), lambda: finish(desk.layout)):
        with pytest.raises(StorageError, match=r"restore\.json: .* are gone\. Delete this file and run"):
            act()
    desk.layout.restore_job.write_text("half")
    with pytest.raises(StorageError, match="not a job of restoring"):
        desk.load("r3")


def test_a_load_and_a_restore_wait_for_each_other(past: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, after = past
    refused = []

    def look(how: int) -> None:
        with desk.layout.restore_lock.open("a") as lock:
            with pytest.raises(BlockingIOError):
                fcntl.flock(lock, how | fcntl.LOCK_NB)
            refused.append(how)

    monkeypatch.setattr(restoring, "take_out_forgotten", lambda *_: look(fcntl.LOCK_SH))
    restore(desk.layout, after(2))
    monkeypatch.setattr(load, "take_out_forgotten", lambda *_: look(fcntl.LOCK_EX))
    desk.load("r3")
    assert refused == [fcntl.LOCK_SH, fcntl.LOCK_EX]


def test_a_restore_brings_nothing_back_that_is_forgotten_meanwhile(past: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, after = past
    real, faster = DeltaTable.restore, iter([desk.id("a")])

    def restore_late(table: DeltaTable, *values: Any, **named: Any) -> Any:
        for key in faster:
            bury(desk.layout, [key], "request", desk.morning)
            take_out(desk.layout, gather(desk.layout, [key]))
        return real(table, *values, **named)

    monkeypatch.setattr(DeltaTable, "restore", restore_late)
    restore(desk.layout, after(2))
    assert [row["title"] for row in desk.rows("articles")] == ["Title of b"]
    assert {row["article_id"] for row in desk.rows("revisions")} == {desk.id("b")}


def test_a_load_decides_again_when_a_restore_is_faster(past: Any) -> None:
    desk, after = past
    seen: list[int] = []

    def decision(now: Any) -> Change:
        seen.append(now.read(["article_id"]).num_rows)
        if len(seen) == 1:
            restore(desk.layout, after(1))
        rows = now.read(ARTICLES.schema().names)
        return Change(append=rows.slice(0, 1).set_column(0, "article_id", [["another"]]))

    change(desk.layout, ARTICLES, decision)
    assert seen == [2, 1]
