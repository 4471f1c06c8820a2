"""The OpenLineage client: configured by its own variables (OPENLINEAGE_URL, OPENLINEAGE_CONFIG, …), and off without."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from pathlib import Path

from openlineage.client import OpenLineageClient, set_producer
from openlineage.client.event_v2 import RunEvent

from newshouse import __version__

PRODUCER = f"urn:newshouse:{__version__}"
set_producer(PRODUCER)  # before any facet is made: each takes its producer with it
DEADLINE_SECONDS = 10.0  # for one event; the client's own retries take 39 s where nothing answers
_REST_SECONDS = 60.0


def emit(event: RunEvent, rest: Path) -> None:
    """Send an event. After one that failed none is sent for a minute, so that a dead catalogue slows no run down.

    Args:
        rest: touched when one fails; the tasks of one machine share it.

    Raises:
        TimeoutError: it was not sent in time.
        Exception: whatever the transport raises.
    """
    if _resting(rest):
        return
    try:
        _send(event)
    except Exception:
        with suppress(OSError):
            rest.parent.mkdir(parents=True, exist_ok=True)
            rest.touch()
        raise


def _resting(rest: Path) -> bool:
    try:
        return 0 <= time.time() - rest.stat().st_mtime < _REST_SECONDS
    except OSError:
        return False


def _send(event: RunEvent) -> None:
    """In a thread that is left behind at the deadline: a transport may be any, and wait for what it likes."""
    failures: list[Exception] = []

    def send() -> None:
        try:
            client = OpenLineageClient()
            client.emit(event)
            client.close(DEADLINE_SECONDS)  # for a transport that sends in the background
        except Exception as error:  # noqa: BLE001 -- raised below, in the thread that waits
            failures.append(error)

    sender = threading.Thread(target=send, name="openlineage", daemon=True)
    sender.start()
    sender.join(DEADLINE_SECONDS)
    if failures:
        raise failures[0]
    if sender.is_alive():
        raise TimeoutError(f"no answer in {DEADLINE_SECONDS:.0f} s")
