"""SIGKILL in each stage, then run again: the tables are those of a run that nobody disturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newshouse import pipeline
from newshouse.layout import DataLayout
from newshouse.sample.server import RunningNewsroom, serve
from newshouse.settings import Settings

RUN = "daily-2026-01-01"
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def newsroom() -> Iterator[RunningNewsroom]:
    epoch = datetime.now(UTC).date() - timedelta(days=4)
    with serve(epoch, lambda: datetime.now(UTC)) as running:
        yield running


def settings_for(folder: Path, newsroom: RunningNewsroom) -> Settings:
    quick = {"delay_seconds": 0.0, "backoff_seconds": 0.01, "max_retry_after_seconds": 3.0, "batches": 1}
    return Settings(data=folder, proxy=newsroom.proxy_url, **quick)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, newsroom: RunningNewsroom, committed_rows) -> dict:
    settings = settings_for(tmp_path_factory.mktemp("calm") / "data", newsroom)
    pipeline.run(settings, RUN)
    return committed_rows(DataLayout(settings.data))


def environment(settings: Settings) -> dict[str, str]:
    names = ("data", "proxy", "delay_seconds", "backoff_seconds", "max_retry_after_seconds", "batches")
    return os.environ | {f"NEWSHOUSE_{name.upper()}": str(getattr(settings, name)) for name in names}


def kill_when(settings: Settings, verb: str, ready: Callable[[], bool]) -> int:
    """Start a stage in a process of its own and kill it at the moment `ready` says. Returns its exit status."""
    child = subprocess.Popen(
        [sys.executable, "-m", "newshouse", verb, *([] if verb == "publish" else ["--run", RUN])],
        env=environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE_SECONDS
    while child.poll() is None and not ready() and time.monotonic() < deadline:
        time.sleep(0.002)
    child.send_signal(signal.SIGKILL)
    return child.wait()


def run_until(settings: Settings, verb: str) -> None:
    """Everything before `verb`, undisturbed."""
    pipeline.plan(settings, RUN)
    for stage in (pipeline.discover, pipeline.fetch, pipeline.parse, pipeline.validate):
        if stage.__name__ == verb:
            return
        stage(settings, RUN, "00")


@pytest.mark.parametrize("verb", ["discover", "fetch"])
@pytest.mark.parametrize("lines", [1, 9])
def test_killed_between_two_exchanges(
    tmp_path: Path, newsroom, undisturbed, committed_rows, verb: str, lines: int
) -> None:
    settings = settings_for(tmp_path / "data", newsroom)
    run_until(settings, verb)
    folder = DataLayout(settings.data).run(RUN).batch("00")
    journal = folder.journal(verb)

    status = kill_when(settings, verb, lambda: journal.exists() and journal.read_bytes().count(b"\n") >= lines)

    assert status == -signal.SIGKILL
    assert not folder.report(verb).exists(), "a stage that was killed must not look finished"
    seen = len(newsroom.log)
    pipeline.run(settings, RUN)
    assert committed_rows(DataLayout(settings.data)) == undisturbed
    assert len(newsroom.log) > seen, "the rest was fetched after the kill"


@pytest.mark.parametrize("verb", ["parse", "validate", "load", "publish"])
def test_killed_as_soon_as_its_files_begin_to_appear(
    tmp_path: Path, newsroom, undisturbed, committed_rows, verb: str
) -> None:
    settings = settings_for(tmp_path / "data", newsroom)
    run_until(settings, verb)
    layout = DataLayout(settings.data)
    if verb == "publish":
        pipeline.load(settings, RUN)
    watched = {
        "parse": layout.run(RUN).batch("00").path,
        "validate": layout.run(RUN).batch("00").path,
        "load": layout.warehouse,
        "publish": layout.root,
    }[verb]
    before = set(watched.rglob("*")) if watched.exists() else set()

    status = kill_when(settings, verb, lambda: watched.exists() and bool(set(watched.rglob("*")) - before))

    assert status == -signal.SIGKILL
    pipeline.run(settings, RUN)
    assert committed_rows(layout) == undisturbed
