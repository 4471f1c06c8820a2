"""Processes that are started, watched and stopped together. Each leads a session of its own: a Ctrl-C in the terminal
reaches only us, and whatever a child has started can be found again. (A process group would not do: Airflow gives each
task a group of its own, and a task would live on.)
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from types import FrameType

import psutil

GRACE_SECONDS = 10.0  # all parts end within 7; a task that will not is ended for good and tried again
_POLL_SECONDS = 0.1


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
        """End all of them and all that they started, last started first: politely, then for good."""
        while self.running:
            _name, child = self.running.popitem()
            for number in (signal.SIGTERM, signal.SIGKILL):
                if _signal_session(child, number):
                    _wait_until_empty(child)
            child.wait()


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
    """Let SIGTERM unwind the block as Ctrl-C does, so that `finally` runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _signal_session(child: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Signal everything in the child's session. Whether there was anything."""
    members = _session(child)
    for process in members:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
    return bool(members)


def _wait_until_empty(child: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + GRACE_SECONDS
    while _session(child) and monotonic() < deadline:
        sleep(_POLL_SECONDS)


def _session(child: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The child and its descendants, also those whose parent is gone."""
    child.poll()  # reaps it, if it has ended
    return [process for process in psutil.process_iter() if _belongs(process, child.pid)]


def _belongs(process: psutil.Process, session: int) -> bool:
    try:
        return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False
