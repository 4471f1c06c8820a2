from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newshouse.archive.exchange import Exchange
from newshouse.archive.ledger import Ledger
from newshouse.records import Capture

AT = datetime(2026, 11, 23, 6, 1, 2, 345678, tzinfo=UTC)
HTML = (("Content-Type", "text/html"),)


class Shelf:
    """Where one ledger lies."""

    def __init__(self, folder: Path) -> None:
        self.archive = folder / "archive"
        self.warc = self.archive / "2026-11-23" / "daily-00-fetch.warc.gz"
        self.journal = folder / "runs" / "fetch.journal.jsonl"
        self._opened: list[Ledger] = []

    def open(self) -> Ledger:
        self._opened.append(Ledger.open(archive=self.archive, warc=self.warc, journal=self.journal))
        return self._opened[-1]

    def close(self) -> None:
        for ledger in self._opened:
            ledger.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.close()


@pytest.fixture
def capture() -> Callable[..., Capture]:
    def make(name: str = "a", **fields) -> Capture:
        url = f"http://harbour.example/{name}"
        return Capture(name, "daily", "00", "harbour", "article", url, url, "fetched", AT, 1, **fields)

    return make


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    def make(
        name: str = "a", body: bytes = b"<p>News</p>", headers=(("Content-Type", "text/html"),), **fields
    ) -> Exchange:
        url = f"http://harbour.example/{name}"
        asked = (("Host", "harbour.example"), ("User-Agent", "Newshouse"))
        return Exchange(url, AT, f"/{name}", asked, "HTTP/1.1", 200, "OK", tuple(headers), body, **fields)

    return make
