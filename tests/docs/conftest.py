"""Two days of the sample newsroom, for everything that the documents show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newshouse import cli


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with two days of news."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSHOUSE_DELAY_SECONDS", "0")
        for day in ("2026-11-23", "2026-11-24"):
            assert cli.main(["run", "--day", day, "--data", str(folder)]) == 0
    yield folder
