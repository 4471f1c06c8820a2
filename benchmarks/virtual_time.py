"""A clock for threads that only moves while all of them wait: hours of politeness pass in seconds.

The pool counts its tasks, so that the clock knows how many threads must be waiting before it may move.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class VirtualTime:
    """Seconds since the start. `sleep` returns when everybody else waits, too."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._busy = 0  # threads that may still do something now
        self._sleepers: list[tuple[float, int, threading.Event]] = []
        self._count = 0

    def __call__(self) -> float:
        """The seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Wait. The thread must run in a `pool`."""
        woken = threading.Event()
        with self._lock:
            self._count += 1
            heapq.heappush(self._sleepers, (self.seconds + seconds, self._count, woken))
            self._rest()
        woken.wait()

    def _rest(self) -> None:
        """One thread less is busy; when it was the last, the clock moves to the next that wakes. Under the lock."""
        self._busy -= 1
        if self._busy == 0 and self._sleepers:
            at, _, woken = heapq.heappop(self._sleepers)
            self.seconds = max(self.seconds, at)
            self._busy += 1
            woken.set()

    def slots(self, count: int) -> Slots:
        """A semaphore that this clock knows about."""
        return Slots(self, count)

    def pool_of(self, tasks: int) -> Callable[..., CountedPool]:
        """Stands in for ThreadPoolExecutor where exactly so many tasks will be submitted."""
        return lambda threads, **_: CountedPool(self, threads, tasks)


class Slots:
    """At most so many at a time; the rest waits in line, and the clock may move meanwhile."""

    def __init__(self, time: VirtualTime, count: int) -> None:
        self._time, self._free = time, count
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        turn = threading.Event()
        with self._time._lock:
            if self._free:
                self._free -= 1
                return
            self._waiting.append(turn)
            self._time._rest()
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._time._lock:
            if self._waiting:
                self._time._busy += 1
                self._waiting.popleft().set()
            else:
                self._free += 1


class CountedPool(ThreadPoolExecutor):
    """A pool that tells the clock how many threads are at work. They begin when all tasks are submitted."""

    def __init__(self, time: VirtualTime, threads: int, tasks: int) -> None:
        super().__init__(threads)
        self._time, self._gate = time, threading.Event()
        self._missing, self._queued = tasks, max(0, tasks - threads)
        with time._lock:
            time._busy += min(threads, tasks)

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As the executor's own."""

        def run() -> Any:
            self._gate.wait()
            try:
                return task(*args, **kwargs)
            finally:
                with self._time._lock:
                    if self._queued:
                        self._queued -= 1  # this thread takes the next task, and stays busy
                    else:
                        self._time._rest()

        future = super().submit(run)
        self._missing -= 1
        if not self._missing:
            self._gate.set()
        return future
