"""Reads everything that one source lists: its feeds, then its sitemaps with their recent parts."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from newshouse.discover.dates import latest_reading
from newshouse.discover.feeds import parse_feed
from newshouse.discover.listing import Entry, NotAFeed, NotASitemap, Part
from newshouse.discover.sitemaps import read_sitemap
from newshouse.records import Candidate, Capture, Purpose
from newshouse.sources.model import Source
from newshouse.urls import registrable_domain, url_key

# Plain sitemaps hold whole archives. A week covers a few missed runs; older articles are for an import.
RECENT = timedelta(days=7)
MAX_DEPTH = 3  # the protocol allows one index above a sitemap; some publishers nest theirs once more
MAX_PARTS = 30  # fetched a run and sitemap; at the usual two seconds' pause that is a minute

MAX_LISTED = 200_000  # entries of one source; bounds the memory of a run


class Fetches(Protocol):
    """The part of `newshouse.fetch.client.Fetcher` that discovery needs."""

    def get(self, url: str, *, source: Source, purpose: Purpose, candidate: Candidate | None = None) -> Capture:
        """One exchange; failures are outcomes, not exceptions."""

    def body(self, capture: Capture) -> bytes:
        """The decoded body, from the archive."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry, and the exchange that brought it."""

    entry: Entry
    position: int
    capture: Capture


@dataclass(frozen=True, slots=True)
class Failure:
    """A feed, sitemap or part that gave nothing, or not all it should."""

    reason: str
    detail: str
    url: str
    capture: Capture


@dataclass(slots=True)
class Visit:
    """What a source listed, in the order it was read."""

    listed: list[Listed] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    bytes: int = 0


def visit_source(source: Source, fetcher: Fetches, now: datetime) -> Visit:
    """Read all feeds and sitemaps of `source`, one after the other: they mostly share a host.

    Raises:
        StorageError: the archive cannot be written or read.
    """
    visit = Visit()
    for url in {_key(url): url for url in source.feeds}.values():
        _read_feed(url, source, fetcher, visit)
    seen: set[str] = set()
    for url in source.sitemaps:
        if _key(url) not in seen:
            _walk_sitemap(url, source, fetcher, now - RECENT, visit, seen)
    return visit


def _fetch(url: str, purpose: Purpose, source: Source, fetcher: Fetches, visit: Visit) -> tuple[Capture, bytes | None]:
    """The exchange and its body; no body when it failed (then noted) or did not change since the last run."""
    capture = fetcher.get(url, source=source, purpose=purpose)
    visit.bytes += capture.body_bytes or 0
    if capture.outcome not in ("fetched", "unchanged"):
        visit.failures.append(Failure(capture.outcome, capture.detail or "", url, capture))
        return capture, None
    has_body = capture.warc_file is not None and capture.status != 304
    return capture, fetcher.body(capture) if has_body else None


def _read_feed(url: str, source: Source, fetcher: Fetches, visit: Visit) -> None:
    capture, body = _fetch(url, "feed", source, fetcher, visit)
    if body is None:
        return
    feed = parse_feed(body, capture.final_url or url, capture.content_type)
    if isinstance(feed, NotAFeed):
        visit.failures.append(Failure(feed.reason, feed.detail, url, capture))
        return
    if feed.damage is not None:
        visit.failures.append(Failure("feed_damaged", feed.damage, url, capture))
    visit.listed += (Listed(entry, n, capture) for n, entry in enumerate(feed.entries))


def _walk_sitemap(url: str, source: Source, fetcher: Fetches, since: datetime, visit: Visit, seen: set[str]) -> None:
    """Breadth first through an index, newest parts first; no part twice, however the indexes point at each other."""
    waiting = deque([(url, 0)])
    seen.add(_key(url))
    fetched = 0
    while waiting:
        address, depth = waiting.popleft()
        capture, body = _fetch(address, "sitemap", source, fetcher, visit)
        fetched += 1
        left_out: Counter[str] = Counter()
        for part in _read_sitemap(address, capture, body, since, visit) if body is not None else ():
            if _key(part.url) in seen:
                continue
            seen.add(_key(part.url))
            is_full = fetched + len(waiting) >= MAX_PARTS or len(visit.listed) >= MAX_LISTED
            problem = _problem(part.url, url, depth) or ("too_many_parts" if is_full else None)
            if problem is None:
                waiting.append((part.url, depth + 1))
            else:
                left_out[problem] += 1
        for problem, count in left_out.items():  # one row a reason: an index may hold 50,000 parts
            visit.failures.append(Failure(problem, f"{count} parts were not read", address, capture))


def _read_sitemap(url: str, capture: Capture, body: bytes, since: datetime, visit: Visit) -> list[Part]:
    """Note the entries; return the parts, newest first."""
    sitemap = read_sitemap(body, capture.final_url or url, since)
    if isinstance(sitemap, NotASitemap):
        visit.failures.append(Failure(sitemap.reason, sitemap.detail, url, capture))
        return []
    if sitemap.damage is not None:
        visit.failures.append(Failure("sitemap_damaged", sitemap.damage, url, capture))
    visit.listed += (Listed(entry, n, capture) for n, entry in enumerate(sitemap.entries))
    return sorted(sitemap.parts, key=_freshness, reverse=True)


def _problem(part: str, root: str, depth: int) -> str | None:
    """Why a part may not be read. Parts that are merely old are not even listed."""
    try:
        is_ours = registrable_domain(part) == registrable_domain(root)
    except ValueError:
        return "url_invalid"
    if not is_ours:
        return "off_site"
    return "sitemap_too_deep" if depth >= MAX_DEPTH else None


def _freshness(part: Part) -> tuple[bool, str]:
    """Parts that state a date first, the newest of them first."""
    latest = latest_reading(part.changed_raw)
    return latest is not None, latest.isoformat() if latest else ""


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:
        return url
