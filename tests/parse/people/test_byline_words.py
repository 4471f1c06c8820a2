"""The words that stand around the names of a byline."""

from __future__ import annotations

import pytest

from newshouse.parse.people.byline_words import is_prefix, without_prefix, without_words_around


@pytest.mark.parametrize(
    "line",
    [
        "Written by Ines Falk",
        "Recipe by Ines Falk",
        "This post was written by Ines Falk",
        "View all posts by Ines Falk",
        "Verfasst von Ines Falk",
        "Erstellt von Ines Falk",
        "Zeige alle Beiträge von Ines Falk",
        "Mehr von Ines Falk",
        "Rédigé par Ines Falk",
        "Escrito por Ines Falk",
        "A cura di Ines Falk",
        "Di Ines Falk",
        "Door Ines Falk",
        "Av Ines Falk",
        "Af Ines Falk",
        "Tekst: Ines Falk",
        "المراسل Ines Falk",
        "記者 Ines Falk",
    ],
)
def test_the_words_before_a_name_are_no_part_of_it(line):
    assert without_words_around(line) == "Ines Falk"


@pytest.mark.parametrize(
    "line",
    [
        "By Ines Falk Last Updated: August 1, 2025",
        "Ines Falk Published on July 18, 2025",
        "Von Ines Falk am Samstag, 19. Oktober 2019 um 11:14 Uhr",
        "Von Ines Falk Fr, 18. Oktober 2019",
        "By Ines Falk. Reviewed by Tom O’Dare, MD",
        "Ines Falk Stand: 05. Februar 2020",
        "Ines Falk 4. 7. 2026",
        "Ines Falk @ 12:00 am",
    ],
)
def test_a_date_and_who_looked_at_it_later_end_the_names(line):
    assert without_words_around(line) == "Ines Falk"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("MUHABİR: İnes Falk", "İnes Falk"),
        ("By Ines Falk", "Ines Falk"),
        ("ΓΡΆΦΕΙ Η ΝΕΦΈΛΗ", "ΝΕΦΈΛΗ"),
        ("Byron", "Byron"),
    ],
)
def test_a_word_before_names_is_cut_off_whole_in_capitals_too(line, names):
    assert without_prefix(line) == names


@pytest.mark.parametrize(("line", "is_one"), [("WRITTEN BY", True), ("Autor:", True), ("Written by Ines", False)])
def test_a_label_is_such_a_word_alone(line, is_one):
    assert is_prefix(line) is is_one
