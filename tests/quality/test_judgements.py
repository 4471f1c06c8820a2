from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.quality.history import DAYS, Day
from newshouse.quality.judgements import Finding, judge_days
from newshouse.sources.model import Bounds


def day(articles: int, **numbers: object) -> Day:
    given = {"looked": True, "pages": articles, "age_hours": 3.0} | numbers
    return Day(articles=articles, **given)  # type: ignore[arg-type]


def judge(days: list[Day], bounds: Bounds | None = None) -> dict[str, Finding]:
    return {finding.check: finding for finding in judge_days(days, bounds or Bounds())}


def failed(days: list[Day], bounds: Bounds | None = None) -> set[str]:
    return {name for name, finding in judge(days, bounds).items() if not finding.passed}


def weeks(weekday: int, weekend: int, today: int) -> list[Day]:
    """Four weeks of a publisher that rests on two of seven days; today is a working day."""
    return [day(today)] + [day(weekend if back % 7 in (2, 3) else weekday) for back in range(1, DAYS)]


def test_an_ordinary_day_passes_all_checks() -> None:
    findings = judge(weeks(40, 5, today=38))
    assert {f.passed for f in findings.values()} == {True}
    assert set(findings) >= {"volume_bounds", "volume", "freshness", "authors_null_rate", "rejected_share"}


def test_a_source_that_nobody_asked_today_is_not_judged() -> None:
    assert judge([Day()] + [day(40)] * 28) == {}


def test_bounds_of_the_source_file_are_kept_from_the_first_day_on() -> None:
    assert failed([day(3)] + [Day()] * 28, Bounds(5, 100)) == {"volume_bounds"}
    assert failed([day(101)] + [Day()] * 28, Bounds(5, 100)) == {"volume_bounds"}
    assert failed([day(5)] + [Day()] * 28, Bounds(5, 100)) == set()


def test_a_silent_source_and_a_flood_are_found() -> None:
    assert failed(weeks(40, 5, today=0)) == {"volume"}
    assert failed(weeks(40, 5, today=400)) == {"volume"}


def test_a_quiet_weekend_is_no_drop_once_it_is_known() -> None:
    sunday = [day(5), *weeks(40, 5, today=0)[3:], day(40), day(40)]
    assert sunday[7].articles == 5
    assert failed(sunday) == set()


def test_a_small_source_cannot_cry_wolf() -> None:
    assert failed([day(0)] + [day(8)] * 28) == set()


def test_random_days_of_a_steady_source_seldom_alarm() -> None:
    chance = random.Random(6)
    alarms = 0
    for _ in range(300):
        days = [day(sum(chance.random() < 0.15 for _ in range(100))) for _ in range(DAYS)]  # about 15 a day
        alarms += "volume" in failed(days)
    assert alarms <= 300 / 30  # at most one a month


def test_volume_is_not_judged_before_there_is_a_past() -> None:
    finding = judge([day(0)] + [day(40)] * 3 + [Day()] * 25)["volume"]
    assert finding.passed
    assert finding.detail == "too little history to judge: 3 of 4 days"


def test_days_without_a_run_are_no_days_of_silence() -> None:
    days = [day(40)] + [Day() if back % 2 else day(40) for back in range(1, DAYS)]
    assert failed(days) == set()


@pytest.mark.parametrize(("age", "stale"), [(23.0, False), (40.0, True), (None, True)])
def test_freshness_is_measured_against_the_own_rhythm(age: float | None, stale: bool) -> None:
    assert failed([day(40, age_hours=age)] + [day(40)] * 28) == ({"freshness"} if stale else set())


def test_a_weekly_magazine_may_be_a_week_old() -> None:
    rhythm = [day(1, age_hours=24.0 * (6 - back % 7)) for back in range(1, DAYS)]
    assert failed([day(0, age_hours=150.0), *rhythm]) == set()
    assert failed([day(0, age_hours=300.0), *rhythm]) == {"freshness"}


def test_one_past_outage_does_not_become_the_rule() -> None:
    days = [day(40)] * 20 + [day(40, age_hours=90.0), day(40, age_hours=66.0)] + [day(40)] * 6
    assert failed([day(40, age_hours=48.0), *days]) == {"freshness"}


def test_a_field_that_disappears_is_found_and_a_field_that_was_never_there_is_not() -> None:
    assert failed([day(30, absent=(0, 30, 0))] + [day(30, absent=(0, 2, 0))] * 28) == {"authors_null_rate"}
    assert failed([day(30, absent=(0, 30, 0))] + [day(30, absent=(0, 30, 0))] * 28) == set()
    assert failed([day(30, absent=(0, 5, 0))] + [day(30, absent=(0, 2, 0))] * 28) == set()
    finding = judge([day(30, absent=(30, 0, 0))] + [day(30)] * 28)["title_null_rate"]
    assert (finding.value, finding.failed, finding.rows) == (100.0, 30, 30)


def test_a_parser_that_finds_no_text_is_found_even_without_a_past() -> None:
    broken = day(0, pages=30, rejected=30, empty=30)
    assert failed([broken] + [Day()] * 28) == {"rejected_share", "empty_share"}
    assert failed([broken] + [day(30)] * 28) == {"volume", "rejected_share", "empty_share"}


def test_a_paywalled_source_is_used_to_rejections() -> None:
    usual = day(12, pages=30, rejected=18)
    assert failed([usual] * 29) == set()
    assert failed([day(12, pages=30, rejected=28)] + [usual] * 28) == {"rejected_share"}


_DAY = st.builds(
    Day,
    looked=st.booleans(),
    articles=st.integers(0, 500),
    absent=st.tuples(*[st.integers(0, 500)] * 3),
    pages=st.integers(0, 500),
    rejected=st.integers(0, 500),
    empty=st.integers(0, 500),
    age_hours=st.none() | st.floats(0, 1000),
)


@given(st.lists(_DAY.filter(lambda d: max(d.absent) <= d.articles), min_size=1, max_size=DAYS))
def test_any_past_is_judged_without_an_error_and_alike_each_time(days: list[Day]) -> None:
    assert judge_days(days, Bounds()) == judge_days(days, Bounds())
