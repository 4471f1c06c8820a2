"""What Airflow's metadata database says about a run, read while it is being written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FINISHED = ("success", "failed", "upstream_failed", "skipped", "up_for_retry")
_BUSY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task instance.

    Attributes:
        task_id: with its group, e.g. ``corridor.fetch``.
        label: what the grid shows for a mapped task; None for a single one.
        tries: 1 for the first.
        seconds: wall time of the last try.
    """

    task_id: str
    map_index: int
    state: str
    label: str | None
    tries: int
    seconds: float

    @property
    def name(self) -> str:
        """The task without its group."""
        return self.task_id.rpartition(".")[2]


def task_states(database: Path, dag_id: str, logical_date: datetime, since: datetime) -> list[TaskState]:
    """Task instances that the run of `logical_date` has ended at or after `since` (both UTC), in that order.

    `since` leaves out what an earlier run of the same date has left behind.
    """
    if not database.exists():
        return []
    query = """
        SELECT ti.task_id, ti.map_index, ti.state, ti.rendered_map_index, ti.try_number,
               (julianday(ti.end_date) - julianday(ti.start_date)) * 86400
        FROM task_instance ti JOIN dag_run run ON run.dag_id = ti.dag_id AND run.run_id = ti.run_id
        WHERE ti.dag_id = ? AND run.logical_date = ? AND ti.end_date >= ?
        ORDER BY ti.end_date, ti.task_id, ti.map_index"""
    return [
        TaskState(task_id, map_index, state or "none", label, tries, seconds or 0.0)
        for task_id, map_index, state, label, tries, seconds in _rows(
            database, query, (dag_id, _stamp(logical_date), _stamp(since))
        )
    ]


def correct_start(database: Path, dag_id: str, logical_date: datetime, since: datetime) -> None:
    """Let the run of `logical_date` begin at `since` (both UTC).

    `airflow dags test` dates its start at the logical date: a run of a minute would look like one of hours in Airflow.
    """
    with closing(sqlite3.connect(database, timeout=_BUSY_SECONDS)) as connection, connection:
        connection.execute(
            "UPDATE dag_run SET start_date = ? WHERE dag_id = ? AND logical_date = ? AND start_date = logical_date",
            (_stamp(since), dag_id, _stamp(logical_date)),
        )


def _stamp(moment: datetime) -> str:
    """As Airflow writes times into SQLite."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _rows(database: Path, query: str, values: tuple[str, ...]) -> Iterator[tuple[str, int, str, str, int, float]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)) as connection:
        yield from connection.execute(query, values).fetchall()
