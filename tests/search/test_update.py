"""The index follows the table: each commit once, killed anywhere, and never half."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from newshouse.errors import StorageError
from newshouse.schemas import ARTICLES
from newshouse.search import index, update
from newshouse.search.update import update as bring_up_to_date
from newshouse.warehouse.maintenance import compact, vacuum
from newshouse.warehouse.tables import Change, change


def test_new_articles_are_added_and_nothing_is_done_twice(desk: Any) -> None:
    assert desk.bring("r1", [desk.article("a"), desk.article("b")]) == 2
    assert desk.bring("r2", [desk.article("c")]) == 1
    assert bring_up_to_date(desk.layout) == 0
    assert desk.titles("title") == ["Title of a", "Title of b", "Title of c"]


def test_a_revision_takes_the_place_of_the_one_before(desk: Any) -> None:
    desk.bring("r1", [desk.article("a", body="old words"), desk.article("b", body="other")])
    assert desk.bring("r2", [desk.article("a", day=1, title="New title", body="new words")]) == 1
    assert desk.titles("old") == []
    assert desk.titles("new words") == ["New title"]
    assert desk.ask("words").hits[0].revision == 2


def test_authors_that_become_known_later_are_found(desk: Any) -> None:
    desk.bring("r1", [desk.article("a", byline="By our staff"), desk.article("b")])
    authors = [{"name": "Zeb Quill", "role": None, "organisation": None}]
    row = desk.row("a") | {"authors": authors}
    change(desk.layout, ARTICLES, lambda now: Change(ARTICLES.schema().empty_table(), ARTICLES.arrow([row])))
    assert bring_up_to_date(desk.layout) == 1
    assert desk.titles("author:quill") == ["Title of a"]
    assert desk.titles("author:vale") == ["Title of b"]


def test_a_vanished_article_is_hidden_but_counted_until_it_is_back(desk: Any) -> None:
    desk.bring("r1", [desk.article("a", body="talks"), desk.article("b", body="talks")])
    desk.bring("r2", visits=[desk.visit("r2", "a", "gone", day=1)])
    found = desk.ask("talks")
    assert [hit.article_id for hit in found.hits] == [desk.id("b")]
    assert (found.total, found.vanished) == (1, 1)
    shown = {hit.article_id: hit.vanished_at for hit in desk.ask("talks", vanished=True).hits}
    assert shown == {desk.id("a"): desk.day(1), desk.id("b"): None}
    desk.bring("r3", visits=[desk.visit("r3", "a", "unchanged", day=2, status=304)])
    assert desk.titles("talks") == ["Title of a", "Title of b"]


def test_compaction_changes_no_entry(desk: Any) -> None:
    for number in range(4):
        desk.bring(f"r{number}", [desk.article(f"a{number}")])
    compact(desk.layout, now=desk.day(40))
    assert bring_up_to_date(desk.layout) == 0
    assert len(desk.titles("title")) == 4


def test_where_the_old_version_is_gone_the_index_is_built_anew(desk: Any) -> None:
    desk.bring("r1", [desk.article("a", body="old")])
    for run, day in (("r2", 1), ("r3", 2)):
        desk.batch(run, [desk.article("a", day=day, body=f"words of {run}")])
        desk.load(run)
    vacuum(desk.layout, retention_hours=0)
    assert bring_up_to_date(desk.layout) == 1
    assert (desk.titles("old"), desk.titles("words r3")) == ([], ["Title of a"])


def test_another_warehouse_in_the_same_place_is_indexed_anew(desk: Any) -> None:
    desk.bring("r1", [desk.article("a")])
    shutil.rmtree(desk.layout.warehouse)
    desk.bring("r2", [desk.article("b")])
    assert desk.titles("title") == ["Title of b"]


def test_a_rebuild_gives_the_same_and_leaves_one_generation(desk: Any) -> None:
    desk.bring("r1", [desk.article("a"), desk.article("b")])
    before = desk.ask("title")
    assert bring_up_to_date(desk.layout, rebuild=True) == 2
    assert desk.ask("title").hits == before.hits
    assert len(list(desk.layout.search.glob("v*"))) == 1


def test_an_index_of_another_format_or_a_damaged_one_is_built_anew(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bring("r1", [desk.article("a")])
    (folder,) = desk.layout.search.glob("v*")
    (folder / "meta.json").write_text("{}")
    with pytest.raises(StorageError, match=r"search --rebuild"):
        desk.ask("title")
    assert bring_up_to_date(desk.layout) == 1
    assert desk.titles("title") == ["Title of a"]


def test_an_empty_warehouse_has_an_empty_index(desk: Any) -> None:
    assert bring_up_to_date(desk.layout) == 0
    assert desk.ask("anything").hits == ()
    assert desk.bring("r1", [desk.article("a")]) == 1


def test_readers_see_whole_states_while_the_index_is_updated_and_rebuilt(desk: Any) -> None:
    desk.bring("r0", [desk.article("a", body="word zero")])
    seen: set[int] = set()
    errors: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(desk.ask("word").total)
            except BaseException as error:  # noqa: BLE001 -- whatever a reader meets is what this test is about
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 6):
        desk.bring(f"r{number}", [desk.article(f"a{number}", body="word"), desk.article(f"b{number}", body="word")])
        bring_up_to_date(desk.layout, rebuild=number % 2 == 0)
    stop.set()
    reader.join()
    assert errors == []
    assert seen <= {1, 3, 5, 7, 9, 11}
    assert desk.ask("word").total == 11


_OLD, _NEW = ["Title of a"], ["New", "Title of b"]


@pytest.mark.parametrize(
    ("rebuild", "moment", "place", "shown"),
    [
        (False, "after", "update._add", _OLD),
        (True, "after", "update.begin", _OLD),
        (True, "after", "update._add", _OLD),
        (True, "before", "index.write_text", _OLD),  # which names the generation in use
        (True, "after", "index.write_text", _NEW),
    ],
)
def test_killed_anywhere_the_next_update_heals(
    desk: Any, rebuild: bool, moment: str, place: str, shown: list[str]
) -> None:
    desk.bring("r1", [desk.article("a")])
    desk.batch("r2", [desk.article("a", day=1, title="New"), desk.article("b")])
    desk.load("r2")
    code = f"""
import os, signal
from pathlib import Path
from newshouse.layout import DataLayout
from newshouse.search import index, update
real = {place}
def die(*values):
    if {moment!r} == "after":
        real(*values)
    os.kill(os.getpid(), signal.SIGKILL)
{place} = die
update.update(DataLayout(Path({str(desk.layout.root)!r})), rebuild={rebuild})
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ}, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert desk.titles("title OR new") == shown
    bring_up_to_date(desk.layout, rebuild=rebuild)
    assert desk.titles("title OR new") == _NEW
    assert len(list(desk.layout.search.glob("v*"))) == 1


def test_a_full_disk_is_told_and_the_index_of_before_answers(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bring("r1", [desk.article("a")])
    desk.batch("r2", [desk.article("b")])
    desk.load("r2")

    def full(*_: object) -> None:
        raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")

    monkeypatch.setattr(update, "_add", full)
    with pytest.raises(StorageError, match=r"the index cannot be written.*No space left"):
        bring_up_to_date(desk.layout)
    assert desk.titles("title") == ["Title of a"]
    assert index.current(desk.layout) is not None
