from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.slow
BATCHES, STAGES = 3, 4
SINGLE = ("plan", "load", "publish", "settle")


def test_a_run_has_every_task_of_every_batch_and_all_succeed(scenarios: Any) -> None:
    run = scenarios["all is well"]
    assert run["state"] == "success"
    assert len(run["tasks"]) == BATCHES * STAGES + len(SINGLE)
    assert set(run["tasks"].values()) == {"success"}


def test_each_stage_of_a_batch_is_called_once_and_in_order(scenarios: Any) -> None:
    calls = scenarios["all is well"]["calls"]
    assert Counter(calls).most_common(1)[0][1] == 1
    assert [call for call in calls if call.endswith("01")] == ["discover 01", "fetch 01", "parse 01", "validate 01"]
    assert calls[0] == "plan"
    assert calls.index("load") == 1 + BATCHES * STAGES


def test_the_grid_shows_the_names_of_the_sources(scenarios: Any) -> None:
    assert scenarios["all is well"]["labels"] == ["00: gazette", "01: gazette", "02: gazette"]


def test_the_asset_event_carries_the_run_that_was_loaded(scenarios: Any) -> None:
    assert scenarios["all is well"]["loaded_runs"] == ["daily-2026-03-01"]


def test_a_day_can_be_run_again(scenarios: Any) -> None:
    again = scenarios["the same day again"]
    assert again["state"] == "success"
    assert again["runs_of_that_day"] == 1
    assert again["loaded_runs"] == ["daily-2026-03-01"]


def test_a_run_without_a_logical_date_has_an_id_of_its_own(scenarios: Any) -> None:
    run = scenarios["no logical date"]
    assert run["state"] == "success"
    assert run["loaded_runs"][0].startswith("manual-")


def test_a_broken_batch_is_not_tried_again_and_the_others_are_loaded(scenarios: Any) -> None:
    run = scenarios["a contract is broken"]
    assert run["tasks"]["corridor.parse 1"] == "failed"
    assert run["tries"]["corridor.parse 1"] == 1
    assert run["tasks"]["corridor.validate 1"] == "upstream_failed"
    assert run["tasks"]["corridor.validate 2"] == run["tasks"]["load -1"] == run["tasks"]["publish -1"] == "success"
    assert run["state"] == "failed"  # settle saw it


def test_a_transient_error_is_tried_again(scenarios: Any) -> None:
    for name, task in (("a host is away for a while", "corridor.fetch 1"), ("the disk is full for a while", "load -1")):
        assert scenarios[name]["state"] == "success"
        assert scenarios[name]["tries"][task] == 2


def test_a_run_fails_when_publishing_fails(scenarios: Any) -> None:
    assert scenarios["publish fails"]["state"] == "failed"


def test_wrong_settings_fail_the_run_at_once_and_nothing_is_loaded(scenarios: Any) -> None:
    run = scenarios["the settings are wrong"]
    assert run["state"] == "failed"
    assert run["tries"]["plan -1"] == 1
    assert "load" not in run["calls"]


def test_every_stage_knows_the_page_of_its_own_log(scenarios: Any) -> None:
    run = scenarios["a host is away for a while"]
    start = f"dags/news_daily/runs/{quote(run['run_id'], safe='')}/tasks/"

    assert run["logs"]["parse 02"] == f"{start}corridor.parse/mapped/2?try_number=1"
    assert run["logs"]["fetch 01"] == f"{start}corridor.fetch/mapped/1?try_number=2"
    assert run["logs"]["load"] == f"{start}load?try_number=1"
