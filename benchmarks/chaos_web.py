"""Two hundred publishers behind one proxy on loopback, each with bad days, and a log of who asked when.

What a URL does at its first, second, … request follows from the seed alone. A host that asked for a long pause says
so again to whoever comes too early. The log is a line of JSON a request: host, path, the process that asked, arrival
in seconds, how much too early it came, the process that was told to wait and for how long, and what was done to it.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import logging
import random
import sys
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAGE = b"<html><h1>Ferry</h1>" + b"<p>The ferry sails again on Friday, the harbour says.</p>" * 120 + b"</html>"
BOMB = gzip.compress(bytes(40_000_000))
LONG_SECONDS = 10.0  # a pause longer than this is one that a crawler leaves to a later run
SHUT = b"User-agent: *\nDisallow: /\n"
ROOT = Path(__file__).resolve().parents[1]
FAULTS = (
    "404", "410", "403", "500", "502", "503", "429", "429 later", "hang", "drip", "reset", "close", "short", "garbage",
    "gzip", "bomb", "large", "type", "header", "old", "hop", "loop", "away", "cookies", "encoding", "bad gzip", "nul",
)  # fmt: skip


def scripted() -> dict[str, bytes]:
    """Behaviours of the tests that are a fixed reply: all statuses, lying bodies, malformed headers, bad redirects."""
    sys.path.insert(0, str(ROOT))
    from tests.chaos import test_bodies, test_headers, test_redirects, test_statuses
    from tests.chaos.web import answer

    replies = {status: answer(b"<p>Hm</p>", status) for status in test_statuses.OUTCOMES}
    for module in (test_bodies, test_headers, test_redirects, test_statuses):
        replies |= {one.name: one.reply for one in module.BEHAVIOURS if isinstance(one.reply, bytes)}
    # Nothing leads out of the names that are reserved for examples: there a contact would be needed.
    return {name: reply for name, reply in replies.items() if b"{host}" not in reply and b"//../" not in reply}


def page(body: bytes, status: str = "200 OK", *headers: str, kind: str = "text/html") -> bytes:
    """A whole response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass(frozen=True)
class Pause:
    """What a host last asked for: until when (monotonic seconds), how long that was, and which process was told."""

    until: float = 0.0
    seconds: float = 0.0
    told: str = ""


