"""The table of runs: what the stages counted lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.layout import DataLayout
from newshouse.quality.verdict import asks_publishers
from newshouse.schemas import FETCHES, RUNS, TIMESTAMP
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


_ANSWERS = ("fetched", "unchanged", "gone")


def silent_sources(layout: DataLayout, stretches: Sequence[Stretch]) -> list[str]:
    """Sources of which the last run that asked them found nothing, as most of its requests failed.

    The rule of the dashboard (`sql/concerns.sql`, over the view `source_scorecard`).

    Args:
        stretches: in the order of their end.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    looks = [one for one in stretches if asks_publishers(one.run_id, one.stage)]
    last = {one.source_id: one.run_id for one in looks}
    found: Counter[str] = Counter()
    for one in looks:
        found[one.source_id] += one.out_count if one.run_id == last[one.source_id] else 0
    empty = [source_id for source_id in last if not found[source_id]]
    if not empty:
        return []
    where = pc.field("run_id").isin([last[source_id] for source_id in empty]) & pc.field("source_id").isin(empty)
    asked, answered = Counter[str](), Counter[str]()
    for row in snapshot(layout, FETCHES).read(["run_id", "source_id", "outcome"], where).to_pylist():
        if row["run_id"] == last[row["source_id"]]:
            asked[row["source_id"]] += 1
            answered[row["source_id"]] += row["outcome"] in _ANSWERS
    return sorted(source_id for source_id in empty if 2 * answered[source_id] < asked[source_id])
