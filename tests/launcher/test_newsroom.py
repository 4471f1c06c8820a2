from __future__ import annotations

import http.client
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newshouse.errors import ConfigError
from newshouse.launcher.newsroom import sample_newsroom
from newshouse.settings import Settings


def test_the_newsroom_answers_as_a_proxy_while_the_block_lasts(settings: Settings) -> None:
    with sample_newsroom(settings, settings.now().date()) as reachable:
        assert reachable.proxy is not None
        host, port = reachable.proxy.removeprefix("http://").split(":")
        assert host == "127.0.0.1"
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(host, int(port), timeout=5).connect()


def test_the_clock_moves_by_whole_days(settings: Settings) -> None:
    today = settings.now()
    with sample_newsroom(settings, today.date() + timedelta(days=3)) as reachable:
        assert reachable.clock_offset_seconds == 3 * 86_400
        assert reachable.now().date() == today.date() + timedelta(days=3)


def test_the_first_run_fixes_day_zero_four_days_before(settings: Settings) -> None:
    day = settings.now().date()
    for run_day in (day, day + timedelta(days=2)):
        with sample_newsroom(settings, run_day):
            pass
    assert json.loads((settings.data / "newsroom.json").read_text()) == {"epoch": str(day - timedelta(days=4))}


def test_real_sources_and_a_proxy_of_ones_own_are_left_alone(settings: Settings, tmp_path: Path) -> None:
    for given in (replace(settings, sources=tmp_path), replace(settings, proxy="http://127.0.0.1:9")):
        with sample_newsroom(given, settings.now().date() + timedelta(days=1)) as reachable:
            assert reachable is given
    assert not (settings.data / "newsroom.json").exists()


def test_a_damaged_note_of_day_zero_is_named(settings: Settings) -> None:
    settings.data.mkdir()
    (settings.data / "newsroom.json").write_text('{"epoch": "soon"}')
    with (
        pytest.raises(ConfigError, match=r"newsroom\.json: damaged"),
        sample_newsroom(settings, settings.now().date()),
    ):
        pass
