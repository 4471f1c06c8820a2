"""One thread that cuts off what takes too long. A timer thread for each exchange would cost more than the exchange."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watchdog:
    """Calls `cut` when the block inside `limit` is not left in time. Thread-safe; starts anew in a forked process."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)  # the thread is not there, and may have held the lock

    def _begin(self) -> None:
        self._bell = threading.Condition()
        self._watched: dict[object, tuple[float, Callable[[], None]]] = {}
        self._wakes_at = math.inf
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float, cut: Callable[[], None]) -> Iterator[None]:
        """Let the block inside take so long. `cut` must not block; it is never called once the block is left."""
        key, until = object(), time.monotonic() + seconds
        with self._bell:
            self._watched[key] = until, cut
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            elif until < self._wakes_at:
                self._bell.notify()
        try:
            yield
        finally:
            with self._bell:
                self._watched.pop(key, None)

    def _watch(self) -> None:
        with self._bell:
            while True:
                now = time.monotonic()
                for key in [key for key, (until, _) in self._watched.items() if until <= now]:
                    self._watched.pop(key)[1]()
                self._wakes_at = min((until for until, _ in self._watched.values()), default=math.inf)
                self._bell.wait(None if self._wakes_at == math.inf else self._wakes_at - now)
