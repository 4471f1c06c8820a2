"""A load that is killed between any two commits heals: loaded again, the tables equal those of an undisturbed load."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_LOAD_AND_DIE = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from deltalake import DeltaTable
from newshouse.layout import DataLayout
from newshouse.warehouse.load import load_run

root, run_id, now, moment, number = sys.argv[1:]
commit, count = DeltaTable.create_write_transaction, 0

def commit_or_die(self, *args, **kwargs):
    global count
    count += 1
    if count == int(number) and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    commit(self, *args, **kwargs)
    if count == int(number):
        os.kill(os.getpid(), signal.SIGKILL)

DeltaTable.create_write_transaction = commit_or_die
load_run(DataLayout(Path(root)), run_id, ["00"], now=datetime.fromisoformat(now))
"""
_COMMITS = 7  # fetches, rejections, checks, revisions (what is overwritten), articles, revisions, runs


def _kill_during_load(desk: Any, run_id: str, moment: str, number: int) -> int:
    arguments = [str(desk.layout.root), run_id, desk.morning.isoformat(), moment, str(number)]
    return subprocess.run([sys.executable, "-c", _LOAD_AND_DIE, *arguments], check=False).returncode


def _two_days(desk: Any) -> None:
    """The first day loaded, the second waiting: a new, a revised, an unchanged, a vanished article, a copy, a drop."""
    desk.batch("r1", [desk.article(name) for name in ("a", "b", "c", "d")])
    desk.load("r1")
    desk.batch(
        "r2",
        [
            desk.article("a", day=1, title="New words"),
            desk.article("b", day=1),
            desk.article("e", day=1),
            desk.article("f", day=1, body="Body of b."),
        ],
        visits=[desk.visit("r2", "c", "gone", day=1)],
        rejections=[desk.rejection("r2", "z")],
    )


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory, desk_at: Any) -> Path:
    """A data folder with the first day loaded and the second waiting."""
    root = tmp_path_factory.mktemp("waiting")
    _two_days(desk_at(root))
    return root


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, desk_at: Any, waiting: Path) -> Any:
    """Its tables after a load that nothing disturbed, and what that load reported."""
    desk = desk_at(shutil.copytree(waiting, tmp_path_factory.mktemp("undisturbed") / "data"))
    return desk.load("r2"), desk.warehouse()


@pytest.fixture
def desk(tmp_path: Path, desk_at: Any, waiting: Path) -> Any:
    return desk_at(shutil.copytree(waiting, tmp_path / "data"))


@pytest.mark.parametrize("number", range(1, _COMMITS + 1))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_load_killed_around_a_commit_heals_when_it_runs_again(
    desk: Any, undisturbed: Any, moment: str, number: int
) -> None:
    assert _kill_during_load(desk, "r2", moment, number) == -signal.SIGKILL
    assert (desk.load("r2"), desk.warehouse()) == undisturbed


def test_a_whole_load_makes_exactly_the_commits_that_are_killed_above(desk: Any) -> None:
    assert _kill_during_load(desk, "r2", "before", _COMMITS + 1) == 0


def test_the_history_is_whole_even_if_another_run_is_loaded_before_the_killed_one(desk: Any) -> None:
    articles_commit = 5
    assert _kill_during_load(desk, "r2", "after", articles_commit) == -signal.SIGKILL
    desk.batch("r3", [desk.article("a", day=2, body="Newest words"), desk.article("c", day=2)])
    desk.load("r3")
    desk.load("r2")
    assert desk.history("a") == [(1, "new"), (2, "title"), (3, "title")]
    assert desk.history("c") == [(1, "new"), (2, "vanished"), (3, "restored")]
    assert desk.history("e") == [(1, "new")]


def test_a_killed_load_is_not_half_visible_in_articles(desk: Any) -> None:
    before = desk.rows("articles")
    assert _kill_during_load(desk, "r2", "before", 5) == -signal.SIGKILL
    assert desk.rows("articles") == before


@pytest.mark.parametrize("number", [3, 4, 5, 6])  # of fetches, checks, revisions, articles, revisions, runs
def test_a_late_load_that_is_killed_heals_also_after_another_run(tmp_path: Path, desk_at: Any, number: int) -> None:
    told = []
    for kill in (False, True):
        desk = desk_at(tmp_path / str(kill))
        desk.batch("r2", [desk.article("a", day=1, title="New words")])
        desk.load("r2")
        desk.batch("r1", [desk.article("a", title="Old words")], visits=[desk.visit("r1", "a", "fetched")])
        desk.batch("r3", [desk.article("a", day=2, title="Newest words")])
        if kill:
            assert _kill_during_load(desk, "r1", "before", number) == -signal.SIGKILL
        else:
            desk.load("r1")
        desk.load("r3")
        told.append((desk.load("r1"), desk.warehouse()))
    assert told[0] == told[1]
    assert sorted(desk.history("a")) == [(0, "late"), (1, "new"), (2, "title")]
