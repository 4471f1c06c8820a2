"""Where the comments of readers begin, and what only looks like it."""

from __future__ import annotations

import pytest
from parse_pages import EN, page

OTHERS = (
    "I live by the quay, and I can tell you that the noise at night has been unbearable for weeks.",
    "Why was this not settled in March? Somebody should answer for it, and soon, I think.",
)


def texts(read, inside: str) -> list[str]:
    body = page(paragraphs=()).replace(b"<div class='story'>", b"<div class='story'>" + inside.encode())
    return [paragraph.text for paragraph in read(body).paragraphs]


def paras(*some: str) -> str:
    return "".join(f"<p>{text}</p>" for text in some)


@pytest.mark.parametrize("word", ["Comments", "Kommentare", "Commentaires"])
def test_a_bare_word_among_paragraphs_heads_a_part_of_the_text(read, word):
    inside = f"{paras(*EN[:3])}<h3>{word}</h3>{paras(*EN[3:])}"
    assert texts(read, inside) == [*EN[:3], word, *EN[3:]]


@pytest.mark.parametrize(
    "sign", ["Tom, 4 July 2026", "Reply", "3 hours ago", "Ines says:", "vor 2 Tagen", "July 4, 2026 at 10:12"]
)
def test_comments_that_are_signed_or_dated_are_no_part_of_it(read, sign):
    inside = f"{paras(*EN)}<h3>Comments</h3>{paras(sign, OTHERS[0], sign, OTHERS[1])}"
    assert texts(read, inside) == list(EN)


def test_a_word_above_the_box_for_comments_ends_the_text(read):
    inside = f"{paras(*EN)}<h3>Comments</h3><div class=plugin data-count=10></div>{paras(*OTHERS)}"
    assert texts(read, inside) == list(EN)


def test_a_number_tells_that_it_counts_comments(read):
    assert texts(read, f"{paras(*EN)}<h3>Comments (2)</h3>{paras(*OTHERS)}") == list(EN)
