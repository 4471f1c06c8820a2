"""Printed dates in the languages and orders in which news is written."""

from __future__ import annotations

import pytest

from newshouse.parse.dates.moments import moments_in, read_moment
from newshouse.parse.dates.months import month_number


def _only(text: str) -> tuple[str, str, int | None]:
    ((_, moment),) = moments_in(text, "text")
    return moment.at.isoformat(), moment.precision, moment.utc_offset_min


@pytest.mark.parametrize(
    "printed",
    [
        "4 Αυγούστου 2026",
        "4 серпня 2026",
        "4. srpna 2026",
        "2026. augusztus 4.",
        "4. elokuuta 2026",
        "04 Agu 2026",
        "4 d’agost de 2026",
        "04 अगस्त 2026",
        "4 באוגוסט 2026",
        "4 สิงหาคม 2569",
        "4 ส.ค. 2569",
        "4 tháng 8, 2026",
        "4 tháng 8 năm 2026",
        "4 آب 2026",
        "04 اگست 2026",
        "4 август 2026",
    ],
)
def test_a_day_is_read_in_the_language_of_the_page(printed):
    assert _only(printed) == ("2026-08-04T00:00:00+00:00", "day", None)


@pytest.mark.parametrize("printed", ["26 Okt 2018", "26. Oktober 2018", "26 OKTOBER 2018", "26 oktober 2018"])
def test_a_month_with_a_k_in_it_is_read_in_any_case(printed):
    assert _only(printed)[0] == "2018-10-26T00:00:00+00:00"


@pytest.mark.parametrize(
    "printed",
    [
        "2026-08-04 09:30",
        "2026-08-04 klo 9.30",
        "04.08.2026 klo 9.30",
        "4 aug. 2026 om 09:30",
        "4 Agosto 2026 alle 09:30",
        "4. srpna 2026 v 9:30",
        "4 августа 2026 в 09:30",
        "4 Αυγούστου 2026 • 09:30",
        "09:30, 4 серпня 2026",
        "09:30 | 04.08.2026",
        "9:30 a.m., Tuesday, August 4, 2026",
        "2026-08-04, 09:30",
    ],
)
def test_a_clock_beside_the_day_is_read(printed):
    assert _only(printed) == ("2026-08-04T09:30:00+00:00", "minute", None)


@pytest.mark.parametrize(
    ("printed", "at", "offset"),
    [
        ("9:30 AM EDT, August 4, 2026", "2026-08-04T13:30:00+00:00", -240),
        ("August 4, 2026 at 9:30 p.m. ET", "2026-08-05T01:30:00+00:00", -240),
        ("January 4, 2026 at 9:30 a.m. ET", "2026-01-04T14:30:00+00:00", -300),
        ("14/8/2026, 09:30 (GMT+7)", "2026-08-14T02:30:00+00:00", 420),
        ("2026-08-04 09:30 WIB", "2026-08-04T02:30:00+00:00", 420),
        ("4 August 2026, 09:30 (UTC-3)", "2026-08-04T12:30:00+00:00", -180),
        ("4 August 2026, 09:30 GMT+0530", "2026-08-04T04:00:00+00:00", 330),
    ],
)
def test_the_zone_of_a_printed_clock_is_kept(printed, at, offset):
    assert _only(printed) == (at, "minute", offset)


@pytest.mark.parametrize("printed", ["4 August 2026 · 4 min read", "4 August 2026 | 12 comments", "August 4, 2026 – 3"])
def test_a_count_behind_the_day_is_no_clock(printed):
    assert _only(printed)[1] == "day"


def test_the_clock_of_one_day_is_not_that_of_the_next():
    moments = [moment for _, moment in moments_in("4 August 2026 09:30, 5 August 2026", "text")]
    assert [moment.precision for moment in moments] == ["minute", "day"]


def test_a_name_may_stand_close_before_the_month():
    assert month_number("FalkAugust") == 8
    assert month_number("Falk") is None


