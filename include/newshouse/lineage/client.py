"""The OpenLineage client: configured by its own variables (OPENLINEAGE_URL, OPENLINEAGE_CONFIG, …), and off without."""

from __future__ import annotations

import logging

from openlineage.client import OpenLineageClient, set_producer
from openlineage.client.event_v2 import RunEvent

from newshouse import __version__

PRODUCER = f"urn:newshouse:{__version__}"
_LOG = logging.getLogger(__name__)

set_producer(PRODUCER)  # before any facet is made: each takes its producer with it


def emit(event: RunEvent) -> None:
    """Send an event. A server that is away, or a transport that is wrongly set, is a warning: no run waits for it."""
    try:
        OpenLineageClient().emit(event)
    except Exception as error:  # noqa: BLE001 -- a transport may be anything that people plug in, and raise anything
        _LOG.warning("OpenLineage: %s of %s was not sent: %s", event.eventType, event.job.name, _named(error))


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:300]}"
