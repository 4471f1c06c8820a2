"""Which blocks of the container are kept, and which stand only beside the text."""

from __future__ import annotations

import pytest
from parse_pages import EN, URL, ld, page

from newshouse.parse.dom.document import Document
from newshouse.parse.text.body import Body, read_body

TITLE = "Ferry strike talks resume"


def body_of(body: bytes) -> Body:
    return read_body(Document.read(body, URL, {}), TITLE, None)


def kinds_and_texts(*parts: str) -> list[tuple[str, str]]:
    body = f"<html><body><main><article><h1>{TITLE}</h1><div>{''.join(parts)}</div></article></main></body></html>"
    return [(p.kind, p.text) for p in body_of(body.encode()).paragraphs]


def texts(*parts: str) -> list[str]:
    return [text for _, text in kinds_and_texts(*parts)]


def paras(*some: str) -> str:
    return "".join(f"<p>{text}</p>" for text in some)


def test_the_id_of_a_heading_is_its_own_words_and_says_nothing():
    head = "<h2 id='related-cases-and-newsletters'>Related cases and newsletters</h2>"
    assert texts(paras(*EN[:2]), head, paras(*EN[2:])) == [*EN[:2], "Related cases and newsletters", *EN[2:]]


@pytest.mark.parametrize("line", ["By Ines Falk", "Von Ines Falk und Tom Berg", "Text: Ines Falk"])
def test_a_byline_between_the_paragraphs_is_no_text(line):
    assert texts(paras(*EN[:2]), paras(line), paras(*EN[2:])) == list(EN)


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


def test_linked_headings_among_paragraphs_name_parts_of_the_text_and_a_single_teaser_does_not():
    parts = "".join(f"<h2><a href=/{n}>{n}. The {name}</a></h2><p>{EN[n]}</p>" for n, name in ((1, "Net"), (2, "Mast")))
    teaser = f"<div class=card><h3><a href=/b>Bakers win a prize</a></h3><p>{EN[4]}</p></div>"
    found = texts(paras(EN[0]), parts, teaser, paras(EN[3]))
    assert found == [EN[0], "1. The Net", EN[1], "2. The Mast", EN[2], EN[3]]


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


@pytest.mark.parametrize(
    "question",
    [
        "<h3><button aria-expanded=false>{}</button></h3><div><p>{}</p></div>",
        "<details><summary>{}</summary>{}</details>",
    ],
)
def test_questions_that_open_their_answers_are_subheads(question):
    found = kinds_and_texts(paras(EN[0]), question.format("Who pays for it?", EN[1]), paras(*EN[2:]))
    assert found[1:3] == [("subhead", "Who pays for it?"), ("text", EN[1])]


def test_a_button_beside_a_heading_is_no_part_of_it():
    found = texts(paras(EN[0]), "<h3>Who pays<button>Copy link</button></h3>", paras(*EN[1:]))
    assert found[1] == "Who pays"


def test_a_paragraph_all_in_bold_type_is_a_subhead_and_one_that_ends_a_sentence_is_not():
    bold = "<p><strong>What it costs</strong></p>{}<p><b>Were you angry?</b></p>{}<p><b>Note</b> to all crews</p>"
    found = kinds_and_texts(paras(EN[0]), bold.format(paras(EN[1]), paras(EN[2])), paras(*EN[3:]))
    assert [found[at] for at in (1, 3, 5)] == [
        ("subhead", "What it costs"),
        ("text", "Were you angry?"),
        ("text", "Note to all crews"),
    ]


def test_terms_and_what_they_mean_are_a_list():
    found = kinds_and_texts(
        paras(*EN[:2]), "<dl><dt>Lock</dt><dd>A chamber that lifts boats.</dd></dl>", paras(*EN[2:])
    )
    assert found[2:4] == [("list", "Lock"), ("list", "A chamber that lifts boats.")]


