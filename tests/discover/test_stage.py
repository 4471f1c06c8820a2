from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newshouse.discover.stage import MAX_URL_CHARS, DiscoverResult, discover_sources
from newshouse.errors import StorageError
from newshouse.records import Candidate
from newshouse.report import StageReport
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.urls import url_key
from newshouse.warehouse.known import KnownUrl, KnownUrls

from .conftest import NOW, Newsstand

HOME = "https://www.harbour-post.example"
FEED = f"{HOME}/feed"
Sources = Callable[..., Source]
Known = Callable[..., KnownUrl]


def item(link: str | None, published: datetime | None = None, updated: datetime | None = None, title: str = "T") -> str:
    parts = [f"<title>{title}</title>"]
    parts += [f"<link>{link}</link>"] if link is not None else []
    parts += [f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"] if published else []
    parts += [f"<updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated>"] if updated else []
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str) -> bytes:
    return f"<rss><channel>{''.join(items)}</channel></rss>".encode()


@pytest.fixture
def discover(newsstand: Newsstand, source: Sources, settings: Settings) -> Callable[..., DiscoverResult]:
    """Run the stage and check what must always hold."""

    def run(sources: list[Source] | None = None, known: list[KnownUrl] | None = None) -> DiscoverResult:
        chosen = {s.id: s for s in (sources if sources is not None else [source(feeds=(FEED,))])}
        result = discover_sources(chosen, newsstand, KnownUrls.of(*known or ()), now=NOW, settings=settings)
        check_laws(result, chosen)
        return result

    return run


def check_laws(result: DiscoverResult, sources: Mapping[str, Source]) -> None:
    StageReport("run", "discover", "00", result.tallies, 0.0, NOW).assert_balanced()
    assert set(result.tallies) == set(sources)
    assert sum(t.out_count for t in result.tallies.values()) == len(result.candidates)
    assert sum(t.rejected_count for t in result.tallies.values()) == len(result.rejections)
    assert len({r.rejection_id for r in result.rejections}) == len(result.rejections)
    assert len({c.url_key for c in result.candidates}) == len(result.candidates)


def counts(result: DiscoverResult, source_id: str = "harbour-post") -> tuple[int, int, int, int]:
    tally = result.tallies[source_id]
    return tally.in_count, tally.out_count, tally.duplicate_count, tally.rejected_count


def names(result: DiscoverResult) -> list[str]:
    return [c.url.rpartition("/")[2] for c in result.candidates]


Discover = Callable[..., DiscoverResult]


def test_a_new_entry_becomes_a_candidate_with_all_that_the_feed_said(newsstand: Newsstand, discover: Discover) -> None:
    newsstand.pages[FEED] = (
        b"<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><language>en</language><item>"
        b"<title>Bridge opens</title><link>/bridge?utm_source=rss</link><dc:creator>Ada Quay</dc:creator>"
        b"<pubDate>Sun, 22 Nov 2026 10:30:00 GMT</pubDate></item></channel></rss>"
    )
    result = discover()
    assert result.candidates == (
        Candidate(
            source_id="harbour-post",
            url=f"{HOME}/bridge?utm_source=rss",
            url_key=f"{HOME}/bridge",
            discovered_at=NOW,
            reason="new",
            via=FEED,
            via_kind="rss",
            feed_title="Bridge opens",
            feed_published_raw="Sun, 22 Nov 2026 10:30:00 GMT",
            feed_published_at=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
            feed_authors=("Ada Quay",),
            feed_language="en",
        ),
    )
    assert counts(result) == (1, 1, 0, 0)
    assert result.tallies["harbour-post"].bytes == len(newsstand.pages[FEED])


def test_a_source_with_nothing_to_say_still_has_a_row_of_zeros(newsstand: Newsstand, discover: Discover) -> None:
    newsstand.pages[FEED] = rss()
    assert counts(discover()) == (0, 0, 0, 0)


