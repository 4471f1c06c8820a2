"""Linked headings: those of a list of things name them, others are headlines of other pages."""

from __future__ import annotations

import pytest
from parse_pages import EN, URL

from newshouse.parse.dom.document import Document
from newshouse.parse.text.body import read_body

NAMES = ("Hotel Sorvik", "The Tarna", "Misk House", "Olden Inn")


def texts(markup: str) -> list[str]:
    body = f"<html><body><main><article><h1>Four hotels</h1><div>{markup}</div></article></main></body></html>"
    return [p.text for p in read_body(Document.read(body.encode(), URL, {}), "Four hotels", None).paragraphs]


def entries(address: str, count: int = 4) -> str:
    return "".join(
        f"<section><h2><a href='{address.format(at)}'>{name}</a></h2><div>Rooms from 90</div><p>{text}</p></section>"
        for at, (name, text) in enumerate(zip(NAMES[:count], EN, strict=False))
    )


def test_headings_that_lead_to_other_sites_name_the_things_of_a_list():
    found = texts(f"<p>{EN[4]}</p>{entries('https://www.hotel-{}.example/rooms')}")
    assert [text for text in found if text in NAMES] == list(NAMES)


@pytest.mark.parametrize("address", ["/world/{}", "https://sport.harbour-courier.example/{}"])
def test_headings_that_lead_to_the_same_house_are_headlines(address):
    assert not set(NAMES) & set(texts(f"<p>{EN[4]}</p>{entries(address)}<p>{EN[3]}</p><p>{EN[2]}</p>"))


def test_one_or_two_headings_that_lead_away_are_advertisements():
    found = texts(f"<p>{EN[4]}</p>{entries('https://www.hotel-{}.example/', 2)}<p>{EN[3]}</p><p>{EN[2]}</p>")
    assert not set(NAMES) & set(found)


def test_the_sign_that_links_a_heading_to_its_own_place_is_no_text():
    found = texts(f"<p>{EN[0]}</p><p>{EN[1]}</p><h2 id=a>The vote<a href='#a'>#</a></h2><p>{EN[2]}</p><p>{EN[3]}</p>")
    assert found == [EN[0], EN[1], "The vote", EN[2], EN[3]]


def test_a_heading_that_ends_with_such_a_sign_stays_as_it_is():
    assert "What is new in C#" in texts(f"<p>{EN[0]}</p><h2>What is new in C#</h2><p>{EN[2]}</p><p>{EN[3]}</p>")
