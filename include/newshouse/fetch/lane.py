"""One lane a host: requests one after the other, with the pause that the host wants between them.

Lanes rest most of the time, so many may be used at once; `slots` bounds how many requests are really under way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from newshouse.fetch import outcomes
from newshouse.fetch.gate import Gate
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

    Args:
        settings: limits and pauses.
        gate: where other processes that ask the host are met.
        sleep, clock: seconds.
        slots: held while a request is under way.

    Attributes:
        crawl_delay_seconds: what robots.txt asks for; 0 until it is read.
    """

    def __init__(
        self,
        settings: Settings,
        gate: Gate,
        sleep: Sleep,
        clock: Clock,
        slots: AbstractContextManager[object] | None = None,
    ) -> None:
        self._settings, self._gate, self._sleep, self._clock = settings, gate, sleep, clock
        self._slots = slots or nullcontext()
        self._pace = Pace()
        self.crawl_delay_seconds = 0.0
        self._lock = threading.Lock()
        self._wires: dict[bool, Wire] = {}
        self._last_at = self._open_at = float("-inf")

    def send(
        self, ask: Callable[[], Ask], *, ready: Callable[[], None], delay_seconds: float, allow_private: bool
    ) -> Answer:
        """Wait for our turn, then send. `ask` is called when the wait is over, so that its time is the true one.

        Args:
            ready: returns when one more request may be under way, perhaps after hours.

        Raises:
            StorageError: the data folder cannot be written.
        """
        with self._lock:
            delay_seconds = max(delay_seconds, self.crawl_delay_seconds)
            if allow_private not in self._wires:
                # Never share a connection between a source that may be on an intranet and one that may not.
                self._wires[allow_private] = Wire(allow_private=allow_private)
            while True:
                if (shut := self.shut_seconds(delay_seconds)) > 0:
                    return Answer(failure=End(outcomes.RATE_LIMITED, f"it asked to be left alone for {shut:.0f} s"))
                if (wait := self._turn_at(delay_seconds) - self._clock()) > 0:
                    self._sleep(wait)
                with self._slots:
                    ready()  # before the gate, where others would wait with us
                    with self._gate.entered():
                        if not self._listen() or self._turn_at(delay_seconds) <= self._clock():
                            return self._ask(ask, self._wires[allow_private], delay_seconds)

    def _listen(self) -> bool:
        """Learn of what other processes asked the host, or we before a crash; whether there is anything new.

        Only inside the gate: from outside, a request under way looks like one that died.
        """
        if word := self._gate.hear():
            self._last_at = max(self._last_at, self._clock() - word.asked_seconds_ago)
            self._rest(word.rest_seconds)
        return word is not None

    def _turn_at(self, delay_seconds: float) -> float:
        return max(self._open_at, self._last_at + self._pace.pause_seconds(delay_seconds))

    def _ask(self, ask: Callable[[], Ask], wire: Wire, delay_seconds: float) -> Answer:
        if delay_seconds > 0:  # if we die now, nobody knows what the host will ask for
            longest = max(delay_seconds, self._settings.max_retry_after_seconds)
            self._gate.leave(longest, busy_seconds=self._settings.exchange_timeout_seconds)
        began = self._clock()
        try:
            answer = send(ask(), wire, self._settings)
        finally:
            self._last_at = self._clock()
        self._heed(answer)
        step = max(delay_seconds, self._settings.backoff_seconds)
        self._pace = self._pace.after(self._last_at - began, strained=_is_strained(answer), step_seconds=step)
        if (rest := self._turn_at(delay_seconds) - self._last_at) > 0:
            self._gate.leave(rest)
        return answer

    def _heed(self, answer: Answer) -> None:
        """Keep the pause that the host asks for while the lane is still ours, so that nobody slips in between."""
        if answer.exchange is not None and answer.exchange.status in (429, 503):
            self._rest(retry_after_seconds(answer.exchange) or 0.0)

    def _rest(self, seconds: float) -> None:
        self._open_at = max(self._open_at, self._clock() + seconds)

    def rested(self, seconds: float) -> None:
        """Somebody else of us asked the host so long ago."""
        with self._lock:
            self._last_at = max(self._last_at, self._clock() - max(0.0, seconds))

    def rest(self, seconds: float) -> None:
        """The host wants to be left alone for so long."""
        with self._lock:
            self._rest(seconds)

    def shut_seconds(self, delay_seconds: float) -> float:
        """How long the host wants to be left alone, if that is longer than we wait; 0 when it may be asked."""
        rest = self._open_at - self._clock()
        return rest if rest > max(self._settings.max_retry_after_seconds, delay_seconds) else 0.0

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
