"""Decisions on the quarantine, carried out by a process of their own: `newshouse quarantine …`, as on the command line.

Reading a page again needs Great Expectations: seconds to import, and memory that a server would never give back. So a
request starts the process, waits a moment for it, and else sends the reader to a page that shows how far it is. The
process finishes also when the dashboard stops. What was decided stands in `rejections`; here is only how it went.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from newshouse.quality.quarantine import Action
from newshouse.settings import PACKAGE_ROOT, Settings

MOST_ROWS = 50  # at once: a person has looked at each of them
_MOST_AT_ONCE = 4
_REMEMBERED = 200
_PATIENCE_SECONDS = 4.0
_COMMAND = (sys.executable, "-P", "-m", "newshouse.cli", "quarantine")


class TooManyError(Exception):
    """Others are under way. The text is for the reader."""


@dataclass(slots=True)
class Decision:
    """What somebody decided on some rows, and how far it is.

    Attributes:
        outcomes: rejection id -> what the command line said of it: `resolution`, `reasons`, `error`.
        problem: why the process ended before it was done.
    """

    action: Action
    ids: tuple[str, ...]
    who: str
    why: str
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    problem: str | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Decisions:
    """The decisions of this dashboard, the latest ones."""

    def __init__(self, settings: Settings, published: Callable[[], None]) -> None:
        """`published` is called when a decision is done, and the database is another."""
        self._settings = settings
        self._published = published
        self._known: OrderedDict[str, Decision] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, action: Action, ids: Sequence[str], who: str, why: str) -> str:
        """Start it, and wait a moment for its end. Returns the name by which `get` knows it.

        Raises:
            TooManyError: others are under way.
        """
        decision, name = Decision(action, tuple(ids), who, why), secrets.token_urlsafe(9)
        with self._lock:
            if sum(not known.ended.is_set() for known in self._known.values()) >= _MOST_AT_ONCE:
                raise TooManyError("Other decisions are being carried out. Try again in a moment.")
            self._known[name] = decision
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        threading.Thread(target=self._carry_out, args=[decision], daemon=True).start()
        decision.ended.wait(_PATIENCE_SECONDS)
        return name

    def get(self, name: str) -> Decision | None:
        """The decision, if it was begun here and not long ago."""
        return self._known.get(name)

    def _carry_out(self, decision: Decision) -> None:
        try:
            with tempfile.TemporaryFile("w+", encoding="utf-8") as said, self._start(decision, said) as process:
                for line in process.stdout or ():
                    if not line.startswith("{"):
                        continue  # a library that talks
                    outcome = json.loads(line)
                    decision.outcomes[outcome["wanted"]] = outcome
                process.wait()
                said.seek(0)
                if len(decision.outcomes) < len(decision.ids):
                    decision.problem = said.read().strip() or f"the process ended with code {process.returncode}"
            self._published()
        except Exception as error:  # noqa: BLE001 -- whatever it was, whoever waits for it is told
            decision.problem = str(error)
        finally:
            decision.ended.set()

    def _start(self, decision: Decision, said: IO[str]) -> subprocess.Popen[str]:
        words = [decision.action, "--json", f"--who={decision.who}"]
        words += [f"--why={decision.why}"] if decision.why else []
        return subprocess.Popen(  # noqa: S603 -- our own command, no shell; what people wrote is behind `=` or `--`
            [*_COMMAND, *words, "--", *decision.ids],
            cwd="/",
            env={**os.environ, **self._settings.as_env(), "PYTHONPATH": str(PACKAGE_ROOT.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            encoding="utf-8",
            start_new_session=True,
        )
