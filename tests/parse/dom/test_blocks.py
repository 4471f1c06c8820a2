"""The walk down the page: runs of text, what they stand in, and what is left out of them."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from newshouse.parse.dom.blocks import read_blocks
from newshouse.parse.dom.elements import Block

SENTENCE = "A run of words that is long enough, says the clerk, to pass for a paragraph."


def blocks_of(markup: str) -> list[Block]:
    return read_blocks(LexborHTMLParser(f"<body>{markup}</body>"))


def test_inline_elements_do_not_part_a_run_and_blocks_do():
    found = blocks_of("<div>one <b>two</b> <i>three</i><p>four</p>five</div>")
    assert [(b.text, b.tag) for b in found] == [("one two three", "div"), ("four", "p"), ("five", "div")]


def test_white_space_between_inline_elements_is_kept():
    assert [b.text for b in blocks_of("<p><b>one</b>\n<b>two</b>&nbsp;<b>three</b></p>")] == ["one two three"]


@pytest.mark.parametrize(
    "markup", ["<a href=x><p>one two</p></a>", "<p><a href=x>one</a> <a href=y><b>two</b></a></p>"]
)
def test_text_in_links_is_counted_wherever_the_link_begins(markup):
    (block,) = blocks_of(markup)
    assert block.link_share > 0.8


def test_an_anchor_without_an_address_is_no_link():
    assert blocks_of("<p><a name=top>one two</a></p>")[0].link_chars == 0


def test_an_element_counts_the_text_below_it():
    first, _ = blocks_of("<ul><li><a href=x>one</a></li><li>three</li></ul>")
    assert (first.element.parent.tag, first.element.parent.chars, first.element.parent.link_chars) == ("ul", 8, 3)


def test_two_line_breaks_or_breaks_after_sentences_part_paragraphs():
    assert [b.text for b in blocks_of("<div>one<br><br>two<br>three</div>")] == ["one", "two three"]
    assert [b.text for b in blocks_of(f"<div>{SENTENCE}<br>{SENTENCE}</div>")] == [SENTENCE, SENTENCE]


def test_short_lines_are_paragraphs_where_each_ends_a_sentence():
    assert [b.text for b in blocks_of(f"<div>No boat left.<br>“None?”<br>{SENTENCE}</div>")] == [
        "No boat left.",
        "“None?”",
        SENTENCE,
    ]
    assert [b.text for b in blocks_of("<div>No boat<br>left.<br>None at all.</div>")] == ["No boat left. None at all."]


@pytest.mark.parametrize("indent", ["\u3000", "&nbsp;\u3000\u3000"])
def test_an_ideographic_space_begins_a_paragraph(indent):
    lines = ("港湾当局は協議を再開する", "船は港に留まる")
    assert [b.text for b in blocks_of(f"<div>{indent}{f'<br>{indent}'.join(lines)}</div>")] == list(lines)


def test_lines_of_chinese_and_japanese_are_joined_without_a_blank_and_korean_ones_with():
    assert blocks_of("<div>港湾当局は<br>協議を再開する</div>")[0].text == "港湾当局は協議を再開する"
    assert blocks_of("<div>항만 당국이<br>협상을 다시</div>")[0].text == "항만 당국이 협상을 다시"


def test_short_labels_named_as_junk_are_left_out_of_a_run():
    found = blocks_of(f"<p>{SENTENCE} <span class='share-button'>Share</span></p>")
    assert [b.text for b in found] == [SENTENCE]


def test_a_long_text_named_as_junk_stays():
    found = blocks_of(f"<p><span class=related>{SENTENCE} {SENTENCE}</span></p>")
    assert found[0].text == f"{SENTENCE} {SENTENCE}"


def test_menus_buttons_scripts_and_comments_hold_no_blocks():
    markup = "<nav>a</nav><footer>b</footer><button>c</button><noscript>d</noscript><!-- e --><p>f</p>"
    assert [b.text for b in blocks_of(markup)] == ["f"]


@pytest.mark.parametrize("tag", ["xmp", "noembed", "noframes"])
def test_elements_of_bare_text_hold_no_blocks(tag):
    assert [b.text for b in blocks_of(f"<p>one</p><{tag}><p>two</p></{tag}><p>three</p>")] == ["one", "three"]


def test_an_empty_icon_parts_no_run_whatever_its_name():
    assert [b.text for b in blocks_of("<p>one <i class=share-icon></i>two</p>")] == ["one two"]


def test_short_cells_of_a_row_are_one_block_and_long_ones_are_paragraphs():
    found = blocks_of(f"<table><tr><td>one</td><td>two</td></tr><tr><td>{SENTENCE * 3}</td></tr></table>")
    assert [(b.text, b.tag) for b in found] == [("one | two", "tr"), (SENTENCE * 3, "td")]
    assert [b.position for b in found] == [0, 1]


def test_nesting_beyond_reason_is_left_out():
    assert [b.text for b in blocks_of("<p>one</p>" + "<div>" * 400 + "two")] == ["one"]


def test_blank_lines_part_the_paragraphs_of_a_text_that_was_typed():
    lines = SENTENCE.replace(" that is", "\n  that is")
    assert [b.text for b in blocks_of(f"<pre>\n  {lines}\n\n  {lines}\n \n(END)\n</pre>")] == [
        SENTENCE,
        SENTENCE,
        "(END)",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        f"def read(page):\n    # {SENTENCE}\n\n    return page()\n\n    # {SENTENCE}",
        f"x = 1\n\n# {SENTENCE}\n\n# {SENTENCE}",
        "The sea\n  is wide\n\nand I\n  am small",
    ],
)
def test_code_and_verses_stay_whole(typed):
    assert len(blocks_of(f"<pre>{typed}</pre>")) == 1
