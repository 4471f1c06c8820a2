from __future__ import annotations

import gzip
import time
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover import sitemaps
from newshouse.discover.listing import Entry, NotASitemap, Part, Sitemap
from newshouse.discover.sitemaps import read_sitemap

URL = "https://www.harbour-post.example/sitemap.xml"
NEWS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(*urls: str) -> bytes:
    body = "".join(f"<url>{url}</url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NEWS}>{body}</urlset>'.encode()


def index(*parts: str) -> bytes:
    body = "".join(f"<sitemap>{part}</sitemap>" for part in parts)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</sitemapindex>'.encode()


def read(body: bytes, since: datetime | None = None) -> Sitemap:
    sitemap = read_sitemap(body, URL, since)
    assert isinstance(sitemap, Sitemap), sitemap
    return sitemap


def entry(url: str) -> Entry:
    (found,) = read(urlset(url)).entries
    return found


def test_a_news_sitemap_gives_all_it_says_as_written() -> None:
    got = entry(
        "<loc>https://www.harbour-post.example/bridge</loc><lastmod>2026-11-22T12:00:00Z</lastmod>"
        "<news:news><news:publication><news:name>Harbour Post</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2026-11-22T10:30:00+00:00</news:publication_date>"
        "<news:title>Bridge opens &amp; ferries stop</news:title></news:news>"
    )
    assert got == Entry(
        kind="news_sitemap",
        link="https://www.harbour-post.example/bridge",
        title="Bridge opens & ferries stop",
        published_raw="2026-11-22T10:30:00+00:00",
        published_at=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
        updated_raw="2026-11-22T12:00:00Z",
        updated_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        language="en",
    )


def test_a_plain_sitemap_has_a_date_of_change_and_no_date_of_publication() -> None:
    got = entry("<loc>/a</loc><lastmod>2026-11-22T12:00:00Z</lastmod>")
    assert (got.kind, got.link) == ("sitemap", "https://www.harbour-post.example/a")
    assert (got.published_raw, got.published_at) == (None, None)
    assert got.updated_at == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["2026", "2026-11", "2026-11-22", "2026-11-22T12:00", "today"])
def test_a_date_that_is_not_full_is_kept_and_never_filled_up(raw: str) -> None:
    got = entry(f"<loc>/a</loc><lastmod>{raw}</lastmod>")
    assert (got.updated_raw, got.updated_at) == (raw, None)


def test_the_address_of_a_picture_is_not_that_of_the_article() -> None:
    got = entry(
        "<image:image><image:loc>/p.jpg</image:loc><image:title>Picture</image:title></image:image><loc>/a</loc>"
        "<news:news><news:title>Article</news:title></news:news>"
    )
    assert (got.link, got.title) == ("https://www.harbour-post.example/a", "Article")


def test_prefixes_that_were_not_declared_are_understood() -> None:
    body = (
        b"<urlset><url><image:image><image:loc>/p.jpg</image:loc></image:image><loc>/a</loc>"
        b"<news:news><news:title>A</news:title></news:news></url></urlset>"
    )
    (got,) = read(body).entries
    assert (got.link, got.title, got.kind) == ("https://www.harbour-post.example/a", "A", "news_sitemap")


def test_a_url_without_an_address_is_kept_so_that_it_can_be_counted() -> None:
    assert entry("<lastmod>2026-11-22</lastmod>").link is None


def test_an_index_gives_its_parts() -> None:
    sitemap = read(index("<loc>/s1.xml</loc><lastmod>2026-11-22</lastmod>", "<loc>/s2.xml.gz</loc>", ""))
    assert sitemap.parts == (
        Part("https://www.harbour-post.example/s1.xml", "2026-11-22"),
        Part("https://www.harbour-post.example/s2.xml.gz", None),
    )
    assert sitemap.entries == ()


def test_what_is_stated_to_be_older_is_left_out_and_what_states_nothing_stays() -> None:
    since = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
    dates = ["2026-11-22", "2026-11-16", "2026-11-14", "2025-11-22T10:00:00Z", "rubbish"]
    body = urlset(*(f"<loc>/{n}</loc><lastmod>{date}</lastmod>" for n, date in enumerate(dates)), "<loc>/none</loc>")
    assert [(e.link or "").rpartition("/")[2] for e in read(body, since).entries] == ["0", "1", "4", "none"]
    parts = index(
        "<loc>/old.xml</loc><lastmod>2020-01-01</lastmod>", "<loc>/new.xml</loc><lastmod>2026-11-20</lastmod>"
    )
    assert [part.url[-7:] for part in read(parts, since).parts] == ["new.xml"]


def test_an_old_article_that_changed_yesterday_is_not_left_out() -> None:
    body = urlset(
        "<loc>/a</loc><lastmod>2026-11-22</lastmod>"
        "<news:news><news:publication_date>2020-01-01</news:publication_date></news:news>"
    )
    assert len(read(body, datetime(2026, 11, 16, tzinfo=UTC)).entries) == 1


