"""A site on loopback that misbehaves in whatever way a test wants."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newshouse.archive.ledger import Ledger
from newshouse.fetch.client import Fetcher
from newshouse.settings import Settings
from newshouse.sources.model import Source

OF_THE_FETCHER = {"pauses", "remembered", "reads_site_rights", "run_id", "layout", "batch"}
TLS_HANDSHAKE = b"\x16"
Reply = bytes | Callable[[socket.socket, str], None]


def answer(body: bytes = b"<p>News</p>", status: str = "200 OK", **headers: str) -> bytes:
    """A whole response. Header names are written with underscores."""
    fields = {"Content_Type": "text/html; charset=utf-8", "Content_Length": str(len(body))} | headers
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


class Site:
    """Answers `routes[path]`, 404 for the rest; as a proxy, `routes[absolute URL]`. A list is used up one by one."""

    def __init__(self) -> None:
        self.routes: dict[str, Reply | list[Reply]] = {}
        self.requests: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.released = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [request.split(" ", 2)[1] for request in self.requests]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            head = b""
            while b"\r\n\r\n" not in head and not head.startswith(TLS_HANDSHAKE) and (more := connection.recv(65536)):
                head += more
            if not head:
                return
            if head.startswith(TLS_HANDSHAKE):
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            text = head.decode("latin-1")
            self.requests.append(text)
            reply = self.routes.get(text.split(" ", 2)[1], answer(b"no such page", "404 Not Found"))
            if isinstance(reply, list):
                reply = reply.pop(0) if len(reply) > 1 else reply[0]
            if callable(reply):
                reply(connection, text)
            else:
                connection.sendall(reply)

    def close(self) -> None:
        self.released.set()
        # Wake the accepting thread, then let go of the port.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def other_site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def source() -> Source:
    """A publisher that may live on loopback."""
    return Source(
        "harbour", "Harbour Daily", "GB", "en", "Europe/London", "http://harbour.example/", allow_private=True
    )


@pytest.fixture
def make_ledger(tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
    """Opens the same ledger again and again, as a repeated stage does."""
    opened: list[Ledger] = []

    def make() -> Ledger:
        for ledger in opened:
            ledger.close()
        archive = tmp_path / "archive"
        opened.append(Ledger.open(archive=archive, warc=archive / "day/r.warc.gz", journal=tmp_path / "fetch.jsonl"))
        return opened[-1]

    yield make
    for ledger in opened:
        ledger.close()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.seconds += seconds

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time_() -> Time:
    return Time()


@pytest.fixture
def make_fetcher(
    settings: Settings, make_ledger: Callable[[], Ledger], time_: Time
) -> Iterator[Callable[..., Fetcher]]:
    """A fetcher with some settings changed, on the ledger as it is by now."""
    made: list[Fetcher] = []

    def make(**changes: Any) -> Fetcher:
        own = {name: changes.pop(name) for name in OF_THE_FETCHER & changes.keys()}
        own = {"run_id": "daily", "batch": "00", "sleep": time_.sleep, "clock": time_, "wall": time_} | own
        made.append(Fetcher(replace(settings, **changes), make_ledger(), **own))
        return made[-1]

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: Callable[..., Fetcher]) -> Fetcher:
    return make_fetcher()


@pytest.fixture
def respond() -> Callable[..., bytes]:
    return answer


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str] | OSError]:
    """A resolver of our own: host name -> addresses, or the error it fails with."""
    table: dict[str, list[str] | OSError] = {}
    resolve = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        found = table.get(host, [host])
        if isinstance(found, OSError):
            raise found
        return [entry for address in found for entry in resolve(address, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return table
