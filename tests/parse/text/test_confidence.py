"""How sure a selection is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_pages import EN, URL, page

from newshouse.parse.dom.document import Document
from newshouse.parse.text import body
from newshouse.parse.text.confidence import WEIGHTS, confidence, signs
from newshouse.parse.text.selection import select

LONG = (*EN, *(f"{text} So it was said on day {day}." for day in range(3) for text in EN))


def sure(body: bytes) -> float:
    document = Document.read(body, URL, {})
    return confidence(document, select(document.blocks, "Ferry strike talks resume", None))


def test_a_plain_article_is_nearly_sure():
    assert sure(page(paragraphs=LONG)) > 0.95


def test_no_text_is_never_sure():
    assert sure(b"<html><body><nav><a href='/'>Home</a></nav></body></html>") == 0.0


def test_each_sign_lowers_it():
    assert all(weight < 0 for weight in WEIGHTS.values())
    whole = sure(page(paragraphs=LONG))
    boxes = "".join(f"<div class='related'>{text} And more of it.</div>" for text in EN)
    middle = page(paragraphs=LONG).replace(b"on day 1.</p>", b"on day 1.</p>" + boxes.encode(), 1)
    linked = page(paragraphs=LONG).replace(b"the", b"<a href='/x'>the</a>")
    for doubtful in (page(paragraphs=EN[:2]), middle, linked, page(paragraphs=LONG).replace(b"<p>", b"<div>")):
        assert sure(doubtful) < whole


def test_a_page_that_lost_most_of_its_text_is_read_a_second_time(read):
    blocks = "".join(f"<p>{EN[n % 5]}</p><div class='comments'><p>{EN[n % 5]} {n} {EN[0]}</p></div>" for n in range(3))
    article = read(f"<html><head><title>x</title></head><body><h1>Ferries</h1>{blocks}</body></html>".encode())
    assert article.extractor == "trafilatura" or article.confidence < 0.75
    assert 0 < article.confidence < 0.9


def test_a_page_whose_text_is_already_held_is_not_read_a_second_time(read, monkeypatch):
    monkeypatch.setattr(body, "read_with_trafilatura", lambda document: pytest.fail("read a second time"))
    article = read(f"<html><body><h1>Ferries</h1><div><div>{EN[0]}</div></div></body></html>".encode())
    assert (article.extractor, article.confidence < 0.75) == ("newshouse", True)


def test_a_page_without_any_text_is_not_read_a_second_time(read, monkeypatch):
    monkeypatch.setattr(body, "read_with_trafilatura", lambda document: pytest.fail("read a second time"))
    assert read(b"<html><head><title>Ferries</title></head><body><div id=app></div></body></html>").reason


@given(st.text(alphabet="<>/pdivahref='h1 \n.abc", max_size=400))
def test_any_mark_up_has_a_confidence_from_0_to_1(markup):
    document = Document.read(f"<html><body>{markup}</body></html>".encode(), URL, {})
    found = select(document.blocks, None, None)
    assert 0.0 <= confidence(document, found) <= 1.0
    assert all(value >= 0 for value in signs(document, found).values())
