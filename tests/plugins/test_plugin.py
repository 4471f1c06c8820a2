"""The dashboard in Airflow: nobody sees it without Airflow's login."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newshouse.launcher.home import AIRFLOW, AirflowHome
from newshouse.layout import DataLayout
from newshouse.quality.incidents import Event, Incident
from newshouse.report import StageReport, Tally
from newshouse.schemas import RUNS, TABLES
from newshouse.settings import Settings
from newshouse.warehouse.incidents import change_incidents
from newshouse.warehouse.publish import publish
from newshouse.warehouse.tables import append_missing, writable

pytestmark = pytest.mark.slow
LONGEST_SECONDS = 240
LOG = "dags/news_daily/runs/manual__2026/tasks/corridor.fetch/mapped/1?try_number=1"
AT = datetime(2026, 11, 25, 6, tzinfo=UTC)


def _house(layout: DataLayout) -> DataLayout:
    """Tables with an incident and a run."""
    incident = Incident(
        "i1", None, "delivery", "open", "critical", "volume: 0", ("volume",), 1, AT, "r", AT, "r",
        events=(Event(AT, "newshouse", "open"),),
    )  # fmt: skip
    for table in TABLES.values():
        writable(layout, table)
    change_incidents(layout, lambda _: [incident])
    report = StageReport("r", "fetch", "00", {"post": Tally()}, 1.0, AT, LOG)
    append_missing(layout, RUNS, RUNS.arrow(report.rows()))
    return layout


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What `describe_plugin.py` saw in a fresh Airflow."""
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    publish(_house(DataLayout(settings.data)), {})
    environment = AirflowHome.prepare(settings).environment(settings)
    answer = tmp_path_factory.mktemp("plugin") / "answer.json"
    script = Path(__file__).parent / "describe_plugin.py"
    for command in ((*AIRFLOW, "db", "migrate"), (sys.executable, str(script), str(answer))):
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
        assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return json.loads(answer.read_text())


def test_an_anonymous_gets_401_on_every_route(described: Any) -> None:
    assert len(described["anonymous"]) > 20
    assert {route: status for route, status in described["anonymous"].items() if status != 401} == {}


def test_a_user_gets_the_pages(described: Any) -> None:
    statuses = described["user"]

    assert statuses["/static/page.js"] == 200
    assert statuses["/"] == 200
    assert statuses["query with the token"] == 200
    assert statuses["query without"] == 403


@pytest.mark.parametrize("role", ["viewer", "user", "op", "admin"])
def test_who_may_edit_the_dag_may_act_and_a_viewer_may_read(described: Any, role: str) -> None:
    seen, acts = described["roles"][role], role != "viewer"

    assert seen["front"] == 200
    assert seen["form"] == acts
    assert seen["acted"] == (303 if acts else 403)
    assert seen["decided"] == (404 if acts else 403), "there is no such rejection"
    assert seen["signed"] == acts, "under the name of the login"


def test_a_run_links_to_the_log_of_each_of_its_tasks(described: Any) -> None:
    assert described["roles"]["viewer"]["log"] == [f"/{LOG}"]


def test_it_has_its_place_in_the_navigation(described: Any) -> None:
    (view,) = described["views"]

    assert view["href"] == "/newshouse/" and view["destination"] == "nav"
    assert not described["errors"]


def test_importing_the_plugin_costs_the_scheduler_nothing(described: Any) -> None:
    assert described["loaded"] == []
