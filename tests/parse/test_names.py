"""What a line that credits somebody says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.parse.names import MAX_PEOPLE, is_desk, is_full, people_in, split_byline
from newshouse.records import Author


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
    assert split_byline(line) == ([Author("Ines Falk")], None)


@pytest.mark.parametrize(
    "line",
    [
        "By Ines Falk Last Updated: August 1, 2025",
        "Ines Falk Published on July 18, 2025",
        "Von Ines Falk am Samstag, 19. Oktober 2019 um 11:14 Uhr",
        "Von Ines Falk Fr, 18. Oktober 2019",
        "By Ines Falk. Reviewed by Tom O’Dare, MD",
        "Ines Falk, PhD",
        "Ines Falk PhD",
        "By Ines Falk @inesfalk",
    ],
)
def test_what_follows_a_name_is_no_part_of_it(line):
    assert split_byline(line) == ([Author("Ines Falk")], None)


def test_a_handle_parts_two_names():
    people, _ = split_byline("By Ines Falk @inesfalk Tom O’Dare")
    assert [person.name for person in people] == ["Ines Falk", "Tom O’Dare"]


def test_a_role_set_apart_by_the_layout_alone_is_told_from_the_name():
    assert split_byline("Ines Falk Senior Harbour Reporter") == ([Author("Ines Falk", "Senior Harbour Reporter")], None)


@pytest.mark.parametrize(
    "line",
    [
        "Center for Harbour Evaluation and Research",
        "Ines Falk says:",
        "Verein der Lotsen e.V.",
        "Sign in",
        "Alle Beiträge",
    ],
)
def test_organisations_comments_and_links_are_nobody(line):
    assert split_byline(line) == ([], None)


def test_a_first_name_that_looks_like_a_degree_is_a_name():
    assert split_byline("By Md Karim Haque") == ([Author("Md Karim Haque")], None)


@pytest.mark.parametrize(
    ("name", "full"), [("Ines Falk", True), ("Luc d'Aubigny", True), ("ifalk", False), ("Head of News", False)]
)
def test_a_full_name_has_a_surname(name, full):
    assert is_full(name) == full


@pytest.mark.parametrize(
    ("line", "desk"),
    [
        ("By The Harbour Editors", True),
        ("Redaktion", True),
        ("Ines Falk", False),
        ("Our daily news from the whole strait", False),
    ],
)
def test_a_desk_signs_with_little_beside_its_name(line, desk):
    assert is_desk(line) == desk


@given(st.text(max_size=450))
def test_any_text_is_read_without_an_exception(line):
    people, _ = split_byline(line)
    assert all(person.name.strip() for person in people)


def test_a_megabyte_of_commas_names_nobody_at_once():
    assert split_byline("," * 1_000_000) == ([], None)


def test_a_statement_of_very_many_names_is_not_read_to_its_end():
    values = iter(["Ines Falk"] * 100)
    assert people_in(values, frozenset()) == ([Author("Ines Falk")], None)
    assert len(list(values)) == 100 - MAX_PEOPLE


def test_a_line_that_is_longer_than_any_byline_credits_nobody():
    assert split_byline("Ines Falk, 4 July 2026" + " and more" * 50) == ([], None)
