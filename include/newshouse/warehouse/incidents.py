"""The table of incidents: read them, and change them in one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.layout import DataLayout
from newshouse.quality.incidents import Event, Incident
from newshouse.records import CheckResult
from newshouse.rows import checks
from newshouse.schemas import CHECKS, INCIDENTS
from newshouse.warehouse.tables import Change, Snapshot, change, snapshot


def read_incidents(layout: DataLayout) -> list[Incident]:
    """All incidents, resolved ones too, in the order of their opening.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    return _incidents(snapshot(layout, INCIDENTS))


def change_incidents(layout: DataLayout, decide: Callable[[Sequence[Incident]], Sequence[Incident]]) -> list[Incident]:
    """Commit what `decide` makes of the incidents of the latest version: new ones, and known ones changed.

    Returns:
        What `decide` gave, as it was committed.

    Raises:
        StorageError: the disk is full or read-only; the table is as it was.
    """
    decided: list[Incident] = []

    def decision(now: Snapshot) -> Change:
        known = _incidents(now)
        decided[:] = decide(known)
        ids = {incident.incident_id for incident in known}
        return Change(
            append=_table([incident for incident in decided if incident.incident_id not in ids]),
            replace=_table([incident for incident in decided if incident.incident_id in ids]),
        )

    change(layout, INCIDENTS, decision)
    return decided


def checks_of(layout: DataLayout, run_id: str) -> list[CheckResult]:
    """All checks of one run, in a fixed order.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    found = snapshot(layout, CHECKS).read(CHECKS.schema().names, pc.field("run_id") == run_id)
    return sorted(checks(found), key=lambda check: check.check_id)


def _incidents(now: Snapshot) -> list[Incident]:
    rows = now.read(INCIDENTS.schema().names).to_pylist()
    return sorted((_incident(row) for row in rows), key=lambda i: (i.opened_at, i.incident_id))


def _incident(row: dict[str, Any]) -> Incident:
    events = tuple(Event(**event) for event in row.pop("events"))
    names = tuple(row.pop("check_names"))
    return Incident(**row, check_names=names, events=events)


def _table(incidents: Sequence[Incident]) -> pa.Table:
    return INCIDENTS.arrow(map(asdict, incidents))
