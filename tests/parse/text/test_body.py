"""Which blocks of a page are the article, in which order, and what each is."""

from __future__ import annotations

import pytest
from parse_pages import EN, KO, URL, ld, page

from newshouse.parse.dom.document import Document
from newshouse.parse.text.body import read_body


def body_of(body: bytes, title: str = "Ferry strike talks resume", standfirst: str | None = None):
    return read_body(Document.read(body, URL, {}), title, standfirst)


def texts(body: bytes, **more) -> list[str]:
    return [paragraph.text for paragraph in body_of(body, **more).paragraphs]


def around(markup: str) -> bytes:
    return (
        f"<html><body><main><article><h1>Ferry strike talks resume</h1>{markup}</article></main></body></html>".encode()
    )


def test_the_paragraphs_and_nothing_else():
    furniture = (
        "<p class=byline>By Ines Falk</p><figure><img src=a.jpg><figcaption>A boat at the pier, seen from the old "
        "lighthouse on a grey morning.</figcaption></figure><ul class=share><li><a href=/s>Share</a></li></ul>"
    )
    assert texts(page(furniture)) == list(EN)


def test_paragraphs_made_of_line_breaks():
    assert texts(around("<div>" + "<br><br>".join(EN) + "</div>")) == list(EN)


def test_a_body_of_divs():
    assert texts(around("".join(f"<div>{p}</div>" for p in EN))) == list(EN)


def test_korean_paragraphs():
    assert texts(around("".join(f"<p>{p}</p>" for p in KO))) == list(KO)


def test_a_name_that_means_junk_is_overruled_by_the_text_below_it():
    assert texts(around("<div class='sidebar paywall'>" + "".join(f"<p>{p}</p>" for p in EN) + "</div>")) == list(EN)


def test_a_frame_of_headline_and_text_is_believed_whatever_its_names_say():
    text = "".join(f"<p>{p}</p>" for p in EN)
    beside = f"<div class=widget><p>{EN[3]}</p></div>"
    head = "<h1>Ferry strike talks resume</h1>"
    for names in ("above-footer", "widget posts-slot", "form-reply"):
        markup = f"<html><body>{beside}<div class='{names}'>{head}<div>{text}</div></div></body></html>"
        found = body_of(markup.encode())
        assert ([p.text for p in found.paragraphs], found.extractor) == (list(EN), "newshouse")


def test_what_a_class_hides_is_told_from_what_only_mentions_hiding():
    long = "<div class='{}'>" + "".join(f"<p>{p}</p>" for p in EN[:2]) + "</div>"
    shown = ("field field--label-hidden", "overflow-hidden", "hidden-xs")
    for names in shown:
        assert texts(around(f"<p>{EN[2]}</p><p>{EN[3]}</p><p>{EN[4]}</p>{long.format(names)}")) == [*EN[2:], *EN[:2]]
    for names in ("hidden", "note is-hidden", "visually-hidden"):
        assert texts(around(f"<p>{EN[2]}</p><p>{EN[3]}</p><p>{EN[4]}</p>{long.format(names)}")) == list(EN[2:])


def test_the_headline_again_below_the_text_does_not_begin_the_article():
    again = "<h1>Ferry strike talks resume</h1><p>by Ines Falk, Harbour Courier</p><p>You may print this text.</p>"
    markup = f"<h1>Ferry strike talks resume</h1><article>{''.join(f'<p>{p}</p>' for p in EN)}{again}</article>"
    assert texts(f"<html><body>{markup}</body></html>".encode())[: len(EN)] == list(EN)


def test_a_text_for_readers_without_scripts_is_read_where_there_is_no_other():
    text = "".join(f"<p>{p}</p>" for p in EN)
    assert texts(around(f"<noscript>{text}</noscript>")) == list(EN)
    advice = f"<noscript><p>Turn scripts on. {EN[0]}</p></noscript>"
    assert texts(around(text + advice)) == list(EN)
    assert texts(around(f"<noscript>{text}</noscript><p>{EN[4]}</p>")) == [EN[4]]


def test_what_is_sent_later_in_a_stream_is_not_hidden():
    streamed = "".join(f'<div hidden id="S:{n}"><p>{p}</p></div>' for n, p in enumerate(EN))
    assert texts(f"<html><body><h1>Ferry strike talks resume</h1>{streamed}</body></html>".encode()) == list(EN)


def test_comments_are_never_the_article_however_long():
    comments = "<div id=comments>" + f"<p>I disagree, and I will say why at length. {EN[3]} {EN[4]}</p>" * 9 + "</div>"
    assert texts(around("".join(f"<p>{p}</p>" for p in EN) + comments)) == list(EN)


def test_a_list_of_links_between_paragraphs_is_left_out():
    links = (
        "<ul>" + "".join(f"<li><a href=/{n}>Another story of the day, number {n}</a></li>" for n in range(6)) + "</ul>"
    )
    assert texts(around(f"<p>{EN[0]}</p><p>{EN[1]}</p>{links}<p>{EN[2]}</p>")) == list(EN[:3])


