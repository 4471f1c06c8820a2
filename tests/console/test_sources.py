"""`newshouse sources`, with the sample newsroom as the web."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

from newshouse.console import health
from newshouse.console.drafting import add_source
from newshouse.console.sources import list_sources
from newshouse.errors import ConfigError
from newshouse.fetch.client import Fetcher
from newshouse.sample.server import serve
from newshouse.settings import SAMPLE_SOURCES, Settings
from newshouse.sources.load import check_sources, load_sources

HOMEPAGE = "http://www.harbourledger.example/"
COURIER = load_sources(SAMPLE_SOURCES)["vale-courier"]


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


@pytest.mark.parametrize("width", [60, 80])
def test_the_list_names_every_source_in_full_in_a_narrow_window(width: int) -> None:
    out = Console(file=StringIO(), width=width)

    assert list_sources(SAMPLE_SOURCES, out, as_json=False) == 0

    text = out.file.getvalue()
    assert all(path.stem in text for path in SAMPLE_SOURCES.glob("*.yaml"))
    assert "…" not in text
    assert check_sources(SAMPLE_SOURCES) == []


def told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, *rows: dict[str, object], as_json: bool = False
) -> tuple[int, str]:
    """What `newshouse sources health` says when the view `listings` has these rows."""
    usual = {"source_id": "vale-courier", "purpose": "feed", "state": "well", "moved_to": None, "failures": 0,
             "last_outcome": "fetched", "last_answered_at": datetime(2026, 3, 4, 12, tzinfo=UTC)}  # fmt: skip
    monkeypatch.setattr(health, "select", lambda *_: pa.Table.from_pylist([usual | row for row in rows]))
    out = Console(file=StringIO(), width=200)
    return health.tell_health(settings, out, as_json=as_json), out.file.getvalue()


def test_addresses_that_moved_or_are_gone_are_told_with_their_file_and_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (feed,), home = COURIER.sitemaps, COURIER.homepage
    code, text = told(
        settings,
        monkeypatch,
        {"url": feed, "state": "moved", "moved_to": "https://new.example/rss"},
        {"url": home, "state": "gone", "last_outcome": "gone", "failures": 4},
        {"url": feed, "state": "failing", "last_outcome": "feed_is_html", "failures": 2},
        {"url": feed, "state": "failing", "last_outcome": "timeout", "failures": 3},
        {"url": f"{feed}?page=2", "state": "gone", "failures": 9},  # stands in no file
        {"url": feed, "source_id": "no-file-any-more", "state": "gone"},
    )
    moved, gone, lost, slow, total = text.splitlines()
    assert code == 1
    assert moved.startswith(f"{SAMPLE_SOURCES}/vale-courier.yaml: {feed}: ")
    assert moved.endswith(": moved for good to https://new.example/rss. Put that in its place")
    assert "gone, 4 polls in a row failed; answered last on 2026-03-04 12:00 UTC; look for its new address" in gone
    assert "feed_is_html, 2 polls in a row failed; answered" in lost and "look for its new address" in lost
    assert "timeout, 3 polls" in slow and "look for" not in slow
    assert total == "0 of 4 addresses of 9 sources do well."


def test_sources_that_no_run_asked_are_not_said_to_do_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"no run of the last month asked for an address of .*Name their folder"):
        told(settings, monkeypatch, {"url": COURIER.homepage, "source_id": "other"})


def test_where_all_addresses_do_well_the_exit_code_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (feed,) = COURIER.sitemaps
    assert told(settings, monkeypatch, {"url": feed}) == (0, "1 of 1 addresses of 9 sources do well.\n")
    assert told(settings, monkeypatch, {"url": feed}, as_json=True) == (0, "[]\n")
    code, text = told(settings, monkeypatch, {"url": feed, "state": "failing", "last_answered_at": None}, as_json=True)
    assert (code, json.loads(text)[0]["state"]) == (1, "failing")
