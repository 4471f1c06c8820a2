from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def alarms(airflow_home: dict[str, str], run_script: Any) -> Any:
    """What became of each run of `run_alarms.py`."""
    return run_script("run_alarms.py", airflow_home)


def test_an_incident_and_the_digest_are_told_and_the_critical_day_is_red(alarms: Any) -> None:
    run = alarms["an incident opens"]
    assert run["kinds"] == ["opened", "digest"]  # and no alarm for the red task: the incident is the alarm
    assert run["tasks"] == {"assess -1": "success", "alert -1": "success", "digest -1": "success", "trust -1": "failed"}


def test_the_key_of_the_signature_may_be_the_password_of_a_connection(alarms: Any) -> None:
    assert alarms["an incident opens"]["signed"] is True


def test_a_connection_that_cannot_be_read_costs_its_own_channel_alone(alarms: Any) -> None:
    run = alarms["an incident opens"]
    assert len(run["failed"]) == 2
    assert all(said.startswith("locked:") and "no_secret: LOCKED_KEY" in said for said in run["failed"])


def test_neither_is_told_again_while_it_lasts(alarms: Any) -> None:
    assert alarms["it lasts"]["kinds"] == []


def test_a_channel_that_is_down_fails_no_task_and_is_told_in_the_next_run(alarms: Any) -> None:
    down, up = alarms["the channel is down"], alarms["the channel is up again"]
    assert (down["tasks"]["alert -1"], down["tasks"]["digest -1"]) == ("success", "success")
    assert (down["kinds"], up["kinds"]) == (["opened"], ["opened"])
    assert up["titles"] == ["critical: Vale Courier (vale-courier), parser"]


def test_a_run_that_fails_in_many_tasks_alarms_once_with_a_link_to_the_task(alarms: Any) -> None:
    run = alarms["a run fails"]
    assert list(run["tasks"].values()).count("failed") >= 3
    assert run["kinds"] == ["failed"]
    assert "news_daily" in run["titles"][0]
    assert "/dags/news_daily/runs/" in run["links"][0]


def test_the_error_of_a_task_goes_out_without_the_secrets_that_airflow_knows(alarms: Any) -> None:
    assert alarms["a run fails"]["said"] == ["ContractError: rows vanished on the way to ***"]


def test_of_a_secret_address_the_path_is_masked_too(alarms: Any) -> None:
    assert alarms["a secret address in a log"] == ["https://a.example/services/T1/xyz", "POST *** 404"]


def test_every_load_since_the_last_assessment_is_assessed(alarms: Any) -> None:
    assert alarms["several loads"] == ["daily-2026-03-01", "daily-2026-03-02"]
    assert [run_id.rpartition("-")[0] for run_id in alarms["no load"]] == ["manual-1"]
