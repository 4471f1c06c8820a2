"""Run by the tests in a process of its own: import the DAG files under watch, and write down what is in them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import airflow.sdk  # noqa: F401 -- what every DAG file imports is here before the watch begins
from airflow.configuration import conf
from airflow.dag_processing.dagbag import BundleDagBag

DAGS = Path(conf.get("core", "dags_folder"))
LIBRARIES = ("/airflow/", "<frozen importlib")  # imports and Airflow's own work are theirs, not the DAG file's
EVENTS = (
    "open",
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.mkdir",
    "os.remove",
    "sqlite3.",
)
touched: list[str] = []


def asked_by_a_dag_file() -> bool:
    """Whether the nearest of DAG file and library on the stack is a DAG file."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if Path(frame.f_code.co_filename).is_relative_to(DAGS):
            return True
        if any(part in frame.f_code.co_filename for part in LIBRARIES):
            return False
        frame = frame.f_back
    return False


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what touches the world."""
    if event.startswith(EVENTS) and asked_by_a_dag_file():
        touched.append(f"{event} {arguments[0] if arguments else ''}".strip())


class WatchedEnvironment(os._Environ):  # type: ignore[type-arg]
    """The environment, noting when a DAG file reads it."""

    def __getitem__(self, key: str) -> str:
        """Note and read."""
        if asked_by_a_dag_file():
            touched.append(f"environment {key}")
        return str(super().__getitem__(key))


def describe(task: Any) -> dict[str, Any]:
    """What a test wants to know about a task."""
    return {
        "task_id": task.task_id,
        "mapped": task.is_mapped or bool(task.get_closest_mapped_task_group()),
        "retries": task.retries,
        "backoff": task.retry_exponential_backoff,
        "timeout_seconds": task.execution_timeout.total_seconds() if task.execution_timeout else None,
        "trigger_rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        "outlets": [asset.name for asset in task.outlets],
        "upstream": sorted(task.upstream_task_ids),
        "label": getattr(task, "map_index_template", None),
    }


sys.addaudithook(watch)
os.environ.__class__ = WatchedEnvironment
bag = BundleDagBag(dag_folder=str(DAGS), bundle_path=DAGS, bundle_name="dags-folder")
os.environ.__class__ = os._Environ
answer = {
    "errors": bag.import_errors,
    "touched": touched,
    "loaded": sorted(name for name in sys.modules if name.partition(".")[0] == "newshouse"),
    "dags": {
        dag.dag_id: {
            "file": Path(dag.fileloc).name,
            "timetable": dag.timetable.__class__.__name__,
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "documented": bool(dag.doc_md),
            "assets": [asset.name for asset in getattr(getattr(dag.timetable, "asset_condition", None), "objects", [])],
            "tasks": {task.task_id: describe(task) for task in dag.tasks},
        }
        for dag in bag.dags.values()
    },
}
Path(sys.argv[1]).write_text(json.dumps(answer))
