"""The dashboard in Airflow: nobody sees it without Airflow's login."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newshouse.launcher.home import AIRFLOW, AirflowHome
from newshouse.settings import Settings

pytestmark = pytest.mark.slow
LONGEST_SECONDS = 240


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What `describe_plugin.py` saw in a fresh Airflow."""
    settings = Settings(data=tmp_path_factory.mktemp("data"))
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
    assert statuses["/"] == 503, "nothing is published yet"
    assert statuses["query with the token"] == 400, "let in, but there is no database"
    assert statuses["query without"] == 403


def test_it_has_its_place_in_the_navigation(described: Any) -> None:
    (view,) = described["views"]

    assert view["href"] == "/newshouse/" and view["destination"] == "nav"
    assert not described["errors"]


def test_importing_the_plugin_costs_the_scheduler_nothing(described: Any) -> None:
    assert described["loaded"] == []
