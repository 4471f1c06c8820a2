"""Run by the tests in a process of its own: who is told what, when the DAGs run under Airflow.

The stages are played by stand-ins; incidents, alerts and the server that takes them are real.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from airflow.configuration import conf
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.taskinstance import TaskInstance
from airflow.sdk.log import redact
from airflow.utils.session import create_session
from sqlalchemy import select

from newshouse import pipeline
from newshouse.errors import ContractError
from newshouse.layout import DataLayout
from newshouse.pipeline import Assessment
from newshouse.quality.advance import advance
from newshouse.records import CheckResult
from newshouse.settings import Settings
from newshouse.warehouse.incidents import change_incidents

DAY = datetime(2026, 3, 1, tzinfo=UTC)
DAGS = Path(conf.get("core", "dags_folder"))
FOLDER = Path(sys.argv[1]).parent
STATE = SimpleNamespace(got=[], status=200)


class Handler(BaseHTTPRequestHandler):
    """Takes what is told."""

    def do_POST(self) -> None:
        """Note it and answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        STATE.got.append({"body": body, "signed": "X-Newshouse-Signature" in self.headers})
        self.send_response(STATE.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
(FOLDER / "alerts.yaml").write_text(
    f"""
webhook:
  - {{name: locked, url: "http://127.0.0.1:{server.server_port}/", secret_from: LOCKED_KEY}}
  - {{name: pager, url: "http://127.0.0.1:{server.server_port}/", secret_from: PAGER_KEY}}
routes: [{{to: [locked, pager], digest: true}}]
"""
)
os.environ["NEWSHOUSE_ALERTS"] = str(FOLDER / "alerts.yaml")
os.environ["AIRFLOW_CONN_LOCKED_KEY"] = "{no JSON"  # reading it raises
os.environ["AIRFLOW_CONN_PAGER_KEY"] = json.dumps({"conn_type": "generic", "password": "s3cret"})


def assess_as(*failing: str) -> None:
    """Let the assessment find these checks failing at one source, critically."""

    def assess(settings: Settings, run_id: str) -> Assessment:
        now = settings.now()
        given = ("r", "all", "vale-courier")
        results = [CheckResult(n, *given, n, "history", "critical", "fail", now) for n in failing]
        changed = change_incidents(
            DataLayout(settings.data), lambda known: advance(known, results, run_id=run_id, now=now)
        )
        return Assessment(results, changed, Path("report.html"))

    pipeline.assess = assess


def run(dag_id: str, days: int) -> dict[str, Any]:
    """One DAG run from a freshly read file, its retries at once."""
    STATE.got.clear()
    dag = BundleDagBag(dag_folder=str(DAGS), bundle_path=DAGS, bundle_name="dags-folder").dags[dag_id]
    for task in dag.tasks:
        task.retry_delay = timedelta(seconds=0)
    ended = dag.test(logical_date=DAY + timedelta(days))
    with create_session() as session:
        states = session.scalars(select(TaskInstance).where(TaskInstance.run_id == ended.run_id)).all()
        said = [one["body"]["failure"]["said"] for one in STATE.got if "failure" in one["body"]]
        told = [ti.xcom_pull(task_ids=ti.task_id) for ti in states if ti.task_id in ("alert", "digest")]
        return {
            "failed": [one for result in told if result for one in result["failed"]],
            "said": said,
            "tasks": {f"{ti.task_id} {ti.map_index}": str(ti.state) for ti in states},
            "kinds": [one["body"]["kind"] for one in STATE.got],
            "titles": [one["body"]["title"] for one in STATE.got],
            "links": [one["body"]["link"] for one in STATE.got],
            "signed": all(one["signed"] for one in STATE.got),
        }


def broken_corridor() -> None:
    """Two batches break, and so settle does."""

    def plan(_settings: Settings, run_id: str) -> list[dict[str, str]]:
        return [{"run_id": run_id, "batch": batch, "label": batch} for batch in ("00", "01")]

    def breaks(*_: object) -> Any:
        raise ContractError("rows vanished on the way to s3cret")

    pipeline.plan = plan
    for name in ("discover", "fetch", "parse", "validate", "load", "settle"):
        setattr(pipeline, name, breaks)


def runs_assessed_after(*loads: str) -> list[str]:
    """What the task `assess` judges when these loads set it off."""
    assessed: list[str] = []

    def assess(_settings: Settings, run_id: str) -> Assessment:
        assessed.append(run_id)
        return Assessment([], [], Path("report.html"))

    pipeline.assess = assess
    dag = BundleDagBag(dag_folder=str(DAGS), bundle_path=DAGS, bundle_name="dags-folder").dags["warehouse_quality"]
    task = dag.get_task("assess").python_callable
    task.__globals__["corridor"].__wrapped__.__globals__["log_of_this_task"] = lambda: None
    events = [SimpleNamespace(extra={"run_id": run_id}) for run_id in loads]
    task("manual-1", {task.__globals__["ARTICLES"]: events})
    return assessed


answer = {}
assess_as("volume_drop")
answer["an incident opens"] = run("warehouse_quality", 0)
answer["it lasts"] = run("warehouse_quality", 1)
STATE.status = 404
assess_as("volume_drop", "field_origin")
answer["the channel is down"] = run("warehouse_quality", 2)
STATE.status = 200
answer["the channel is up again"] = run("warehouse_quality", 3)
broken_corridor()
answer["a run fails"] = run("news_daily", 4)
sys.path.insert(0, str(DAGS))
secret_of = importlib.import_module("alarm").secret_of
os.environ["AIRFLOW_CONN_HOOK"] = json.dumps({"conn_type": "generic", "password": "https://a.example/services/T1/xyz"})
answer["a secret address in a log"] = [secret_of("HOOK"), redact("POST /services/T1/xyz 404")]
answer["several loads"] = runs_assessed_after("daily-2026-03-01", "daily-2026-03-02", "daily-2026-03-01")
answer["no load"] = runs_assessed_after()
Path(sys.argv[1]).write_text(json.dumps(answer))
