"""One door: what a run brings lands once, however often and in whatever pieces it is loaded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newshouse.errors import ContractError, StorageError
from newshouse.forget.rows import take_out
from newshouse.forget.target import gather
from newshouse.forget.tombstones import bury
from newshouse.ids import stable_id
from newshouse.records import CheckResult
from newshouse.schemas import ARTICLES, REJECTIONS, REVISIONS
from newshouse.storage.files import write_parquet
from newshouse.warehouse import load, rewriting, writing
from newshouse.warehouse.load import load_checks
from newshouse.warehouse.tables import Change, Snapshot, change, snapshot


def test_a_first_load_fills_every_table_of_the_corridor(desk: Any) -> None:
    visits = [desk.visit("r1", "a", "fetched"), desk.visit("r1", "b", "fetched")]
    desk.batch("r1", [desk.article("a"), desk.article("b")], visits=visits, rejections=[desk.rejection("r1", "z")])
    tally = desk.load("r1")["herald"]
    assert (tally.in_count, tally.out_count, tally.duplicate_count, tally.rejected_count) == (2, 2, 0, 0)
    counts = {name: len(rows) for name, rows in desk.warehouse().items() if rows}
    assert counts == {"articles": 2, "revisions": 2, "fetches": 2, "rejections": 1, "checks": 1, "runs": 5}


def test_a_new_article_keeps_every_value_and_gets_what_the_load_fills(desk: Any) -> None:
    given = desk.article("a")
    desk.batch("r1", [given])
    desk.load("r1")
    row = desk.row("a")
    assert {key: row[key] for key in given} == given
    assert row["revision"] == 1
    assert row["first_seen_at"] == row["fetched_at"]
    assert row["month"] == "2026-11"
    assert row["vanished_at"] is None
    assert row["duplicate_of"] is None
    assert row["story_id"] == row["article_id"]
    assert desk.history("a") == [(1, "new")]


def test_loading_a_run_again_makes_no_commit_and_reports_the_same(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "b", "gone")])
    first = desk.load("r1")
    versions = desk.versions()
    assert desk.load("r1") == first
    assert desk.versions() == versions


def test_the_same_article_unchanged_on_the_next_day_is_a_duplicate(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    before = desk.rows("articles")
    desk.batch("r2", [desk.article("a", day=1), desk.article("b", day=1)])
    tally = desk.load("r2")["herald"]
    assert (tally.in_count, tally.out_count, tally.duplicate_count) == (2, 1, 1)
    assert [row for row in desk.rows("articles") if row["article_id"] == desk.id("a")] == before


def test_a_changed_article_becomes_the_next_revision_and_keeps_its_beginning(desk: Any) -> None:
    desk.batch("r1", [desk.article("a"), desk.article("b")])
    desk.load("r1")
    first = desk.row("a")
    desk.batch("r2", [desk.article("a", day=40, body="Corrected.")])
    desk.load("r2")
    row = desk.row("a")
    assert (row["revision"], row["body"], row["run_id"]) == (2, "Corrected.", "r2")
    assert (row["first_seen_at"], row["month"]) == (first["first_seen_at"], "2026-11")
    assert desk.history("a") == [(1, "new"), (2, "body")]
    (second,) = (r for r in desk.rows("revisions") if (r["article_id"], r["revision"]) == (desk.id("a"), 2))
    assert second["previous_hash"] == first["content_hash"]
    assert second["month"] == "2027-01"  # its own capture, forty days on


def test_only_the_file_of_the_changed_row_is_rewritten(desk: Any) -> None:
    for number in range(4):
        desk.batch(f"r{number}", [desk.article(f"a{number}"), desk.article(f"b{number}")])
        desk.load(f"r{number}")
    before = set(snapshot(desk.layout, ARTICLES).files())
    desk.batch("next", [desk.article("a2", day=1, title="New words")])
    desk.load("next")
    after = set(snapshot(desk.layout, ARTICLES).files())
    assert (len(before - after), len(after - before)) == (1, 1)


def test_what_changes_together_is_rewritten_together_and_the_oldest_go_when_a_file_is_full(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [[f"{day}{letter}" for letter in "abc"] for day in range(3)]
    for day, names in enumerate(days):
        desk.batch(f"r{day}", [desk.article(name, day=day) for name in names])
        desk.load(f"r{day}")
    monkeypatch.setattr(rewriting, "ROWS_A_FILE", 6)
    desk.batch("r3", [desk.article(name, day=3, title="Two days changed") for name in ("0a", "1a")])
    desk.load("r3")
    desk.batch("r4", [desk.article(name, day=4, title="Three days changed") for name in ("0b", "1b", "2b")])
    assert _days_of_files(desk) == [{0, 1}, {2}]
    desk.load("r4")
    assert _days_of_files(desk) == [{0}, {1, 2}]
    assert len(desk.rows("articles")) == 9


def test_few_files_are_read_ahead_of_the_writers(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    months = range(8)
    desk.batch("first", [desk.article(f"a{month}", day=31 * month) for month in months])
    desk.load("first")
    desk.batch("next", [desk.article(f"a{month}", day=300, title="New words") for month in months])
    replaced, write_datafile = rewriting._replaced, writing.write_datafile
    events: list[str] = []

    def read(now: Snapshot, *rest: Any) -> Any:
        events.append("read")
        return replaced(now, *rest)

    def write(folder: Any, table: Any, *rest: Any, **named: Any) -> Any:
        done = write_datafile(folder, table, *rest, **named)
        events.extend(["written"] if table == ARTICLES else [])
        return done

    monkeypatch.setattr(pa, "cpu_count", lambda: 2)
    monkeypatch.setattr(rewriting, "_replaced", read)
    monkeypatch.setattr(writing, "write_datafile", write)
    desk.load("next")
    ahead = [events[:place].count("read") - events[:place].count("written") for place in range(len(events))]
    assert (events.count("read"), events.count("written")) == (8, 8)
    assert max(ahead) <= 3  # two that are being written, and the next
    assert {row["title"] for row in desk.rows("articles")} == {"New words"}


def test_of_files_that_are_in_memory_the_largest_is_written_first(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.batch("first", [desk.article(f"a{number}") for number in range(5)])
    desk.load("first")
    desk.batch("next", [desk.article("b", day=1), desk.article("a0", day=1, title="New words")])
    write_datafile, sizes = writing.write_datafile, []

    def write(folder: Any, table: Any, rows: pa.Table, *rest: Any) -> Any:
        sizes.extend([rows.num_rows] if table == ARTICLES else [])
        return write_datafile(folder, table, rows, *rest)

    monkeypatch.setattr(pa, "cpu_count", lambda: 1)
    monkeypatch.setattr(writing, "write_datafile", write)
    desk.load("next")
    assert sizes == [5, 1]


def _days_of_files(desk: Any) -> list[set[int]]:
    """The days on which the articles of each data file were first seen."""
    times = (pq.read_table(file, columns=["first_seen_at"]) for file in snapshot(desk.layout, ARTICLES).files())
    return sorted(({(at - desk.morning).days for at in table["first_seen_at"].to_pylist()} for table in times), key=min)


def test_two_captures_of_one_article_in_a_run_leave_the_latest(desk: Any) -> None:
    late = desk.article("a", day=0.5, title="Later words")
    desk.batch("r1", [late, desk.article("a")])
    tally = desk.load("r1")["herald"]
    assert (tally.in_count, tally.out_count, tally.duplicate_count) == (2, 1, 1)
    assert desk.row("a")["title"] == "Later words"
    assert desk.history("a") == [(1, "new")]


def test_a_page_that_is_gone_marks_its_article_vanished_once(desk: Any) -> None:
    desk.batch("r1", [desk.article("a"), desk.article("b")])
    desk.load("r1")
    for number in (2, 3):
        desk.batch(f"r{number}", visits=[desk.visit(f"r{number}", "a", "gone", day=number)])
        desk.load(f"r{number}")
    row = desk.row("a")
    assert (row["vanished_at"], row["revision"], row["run_id"]) == (desk.day(2), 2, "r2")
    assert row["body"] == "Body of a."
    assert desk.history("a") == [(1, "new"), (2, "vanished")]
    assert desk.row("b")["vanished_at"] is None
    (vanished,) = (r for r in desk.rows("revisions") if r["change_kind"] == "vanished")
    assert (vanished["fetched_at"], vanished["warc_file"]) == (desk.day(2), None)


def test_a_page_that_failed_otherwise_leaves_its_article_alone(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    outcomes = ["server_error", "timeout", "robots_denied", "unchanged"]
    for number, outcome in enumerate(outcomes, 2):
        desk.batch(f"r{number}", visits=[desk.visit(f"r{number}", "a", outcome, day=number)])
        desk.load(f"r{number}")
    assert desk.history("a") == [(1, "new")]


def test_a_redirected_article_vanishes_with_the_address_it_was_listed_under(desk: Any) -> None:
    desk.batch("r1", [desk.article("final", url=desk.url("listed"))])
    desk.load("r1")
    desk.batch("r2", visits=[desk.visit("r2", "listed", "gone", day=1)])
    desk.load("r2")
    assert desk.row("final")["vanished_at"] == desk.day(1)


@pytest.mark.parametrize("same", [True, False], ids=["with the same words", "with other words"])
def test_a_vanished_article_that_is_back_is_restored(desk: Any, same: bool) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    desk.batch("r2", visits=[desk.visit("r2", "a", "gone", day=1)])
    desk.load("r2")
    words = {} if same else {"title": "Other words"}
    desk.batch("r3", [desk.article("a", day=2, **words)], visits=[desk.visit("r3", "a", "fetched", day=2)])
    tally = desk.load("r3")["herald"]
    assert (tally.out_count, tally.duplicate_count) == (1, 0)
    assert desk.row("a")["vanished_at"] is None
    assert desk.history("a") == [(1, "new"), (2, "vanished"), (3, "restored")]


def test_a_vanished_article_whose_page_answers_unchanged_is_restored(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    desk.batch("r2", visits=[desk.visit("r2", "a", "gone", day=1)])
    desk.load("r2")
    desk.batch("r3", visits=[desk.visit("r3", "a", "unchanged", day=2, status=304, warc_file="x", warc_offset=1)])
    desk.load("r3")
    row = desk.row("a")
    assert (row["vanished_at"], row["fetched_at"], row["warc_file"]) == (None, desk.day(2), "2026-11-23/run.warc.gz")
    assert desk.history("a") == [(1, "new"), (2, "vanished"), (3, "restored")]
    versions = desk.versions()
    desk.load("r2")  # what it says is older than what is known now
    assert desk.versions() == versions


def test_an_article_accepted_under_another_address_did_not_vanish(desk: Any) -> None:
    desk.batch("r1", [desk.article("final", url=desk.url("listed"))])
    desk.load("r1")
    desk.batch("r2", [desk.article("final", day=1)], visits=[desk.visit("r2", "listed", "gone", day=1.1)])
    desk.load("r2")
    assert desk.row("final")["vanished_at"] is None


def test_a_syndicated_copy_points_to_the_first_article_with_its_body(desk: Any) -> None:
    earlier = desk.morning - timedelta(days=1)
    desk.batch("r1", [desk.article("copy", body="Wire."), desk.article("first", body="Wire.", published_at=earlier)])
    desk.load("r1")
    desk.batch("r2", [desk.article("later", day=1, body="Wire.", published_at=earlier - timedelta(days=9))])
    desk.load("r2")
    first = desk.id("first")
    assert desk.row("first")["duplicate_of"] is None
    assert [desk.row(name)["duplicate_of"] for name in ("copy", "later")] == [first, first]
    assert {desk.row(name)["story_id"] for name in ("copy", "first", "later")} == {first}


def test_a_copy_that_is_rewritten_is_no_copy_any_more(desk: Any) -> None:
    earlier = desk.morning - timedelta(days=1)
    desk.batch("r1", [desk.article("copy", body="Wire."), desk.article("first", body="Wire.", published_at=earlier)])
    desk.load("r1")
    desk.batch("r2", [desk.article("copy", day=1, body="Our own words.")])
    desk.load("r2")
    assert (desk.row("copy")["duplicate_of"], desk.row("copy")["story_id"]) == (None, desk.id("copy"))
    desk.batch("r3", [desk.article("copy", day=2, body="Wire.")])
    desk.load("r3")
    assert desk.row("copy")["duplicate_of"] == desk.id("first")


def test_articles_without_a_body_are_no_copies_of_each_other(desk: Any) -> None:
    desk.batch("r1", [desk.article("a", body=""), desk.article("b", body=None), desk.article("c", body="")])
    desk.load("r1")
    assert [row["duplicate_of"] for row in desk.rows("articles")] == [None, None, None]


def test_a_batch_that_finished_later_is_added_by_loading_again(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")], name="00")
    desk.batch("r1", [desk.article("b", source_id="globe")], name="01", finished=False)
    assert "globe" not in desk.load("r1", ["00", "01"])
    assert len(desk.rows("articles")) == 1
    desk.batch("r1", [desk.article("b", source_id="globe")], name="01")
    tallies = desk.load("r1", ["00", "01"])
    assert (tallies["herald"].out_count, tallies["globe"].out_count) == (1, 1)
    loads = [row for row in desk.rows("runs") if row["stage"] == "load"]
    assert {(row["batch"], row["source_id"], row["out_count"]) for row in loads} == {
        ("all", "herald", 1),
        ("all", "globe", 1),
    }


def test_a_run_that_is_forgotten_and_fetched_again_under_its_id_keeps_both_exchanges(desk: Any) -> None:
    for day in (0, 1):
        desk.batch("r1", [desk.article("a", day=day)], visits=[desk.visit("r1", "a", "fetched", day=day)])
        desk.load("r1")
    assert [row["requested_at"] for row in desk.rows("fetches")] == [desk.day(0), desk.day(1)]


def test_a_released_rejection_stays_released(desk: Any) -> None:
    desk.batch("r1", rejections=[desk.rejection("r1", "z")])
    desk.load("r1")
    released = REJECTIONS.arrow(row | {"released_at": desk.day(1)} for row in desk.rows("rejections"))
    change(desk.layout, REJECTIONS, lambda now: Change(released.slice(0, 0), released))
    desk.load("r1")
    assert [row["released_at"] for row in desk.rows("rejections")] == [desk.day(1)]


def test_a_stage_file_that_holds_other_rows_than_reported_is_refused(desk: Any) -> None:
    desk.batch("r1", [desk.article("a"), desk.article("b")])
    folder = desk.layout.run("r1").batch("00")
    write_parquet(folder.accepted, ARTICLES.arrow([desk.article("a") | {"run_id": "r1"}], "parse"))
    with pytest.raises(ContractError, match=r"accepted\.parquet: 1 rows, but the stage reported 2"):
        desk.load("r1")
    assert desk.versions()["articles"] == -1


def test_a_damaged_stage_file_is_named_and_nothing_is_loaded(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    path = desk.layout.run("r1").batch("00").accepted
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StorageError, match=r"accepted\.parquet"):
        desk.load("r1")
    assert desk.versions()["fetches"] == -1


def _disk_full_of_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    append_missing = load.append_missing

    def append(layout: Any, table: Any, *rest: Any, **named: Any) -> None:
        if table == REJECTIONS:
            raise StorageError("rejections: the disk is full")
        append_missing(layout, table, *rest, **named)

    monkeypatch.setattr(load, "append_missing", append)


def test_facts_that_cannot_be_written_stop_the_load_before_the_articles(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.batch("r1", [desk.article("a")])
    with monkeypatch.context() as full:
        _disk_full_of_facts(full)
        with pytest.raises(StorageError, match="the disk is full"):
            desk.load("r1")
    assert desk.rows("articles") == desk.rows("runs") == []
    assert desk.load("r1")["herald"].out_count == 1


def test_a_full_disk_is_told_also_where_the_articles_failed_beside_it(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise ContractError("rows do not fit")

    _disk_full_of_facts(monkeypatch)
    monkeypatch.setattr(load, "delivery", fails)
    desk.batch("r1", [desk.article("a")])
    with pytest.raises(StorageError, match="the disk is full") as told:
        desk.load("r1")
    assert isinstance(told.value.__context__, ContractError)


def test_checks_on_committed_data_are_added_once(desk: Any) -> None:
    result = CheckResult("c1", "r1", "all", None, "volume", "history", "warning", "fail", desk.morning)
    load_checks(desk.layout, [result])
    load_checks(desk.layout, [result])
    assert [row["check_id"] for row in desk.rows("checks")] == ["c1"]


def test_a_run_without_articles_still_counts_its_sources(desk: Any) -> None:
    desk.batch("r1")
    assert desk.load("r1")["herald"].in_count == 0
    assert {row["stage"] for row in desk.rows("runs")} == {"discover", "fetch", "parse", "validate", "load"}


@pytest.mark.parametrize(
    "step", ["delivery", "touched", "decide", "record_change", "record_late", "take_out_forgotten"]
)
@pytest.mark.parametrize("known", [False, True], ids=["that is new", "that is known"])
def test_an_article_forgotten_while_it_is_loaded_is_in_no_table_afterwards(
    desk: Any, monkeypatch: pytest.MonkeyPatch, step: str, known: bool
) -> None:
    desk.batch("r1", [desk.article("a")] if known else [], visits=[desk.visit("r1", "b", "fetched")])
    desk.load("r1")
    real, done = getattr(load, step), []

    def forget_first(*values: Any) -> Any:
        if not done:
            done.append(bury(desk.layout, [desk.id("a")], "request", desk.morning))
            take_out(desk.layout, gather(desk.layout, [desk.id("a")]))
        return real(*values)

    monkeypatch.setattr(load, step, forget_first)
    accepted = [desk.article("a", day=1, title="Again", body="Words."), desk.article("c", day=1, body="Words.")]
    rejections = [desk.rejection("r2", "a", day=1, url_key=desk.url("a"))]
    desk.batch("r2", accepted, visits=[desk.visit("r2", "a", "fetched", day=1)], rejections=rejections)
    desk.load("r2")
    assert done
    held = desk.warehouse()
    for name in ("articles", "revisions"):
        assert {row["article_id"] for row in held[name]} == {desk.id("c")}
    assert {row["url"] for row in held["fetches"]} == {desk.url("b")}
    assert held["rejections"] == []
    assert (desk.row("c")["duplicate_of"], desk.row("c")["story_id"]) == (None, desk.id("c"))
    kept = [pq.read_table(path)["article_id"] for path in desk.layout.table("articles").rglob("month=*/*.parquet")]
    assert {key for ids in kept for key in ids.to_pylist()} == {desk.id("c")}


def test_a_version_that_another_load_overwrites_meanwhile_is_counted(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.batch("r2", [desk.article("a", day=1, title="New words")])
    others = iter(["r2"])

    def load_after(*arguments: Any) -> Any:
        found = snapshot(*arguments)
        if arguments[1] in (ARTICLES, REVISIONS):  # between the two
            for other in others:
                desk.load(other)
        return found

    monkeypatch.setattr(load, "snapshot", load_after)
    assert desk.load("r1")["herald"].out_count == 1
    assert desk.history("a") == [(1, "new"), (2, "title")]


def test_a_stage_file_that_the_disk_damaged_is_named_and_nothing_of_its_run_lands(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    before, versions = desk.warehouse(), desk.versions()
    body = "Nothing is lost between the harbour and the page."
    desk.batch("r2", [desk.article("b", body=body)])
    path = desk.layout.run("r2").batch("00").accepted
    data = path.read_bytes()
    path.write_bytes(data.replace(body.encode(), b"n" + body[1:].encode()))

    with pytest.raises(StorageError, match=r"r2/00/accepted.parquet: unreadable .*run its stage again"):
        desk.load("r2")
    assert (desk.warehouse(), desk.versions()) == (before, versions)

    path.write_bytes(data)  # as the stage makes it again
    desk.load("r2")
    assert desk.row("b")["body"] == body


def test_hashes_of_bodies_that_validate_gave_are_taken_and_lacking_ones_made(desk: Any) -> None:
    given = desk.article("a", body="Rain.") | {"body_hash": "of validate"}
    desk.batch("r1", [given, desk.article("b", body=None) | {"body_hash": None}])
    desk.batch("r2", [desk.article("c", body="Rain."), desk.article("d", body="")])  # as earlier versions left it
    desk.load("r1")
    desk.load("r2")
    made = {name: desk.row(name)["body_hash"] for name in "abcd"}
    assert made == {"a": "of validate", "b": None, "c": stable_id("body", "Rain."), "d": None}
