"""Authors in lines that no mark-up calls so: bylines that contradict machines, labels, signatures; and what is none."""

from __future__ import annotations

import pytest
from parse_pages import EN, ld, page

from newshouse.records import Author

OTHER = ld(author={"@type": "Person", "name": "Karin Vos"}, datePublished="2026-07-04T07:30:00Z")


def _below(*blocks: str) -> bytes:
    """A page with these blocks below its text."""
    return page().replace(b"</article>", f"{''.join(blocks)}</article>".encode())


def _names(article) -> list[str]:
    return [author.name for author in article.authors]


def test_readers_are_told_who_wrote_it_and_machines_who_entered_it(read):
    article = read(page("<p>By Ines Falk, Courier Columnist</p>", jsonld=OTHER))
    assert article.authors == (Author("Ines Falk", role="Courier Columnist"),)
    assert (article.credit, article.byline) == (("Ines Falk",), "By Ines Falk, Courier Columnist")
    assert article.field_origin["authors"] == "html"


@pytest.mark.parametrize(
    "line",
    [
        "<p>By Tom Berg</p><p>Edited by Karin Vos</p>",  # the page shows both
        "<p>By Royal Appointment</p><p>royal</p>",  # it says one of the words in small letters
        "<div class='photo-credit'>By Tom Berg</div>",
        "<figure><img src='/a.jpg'><figcaption>By Tom Berg</figcaption></figure>",
        "<p>By Jane Smith (Harbour Press, 320 pages)</p>",  # a book
        "<div class='related'><p>By Tom Berg</p></div>",
        "<p>By the harbour</p>",
        "<p>By Getty Images</p>",
        "<p>By Lake Morrow</p>",
        "<p>The strike goes on.</p><h2>By Ferry Alone</h2>",
    ],
)
def test_other_lines_do_not_contradict_what_machines_are_told(read, line):
    assert _names(read(page(line, jsonld=OTHER))) == ["Karin Vos"]


@pytest.mark.parametrize("label", ["Author", "Article by", "About the author", "Über die Autorin", "Sobre el autor:"])
def test_a_name_below_a_label_is_the_author(read, label):
    assert _names(read(_below(f"<div><h4>{label}</h4><p>Ines Falk</p></div>"))) == ["Ines Falk"]


def test_a_biography_names_nobody_but_its_subject(read):
    bio = "<p>Ines Falk has covered the harbour for ten years. She lives in Vale with two cats.</p>"
    box = f"<section class='author-box'><h4>About the author</h4><h3>Ines Falk</h3>{bio}</section>"
    assert _names(read(_below(box))) == ["Ines Falk"]


@pytest.mark.parametrize(
    "blocks",
    [
        "<div>Author</div><div>Jane Smith</div><div>Publisher</div><div>Harbour Press</div>",
        "<h4>About the author</h4><p>Jane Smith</p><h4>About the author</h4><p>Tom Berg</p>",
        "<h3><a href='/y'>The lighthouse that nobody wanted to keep</a></h3><p>Written by</p><p>Tom Berg</p>",
        "<div class='comments'><p>Author</p><p>Rude Reader</p></div>",
        "<h4>Author</h4><p>Related Articles</p>",
        "<h4>Authors</h4><p>Harbour Institute</p>",
    ],
)
def test_a_label_of_something_else_names_no_author(read, blocks):
    assert _names(read(_below(blocks))) == []


def test_a_name_in_bold_type_at_the_end_signs_the_text(read):
    body = page(paragraphs=EN).replace(b"</div></article>", b"<p><b><i>Ines Falk</i></b></p></div></article>")
    article = read(body)
    assert (_names(article), article.byline) == (["Ines Falk"], "Ines Falk")
    assert article.paragraphs[-1].text == EN[-1]


@pytest.mark.parametrize(
    "end",
    [
        "<p>“We are closer than we were.”</p><p><b>Ines Falk</b></p>",  # who said it
        "<p>They are closer, said Falk of the port.</p><p><b>Ines Falk</b></p>",  # spoken of
        "<p>Press contact:</p><p><b>Ines Falk</b></p>",
        "<p><b><a href='/x'>Ines Falk</a></b></p>",
        "<p><b>Related Articles</b></p>",
        "<p><b>Opening Hours</b></p>",
        "<p><b>Lea También</b></p>",
        "<p><b>Weitere Informationen</b></p>",
        "<p>Text: von Hand</p>",
        "<p>Bericht von der Küste</p>",
        "<p><b>Try an Offer</b></p>",
        "<p>Ines Falk</p>",
    ],
)
def test_other_lines_at_the_end_sign_nothing(read, end):
    assert _names(read(page().replace(b"</div></article>", f"{end}</div></article>".encode()))) == []


@pytest.mark.parametrize(
    "line", ["4 July 2026 - Tide Table", "4 July 2026 - Ferry Talks", "Buenos Aires | 4 July 2026"]
)
def test_a_site_a_topic_or_a_place_beside_the_date_is_no_author(read, line):
    head = "<meta property='og:site_name' content='Tide Table'>"
    assert _names(read(page(f"<p>{line}</p>", head=head), url="https://www.vale.example/a")) == []


def test_the_name_above_the_headline_counts_if_its_line_has_the_date(read):
    body = page().replace(b"<article>", b"<article><small>04.07.2026 | 13:10 Uhr | Ines Falk</small>")
    assert _names(read(body)) == ["Ines Falk"]
    assert _names(read(page().replace(b"<article>", b"<article><small>Ines Falk</small>"))) == []


def test_the_publishers_own_name_is_not_taken_apart(read):
    head = "<meta name='author' content='Bread &amp; Tide'>"
    article = read(page(head=head, jsonld={"@type": "WebSite", "name": "Bread & Tide"}))
    assert (article.authors, article.credit) == ((), ("Bread & Tide",))


def test_joined_roles_and_houses_are_no_people(read):
    line = "<p class='byline'>Ines Falk, Senior Director, Content &amp; Marketing, Tide Institute</p>"
    assert read(page(line)).authors == (Author("Ines Falk", role="Senior Director", organisation="Tide Institute"),)
    line = "<p class='byline'>By Ines Falk, Political Editor and Tom Berg, Reporter</p>"
    assert read(page(line)).authors == (
        Author("Ines Falk", role="Political Editor"),
        Author("Tom Berg", role="Reporter"),
    )


def test_somebody_may_be_called_as_a_lake(read):
    assert _names(read(page("<p class='byline'>By Ines Falk and Lake Morrow</p>"))) == ["Ines Falk", "Lake Morrow"]
    assert _names(read(page("<p class='byline'>Ines Falk | Lake Placid</p>"))) == ["Ines Falk"]


def test_a_reference_is_completed_by_the_node_of_its_id(read):
    stub = {"@type": "Person", "@id": "#/p/1", "name": "Ines Falk"}
    graph = {"@graph": [ld(author={"@id": "#/p/1", "name": "Ines Falk"}), stub | {"jobTitle": "Harbour reporter"}]}
    assert read(page(jsonld=graph)).authors == (Author("Ines Falk", role="Harbour reporter"),)