def test_one_article_in_several_feeds_is_one_candidate(
    newsstand: Newsstand, discover: Discover, source: Sources
) -> None:
    newsstand.pages = {
        f"{HOME}/f1": rss(item("/a", title="First")),
        f"{HOME}/f2": rss(item("/a?utm_medium=feed#top", title="Second"), item("/b")),
    }
    result = discover([source(feeds=(f"{HOME}/f1", f"{HOME}/f2"))])
    assert counts(result) == (3, 2, 1, 0)
    assert {c.url_key: c.feed_title for c in result.candidates}[f"{HOME}/a"] == "First"


def test_two_sources_that_list_one_article_share_one_candidate(
    newsstand: Newsstand, discover: Discover, source: Sources
) -> None:
    newsstand.pages = {f"{HOME}/f1": rss(item("/a")), f"{HOME}/f2": rss(item("/a"))}
    result = discover([source(id="b-news", feeds=(f"{HOME}/f2",)), source(id="a-news", feeds=(f"{HOME}/f1",))])
    assert [c.source_id for c in result.candidates] == ["a-news"]
    assert counts(result, "b-news") == (1, 0, 1, 0)


def test_what_is_known_already_is_a_duplicate(newsstand: Newsstand, discover: Discover, known: Known) -> None:
    newsstand.pages[FEED] = rss(item("/a"), item("/b"))
    result = discover(known=[known(last_fetched_at=NOW)])
    assert counts(result) == (2, 1, 1, 0)
    assert names(result) == ["b"]


def test_an_updated_entry_is_fetched_again_with_its_id_and_validators(
    newsstand: Newsstand, discover: Discover, known: Known
) -> None:
    newsstand.pages[FEED] = rss(item("/a", updated=NOW - timedelta(minutes=5)))
    seen = known(first_seen_at=NOW - timedelta(minutes=30), last_fetched_at=NOW - timedelta(minutes=30), etag='"1"',
                 last_modified="Sun, 22 Nov 2026 10:00:00 GMT")  # fmt: skip
    (candidate,) = discover(known=[seen]).candidates
    assert (candidate.reason, candidate.article_id) == ("updated", "article-of-a")
    assert (candidate.etag, candidate.last_modified) == ('"1"', "Sun, 22 Nov 2026 10:00:00 GMT")
    assert candidate.via == FEED


def test_a_feed_that_always_says_tomorrow_causes_no_fetch(
    newsstand: Newsstand, discover: Discover, known: Known
) -> None:
    newsstand.pages[FEED] = rss(item("/a", updated=NOW + timedelta(days=1)))
    assert discover(known=[known(last_fetched_at=NOW)]).candidates == ()


def test_a_revisit_that_is_due_is_a_candidate_though_no_feed_lists_it(
    newsstand: Newsstand, discover: Discover, known: Known
) -> None:
    newsstand.pages[FEED] = rss()
    result = discover(known=[known(etag='"1"')])
    assert counts(result) == (1, 1, 0, 0)
    assert result.candidates == (
        Candidate(
            source_id="harbour-post",
            url=f"{HOME}/a",
            url_key=f"{HOME}/a",
            discovered_at=NOW,
            reason="revisit",
            via=None,
            via_kind="revisit",
            article_id="article-of-a",
            etag='"1"',
        ),
    )


def test_a_revisit_takes_along_what_the_feed_still_says(newsstand: Newsstand, discover: Discover, known: Known) -> None:
    newsstand.pages[FEED] = rss(item("/a", published=NOW - timedelta(hours=2), title="Bridge"))
    result = discover(known=[known()])
    (candidate,) = result.candidates
    assert counts(result) == (2, 1, 1, 0)
    assert (candidate.reason, candidate.via_kind, candidate.feed_title) == ("revisit", "revisit", "Bridge")
    assert candidate.feed_published_at == NOW - timedelta(hours=2)


def test_a_revisit_of_what_was_updated_anyway_is_a_duplicate(
    newsstand: Newsstand, discover: Discover, known: Known
) -> None:
    newsstand.pages[FEED] = rss(item("/a", updated=NOW - timedelta(minutes=5)))
    result = discover(known=[known()])
    assert counts(result) == (2, 1, 1, 0)
    assert [c.reason for c in result.candidates] == ["updated"]


