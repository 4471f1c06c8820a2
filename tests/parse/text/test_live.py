"""The entries of a live blog are told by the times above them; other lists with times are none."""

from __future__ import annotations

import pytest
from parse_pages import EN, ld, page

TIMES = ("11:20", "Aug. 4, 10.45 a.m.", "10h10", "kl. 9.45", "4 August 2026 - 09:30")


def kinds(read, markup: str, **more) -> list[str]:
    body = page(paragraphs=(), **more).replace(b"<div class='story'>", b"<div class='story'>" + markup.encode())
    return [paragraph.kind for paragraph in read(body).paragraphs]


def entries(times=TIMES, tag: str = "div", texts=EN) -> str:
    return "".join(
        f"<{tag} class=e><time>{time}</time><h3>Hour {n}</h3><p>{texts[n % len(texts)]}</p></{tag}>"
        for n, time in enumerate(times)
    )


@pytest.mark.parametrize("tag", ["div", "article", "section"])
def test_elements_that_begin_with_a_time_are_entries(read, tag):
    assert kinds(read, entries(tag=tag)) == ["subhead", "live_entry"] * len(TIMES)


def test_what_stands_above_the_entries_is_text(read):
    assert kinds(read, f"<p>{EN[4]}</p><div>{entries()}</div>")[0] == "text"


NO_ENTRIES = {
    "years": entries(("1912", "1974", "2026", "2031")),
    "prices": entries(("12.50 crowns", "22.40 crowns", "3.00 crowns", "7.15 crowns")),
    "two": entries(TIMES[:2]) + f"<p>{EN[2]}</p><p>{EN[3]}</p>",
    "a programme": f"<ul>{entries(tag='li')}</ul>",
    "one in two": entries(("11:20", "Then", "10:10", "Now", "09:30", "Before")),
    "a few lines below an article": "".join(f"<p>{text}</p>" for text in EN * 2) + f"<div>{entries(TIMES[:3])}</div>",
}


@pytest.mark.parametrize("markup", NO_ENTRIES.values(), ids=NO_ENTRIES)
def test_other_elements_side_by_side_are_no_entries(read, markup):
    assert "live_entry" not in kinds(read, markup)


@pytest.mark.parametrize("jsonld", [ld(**{"@type": "LiveBlogPosting"}), None])
def test_quotes_and_lists_inside_entries_keep_their_kinds(read, jsonld):
    inner = f"<blockquote>{EN[2]}</blockquote><ul><li>One point of three.</li><li>Another one.</li></ul><p>{EN[3]}</p>"
    markup = "".join(f"<div class=e><span>{time}</span><p>{EN[n]}</p>{inner}</div>" for n, time in enumerate(TIMES))
    assert kinds(read, markup, jsonld=jsonld) == ["live_entry", "quote", "list", "list", "live_entry"] * len(TIMES)


def test_entries_that_are_items_of_a_list_are_entries_where_the_page_says_so(read):
    markup = f"<ul>{entries(tag='li')}</ul>"
    assert set(kinds(read, markup, jsonld=ld(**{"@type": "LiveBlogPosting"}))) == {"subhead", "live_entry"}
