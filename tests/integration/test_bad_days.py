"""Days on which something is broken: nothing is lost, and the message says what to do."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newshouse import pipeline
from newshouse.asking import turn_at
from newshouse.errors import ConfigError, ContractError, TransientError
from newshouse.layout import DataLayout
from newshouse.sample.server import RunningNewsroom, serve
from newshouse.settings import Settings
from newshouse.sources.load import load_sources
from newshouse.warehouse.maintenance import verify

RUN = "daily-2026-01-01"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[RunningNewsroom]:
    with serve(datetime.now(UTC).date() - timedelta(days=4), lambda: datetime.now(UTC)) as running:
        yield running


@pytest.fixture
def reachable(settings: Settings, newsroom: RunningNewsroom) -> Settings:
    return replace(settings, proxy=newsroom.proxy_url, batches=2)


@pytest.fixture
def dead_proxy() -> str:
    with serve(datetime.now(UTC).date(), lambda: datetime.now(UTC)) as closing:
        return closing.proxy_url


def test_a_day_without_a_network_is_tried_again_and_not_sealed(
    reachable: Settings, dead_proxy: str, committed_rows: Callable
) -> None:
    with pytest.raises(TransientError, match=r"no publisher of batch \d\d answered"):
        pipeline.run(replace(reachable, proxy=dead_proxy), RUN)

    summary = pipeline.run(reachable, RUN)

    assert summary.balanced
    assert len(committed_rows(DataLayout(reachable.data))["articles"]) > 50


def test_a_broken_batch_does_not_hold_up_the_others(
    reachable: Settings, committed_rows: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (batch["batch"] for batch in pipeline.plan(reachable, RUN))
    parse = pipeline.parse

    def broken(settings: Settings, run_id: str, batch: str, progress: object = None) -> object:
        if batch == first:
            raise ContractError("this batch is broken")
        return parse(settings, run_id, batch)

    monkeypatch.setattr(pipeline, "parse", broken)
    with pytest.raises(ContractError, match="this batch is broken"):
        pipeline.run(reachable, RUN)
    partly = committed_rows(DataLayout(reachable.data))
    monkeypatch.setattr(pipeline, "parse", parse)
    summary = pipeline.run(reachable, RUN)

    assert {row["batch"] for row in partly["runs"]} == {second, "all"}
    assert partly["articles"], "the good batch was loaded"
    assert summary.balanced and not summary.unfinished
    assert len(committed_rows(DataLayout(reachable.data))["articles"]) > len(partly["articles"])


def test_settle_names_the_batch_that_is_missing(reachable: Settings) -> None:
    plans = pipeline.plan(reachable, RUN)
    for stage in (pipeline.discover, pipeline.fetch, pipeline.parse, pipeline.validate):
        stage(reachable, RUN, plans[0]["batch"])
    pipeline.load(reachable, RUN)

    with pytest.raises(ContractError, match=f"batch {plans[1]['batch']} lacks discover"):
        pipeline.settle(reachable, RUN)


def test_a_run_that_is_planned_anew_leaves_the_bytes_of_the_old_one_alone(reachable: Settings) -> None:
    layout = DataLayout(reachable.data)
    pipeline.run(reachable, RUN)
    shutil.rmtree(layout.run(RUN).path)

    pipeline.run(reachable, RUN)

    assert verify(layout) == []


def test_a_stage_file_that_was_deleted_is_made_again(reachable: Settings, committed_rows: Callable) -> None:
    pipeline.run(reachable, RUN)
    before = committed_rows(DataLayout(reachable.data), volatile=True)
    for batch in pipeline.plan(reachable, RUN):
        folder = DataLayout(reachable.data).run(RUN).batch(batch["batch"])
        folder.candidates.unlink()
        folder.fetches("fetch").unlink()

    pipeline.run(reachable, RUN)

    assert committed_rows(DataLayout(reachable.data), volatile=True) == before


def test_a_source_that_lost_its_file_is_named(reachable: Settings, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(reachable.sources, sources)
    moved = replace(reachable, sources=sources)
    (batch, *_) = pipeline.plan(moved, RUN)
    source_id = batch["label"].removeprefix(f"{batch['batch']}: ").split(", ")[0]
    (sources / f"{source_id}.yaml").unlink()

    with pytest.raises(ConfigError, match=f"source {source_id} is not in"):
        pipeline.discover(moved, RUN, batch["batch"])


def test_two_runs_take_turns_at_a_publisher(settings: Settings) -> None:
    layout, sources = DataLayout(settings.data), list(load_sources(settings.sources).values())
    entered = threading.Event()

    def wait_for_a_turn() -> None:
        with turn_at(layout, reversed(sources)):
            entered.set()

    other = threading.Thread(target=wait_for_a_turn)
    with turn_at(layout, sources):
        other.start()
        assert not entered.wait(0.3), "somebody else asks the publisher"
    assert entered.wait(10)
    other.join()


def test_the_label_of_a_batch_fits_into_airflows_database(settings: Settings) -> None:
    everything = replace(settings, sources=Path(__file__).parents[2] / "include" / "sources", batches=1)

    (batch,) = pipeline.plan(everything, RUN)

    assert len(batch["label"]) <= 250
    assert batch["label"].endswith(" …")
