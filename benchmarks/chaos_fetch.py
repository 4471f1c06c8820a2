"""The fetch stage over a batch of URLs, as one process that may be killed at any moment and started again."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from machine import peak_memory_bytes
from newshouse.archive.ledger import Ledger
from newshouse.fetch.client import Fetcher
from newshouse.fetch.stage import fetch_candidates
from newshouse.layout import DataLayout
from newshouse.records import Candidate
from newshouse.report import StageReport
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.urls import url_key

PATIENCE_SECONDS = 2.0  # a host that asks for a longer pause is left for a later run
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def candidates(urls: int, hosts: int, batch: int, batches: int) -> list[Candidate]:
    """As many URLs, dealt out to the hosts, and of them those whose hosts are the batch's."""
    own = (number for number in range(urls) if number % hosts % batches == batch)
    listed = (f"http://paper{number % hosts}.example/news/{number}" for number in own)
    return [Candidate("chaos", url, url_key(url), NOW) for url in listed]


def open_ledger(data: Path, batch: int) -> Ledger:
    """Where the exchanges of a batch go."""
    archive = data / "archive"
    warc = archive / "2026-11-23" / f"chaos-{batch:02}-fetch.warc.gz"
    return Ledger.open(archive=archive, warc=warc, journal=data / f"{batch}.journal.jsonl")


def main() -> None:
    """Fetch, and print what came of it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--proxy", required=True)
    parser.add_argument("--urls", type=int, required=True)
    parser.add_argument("--hosts", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--batches", type=int, required=True)
    parser.add_argument("--delay", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--name", required=True, help="goes into the User-Agent, so that the log can tell who asked")
    given = parser.parse_args()
    settings = Settings(
        data=given.data,
        proxy=given.proxy,
        contact=f"https://chaos.example/{given.name}",
        threads=given.threads,
        delay_seconds=given.delay,
        read_timeout_seconds=0.5,
        exchange_timeout_seconds=1.0,
        backoff_seconds=0.1,
        max_retry_after_seconds=PATIENCE_SECONDS,
        max_articles=given.urls,
    )
    source = Source("chaos", "Chaos", "GB", "en", "Europe/London", "http://paper0.example/")
    wanted = candidates(given.urls, given.hosts, given.batch, given.batches)
    started = time.perf_counter()
    with (
        open_ledger(given.data, given.batch) as ledger,
        Fetcher(settings, ledger, run_id="chaos", batch=f"{given.batch:02}", layout=DataLayout(given.data)) as fetcher,
    ):
        result = fetch_candidates(wanted, {"chaos": source}, fetcher)
    seconds = time.perf_counter() - started
    StageReport("chaos", "fetch", "00", result.tallies, seconds, NOW).assert_balanced()
    outcomes = Counter(capture.outcome for capture in result.captures)
    unique = {capture.url_key for capture in result.captures}
    peak_mb = peak_memory_bytes() / 2**20
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "urls": len(unique), "outcomes": outcomes}))


if __name__ == "__main__":
    main()
