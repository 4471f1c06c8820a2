"""Mark-up is cut where it would cost too much, and nowhere else."""

from __future__ import annotations

from parse_pages import KO, page

from newshouse.parse.dom.markup import MAX_BYTES, MAX_DEPTH, MAX_TAGS, bounded, cut


def test_an_ordinary_page_comes_back_unchanged():
    body = page()
    assert bounded(cut(body)) is body


def test_a_large_page_is_cut_before_a_tag_so_that_no_character_is_torn():
    body = f"<p>{KO[0]}</p>".encode() * 40_000
    found = cut(body)
    assert MAX_BYTES - 20_000 < len(found) <= MAX_BYTES
    assert found.decode().endswith("</p>")


def test_no_more_tags_than_the_bound():
    assert bounded(b"<p>x" * (MAX_TAGS + 10)).count(b"<") in (MAX_TAGS - 1, MAX_TAGS)


def test_a_tag_with_thousands_of_attributes_loses_them():
    soup = " ".join(f"a{n}=1" for n in range(10_000))
    assert bounded(f"<p>one</p><div {soup}>two</div>".encode()) == b"<p>one</p><div>two</div>"


def test_one_long_value_of_an_attribute_stays():
    markup = f"<p>one</p><div data-x='{'word ' * 10_000}'>two</div>".encode()
    assert bounded(markup) is markup


def test_elements_are_not_nested_deeper_than_the_bound():
    found = bounded(b"<div>" * 20_000)
    assert found.count(b"<div>") == MAX_DEPTH


def test_thousands_of_list_items_without_an_end_are_no_depth():
    markup = b"<ul>" + b"<li>x" * 20_000
    assert bounded(markup) is markup
