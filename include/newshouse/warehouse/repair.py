"""Repair: what `verify` finds broken is taken out, and brought back from the stage files of the runs.

A data file that is missing or damaged is dropped from its table, so that the rest can be read. Then every run that
still has its folder under data/runs is loaded again, oldest first: a load adds what is missing and nothing else. Last,
versions that `articles` shows and `revisions` lacks are written down. What no run folder holds any more stays missing;
`verify` names it afterwards. The archive still has the pages: import them, or parse them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from newshouse.errors import ContractError
from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.schemas import TABLES, Table
from newshouse.warehouse.inbox import read_inbox
from newshouse.warehouse.load import load_run
from newshouse.warehouse.maintenance import Problem, file_problems
from newshouse.warehouse.restoring import finish
from newshouse.warehouse.revisions import record_missing
from newshouse.warehouse.tables import drop_files, snapshot


def repair(layout: DataLayout, *, now: datetime) -> list[Problem]:
    """Bring the tables back to what the runs left. Doing it again changes nothing more.

    Args:
        now: UTC, for the reports of the loads.

    Returns:
        The files that were dropped, with what was wrong.

    Raises:
        StorageError: a table's log is damaged: that is not repaired; restore the folder from a backup, or move it away
            and repair again. Or a stage file cannot be read; nothing is dropped then.
        ContractError: the stage files of a run do not fit its reports; nothing is dropped then.
    """
    finish(layout)
    for run_id, batches in _runs(layout):
        read_inbox(layout, run_id, batches)  # what cannot be brought back must not be taken out
    dropped = [problem for table in TABLES.values() for problem in _dropped(layout, table)]
    for run_id, batches in _runs(layout):
        load_run(layout, run_id, batches, now=now)
    record_missing(layout)
    return dropped


def _dropped(layout: DataLayout, table: Table) -> list[Problem]:
    now = snapshot(layout, table)
    problems = file_problems(now)
    if problems:
        drop_files(now, [problem.subject for problem in problems])
    return problems


def _runs(layout: DataLayout) -> Iterator[tuple[str, list[str]]]:
    """The runs whose plan is still there, oldest first, with their batches."""
    manifests = []
    for path in layout.runs.glob("*/run.json"):
        try:
            manifests.append(Manifest.read(path))
        except ContractError:
            continue  # a plan that was never finished: nothing of it was loaded
    for manifest in sorted(manifests, key=lambda plan: (plan.planned_at, plan.run_id)):
        yield manifest.run_id, list(manifest.batches)
