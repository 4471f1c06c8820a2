"""A day of the sample newsroom, told to a real OpenLineage endpoint."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from newshouse import cli, pipeline
from newshouse.errors import ConfigError, ContractError, StorageError
from newshouse.importing import import_files
from newshouse.plan import Manifest
from newshouse.settings import Settings, openlineage_namespace

from .conftest import Catalogue

DAY = "2026-11-23"
STAGES = ("discover", "fetch", "parse", "validate")


@pytest.fixture
def day(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """One day through the corridor and its assessment."""
    monkeypatch.setenv("NEWSHOUSE_DELAY_SECONDS", "0")
    monkeypatch.setenv("NEWSHOUSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NEWSHOUSE_BATCHES", "2")
    assert cli.main(["run", "--day", DAY]) == 0
    cli.main(["assess", "--day", DAY])
    return catalogue


def test_a_day_is_told_as_a_run_with_its_stages_tables_and_checks(day: Catalogue, tmp_path: Path) -> None:
    for event in day.events:
        check_form(event)
    states = Counter((event["job"]["name"], event["eventType"]) for event in day.events)
    batches = states["news_daily.parse", "START"]
    assert batches >= 2
    assert all(states[f"news_daily.{name}", state] == batches for name in STAGES for state in ("START", "COMPLETE"))
    assert states["news_daily", "START"] == states["news_daily", "COMPLETE"] == 1
    assert states["warehouse_quality.assess", "COMPLETE"] == 1
    assert not [event for event in day.events if event["eventType"] == "FAIL"]
    _stages_have_their_run_as_parent(day)
    _what_flows_out_of_a_stage_flows_into_the_next(day, str(tmp_path / "data"))
    _tables_are_described(day)
    _quality_is_told(day)


def _stages_have_their_run_as_parent(day: Catalogue) -> None:
    (whole,) = {event["run"]["runId"] for event in day.events if event["job"]["name"] == "news_daily"}
    for name in (*STAGES, "load"):
        for event in day.of(f"news_daily.{name}", "COMPLETE"):
            assert event["run"]["facets"]["parent"]["run"]["runId"] == whole
            assert event["run"]["facets"]["parent"]["job"]["name"] == "news_daily"


def _what_flows_out_of_a_stage_flows_into_the_next(day: Catalogue, data: str) -> None:
    def names(stage: str, side: str) -> set[str]:
        return {one["name"] for event in day.of(f"news_daily.{stage}", "COMPLETE") for one in event[side]}

    chain = [*STAGES, "load"]
    for before, after in pairwise(chain):
        assert names(before, "outputs") & names(after, "inputs"), f"nothing flows from {before} to {after}"
    assert f"{data}/warehouse/articles" in names("load", "outputs")
    (assessed,) = day.of("warehouse_quality.assess", "COMPLETE")
    assert f"{data}/warehouse/articles" in {one["name"] for one in assessed["inputs"]}


def _tables_are_described(day: Catalogue) -> None:
    (load,) = day.of("news_daily.load", "COMPLETE")
    articles = next(one for one in load["outputs"] if one["name"].endswith("/articles"))
    fields = {one["name"]: one for one in articles["facets"]["schema"]["fields"]}
    assert fields["published_at"]["type"] == "TIMESTAMPTZ"
    assert "UTC" in fields["published_at"]["description"]
    assert articles["facets"]["version"]["datasetVersion"].isdigit()
    loaded = articles["outputFacets"]["outputStatistics"]["rowCount"]
    accepted = [e["outputs"][0]["outputFacets"]["outputStatistics"] for e in day.of("news_daily.validate", "COMPLETE")]
    assert loaded == sum(one["rowCount"] for one in accepted) > 0


def _quality_is_told(day: Catalogue) -> None:
    for event in day.of("news_daily.validate", "COMPLETE"):
        (read,) = event["inputs"]
        metrics, tested = read["inputFacets"]["dataQualityMetrics"], read["inputFacets"]["dataQualityAssertions"]
        assert metrics["rowCount"] >= metrics["columnMetrics"]["title"]["count"]
        assert metrics["columnMetrics"]["article_id"]["nullCount"] == 0
        assert {"assertion", "success", "severity"} <= set(tested["assertions"][0])
    (assessed,) = day.of("warehouse_quality.assess", "COMPLETE")
    found = assessed["inputs"][0]["inputFacets"]
    assert any(one["name"].startswith("history.") for one in found["dataQualityAssertions"]["assertions"])
    assert found["dataQualityMetrics"]["rowCount"] > 0


def check_form(event: dict[str, Any]) -> None:
    """What the OpenLineage specification (2-0-2) demands of a run event."""
    UUID(event["run"]["runId"])
    assert datetime.fromisoformat(event["eventTime"]).tzinfo is not None
    assert event["eventType"] in {"START", "COMPLETE", "ABORT", "FAIL", "OTHER", "RUNNING"}
    assert event["producer"].startswith("urn:newshouse:")
    assert event["schemaURL"].startswith("https://openlineage.io/spec/")
    assert event["job"]["namespace"] == "newshouse"
    places = [*event["inputs"], *event["outputs"]]
    assert all(place["namespace"] and place["name"] for place in places)
    facets = [event["run"]["facets"], event["job"]["facets"]]
    facets += [place.get(key, {}) for place in places for key in ("facets", "inputFacets", "outputFacets")]
    for group in facets:
        for facet in group.values():
            assert facet["_producer"] == event["producer"]
            assert facet["_schemaURL"].startswith("https://openlineage.io/spec/")


def planned(settings: Settings) -> Settings:
    manifest = Manifest("daily-x", datetime(2026, 11, 23, tzinfo=UTC), {"00": ("vale-courier",)})
    manifest.write(settings.data / "runs" / "daily-x" / "run.json")
    return settings


def test_a_stage_that_fails_says_why(catalogue: Catalogue, settings: Settings) -> None:
    with pytest.raises(ConfigError):
        pipeline.parse(planned(settings), "daily-x", "99")
    (failed,) = catalogue.of("news_daily.parse", "FAIL")
    assert failed["run"]["facets"]["errorMessage"]["message"].startswith("ConfigError: run daily-x has no batch '99'")
    (started,) = catalogue.of("news_daily.parse", "START")
    assert started["run"]["runId"] == failed["run"]["runId"]


def test_a_run_that_left_a_batch_behind_has_failed(catalogue: Catalogue, settings: Settings) -> None:
    with pytest.raises(ContractError):
        pipeline.settle(planned(settings), "daily-x")
    (failed,) = catalogue.of("news_daily", "FAIL")
    assert "not finished" in failed["run"]["facets"]["errorMessage"]["message"]


def test_an_import_begins_and_ends(catalogue: Catalogue, settings: Settings, tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text(
        "A ferry line opens\n\n" + "The council voted on Sunday to open a ferry line. " * 20, encoding="utf-8"
    )
    import_files(settings, [text])
    whole = [event for event in catalogue.events if event["job"]["name"] == "import"]
    assert [event["eventType"] for event in whole] == ["START", "COMPLETE"]
    assert catalogue.events[0] == whole[0]


def test_an_import_that_breaks_off_has_failed(
    catalogue: Catalogue, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(pipeline, "load", full)
    (tmp_path / "note.txt").write_text("A ferry line opens\n\nThe council voted on Sunday.", encoding="utf-8")
    with pytest.raises(StorageError):
        import_files(settings, [tmp_path / "note.txt"])
    assert [e["eventType"] for e in catalogue.events if e["job"]["name"] == "import"] == ["START", "FAIL"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "no address"])
def test_a_catalogue_that_is_away_fails_nothing(
    settings: Settings, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT", json.dumps({"type": "http", "url": url, "retry": {"total": 0}}))
    with caplog.at_level(logging.WARNING):
        pipeline.publish(settings)
    assert "was not sent" in caplog.text


def test_a_catalogue_that_refuses_fails_nothing(
    catalogue: Catalogue, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue.status = 422
    pipeline.publish(settings)
    assert "an event was not sent" in caplog.text


def test_a_catalogue_that_failed_is_left_alone_for_a_while(catalogue: Catalogue, settings: Settings) -> None:
    catalogue.status = 422
    pipeline.publish(settings)
    pipeline.publish(settings)
    assert len(catalogue.events) == 1


def test_a_catalogue_that_never_answers_costs_one_deadline_and_then_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from newshouse.lineage import client

    monkeypatch.setattr(client, "DEADLINE_SECONDS", 0.3)  # all else as it comes: by itself the client waits 39 s
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connections are taken, and nothing is said
        monkeypatch.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        pipeline.publish(settings)
        assert time.monotonic() - began < 4.5  # less than one of the client's own timeouts
        assert caplog.text.count("no answer in 0 s") == 1
        program = (
            "from pathlib import Path; from newshouse import pipeline; "
            "from newshouse.lineage import client; from newshouse.settings import Settings; "
            "client.OpenLineageClient = None; "
            f"pipeline.publish(Settings(data=Path({str(settings.data)!r})))"
        )
        again = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
        assert "OpenLineage" not in again.stderr  # the next task on this machine does not even try


def test_after_its_rest_a_catalogue_is_told_again(
    catalogue: Catalogue, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newshouse.lineage import client

    catalogue.status = 422
    pipeline.publish(settings)
    monkeypatch.setattr(client, "_REST_SECONDS", 0.0)
    catalogue.status = 200
    pipeline.publish(settings)
    assert len(catalogue.events) == 3


def test_events_can_go_into_a_file(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = {"type": "file", "log_file_path": str(tmp_path / "events.jsonl"), "append": True}
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT", json.dumps(transport))
    pipeline.publish(settings)
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["eventType"] for line in lines] == ["START", "COMPLETE"]


def test_it_is_off_unless_it_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert openlineage_namespace() is None
    monkeypatch.setenv("OPENLINEAGE_URL", "http://127.0.0.1:9")
    assert openlineage_namespace() == "newshouse"
    monkeypatch.setenv("OPENLINEAGE_NAMESPACE", "desk")
    assert openlineage_namespace() == "desk"
    monkeypatch.setenv("OPENLINEAGE_DISABLED", "true")
    assert openlineage_namespace() is None


def test_where_it_is_off_nothing_of_it_is_imported(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from newshouse import pipeline; "
        "from newshouse.settings import Settings; "
        f"pipeline.publish(Settings(data=Path({str(tmp_path)!r}))); "
        "sys.exit(any(name.startswith('openlineage') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_a_stage_whose_files_cannot_be_seen_is_still_told_as_ended(
    catalogue: Catalogue, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from newshouse.lineage import events

    def blind(*_: object) -> None:
        raise ValueError("no such column")

    monkeypatch.setattr(events, "flow", blind)
    pipeline.publish(settings)
    (ended,) = catalogue.of("newshouse.publish", "COMPLETE")
    assert ended["outputs"] == []
    assert "ValueError: no such column" in caplog.text
