from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from newshouse.launcher.home import PROJECT
from newshouse.settings import MAX_BATCHES

DAG_FILES = sorted((PROJECT / "dags").glob("*.py"))
BAD_DAG = """
import os, pathlib, socket
from airflow.sdk import dag
CONTACT = os.environ.get("NEWSHOUSE_CONTACT")
ROUTES = pathlib.Path(__file__).read_text()
socket.getaddrinfo("127.0.0.1", 80)
import newshouse.settings

@dag()
def bad(): ...
bad()
"""


def test_every_dag_file_imports_without_an_error(described: Any) -> None:
    assert described["errors"] == {}
    assert set(described["dags"]) == {"news_daily", "warehouse_quality", "warehouse_maintenance"}


def test_importing_a_dag_file_touches_neither_files_nor_network_nor_environment(described: Any) -> None:
    assert described["touched"] == []
    assert described["loaded"] == []


def test_the_watch_sees_a_dag_file_that_touches_the_world(
    airflow_home: dict[str, str], tmp_path: Path, run_script: Any
) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "bad.py").write_text(BAD_DAG)
    seen = run_script("describe_dags.py", airflow_home | {"AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags")})
    assert seen["errors"] == {}
    assert {entry.split()[0] for entry in seen["touched"]} == {"environment", "open", "socket.getaddrinfo"}
    assert "newshouse.settings" in seen["loaded"]


@pytest.mark.parametrize("path", DAG_FILES, ids=lambda path: path.name)
def test_a_dag_file_is_short_and_names_no_clock_and_no_variable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    assert not [word for word in (".now(", ".today(", "time.time", "Variable", "environ", "getenv") if word in text]


def test_every_task_is_retried_with_backoff_and_has_a_time_limit(described: Any) -> None:
    for dag in described["dags"].values():
        for task in dag["tasks"].values():
            assert task["retries"] >= 1, task["task_id"]  # a killed task needs one
            assert task["backoff"] > 1, task["task_id"]
            assert task["timeout_seconds"], task["task_id"]


def test_every_dag_is_documented_and_runs_one_at_a_time_without_catching_up(described: Any) -> None:
    for dag in described["dags"].values():
        assert dag["documented"]
        assert dag["max_active_runs"] == 1
        assert dag["catchup"] is False


def test_each_batch_walks_discover_fetch_parse_validate(described: Any) -> None:
    tasks = described["dags"]["news_daily"]["tasks"]
    chain = ["plan", "corridor.discover", "corridor.fetch", "corridor.parse", "corridor.validate", "load"]
    for before, after in pairwise(chain):
        assert before in tasks[after]["upstream"]
    assert [name for name, task in tasks.items() if task["mapped"]] == chain[1:-1]
    assert all("label" in tasks[name]["label"] for name in chain[1:-1])


def test_a_broken_batch_does_not_hold_up_the_load_but_fails_the_run(described: Any) -> None:
    tasks = described["dags"]["news_daily"]["tasks"]
    assert tasks["load"]["trigger_rule"] == "all_done_min_one_success"
    assert tasks["settle"]["trigger_rule"] == "all_done"
    leaves = set(tasks) - {name for task in tasks.values() for name in task["upstream"]}
    assert leaves == {"publish", "settle"}


def test_the_load_updates_the_asset_that_the_quality_check_waits_for(described: Any) -> None:
    tasks = described["dags"]["news_daily"]["tasks"]
    assert {name for name, task in tasks.items() if task["outlets"]} == {"load"}
    assert tasks["load"]["outlets"] == described["dags"]["warehouse_quality"]["assets"] == ["articles"]


def test_airflow_may_map_as_many_batches_as_a_run_can_have() -> None:
    airflow_default = 1024  # [core] max_map_length
    assert airflow_default >= MAX_BATCHES
