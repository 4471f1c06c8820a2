from __future__ import annotations

from collections.abc import Mapping

from newshouse.quality.history import Day
from newshouse.quality.sections import sections

USUAL = {"World": 20, "Local": 20}


def day(named: Mapping[str, int]) -> Day:
    return Day(looked=True, articles=sum(named.values()), sections=named)


def failing(days: list[Day], rests: bool = False) -> dict[str, str | None]:
    return {f.check: f.detail for f in sections(days, [rests] * len(days)) if not f.passed}


def test_a_section_that_came_every_day_is_missed() -> None:
    assert failing([day({"World": 40}), *[day(USUAL)] * 28]) == {"section_vanished": "Local"}
    assert failing([day({"World": 40}), *[day(USUAL)] * 28], rests=True) == {}


def test_a_section_that_rests_on_this_weekday_is_not_missed() -> None:
    days = [day({"World": 20} if back % 7 in (0, 1) else USUAL) for back in range(29)]
    assert failing(days) == {}
    days[7] = days[14] = days[21] = days[28] = day(USUAL)
    assert failing(days) == {"section_vanished": "Local"}


def test_a_section_that_stayed_away_some_days_ago_is_missed_again() -> None:
    days = [day(USUAL)] * 29
    days[0] = day({"World": 40})
    days[7:12] = [day({"World": 40})] * 5  # nine of the last fourteen days, and not on this weekday of last week
    assert failing(days) == {"section_vanished": "Local"}
    days[14] = day({"World": 40})
    assert failing(days) == {}, "every other week is no habit"


def values(days: list[Day], rests: bool = False) -> list[float | None]:
    return [finding.value for finding in sections(days, [rests] * len(days))]


def test_a_day_that_cannot_miss_a_section_is_no_sign_that_it_is_back() -> None:
    past = [day({"World": 30}), *[day(USUAL)] * 28]
    assert values([day({"World": 5}), *past]) == [None, None]  # a weekend
    assert values([day({"World": 30}), *past], rests=True) == [None, None]
    assert values([day({"World": 5, "Local": 4}), *past]) == [0, 0]
    assert values([day({}), *past]) == [None, None]


def test_a_section_that_has_its_weekdays_is_not_back_because_of_a_weekend() -> None:
    days = [day({"World": 20} if back % 7 in (0, 1) else USUAL) for back in range(29)]
    assert values(days) == [None, 0]


def test_a_small_section_that_stays_away_by_chance_hides_no_recovery() -> None:
    assert values([day(USUAL), *[day(USUAL | {"Chess": 1})] * 28]) == [0, 0]


def test_a_new_section_of_weight_is_named_until_it_is_known() -> None:
    with_special = day(USUAL | {"Special": 15})
    past = [day(USUAL)] * 20
    found = [failing([*[with_special] * count, *past]) for count in range(1, 6)]
    assert found == [{"section_new": "Special"}] * 3 + [{}] * 2


def test_a_new_section_of_few_articles_is_a_story() -> None:
    assert failing([day(USUAL | {"Special": 7}), *[day(USUAL)] * 20]) == {}
    assert failing([day({"Special": 6}), *[day({"World": 6})] * 20]) == {}


def test_a_section_that_comes_back_after_weeks_is_not_new() -> None:
    days = [day(USUAL)] * 20
    days[18] = day(USUAL | {"Olympics": 2})
    assert failing([day(USUAL | {"Olympics": 30}), *days]) == {}


def test_a_renamed_section_is_both() -> None:
    assert set(failing([day({"World": 20, "Region": 20}), *[day(USUAL)] * 28])) == {"section_vanished", "section_new"}


def test_sections_that_are_free_text_are_not_judged_as_new() -> None:
    days = [day({f"Topic {back}-{number}": 10 for number in range(4)}) for back in range(29)]
    assert failing(days) == {}
    assert sections(days, [False] * 29)[1].detail == "sections are free text: new ones say nothing"


def test_a_source_that_begins_to_name_sections_does_not_alarm() -> None:
    assert failing([day(USUAL), *[Day(looked=True, articles=40)] * 28]) == {}
    assert failing([day(USUAL | {"Special": 30}), *[day(USUAL)] * 3]) == {}
