from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.slow
TASKS = ("discover", "fetch", "parse", "validate", "load", "publish")


@pytest.fixture(scope="module")
def told(airflow_home: dict[str, str], run_script: Any) -> Any:
    """What `run_lineage.py` wrote down."""
    return run_script("run_lineage.py", airflow_home)


def test_a_dag_run_tells_openlineage_of_each_task_and_of_itself(told: Any) -> None:
    assert set(told["tasks"].values()) == {"success"}
    assert len(told["tasks"]) == 8
    ends = [event["job"]["name"] for event in told["events"] if event["eventType"] == "COMPLETE"]
    wanted = ["news_daily", "newshouse.publish"]
    wanted += [f"news_daily.{name}" for name in TASKS if name != "publish"]
    assert sorted(ends) == sorted(wanted)
    assert not [event for event in told["events"] if event["eventType"] == "FAIL"]


def test_tasks_in_processes_of_their_own_share_the_run_that_they_belong_to(told: Any) -> None:
    parents = {
        event["run"]["facets"]["parent"]["run"]["runId"]
        for event in told["events"]
        if "parent" in event["run"].get("facets", {})
    }
    (whole,) = {event["run"]["runId"] for event in told["events"] if event["job"]["name"] == "news_daily"}
    assert parents == {whole}
    (validate,) = (e for e in told["events"] if e["job"]["name"].endswith("validate") and e["eventType"] == "COMPLETE")
    quality = validate["inputs"][0]["inputFacets"]
    assert quality["dataQualityMetrics"]["rowCount"] > 0
    asserted = quality["dataQualityAssertions"]["assertions"]
    blocking = {one["assertion"]: one["success"] for one in asserted if one["severity"] == "error"}
    assert {"columns_complete", "article_id_unique"} <= blocking.keys()
    assert all(blocking.values())
