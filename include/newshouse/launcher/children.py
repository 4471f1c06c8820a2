"""Processes that are started, watched and stopped together. Each leads a group of its own, so that its own children
go with it, and a Ctrl-C in the terminal reaches only us: we decide how they end.
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

GRACE_SECONDS = 15.0  # Airflow's parts need a few to let go of their tasks
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
        """End all of them, last started first: politely, then for good. Waits until every group is gone."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = monotonic() + GRACE_SECONDS
            for child in reversed(self.running.values()):
                _signal_group(child, number)
            while any(_alive(child) for child in self.running.values()) and monotonic() < deadline:
                sleep(_POLL_SECONDS)
        for child in self.running.values():
            child.wait()
        self.running.clear()


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


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _alive(child: subprocess.Popen[bytes]) -> bool:
    """Whether the child or anything else in its group still runs."""
    child.poll()
    try:
        os.killpg(child.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return child.returncode is None
    return True