def test_a_url_that_was_put_off_is_a_candidate_again_when_no_feed_lists_it(
    newsstand: Newsstand, discover: Discover, known: Known
) -> None:
    newsstand.pages[FEED] = rss()
    result = discover(known=[known(article_id=None, last_outcome="over_budget")])
    (candidate,) = result.candidates
    assert (candidate.reason, counts(result)) == ("new", (1, 1, 0, 0))


def test_a_url_that_was_put_off_counts_once_when_a_feed_lists_it(
    newsstand: Newsstand, discover: Discover, known: Known
) -> None:
    newsstand.pages[FEED] = rss(item("/a"))
    result = discover(known=[known(f"{HOME}/a", article_id=None, last_outcome="over_budget")])
    assert [c.reason for c in result.candidates] == ["new"]
    assert counts(result) == (1, 1, 0, 0)


def test_articles_of_other_sources_are_not_revisited(newsstand: Newsstand, discover: Discover, known: Known) -> None:
    newsstand.pages[FEED] = rss()
    result = discover(known=[known(f"{HOME}/x", source_id="other")])
    assert result.candidates == ()


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (None, "no_link"),
        ("mailto:desk@harbour-post.example", "url_invalid"),
        ("javascript:void(0)", "url_invalid"),
        ("http://[oops", "url_invalid"),
        ("/" + "a" * MAX_URL_CHARS, "url_invalid"),
        ("https://partner.example/advert", "off_site"),
        ("https://harbour-post.example.evil.example/a", "off_site"),
    ],
)
def test_an_entry_that_cannot_be_fetched_is_a_rejection_with_its_reason(
    link: str | None, reason: str, newsstand: Newsstand, discover: Discover
) -> None:
    newsstand.pages[FEED] = rss(item(link, title="Odd one"), item("/ok"))
    result = discover()
    (rejection,) = result.rejections
    assert (rejection.reasons, rejection.stage, rejection.source_id) == ((reason,), "discover", "harbour-post")
    assert (rejection.run_id, rejection.batch, rejection.rejected_at) == ("run", "00", NOW)
    assert "Odd one" in (rejection.detail or "")
    assert FEED in (rejection.detail or "")
    assert rejection.warc_file is not None
    assert counts(result) == (2, 1, 0, 1)
    assert result.tallies["harbour-post"].reasons == {reason: 1}


def test_two_entries_without_a_link_are_two_rejections(newsstand: Newsstand, discover: Discover) -> None:
    newsstand.pages[FEED] = rss(item(None), item(None))
    assert counts(discover()) == (2, 0, 0, 2)


@pytest.mark.parametrize("link", [f"{HOME}/a", "https://live.harbour-post.example/a", "http://harbour-post.example/a"])
def test_other_hosts_of_the_publisher_are_its_own(link: str, newsstand: Newsstand, discover: Discover) -> None:
    newsstand.pages[FEED] = rss(item(link))
    assert len(discover().candidates) == 1


def test_the_domain_of_the_feed_is_the_publishers_too(
    newsstand: Newsstand, discover: Discover, source: Sources
) -> None:
    feed = "https://rss.hp-media.example/feed"
    newsstand.pages = {feed: rss(item("https://hp-media.example/a"), item(f"{HOME}/b"), item("https://x.example/c"))}
    assert counts(discover([source(feeds=(feed,))])) == (3, 2, 0, 1)


def test_a_feed_that_fails_is_one_in_and_one_rejected(
    newsstand: Newsstand, discover: Discover, source: Sources
) -> None:
    newsstand.pages = {f"{HOME}/f1": "timeout", f"{HOME}/f2": b"<html>", f"{HOME}/f3": rss(item("/a"))}
    result = discover([source(feeds=tuple(f"{HOME}/f{n}" for n in (1, 2, 3)))])
    assert counts(result) == (3, 1, 0, 2)
    assert [(r.url, r.reasons) for r in result.rejections] == [
        (f"{HOME}/f1", ("timeout",)),
        (f"{HOME}/f2", ("feed_is_html",)),
    ]


def test_one_address_as_feed_and_sitemap_fails_twice(newsstand: Newsstand, discover: Discover, source: Sources) -> None:
    newsstand.pages[FEED] = "timeout"
    assert counts(discover([source(feeds=(FEED,), sitemaps=(FEED,))])) == (2, 0, 0, 2)


