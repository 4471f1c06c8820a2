from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import ConfigError
from newshouse.sources.draft import draft_source
from newshouse.sources.load import check_sources, load_sources
from newshouse.sources.model import Politeness, Source

NEWS_SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>"""
RSS = b"""<rss version="2.0"><channel><title>Sparrow</title></channel></rss>"""
HOME = """<!doctype html><html lang="ko-KR"><head><meta charset="utf-8"><title>Front page | Sparrow</title>
<meta property="og:site_name" content="The Daily  Sparrow: 참새">
<link rel="alternate" type="application/rss+xml" title="All news" href="/rss/all.xml">
<link rel="alternate" type="application/atom+xml" href="https://feeds.sparrow.example/atom">
</head><body><a href="/rss/archive.xml">RSS</a></body></html>"""


def web(**pages: bytes) -> Callable[[str], bytes | None]:
    """A probe that knows some paths, e.g. `robots_txt` for /robots.txt."""
    known = {f"/{path.replace('__', '-').replace('_', '.')}": body for path, body in pages.items()}
    return lambda url: known.get("/" + url.split("/", 3)[3])


def draft(tmp_path: Path, homepage: str, body: str | bytes, probe: Callable[[str], bytes | None]) -> str:
    text = draft_source(homepage, body.encode() if isinstance(body, str) else body, probe)
    source_id = next(line.split()[1] for line in text.splitlines() if line.startswith("id:"))
    (tmp_path / f"{source_id}.yaml").write_text(text, encoding="utf-8")
    return text


def test_a_full_homepage_gives_a_file_that_loads_as_it_is(tmp_path: Path) -> None:
    probe = web(robots_txt=b"Sitemap: /sitemap.xml\nsitemap: https://www.sparrow.co.kr/news.xml", news_xml=NEWS_SITEMAP)
    draft(tmp_path, "https://www.sparrow.co.kr", HOME, probe)
    assert load_sources(tmp_path)["sparrow"] == Source(
        id="sparrow",
        name="The Daily Sparrow: 참새",
        country="KR",
        language="ko",
        timezone="Asia/Seoul",
        homepage="https://www.sparrow.co.kr/",
        feeds=("https://www.sparrow.co.kr/rss/all.xml", "https://feeds.sparrow.example/atom"),
        sitemaps=("https://www.sparrow.co.kr/news.xml",),
        politeness=Politeness(delay_seconds=3.0),
        verified=False,
        path=str(tmp_path / "sparrow.yaml"),
    )


def test_what_the_page_does_not_tell_is_left_to_a_person_and_asked_for_by_line(tmp_path: Path) -> None:
    draft(tmp_path, "https://sparrow.com/", "<p>hello", web())
    assert [problem.split(": ")[1:3] for problem in check_sources(tmp_path)] == [
        ["name", "expected one line of text, got nothing."],
        ["country", "expected an ISO 3166-1 code of two capital letters, such as 'KR', got nothing."],
        ["language", "expected an ISO 639-1 code of two small letters, such as 'ko', got nothing."],
        ["timezone", "expected an IANA time zone, such as 'Asia/Seoul', got nothing."],
    ]


@pytest.mark.parametrize(
    ("homepage", "country", "zone"),
    [
        ("https://www.sparrow.co.uk/", "GB", "Europe/London"),
        ("https://sparrow.de/", "DE", None),  # zone.tab has two: Europe/Berlin and Europe/Busingen
        ("https://sparrow.no/", "'NO'", "Europe/Oslo"),
        ("https://sparrow.com.au/", "AU", None),
        ("https://sparrow.io/", None, None),
        ("https://sparrow.tv/", None, None),
        ("https://sparrow.eu/", None, None),
        ("https://sparrow.news/", None, None),
        ("http://127.0.0.1:8080/", None, None),
    ],
)
def test_country_and_zone_come_from_a_country_domain_or_not_at_all(
    tmp_path: Path, homepage: str, country: str | None, zone: str | None
) -> None:
    lines = draft(tmp_path, homepage, HOME, web()).splitlines()
    stated = {line.split(":")[0]: line.partition(":")[2].split("  # ")[0].strip() or None for line in lines}
    assert (stated["country"], stated["timezone"]) == (country, zone)


@pytest.mark.parametrize(
    ("lang", "language"), [("en", "en"), ("pt_BR", "pt"), ("EN-gb", "en"), ("xx", None), ("", None)]
)
def test_the_language_is_the_one_that_the_page_states(tmp_path: Path, lang: str, language: str | None) -> None:
    text = draft(tmp_path, "https://sparrow.co.kr/", HOME.replace("ko-KR", lang), web())
    assert (f"language: {language}  #" in text) is (language is not None)
    assert ("language:  # TODO" in text) is (language is None)


def test_the_page_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    body = '<html lang="ko"><meta charset="euc-kr"><title>참새 일보</title>'.encode("euc-kr")
    assert "name: 참새 일보  #" in draft(tmp_path, "https://sparrow.co.kr/", body, web())


def test_links_that_only_look_like_feeds_are_looked_at(tmp_path: Path) -> None:
    home = '<a href="/feed.xml">feed</a><a href="/rss/index.xml">about RSS</a>'
    text = draft(tmp_path, "https://sparrow.co.kr/", home, web(feed_xml=RSS, rss=b"<html>What is RSS?</html>"))
    assert "feeds:\n  - https://sparrow.co.kr/feed.xml  # feed\nsitemaps: []" in text


def test_a_news_sitemap_at_a_usual_place_is_found_when_robots_names_none(tmp_path: Path) -> None:
    packed = gzip.compress(NEWS_SITEMAP)
    text = draft(tmp_path, "https://sparrow.co.kr/a/b", HOME, web(news__sitemap_xml=packed))
    assert "sitemaps:\n  - https://sparrow.co.kr/news-sitemap.xml\n" in text


def test_a_place_that_answers_every_address_with_a_page_has_no_sitemaps(tmp_path: Path) -> None:
    assert "sitemaps: []  # none found" in draft(
        tmp_path, "https://sparrow.co.kr/", HOME, lambda _: b"<html>Hello</html>"
    )


def test_a_long_list_of_sitemaps_is_not_walked_through(tmp_path: Path) -> None:
    robots = "\n".join(f"Sitemap: /archive/{number}.xml" for number in range(999)).encode()
    asked: list[str] = []

    def probe(url: str) -> bytes | None:
        asked.append(url)
        return robots if url.endswith("robots.txt") else NEWS_SITEMAP if "archive" in url else None

    text = draft(tmp_path, "https://sparrow.co.kr/", HOME, probe)
    assert text.count("/archive/") == 5
    assert len(asked) < 12


@pytest.mark.parametrize(
    ("homepage", "source_id"),
    [
        ("https://www.163.com/", "163"),
        ("https://en.yna.co.kr/", "yna"),
        ("http://127.0.0.1:8080/", "127-0-0-1"),
        ("http://[::1]/", "1"),
        ("http://localhost/", "localhost"),
        ("https://www.müller.de/", "xn-mller-kva"),
    ],
)
def test_the_id_comes_from_the_name_that_somebody_registered(tmp_path: Path, homepage: str, source_id: str) -> None:
    draft(tmp_path, homepage, HOME, web())
    assert [path.stem for path in tmp_path.iterdir()] == [source_id]
    assert [problem for problem in check_sources(tmp_path) if ": id: " in problem] == []


def test_an_address_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(ConfigError, match="Give the whole address"):
        draft_source("sparrow.co.kr", b"", web())


@given(
    st.text(),
    st.text(),
    st.text() | st.sampled_from(["/rss.xml#a b", "//x.example/ # : {", "javascript:", "http://[", "/:"]),
    st.binary() | st.text().map(lambda text: f"Sitemap: {text}".encode()),
)
def test_whatever_a_page_says_the_draft_is_yaml_with_nothing_wrong_but_missing_facts(
    tmp_path_factory: pytest.TempPathFactory, name: str, lang: str, href: str, robots: bytes
) -> None:
    folder = tmp_path_factory.mktemp("draft")
    home = (
        f"<html lang='{lang}'><title>{name}</title>"
        f"<link rel=alternate type='application/rss+xml' title='{name}' href='{href}'>"
    ).encode("utf-8", "replace")
    draft(folder, "https://sparrow.co.kr/", home, lambda url: robots if url.endswith("robots.txt") else NEWS_SITEMAP)
    assert [p for p in check_sources(folder) if not p.endswith("got nothing.")] == []