def test_the_standfirst_outside_the_text_container_is_the_lead():
    deck = "Crews and the port authority meet again on Monday after a night of talks."
    markup = (
        f"<header><p class=standfirst>{deck}</p></header><div class=text>{''.join(f'<p>{p}</p>' for p in EN)}</div>"
    )
    found = body_of(around(markup), standfirst=deck).paragraphs
    assert (found[0].kind, found[0].text) == ("lead", deck)
    assert [p.text for p in found[1:]] == list(EN)


def test_subheads_lists_quotes_tables_and_corrections_are_told_apart():
    markup = (
        f"<p>{EN[0]}</p><h2>What happens next</h2><ul><li>The talks begin on Monday at nine.</li></ul>"
        f"<blockquote><p>{EN[2]}</p></blockquote><table><tr><td>Boats</td><td>14</td></tr></table>"
        f"<p>Correction: an earlier version named the wrong port. {EN[3]}</p><p>{EN[4]}</p><h2>More from World</h2>"
    )
    found = body_of(around(markup)).paragraphs
    assert [p.kind for p in found] == ["text", "subhead", "list", "quote", "table", "correction", "text"]
    assert found[4].text == "Boats | 14"


def test_labels_of_advertising_and_further_reading_are_left_out():
    parts = (EN[0], "Advertisement", EN[1], "Read more: Harbour closed", EN[2], "Lesen Sie auch: Hafen")
    markup = "".join(f"<p>{part}</p>" for part in parts)
    assert texts(around(markup)) == list(EN[:3])


def test_a_page_that_shows_only_the_beginning_is_completed_from_its_jsonld():
    node = {"@type": "NewsArticle", "headline": "Ferry strike talks resume", "articleBody": "\n".join(EN)}
    found = body_of(page(jsonld=node, paragraphs=EN[:1]))
    assert ([p.text for p in found.paragraphs], found.extractor) == (list(EN), "jsonld")


def test_little_text_lowers_the_confidence():
    assert body_of(around("".join(f"<p>{p}</p>" for p in EN))).confidence > 0.9
    short = body_of(around(f"<p>{EN[0]}</p>"))
    assert short.confidence < 0.93


def test_a_standfirst_that_the_page_prints_is_subtitle_and_lead(read):
    deck = "Crews and the port authority meet again on Monday after a night of talks."
    article = read(page(f"<p class=standfirst>{deck}</p>", jsonld=ld(description=deck)))
    assert (article.subtitle, article.paragraphs[0].kind) == (deck, "lead")


def test_a_first_paragraph_that_the_description_repeats_is_no_standfirst(read):
    article = read(page(jsonld=ld(description=EN[0])))
    assert (article.subtitle, article.paragraphs[0].kind) == (None, "text")


def test_the_printed_standfirst_beats_the_slogan_in_the_description(read):
    deck = "Crews and the port authority meet again on Monday after a night of talks."
    article = read(
        page(f"<p class=standfirst>{deck}</p>", jsonld=ld(description="All the news of the strait, every day."))
    )
    assert (article.subtitle, article.field_origin["subtitle"]) == (deck, "html")


def test_the_entries_of_a_live_blog_are_live_entries(read):
    entries = "".join(f"<article><h3>{9 + n}:15</h3><p>{text}</p></article>" for n, text in enumerate(EN))
    node = ld(**{"@type": "LiveBlogPosting"})
    story = b"<div class='story'>"
    article = read(page(jsonld=node, paragraphs=()).replace(story, story + entries.encode()))
    assert [p.text for p in article.paragraphs if p.kind == "live_entry"] == list(EN)


LINES = {
    "the date": ("Ferry strike talks resume 4 July 2026", False),
    "date and byline": ("Ferry strike talks resume July 4, 2026 By Ines Falk", False),
    "a sentence": ("Ferry strike talks resume on Monday, and most boats stay in the harbour until then.", True),
    "a longer headline": ("Ferry strike talks resume: Part 49 of the chronicle (1931-1945)", True),
    "a list of subjects": ("The strike and what it costs", True),
}


@pytest.mark.parametrize(("line", "is_text"), LINES.values(), ids=LINES)
def test_the_headline_with_its_date_in_the_element_of_the_text_is_no_paragraph(read, line, is_text):
    inside = f"<td>{line}<p>{'<p>'.join(EN[:3])}</td>"
    head = "<head><title>Ferry strike talks resume</title></head>"
    body = f"<html>{head}<body><table><tr>{inside}</tr></table></body></html>"
    found = [paragraph.text for paragraph in read(body.encode()).paragraphs]
    assert found[-3:] == [*EN[:3]]
    assert (line in found) <= is_text


@pytest.mark.parametrize("name", ["subhead", "subheader", "subtitle"])
def test_a_heading_between_paragraphs_is_a_subhead_whatever_it_is_called(name):
    found = body_of(around(f"<p>{EN[0]}</p><h3 class={name}>What the crews want</h3><p>{EN[1]}</p>"))
    assert [p.kind for p in found.paragraphs if p.text == "What the crews want"] == ["subhead"]
