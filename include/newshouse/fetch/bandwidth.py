"""A limit on what all hosts together may send us."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Bandwidth:
    """Every byte costs time, and the next request waits until what came before is paid for. Thread-safe.

    Nothing waits in the middle of a body, where a slow reader would hold a publisher's connection open.

    Args:
        bytes_a_second: 0 for no limit.
        sleep: waits for some seconds.
        clock: seconds that only go forward.
    """

    def __init__(self, bytes_a_second: int, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._rate, self._sleep, self._clock = bytes_a_second, sleep, clock
        self._lock = threading.Lock()
        self._paid_at = clock()

    def wait(self) -> None:
        """Return when the next request may be sent."""
        while (seconds := self._paid_at - self._clock()) > 0:
            self._sleep(seconds)

    def took(self, count: int) -> None:
        """So many bytes came."""
        if self._rate:
            with self._lock:
                self._paid_at = max(self._paid_at, self._clock()) + count / self._rate
