"""The fetch stage: hosts side by side, one request at a time to each, within budgets."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

from newshouse.fetch import outcomes
from newshouse.fetch.client import Fetcher
from newshouse.ids import stable_id
from newshouse.progress import Progress
from newshouse.records import Candidate, Capture, Original, Rejection
from newshouse.report import Tally, tallies
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.urls import host_of


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What the stage did.

    Attributes:
        captures: one for each URL asked for, whatever came of it; robots files are in the ledger only.
        rejections: one for each candidate that gave no new bytes and is not unchanged.
        tallies: in = candidates, out = fetched, duplicates = unchanged or listed twice.
    """

    captures: list[Capture]
    rejections: list[Rejection]
    tallies: dict[str, Tally]


def fetch_candidates(
    candidates: Sequence[Candidate],
    sources: Mapping[str, Source],
    fetcher: Fetcher,
    *,
    progress: Progress | None = None,
    originals: Mapping[str, Original] | None = None,
) -> FetchResult:
    """Fetch what the budget allows.

    Args:
        candidates: unique by source and URL key, in the order of their worth.
        sources: by id.
        fetcher: where exchanges are archived.
        progress: told how many of how many are done.
        originals: URL key -> the last capture, so that the same bytes count as unchanged and are not stored twice.

    Raises:
        StorageError: the archive cannot be written. What was finished stays, and is not asked for again.
    """
    settings = fetcher.settings
    chosen, left_out = _within_budget(candidates, sources, settings)
    done = _Counter(len(chosen), progress)
    last = originals or {}

    def serve(queue: list[Candidate]) -> list[tuple[Candidate, Capture]]:
        served = []
        for candidate in queue:
            if done.stopped:
                break
            capture = fetcher.get(
                candidate.url,
                source=sources[candidate.source_id],
                purpose="article",
                candidate=candidate,
                original=last.get(candidate.url_key),
            )
            served.append((candidate, capture))
            done.step()
        return served

    with ThreadPoolExecutor(settings.hosts, thread_name_prefix="fetch") as pool:
        hosts = [pool.submit(serve, queue) for queue in _by_host(chosen, sources, settings)]
        try:
            pairs = [pair for host in as_completed(hosts) for pair in host.result()]
        finally:
            done.stopped = True  # when the disk is full, the other hosts need not go on for nothing
    order = {id(candidate): place for place, candidate in enumerate(chosen)}
    pairs.sort(key=lambda pair: order[id(pair[0])])
    return _result(pairs, left_out, sources, fetcher)


def _within_budget(
    candidates: Iterable[Candidate], sources: Mapping[str, Source], settings: Settings
) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """What is fetched in this run, and what waits for the next, with the budget that it is over.

    Budgets go to the first: discover hands over new before updated before known, the freshest first, undated last.
    """
    by_source: dict[str, int] = defaultdict(int)
    by_host: dict[str, int] = defaultdict(int)
    chosen: list[Candidate] = []
    left_out: list[tuple[Candidate, str]] = []
    for candidate in candidates:
        host, own = _host(candidate.url), sources[candidate.source_id].politeness.max_articles
        if by_source[candidate.source_id] >= (settings.max_articles if own is None else own):
            left_out.append((candidate, outcomes.OVER_BUDGET))
        elif by_host[host] >= settings.max_articles_per_host:
            left_out.append((candidate, outcomes.HOST_OVER_BUDGET))
        else:
            by_source[candidate.source_id] += 1
            by_host[host] += 1
            chosen.append(candidate)
    return chosen, left_out


def _by_host(
    candidates: Iterable[Candidate], sources: Mapping[str, Source], settings: Settings
) -> list[list[Candidate]]:
    """One queue a host, the one that will take longest first: the slowest host decides when the stage ends."""
    queues: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        queues[_host(candidate.url)].append(candidate)

    def seconds(queue: list[Candidate]) -> float:
        delays = (sources[candidate.source_id].politeness.delay_seconds for candidate in queue)
        return sum(settings.delay_seconds if delay is None else delay for delay in delays)

    return sorted(queues.values(), key=seconds, reverse=True)


def _host(url: str) -> str:
    try:
        return host_of(url)
    except ValueError:
        return ""  # the fetcher will say what is wrong with it


def _result(
    pairs: Iterable[tuple[Candidate, Capture]],
    left_out: Iterable[tuple[Candidate, str]],
    sources: Mapping[str, Source],
    fetcher: Fetcher,
) -> FetchResult:
    counts = tallies(sources)
    captures: dict[str, Capture] = {}
    rejections = []
    now = fetcher.settings.now()
    for candidate, capture in pairs:
        tally = counts[candidate.source_id]
        tally.in_count += 1
        if capture.fetch_id in captures or capture.outcome == outcomes.UNCHANGED:
            tally.duplicate_count += 1
        elif capture.outcome == outcomes.FETCHED:
            tally.out_count += 1
            tally.bytes += capture.body_bytes or 0
        else:
            tally.reject(capture.outcome)
            rejections.append(_rejection(candidate, fetcher, now, capture.outcome, capture))
        captures.setdefault(capture.fetch_id, capture)
    for candidate, budget in left_out:
        counts[candidate.source_id].in_count += 1
        counts[candidate.source_id].reject(budget)
        rejections.append(_rejection(candidate, fetcher, now, budget, None))
    return FetchResult(list(captures.values()), rejections, counts)


def _rejection(
    candidate: Candidate, fetcher: Fetcher, now: datetime, reason: str, capture: Capture | None
) -> Rejection:
    return Rejection(
        rejection_id=stable_id(fetcher.run_id, "fetch", candidate.url_key),
        run_id=fetcher.run_id,
        batch=fetcher.batch,
        source_id=candidate.source_id,
        stage="fetch",
        reasons=(reason,),
        rejected_at=now,
        detail=capture.detail if capture else "the budget of this run is used up; the next run takes it",
        url=candidate.url,
        url_key=candidate.url_key,
        article_id=candidate.article_id,
        warc_file=capture.warc_file if capture else None,
        warc_offset=capture.warc_offset if capture else None,
        warc_length=capture.warc_length if capture else None,
    )


class _Counter:
    """Progress over all hosts, and the sign to stop."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total, self._progress, self._done = total, progress, 0
        self._lock = threading.Lock()
        self.stopped = False

    def step(self) -> None:
        """One more is done."""
        with self._lock:
            self._done += 1
            if self._progress:
                self._progress(self._done, self._total)
