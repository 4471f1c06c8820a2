"""What a text ends with about its writers, and what it tells about people of the story."""

from __future__ import annotations

import pytest
from parse_pages import EN

from newshouse.parse.text.writers import without_writers
from newshouse.records import Paragraph

NAMES = ["Ines Falk", "Tom Berg"]


def left(*last: str, above: tuple[str, ...] = EN) -> list[str]:
    paragraphs = tuple(Paragraph("text", text) for text in (*above, *last))
    return [paragraph.text for paragraph in without_writers(paragraphs, NAMES)]


@pytest.mark.parametrize(
    "line",
    [
        "Ines Falk covers ports and ferries for the Courier.",
        "Our correspondent Ines Falk has lived in Sorvik since 2012.",
        "Tom Berg ist Redakteur im Ressort Wirtschaft.",
        "About the author: Tom Berg is a historian at the University of Sorvik.",
        "Ines Falk",
    ],
)
def test_a_last_line_about_a_writer_is_none_of_the_text(line):
    assert left(line) == list(EN)


@pytest.mark.parametrize(
    "line",
    [
        "Ines Falk: I would do it again.",
        "“It was a long night,” said Tom Berg as he left.",
        "She never came back. Ines Falk did.",
        "Ida Falk covers ports and ferries for the Courier.",
    ],
)
def test_answers_quotations_and_other_people_stay(line):
    assert left(line) == [*EN, line]


def test_who_is_somebody_of_the_story_stays():
    above = ("Ines Falk was the first to reach the pier that night, as the film of the harbour camera shows.", *EN)
    line = "Ines Falk is at home again and wants to sail in spring."
    assert left(line, above=above) == [*above, line]


def test_the_heading_above_such_a_line_goes_with_it():
    paragraphs = (*(Paragraph("text", text) for text in EN), Paragraph("subhead", "About the author"),
                  Paragraph("text", "Ines Falk covers ports."))  # fmt: skip
    assert [p.text for p in without_writers(paragraphs, NAMES)] == list(EN)


def test_a_text_of_a_few_lines_is_left_alone():
    assert left(above=(EN[0], "Ines Falk covers ports.")) == [EN[0], "Ines Falk covers ports."]
