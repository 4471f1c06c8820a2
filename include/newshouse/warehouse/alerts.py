"""The table of what was told: read it, add to it, and make sure beforehand that this is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from os import urandom

import pyarrow as pa
import pyarrow.parquet as pq

from newshouse.alerts.due import Told
from newshouse.layout import DataLayout
from newshouse.schemas import ALERTS
from newshouse.warehouse.tables import append_missing, snapshot, storage, writable

_PROBE = "probe.tmp"
_PROBE_BYTES = 65_536  # several commits with their data files


def read_told(layout: DataLayout) -> list[Told]:
    """Everything that was told, oldest first.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    rows = snapshot(layout, ALERTS).read(ALERTS.schema().names).to_pylist()
    return sorted((Told(**row) for row in rows), key=lambda told: (told.told_at, told.alert_id))


def make_ready(layout: DataLayout) -> None:
    """See that what will be told can be noted: the table is there, and a file can be written beside it.

    Raises:
        StorageError: the disk is full or read-only.
    """
    folder = writable(layout, ALERTS).folder
    with storage(folder):
        with folder.writing(_PROBE) as place:
            pq.write_table(pa.table({"probe": [urandom(_PROBE_BYTES)]}), place)  # bytes that no zip makes small
        folder.delete(_PROBE)


def record_told(layout: DataLayout, told: Sequence[Told]) -> None:
    """Commit what a channel has taken.

    Raises:
        StorageError: the disk is full or read-only; it will be told again.
    """
    append_missing(layout, ALERTS, ALERTS.arrow(map(asdict, told)))
