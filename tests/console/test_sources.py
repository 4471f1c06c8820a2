"""`newshouse sources`, with the sample newsroom as the web."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from newshouse.console.drafting import add_source
from newshouse.console.sources import list_sources
from newshouse.errors import ConfigError
from newshouse.fetch.client import Fetcher
from newshouse.sample.server import serve
from newshouse.settings import SAMPLE_SOURCES, Settings
from newshouse.sources.load import check_sources

HOMEPAGE = "http://www.harbourledger.example/"


@pytest.fixture
def reachable(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    with serve(date(2026, 3, 1), lambda: datetime(2026, 3, 4, 12, tzinfo=UTC)) as newsroom:
        yield replace(settings, sources=tmp_path / "sources", proxy=newsroom.proxy_url, contact="desk@desk.example")


def test_a_source_is_drafted_from_its_homepage_and_every_connection_closed(
    reachable: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, close = [], Fetcher.close
    monkeypatch.setattr(Fetcher, "close", lambda fetcher: (closed.append(fetcher), close(fetcher)))
    out = Console(file=StringIO(), width=200)

    assert add_source(reachable, HOMEPAGE, out, as_json=True) == 0

    path = Path(json.loads(out.file.getvalue())["file"])
    assert path.parent == reachable.sources
    assert "http://www.harbourledger.example/" in path.read_text()
    assert len(closed) == 1


def test_the_bundled_folder_takes_no_new_source(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="--sources include/sources"):
        add_source(settings, HOMEPAGE, Console(file=StringIO()), as_json=False)


def test_what_is_no_address_is_told_before_anything_is_asked(reachable: Settings) -> None:
    with pytest.raises(ConfigError, match=r"example\.com: write the whole address"):
        add_source(reachable, "www.example.com", Console(file=StringIO()), as_json=False)
    assert not reachable.data.exists()


def test_the_list_names_every_source_in_full_within_80_columns() -> None:
    out = Console(file=StringIO(), width=80)

    assert list_sources(SAMPLE_SOURCES, out, as_json=False) == 0

    text = out.file.getvalue()
    assert all(path.stem in text for path in SAMPLE_SOURCES.glob("*.yaml"))
    assert "…" not in text
    assert check_sources(SAMPLE_SOURCES) == []
