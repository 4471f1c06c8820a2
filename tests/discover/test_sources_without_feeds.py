"""Homepages, section fronts and lists of URLs."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover.fronts import front_entries
from newshouse.discover.links import unwrap
from newshouse.discover.urllists import read_url_list
from newshouse.discover.visit import visit_source
from newshouse.sources.model import Source

from .conftest import Newsstand

HOME = "https://www.harbour-post.example"
Sources = Callable[..., Source]
FRONT = b"""<nav><a href="/sport">Sport</a> <a href="/terms-of-use">Terms</a>
<a href="/tag/bridges-of-the-city">Bridges</a></nav>
<a href="/news/bridge-reopens-on-friday"><img></a> <a href="/news/bridge-reopens-on-friday?utm_source=front">Bridge
reopens</a> <a href="/2026/11/23/tides">Tides</a> <a href="article.php?no=412345#top">Fog</a>
<a href="/files/report-of-the-year.pdf">PDF</a> <a href="https://x.example/a-b-c-d">Elsewhere</a> <a href="http://[">?</a>"""


def links(entries: list) -> list[str]:
    return [(entry.link or "").removeprefix(HOME) for entry in entries]


def test_a_front_gives_its_articles_once_with_the_longest_text() -> None:
    found = front_entries(FRONT, f"{HOME}/")
    assert links(found) == ["/news/bridge-reopens-on-friday", "/2026/11/23/tides", "/article.php?no=412345"]
    assert [entry.title for entry in found] == ["Bridge reopens", "Tides", "Fog"]
    assert {entry.published_raw for entry in found} == {None}


def test_links_of_a_front_hang_on_its_base() -> None:
    page = b'<base href="/en/"><a href="bridge-reopens-on-friday">Bridge</a>'
    assert links(front_entries(page, f"{HOME}/sport/")) == ["/en/bridge-reopens-on-friday"]


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8", "utf-16"])
@pytest.mark.parametrize("told_by", ["meta", "header"])
def test_titles_of_a_front_are_read_in_its_encoding(encoding: str, told_by: str) -> None:
    head = f'<meta charset="{encoding}">' if told_by == "meta" else ""
    page = f'{head}<p>Мост снова открыт для движения</p><a href="/news/412345">Мост открыт</a>'.encode(encoding)
    (entry,) = front_entries(page, f"{HOME}/", None if told_by == "meta" else f"text/html; charset={encoding}")
    assert entry.title == "Мост открыт"


@pytest.mark.parametrize(
    "page",
    [b"<div>" * 400_000, b"<a href=/news/412345>" * 100_000, b"<table><a href=/news/412345><b>x" * 50_000,
     b"<a " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">"],
    ids=["open elements", "open links", "links in each other", "attributes"],
)  # fmt: skip
def test_a_front_that_wants_to_take_for_ever_does_not(page: bytes) -> None:
    before = time.process_time()
    assert len(front_entries(page + b"<a href=/news/412346>Last</a>", f"{HOME}/")) <= 2
    assert time.process_time() - before < 5


@given(st.binary(max_size=300) | st.text(st.sampled_from("<a href=\"/1-2'>&#x ")).map(str.encode))
def test_no_page_breaks_it(page: bytes) -> None:
    front_entries(page, f"{HOME}/")


def test_a_source_of_a_homepage_only_is_read_by_the_feeds_that_it_announces(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    announced = b'<link rel="alternate" type="application/rss+xml" href="/rss">' + FRONT
    newsstand.pages = {f"{HOME}/": announced, f"{HOME}/rss": b"<rss><item><link>/a</link></item></rss>"}
    got = visit_source(source(), newsstand, now)
    assert newsstand.asked == [(f"{HOME}/", "page"), (f"{HOME}/rss", "feed")]
    assert links([item.entry for item in got.listed]) == ["/a"]


def test_without_feeds_the_front_itself_is_taken(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages[f"{HOME}/"] = FRONT
    got = visit_source(source(), newsstand, now)
    assert (len(got.listed), got.listed[0].entry.kind, got.failures) == (3, "front", [])


def test_a_source_with_a_feed_leaves_its_homepage_alone(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages[f"{HOME}/rss"] = b"<rss></rss>"
    visit_source(source(feeds=(f"{HOME}/rss",)), newsstand, now)
    assert newsstand.asked == [(f"{HOME}/rss", "feed")]


def test_sections_are_read_beside_feeds(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages = {f"{HOME}/rss": b"<rss></rss>", f"{HOME}/sport": FRONT}
    got = visit_source(source(feeds=(f"{HOME}/rss",), sections=(f"{HOME}/sport",)), newsstand, now)
    assert len(got.listed) == 3


def test_a_list_gives_what_is_the_publishers_and_counts_the_rest(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    gdelt = "https://lists.gdelt.example/doc"
    newsstand.pages[gdelt] = json.dumps(
        {"articles": [{"url": f"{HOME}/a", "title": "A"}, {"url": "https://x.example/b"}, {"url": None}, 7]}
    ).encode()
    got = visit_source(source(lists=(gdelt,)), newsstand, now)
    assert [(item.entry.link, item.entry.title) for item in got.listed] == [(f"{HOME}/a", "A")]
    assert [(f.reason, f.detail) for f in got.failures] == [("off_site", "1 of 2 entries are of other publishers")]


@pytest.mark.parametrize(
    "body",
    [
        b"# harbour\nhttps://www.harbour-post.example/a\n\nhttps://www.harbour-post.example/b\r\nhttps://www.harbour-post.example/a",
        b"20261123\thttps://www.harbour-post.example/a\tA\n20261123\thttps://www.harbour-post.example/b\tB",
        b'id,url\n1,"https://www.harbour-post.example/a"\n2,https://www.harbour-post.example/b,x y',
        b'{"url": "https://www.harbour-post.example/a", "lang": "en"}\n{bad\n{"url": "https://www.harbour-post.example/b"}',
    ],
    ids=["lines", "tabs", "commas", "lines of JSON"],
)
def test_lists_come_in_many_forms_packed_or_not(body: bytes) -> None:
    assert links(read_url_list(body, HOME))[0] == "/a"
    assert links(read_url_list(gzip.compress(body), HOME)) == links(read_url_list(body, HOME))
    assert links(read_url_list(body, HOME))[1].startswith("/b")


@given(st.binary(max_size=200) | st.text(st.sampled_from('{}[]":,url http://a.b')).map(str.encode))
def test_no_list_breaks_it(body: bytes) -> None:
    read_url_list(body, HOME)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://click.example/r?id=7&u=https%3A%2F%2Fwww.harbour-post.example%2Fa", f"{HOME}/a"),
        ("https://go.harbour-post.example/out?to=https://www.harbour-post.example/a%3Fid%3D1", f"{HOME}/a?id=1"),
        (f"{HOME}/news/bridge-reopens-on-friday?ref=https://www.harbour-post.example/", None),
        ("https://click.example/r?u=https://elsewhere.example/a", None),
        ("https://click.example/r?u=http://[", None),
        ("https://click.example/r/7", None),
    ],
)
def test_a_link_that_counts_clicks_is_unwrapped(link: str, target: str | None) -> None:
    try:
        assert unwrap(link, {"harbour-post.example"}) == (target or link)
    except ValueError:
        assert target is None