def test_the_freshest_comes_first_new_before_updated_before_revisits(
    newsstand: Newsstand, discover: Discover, known: Known
) -> None:
    newsstand.pages[FEED] = rss(
        item("/undated"),
        item("/old", published=NOW - timedelta(days=3)),
        item("/fresh", published=NOW - timedelta(hours=1)),
        item("/lies", published=NOW + timedelta(days=9)),
        item("/a", updated=NOW),
    )
    result = discover(known=[known(), known(f"{HOME}/seen", article_id="seen")])
    assert names(result) == ["lies", "fresh", "old", "undated", "a", "seen"]


def test_the_order_does_not_depend_on_the_order_of_the_feed(newsstand: Newsstand, discover: Discover) -> None:
    items = [item(f"/{n}", published=NOW - timedelta(hours=n % 5)) for n in range(30)]
    newsstand.pages[FEED] = rss(*items)
    first = names(discover())
    random.Random(5).shuffle(items)
    newsstand.pages[FEED] = rss(*items)
    assert names(discover()) == first


def test_the_same_input_gives_the_same_result_though_sources_are_read_side_by_side(
    newsstand: Newsstand, discover: Discover, source: Sources
) -> None:
    sources = []
    for n in range(12):
        site = f"https://paper{n}.example"
        newsstand.pages[f"{site}/f"] = rss(item("/a", published=NOW), item(None), item("/b"))
        sources.append(source(id=f"paper-{n}", homepage=f"{site}/", feeds=(f"{site}/f",)))
    first, second = discover(sources), discover(sources[::-1])
    assert first == second


def test_progress_tells_each_source(newsstand: Newsstand, source: Sources, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    sources = {name: source(id=name) for name in ("a", "b", "c")}
    discover_sources(
        sources,
        newsstand,
        KnownUrls.of(),
        now=NOW,
        settings=settings,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_full_disk_stops_the_stage(newsstand: Newsstand, source: Sources, settings: Settings) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    newsstand.get = fail  # type: ignore[method-assign, assignment]
    with pytest.raises(StorageError):
        discover_sources({"a": source(feeds=(FEED,))}, newsstand, KnownUrls.of(), now=NOW, settings=settings)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("discover")]


LINKS = st.sampled_from(
    [None, "", "/a", "/b", "/c", "/a?utm_source=x", "mailto:x", "http://[", "https://elsewhere.example/x"]
)
MOMENTS = st.none() | st.integers(-400, 48).map(lambda hours: NOW + timedelta(hours=hours))
ITEMS = st.lists(st.builds(item, LINKS, MOMENTS, MOMENTS), max_size=8).map(lambda items: rss(*items))
PAGES = st.lists(ITEMS | st.sampled_from([b"", b"<html>", "timeout", "unchanged"]), max_size=4)
SEEN = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.integers(0, 300),
        st.integers(0, 300),
        st.sampled_from(["fetched", "gone", "timeout", "http_error"]),
        st.booleans(),
    ),
    max_size=5,
)


@given(PAGES, SEEN)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counts_balance_whatever_the_feeds_and_the_warehouse_hold(
    discover: Discover, newsstand: Newsstand, source: Sources, known: Known, pages: list[bytes | str],
    seen: list[tuple[str, int, int, str, bool]],
) -> None:  # fmt: skip
    newsstand.pages = {f"{HOME}/f{n}": page for n, page in enumerate(pages)}
    urls = [
        known(
            f"{HOME}/{name}",
            first_seen_at=NOW - timedelta(hours=age + since),
            last_fetched_at=NOW - timedelta(hours=since),
            last_outcome=outcome,
            article_id=f"article-{name}" if is_article else None,
        )
        for name, age, since, outcome, is_article in seen
    ]
    result = discover([source(feeds=tuple(newsstand.pages))], urls)
    known_keys = {url.url_key for url in urls}
    for candidate in result.candidates:
        assert candidate.url_key == url_key(candidate.url)
        assert candidate.url_key in known_keys or candidate.reason == "new"
