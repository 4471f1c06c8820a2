"""Foreign bytes never raise, take bounded time, and give the same answer twice."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parse_pages import AR, CAPTURED, DE, EN, JA, KO, URL, ld, meta, page

from newshouse.errors import ContractError
from newshouse.parse.dumps.dump import parse_dump
from newshouse.parse.page import parse_page
from newshouse.records import Article, NoArticle

SECONDS = 2.0
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SEEDS = [
    page(jsonld=ld(author="Ines Falk", datePublished="2026-07-04T08:15:00Z")),
    page(
        "<p class=byline>Von Jörg Weiß</p><figure><img src=a.jpg><figcaption>Hafen</figcaption></figure>",
        lang="de",
        paragraphs=DE,
    ),
    page(head=meta(article__published_time="2026-07-04", og__title="해운"), lang="ko", paragraphs=KO),
    page("<time datetime='2026-07-04T08:15:00+99:99'>x</time><p class=date>4 July 2026 10:00 +30:00</p>"),
    page(lang="ar", paragraphs=AR),
    page(lang="ja", paragraphs=JA).decode().replace("utf-8", "shift_jis").encode("cp932", "replace"),
]


def parse(body: bytes) -> Article | NoArticle:
    return parse_page(body, URL, CAPTURED, {})


@QUICK
@given(st.binary(max_size=3000))
def test_random_bytes_never_raise(body):
    assert isinstance(parse(b"<html>" + body), Article | NoArticle)
    assert isinstance(parse_dump(body, "x.md", CAPTURED), Article | NoArticle)


@QUICK
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 60), st.binary(max_size=12)), max_size=8),
)
def test_mutated_pages_never_raise_and_give_the_same_answer_twice(seed, cuts):
    body = bytearray(seed)
    for at, length, new in cuts:
        start = at % (len(body) + 1)
        body[start : start + length] = new
    assert parse(bytes(body)) == parse(bytes(body))


@QUICK
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_any_text_in_any_field_never_raises(one, two, three):
    article = parse(
        page(
            f"<p class=byline>{two}</p><time>{three}</time>",
            jsonld=ld(headline=one, author=two, datePublished=three),
            head=meta(author=one, date=two),
        )
    )
    assert isinstance(article, Article | NoArticle)


@pytest.mark.parametrize(
    "value", [None, 7, True, [], {}, [[]], [None], {"@type": None}, {"name": {"name": []}}, "x" * 100_000]
)
@pytest.mark.parametrize(
    "key",
    [
        "@type",
        "@id",
        "author",
        "headline",
        "image",
        "keywords",
        "datePublished",
        "publisher",
        "hasPart",
        "mainEntityOfPage",
        "license",
        "articleSection",
    ],
)
def test_jsonld_of_any_shape_is_read_or_ignored(key, value):
    assert isinstance(parse(page(jsonld=ld(**{key: value}))), Article | NoArticle)


def around(text: str) -> bytes:
    return page("@@").replace(b"@@", text.encode())


entries = "<div>" + f"<div><time>11:20</time><p>{EN[1]}</p></div>" * 3 + "</div>"


@pytest.mark.parametrize(
    "body",
    [
        around("<div>" * 200_000),
        around("<b><i>" * 100_000),
        around("<p>x" * 5_000_000),
        around("<div " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">"),
        around("<ul><li>" * 50_000),
        around("<table><tr><td>" * 20_000),
        around("<a href=x>" * 100_000),
        page(jsonld='{"@type":' * 100_000),
        page(jsonld='{"@graph":[' + '{"@type":"NewsArticle","headline":"x"},' * 50_000),
        page(h1="x - " * 200_000, title="y | " * 200_000),
        around("<!--" * 500_000),
        around("<figure><figcaption>" + "photo: " * 100_000),
        around("<p class=byline>" + "By A, " * 100_000),
        around(f"<p>by {'A' * 60}!</p>"),
        around("<script>" * 300_000),
        around("&amp;" * 2_000_000),
        around("<p>" + "港湾当局は、" * 600_000),
        around("<div>" * 150 + f"<p>{EN[0]}" * 60_000),
        around("<h1>x y</h1>" * 60_000),
        around("<ul>" + "<li>x y z" * 60_000),
        around("<p>" + "<b>x</b> " * 60_000),
        around("<table>" + "<tr><td>a b</td><td>c</td></tr>" * 30_000),
        around("".join(f"<p class='c{n} sidebar{n} x{n}-y'>Some words, here.</p>" for n in range(60_000))),
        around("<span class=author>By Ann Lee</span>" * 60_000),
        around("<div class='byline date author'><time>" * 400 + f"<p>{EN[0] * 6}" * 4_000),
        around("<a rel=author href=/author/ann-lee itemprop=author><span class=date>x</span>" * 400 + EN[0] * 25_000),
        page(head="".join(f"<meta name=author content='{n}{'-' * 1990}'>" for n in range(5))),
        page(head="".join(f"<meta name=published{n} content={n}>" for n in range(60_000))),
        page(jsonld=ld(articleBody="Some words are here. " * 100_000)),
        page(jsonld='{"@type":"NewsArticle","headline":"x",' + '"a":"b" ' * 200_000),
        page(jsonld="{bad -->" + " " * 30_000 + "x"),
        around("<div>" * 150 + entries * 800),
        around("</div></article><article>" + "<h2>x y z</h2>" * 4_900 + f"<p>{EN[0]}"),
        around("</div></article>" + "<article><h2>x y z</h2></article>" * 4_900),
        around(f"</div></article><article class=b><h1>x y z</h1><p>{EN[0]}" * 3_000),
        b"<html><p a='" + b"b=' " * 5_000_000,
        b"\xff\xfe" + ("<html>" + "<p>word " * 1_000_000).encode("utf-16-le"),
        b"<html><meta charset=euc-kr><p>" + Random(1).randbytes(8_000_000),
    ],
    ids=[
        "deep", "formatting", "20MB", "attributes", "lists", "tables", "anchors", "json", "graph", "titles",
        "comments", "captions", "byline", "name", "scripts", "entities", "characters", "good", "headings", "items",
        "inline", "rows", "classes", "authors", "nested", "nested links", "dashes", "metas", "articlebody",
        "broken json", "wrapping", "live", "next", "nexts", "listed", "quotes", "utf-16", "noise",
    ],
)  # fmt: skip
def test_a_monstrous_page_takes_less_than_two_seconds(body):
    start = process_time()
    assert isinstance(parse(body), Article | NoArticle)
    assert process_time() - start < SECONDS


def test_headers_without_a_value_are_as_good_as_absent():
    headers: dict[str, str] = {"Content-Type": None, "X-Robots-Tag": None}  # type: ignore[dict-item]
    assert parse_page(SEEDS[0], URL, CAPTURED, headers) == parse(SEEDS[0])


def test_a_time_of_capture_without_a_zone_is_refused_by_name():
    with pytest.raises(ContractError, match=r"captured_at 2026-07-10 12:00:00 has no time zone"):
        parse_page(SEEDS[0], URL, CAPTURED.replace(tzinfo=None), {})
