from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newshouse.archive.ledger import Ledger
from newshouse.fetch.client import Fetcher
from newshouse.layout import DataLayout
from newshouse.records import Capture
from newshouse.settings import Settings
from newshouse.sources.model import Source

from .web import Behaviour, Web


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


@pytest.fixture
def other_web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


@pytest.fixture
def source() -> Source:
    home = "http://harbour.example/"
    return Source("harbour", "Harbour Daily", "GB", "en", "Europe/London", home, allow_private=True)


@pytest.fixture
def hasty(settings: Settings) -> Settings:
    """One try, and little patience."""
    return replace(
        settings,
        max_attempts=1,
        connect_timeout_seconds=0.4,
        read_timeout_seconds=0.4,
        exchange_timeout_seconds=0.8,
        max_body_bytes=1024 * 1024,
    )


class Clock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def make_fetcher(hasty: Settings, tmp_path: Path) -> Iterator[Callable[..., Fetcher]]:
    opened: list[Any] = []

    def make(**changes: Any) -> Fetcher:
        archive = tmp_path / "archive"
        journal = tmp_path / f"{len(opened)}.jsonl"
        ledger = Ledger.open(archive=archive, warc=archive / "day" / f"{len(opened)}.warc.gz", journal=journal)
        timing = {name: changes.pop(name) for name in ("sleep", "clock") if name in changes}
        timing = {"sleep": lambda _: None, "layout": DataLayout(tmp_path / f"data-{len(opened)}")} | timing
        fetcher = Fetcher(replace(hasty, **changes), ledger, run_id="chaos", batch=f"{len(opened)}", **timing)
        opened.extend((fetcher, ledger))
        return fetcher

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def suffer(web: Web, make_fetcher: Callable[..., Fetcher], source: Source) -> Callable[[Behaviour], Capture]:
    """Fetch `/a` of a web that behaves so, and check how it ended."""

    def run(behaviour: Behaviour, path: str = "/a") -> Capture:
        web.routes.setdefault("/robots.txt", b"HTTP/1.0 404 None\r\n\r\n")
        web.routes[path] = behaviour.reply
        fetcher = make_fetcher(**behaviour.settings)
        capture = fetcher.get(web.url + path, source=source, purpose=behaviour.purpose)
        assert capture.outcome == behaviour.outcome, capture
        assert behaviour.says in (capture.detail or "")
        if behaviour.attempts is not None:
            assert capture.attempts == behaviour.attempts
        if behaviour.body is not None:
            assert fetcher.body(capture) == behaviour.body
        # Whatever came, the archive holds it whole, or nothing came.
        assert capture.warc_file is not None or capture.status is None
        if capture.warc_file is not None:
            fetcher.body(capture)
        return capture

    return run


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """A resolver of our own: host name -> what it says to one question after the other; the last answer stays."""
    table: dict[str, list[list[str]]] = {}
    resolve = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        answers = table.get(host)
        found = [host] if answers is None else answers.pop(0) if len(answers) > 1 else answers[0]
        return [entry for address in found for entry in resolve(address, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return table
