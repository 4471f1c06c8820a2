"""What a line that credits somebody says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.parse.people.byline_chunks import Named
from newshouse.parse.people.bylines import MAX_PEOPLE, is_desk, named_in, split_byline
from newshouse.parse.people.names import is_full
from newshouse.records import Author

INES = Named((Author("Ines Falk"),), None, ("Ines Falk",))


def named(line, own=()):
    """(the names of the people of a line, whom it credits)"""
    found = split_byline(line, own)
    return [person.name for person in found.people], found.credit


@pytest.mark.parametrize(
    "line",
    [
        "Ines Falk, PhD",
        "Ines Falk PhD",
        "By Ines Falk @inesfalk",
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


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Jane Doe BBC News, Velden", Author("Jane Doe", organisation="BBC News")),
        ("Por Ana Souza — Rio de Janeiro", Author("Ana Souza")),
        ("Ahmet Yılmaz / İstanbul", Author("Ahmet Yılmaz")),
        ("By Jane Doe | Harbour Courier Staff Writer", Author("Jane Doe", role="Staff Writer")),
        ("Jane Doe | Port Correspondent", Author("Jane Doe", role="Port Correspondent")),
        ("O’Neill, Sean", Author("Sean O’Neill")),
        ("Jane Doe (she/her)", Author("Jane Doe")),
        ("Maria Silva, enviada especial", Author("Maria Silva", role="enviada especial")),
        ("山田太郎記者", Author("山田太郎", role="記者")),
        ("社会部 山田太郎記者", Author("山田太郎", role="記者")),
        ("김하늘 경제부 기자", Author("김하늘", role="경제부 기자")),
        ("사회부 김하늘 기자", Author("김하늘", role="기자")),
        ("김하늘선임기자", Author("김하늘", role="선임기자")),
        ("文・山田太郎、写真・佐藤花子", Author("山田太郎")),
        ("【山田太郎】", Author("山田太郎")),
        ("अंजलि शर्मा", Author("अंजलि शर्मा")),
        ("லதா மணி", Author("லதா மணி")),
        ("สมชาย ใจดี", Author("สมชาย ใจดี")),
        ("Της Μαρίας Παπαδάκη", Author("Μαρία Παπαδάκη")),
        ("Γράφει ο Νίκος Παππάς", Author("Νίκος Παππάς")),
        ("מאת: רות לוי", Author("רות לוי")),
        (
            "By Karin Vos, professor of hydraulics at Velden University",
            Author("Karin Vos", "professor of hydraulics", "Velden University"),
        ),
        ("Karin Vos, Harbour News correspondent", Author("Karin Vos", role="Harbour News correspondent")),
    ],
)
def test_a_line_names_one_person_and_what_it_says_about_them(line, person):
    assert split_byline(line, ["Harbour Courier"]) == Named((person,), None, (person.name,))


def test_surnames_first_are_turned_in_a_list():
    assert named("Doe, Jane; Roe, John")[0] == ["Jane Doe", "John Roe"]


def test_two_reporters_of_a_chinese_paper_are_parted_by_the_space():
    assert named("本报记者 王小明 李华")[0] == ["王小明", "李华"]


@pytest.mark.parametrize("line", ["Reporter Tom Berg", "Velden and Harbour Editor of Harbour Life"])
def test_a_second_piece_is_a_role_only_if_it_names_nobody(line):
    assert split_byline(f"Ines Falk | {line}").people[0].role is None


@pytest.mark.parametrize("line", ["Harbour Tribune News, Velden", "Jane Doe PE", "Courier, Reuters"])
def test_no_place_and_no_sign_becomes_a_person(line):
    assert "Velden" not in named(line)[0]
    assert split_byline(line).people == () or named(line)[0] != ["Reuters Courier"]


@pytest.mark.parametrize(
    ("line", "agency", "people"),
    [
        ("Marie Dupont (avec AFP)", "AFP", ["Marie Dupont"]),
        ("Ines Falk (dpa/AFP)", "dpa/AFP", ["Ines Falk"]),
        ("AA, İHA", "Anadolu/İHA", []),
        ("Kaynak: AA", "Anadolu", []),
        ("Πηγή: ΑΠΕ-ΜΠΕ", "ANA-MPA", []),
        ("来源：中新网", "CNS", []),
        ("共同", "Kyodo", []),
        ("— Reuters", "Reuters", []),
        ("JANE DOE Associated Press", "AP", ["Jane Doe"]),
        ("Jane Doe Associated Press", "AP", ["Jane Doe"]),
    ],
)
def test_an_agency_beside_a_name_or_behind_a_label_is_the_wire(line, agency, people):
    found = split_byline(line)
    assert found.wire is not None
    assert (found.wire.agency, [person.name for person in found.people]) == (agency, people)


def test_the_credit_of_a_labelled_agency_is_its_sign():
    assert split_byline("Marie Dupont (avec AFP)").credit == ("Marie Dupont", "AFP")


@pytest.mark.parametrize(
    "line", ["Por Ana Souza, g1 — Rio de Janeiro", "By Ines Falk in New Delhi", "Ines Falk, Abu Dhabi"]
)
def test_where_somebody_wrote_is_no_further_author(line):
    assert len(split_byline(line).people) == 1


@given(st.text("Aaİı ́,;:—|•·«»()[]{}\"'’&#@/.،。年분🎧", max_size=25))
def test_signs_behind_a_name_raise_nothing(behind):
    assert split_byline(f"By Ines Falk, {behind}").people
    split_byline(behind)


@pytest.mark.parametrize("name", ["Rosa Bay", "Carl Beach", "Tom Hills", "Ana Falls", "Max Harbour", "Villa Lobos"])
def test_a_surname_that_places_have_too_is_that_of_an_author(name):
    assert [author.name for author in split_byline(f"By Ines Falk, {name}").people] == ["Ines Falk", name]


@pytest.mark.parametrize(
    ("line", "role"),
    [("Tom Berg, Port correspondent", "Port correspondent"), ("Tom Berg, Lake reporter", "Lake reporter")],
)
def test_a_role_that_begins_like_a_place_is_a_role(line, role):
    assert [author.role for author in split_byline(line).people] == [role]
