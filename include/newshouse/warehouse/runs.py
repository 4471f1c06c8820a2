"""The table of runs: what the stages counted lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.layout import DataLayout
from newshouse.schemas import RUNS, TIMESTAMP
from newshouse.warehouse.tables import snapshot


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one stage did to one source in one batch. Fields as in `runs`."""

    run_id: str
    stage: str
    source_id: str
    in_count: int
    out_count: int
    duplicate_count: int
    rejected_count: int
    finished_at: datetime


def recent_stretches(layout: DataLayout, since: datetime) -> list[Stretch]:
    """What ended since then (UTC), in the order of its end.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    names = list(Stretch.__dataclass_fields__)
    rows = snapshot(layout, RUNS).read(names, pc.field("finished_at") > pa.scalar(since, TIMESTAMP)).to_pylist()
    return sorted((Stretch(**row) for row in rows), key=lambda one: (one.finished_at, one.run_id, one.source_id))
