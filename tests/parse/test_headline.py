"""Which of the titles of a page is the headline."""

from __future__ import annotations

import pytest
from parse_pages import URL, ld, meta, page

HEAD = "Pilots return to work on Monday"


def titled(body: bytes, extra: str) -> bytes:
    return body.replace(b"<main>", f"{extra}<main>".encode())


def test_the_name_of_the_site_in_an_h1_is_not_the_headline(read):
    body = page(title=f"{HEAD} | Strait Notes", h1=HEAD).replace(b"Harbour Courier", b"")
    assert read(titled(body, "<h1>Strait Notes, a diary from the harbour</h1>")).title == HEAD


def test_a_lesser_heading_that_is_the_page_title_is_the_headline(read):
    body = titled(page(title=f"{HEAD} | Strait Notes", h1="Menu"), "")
    assert read(body.replace(b"<div class='story'>", f"<h2>{HEAD}</h2><div class='story'>".encode())).title == HEAD


def test_a_label_of_the_site_has_less_weight_than_what_is_shared(read):
    assert read(page(title="Harbour Courier - detail", h1="Navigation", head=meta(og__title=HEAD))).title == HEAD


def test_newsrooms_tell_machines_the_headline_and_others_a_title_of_their_own(read):
    shared = "Pilot Strike 2026: Everything You Need to Know"
    node = ld(headline=shared)
    head = meta(og__title=shared)
    assert read(page(jsonld=node, head=head, title=shared, h1=HEAD)).title == shared
    blog = node | {"@type": "BlogPosting"}
    assert read(page(jsonld=blog, head=head, title=shared, h1=HEAD)).title == HEAD


@pytest.mark.parametrize("title", ["«Wir waren vierzig Tage in Quarantäne»", "Ferries » a history"])
def test_quotation_marks_stay(read, title):
    assert read(page(title=title, h1=title)).title == title


def test_loose_signs_at_the_edge_go(read):
    assert read(page(title=f"{HEAD} ⋆", h1=f"{HEAD} ⋆")).title == HEAD


def test_the_publisher_behind_a_bar_is_cut_from_the_h1_too(read):
    assert read(page(title=f"{HEAD} | Harbour Courier", h1=f"{HEAD} | Harbour Courier")).title == HEAD


@pytest.mark.parametrize(
    "name",
    [
        "<h1><a href='/'>Harbour Notes</a></h1>",
        "<h1><a href='https://www.harbour-courier.example'>Harbour Notes</a></h1>",
        "<a href='/index.php'><h1>Harbour Notes</h1></a>",
    ],
)
def test_an_h1_that_links_to_the_front_page_is_the_name_of_the_site(read, name):
    body = page(h1="", title="Harbour Notes: Ferry strike talks resume").replace(b"<h1></h1>", b"")
    body = body.replace(b"<main>", f"{name}<main><h3>Ferry strike talks resume</h3>".encode())
    assert read(body.replace(b'<meta property="og:site_name" content="Harbour Courier">', b"")).title == (
        "Ferry strike talks resume"
    )


def test_an_h1_that_links_to_its_own_page_is_the_headline(read):
    body = page(h1="<a href='/'>Ferry strike talks resume</a>", title="Ferries")
    assert read(body, url="https://www.harbour-courier.example/").title == "Ferry strike talks resume"
    body = page(h1=f"<a href='{URL}'>Ferry strike talks resume</a>", title="Ferries")
    assert read(body, url=URL).title == "Ferry strike talks resume"