def test_the_heading_of_a_list_of_links_goes_with_the_list():
    links = "<h3>See these</h3><ul><li><a href=/1>Bakers win a prize</a></li><li><a href=/2>A new hall</a></li></ul>"
    assert texts(paras(*EN[:2]), links, paras(*EN[2:])) == list(EN)


def test_a_box_that_asks_for_an_e_mail_address_is_left_out_whatever_its_name():
    box = (
        "<div class=css-9z><h3>The Tide</h3><p>Every morning the news of the coast in your inbox. You can leave at any "
        "time.</p><div><input type=email><button>Join</button></div><p>By joining you agree to our terms.</p></div>"
    )
    assert texts(paras(*EN[:2]), box, paras(*EN[2:])) == list(EN)
    assert texts(paras(*EN), "<input type=email>") == list(EN)


def test_subheads_in_the_text_that_jsonld_states():
    body = f"<p>{EN[0]}</p><h2>What it costs</h2><p>{'</p><p>'.join(EN[1:])}</p>"
    found = body_of(page(jsonld=ld(articleBody=body), paragraphs=EN[:1])).paragraphs
    assert [(p.kind, p.text) for p in found] == [
        ("text", EN[0]),
        ("subhead", "What it costs"),
        *(("text", text) for text in EN[1:]),
    ]


LIST = "<ul><li>00:00 Introduction</li><li>05:10 The night shifts</li></ul>"


def test_a_list_below_its_heading_at_the_end_is_text(read):
    body = page(paragraphs=()).replace(
        b"<div class='story'>",
        f"<div class='story'>{''.join(f'<p>{t}</p>' for t in EN)}<h3>Show notes</h3>{LIST}".encode(),
    )
    assert [p.text for p in read(body).paragraphs][len(EN) :] == [
        "Show notes",
        "00:00 Introduction",
        "05:10 The night shifts",
    ]


@pytest.mark.parametrize(
    "end",
    [
        "<h3>Press contact</h3><ul><li>Marta Oduya</li><li>040 1234-0</li></ul>",
        "<h3>Tags</h3><ul><li>Ferries</li><li>Night shifts</li></ul>",
        "<h3>Show notes</h3><ul><li><a href=/a>Introduction</a></li><li><a href=/b>The night shifts</a></li></ul>",
        f"</div><div><h3>Most read</h3>{LIST}",
    ],
)
def test_other_lists_at_the_end_are_none(read, end):
    body = page(paragraphs=()).replace(
        b"<div class='story'>", f"<div class='story'>{''.join(f'<p>{t}</p>' for t in EN)}{end}".encode()
    )
    assert [p.text for p in read(body).paragraphs] == list(EN)


def test_the_line_ups_above_the_table_at_the_end_are_text(read):
    end = (
        "<h3>Line-ups</h3><p>Rovers: Berg; Falk, Vos</p><p>Town: Aas; Eek, Moe</p>"
        "<table><tr><th>Club</th><th>Points</th></tr><tr><td>Rovers</td><td>30</td></tr></table>"
    )
    inside = "".join(f"<p>{text}</p>" for text in EN)
    found = read(page(paragraphs=()).replace(b"<div class='story'>", f"<div class='story'>{inside}{end}".encode()))
    assert [p.text for p in found.paragraphs][len(EN) :] == [
        "Line-ups", "Rovers: Berg; Falk, Vos", "Town: Aas; Eek, Moe", "Club | Points", "Rovers | 30",
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["Share of the vote by party", "More boats from Monday", "Links between the ports"])
def test_a_table_that_is_headed_like_a_box_of_the_page_is_text(read, head):
    rows = f"<h2>{head}</h2><table><tr><td>Velden</td><td>34</td></tr><tr><td>Ost</td><td>31</td></tr></table>"
    body = page(paragraphs=EN).replace(EN[-1].encode() + b"</p>", EN[-1].encode() + b"</p>" + rows.encode())
    assert [p.text for p in read(body).paragraphs][-3:] == [head, "Velden | 34", "Ost | 31"]
