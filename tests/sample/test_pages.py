from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape

import pytest
from selectolax.lexbor import LexborHTMLParser

from newshouse.sample.content import publishers
from newshouse.sample.truth import ExpectedPage, expected

from .conftest import EPOCH, FIRST_RUN, SECOND_RUN, THIRD_RUN, Get

SHOWN = ("article", "paywall_stub", "video_page")


def pages(today: date, *kinds: str) -> Iterator[ExpectedPage]:
    return (page for page in expected(EPOCH, today) if page.kind in kinds)


def decoded(get: Get, today: date, page: ExpectedPage) -> str:
    charset = "windows-1252" if "wrong_charset" in page.quirks else publishers()[page.source_id].charset
    return get(today, page.url).body.decode(charset)


def text_of(html: str) -> str:
    body = LexborHTMLParser(html).body
    assert body is not None
    return " ".join(body.text(separator="").split())


@pytest.mark.parametrize("today", [FIRST_RUN, SECOND_RUN, THIRD_RUN])
def test_every_page_shows_what_the_truth_says(get: Get, today: date) -> None:
    for page in pages(today, *SHOWN):
        text = text_of(decoded(get, today, page))
        assert page.title in text, page.url
        assert [p for p in page.paragraphs if p not in text] == [], page.url
        for caption, credit in page.captions:
            assert caption in text
            assert credit in text
        for name in page.authors:
            assert name in text, (page.url, name)


def test_a_page_is_the_same_bytes_whenever_it_is_made(get: Get) -> None:
    for page in pages(SECOND_RUN, *SHOWN):
        assert get(SECOND_RUN, page.url).body == get(SECOND_RUN, page.url).body


def test_only_revised_and_removed_pages_change_between_two_days(get: Get) -> None:
    after = {page.url: page for page in expected(EPOCH, SECOND_RUN)}
    changed = set()
    for page in pages(FIRST_RUN, *SHOWN):
        before, now = get(FIRST_RUN, page.url), get(SECOND_RUN, page.url)
        if before.etag != now.etag:
            changed.add(page.url)
            assert before.modified_at is not None
            assert now.modified_at is None or now.modified_at > before.modified_at
        else:
            assert now.modified_at == before.modified_at
    wanted = {url for url, page in after.items() if page.kind in ("gone", "soft_404") or page.revision > 1}
    assert changed == wanted
    assert len(wanted) >= 8


def test_a_corrected_headline_a_corrected_body_and_an_update_are_among_the_changes() -> None:
    before = {page.url: page for page in expected(EPOCH, FIRST_RUN)}
    revised = [page for page in pages(SECOND_RUN, "article") if page.revision > 1]
    assert any(
        page.title != before[page.url].title and page.paragraphs == before[page.url].paragraphs for page in revised
    )
    assert any(page.paragraphs[-1].startswith("Correction:") for page in revised)
    assert any(page.paragraphs[: len(before[page.url].paragraphs)] == before[page.url].paragraphs
               and len(page.paragraphs) > len(before[page.url].paragraphs) for page in revised)  # fmt: skip


def test_removed_articles_answer_404_410_and_a_page_that_only_looks_like_one(get: Get) -> None:
    statuses = {get(SECOND_RUN, page.url).status for page in pages(SECOND_RUN, "gone")}
    assert statuses == {404, 410}
    (soft,) = pages(SECOND_RUN, "soft_404")
    answer = get(SECOND_RUN, soft.url)
    assert answer.status == 200
    assert "couldn't find the page" in unescape(answer.body.decode())


def test_json_ld_states_the_type_the_authors_and_the_dates(get: Get) -> None:
    types = set()
    for page in pages(THIRD_RUN, "article", "video_page", "paywall_stub"):
        if page.source_id != "harbour-ledger":
            continue
        script = LexborHTMLParser(decoded(get, THIRD_RUN, page)).css_first('script[type="application/ld+json"]')
        assert script is not None
        data = json.loads(script.text())
        types.add(data["@type"])
        assert datetime.fromisoformat(data["datePublished"]) == page.published_at
        assert data["headline"] == page.title
        assert data["isAccessibleForFree"] is (page.kind != "paywall_stub")
        if page.authors:
            assert tuple(author["name"] for author in data["author"]) == page.authors
    assert types == {"NewsArticle", "OpinionNewsArticle", "LiveBlogPosting", "VideoObject"}


