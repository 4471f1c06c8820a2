"""A limit on what all hosts together may send to all processes on one data folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from newshouse.fetch.shared import SharedMoments

_LONGEST_SECONDS = 3600.0  # whatever a clock that was wrong once has written


class Bandwidth:
    """Every byte costs time, and the next request waits until what came before is paid for. Thread-safe.

    Nothing waits in the middle of a body, where a slow reader would hold a publisher's connection open.

    Args:
        bytes_a_second: 0 for no limit.
        path: the file that the processes share; None where there is only one.
        sleep: waits for some seconds.
        clock: seconds since the epoch, the same in all processes.
    """

    def __init__(
        self, bytes_a_second: int, path: Path | None, sleep: Callable[[float], None], clock: Callable[[], float]
    ) -> None:
        self._rate, self._sleep, self._clock = bytes_a_second, sleep, clock
        self._lock = threading.Lock()
        self._paid_at = SharedMoments(path)

    def wait(self) -> None:
        """Return when the next request may be sent.

        Raises:
            StorageError: the data folder cannot be written.
        """
        while self._rate and (seconds := self._owed_seconds()) > 0:
            self._sleep(seconds)

    def took(self, count: int) -> None:
        """So many bytes came.

        Raises:
            StorageError: the data folder cannot be written.
        """
        if self._rate and count:
            with self._lock, self._paid_at.locked():
                self._paid_at.write(self._clock() + self._sane_seconds() + count / self._rate)

    def _owed_seconds(self) -> float:
        with self._lock, self._paid_at.locked():
            return self._sane_seconds()

    def _sane_seconds(self) -> float:
        """How long until all is paid. What is too long is put right for all, or it would be as long the next time."""
        now = self._clock()
        owed = max(self._paid_at.read(), default=0.0) - now
        if owed > _LONGEST_SECONDS:
            self._paid_at.write(now + _LONGEST_SECONDS)
        return min(max(0.0, owed), _LONGEST_SECONDS)
