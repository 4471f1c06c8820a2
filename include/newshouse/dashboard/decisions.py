"""Decisions on the quarantine, carried out by a process of their own: the work of `newshouse quarantine …`.

Reading a page again needs Great Expectations: seconds to import, and memory that a server would never give back. So a
request starts the process, waits a moment for it, and else sends the reader to a page that shows how far it is.

What the process says goes into a file, so it finishes also when the dashboard stops, and every dashboard of this data
folder knows how far it is. Its output is the open file, locked: while the lock is held, it lives. What was decided
stands in `rejections`; the file says only how it went, and is swept after a week.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newshouse.dashboard.carrying import read, tell
from newshouse.layout import DataLayout
from newshouse.quality.quarantine import Action
from newshouse.settings import PACKAGE_ROOT, Settings
from newshouse.storage.files import storage_errors

MOST_ROWS = 100  # at once: what a page of the list shows
LONGEST_SECONDS = 3600  # for a hundred rows it takes minutes, beside a load some more
_MOST_AT_ONCE = 4
_KEPT_SECONDS = 7 * 86_400
_PATIENCE_SECONDS = 4.0
_COMMAND = (sys.executable, "-P", "-m", "newshouse.dashboard.carrying")
_NAME = re.compile(r"[A-Za-z0-9_-]{12}")


class TooManyError(Exception):
    """Others are under way. The text is for the reader."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on some rows, and how far it is.

    Attributes:
        outcomes: rejection id -> what became of it: `resolution`, `reasons`, `error`.
        running: whether more will come.
        problem: why the process ended before it was done, or before that was published.
    """

    action: Action
    ids: tuple[str, ...]
    who: str
    why: str
    outcomes: dict[str, dict[str, Any]]
    running: bool
    problem: str | None


class Decisions:
    """The decisions on the rows of one data folder, the latest ones."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._layout = DataLayout(settings.data)
        self._lock = threading.Lock()

    def begin(self, action: Action, ids: Sequence[str], who: str, why: str) -> str:
        """Start it, and wait a moment for its end. Returns the name by which `get` knows it.

        Raises:
            TooManyError: others are under way.
            StorageError: its file cannot be written.
        """
        name = secrets.token_urlsafe(9)
        path = self._layout.decision(name)
        order = {"action": action, "ids": list(ids), "who": who, "why": why, "longest_seconds": LONGEST_SECONDS}
        with self._lock:
            if sum(known.running for known in self._swept()) >= _MOST_AT_ONCE:
                raise TooManyError("Other decisions are being carried out. Try again in a moment.")
            with storage_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                tell(path, order)
                process = self._start(path)
        if process:
            watcher = threading.Thread(target=_watch, args=[path, process], daemon=True)
            watcher.start()
            watcher.join(_PATIENCE_SECONDS)
        return name

    def get(self, name: str) -> Decision | None:
        """The decision, if it was begun in this data folder and not long ago."""
        return _decision(self._layout.decision(name)) if _NAME.fullmatch(name) else None

    def _swept(self) -> Iterator[Decision]:
        """All that are known, after those that are old are gone."""
        for path in self._layout.decision("*").parent.glob("*.jsonl"):
            with suppress(FileNotFoundError):  # another dashboard has swept it
                if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                    path.unlink()
                elif decision := _decision(path):
                    yield decision

    def _start(self, path: Path) -> subprocess.Popen[bytes] | None:
        with path.open("ab") as output:
            fcntl.flock(output, fcntl.LOCK_EX)  # of the open file: the process holds it on, by its output
            try:
                return subprocess.Popen(  # noqa: S603 -- our own command, no shell
                    [*_COMMAND, str(path.absolute())],
                    cwd="/",
                    env={**os.environ, **self._settings.as_env(), "PYTHONPATH": str(PACKAGE_ROOT.parent)},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            except OSError as error:
                tell(path, {"end": str(error)})
                return None


def _watch(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait for its end; if that was the deadline, end what it has started, and say so."""
    if process.wait() == -signal.SIGALRM:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        tell(path, {"end": f"It took longer than {LONGEST_SECONDS / 60:.0f} minutes and was stopped."})


def _decision(path: Path) -> Decision | None:
    """What stands in a file."""
    try:
        lives = _locked(path)  # first: whoever has let go writes no more
        (order, *told), talk = read(path)
    except (FileNotFoundError, ValueError):  # none, or none yet
        return None
    ended = [line["end"] for line in told if "end" in line]
    outcomes = {line["wanted"]: line for line in told if "wanted" in line}
    running = lives and not ended
    problem = None if running else ended[0] if ended else f"The process ended before it was done. {''.join(talk[-1:])}"
    return Decision(order["action"], tuple(order["ids"]), order["who"], order["why"], outcomes, running, problem)


def _locked(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
