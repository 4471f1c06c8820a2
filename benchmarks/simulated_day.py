"""A day of 5,000 publishers on a virtual clock: how long the run takes against what politeness alone would take.

Discovery, frontier, robots rules, lanes and scheduling are the real ones; only the wire and the archive are not there.
The lower bound is the slowest host: its answers one after the other, with the pause that it asks for between them.

    python benchmarks/simulated_day.py [sources] [--write]
"""

from __future__ import annotations

import os
import platform
import random
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from unittest.mock import patch
from urllib.parse import urlsplit

from newshouse.archive.exchange import Exchange
from newshouse.discover.stage import discover_sources
from newshouse.fetch.client import Fetcher
from newshouse.fetch.hop import Answer, Ask
from newshouse.fetch.stage import fetch_candidates
from newshouse.plan import make_manifest
from newshouse.records import Capture
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.warehouse.known import KnownUrls
from virtual_time import VirtualTime

RESULT = Path(__file__).parent / "results" / "simulated-day.md"
EPOCH = datetime(2026, 11, 23, 6, tzinfo=UTC)


@dataclass(frozen=True)
class VirtualSettings(Settings):
    """The defaults, as anybody runs it, with a clock of their own."""

    time: VirtualTime | None = None

    def now(self) -> datetime:
        """The virtual time."""
        return EPOCH + timedelta(seconds=self.time() if self.time else 0.0)


SETTINGS = VirtualSettings(data=Path("nowhere"))


@dataclass(frozen=True)
class Publisher:
    """What one simulated host does. Latency in seconds."""

    host: str
    articles: int
    crawl_delay_seconds: int
    latency_seconds: float

    @property
    def delay_seconds(self) -> float:
        """The pause that it must be given."""
        return max(float(self.crawl_delay_seconds), SETTINGS.delay_seconds)

    def page(self, path: str) -> bytes:
        """What lies at a path."""
        if path == "/robots.txt":
            delay = f"Crawl-delay: {self.crawl_delay_seconds}\n" if self.crawl_delay_seconds else ""
            return f"User-agent: *\n{delay}Disallow: /private/\n".encode()
        if path == "/feed":
            items = "".join(f"<item><link>/news/{n:06}</link></item>" for n in range(self.articles))
            return f"<rss><channel>{items}</channel></rss>".encode()
        return b"<p>News</p>"


def publishers(count: int, seed: int = 7) -> list[Publisher]:
    """Most publish a handful a day, a few hundreds; one in thirty asks for a crawl delay; answers take 0.1 to 3 s."""
    chance = random.Random(seed)
    return [
        Publisher(
            f"paper{n}.example",
            min(int(chance.paretovariate(1.1) * 4), SETTINGS.max_articles),
            chance.choice((5, 10)) if chance.random() < 1 / 30 else 0,
            min(max(chance.lognormvariate(-1.2, 0.7), 0.1), 3.0),
        )
        for n in range(count)
    ]


@dataclass
class Web:
    """Answers, and keeps the log that politeness is checked by: begin and end of each request by host."""

    time: VirtualTime
    publishers: Mapping[str, Publisher]
    log: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    random: random.Random = field(default_factory=lambda: random.Random(11))

    def send(self, ask: Ask, *_: object) -> Answer:
        """Stands in for `newshouse.fetch.hop.send`."""
        parts = urlsplit(ask.url)
        publisher = self.publishers[parts.netloc]
        began = self.time()
        self.time.sleep(publisher.latency_seconds * self.random.uniform(0.7, 1.3))
        self.log[publisher.host].append((began, self.time()))
        body = publisher.page(parts.path)
        headers = (("Content-Type", "text/html"),)
        exchange = Exchange(ask.url, ask.requested_at, parts.path, (), "HTTP/1.1", 200, "OK", headers, body)
        return Answer(exchange, body)

    def bound_seconds(self) -> float:
        """What the slowest host needs, whoever asks: its answers and the pauses between them."""
        return max(
            sum(end - begin for begin, end in log) + (len(log) - 1) * self.publishers[host].delay_seconds
            for host, log in self.log.items()
        )

    def early(self) -> int:
        """Requests that came before the pause was over."""
        return sum(
            later - end < self.publishers[host].delay_seconds - 1e-5  # captures keep microseconds
            for host, log in self.log.items()
            for (_, end), (later, _) in pairwise(log)
        )


