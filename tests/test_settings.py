from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newshouse.errors import ConfigError
from newshouse.settings import SAMPLE_SOURCES, Settings


def test_an_empty_environment_gives_the_laptop_defaults() -> None:
    settings = Settings.from_env({})

    assert settings.sources == SAMPLE_SOURCES
    assert settings.proxy is None


def test_values_are_read_by_type() -> None:
    env = {"NEWSHOUSE_DATA": "/srv/news", "NEWSHOUSE_BATCHES": "8", "NEWSHOUSE_REVISIT_HOURS": "24,1"}

    settings = Settings.from_env(env | {"PATH": "/bin"})

    assert (settings.data, settings.batches, settings.revisit_hours) == (Path("/srv/news"), 8, (1.0, 24.0))


def test_an_empty_value_means_the_default() -> None:
    assert Settings.from_env({"NEWSHOUSE_BATCHES": ""}).batches == Settings().batches


def test_a_typo_names_the_nearest_setting() -> None:
    with pytest.raises(ConfigError, match=r"NEWSHOUSE_SORCES: no such setting. Did you mean NEWSHOUSE_SOURCES\?"):
        Settings.from_env({"NEWSHOUSE_SORCES": "x"})


def test_an_unreadable_value_names_the_key_and_the_value() -> None:
    with pytest.raises(ConfigError, match="NEWSHOUSE_BATCHES='many': not a int"):
        Settings.from_env({"NEWSHOUSE_BATCHES": "many"})


@pytest.mark.parametrize("batches", ["0", "65"])
def test_the_number_of_batches_is_bounded(batches: str) -> None:
    with pytest.raises(ConfigError, match="between 1 and 64"):
        Settings.from_env({"NEWSHOUSE_BATCHES": batches})


def test_the_clock_moves_by_its_offset() -> None:
    ahead = Settings(clock_offset_seconds=86_400.0).now() - datetime.now(UTC)

    assert timedelta(hours=23) < ahead <= timedelta(hours=24)


def test_the_user_agent_says_how_to_reach_us() -> None:
    assert Settings(contact="news@example.org").user_agent.endswith("(+news@example.org)")
