"""Which blocks of the container are kept, and which stand only beside the text."""

from __future__ import annotations

import pytest
from parse_pages import EN, URL, page

from newshouse.parse.body import read_body
from newshouse.parse.document import Document

TITLE = "Ferry strike talks resume"


def kinds_and_texts(*parts: str) -> list[tuple[str, str]]:
    body = f"<html><body><main><article><h1>{TITLE}</h1><div>{''.join(parts)}</div></article></main></body></html>"
    return [(p.kind, p.text) for p in read_body(Document.read(body.encode(), URL, {}), TITLE, None).paragraphs]


def texts(*parts: str) -> list[str]:
    return [text for _, text in kinds_and_texts(*parts)]


def paras(*some: str) -> str:
    return "".join(f"<p>{text}</p>" for text in some)


def test_the_id_of_a_heading_is_its_own_words_and_says_nothing():
    head = "<h2 id='related-cases-and-newsletters'>Related cases and newsletters</h2>"
    assert texts(paras(*EN[:2]), head, paras(*EN[2:])) == [*EN[:2], "Related cases and newsletters", *EN[2:]]


def test_an_id_made_up_by_chance_says_nothing_of_a_paragraph():
    assert texts(f"<p id='block-n1AdTagJl'>{EN[0]}</p>", paras(*EN[1:])) == list(EN)


def test_tables_and_quotes_in_figures_are_text_and_their_captions_are_not():
    table = "<figure class=wp-block-table><table><tr><td>June</td><td>1,180</td></tr></table><figcaption>Boats a month."
    quote = "<figure><blockquote><p>We did not sleep for a night, and we are none the wiser.</p></blockquote></figure>"
    found = kinds_and_texts(paras(*EN[:2]), f"{table}</figcaption></figure>", quote, paras(*EN[2:]))
    assert found[2:4] == [
        ("table", "June | 1,180"),
        ("quote", "We did not sleep for a night, and we are none the wiser."),
    ]
    assert len(found) == len(EN) + 2


def test_a_pull_quote_says_again_what_the_text_says():
    pulled = "<blockquote class=pullquote><p>We are closer than we were a week ago, said the crews.</p></blockquote>"
    assert texts(paras(*EN[:3]), pulled, paras(*EN[3:])) == list(EN)


@pytest.mark.parametrize("kicker", ["Night shifts: ", "<span>“Closer than ever”</span>", "Night shifts – "])
def test_the_headline_behind_a_kicker_is_said_once(read, kicker):
    found = read(page(f"<h2>{kicker}Ferry strike talks resume</h2>", h1=""))
    assert [p.text for p in found.paragraphs] == list(EN)


def test_a_subhead_that_ends_with_the_headline_stays(read):
    body = f"<div>{paras(EN[0])}<h2>Why the Ferry strike talks resume</h2>{paras(*EN[1:])}</div>"
    found = read(page(body, paragraphs=()))
    assert [p.text for p in found.paragraphs] == [EN[0], "Why the Ferry strike talks resume", *EN[1:]]


def test_a_page_laid_out_by_a_table_has_paragraphs_and_a_table_has_rows():
    lines = "<br><br>".join((*EN[:3], "No boat left.", *EN[3:]))
    laid_out = f"<table><tr><td><a href=/>Home</a><br><a href=/news>News</a></td><td>{lines}</td></tr></table>"
    assert kinds_and_texts(laid_out) == [("text", text) for text in (*EN[:3], "No boat left.", *EN[3:])]
    rows = "<table><tr><td><p>Quay</p></td><td><p>Open</p></td></tr></table>"
    assert kinds_and_texts(paras(*EN[:2]), rows, paras(*EN[2:]))[2] == ("table", "Quay | Open")


def test_paragraphs_that_only_a_style_makes():
    assert texts(*(f"<span style='display: block'>{text}</span>" for text in EN)) == list(EN)


def test_a_sentence_that_begins_like_a_label_is_text():
    told = (
        "Copyright in the drawings of the ferry belongs to the heirs of its builder, a court ruled in May.",
        "Sign up numbers for the new line rose to 900, the operator said.",
    )
    asked = (
        "<p>Sign up for our newsletter and read the best of the coast each morning.</p><p>Copyright 2026 Courier</p>"
    )
    assert texts(paras(*EN[:2]), paras(*told), asked, paras(*EN[2:])) == [*EN[:2], *told, *EN[2:]]


def test_linked_headings_among_paragraphs_name_parts_of_the_text_and_a_single_teaser_does_not():
    parts = "".join(f"<h2><a href=/{n}>{n}. The {name}</a></h2><p>{EN[n]}</p>" for n, name in ((1, "Net"), (2, "Mast")))
    teaser = f"<div class=card><h3><a href=/b>Bakers win a prize</a></h3><p>{EN[4]}</p></div>"
    found = texts(paras(EN[0]), parts, teaser, paras(EN[3]))
    assert found == [EN[0], "1. The Net", EN[1], "2. The Mast", EN[2], EN[4], EN[3]]


def test_an_item_of_a_list_may_be_a_link_where_the_list_is_none_of_links():
    items = "<ul><li><a href=/q>Northern pier</a></li><li>Old canal, for ships below 20 metres</li></ul>"
    found = texts(paras(*EN[:2]), items, paras(*EN[2:]))
    assert found[2:4] == ["Northern pier", "Old canal, for ships below 20 metres"]


def test_short_answers_in_a_body_of_divs_are_text_and_labels_of_another_make_are_not():
    answers = ("“No.”", "How are you?", "Tired")
    divs = "".join(f"<div>{text}</div>" for text in (*EN[:2], *answers, *EN[2:]))
    assert texts(divs, "<div class=label>Advertisement</div>") == [*EN[:2], *answers, *EN[2:]]


def test_a_list_after_a_colon_and_a_table_end_the_text_and_a_list_of_something_else_does_not():
    items = "<ul><li>Northern pier</li><li>Old canal</li></ul>"
    assert texts(paras(*EN, "The boats leave from:"), items)[-2:] == ["Northern pier", "Old canal"]
    assert texts(paras(*EN), items) == list(EN)
    rows = "<h2>Result</h2><table><tr><td>Velden</td><td>34</td></tr><tr><td>Ost</td><td>31</td></tr></table>"
    assert texts(paras(*EN), rows)[-3:] == ["Result", "Velden | 34", "Ost | 31"]
    assert texts(paras(*EN), "<h2>Numbers</h2><p>1,200 ships</p>") == list(EN)


def test_a_short_name_that_means_junk_may_stand_on_a_section_of_the_text():
    parts = "".join(f"<div class=info><h3>{n}. Part</h3><p>{EN[n]}</p></div>" for n in (1, 2))
    assert texts(paras(EN[0]), parts, paras(*EN[3:])) == [EN[0], "1. Part", EN[1], "2. Part", *EN[2:]]
    label = "<div class=info><p>Read in the archive: 12 pages, with pictures, of the strike of 1974.</p></div>"
    assert texts(paras(*EN[:2]), label, paras(*EN[2:])) == list(EN)
