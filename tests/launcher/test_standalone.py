from __future__ import annotations

import http.client
import ipaddress
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

pytestmark = pytest.mark.slow
START_SECONDS = 240.0
STOP_SECONDS = 90.0


@dataclass
class Running:
    """`newshouse airflow up`, ready."""

    launcher: subprocess.Popen[bytes]
    port: int
    data: Path
    output: Path

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        """One call of Airflow's API."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, json.loads(answer or b"null")

    def processes(self) -> list[psutil.Process]:
        """The launcher and all that it has started."""
        launcher = psutil.Process(self.launcher.pid)
        return [launcher, *launcher.children(recursive=True)]

    @property
    def password(self) -> str:
        return str(json.loads((self.data / "airflow" / "passwords.json").read_text())["admin"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def up(data: Path, port: int, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "newshouse", "airflow", "up", "--port", str(port), "--data", str(data)]
    with output.open("wb") as file:
        return subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=os.environ | {"COLUMNS": "200"})


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("up")
    port, output = free_port(), folder / "output"
    launcher = up(folder / "data", port, output)
    try:
        deadline = time.monotonic() + START_SECONDS
        while "Airflow is ready" not in output.read_text():
            assert launcher.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.5)
        yield Running(launcher, port, folder / "data", output)
    finally:
        if launcher.poll() is None:
            launcher.send_signal(signal.SIGTERM)
        launcher.wait(STOP_SECONDS)


def test_nothing_listens_beyond_loopback(running: Running) -> None:
    listening = {
        connection.laddr
        for process in running.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert running.port in {address.port for address in listening}
    assert [address for address in listening if not ipaddress.ip_address(address.ip).is_loopback] == []


def test_only_who_knows_the_password_gets_in(running: Running) -> None:
    assert running.call("GET", "/api/v2/dags")[0] == 401
    assert running.call("POST", "/auth/token", {"username": "admin", "password": "admin"})[0] == 401
    assert running.call("POST", "/auth/token", {"username": "admin", "password": running.password})[0] == 201


def test_the_password_is_in_its_private_file_and_nowhere_else(running: Running) -> None:
    file = running.data / "airflow" / "passwords.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in running.output.read_text()
    told = [path for path in running.data.rglob("*") if path.is_file() and path != file]
    assert not [path for path in [running.output, *told] if running.password.encode() in path.read_bytes()]


def test_the_dags_are_there_and_a_run_without_a_date_loads_articles(running: Running) -> None:
    token = _token(running)
    deadline = time.monotonic() + START_SECONDS
    while len((listed := running.call("GET", "/api/v2/dags", token=token)[1])["dags"]) < 3:
        assert time.monotonic() < deadline, listed
        time.sleep(1)
    assert {dag["dag_id"]: dag["is_paused"] for dag in listed["dags"]} == {
        "news_daily": True,
        "warehouse_maintenance": True,
        "warehouse_quality": False,
    }
    assert running.call("GET", "/api/v2/importErrors", token=token)[1]["total_entries"] == 0
    running.call("PATCH", "/api/v2/dags/news_daily", {"is_paused": False}, token)
    _, run = running.call("POST", "/api/v2/dags/news_daily/dagRuns", {"logical_date": None}, token)
    ended = _wait_for_run(running, f"/api/v2/dags/news_daily/dagRuns/{run['dag_run_id']}", token)
    assert ended["state"] == "success"
    assert (running.data / "newshouse.duckdb").exists()
    quality = "/api/v2/dags/warehouse_quality/dagRuns?order_by=-run_after"
    deadline = time.monotonic() + START_SECONDS
    while not (runs := running.call("GET", quality, token=token)[1]["dag_runs"]):
        assert time.monotonic() < deadline, "the load started no quality run"
        time.sleep(1)
    assert runs[0]["run_type"] == "asset_triggered"
    assert _wait_for_run(running, f"/api/v2/dags/warehouse_quality/dagRuns/{runs[0]['dag_run_id']}", token)[
        "state"
    ] in ("success", "failed")  # its verdict is another test's matter; here it has run


def test_a_backfill_of_past_days_runs(running: Running) -> None:
    token = _token(running)
    running.call("PATCH", "/api/v2/dags/news_daily", {"is_paused": False}, token)
    days = {"from_date": "2026-03-01T00:00:00Z", "to_date": "2026-03-02T00:00:00Z"}
    asked = {"dag_id": "news_daily", "max_active_runs": 1} | days
    deadline = time.monotonic() + START_SECONDS
    # Airflow gives up, and says so, where its scheduler writes to the same SQLite file at that moment.
    while (answer := running.call("POST", "/api/v2/backfills", asked, token))[0] == 503:
        assert time.monotonic() < deadline, answer
        time.sleep(1)
    assert answer[0] == 200, answer
    for day in ("2026-03-01", "2026-03-02"):
        run = _wait_for_run(running, f"/api/v2/dags/news_daily/dagRuns/backfill__{day}T00:00:00+00:00", token)
        assert run["state"] == "success"
        assert (running.data / "runs" / f"daily-{day}" / "load.json").exists()


def _token(running: Running) -> str:
    _, answer = running.call("POST", "/auth/token", {"username": "admin", "password": running.password})
    return str(answer["access_token"])


def _wait_for_run(running: Running, path: str, token: str) -> Any:
    deadline = time.monotonic() + START_SECONDS
    while (run := running.call("GET", path, token=token)[1])["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, run
        time.sleep(1)
    return run


def test_a_second_launcher_in_the_same_folder_is_refused(running: Running, tmp_path: Path) -> None:
    second = up(running.data, free_port(), tmp_path / "output")
    assert second.wait(60) == 2
    assert "in use by another" in (tmp_path / "output").read_text()


def test_a_taken_port_is_a_clear_error(running: Running, tmp_path: Path) -> None:
    second = up(tmp_path / "data", running.port, tmp_path / "output")
    assert second.wait(60) == 2
    assert re.search(rf"port {running.port} .* cannot be used .* make up PORT=", (tmp_path / "output").read_text())


def test_sigterm_stops_every_process(running: Running) -> None:
    """The last test of this file: it ends what the others use."""
    started = running.processes()
    assert len(started) >= 5  # the launcher and four parts
    running.launcher.send_signal(signal.SIGTERM)
    assert running.launcher.wait(STOP_SECONDS) == 0
    _, alive = psutil.wait_procs(started, timeout=5)
    assert alive == []
    assert "Airflow has stopped." in running.output.read_text()
