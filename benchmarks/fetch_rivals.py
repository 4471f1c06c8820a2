"""One way to fetch a list of URLs, in a process of its own: `fetch_rivals.py NAME PORT HOSTS PAGES THREADS`.

Prints pages, bytes of HTML, wall seconds and CPU seconds of this process, its start left out.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Fetch = Callable[[list[str], int], tuple[int, int]]


def newshouse(urls: list[str], threads: int) -> tuple[int, int]:
    """The fetch stage: robots.txt, limits, WARC with request and response, journal."""
    from datetime import UTC, datetime

    from newshouse.archive.ledger import Ledger
    from newshouse.fetch.client import Fetcher
    from newshouse.fetch.stage import fetch_candidates
    from newshouse.records import Candidate
    from newshouse.settings import Settings
    from newshouse.sources.model import Source

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(data=data, threads=threads, delay_seconds=0.0, max_articles=len(urls))
        source = Source("bench", "Bench", "GB", "en", "Europe/London", "http://127.0.0.1/", allow_private=True)
        now = datetime.now(UTC)
        wanted = [Candidate("bench", url, url, now) for url in urls]
        with (
            Ledger.open(archive=data, warc=data / "day" / "b.warc.gz", journal=data / "b.jsonl") as ledger,
            Fetcher(settings, ledger, run_id="b", batch="00") as fetcher,
        ):
            result = fetch_candidates(wanted, {"bench": source}, fetcher)
        fetched = [capture for capture in result.captures if capture.outcome == "fetched"]
        return len(fetched), sum(capture.body_bytes or 0 for capture in fetched)


def plain_requests(urls: list[str], threads: int) -> tuple[int, int]:
    """A `requests` session a thread, and nothing else."""
    return _pooled(urls, threads, lambda response: len(response.content))


def requests_and_warcio(urls: list[str], threads: int) -> tuple[int, int]:
    """The same, and each response into a WARC file."""
    lock = threading.Lock()
    with tempfile.TemporaryFile() as stream:
        keep = _keeper(stream)

        def kept(response: Any) -> int:
            body = response.content
            with lock:
                keep(response.url, response.headers.items(), body)
            return len(body)

        return _pooled(urls, threads, kept)


def _pooled(urls: list[str], threads: int, use: Callable[[Any], int]) -> tuple[int, int]:
    import requests

    own = threading.local()

    def get(url: str) -> int:
        if not hasattr(own, "session"):
            own.session = requests.Session()
        return use(own.session.get(url, timeout=20))

    with ThreadPoolExecutor(threads) as pool:
        sizes = list(pool.map(get, urls))
    return len(sizes), sum(sizes)


def scrapy(urls: list[str], threads: int) -> tuple[int, int]:
    """A spider that obeys robots.txt and drops what it gets."""
    return _crawl(urls, threads, warc=False)


def scrapy_and_warcio(urls: list[str], threads: int) -> tuple[int, int]:
    """The same, and each response into a WARC file."""
    return _crawl(urls, threads, warc=True)


def _crawl(urls: list[str], threads: int, *, warc: bool) -> tuple[int, int]:
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    sizes: list[int] = []
    stream = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the crawl
    keep = _keeper(stream) if warc else None

    class Pages(Spider):  # type: ignore[misc]
        name = "pages"

        async def start(self) -> Any:
            for url in urls:
                yield Request(url, dont_filter=True)

        def parse(self, response: Any) -> None:
            sizes.append(len(response.body))
            if keep:
                headers = ((name.decode(), values[0].decode()) for name, values in response.headers.items())
                keep(response.url, headers, response.body)

    settings = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": threads,
        "CONCURRENT_REQUESTS_PER_DOMAIN": threads,
        "DOWNLOAD_DELAY": 0,
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    process.crawl(Pages)
    process.start()
    return len(sizes), sum(sizes)


def _keeper(stream: Any) -> Callable[[str, Iterable[tuple[str, str]], bytes], None]:
    """Writes a response with warcio. Both rivals hold it decoded, so that is what they can keep."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(stream, gzip=True)

    def keep(url: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        http = StatusAndHeaders("200 OK", list(headers), protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(body), length=len(body), http_headers=http)
        )

    return keep


RIVALS: dict[str, Fetch] = {
    one.__name__: one for one in (newshouse, plain_requests, requests_and_warcio, scrapy, scrapy_and_warcio)
}


# Loaded before the clock runs: a crawl is longer than its start.
MODULES = {
    "newshouse": ("newshouse.archive.ledger", "newshouse.fetch.stage"),
    "plain_requests": ("requests",),
    "requests_and_warcio": ("requests", "warcio.warcwriter"),
    "scrapy": ("scrapy.crawler", "scrapy.core.downloader.handlers.http11"),
    "scrapy_and_warcio": ("scrapy.crawler", "scrapy.core.downloader.handlers.http11", "warcio.warcwriter"),
}


def main() -> None:
    """Run one."""
    name, port, hosts, pages, threads = sys.argv[1], *map(int, sys.argv[2:])
    for module in MODULES[name]:
        importlib.import_module(module)
    urls = [f"http://127.0.0.{n % hosts + 1}:{port}/news/{'x' * (n % 20)}{n}" for n in range(pages)]
    wall, cpu = time.perf_counter(), time.process_time()
    count, size = RIVALS[name](urls, threads)
    result = {"pages": count, "bytes": size, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
