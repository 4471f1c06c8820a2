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


@pytest.mark.parametrize(
    ("shared", "shown"),
    [
        ("Pilots Return To Work - At Last", "Pilots return to work – at last"),
        ('"Pilots return to work"', "“Pilots return to work”"),
        ("Pilots return to work...", "Pilots return to work…"),
    ],
)
def test_the_headline_is_spelled_as_readers_see_it(read, shared, shown):
    assert read(page(jsonld=ld(headline=shared), head=meta(og__title=shared), title=shared, h1=shown)).title == shown


def test_capitals_of_the_layout_and_the_apostrophe_of_the_typewriter_are_no_spelling(read):
    for told, shown in (
        ("Pilots return to work", "PILOTS RETURN TO WORK"),
        ("The pilots' return", "The pilots’ return"),
    ):
        assert read(page(head=meta(og__title=told), title=told, h1=shown)).title == told


def test_an_element_may_end_inside_a_word_of_the_headline(read):
    title = "Pilots return to work on Monday"
    assert read(page(title=title, h1="Pilots re<wbr>turn to wo<b>rk</b> on Monday")).title == title


@pytest.mark.parametrize("title", [f"{HEAD} | Opinion", f"Opinion | {HEAD}"])
def test_the_word_for_a_genre_behind_a_bar_is_no_part_of_the_headline(read, title):
    assert read(page(jsonld=ld(headline=title), head=meta(og__title=title), title=title, h1=title)).title == HEAD


def test_a_headline_that_a_quotation_mark_cut_short_is_read_from_the_page(read):
    whole = 'The pilots call the offer "a bad joke"'
    head = '<meta property="og:title" content="The pilots call the offer "a bad joke"">'
    assert read(page(head=head, title=whole, h1=whole)).title == whole


@pytest.mark.parametrize("h1", [f"4 July 2026 {HEAD}", f"{HEAD} <small>04.07.2026</small>"])
def test_the_day_in_the_heading_is_no_part_of_the_headline(read, h1):
    assert read(page(title=HEAD, h1=h1)).title == HEAD


def test_a_day_that_the_title_repeats_is_part_of_the_headline(read):
    assert (
        read(page(title="What the pilots want 4 July 2026", h1="What the pilots want 4 July 2026")).title[-4:] == "2026"
    )


def test_a_chinese_dash_parts_a_headline_and_names_no_site(read):
    title = "风雨四十年——走近人民日报社"
    assert read(page(title=title, h1=title)).title == title


@pytest.mark.parametrize("title", ["港口闸门关闭至秋季-港口网", "港口闸门关闭至秋季_新闻_港口网"])
def test_a_chinese_site_stands_behind_a_sign_without_blanks(read, title):
    assert (
        read(page(title=title, h1="港口").replace(b"<h1>", b"<h4>").replace(b"</h1>", b"</h4>")).title
        == "港口闸门关闭至秋季"
    )


def test_the_heading_of_an_advertisement_is_not_the_title(read):
    head = "<meta property='og:title' content='Ferry talks resume after a night of silence'>"
    url = "https://www.valecourier.example/ferry-talks-resume-after-night"
    title = "Ferry talks resume after a night of silence | Vale"
    advertised = page(head=head, title=title, h1="Win a weekend in the lighthouse county")
    assert read(advertised, url=url).title == "Ferry talks resume after a night of silence"
    # A headline of other words than those for search engines, which shares one with them.
    assert (
        read(page(head=head, title=title, h1="Crews go back to the talks"), url=url).title
        == "Crews go back to the talks"
    )


def test_entities_that_were_escaped_twice_are_resolved_in_every_place(read):
    twice = "Talks &amp;amp; tea: &amp;#8216;we&amp;#8217;re closer&amp;#8217;"
    assert read(page(h1=twice, title=twice)).title == "Talks & tea: ‘we’re closer’"
    assert read(page(h1=twice.replace("&amp;", "&amp;amp;"), title="x")).title == "Talks & tea: ‘we’re closer’"
