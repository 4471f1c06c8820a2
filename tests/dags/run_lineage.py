"""Run by the tests in a process of its own: `news_daily` under Airflow as it is, with OpenLineage into a file."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from airflow.configuration import conf
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from sqlalchemy import select

from newshouse.launcher.newsroom import sample_newsroom
from newshouse.settings import SAMPLE_SOURCES, Settings

DAY = datetime(2026, 11, 23, tzinfo=UTC)
DAGS = Path(conf.get("core", "dags_folder"))
FOLDER = Path(sys.argv[1]).parent
EVENTS = FOLDER / "events.jsonl"

(FOLDER / "sources").mkdir()
name = "vale-courier.yaml"
(FOLDER / "sources" / name).write_bytes((SAMPLE_SOURCES / name).read_bytes())
settings = Settings(data=FOLDER / "data", delay_seconds=0.0, batches=1)
os.environ["OPENLINEAGE__TRANSPORT"] = json.dumps({"type": "file", "log_file_path": str(EVENTS), "append": True})
with sample_newsroom(settings, DAY.date()) as reachable:
    os.environ.update(reachable.as_env() | {"NEWSHOUSE_SOURCES": str(FOLDER / "sources")})
    dag = BundleDagBag(dag_folder=str(DAGS), bundle_path=DAGS, bundle_name="dags-folder").dags["news_daily"]
    ended = dag.test(logical_date=DAY)
with create_session() as session:
    states = session.scalars(select(TaskInstance).where(TaskInstance.run_id == ended.run_id)).all()
    answer = {
        "tasks": {f"{ti.task_id} {ti.map_index}": str(ti.state) for ti in states},
        "events": [json.loads(line) for line in EVENTS.read_text().splitlines()],
    }
Path(sys.argv[1]).write_text(json.dumps(answer))
