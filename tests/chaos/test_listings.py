"""Feeds and sitemaps that want to fill the memory, read our files, or go on for ever."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newshouse.discover.stage import discover_sources
from newshouse.report import StageReport
from newshouse.warehouse.known import KnownUrls

from .web import answer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FEED = '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>{}</title>{}</channel></rss>'
ITEM = "<item><title>{}</title><link>/news/{}</link></item>"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
LOC = "<{0}><loc>{1}</loc><lastmod>2026-11-23</lastmod></{0}>"
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
TEXTS = {
    "utf-8": "서울 Brücke", "utf-16": "서울 Brücke", "utf-32": "서울", "iso-8859-1": "Brücke", "macroman": "Brücke",
    "windows-1252": "“Brücke”", "iso-8859-2": "Łódź", "windows-1251": "Москва", "koi8-r": "Москва",
    "shift_jis": "東京", "euc-kr": "서울", "gb18030": "北京", "big5": "台北",
}  # fmt: skip


@pytest.fixture
def listed(web, make_fetcher, source, hasty):
    """The candidates of a source with one feed or sitemap that answers so; and the reasons of what was dropped."""

    def run(body: bytes, place: str = "feeds", content_type: str = "application/xml", **settings):
        web.routes["/list"] = answer(body, Content_Type=content_type)
        listing = replace(source, homepage=f"{web.url}/", **{place: (f"{web.url}/list",)})
        patient = replace(hasty, exchange_timeout_seconds=10.0, read_timeout_seconds=5.0, **settings)
        fetcher = make_fetcher(exchange_timeout_seconds=10.0, read_timeout_seconds=5.0, **settings)
        result = discover_sources({"harbour": listing}, fetcher, KnownUrls.of(), now=NOW, settings=patient)
        StageReport("chaos", "discover", "00", dict(result.tallies), 0.0, NOW).assert_balanced()
        return [one.url for one in result.candidates], [one.reasons[0] for one in result.rejections]

    return run


def feed(items: str, encoding: str = "utf-8", title: str = "News") -> bytes:
    return FEED.format(encoding, title, items).encode(encoding)


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_feed_in_any_encoding_is_understood(web, make_fetcher, source, hasty, encoding) -> None:
    body = feed(ITEM.format(TEXTS[encoding], "a"), encoding)
    web.routes["/list"] = answer(body, Content_Type="application/rss+xml")
    sources = {"harbour": replace(source, homepage=f"{web.url}/", feeds=(f"{web.url}/list",))}
    (candidate,) = discover_sources(sources, make_fetcher(), KnownUrls.of(), now=NOW, settings=hasty).candidates
    assert (candidate.feed_title, candidate.url) == (TEXTS[encoding], f"{web.url}/news/a")


@pytest.mark.parametrize("place", ["feeds", "sitemaps"])
def test_an_entity_bomb_does_not_go_off(listed, place) -> None:
    inside = FEED.format("utf-8", "x", ITEM.format("&i;", "a")).partition("?>")[2]
    body = LAUGHS + "]>" + (inside if place == "feeds" else SITEMAP.format("&i;"))
    urls, _ = listed(body.encode(), place)
    assert all(len(url) < 1000 for url in urls)


@pytest.mark.parametrize("place", ["feeds", "sitemaps"])
def test_an_entity_never_reads_a_file(listed, web, tmp_path, place) -> None:
    secret = tmp_path / "secret"
    secret.write_text("topsecret")
    doctype = f'<!DOCTYPE r [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY h SYSTEM "{web.url}/leak">]>'
    body = feed(ITEM.format("&f;", "&f;&h;")).decode().replace("?>", "?>" + doctype, 1)
    if place == "sitemaps":
        body = doctype + SITEMAP.format(LOC.format("url", f"{web.url}/&f;&h;"))
    urls, _ = listed(body.encode(), place)
    assert "topsecret" not in "".join(urls)
    assert "/leak" not in web.paths


def test_a_sitemap_of_60_000_urls_is_read_within_bounds(listed, web) -> None:
    urls, _ = listed(
        SITEMAP.format("".join(LOC.format("url", f"{web.url}/n/{n}") for n in range(60_000))).encode(),
        "sitemaps",
        max_body_bytes=16 * 1024 * 1024,
    )
    assert 0 < len(urls) <= 60_000


def test_a_cycle_of_sitemaps_is_walked_once(listed, web) -> None:
    for name, other in (("one", "two"), ("two", "one"), ("list", "one")):
        web.routes[f"/{name}"] = answer(
            INDEX.format(LOC.format("sitemap", f"{web.url}/{other}")).encode(), Content_Type="application/xml"
        )
    body = INDEX.format(LOC.format("sitemap", f"{web.url}/one") + LOC.format("sitemap", f"{web.url}/list"))
    listed(body.encode(), "sitemaps")
    assert len(web.paths) == len(set(web.paths))


def test_sitemaps_that_breed_without_end_are_cut_off(listed, web) -> None:
    def child(stage) -> None:
        ask = len(stage.web.requests)
        body = INDEX.format(LOC.format("sitemap", f"{web.url}/s{ask}"))
        stage.web.routes[f"/s{ask}"] = child
        stage.send(answer(body.encode(), Content_Type="application/xml"))

    web.routes["/s"] = child
    listed(INDEX.format(LOC.format("sitemap", f"{web.url}/s")).encode(), "sitemaps")
    assert len(web.paths) < 1000


def test_a_gzipped_sitemap_that_is_a_bomb_gives_nothing(listed) -> None:
    assert listed(gzip.compress(bytes(80_000_000)), "sitemaps", "application/gzip")[0] == []


def test_links_that_are_not_of_the_web_are_no_candidates(listed) -> None:
    links = (
        "file:///etc/passwd",
        "javascript:alert(1)",
        "mailto:a@b",
        "ftp://harbour.example/a",
        "http://",
        "http://[",
    )
    body = feed("".join(f"<item><title>x</title><link>{link}</link></item>" for link in links))
    assert listed(body)[0] == []


GARBAGE = {
    "nothing": b"",
    "NUL bytes": bytes(9999),
    "a bracket": b"<",
    "half a tag": b"<rss",
    "prose": b"not a feed",
    "a web page": b"<html><p>Moved</p></html>",
    "an empty object": b"{}",
    "a feed of the number three": b'{"items": 3}',
    "50,000 tags in each other": b"<rss>" * 50_000,
    "a lying byte order mark": b"\xff\xfe<rss/>",
    "an encoding that is none": b"<?xml version='1.0' encoding='x-none'?><rss/>",
    "a link of 900 kB": b"<rss><channel><item><link>" + b"a" * 900_000,
    "100,000 lists in each other": b"[" * 100_000,
    "an attribute of 900 kB": b'<rss a="' + b"x" * 900_000,
}


@pytest.mark.parametrize("place", ["feeds", "sitemaps"])
@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_never_crashes_the_stage_and_its_counts_balance(listed, name, place) -> None:
    urls, _ = listed(GARBAGE[name], place)
    assert all(url.startswith("http://") and len(url) < 10_000 for url in urls)


def test_control_characters_in_a_feed_cost_one_item_at_most(listed, web) -> None:
    urls, _ = listed(feed(ITEM.format("a\x0b\x1f", "a") + ITEM.format("b", "b")))
    assert f"{web.url}/news/b" in urls