class MemoryLedger:
    """The ledger without a disk."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self._captures: dict[str, Capture] = {}
        self._lock = threading.Lock()

    def find(self, fetch_id: str) -> Capture | None:
        """As the real one."""
        return self._captures.get(fetch_id)

    def captures(self) -> list[Capture]:
        """As the real one."""
        return list(self._captures.values())

    def record(self, capture: Capture, exchanges: Sequence[Exchange], *_: object) -> Capture:
        """As the real one."""
        with self._lock:
            self.bodies[capture.fetch_id] = exchanges[-1].body if exchanges else b""
            self._captures[capture.fetch_id] = replace(capture, warc_file="memory", warc_offset=0, warc_length=0)
            return self._captures[capture.fetch_id]


class MemoryFetcher(Fetcher):
    """The fetcher on virtual time."""

    def __init__(self, web: Web, earlier: Sequence[Capture] = ()) -> None:
        ledger = MemoryLedger()
        settings = replace(SETTINGS, time=web.time)
        super().__init__(
            settings,
            ledger,  # type: ignore[arg-type]  # it does what the fetcher asks of one
            run_id="day",
            batch="00",
            earlier=earlier,
            sleep=web.time.sleep,
            clock=web.time,
        )
        self._lanes.slots = web.time.slots(SETTINGS.threads)  # type: ignore[assignment]
        self.bodies = ledger.bodies

    def body(self, capture: Capture) -> bytes:
        """From memory."""
        return self.bodies[capture.fetch_id]


@contextmanager
def simulated(web: Web, tasks: int) -> Iterator[None]:
    """The wire and the pools replaced."""
    pool = web.time.pool_of(tasks)
    with (
        patch("newshouse.fetch.lane.send", web.send),
        patch("newshouse.discover.stage.ThreadPoolExecutor", pool),
        patch("newshouse.fetch.stage.ThreadPoolExecutor", pool),
    ):
        yield


@dataclass(frozen=True)
class Batch:
    """What one batch took, virtual seconds."""

    seconds: float
    bound_seconds: float
    requests: int
    early: int
    articles: int


def run_batch(sources: Mapping[str, Source], by_host: Mapping[str, Publisher]) -> Batch:
    """Discover and fetch, as the DAG does: the second begins when the first has ended."""
    web = Web(VirtualTime(), by_host)
    with simulated(web, len(sources)), MemoryFetcher(web) as fetcher:
        found = discover_sources(sources, fetcher, KnownUrls.of(), now=SETTINGS.now(), settings=SETTINGS)
        earlier, bodies = fetcher.ledger.captures(), fetcher.bodies
    hosts = {urlsplit(candidate.url).netloc for candidate in found.candidates}
    with simulated(web, len(hosts)), MemoryFetcher(web, earlier) as fetcher:
        fetcher.bodies |= bodies
        result = fetch_candidates(found.candidates, sources, fetcher)
    fetched = sum(tally.out_count for tally in result.tallies.values())
    return Batch(web.time(), web.bound_seconds(), sum(map(len, web.log.values())), web.early(), fetched)


def main() -> None:
    """Run all batches, print the figures, and write them when asked to."""
    count = int(next((word for word in sys.argv[1:] if word.isdecimal()), 5000))
    started = perf_counter()
    papers = publishers(count)
    sources = {
        p.host.partition(".")[0]: Source(
            p.host.partition(".")[0], p.host, "GB", "en", "UTC", f"http://{p.host}/", feeds=(f"http://{p.host}/feed",)
        )
        for p in papers
    }
    manifest = make_manifest("day", sources.values(), SETTINGS.batches, SETTINGS.now())
    by_host = {paper.host: paper for paper in papers}
    batches = [run_batch({name: sources[name] for name in ids}, by_host) for ids in manifest.batches.values()]
    text = report(count, batches, perf_counter() - started)
    print(text)
    if "--write" in sys.argv:
        RESULT.write_text(text, encoding="utf-8")


def report(count: int, batches: Sequence[Batch], wall_seconds: float) -> str:
    """The figures as Markdown."""
    took, bound = max(b.seconds for b in batches), max(b.bound_seconds for b in batches)
    settings = SETTINGS
    early, asked = sum(b.early for b in batches), sum(b.requests for b in batches)
    rows = "\n".join(
        f"| {n:02} | {b.requests:,} | {b.articles:,} | {b.bound_seconds:,.0f} | {b.seconds:,.0f} | "
        f"{b.seconds / b.bound_seconds:.3f} |"
        for n, b in enumerate(batches)
    )
    return f"""# A simulated day of {count:,} publishers

`make bench-day`: the real discovery, frontier, robots rules, lanes and scheduling on a virtual clock, with default
settings: {len(batches)} batches side by side, at most {settings.hosts} hosts visited and {settings.threads} requests
under way in each, {settings.delay_seconds:g} s between two requests to a host. A run discovers (robots.txt and a feed)
and then fetches what it found. Most publishers
have a handful of articles, a few have hundreds; one in thirty asks for a crawl delay of 5 or 10 s; answers take 0.1 to
4 s.

| batch | requests | articles | slowest host, s | took, s | ratio |
|---|---|---|---|---|---|
{rows}

The day took {took:,.0f} s; the slowest host alone, its answers and the pauses it must be given, needs {bound:,.0f} s:
**{took / bound:.3f}** times the lower bound (target: 1.10).
Requests that came before their host's pause was over: **{early}** of {asked:,}.

Simulated in {wall_seconds:.0f} s on {os.cpu_count()} CPUs, Python {platform.python_version()}.
"""


if __name__ == "__main__":
    main()