class ChaosWeb:
    """What all hosts have in common."""

    def __init__(self, seed: int, delay_seconds: float, log: Path) -> None:
        self.seed, self.delay_seconds = seed, delay_seconds
        self.asked: Counter[str] = Counter()
        self.pauses: dict[str, Pause] = defaultdict(Pause)
        self.log = log.open("a", buffering=1)
        self.scripted = scripted()
        self.scripted_names = sorted(self.scripted)

    def dice(self, *what: str) -> random.Random:
        """The same for the same words, in every process."""
        return random.Random(hashlib.sha256("\x1f".join((str(self.seed), *what)).encode()).digest())

    def fault(self, url: str) -> str:
        """What happens to this request: two thirds are well, one in eight meets a behaviour of the tests."""
        dice = self.dice(url, str(self.asked[url]))
        chance = dice.random()
        if chance < 0.125:
            return dice.choice(self.scripted_names)
        return dice.choice(FAULTS) if chance < 0.35 else "well"

    def crawl_delay(self, host: str) -> float:
        """One host in ten wants more time, if its robots.txt is one that can say so."""
        return 0.2 if self.robots(host) > 0.06 and self.dice(host, "delay").random() < 0.1 else 0.0

    def robots(self, host: str) -> float:
        """What kind of robots.txt the host has."""
        return self.dice(host, "robots").random()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the proxy."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                arrived = time.monotonic()
                url = head.split(b" ", 2)[1].decode()
                host, _, path = url.removeprefix("http://").partition("/")
                run = head.partition(b"(+")[2].partition(b")")[0].decode().rpartition("/")[2]
                pause = self.pauses[host]
                early = max(pause.until - arrived, 0.0)
                if early > LONG_SECONDS:
                    fault = "too early"
                elif path == "robots.txt":
                    fault = "robots"
                else:
                    fault = "well" if path.startswith("fine/") else self.fault(url)
                entry = [host, f"/{path}", run, arrived, early, pause.told, pause.seconds, fault]
                self.log.write(json.dumps(entry) + "\n")
                self.asked[url] += 1
                if fault == "too early":
                    writer.write(_busy(round(early + 0.5)))
                    wait, keep = early, True
                elif fault == "robots":
                    wait, keep = await self._robots(writer, host)
                else:
                    wait, keep = await self._answer(writer, url, host, f"/{path}", fault)
                wait = max(wait, self.delay_seconds, self.crawl_delay(host))
                if arrived + wait > self.pauses[host].until:
                    self.pauses[host] = Pause(arrived + wait, wait, run)
                if not keep:
                    break
        with suppress(ConnectionError):
            writer.close()

    async def _answer(
        self, writer: asyncio.StreamWriter, url: str, host: str, path: str, fault: str
    ) -> tuple[float, bool]:
        """Answer. Returns the pause that was asked for, and whether the connection stays."""
        if fault in self.scripted:
            writer.write(self.scripted[fault])
            await writer.drain()
            return 0.0, False
        if fault in _BYTES:
            writer.write(_BYTES[fault])
            await writer.drain()
            return 0.0, True
        if fault == "429 later":
            # Rare, because the host gets no further visit in this run.
            seconds = 3600 if self.dice(url, "later").random() < 0.03 else 1
            writer.write(_busy(seconds))
            return float(seconds), True
        if fault in ("hop", "loop", "away"):
            target = {"hop": f"/fine{path}", "loop": path, "away": f"http://{_neighbour(host)}/fine{path}"}[fault]
            writer.write(page(b"", "302 Found", f"Location: {target}"))
            return 0.0, True
        if fault in ("hang", "drip"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n")
            for _ in range(30):
                await asyncio.sleep(0.1)
                if fault == "drip":
                    writer.write(b"x")
            return 0.0, False
        if fault == "reset":
            writer.transport.abort()
        elif fault == "old":
            writer.write(b"<html>no header at all</html>")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\nshort")
            await writer.drain()
        return 0.0, False

    async def _robots(self, writer: asyncio.StreamWriter, host: str) -> tuple[float, bool]:
        kind = self.robots(host)
        if kind < 0.02:
            writer.write(page(SHUT, kind="text/plain"))
        elif kind < 0.04:
            writer.write(page(b"", "500 Oops"))
        elif kind < 0.06:
            writer.write(page(b"# padding\n" * 500_000 + SHUT, kind="text/plain"))
        elif delay := self.crawl_delay(host):
            writer.write(page(f"User-agent: *\nCrawl-delay: {delay}\n".encode(), kind="text/plain"))
        else:
            writer.write(page(b"", "404 None"))
        await writer.drain()
        return 0.0, True


def _busy(seconds: int) -> bytes:
    return page(b"", "429 Too Many Requests", f"Retry-After: {seconds}")


def _neighbour(host: str) -> str:
    number = int(host.removeprefix("paper").partition(".")[0])
    return f"paper{number ^ 1}.example"


_BYTES = {
    "well": page(PAGE),
    "404": page(b"none", "404 Not Found"),
    "410": page(b"gone", "410 Gone"),
    "403": page(b"no", "403 Forbidden"),
    "500": page(b"oops", "500 Oops"),
    "502": page(b"oops", "502 Bad Gateway"),
    "503": page(b"busy", "503 Service Unavailable"),
    "429": page(b"busy", "429 Too Many Requests"),
    "garbage": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
    "gzip": page(gzip.compress(PAGE), "200 OK", "Content-Encoding: gzip"),
    "bomb": page(BOMB, "200 OK", "Content-Encoding: gzip"),
    "large": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999999\r\n\r\n",
    "type": page(b"%PDF-1.7", kind="application/pdf"),
    "header": page(b"", "200 OK", "X-Long: " + "x" * 200_000),
    "cookies": page(PAGE, "200 OK", *[f"Set-Cookie: c{n}={'x' * 200}" for n in range(80)]),
    "encoding": page(PAGE, "200 OK", "Content-Encoding: br"),
    "bad gzip": page(gzip.compress(PAGE)[:-20], "200 OK", "Content-Encoding: gzip"),
    "nul": page(PAGE + bytes(2000)),
}


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--delay", type=float, required=True, help="least pause between two requests to a host, s")
    parser.add_argument("--log", type=Path, required=True)
    given = parser.parse_args()
    web = ChaosWeb(given.seed, given.delay, given.log)
    server = await asyncio.start_server(web.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of every client that hangs up
    asyncio.run(_main())
