"""A feed over several runs: due or not, changed or not, and nothing hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from newshouse.archive.reader import ArchivedResponse
from newshouse.discover.poll import Past
from newshouse.discover.visit import MAX_PAGES, Visit, visit_source
from newshouse.records import Capture
from newshouse.sources.model import Source
from newshouse.warehouse.known import KnownUrl, PollHistory

from .conftest import NOW, Newsstand

HOME = "https://www.harbour-post.example"
FEED = f"{HOME}/feed"
BEFORE = b"<rss><channel><ttl>60</ttl><item><link>/a</link></item></channel></rss>"
Run = Callable[..., Visit]


@pytest.fixture
def run(newsstand: Newsstand, source: Callable[..., Source]) -> Run:
    """Visit a source of one feed that was polled some minutes ago."""
    newsstand.pages[FEED] = BEFORE
    body = replace(newsstand.get(FEED, source=source(), purpose="feed"), etag='"1"', fetch_id="of-yesterday")
    newsstand.asked.clear()

    def visit(
        minutes: float,
        *,
        known: dict[str, KnownUrl] | None = None,
        pruned: bool = False,
        feeds: tuple[str, ...] = (FEED,),
        headers: list[tuple[str, str]] | None = None,
        body: Capture | None = body,
        **history: object,
    ) -> Visit:
        at = NOW - timedelta(minutes=minutes)
        old = replace(body, requested_at=at) if body else None
        if not pruned:
            newsstand.archive["of-yesterday"] = ArchivedResponse(FEED, 200, headers or [], BEFORE, at)
        last = history.pop("last", None) or old
        polls = {("feed", FEED): PollHistory(last, old, **history)}  # type: ignore[arg-type]
        return visit_source(source(feeds=feeds), newsstand, NOW, Past(known or {}, polls))

    return visit


def links(visit: Visit) -> list[str | None]:
    return [item.entry.link for item in visit.listed]


def test_a_feed_that_is_due_is_asked_for_with_its_validator(newsstand: Newsstand, run: Run) -> None:
    newsstand.pages[FEED] = BEFORE.replace(b"/a", b"/b")
    got = run(61)
    assert (newsstand.asked, newsstand.conditions) == ([(FEED, "feed")], {FEED: '"1"'})
    assert (links(got), got.failures) == ([f"{HOME}/b"], [])


def test_a_feed_that_is_not_due_is_not_asked_for_and_hides_nothing(newsstand: Newsstand, run: Run) -> None:
    got = run(59)
    assert newsstand.asked == []
    assert links(got) == [f"{HOME}/a"]
    (failure,) = got.failures
    assert failure.reason == "not_due"
    assert failure.detail == "the publisher asks for 1:00:00; next poll 2026-11-23 12:01 UTC"
    assert (failure.capture.run_id, failure.capture.fetch_id != "of-yesterday", got.bytes) == ("run", True, 0)


def test_a_feed_that_did_not_change_gives_its_entries_from_the_archive(newsstand: Newsstand, run: Run) -> None:
    newsstand.pages[FEED] = "unchanged"
    got = run(61)
    assert (links(got), got.failures) == ([f"{HOME}/a"], [])
    assert got.listed[0].capture.fetch_id == newsstand.get(FEED, source=Source, purpose="feed").fetch_id  # type: ignore[arg-type]


def test_without_the_archive_a_feed_is_asked_for_without_a_condition(newsstand: Newsstand, run: Run) -> None:
    assert links(run(61, pruned=True)) == [f"{HOME}/a"]
    assert newsstand.conditions == {}


def test_headers_count_as_the_feeds_own_hint_does(newsstand: Newsstand, run: Run) -> None:
    run(61, headers=[("Cache-Control", "max-age=7200")])
    assert newsstand.asked == []


def test_a_feed_of_known_entries_is_read_more_rarely(
    newsstand: Newsstand, run: Run, known: Callable[..., KnownUrl]
) -> None:
    long_known = {f"{HOME}/a": known(f"{HOME}/a", first_seen_at=NOW - timedelta(days=3))}
    run(120, known=long_known)
    assert newsstand.asked == []
    run(13 * 60, known=long_known)
    assert newsstand.asked == [(FEED, "feed")]


def test_a_feed_that_was_quiet_is_read_more_rarely(newsstand: Newsstand, run: Run) -> None:
    run(120, quiet=4)
    assert newsstand.asked == []


def test_a_dead_feed_is_slowed_and_its_last_entries_stay(newsstand: Newsstand, run: Run) -> None:
    died = replace(newsstand.get(FEED, source=Source, purpose="feed"), outcome="gone", requested_at=NOW)  # type: ignore[arg-type]
    newsstand.asked.clear()
    got = run(600, last=died, failures=6)
    assert newsstand.asked == []
    assert (links(got), got.failures[0].detail.partition(";")[0]) == ([f"{HOME}/a"], "6 polls in a row failed (gone)")


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        (b"<urlset><url><loc>/a</loc></url></urlset>", False),
        (b"<sitemapindex><sitemap><loc>/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap></sitemapindex>", True),
    ],
    ids=["of known articles", "an index, which lists none"],
)
def test_a_sitemap_that_brings_nothing_new_is_read_more_rarely(
    newsstand: Newsstand, source: Callable[..., Source], known: Callable[..., KnownUrl], body: bytes, asked: bool
) -> None:
    address = f"{HOME}/sitemap.xml"
    newsstand.pages[address] = body
    at = NOW - timedelta(hours=2)
    last = replace(newsstand.get(address, source=source(), purpose="sitemap"), requested_at=at, fetch_id="before")
    newsstand.archive["before"] = ArchivedResponse(address, 200, [], body, at)
    newsstand.asked.clear()
    past = Past(
        {f"{HOME}/a": known(f"{HOME}/a", first_seen_at=NOW - timedelta(days=3))},
        {("sitemap", address): PollHistory(last, last)},
    )
    got = visit_source(source(sitemaps=(address,)), newsstand, NOW, past)
    assert bool(newsstand.asked) == asked
    assert [failure.reason for failure in got.failures] == ([] if asked else ["not_due"])


# --- a feed that moved on further than it is long


def page(*links: str, older: str = "") -> bytes:
    more = f'<atom:link rel="next" href="{older}"/>' if older else ""
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    return f'<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel>{more}{items}</channel></rss>'.encode()


@pytest.fixture
def known_a(known: Callable[..., KnownUrl]) -> dict[str, KnownUrl]:
    """What the feed listed the last time."""
    return {f"{HOME}/a": known(f"{HOME}/a", first_seen_at=NOW - timedelta(minutes=60))}


def test_a_feed_of_new_entries_only_is_read_back_to_what_is_known(
    newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl]
) -> None:
    newsstand.pages = {
        FEED: page("/e", older="/feed?page=2"),
        f"{FEED}?page=2": page("/d", "/c", older="/feed?page=3"),
        f"{FEED}?page=3": page("/b", "/a", older="/feed?page=4"),
    }
    got = run(61, known=known_a)
    assert newsstand.asked == [(FEED, "feed"), (f"{FEED}?page=2", "feed"), (f"{FEED}?page=3", "feed")]
    assert links(got) == [f"{HOME}/{name}" for name in "edcba"]
    assert got.failures == []


def test_a_feed_with_a_known_entry_is_not_read_further(
    newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl]
) -> None:
    newsstand.pages[FEED] = page("/b", "/a", older="/feed?page=2")
    got = run(61, known=known_a)
    assert (newsstand.asked, got.failures) == ([(FEED, "feed")], [])


def test_a_feed_that_is_met_for_the_first_time_is_not_read_back_to_its_beginning(
    newsstand: Newsstand, source: Callable[..., Source]
) -> None:
    newsstand.pages[FEED] = page("/e", older="/feed?page=2")
    got = visit_source(source(feeds=(FEED,)), newsstand, NOW, Past({}, {}))
    assert (newsstand.asked, got.failures) == ([(FEED, "feed")], [])


@pytest.mark.parametrize(
    "older", ["", "https://elsewhere.example/feed?page=2", "/feed", "mailto:desk@harbour-post.example", "/missing"]
)
def test_where_the_way_back_ends_before_anything_known_the_gap_is_told(
    newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl], older: str
) -> None:
    newsstand.pages[FEED] = page("/e", older=older)
    got = run(61, known=known_a)
    assert got.failures[-1].reason == "feed_gap"
    assert "10:59 UTC" in got.failures[-1].detail
    assert (links(got), len(newsstand.asked)) == ([f"{HOME}/e"], 1 + (older == "/missing"))


@pytest.mark.parametrize("order", [1, -1])
def test_a_page_that_is_named_as_a_feed_itself_is_noted_once(
    newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl], source: Callable[..., Source], order: int
) -> None:
    second = f"{FEED}?page=2"
    newsstand.pages = {FEED: page("/e", older="/feed?page=2"), second: page("/d", older="/feed?page=3")}
    got = run(61, known=known_a, feeds=(FEED, second)[::order])
    assert sorted(links(got), key=str) == [f"{HOME}/d", f"{HOME}/e"]
    assert [failure.reason for failure in got.failures] == ["gone", "feed_gap"]
    assert sorted(newsstand.asked) == [(FEED, "feed"), (second, "feed"), (f"{FEED}?page=3", "feed")]


def test_a_gap_begins_with_the_last_answer_and_not_with_a_failure_after_it(
    newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl], source: Callable[..., Source]
) -> None:
    newsstand.pages[FEED] = page("/e")
    failed = replace(newsstand.get(FEED, source=source(), purpose="feed"), requested_at=NOW - timedelta(minutes=20))
    got = run(61, known=known_a, failures=1, last=failed)
    assert "since 2026-11-23 10:59 UTC" in got.failures[-1].detail


def test_an_empty_page_is_the_end_of_the_way_back(newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl]) -> None:
    newsstand.pages = {FEED: page("/e", older="/feed?page=2"), f"{FEED}?page=2": page(older="/feed?page=3")}
    assert [failure.reason for failure in run(61, known=known_a).failures] == ["feed_gap"]


def test_a_feed_without_end_is_left_after_some_pages(
    newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl]
) -> None:
    pages = {n: f"{FEED}?page={n}" if n else FEED for n in range(50)}
    newsstand.pages = {url: page(f"/new-{n}", older=f"/feed?page={n + 1}") for n, url in pages.items()}
    got = run(61, known=known_a)
    assert len(newsstand.asked) == MAX_PAGES
    assert [failure.reason for failure in got.failures] == ["feed_gap"]


def test_entries_of_other_publishers_tell_of_no_gap(
    newsstand: Newsstand, run: Run, known_a: dict[str, KnownUrl]
) -> None:
    newsstand.pages[FEED] = page("https://elsewhere.example/x", older="/feed?page=2")
    got = run(61, known=known_a)
    assert (newsstand.asked, got.failures) == ([(FEED, "feed")], [])


def test_a_feed_of_which_nothing_was_ever_known_tells_of_no_gap(newsstand: Newsstand, run: Run) -> None:
    assert run(61).failures == []