@pytest.mark.parametrize(
    ("publisher_id", "selector", "there"),
    [
        ("vale-courier", 'script[type="application/ld+json"], article, p, [property]', False),
        ("vale-courier", "div.txt br + br", True),
        ("talbruecker-anzeiger", '[itemtype="https://schema.org/NewsArticle"] [itemprop=articleBody]', True),
        ("lanterne-du-val", 'meta[property="article:published_time"]', True),
        ("lanterne-du-val", 'script[type="application/ld+json"]', False),
        ("manarat-alsahil", 'html[dir=rtl][lang="ar"]', True),
        ("meridian-wire", "span.dateline", True),
    ],
)
def test_each_publisher_has_its_own_way_of_marking_up(get: Get, publisher_id: str, selector: str, there: bool) -> None:
    for page in pages(FIRST_RUN, "article"):
        if page.source_id == publisher_id and "amp" not in page.quirks:
            html = LexborHTMLParser(decoded(get, FIRST_RUN, page))
            assert bool(html.css(selector)) is there, page.url


def test_the_wrong_charset_page_declares_utf_8_but_is_not(get: Get) -> None:
    (page,) = (p for p in pages(FIRST_RUN, "article") if "wrong_charset" in p.quirks)
    answer = get(FIRST_RUN, page.url)
    assert answer.content_type == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_the_amp_variant_names_the_true_address(get: Get) -> None:
    (page,) = (p for p in pages(FIRST_RUN, "article") if "amp" in p.quirks)
    canonical = LexborHTMLParser(decoded(get, FIRST_RUN, page)).css_first("link[rel=canonical]")
    assert canonical is not None
    assert canonical.attributes["href"] == page.canonical_url
    assert page.listed_url == page.url == page.canonical_url + "/amp"
    assert get(FIRST_RUN, page.canonical_url).status == 200


def test_an_old_address_points_to_the_new_one(get: Get) -> None:
    (page,) = (p for p in pages(FIRST_RUN, "article") if "redirected" in p.quirks)
    assert (get(FIRST_RUN, page.listed_url).status, get(FIRST_RUN, page.listed_url).location) == (301, page.url)


def test_tracking_parameters_lead_to_the_same_page(get: Get) -> None:
    page = next(pages(FIRST_RUN, "article"))
    assert get(FIRST_RUN, page.url + "?utm_source=x&fbclid=y").etag == get(FIRST_RUN, page.url).etag


def test_home_pages_link_their_feeds_and_latest_stories(get: Get) -> None:
    for publisher in publishers().values():
        html = LexborHTMLParser(get(FIRST_RUN, f"http://{publisher.host}/").body.decode(publisher.charset))
        alternates = {link.attributes["href"] for link in html.css("link[rel=alternate]")}
        assert alternates >= {f.path for f in publisher.feeds if "sitemap" not in f.kind}
        listed = [p for p in expected(EPOCH, FIRST_RUN) if p.source_id == publisher.id and p.listed]
        assert len(html.css("h3 a")) == len(listed)


def test_pictures_and_robots_files_are_served(get: Get) -> None:
    assert get(FIRST_RUN, "http://www.harbourledger.example/img/1040.svg").body.startswith(b"<svg")
    robots = {p.id: get(FIRST_RUN, f"http://{p.host}/robots.txt").body.decode() for p in publishers().values()}
    assert "Disallow: /private/" in robots["harbour-ledger"]
    assert "Crawl-delay: 0.2" in robots["vale-courier"]


def test_an_unknown_path_is_a_real_404(get: Get) -> None:
    assert get(FIRST_RUN, "http://www.lanterneduval.example/nulle-part").status == 404
    assert get(FIRST_RUN, "http://www.lanterneduval.example/nulle-part").body


def test_a_story_is_not_on_line_on_the_day_it_is_published(get: Get) -> None:
    page = next(p for p in expected(EPOCH, SECOND_RUN) if p.published_at and p.published_at.date() == FIRST_RUN)
    assert get(FIRST_RUN, page.url).status == 404
    assert get(SECOND_RUN, page.url).status == 200
