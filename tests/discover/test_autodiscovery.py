from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover.autodiscovery import FoundFeed, find_feeds

BASE = "https://www.harbour-post.example/en/"


def addresses(page: str) -> list[str]:
    return [feed.url for feed in find_feeds(page.encode(), BASE)]


def test_declared_feeds_of_every_kind_are_found_with_their_titles() -> None:
    page = (
        '<link rel="alternate" type="application/rss+xml" title=" Top  news " href="/rss">'
        '<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="news.atom">'
        '<link rel="alternate feed" type="application/feed+json" href="//cdn.harbour-post.example/f.json">'
        '<link rel="alternate" type="application/rdf+xml" href="https://www.harbour-post.example/rdf">'
    )
    assert find_feeds(page.encode(), BASE) == [
        FoundFeed("https://www.harbour-post.example/rss", "Top news", "rss", True),
        FoundFeed("https://www.harbour-post.example/en/news.atom", None, "atom", True),
        FoundFeed("https://cdn.harbour-post.example/f.json", None, "jsonfeed", True),
        FoundFeed("https://www.harbour-post.example/rdf", None, "rss", True),
    ]


def test_feeds_that_differ_in_what_looks_like_tracking_are_two() -> None:
    page = "".join(f'<link rel=alternate type=application/rss+xml href="/rss?source={name}">' for name in "ab")
    assert len(addresses(page)) == 2


def test_the_base_of_the_page_goes_before_its_address() -> None:
    page = '<base href="https://feeds.harbour-post.example/x/"><link rel=alternate type=application/rss+xml href=rss>'
    assert addresses(page) == ["https://feeds.harbour-post.example/x/rss"]


@pytest.mark.parametrize(
    "href", ["/rss", "/rss/", "/feed", "/feed/", "/feeds/world.xml", "/rss.xml", "/world/rss.xml", "/news.rss",
             "/atom.xml", "/news.atom", "/index.rdf", "/rss.php", "/feed.json", "/rss/world", "/allnews-rss.xml"],
)  # fmt: skip
def test_an_anchor_that_looks_like_a_feed_is_found(href: str) -> None:
    (found,) = find_feeds(f'<a href="{href}">World news</a>'.encode(), BASE)
    assert (found.url, found.title) == (f"https://www.harbour-post.example{href}", "World news")
    assert (found.kind, found.is_declared) == (None, False)


@pytest.mark.parametrize(
    "href", ["/feedback", "/newsfeed-explained", "/rsss", "/atomic-power", "/about?x=/rss",
             "#rss", "mailto:rss@harbour-post.example", "javascript:rss()", "http://[rss/rss"],
)  # fmt: skip
def test_other_anchors_are_no_feeds(href: str) -> None:
    assert addresses(f'<a href="{href}">x</a>') == []


@pytest.mark.parametrize(
    "page",
    [
        '<link rel="alternate" type="text/html" hreflang="ko" href="/ko/">',
        '<link rel="stylesheet" type="application/rss+xml" href="/rss">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/x">',
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">',
        '<link rel="alternate" type="application/rss+xml" href="http://[oops">',
        "",
    ],
)
def test_what_is_no_feed_of_articles_stays_out(page: str) -> None:
    assert addresses(page) == []


def test_a_feed_announced_twice_is_found_once_in_its_first_place() -> None:
    page = (
        '<a href="/b/rss">B</a><link rel=alternate type=application/rss+xml href="/a/rss">'
        '<a href="/a/rss#top">A</a><a href="/c/rss?utm_source=x">C</a><a href="/b/rss">B</a>'
    )
    assert [url.rpartition("example")[2] for url in addresses(page)] == ["/a/rss", "/b/rss", "/c/rss?utm_source=x"]


@given(st.binary(max_size=200) | st.text("<>\"'=/ linkrefalternatetyprssxmh:[", max_size=80).map(str.encode))
def test_any_bytes_are_answered(page: bytes) -> None:
    assert isinstance(find_feeds(page, BASE), list)
