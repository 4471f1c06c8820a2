"""The discover stage: what the sources list, and what is due again -> candidates, with every drop on record.

in = entries listed + revisits due + URLs still waiting for their first answer + feeds and sitemaps that failed
out = candidates; duplicates = known already or listed twice; rejected = the rest, each with a reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from newshouse.discover.frontier import nothing_due_before, reason_to_fetch, revisits_due, still_waiting
from newshouse.discover.links import unwrap
from newshouse.discover.listing import Entry
from newshouse.discover.poll import Fetches, Past, Polls
from newshouse.discover.visit import Failure, Listed, Visit, visit_source
from newshouse.ids import article_id, stable_id
from newshouse.progress import Progress
from newshouse.records import Candidate, CandidateReason, Capture, Rejection
from newshouse.report import Tally, tallies
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.urls import registrable_domain, url_key
from newshouse.warehouse.known import KnownUrl, KnownUrls

_RANKS = {"new": 0, "updated": 1, "revisit": 2}
MAX_URL_CHARS = 8_000  # what servers accept at most (nginx, Apache)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DiscoverResult:
    """What the stage gives: candidates in the order to fetch them, drops, and counts by source id."""

    candidates: tuple[Candidate, ...]
    rejections: tuple[Rejection, ...]
    tallies: Mapping[str, Tally]


def discover_sources(
    sources: Mapping[str, Source],
    fetcher: Fetches,
    known: KnownUrls,
    *,
    now: datetime,
    settings: Settings,
    progress: Progress | None = None,
    polls: Polls | None = None,
    forgotten: Container[str] = frozenset(),
) -> DiscoverResult:
    """Read all feeds and sitemaps of `sources` and decide what to fetch.

    Args:
        sources: by id; sources that share a host are in one batch.
        known: what the warehouse knows.
        now: the time of the run (UTC).
        progress: called after each source.
        polls: how feeds and sitemaps did in earlier runs (`newshouse.warehouse.known.poll_histories`).
        forgotten: article ids that are never fetched again (`newshouse.forget.tombstones`).

    Returns:
        Candidates with the freshest first: new ones, then updated ones, then revisits. A URL is a candidate once.

    Raises:
        StorageError: the archive cannot be written or read.
    """
    desk = _Desk(known, now, settings.revisit_hours, forgotten)
    ordered = [sources[source_id] for source_id in sorted(sources)]
    visits = _visits(ordered, fetcher, now, Past(known, polls or {}), settings.hosts)
    for done, (source, visit) in enumerate(visits, start=1):
        desk.take(source, visit)
        if progress:
            progress(done, len(ordered))
    return desk.result(sources)


def _visits(
    sources: list[Source], fetcher: Fetches, now: datetime, past: Past, threads: int
) -> Iterator[tuple[Source, Visit]]:
    """Sources side by side, each by itself in one thread; given back in their order, so that results repeat."""
    with ThreadPoolExecutor(threads, thread_name_prefix="discover") as pool:
        futures = [pool.submit(visit_source, source, fetcher, now, past) for source in sources]
        try:
            for source, future in zip(sources, futures, strict=True):
                yield source, future.result()
        finally:
            pool.shutdown(cancel_futures=True)  # after an error nothing more is asked of anybody


class _Desk:
    """Where entries of all sources of a batch come together and are sorted out."""

    def __init__(
        self, known: KnownUrls, now: datetime, revisit_hours: Sequence[float], forgotten: Container[str]
    ) -> None:
        self.known = known
        self.now = now
        self.revisit_hours = revisit_hours
        self.young: defaultdict[str, list[KnownUrl]] = defaultdict(list)
        for url in known.first_seen_since(nothing_due_before(revisit_hours, now)):
            self.young[url.source_id].append(url)
        self.forgotten = forgotten
        self.candidates: dict[str, Candidate] = {}
        self.freshness: dict[str, datetime] = {}
        self.rejections: list[Rejection] = []
        self.counts: dict[str, Tally] = {}

    def take(self, source: Source, visit: Visit) -> None:
        """Sort out what one source listed, then what of it is due again."""
        self.counts[source.id] = Tally(bytes=visit.bytes)
        listed: dict[str, Entry] = {}
        for item in visit.listed:
            self._take_entry(source, item, listed)
        for failure in visit.failures:
            self._take_failure(source, failure)
        ours = self.young[source.id]
        for due in revisits_due(ours, self.revisit_hours, self.now):
            self._add(self._again(due, "revisit", listed.get(due.url_key)), due.first_seen_at)
        for due in still_waiting(ours, self.revisit_hours, self.now):
            if due.url_key not in listed:
                self._add(self._again(due, "new", None), due.first_seen_at)

    def result(self, sources: Mapping[str, Source]) -> DiscoverResult:
        """All of it, in the order to fetch."""
        keys = sorted(self.candidates, key=self._order)
        candidates = tuple(self.candidates[key] for key in keys)
        return DiscoverResult(candidates, tuple(self.rejections), tallies(sources) | self.counts)

    def _order(self, key: str) -> tuple[int, float, str]:
        return _RANKS[self.candidates[key].reason], -self.freshness[key].timestamp(), key

    def _take_entry(self, source: Source, item: Listed, listed: dict[str, Entry]) -> None:
        entry = item.entry
        url, key, problem = _address(source, item)
        if problem is not None:
            self._reject(source, item, problem)
            return
        if article_id(key) in self.forgotten:  # counted as known: a rejection would keep its address
            self.counts[source.id].in_count += 1
            self.counts[source.id].duplicate_count += 1
            return
        listed.setdefault(key, entry)
        known = self.known.get(key)
        reason = reason_to_fetch(known, entry.updated_at, self.revisit_hours, self.now)
        if reason is None:
            self.counts[source.id].in_count += 1
            self.counts[source.id].duplicate_count += 1
            return
        candidate = Candidate(
            source_id=source.id,
            url=url,
            url_key=key,
            discovered_at=self.now,
            reason=reason,
            via=item.capture.url,
            via_kind=entry.kind,
        )
        stated = entry.published_at or entry.updated_at or _LONG_AGO
        self._add(_informed(candidate, known, entry), min(stated, self.now))

    def _again(self, due: KnownUrl, reason: CandidateReason, entry: Entry | None) -> Candidate:
        """A look again, or the first at last. What the feed still says goes along, for the parser."""
        candidate = Candidate(
            source_id=due.source_id,
            url=due.url,
            url_key=due.url_key,
            discovered_at=self.now,
            reason=reason,
            via_kind="revisit",
        )
        return _informed(candidate, due, entry)

    def _add(self, candidate: Candidate, fresh_at: datetime) -> None:
        tally = self.counts[candidate.source_id]
        tally.in_count += 1
        if candidate.url_key in self.candidates:
            tally.duplicate_count += 1
            return
        tally.out_count += 1
        self.candidates[candidate.url_key] = candidate
        self.freshness[candidate.url_key] = fresh_at

    def _reject(self, source: Source, item: Listed, reason: str) -> None:
        said = item.entry.title or item.entry.published_raw or "nothing else"
        detail = f"entry {item.position + 1} of {item.capture.url}: {said}"
        self._drop(source, item.capture, reason, detail, item.entry.link, str(item.position))

    def _take_failure(self, source: Source, failure: Failure) -> None:
        self._drop(source, failure.capture, failure.reason, failure.detail, failure.url, "whole")

    def _drop(self, source: Source, capture: Capture, reason: str, detail: str, url: str | None, place: str) -> None:
        tally = self.counts[source.id]
        tally.in_count += 1
        tally.reject(reason)
        self.rejections.append(
            Rejection(
                rejection_id=stable_id("rejection", "discover", source.id, capture.fetch_id, place, reason),
                run_id=capture.run_id,
                batch=capture.batch,
                source_id=source.id,
                stage="discover",
                reasons=(reason,),
                rejected_at=self.now,
                detail=detail,
                url=url,
                url_key=_key_or_none(url),
                warc_file=capture.warc_file,
                warc_offset=capture.warc_offset,
                warc_length=capture.warc_length,
            )
        )


def _informed(candidate: Candidate, known: KnownUrl | None, entry: Entry | None) -> Candidate:
    """With the id and validators of what we hold, and the words of what the feed says."""
    if known is not None:
        candidate = replace(
            candidate,
            article_id=known.article_id,
            etag=known.etag,
            last_modified=known.last_modified,
            validated_url=known.validated_url,
        )
    if entry is not None:
        candidate = replace(
            candidate,
            feed_title=entry.title,
            feed_published_raw=entry.published_raw,
            feed_published_at=entry.published_at,
            feed_authors=entry.authors,
            feed_language=entry.language,
        )
    return candidate


def _address(source: Source, item: Listed) -> tuple[str, str, str | None]:
    """The URL of an entry, its key, and why it cannot be a candidate (None when it can)."""
    link = item.entry.link
    if link is None:
        return "", "", "no_link"
    try:
        if len(link) > MAX_URL_CHARS:
            return "", "", "url_invalid"
        own_domains = _own_domains(source.homepage, item.capture.url, item.capture.final_url)
        link = unwrap(link, own_domains)
        return link, url_key(link), None if registrable_domain(link) in own_domains else "off_site"
    except ValueError:
        return "", "", "url_invalid"


@lru_cache(maxsize=1024)
def _own_domains(*addresses: str | None) -> frozenset[str]:
    """Where a link may lead: the domains of the homepage and of the feed, before and after redirects."""
    return frozenset(registrable_domain(address) for address in addresses if address)


def _key_or_none(url: str | None) -> str | None:
    try:
        return url_key(url) if url else None
    except ValueError:
        return None
