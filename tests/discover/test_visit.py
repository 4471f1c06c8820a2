from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from newshouse.discover import visit
from newshouse.discover.visit import visit_source
from newshouse.errors import StorageError
from newshouse.sources.model import Source

from .conftest import Newsstand

HOME = "https://www.harbour-post.example"
Sources = Callable[..., Source]


def rss(*links: str) -> bytes:
    return f"<rss><channel>{''.join(f'<item><link>{link}</link></item>' for link in links)}</channel></rss>".encode()


def urlset(*locs: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{loc}</loc></url>' for loc in locs)}</urlset>".encode()


def index(*parts: str, day: str | None = None) -> bytes:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    body = "".join(f"<sitemap><loc>{part}</loc>{changed}</sitemap>" for part in parts)
    return f"<sitemapindex>{body}</sitemapindex>".encode()


def paths(links: list[str | None]) -> list[str]:
    return [(link or "").removeprefix(HOME) for link in links]


def test_feeds_are_read_in_order_and_then_sitemaps(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages = {f"{HOME}/f1": rss("/a"), f"{HOME}/f2": rss("/b"), f"{HOME}/s": urlset("/c")}
    got = visit_source(source(feeds=(f"{HOME}/f1", f"{HOME}/f2"), sitemaps=(f"{HOME}/s",)), newsstand, now)
    assert newsstand.asked == [(f"{HOME}/f1", "feed"), (f"{HOME}/f2", "feed"), (f"{HOME}/s", "sitemap")]
    assert paths([item.entry.link for item in got.listed]) == ["/a", "/b", "/c"]
    assert got.bytes == sum(len(body) for body in newsstand.pages.values())


def test_a_feed_named_twice_is_asked_for_once(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages = {f"{HOME}/f": rss("/a"), f"{HOME}/f#top": rss("/a")}
    got = visit_source(source(feeds=(f"{HOME}/f", f"{HOME}/f", f"{HOME}/f#top")), newsstand, now)
    assert len(got.listed) == 1


@pytest.mark.parametrize("name", ["source", "ref", "cid"])
def test_feeds_that_differ_in_what_looks_like_tracking_are_two(
    newsstand: Newsstand, source: Sources, now: datetime, name: str
) -> None:
    world, sport = f"{HOME}/rss?{name}=world", f"{HOME}/rss?{name}=sport"
    newsstand.pages = {world: rss("/a"), sport: rss("/b")}
    got = visit_source(source(feeds=(world, sport)), newsstand, now)
    assert paths([item.entry.link for item in got.listed]) == ["/a", "/b"]


def test_parts_of_a_sitemap_that_differ_in_what_looks_like_tracking_are_two(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    parts = [f"{HOME}/s?source={name}" for name in ("world", "sport")]
    newsstand.pages = {f"{HOME}/s": index(*parts)} | {part: urlset(f"/{n}") for n, part in enumerate(parts)}
    got = visit_source(source(sitemaps=(f"{HOME}/s",)), newsstand, now)
    assert paths([item.entry.link for item in got.listed]) == ["/0", "/1"]


def test_relative_links_hang_on_where_a_redirect_led(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages = {f"{HOME}/f": rss("a")}
    newsstand.redirects = {f"{HOME}/f": "https://feeds.harbour-post.example/v2/"}
    got = visit_source(source(feeds=(f"{HOME}/f",)), newsstand, now)
    assert got.listed[0].entry.link == "https://feeds.harbour-post.example/v2/a"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("timeout", "timeout"),
        ("robots_denied", "robots_denied"),
        ("gone", "gone"),
        (b"<!doctype html><p>Sign in</p>", "feed_is_html"),
        (b"", "empty_body"),
        (b"nothing", "not_a_feed"),
    ],
)
def test_a_feed_that_fails_is_one_failure_with_its_reason(
    page: bytes | str, reason: str, newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    newsstand.pages = {f"{HOME}/f": page}
    got = visit_source(source(feeds=(f"{HOME}/f",)), newsstand, now)
    assert ([(f.reason, f.url) for f in got.failures], got.listed) == ([(reason, f"{HOME}/f")], [])


def test_a_feed_that_did_not_change_and_brought_no_body_is_no_failure(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    newsstand.pages = {f"{HOME}/f": "unchanged", f"{HOME}/s": "unchanged"}
    got = visit_source(source(feeds=(f"{HOME}/f",), sitemaps=(f"{HOME}/s",)), newsstand, now)
    assert (got.failures, got.listed) == ([], [])


def test_the_parts_of_an_index_are_read_newest_first_and_old_ones_not_at_all(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    days = {"/old": now - timedelta(days=30), "/new": now - timedelta(hours=1), "/mid": now - timedelta(days=2)}
    body = "".join(
        f"<sitemap><loc>{part}</loc><lastmod>{at.isoformat()}</lastmod></sitemap>" for part, at in days.items()
    )
    newsstand.pages = {
        f"{HOME}/s": f"<sitemapindex>{body}<sitemap><loc>/undated</loc></sitemap></sitemapindex>".encode()
    }
    newsstand.pages |= {f"{HOME}{part}": urlset(f"{part}/a") for part in (*days, "/undated")}
    got = visit_source(source(sitemaps=(f"{HOME}/s",)), newsstand, now)
    assert paths([url for url, _ in newsstand.asked]) == ["/s", "/new", "/mid", "/undated"]
    assert got.failures == []


def test_indexes_that_point_at_each_other_are_read_once_each(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    newsstand.pages = {
        f"{HOME}/s1": index("/s2", "/s1", f"{HOME}/s1#again"),
        f"{HOME}/s2": index("/s1", "/s2", "/s3"),
        f"{HOME}/s3": urlset("/a"),
    }
    got = visit_source(source(sitemaps=(f"{HOME}/s1", f"{HOME}/s2")), newsstand, now)
    assert paths([url for url, _ in newsstand.asked]) == ["/s1", "/s2", "/s3"]
    assert (len(got.listed), got.failures) == (1, [])


def test_indexes_within_indexes_end_at_a_depth(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages = {f"{HOME}/{n}": index(f"/{n + 1}") for n in range(50)}
    got = visit_source(source(sitemaps=(f"{HOME}/0",)), newsstand, now)
    assert len(newsstand.asked) == visit.MAX_DEPTH + 1
    assert [f.reason for f in got.failures] == ["sitemap_too_deep"]


def test_an_index_of_thousands_is_read_in_part_and_leaves_one_failure_that_counts(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    newsstand.pages = {f"{HOME}/s": index(*(f"/s{n}" for n in range(5_000)))}
    newsstand.pages |= {f"{HOME}/s{n}": urlset(f"/{n}") for n in range(visit.MAX_PARTS)}
    got = visit_source(source(sitemaps=(f"{HOME}/s",)), newsstand, now)
    assert len(newsstand.asked) == visit.MAX_PARTS
    (failure,) = got.failures
    assert failure.reason == "too_many_parts"
    assert failure.detail.startswith(str(5_000 - len(newsstand.asked) + 1))


def test_parts_on_foreign_domains_are_not_asked_for(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    newsstand.pages = {
        f"{HOME}/s": index("https://elsewhere.example/s", "https://cdn.harbour-post.example/s", "http://[x"),
        "https://cdn.harbour-post.example/s": urlset("/a"),
    }
    got = visit_source(source(sitemaps=(f"{HOME}/s",)), newsstand, now)
    assert [url for url, _ in newsstand.asked] == [f"{HOME}/s", "https://cdn.harbour-post.example/s"]
    assert sorted(f.reason for f in got.failures) == ["off_site", "url_invalid"]


def test_a_damaged_sitemap_gives_its_entries_and_a_failure(
    newsstand: Newsstand, source: Sources, now: datetime
) -> None:
    newsstand.pages = {f"{HOME}/s": urlset("/a", "/b")[:-20]}
    got = visit_source(source(sitemaps=(f"{HOME}/s",)), newsstand, now)
    assert paths([item.entry.link for item in got.listed]) == ["/a"]
    assert [f.reason for f in got.failures] == ["sitemap_damaged"]


def test_a_broken_archive_is_not_swallowed(newsstand: Newsstand, source: Sources, now: datetime) -> None:
    def fail(_: object) -> bytes:
        raise StorageError("the disk is full")

    newsstand.pages = {f"{HOME}/f": rss("/a")}
    newsstand.body = fail  # type: ignore[method-assign, assignment]
    with pytest.raises(StorageError):
        visit_source(source(feeds=(f"{HOME}/f",)), newsstand, now)
