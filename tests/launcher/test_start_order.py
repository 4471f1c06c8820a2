"""`make up` with a stand-in for Airflow, which notes whether the API answered when each part began."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from newshouse.launcher import standalone
from newshouse.settings import Settings

AIRFLOW = """
import http.client, http.server, os, pathlib, sys, time
part, port = sys.argv[1], int(os.environ["AIRFLOW__API__PORT"])
if part == "db":
    sys.exit()
if part == "api-server":
    time.sleep(1)  # a start takes its time
    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"metadatabase": {"status": "healthy"}, "scheduler": {"status": "healthy"}}')
    http.server.HTTPServer(("127.0.0.1", port), Health).serve_forever()
try:
    http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
    answer = "answered"
except OSError:
    answer = "silent"
pathlib.Path(os.environ["AIRFLOW_HOME"], part + ".began").write_text(answer)
time.sleep(60)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_needs_the_api_starts_once_it_answers(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "airflow.py").write_text(AIRFLOW)
    monkeypatch.setattr(standalone, "AIRFLOW", (sys.executable, str(tmp_path / "airflow.py")))
    monkeypatch.setattr(standalone, "_POLL_SECONDS", 0.1)
    home = settings.data / "airflow"

    def began() -> dict[str, str]:
        return {path.stem: path.read_text() for path in home.glob("*.began")}

    def stop_when_all_began() -> None:
        while not ended.wait(0.1):
            if len([answer for answer in began().values() if answer]) == 3:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    ended = threading.Event()
    watcher = threading.Thread(target=stop_when_all_began)
    watcher.start()
    try:
        code = standalone.serve(settings, free_port())
    finally:
        ended.set()
        watcher.join()

    assert code == 0
    answers = began()
    assert answers.keys() == {"dag-processor", "scheduler", "triggerer"}
    assert answers["scheduler"] == answers["triggerer"] == "answered"
