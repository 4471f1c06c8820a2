from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import ConfigError, ContractError
from newshouse.plan import Manifest, make_manifest
from newshouse.sources.model import Source

NOW = datetime(2026, 3, 4, 23, 59, tzinfo=UTC)
POST = Source("post", "The Post", "GB", "en", "Europe/London", "https://www.post.example/")


def source(number: int, feed_host: str | None = None) -> Source:
    feeds = (f"https://{feed_host}/rss",) if feed_host else ()
    return replace(POST, id=f"s{number}", homepage=f"https://www.paper{number}.test/", feeds=feeds)


@given(st.sets(st.integers(0, 500), min_size=1, max_size=60), st.integers(1, 64))
def test_each_source_is_in_exactly_one_batch(numbers: set[int], batches: int) -> None:
    manifest = make_manifest("r", [source(n) for n in numbers], batches, NOW)

    planned = [source_id for ids in manifest.batches.values() for source_id in ids]
    assert sorted(planned) == sorted(f"s{n}" for n in numbers)
    assert len(manifest.batches) <= batches


def test_sources_that_share_a_host_share_a_batch() -> None:
    chained = [source(1, "feeds.one.test"), source(2, "feeds.two.test"), source(3, "feeds.one.test")]
    chained.append(replace(source(4), feeds=("https://a.one.test/x", "https://b.two.test/y")))

    manifest = make_manifest("r", chained, 64, NOW)

    assert list(manifest.batches.values()) == [("s1", "s2", "s3", "s4")]


def test_the_split_does_not_change_when_other_sources_come() -> None:
    few = make_manifest("r", [source(1)], 8, NOW)
    many = make_manifest("r", [source(n) for n in range(30)], 8, NOW)

    (batch,) = few.batches
    assert "s1" in many.batches[batch]


def test_no_enabled_source_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="newshouse sources add"):
        make_manifest("r", [], 4, NOW)


def test_a_manifest_survives_writing_and_reading(tmp_path: Path) -> None:
    written = make_manifest("r", [source(1), source(2)], 4, NOW).write(tmp_path / "run.json")

    assert Manifest.read(tmp_path / "run.json") == written


def test_an_unknown_run_and_an_unknown_batch_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such run\. To make it"):
        Manifest.read(tmp_path / "nowhere" / "run.json")
    for run in ("daily-2026-11-23", "daily-2026-11-24"):
        make_manifest(run, [source(1)], 4, NOW).write(tmp_path / run / "run.json")
    with pytest.raises(ConfigError, match=r"no such run\. There is daily-2026-11-23, daily-2026-11-24\. To make it"):
        Manifest.read(tmp_path / "nowhere" / "run.json")
    with pytest.raises(ConfigError, match="has no batch '77'"):
        make_manifest("r", [source(1)], 4, NOW).sources_of("77")


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("[]")

    with pytest.raises(ContractError, match=r"run.json: damaged manifest"):
        Manifest.read(tmp_path / "run.json")