@pytest.mark.parametrize(
    "printed",
    [
        "4. August 2026, 2. Bundesliga",
        "4 August 2026 · 1.250 views",
        "4 August 2026 - 3.5 stars",
        "2026-08-04 v1.20",
        "3:45 | 4 August 2026",
    ],
)
def test_a_number_beside_the_day_that_is_something_else_is_no_clock(printed):
    assert _only(printed) == ("2026-08-04T00:00:00+00:00", "day", None)


@pytest.mark.parametrize(
    "printed",
    [
        "4 août 2026 à 9h30 et mis à jour",
        "4 août 2026 à 9:30 est",
        "04.08.2026 09:30 zuletzt",
        "4 August 2026, 09:30 ETWAS",
    ],
)
def test_a_word_behind_the_clock_is_no_zone(printed):
    assert _only(printed) == ("2026-08-04T09:30:00+00:00", "minute", None)


def test_small_letters_behind_am_are_a_zone():
    assert _only("August 4, 2026 9:30 am et")[2] == -240


@pytest.mark.parametrize(
    ("printed", "offset"), [("August 4, 2026 9:30 AM BST", 60), ("January 4, 2026 9:30 AM BST", None)]
)
def test_british_summer_time_is_none_in_winter(printed, offset):
    assert _only(printed)[2] == offset


@pytest.mark.parametrize("text", ["On 4 August 2500 people marched", "Zagreb, 4. listopada 2026."])
def test_a_count_is_no_thai_year_and_a_month_of_two_meanings_is_none(text):
    assert moments_in(text, "text") == []


def test_polish_november_and_hungarian_order_are_read_and_two_sentences_are_no_date():
    assert _only("4 listopada 2026")[0][:10] == "2026-11-04"
    assert _only("2026. május 4.")[0][:10] == "2026-05-04"
    assert moments_in("He died in 2024. May 12 is his birthday", "text") == []


def test_a_bare_hour_with_the_word_for_it_is_a_clock():
    assert _only("04.08.2026, 10 Uhr") == ("2026-08-04T10:00:00+00:00", "hour", None)


def test_a_fraction_of_a_second_hides_no_zone():
    assert _only("2026-08-04T09:30:00.000+02:00") == ("2026-08-04T07:30:00+00:00", "second", 120)
    assert _only("2026-08-04T09:30:00z")[2] == 0


def test_the_next_day_is_no_clock_of_the_day_before_it():
    moments = [moment for _, moment in moments_in("12 August 2026 14.05.2026", "text")]
    assert [(moment.at.isoformat()[:10], moment.precision) for moment in moments] == [
        ("2026-08-12", "day"),
        ("2026-05-14", "day"),
    ]


@pytest.mark.parametrize(
    "text",
    ["2026.07.04 | 12", "2026年7月4日 - 5", "2026.07.04 – 5 min read", "2026/07/04 | 3", "2026年7月4日 三人死亡"],
)
def test_a_number_behind_a_date_of_eastern_order_is_no_clock(text):
    (_, moment), *others = moments_in(text, "text")
    assert (moment.precision, moment.raw, others) == ("day", text.partition(" ")[0], [])


@pytest.mark.parametrize(
    "text", ["2026年7月4日 午前9時", "2026.07.04 오전 9", "2026-07-04 9 AM", "2026/07/04 (六) 9時"]
)
def test_a_bare_hour_of_eastern_order_needs_a_word_for_it(text):
    assert read_moment(text, "text").at.hour == 9


@pytest.mark.parametrize(
    "text", ["3 June / London 2026", "4 July/August 2026", "Sunset 04/05/2026", "Montana 04/05/2026"]
)
def test_what_only_looks_like_a_second_month_or_a_weekday_gives_no_date(text):
    assert moments_in(text, "text") == []


@pytest.mark.parametrize("half", ["مساء", "مساءً", "مساءا", "م"])
def test_the_evening_is_read_with_and_without_its_ending(half):
    assert read_moment(f"4 يوليو 2026 9:30 {half}", "text").at.hour == 21