def test_gzip_is_told_by_its_bytes() -> None:
    body = urlset("<loc>/a</loc>")
    assert read(gzip.compress(body)) == read(body)
    assert read(gzip.compress(body[:50]) + gzip.compress(body[50:]) + b"\0" * 9) == read(body)


def test_a_gzip_file_that_stops_keeps_what_came_before() -> None:
    body = gzip.compress(urlset(*(f"<loc>/{n * 7919 % 10_000}</loc>" for n in range(10_000))))
    got = read(body[: len(body) // 2])
    assert got.damage == "the gzip file ends too early"
    assert 3_000 < len(got.entries) < 7_000


def test_a_sitemap_that_stops_in_the_middle_keeps_what_came_before() -> None:
    body = urlset(*(f"<loc>/{n}</loc>" for n in range(100)))
    got = read(body[: body.index(b"/50<")])
    assert len(got.entries) == 50
    assert got.damage is not None


def test_a_whole_sitemap_has_no_damage() -> None:
    assert read(urlset("<loc>/a</loc>")).damage is None


def many(count: int) -> bytes:
    lines = (f"<loc>https://www.harbour-post.example/{n}</loc><lastmod>2026-11-22</lastmod>" for n in range(count))
    return gzip.compress(urlset(*lines))


def test_sixty_thousand_urls_are_all_read() -> None:
    sitemap = read(many(60_000))
    assert len({entry.link for entry in sitemap.entries}) == 60_000
    assert sitemap.damage is None


def test_memory_holds_what_is_kept_and_not_the_tree() -> None:
    body = many(20_000)
    tracemalloc.start()
    assert read(body, datetime(2026, 12, 1, tzinfo=UTC)).entries == ()  # all older: nothing may pile up
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 2_000_000


def test_a_sitemap_without_end_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_URLS", 10)
    got = read(urlset(*(f"<loc>/{n}</loc>" for n in range(30))))
    assert len(got.entries) == 10
    assert "longer than" in (got.damage or "")


def test_a_gzip_bomb_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_BYTES", 1_000_000)
    got = read(gzip.compress(urlset("<loc>/a</loc>").replace(b"</urlset>", b" " * 50_000_000)))
    assert len(got.entries) == 1
    assert "longer than" in (got.damage or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused(encoding: str) -> None:
    bomb = "".join(f"<!ENTITY l{n + 1} '{f'&l{n};' * 10}'>" for n in range(9))
    text = f"<!DOCTYPE urlset [<!ENTITY l0 'lol'>{bomb}]><urlset a='&l9;'><url><loc>&l9;</loc></url></urlset>"
    started = time.perf_counter()
    answer = read_sitemap(text.encode(encoding), URL)
    assert time.perf_counter() - started < 5
    assert isinstance(answer, NotASitemap)
    assert answer.reason == "entity_bomb"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b" \n", "empty_body"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "sitemap_is_html"),
        (b"<html><body>Not found", "sitemap_is_html"),
        (b"<!DOCTYPE [<urlset/>", "entity_bomb"),
        (b"<rss><channel/></rss>", "not_a_sitemap"),
        (b"Not found", "not_a_sitemap"),
        (b"\x1f\x8bnot really gzip", "not_a_sitemap"),
        (gzip.compress(b"<!DOCTYPE html><html/>"), "sitemap_is_html"),
    ],
)
def test_what_is_no_sitemap_is_named(body: bytes, reason: str) -> None:
    answer = read_sitemap(body, URL)
    assert isinstance(answer, NotASitemap)
    assert (answer.reason, bool(answer.detail)) == (reason, True)


def test_an_address_that_cannot_be_read_is_kept_as_written() -> None:
    assert entry("<loc>http://[oops</loc>").link == "http://[oops"


PIECES = [
    "<urlset>", "</urlset>", "<sitemapindex>", "<sitemap>", "</sitemap>", "<url>", "</url>", "<loc>", "</loc>", "/a",
    "http://[", "<lastmod>", "</lastmod>", "2026-11-22", "<news:news>", "</news:news>", "<news:title>", "&amp;", "&x;",
    "<![CDATA[", "]]>", "<!DOCTYPE x>", "<!DOCTYPE", "<!--", "-->", "é", "\x00", "<loc/>", " ", "]", "<", ">",
]  # fmt: skip


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(body: bytes) -> None:
    assert isinstance(read_sitemap(body, URL), Sitemap | NotASitemap)
    assert isinstance(read_sitemap(b"\x1f\x8b" + body, URL), Sitemap | NotASitemap)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_mixture_of_sitemap_pieces_is_answered(text: str) -> None:
    for since in (None, datetime(2026, 11, 16, tzinfo=UTC)):
        assert isinstance(read_sitemap(f"<urlset>{text}".encode(), URL, since), Sitemap)
        assert isinstance(read_sitemap(text.encode(), URL, since), Sitemap | NotASitemap)
