"""Run by the tests in a process of its own: `news_daily` under Airflow, each stage played by a stand-in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from airflow.configuration import conf
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.asset import AssetEvent
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from sqlalchemy import select

from newshouse import pipeline
from newshouse.errors import ConfigError, ContractError, StorageError, TransientError
from newshouse.summary import RunSummary

BATCHES = ("00", "01", "02")
DAY = datetime(2026, 3, 1, tzinfo=UTC)
DAGS = Path(conf.get("core", "dags_folder"))
calls: list[str] = []
logs: dict[str, str] = {}


class Trouble:
    """Raises `error` from one step, the first `times` times."""

    def __init__(self, step: str = "", error: Exception | None = None, times: int = 99) -> None:
        self.step, self.error, self.times = step, error, times

    def strike(self, step: str) -> None:
        """Note the call, and fail if it is the one."""
        calls.append(step)
        if self.error and step == self.step and self.times:
            self.times -= 1
            raise self.error


def stand_in(trouble: Trouble) -> None:
    """Replace the stages of the corridor; `run_id_for` stays."""

    def step(name: str, result: Any) -> Callable[..., Any]:
        def play(settings: Any, run_id: str = "", batch: str = "") -> Any:
            logs[f"{name} {batch}".strip()] = settings.task_log
            trouble.strike(f"{name} {batch}".strip())
            return result(run_id, batch)

        return play

    def plan(run_id: str, _: str) -> list[dict[str, str]]:
        return [{"run_id": run_id, "batch": batch, "label": f"{batch}: gazette"} for batch in BATCHES]

    def counts(_: str, batch: str) -> Any:
        return SimpleNamespace(summary=lambda: {"batch": batch, "in_count": 1})

    def settle(run_id: str, _: str) -> Any:
        if trouble.error and trouble.times:  # as the real one does when a batch did not finish
            raise ContractError(f"run {run_id}: not finished")
        return RunSummary(
            run_id=run_id, lines=(), unfinished=(), database="/data/newshouse.duckdb", seconds=0.0, loaded_at=DAY
        )

    pipeline.plan = step("plan", plan)
    for name in ("discover", "fetch", "parse", "validate", "load"):
        setattr(pipeline, name, step(name, counts))
    pipeline.publish = step("publish", lambda *_: Path("/data/newshouse.duckdb"))
    pipeline.settle = step("settle", settle)


def run(logical_date: datetime | None, trouble: Trouble) -> dict[str, Any]:
    """One DAG run from a freshly read file, its retries at once."""
    calls.clear()
    stand_in(trouble)
    dag = BundleDagBag(dag_folder=str(DAGS), bundle_path=DAGS, bundle_name="dags-folder").dags["news_daily"]
    for task in dag.tasks:
        task.retry_delay = timedelta(seconds=0)
    ended = dag.test(logical_date=logical_date)
    with create_session() as session:
        states = session.scalars(select(TaskInstance).where(TaskInstance.run_id == ended.run_id)).all()
        events = session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == ended.run_id)).all()
        runs = session.scalars(select(DagRun).where(DagRun.dag_id == "news_daily")).all()
        return {
            "state": str(ended.state.value),
            "tasks": {f"{ti.task_id} {ti.map_index}": str(ti.state) for ti in states},
            "tries": {f"{ti.task_id} {ti.map_index}": ti.try_number for ti in states},
            "labels": sorted({ti.rendered_map_index for ti in states if ti.rendered_map_index}),
            "loaded_runs": [event.extra["run_id"] for event in events],
            "runs_of_that_day": sum(r.logical_date == logical_date for r in runs),
            "calls": list(calls),
            "logs": dict(logs),
            "run_id": ended.run_id,
        }


answer = {
    "all is well": run(DAY, Trouble()),
    "the same day again": run(DAY, Trouble()),
    "no logical date": run(None, Trouble()),
    "a contract is broken": run(DAY + timedelta(1), Trouble("parse 01", ContractError("rows vanished"))),
    "a host is away for a while": run(DAY + timedelta(2), Trouble("fetch 01", TransientError("timeout", "host"), 1)),
    "the disk is full for a while": run(DAY + timedelta(3), Trouble("load", StorageError("disk full"), 1)),
    "publish fails": run(DAY + timedelta(4), Trouble("publish", ContractError("view broken"))),
    "the settings are wrong": run(DAY + timedelta(5), Trouble("plan", ConfigError("no such folder"))),
}
Path(sys.argv[1]).write_text(json.dumps(answer))
