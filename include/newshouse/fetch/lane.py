"""One lane a host: requests one after the other, with the pause that the host wants between them.

Lanes rest most of the time, so many may be used at once; `slots` bounds how many requests are really under way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from newshouse.fetch import outcomes
from newshouse.fetch.hop import Answer, Ask, send
from newshouse.fetch.journey import retry_after_seconds
from newshouse.fetch.outcomes import End
from newshouse.fetch.pace import Pace
from newshouse.fetch.wire import Wire
from newshouse.settings import Settings

Sleep = Callable[[float], None]
Clock = Callable[[], float]


class Lane:
    """The way to one host. Thread-safe.

    Attributes:
        crawl_delay_seconds: what robots.txt asks for; 0 until it is read.
    """

    def __init__(
        self, settings: Settings, sleep: Sleep, clock: Clock, slots: AbstractContextManager[object] | None = None
    ) -> None:
        self._settings, self._sleep, self._clock = settings, sleep, clock
        self._slots = slots or nullcontext()
        self._pace = Pace()
        self.crawl_delay_seconds = 0.0
        self._lock = threading.Lock()
        self._wires: dict[bool, Wire] = {}
        self._last_at = float("-inf")
        self._open_at = self._shut_until = clock()

    def send(self, ask: Callable[[], Ask], *, delay_seconds: float, allow_private: bool) -> Answer:
        """Wait for our turn, then send. `ask` is called when the wait is over, so that its time is the true one."""
        with self._lock:
            delay_seconds = max(delay_seconds, self.crawl_delay_seconds)
            turn = max(self._open_at, self._last_at + self._pace.pause_seconds(delay_seconds))
            if (wait := turn - self._clock()) > 0:
                self._sleep(wait)
            if allow_private not in self._wires:
                # Never share a connection between a source that may be on an intranet and one that may not.
                self._wires[allow_private] = Wire(allow_private=allow_private)
            if (shut := self.shut_seconds) > 0:  # closed while we waited for our turn
                return Answer(failure=End(outcomes.RATE_LIMITED, f"it asked to be left alone for {shut:.0f} s"))
            with self._slots:
                began = self._clock()
                try:
                    answer = send(ask(), self._wires[allow_private], self._settings)
                finally:
                    self._last_at = self._clock()
            self._heed(answer)
            step = max(delay_seconds, self._settings.backoff_seconds)
            self._pace = self._pace.after(self._last_at - began, strained=_is_strained(answer), step_seconds=step)
            return answer

    def _heed(self, answer: Answer) -> None:
        """Keep the pause that the host asks for while the lane is still ours, so that nobody slips in between."""
        if answer.exchange is None or answer.exchange.status not in (429, 503):
            return
        until = self._clock() + (retry_after_seconds(answer.exchange) or 0.0)
        if until - self._clock() > self._settings.max_retry_after_seconds:
            self._shut_until = max(self._shut_until, until)
        else:
            self._open_at = max(self._open_at, until)

    def rested(self, seconds: float) -> None:
        """Somebody else of us asked the host so long ago."""
        with self._lock:
            self._last_at = max(self._last_at, self._clock() - max(0.0, seconds))

    def pause(self, seconds: float) -> None:
        """Let the host rest before the next request."""
        with self._lock:
            self._open_at = max(self._open_at, self._clock() + seconds)

    def shut(self, seconds: float) -> None:
        """The host asked for a pause longer than we wait: send nothing until it is over."""
        with self._lock:
            self._shut_until = max(self._shut_until, self._clock() + seconds)

    @property
    def shut_seconds(self) -> float:
        """How long it stays shut; 0 when open."""
        return max(0.0, self._shut_until - self._clock())

    def close(self) -> None:
        """Close its connections."""
        with self._lock:
            for wire in self._wires.values():
                wire.close()
            self._wires.clear()


def _is_strained(answer: Answer) -> bool:
    """Whether the host showed that we are too much for it."""
    too_slow = answer.failure is not None and answer.failure.outcome == outcomes.TIMEOUT
    return too_slow or (answer.exchange is not None and answer.exchange.status in (429, 503))
