"""Sections, tags, authors and search results are no articles, however long their blurbs; lists in an article are."""

from __future__ import annotations

import pytest
from parse_pages import DE, EN, FR, ld, meta, page

from newshouse.records import Article, NoArticle

BLURBS = (*EN, *DE)
OWN = (*FR, "A list of what the harbour has to offer on a rainy day, which we have put together for you.")
CARDS = "".join(
    f"<div><h3><a href=/a/{n}>Story {n} of the harbour</a></h3><p>{t}</p></div>" for n, t in enumerate(BLURBS)
)


def refused(read, body: bytes) -> str:
    found = read(body, url="https://www.harbour-courier.example/harbour")
    assert isinstance(found, NoArticle)
    return found.reason


def front(name: str, body: str = CARDS, **more) -> bytes:
    return page(body, paragraphs=(), h1=name, title=f"{name} | Harbour Courier", **more)


FRONTS = {
    "section": front("Harbour"),
    "section that says it is an article": front("Harbour", head=meta(og__type="article")),
    "author": front("Ines Falk", f"<p>{FR[0]}</p>{CARDS}", head=meta(og__type="profile")),
    "headings inside their links": front(
        "Harbour",
        CARDS.replace("<h3><a href", "<a href")
        .replace(">Story", "><i>New</i><h3>Story")
        .replace("</a></h3>", "</h3></a>"),
    ),
    "search results": front("Search results for ferry"),
    "dates between": front("Harbour", CARDS.replace("</h3>", "</h3><time>4 July 2026</time>")),
}


@pytest.mark.parametrize("body", FRONTS.values(), ids=FRONTS)
def test_a_page_of_blurbs_below_their_own_links_is_a_section_front(read, body):
    assert refused(read, body) == "section_front"


def test_a_missing_page_that_recommends_others_is_a_soft_404(read):
    body = page(
        f"<p>The link may be old. Try the search.</p>{CARDS}", paragraphs=(), h1="Sorry", title="Page not found"
    )
    assert refused(read, body) == "soft_404"


LISTS = {
    "places with sites of their own": page(CARDS.replace("/a/", "https://cafe.example/"), paragraphs=()),
    "an introduction of some length": page(f"<p>{'</p><p>'.join(OWN)}</p>{CARDS}", paragraphs=()),
    "headings that lead nowhere": page(CARDS.replace("/a/", "#a"), paragraphs=()),
    "a stated article": page(CARDS, paragraphs=(), jsonld=ld()),
    "a stated day": page(CARDS, paragraphs=(), head=meta(article__published_time="2026-07-04")),
    "several paragraphs each": page(
        "".join(CARDS.replace("</p>", f" {n}.</p><p>{FR[0]} {n}.</p><p>{FR[1]} {n}.</p>") for n in range(3)),
        paragraphs=(),
    ),
}


@pytest.mark.parametrize("body", LISTS.values(), ids=LISTS)
def test_an_article_made_of_a_list_is_an_article(read, body):
    assert isinstance(read(body), Article)
