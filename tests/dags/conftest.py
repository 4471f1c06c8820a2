"""Airflow reads its home when it is imported, so every test of a DAG runs it in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newshouse.launcher.home import AIRFLOW, AirflowHome
from newshouse.settings import Settings

HERE = Path(__file__).parent
LONGEST_SECONDS = 240


RunScript = Callable[[str, dict[str, str]], Any]


@pytest.fixture(scope="session")
def run_script(tmp_path_factory: pytest.TempPathFactory) -> RunScript:
    """Run a script of this folder in an environment; gives the JSON that it writes."""

    def run(name: str, environment: dict[str, str]) -> Any:
        answer = tmp_path_factory.mktemp("script") / "answer.json"
        command = [sys.executable, str(HERE / name), str(answer)]
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
        assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
        return json.loads(answer.read_text())

    return run


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a fresh Airflow with an empty database."""
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    environment = AirflowHome.prepare(settings).environment(settings)
    command = [*AIRFLOW, "db", "migrate"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=LONGEST_SECONDS)
    return environment


@pytest.fixture(scope="session")
def described(airflow_home: dict[str, str], run_script: RunScript) -> Any:
    """What `describe_dags.py` saw."""
    return run_script("describe_dags.py", airflow_home)


@pytest.fixture(scope="session")
def scenarios(airflow_home: dict[str, str], run_script: RunScript) -> Any:
    """What became of each run of `run_scenarios.py`."""
    return run_script("run_scenarios.py", airflow_home)
