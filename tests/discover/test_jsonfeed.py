from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover.feeds import parse_feed
from newshouse.discover.listing import Entry, Feed, NotAFeed

URL = "https://www.harbour-post.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def read(data: Any) -> Feed:
    feed = parse_feed(json.dumps(data).encode(), URL)
    assert isinstance(feed, Feed), feed
    assert feed.kind == "jsonfeed"
    return feed


def item(**fields: Any) -> Entry:
    (entry,) = read({"version": VERSION, "items": [fields]}).entries
    return entry


def test_an_item_gives_all_it_says() -> None:
    feed = read(
        {
            "version": VERSION,
            "language": "ko",
            "items": [
                {
                    "id": "1",
                    "url": "/bridge",
                    "title": "다리가  열렸다",
                    "date_published": "2026-11-22T19:30:00+09:00",
                    "date_modified": "2026-11-22T20:00:00+09:00",
                    "authors": [{"name": "Ada Quay"}, {"name": "Ben Pier"}],
                }
            ],
        }
    )
    assert feed.entries == (
        Entry(
            kind="jsonfeed",
            link="https://www.harbour-post.example/bridge",
            title="다리가 열렸다",
            published_raw="2026-11-22T19:30:00+09:00",
            published_at=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
            updated_raw="2026-11-22T20:00:00+09:00",
            updated_at=datetime(2026, 11, 22, 11, 0, tzinfo=UTC),
            authors=("Ada Quay", "Ben Pier"),
            language="ko",
        ),
    )


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"url": "a"}, "https://www.harbour-post.example/a"),
        ({"url": "", "external_url": "https://other.example/b"}, "https://other.example/b"),
        ({"id": "https://www.harbour-post.example/c"}, "https://www.harbour-post.example/c"),
        ({"id": "77"}, None),
        ({"id": 77}, None),
        ({"url": 5, "id": "x"}, None),
        ({"url": "ftp://files.example/a"}, "ftp://files.example/a"),
    ],
)
def test_the_link_of_an_item(fields: dict[str, Any], link: str | None) -> None:
    assert item(**fields).link == link


@pytest.mark.parametrize(
    ("fields", "authors"),
    [
        ({"author": {"name": "Ada"}}, ("Ada",)),
        ({"author": "Ada"}, ("Ada",)),
        ({"authors": ["Ada", {"name": "Ben"}, {"url": "x"}, 5, None]}, ("Ada", "Ben")),
        ({"authors": [], "author": {"name": "Ada"}}, ("Ada",)),
        ({"authors": "Ada"}, ()),
        ({}, ()),
    ],
)
def test_authors_of_both_versions(fields: dict[str, Any], authors: tuple[str, ...]) -> None:
    assert item(**fields).authors == authors


def test_an_item_without_authors_and_language_has_the_feeds() -> None:
    feed = read({"version": VERSION, "language": "de", "author": {"name": "Ada"}, "items": [{"url": "/a"}]})
    assert (feed.entries[0].authors, feed.entries[0].language) == (("Ada",), "de")


@pytest.mark.parametrize("date", [5, None, ["2026-11-22"], {}, True])
def test_a_date_of_the_wrong_type_is_absent(date: Any) -> None:
    assert item(url="/a", date_published=date).published_raw is None


def test_a_lone_surrogate_is_dropped() -> None:
    (item(url="/a", title="A \ud800 B", date_published="\ud800").title or "").encode()


def test_one_item_of_the_wrong_type_does_not_lose_the_others() -> None:
    assert [e.link for e in read({"version": VERSION, "items": [None, "x", {"url": "/a"}, 5]}).entries] == [
        "https://www.harbour-post.example/a"
    ]


@pytest.mark.parametrize("data", [{"version": VERSION}, {"version": VERSION, "items": None}, {"items": []}])
def test_a_feed_without_items_is_empty(data: dict[str, Any]) -> None:
    assert read(data).entries == ()


def test_what_follows_the_feed_is_ignored() -> None:
    feed = parse_feed(b'\xef\xbb\xbf {"items": [{"url": "/a"}]} <!-- cached -->', URL)
    assert isinstance(feed, Feed)
    assert len(feed.entries) == 1


@pytest.mark.parametrize("text", ["{}", "[]", "[{}]", '{"error": "no such page"}', '{"items": 5}', '{"items": [', "{"])
def test_other_json_is_no_feed(text: str) -> None:
    answer = parse_feed(text.encode(), URL)
    assert isinstance(answer, NotAFeed)
    assert answer.reason == "not_a_feed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from(["id", "url", "external_url", "title", "date_published", "authors", "author", "language"])


@given(st.lists(st.dictionaries(NAMES, JSON, max_size=6) | JSON, max_size=4), JSON, JSON)
def test_values_of_any_type_are_answered(items: list[Any], authors: Any, language: Any) -> None:
    for entry in read({"items": items, "authors": authors, "language": language}).entries:
        for value in (entry.link, entry.title, entry.published_raw, entry.language, *entry.authors):
            assert value is None or isinstance(value, str)


@pytest.mark.parametrize(("given", "older"), [("?page=2", f"{URL}?page=2"), (None, None), (2, None), ("", None)])
def test_the_page_of_older_items_is_known(given: Any, older: str | None) -> None:
    assert read({"version": VERSION, "items": [], "next_url": given}).older == older
