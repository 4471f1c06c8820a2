"""A circuit breaker per host: who did not answer several times in a row is not asked again in this run."""

from __future__ import annotations

import threading
from collections import defaultdict

from newshouse.fetch import outcomes
from newshouse.fetch.outcomes import End
from newshouse.records import Capture

DOWN_AFTER = 3  # URLs, each tried `max_attempts` times with growing pauses between
_NO_ANSWER = frozenset(
    {
        outcomes.DNS_FAILURE,
        outcomes.CONNECTION_REFUSED,
        outcomes.CONNECTION_ERROR,
        outcomes.TIMEOUT,
        outcomes.TLS_ERROR,
    }
)


class Breaker:
    """Counts, host by host, the URLs that got no answer since the last one that did. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[str, dict[str, str]] = defaultdict(dict)

    def note(self, host: str, capture: Capture) -> None:
        """Learn from an exchange, also from one that the ledger remembers; one that sent nothing teaches nothing."""
        if not capture.attempts:
            return
        with self._lock:
            if capture.status is None and capture.outcome in _NO_ANSWER:
                self._failed[host].setdefault(capture.fetch_id, capture.outcome)
            elif capture.status is not None:
                self._failed.pop(host, None)

    def refuse(self, host: str) -> End | None:
        """Why nothing more is sent to this host; None when it may be."""
        with self._lock:
            failed = list(self._failed.get(host, {}).values())
        if len(failed) < DOWN_AFTER:
            return None
        return End(outcomes.HOST_DOWN, f"{host} did not answer {len(failed)} times in a row, last: {failed[-1]}")
