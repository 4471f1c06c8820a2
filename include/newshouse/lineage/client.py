"""The OpenLineage client: configured by its own variables (OPENLINEAGE_URL, OPENLINEAGE_CONFIG, …), and off without."""

from __future__ import annotations

import time

from openlineage.client import OpenLineageClient, set_producer
from openlineage.client.event_v2 import RunEvent

from newshouse import __version__

PRODUCER = f"urn:newshouse:{__version__}"
set_producer(PRODUCER)  # before any facet is made: each takes its producer with it
_REST_SECONDS = 60.0  # the client's own retries take ten seconds an event
_LAST_SECONDS = 10.0  # for a transport that sends in the background


class _Line:
    """The way to the catalogue. After an event that failed it rests, so that a dead catalogue slows no run down."""

    def __init__(self) -> None:
        self.rests_until = 0.0

    def emit(self, event: RunEvent) -> None:
        """Send an event; while it rests, none.

        Raises:
            Exception: whatever the transport raises.
        """
        if time.monotonic() < self.rests_until:
            return
        try:
            client = OpenLineageClient()
            client.emit(event)
            client.close(_LAST_SECONDS)
        except Exception:
            self.rests_until = time.monotonic() + _REST_SECONDS
            raise


LINE = _Line()
