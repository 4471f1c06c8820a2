"""What a line that credits somebody says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.parse.bylines import MAX_PEOPLE, Named, is_desk, named_in, split_byline
from newshouse.parse.names import is_full
from newshouse.records import Author

INES = Named((Author("Ines Falk"),), None, ("Ines Falk",))


def named(line, own=()):
    """(the names of the people of a line, whom it credits)"""
    found = split_byline(line, own)
    return [person.name for person in found.people], found.credit


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
    assert split_byline(line) == INES


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
        "Ines Falk Stand: 05. Februar 2020",
        "Ines Falk 4. 7. 2026",
        "Ines Falk @ 12:00 am",
        "Ines Falk for the Harbour Courier",
        "Ines Falk Ines Falk",
    ],
)
def test_what_follows_a_name_is_no_part_of_it(line):
    assert split_byline(line) == INES


def test_a_handle_parts_two_names():
    assert named("By Ines Falk @inesfalk Tom O’Dare")[0] == ["Ines Falk", "Tom O’Dare"]


@pytest.mark.parametrize(
    "line", ["By Ines Falk And Tom O’Dare For The Sunday Courier", "Ines Falk im Gespräch mit Tom O’Dare"]
)
def test_words_that_part_two_names(line):
    assert named(line)[0] == ["Ines Falk", "Tom O’Dare"]


@pytest.mark.parametrize(
    "line", ["Harbour Courier - Ines Falk", "Ines Falk Harbour Courier", "Ines Falk - Harbour Courier"]
)
def test_the_publisher_beside_a_name_is_no_part_of_it(line):
    assert named(line, ["Harbour Courier"]) == (["Ines Falk"], ("Ines Falk",))


def test_a_dash_inside_the_name_of_a_house_parts_nothing():
    assert named("Pilots - Port")[1] == ("Pilots - Port",)


@pytest.mark.parametrize("own", ["Harbour Courier", "harbour-courier.example"])
def test_the_publisher_with_its_article_is_the_publisher(own):
    assert named("The Harbour Courier", ["Harbour Courier"]) == ([], ("The Harbour Courier",))
    assert named(own, ["Harbour Courier", "harbourcourierexample"])[0] == []


def test_a_role_set_apart_by_the_layout_alone_is_told_from_the_name():
    found = split_byline("Ines Falk Senior Harbour Reporter")
    assert found.people == (Author("Ines Falk", "Senior Harbour Reporter"),)


@pytest.mark.parametrize(
    "line",
    [
        "Center for Harbour Evaluation and Research",
        "Ines Falk says:",
        "Verein der Lotsen e.V.",
        "Sign in",
        "Alle Beiträge",
        "harbour-watch.org",
        "Letters To The Editor",
        "Zuletzt geändert am: 15.10.2021",
    ],
)
def test_organisations_comments_and_links_are_nobody(line):
    assert named(line)[0] == []


@pytest.mark.parametrize(
    "line",
    [
        "hundreds of new pilots",
        "Tips for the harbour",
        "Tips for the Harbour",
        "Tipps gegen den Lärm",
        "Der Hafen bleibt Thema",
        "Personal finance",
        "Ministry of Harbours",
        "Hafen 19113",
        "Head of the",
        "Фото из Гавани",
        "con la verdad",
        "H-39020 Hafen",
    ],
)
def test_words_that_are_not_written_as_names_are_none(line):
    assert named(line)[0] == []


@pytest.mark.parametrize(
    "name",
    [
        "Ana de la Cruz",
        "Jan van der Meer",
        "ines falk",
        "ifalk2",
        "Ali bin Said",
        "Édouard Saïd",
        "J. R. O’Dare",
        "Łukasz Świerczyński",
        "Ngugi wa Mwangi",
        "Mwai wa Thiong'a",
        "Yasser el-Sayed",
        "Omar ash-Sharif",
        "Siti binti Ahmad",
        "Ahmed ould Daddah",
        "Ali ben Youssef",
        "Rhys ap Gwilym",
        "Máire ní Bhriain",
    ],
)
def test_small_particles_and_account_names_are_names(name):
    assert named(name)[0] == [name]


def test_names_with_particles_stand_beside_each_other():
    assert named("By Mohammed bin Salman and Ali ben Youssef")[0] == ["Mohammed bin Salman", "Ali ben Youssef"]


@pytest.mark.parametrize("name", ["Jan in 't Veld", "ines maria falk", "Xolani weDlomo", "Somchai na Ayutthaya"])
def test_a_stated_person_is_written_as_the_bearer_likes(name):
    found = named_in([{"@type": "Person", "name": name}], frozenset())
    assert [person.name for person in found.people] == [name]


def test_a_house_that_is_stated_as_a_person_is_nobody():
    for name in ("Harbour Courier staff", "Redaktion", "admin", "Harbour 24", "Sponsored by Harbour Tours"):
        assert named_in([{"@type": "Person", "name": name}], frozenset()).people == ()


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("Von Ines Falk, Tom O’Dare und Redaktion", ("Ines Falk", "Tom O’Dare", "Redaktion")),
        ("Ines Falk (dpa)", ("Ines Falk", "dpa")),
        ("det/dpa", ("det/dpa",)),
        ("dpa, AFP", ("dpa", "AFP")),
        ("Ines Falk, Leiterin der Lotsenstelle", ("Ines Falk",)),
        ("Center for Harbour Evaluation and Research", ("Center for Harbour Evaluation and Research",)),
        ("By Ines Falk, Harbour University", ("Ines Falk",)),
        ("Webmaster", ()),
    ],
)
def test_the_credit_names_everybody_in_order(line, credit):
    assert named(line)[1] == credit


def test_a_first_name_that_looks_like_a_degree_is_a_name():
    assert named("By Md Karim Haque")[0] == ["Md Karim Haque"]


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("Ines Falk", True),
        ("Luc d'Aubigny", True),
        ("Siti binti Ahmad", True),
        ("Yasser el-Sayed", True),
        ("Łukasz Świerczyński", True),
        ("ifalk", False),
        ("Head of News", False),
    ],
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
    people, credit = named(line)
    assert all(name.strip() for name in (*people, *credit))


def test_a_megabyte_of_commas_names_nobody_at_once():
    assert split_byline("," * 1_000_000) == Named()


@pytest.mark.parametrize("kind", ["Person", "Organization"])
@pytest.mark.parametrize("key", ["name", "jobTitle", "affiliation", "worksFor"])
def test_no_part_of_a_stated_author_is_longer_than_a_line(kind, key):
    node = {"@type": kind, "name": "Ines Falk"} | {key: "x" * 1_000_000}
    assert len(repr(named_in([node], frozenset()))) < 1_000


def test_a_statement_of_very_many_names_is_not_read_to_its_end():
    values = iter(["Ines Falk"] * 100)
    assert named_in(values, frozenset()) == INES
    assert len(list(values)) == 100 - MAX_PEOPLE


def test_a_line_that_is_longer_than_any_byline_credits_nobody():
    assert split_byline("Ines Falk, 4 July 2026" + " and more" * 50) == Named()
