"""Processes that are started, watched and stopped together. Each leads a session of its own: a Ctrl-C in the terminal
reaches only us, and whatever a child has started can be found again. (A process group would not do: Airflow gives each
task a group of its own, and a task would live on.)
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from types import FrameType

import psutil

GRACE_SECONDS = 10.0  # all parts end within 7; a task that will not is ended for good and tried again
_POLL_SECONDS = 0.1
_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Children:
    """Started by us, in this order.

    Attributes:
        env: the environment of each.
        lock: a descriptor that each inherits; None for none.
    """

    env: Mapping[str, str]
    lock: int | None = None
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
        """Start one; its output is added to `log`."""
        with log.open("ab") as output:
            child = subprocess.Popen(  # noqa: S603 -- our own command, no shell
                command,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=() if self.lock is None else (self.lock,),
            )
        self.running[name] = child
        return child

    def dead(self) -> str | None:
        """The name of a child that has ended by itself."""
        return next((name for name, child in self.running.items() if child.poll() is not None), None)

    def stop(self) -> None:
        """End all of them and all that they started, at the same time: politely, then for good.

        Another Ctrl-C or SIGTERM meanwhile is ignored: it would leave alive what is not stopped yet.
        """
        with _handling(signal.SIG_IGN):
            for number in (signal.SIGTERM, signal.SIGKILL):
                for process in self._left():
                    with suppress(psutil.NoSuchProcess):
                        process.send_signal(number)
                deadline = monotonic() + GRACE_SECONDS
                while self._left() and monotonic() < deadline:
                    sleep(_POLL_SECONDS)

    def _left(self) -> list[psutil.Process]:
        """What is left of them. A child is running until its session is empty, also when it has ended itself."""
        sessions = {name: _session(child) for name, child in self.running.items()}
        self.running = {n: child for n, child in self.running.items() if sessions[n] or child.poll() is None}
        return [process for members in sessions.values() for process in members]


@contextmanager
def children(env: Mapping[str, str], lock: int | None = None) -> Iterator[Children]:
    """Children that never outlive the block, also when it ends by Ctrl-C, SIGTERM or an error."""
    family = Children(env, lock)
    with terminable():
        try:
            yield family
        finally:
            family.stop()


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM unwind the block as Ctrl-C does, so that `finally` runs; once, so that nothing disturbs `finally`."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in _INTERRUPTIONS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handling(interrupt):
        yield


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only that one may
        yield
        return
    before = {number: signal.signal(number, handler) for number in _INTERRUPTIONS}
    try:
        yield
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)


def _session(child: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The child and its descendants, also those whose parent is gone."""
    return [process for process in psutil.process_iter() if _belongs(process, child.pid)]


def _belongs(process: psutil.Process, session: int) -> bool:
    try:
        return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False
