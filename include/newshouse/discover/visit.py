"""Reads everything that one source lists: feeds, sitemaps with their recent parts, lists of URLs, section fronts."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newshouse.archive.reader import ArchivedResponse
from newshouse.discover.autodiscovery import find_feeds
from newshouse.discover.dates import latest_reading
from newshouse.discover.feeds import parse_feed
from newshouse.discover.fronts import front_entries
from newshouse.discover.listing import Entry, Feed, Hints, NotAFeed, NotASitemap, Part, Sitemap
from newshouse.discover.poll import NOTHING_KNOWN, Fetches, Judge, Past, Polled, ask, known_share, poll
from newshouse.discover.sitemaps import read_sitemap
from newshouse.discover.urllists import read_url_list
from newshouse.records import Capture, Purpose
from newshouse.sources.model import Source
from newshouse.urls import absolute, registrable_domain, url_key

# Plain sitemaps hold whole archives. A week covers a few missed runs; older articles are for an import.
RECENT = timedelta(days=7)
MAX_DEPTH = 3  # the protocol allows one index above a sitemap; some publishers nest theirs once more
MAX_PARTS = 30  # fetched a run and sitemap; at the usual two seconds' pause that is a minute
MAX_PAGES = 10  # of one feed; ten times what it usually lists
MAX_FOUND_FEEDS = 5  # of one homepage; the first are the whole paper's, the rest its sections
MAX_LISTED = 200_000  # entries of one source; bounds the memory of a run


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


def visit_source(source: Source, fetcher: Fetches, now: datetime, past: Past = NOTHING_KNOWN) -> Visit:
    """Read all that `source` lists, one after the other: it mostly shares a host.

    A source that names neither feeds nor sitemaps, lists or sections is read from its homepage: the feeds that it
    announces, else the articles that it links to.

    Raises:
        StorageError: the archive cannot be written or read.
    """
    walk = _Walk(source, fetcher, now, past)
    for url in source.feeds:
        walk.feed(url)
    for url in source.sitemaps:
        walk.sitemap(url)
    for url in source.lists:
        walk.url_list(url)
    for url in source.sections:
        walk.front(url)
    if not (source.feeds or source.sitemaps or source.lists or source.sections):
        walk.homepage(source.homepage)
    return walk.visit


class _Walk:
    """The way through one source, and what was noted on it."""

    def __init__(self, source: Source, fetcher: Fetches, now: datetime, past: Past) -> None:
        self.source, self.fetcher, self.now, self.past = source, fetcher, now, past
        self.visit = Visit()
        self._feeds: dict[str, Feed | None] = {}  # by address, and pages of them; None where there was none to read
        self._seen: set[str] = set()  # sitemaps and their parts

    def feed(self, url: str) -> None:
        """Note the entries of a feed, and where it moved on further than it is long, those of its pages before.

        One that was read already, perhaps as a page of another, is not noted twice.
        """
        if _address(url) in self._feeds:
            return
        polled = self._poll(url, "feed", self._judge_feed)
        feed = self._note_feed(url, polled)
        if feed is not None and polled.before is not None and self._is_all_new(feed):
            before = parse_feed(polled.before, url)
            if isinstance(before, Feed) and any(self._is_known(entry) for entry in before.entries):
                self._read_back(url, polled.capture, feed)

    def _read_back(self, url: str, capture: Capture, feed: Feed) -> None:
        """From page to page until an entry is known. What no page lists any more is lost: that is told."""
        seen = {_address(url)}
        page: Feed | None = feed
        while page is not None and self._is_all_new(page):
            page = self._older(page, url, seen)
        if page is None or not any(map(self._is_known, page.entries)):
            history = self.past.polls["feed", url]
            answered = history.body if history.failures and history.body else history.last
            since = f"{answered.requested_at:%Y-%m-%d %H:%M} UTC"
            detail = f"none of its entries was known: some since {since} may be missing"
            self._fail("feed_gap", detail, url, capture)

    def _older(self, page: Feed, url: str, seen: set[str]) -> Feed | None:
        """Note the page before this one; None where there is none that may be read."""
        address = _address(page.older or "")
        if address in seen or len(seen) == MAX_PAGES or not _is_beside(address, url):
            return None
        seen.add(address)
        if address in self._feeds:
            return self._feeds[address]
        return self._note_feed(address, self._told(address, ask(address, "feed", self.source, self.fetcher)))

    def _note_feed(self, url: str, polled: Polled) -> Feed | None:
        feed = None
        if polled.body is not None:
            capture = polled.capture
            read = parse_feed(polled.body, capture.final_url or url, capture.content_type)
            self._note(read, url, capture, "feed_damaged")
            feed = read if isinstance(read, Feed) else None
        self._feeds[_address(url)] = feed
        return feed

    def _is_all_new(self, feed: Feed) -> bool:
        """Whether it lists articles of this publisher, and none that was met before."""
        ours = [entry for entry in feed.entries if self._is_ours(entry.link)]
        return bool(ours) and not any(map(self._is_known, ours))

    def _is_known(self, entry: Entry) -> bool:
        try:
            return entry.link is not None and url_key(entry.link) in self.past.known
        except ValueError:
            return False

    def url_list(self, url: str) -> None:
        """Note what a list of URLs, perhaps of many publishers, holds of this one."""
        capture, body = self._read(url, "feed", self._judge_list)
        if body is None:
            return
        entries = read_url_list(body, capture.final_url or url)
        ours = tuple(entry for entry in entries if self._is_ours(entry.link))
        self._note(Feed("list", ours), url, capture, "")
        if len(ours) < len(entries):  # one row for all: such lists hold the whole world
            others = f"{len(entries) - len(ours)} of {len(entries)} entries are of other publishers"
            self._fail("off_site", others, url, capture)

    def homepage(self, url: str) -> None:
        """Note the entries of the feeds that a homepage announces, or else of its front."""
        capture, body = self._read(url, "page", self._judge_front)
        if body is None:
            return
        base, kind = capture.final_url or url, capture.content_type
        feeds = [feed.url for feed in find_feeds(body, base, kind) if feed.is_declared and self._is_ours(feed.url)]
        for feed in feeds[:MAX_FOUND_FEEDS]:
            self.feed(feed)
        if not feeds:
            self._note(Feed("front", tuple(front_entries(body, base, kind))), url, capture, "")

    def front(self, url: str) -> None:
        """Note the articles that a section front links to."""
        capture, body = self._read(url, "page", self._judge_front)
        if body is not None:
            entries = front_entries(body, capture.final_url or url, capture.content_type)
            self._note(Feed("front", tuple(entries)), url, capture, "")

    def sitemap(self, url: str) -> None:
        """Breadth first through an index, newest parts first; no part twice, however indexes point at each other."""
        if _address(url) in self._seen:
            return
        waiting = deque([(url, 0)])
        self._seen.add(_address(url))
        fetched = 0
        while waiting:
            address, depth = waiting.popleft()
            capture, parts = self._parts(address)
            fetched += 1
            left_out: Counter[str] = Counter()
            for part in parts:
                if _address(part.url) in self._seen:
                    continue
                self._seen.add(_address(part.url))
                is_full = fetched + len(waiting) >= MAX_PARTS or len(self.visit.listed) >= MAX_LISTED
                problem = _problem(part.url, url, depth) or ("too_many_parts" if is_full else None)
                if problem is None:
                    waiting.append((part.url, depth + 1))
                else:
                    left_out[problem] += 1
            for problem, count in left_out.items():  # one row a reason: an index may hold 50,000 parts
                self._fail(problem, f"{count} parts were not read", address, capture)

    def _parts(self, url: str) -> tuple[Capture, list[Part]]:
        """Note the entries; return the parts, newest first."""
        capture, body = self._read(url, "sitemap", self._judge_sitemap)
        if body is None:
            return capture, []
        sitemap = read_sitemap(body, capture.final_url or url, self.now - RECENT)
        self._note(sitemap, url, capture, "sitemap_damaged")
        parts = sitemap.parts if isinstance(sitemap, Sitemap) else ()
        return capture, sorted(parts, key=_freshness, reverse=True)

    def _read(self, url: str, purpose: Purpose, judge: Judge) -> tuple[Capture, bytes | None]:
        polled = self._poll(url, purpose, judge)
        return polled.capture, polled.body

    def _poll(self, url: str, purpose: Purpose, judge: Judge) -> Polled:
        return self._told(url, poll(url, purpose, self.source, self.fetcher, self.now, self.past, judge))

    def _told(self, url: str, polled: Polled) -> Polled:
        """Note what it cost and what was wrong with it."""
        self.visit.bytes += polled.bytes
        if polled.problem is not None:
            self._fail(*polled.problem, url, polled.capture)
        return polled

    def _note(self, listing: Feed | NotAFeed | Sitemap | NotASitemap, url: str, capture: Capture, damaged: str) -> None:
        if isinstance(listing, NotAFeed | NotASitemap):
            self._fail(listing.reason, listing.detail, url, capture)
            return
        if listing.damage is not None:
            self._fail(damaged, listing.damage, url, capture)
        self.visit.listed += (Listed(entry, n, capture) for n, entry in enumerate(listing.entries))

    def _fail(self, reason: str, detail: str, url: str, capture: Capture) -> None:
        self.visit.failures.append(Failure(reason, detail, url, capture))

    def _judge_feed(self, held: ArchivedResponse, capture: Capture) -> tuple[Hints, float]:
        feed = parse_feed(held.body, capture.final_url or capture.url, capture.content_type)
        if isinstance(feed, NotAFeed):
            return Hints(), 0.0
        return feed.hints, self._known_share(feed.entries, capture)

    def _judge_sitemap(self, held: ArchivedResponse, capture: Capture) -> tuple[Hints, float]:
        """An index lists no article, and says by itself which of its parts changed: it is read as often as may be."""
        sitemap = read_sitemap(held.body, capture.final_url or capture.url, self.now - RECENT)
        entries = sitemap.entries if isinstance(sitemap, Sitemap) else ()
        return Hints(), self._known_share(entries, capture) if entries else 0.0

    def _judge_list(self, held: ArchivedResponse, capture: Capture) -> tuple[Hints, float]:
        ours = [entry for entry in read_url_list(held.body, capture.url) if self._is_ours(entry.link)]
        return Hints(), self._known_share(ours, capture)

    def _judge_front(self, held: ArchivedResponse, capture: Capture) -> tuple[Hints, float]:
        entries = front_entries(held.body, capture.final_url or capture.url, capture.content_type)
        return Hints(), self._known_share(entries, capture)

    def _known_share(self, entries: Iterable[Entry], capture: Capture) -> float:
        links = [entry.link for entry in entries if entry.link]
        return known_share(links, capture.requested_at, self.past.known)

    def _is_ours(self, url: str | None) -> bool:
        try:
            return url is not None and registrable_domain(url) == registrable_domain(self.source.homepage)
        except ValueError:
            return False


def _problem(part: str, root: str, depth: int) -> str | None:
    """Why a part may not be read. Parts that are merely old are not even listed."""
    try:
        is_ours = registrable_domain(part) == registrable_domain(root)
    except ValueError:
        return "url_invalid"
    if not is_ours:
        return "off_site"
    return "sitemap_too_deep" if depth >= MAX_DEPTH else None


def _is_beside(url: str, other: str) -> bool:
    """Whether both are addresses of one publisher."""
    try:
        return registrable_domain(url) == registrable_domain(other)
    except ValueError:
        return False


def _freshness(part: Part) -> tuple[bool, str]:
    """Parts that state a date first, the newest of them first."""
    latest = latest_reading(part.changed_raw)
    return latest is not None, latest.isoformat() if latest else ""


def _address(url: str) -> str:
    """In its normal form, and in full: listings may differ in what looks like tracking."""
    try:
        return absolute(url, url)
    except ValueError:
        return url
