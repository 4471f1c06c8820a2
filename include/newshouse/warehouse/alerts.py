"""The table of what was told: read it, and add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from newshouse.alerts.due import Told
from newshouse.layout import DataLayout
from newshouse.schemas import ALERTS
from newshouse.warehouse.tables import append_missing, snapshot


def read_told(layout: DataLayout) -> list[Told]:
    """Everything that was told, oldest first.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    rows = snapshot(layout, ALERTS).read(ALERTS.schema().names).to_pylist()
    return sorted((Told(**row) for row in rows), key=lambda told: (told.told_at, told.alert_id))


def record_told(layout: DataLayout, told: Sequence[Told]) -> None:
    """Commit what a channel has taken.

    Raises:
        StorageError: the disk is full or read-only; it will be told again.
    """
    append_missing(layout, ALERTS, ALERTS.arrow(map(asdict, told)))
