from __future__ import annotations

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import requests


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_in_the_foreground_prints_its_address_and_stops_on_a_signal(number: signal.Signals) -> None:
    epoch = datetime.now(UTC).date() - timedelta(days=4)
    command = [sys.executable, "-m", "newshouse.sample", "--port", "0", "--epoch", epoch.isoformat()]
    command += ["--clock-offset-seconds", "86400"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        proxies = {"http": address}
        feed = requests.get("http://www.harbourledger.example/rss/news.xml", proxies=proxies, timeout=10).text
        assert "tram-doors-fixed-with-a-mirror" in feed  # of day 4, on line because the clock is a day ahead
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
