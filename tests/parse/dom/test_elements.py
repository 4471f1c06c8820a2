"""What an element knows of its place and its names."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from newshouse.parse.dom.blocks import read_blocks
from newshouse.parse.dom.elements import Block
from newshouse.parse.dom.furniture import Verdict


def blocks_of(markup: str) -> list[Block]:
    return read_blocks(LexborHTMLParser(f"<body>{markup}</body>"))


def test_an_element_knows_what_is_below_it():
    inside, outside = blocks_of("<article><div><p>one</p></div></article><p>two</p>")
    article = inside.element.nearest(frozenset(("article",)))
    assert (inside.element.is_below(article), outside.element.is_below(article)) == (True, False)


def test_names_are_read_when_they_are_asked_for():
    (block,) = blocks_of("<div class='box related'>one</div>")
    assert (block.element.verdict, block.element.said.word, block.element.names) == (
        Verdict.JUNK,
        "related",
        "box related ",
    )


def test_hosts_of_one_house_share_a_name():
    (block,) = blocks_of("<h2><a href='https://www.courier.example/a'>The Tarna</a></h2>")
    assert block.element.leads_off("https://www.hafenbote.example/b")
    assert not block.element.leads_off("https://international.courier.example/b")
    assert not block.element.leads_off("https://m.courier.co.uk/b")
