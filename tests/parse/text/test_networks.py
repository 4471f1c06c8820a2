"""Buttons in the text, and lists of the text that name the same companies."""

from __future__ import annotations

import pytest
from parse_pages import EN, URL

from newshouse.parse.dom.document import Document
from newshouse.parse.text.body import read_body

BUTTONS = "<ul class=x1><li>Facebook</li><li>X</li><li>WhatsApp</li><li>Copy link</li></ul>"


def texts(markup: str) -> list[str]:
    body = f"<html><body><main><article><h1>Ferry strike</h1><div>{markup}</div></article></main></body></html>"
    return [p.text for p in read_body(Document.read(body.encode(), URL, {}), "Ferry strike", None).paragraphs]


def paras(*some: str) -> str:
    return "".join(f"<p>{text}</p>" for text in some)


def test_a_bare_list_of_share_buttons_is_no_text():
    assert texts(f"{BUTTONS}{paras(*EN)}") == list(EN)
    assert texts(f"{paras(*EN[:2])}{BUTTONS}{paras(*EN[2:])}") == list(EN)


def test_a_list_that_a_line_announces_names_them():
    said = "The networks that the suit names are:"
    found = texts(f"{paras(*EN[:2], said)}<ul><li>Facebook</li><li>WhatsApp</li></ul>{paras(*EN[2:])}")
    assert found == [*EN[:2], said, "Facebook", "WhatsApp", *EN[2:]]


def test_a_list_with_another_item_is_text():
    found = texts(f"{paras(*EN[:2])}<ul><li>Facebook</li><li>The town of Arlen</li></ul>{paras(*EN[2:])}")
    assert "Facebook" in found


def test_a_box_that_asks_to_sign_up_is_out_with_what_it_offers():
    box = "<div><h4>Sign up for the Morning Tide</h4><p>It tells you what matters before breakfast.</p></div>"
    assert texts(f"{paras(*EN[:2])}{box}{paras(*EN[2:])}") == list(EN)


@pytest.mark.parametrize("box", ["<h3>Newsletter</h3><p>All that is new at the port.</p>", "<h3>Sign up now</h3>"])
def test_a_short_text_above_an_invitation_in_the_same_element_is_text(box):
    line = "Nine crews of the ferries stay in port for a third day, officials said on Monday. No talks are planned."
    assert line in texts(f"<p>{line}</p>{box}")
