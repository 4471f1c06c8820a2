"""Where credits stand, and which of them is believed."""

from __future__ import annotations

import pytest
from parse_pages import ld, meta, page

from newshouse.parse.authors import credited
from newshouse.records import Author, Wire


def label(label: str, data: str) -> str:
    return f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="{data}">'


def test_the_label_of_a_shared_link_names_the_author(read):
    article = read(page(head=label("Escrito por", "Ines Falk")))
    assert (article.authors, article.field_origin["authors"]) == ((Author("Ines Falk"),), "meta")
    assert read(page(head=label("Est. reading time", "3 minutes"))).authors == ()


def test_a_full_name_in_print_is_better_than_an_account(read):
    article = read(page("<p class='byline'>By Ines Falk</p>", jsonld=ld(author={"name": "ifalk"})))
    assert (article.authors, article.field_origin["authors"]) == ((Author("Ines Falk"),), "html")


def test_a_printed_line_with_more_names_is_the_whole_one(read):
    article = read(page("<p class='byline'>By Ines Falk and Tom O’Dare</p>", jsonld=ld(author={"name": "Ines Falk"})))
    assert [author.name for author in article.authors] == ["Ines Falk", "Tom O’Dare"]


def test_what_a_printed_line_says_beside_the_name_is_no_further_author(read):
    line = "<p class='byline'>By Ines Falk and harbour matters</p>"
    assert read(page(line, jsonld=ld(author={"name": "Ines Falk"}))).authors == (Author("Ines Falk"),)


def test_who_comments_is_no_author(read):
    body = page().replace(b"</article>", b"<div class='comment-list'><p class='author'>Rude Reader</p></div></article>")
    assert (read(body).authors, read(body).byline) == ((), None)


def test_by_may_stand_in_a_block_of_its_own(read):
    assert read(page("<div>By</div><div>Ines Falk</div>")).authors == (Author("Ines Falk"),)


def test_bylines_side_by_side_are_one_line(read):
    article = read(page("<div><p class='byline'>Ines Falk</p><p class='byline'>Tom O’Dare</p></div>"))
    assert [author.name for author in article.authors] == ["Ines Falk", "Tom O’Dare"]


def test_a_house_told_to_machines_gives_way_to_a_printed_person(read):
    article = read(page("<div>von Ines Falk</div>", head=meta(author="Harbour Courier")))
    assert (article.authors, article.byline) == ((Author("Ines Falk"),), "von Ines Falk")


def test_a_desk_is_a_byline_and_nobody(read):
    article = read(page("<h4 class='author-name'>By The Harbour Editors</h4>"))
    assert (article.authors, article.byline) == ((), "By The Harbour Editors")


def test_the_credit_counts_people_agencies_and_houses(read):
    both = {"author": [{"name": "Ines Falk"}, {"@type": "Organization", "name": "dpa"}]}
    assert credited(read(page(jsonld=ld(**both)))) == ("Ines Falk", "dpa")
    assert credited(read(page(jsonld=ld(author={"@type": "Organization", "name": "Reuters"})))) == ("Reuters",)
    assert credited(read(page(jsonld=ld(author={"name": "Harbour Courier"})))) == ("Harbour Courier",)
    assert credited(read(page())) == ()


def test_a_dateline_names_the_wire_and_credits_nobody(read):
    article = read(page(paragraphs=("SEOUL, July 4 (Yonhap) -- The port is open again, officials said on Monday.",)))
    assert article.wire is None or article.wire == Wire("Yonhap", "Yonhap")
    assert credited(article) == ()


@pytest.mark.parametrize("name", ["byline-correspondent", "correspondentByline", "unrelated byline"])
def test_a_byline_named_after_a_correspondent_is_not_a_response(read, name):
    assert read(page(f"<p class='byline {name}'>By Ines Falk</p>")).byline == "By Ines Falk"


@pytest.mark.parametrize("name", ["respond", "relatedStories", "storyRelated", "leserkommentare", "jcomments", "reply"])
def test_a_byline_of_what_stands_beside_the_article_is_none(read, name):
    assert read(page(f"<div class='{name}'><p class=byline>By Ines Falk</p></div>")).byline is None
