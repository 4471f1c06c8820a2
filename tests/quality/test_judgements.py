from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newshouse.quality.finding import Finding
from newshouse.quality.history import DAYS, Day
from newshouse.quality.judgements import judge_days
from newshouse.sources.model import Bounds, Source

SOURCE = Source("post", "The Post", "SE", "en", "Europe/Stockholm", "https://post.example/")
MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)  # a Tuesday, and no holiday near


def day(articles: int, **numbers: object) -> Day:
    given = {"looked": True, "pages": articles, "age_hours": 3.0} | numbers
    return Day(articles=articles, **given)  # type: ignore[arg-type]


def judge(days: list[Day], bounds: Bounds | None = None, now: datetime = MORNING) -> dict[str, Finding]:
    return {finding.check: finding for finding in judge_days(days, replace(SOURCE, bounds=bounds or Bounds()), now)}


def failed(days: list[Day], bounds: Bounds | None = None, now: datetime = MORNING) -> set[str]:
    return {name for name, finding in judge(days, bounds, now).items() if not finding.passed}


def weeks(weekday: int, weekend: int, today: int) -> list[Day]:
    """Four weeks of a publisher that rests on two of seven days; today is a working day."""
    return [day(today)] + [day(weekend if back % 7 in (2, 3) else weekday) for back in range(1, DAYS)]


CHECKS = {
    "volume_bounds", "volume_drop", "volume_spike", "freshness", "empty_share", "rejected_share", "title_null_rate",
    "authors_null_rate", "published_at_null_rate", "duplicate_share", "field_origin", "columns_filled", "length",
    "provenance", "layout_drift", "section_vanished", "section_new", "time_zone",
}  # fmt: skip


def test_an_ordinary_day_passes_all_checks() -> None:
    findings = judge(weeks(40, 5, today=38))
    assert {f.passed for f in findings.values()} == {True}
    assert set(findings) == CHECKS


def test_a_source_that_nobody_asked_today_is_not_judged() -> None:
    assert judge([Day()] + [day(40)] * 28) == {}


def test_bounds_of_the_source_file_are_kept_from_the_first_day_on() -> None:
    assert failed([day(3)] + [Day()] * 28, Bounds(5, 100)) == {"volume_bounds"}
    assert failed([day(101)] + [Day()] * 28, Bounds(5, 100)) == {"volume_bounds"}
    assert failed([day(5)] + [Day()] * 28, Bounds(5, 100)) == set()


def test_a_silent_source_and_a_flood_are_found() -> None:
    assert failed(weeks(40, 5, today=0)) == {"volume_drop"}
    assert failed(weeks(40, 5, today=400)) == {"volume_spike"}


def test_a_quiet_weekend_is_no_drop_once_it_is_known() -> None:
    sunday = [day(5), *weeks(40, 5, today=0)[3:], day(40), day(40)]
    assert sunday[7].articles == 5
    assert failed(sunday) == set()


def test_a_small_source_cannot_cry_wolf() -> None:
    assert failed([day(0)] + [day(3)] * 28) == set()


def test_random_days_of_a_steady_source_seldom_alarm() -> None:
    chance = random.Random(6)
    alarms = 0
    for _ in range(300):
        days = [day(sum(chance.random() < 0.15 for _ in range(100))) for _ in range(DAYS)]  # about 15 a day
        alarms += bool(failed(days) & {"volume_drop", "volume_spike"})
    assert alarms <= 300 / 30  # at most one a month


def test_volume_is_not_judged_before_there_is_a_past() -> None:
    finding = judge([day(0)] + [day(40)] * 3 + [Day()] * 25)["volume_drop"]
    assert finding.passed
    assert finding.detail == "too little history to judge: 3 of 4 days"


def test_days_without_a_run_are_no_days_of_silence() -> None:
    days = [day(40)] + [Day() if back % 2 else day(40) for back in range(1, DAYS)]
    assert failed(days) == set()


def test_a_first_weekend_does_not_alarm() -> None:
    working_days = [day(40)] * 5 + [Day()] * 23
    assert failed([day(4), *working_days]) == set()


def test_a_quiet_holiday_is_no_drop_and_the_day_after_is() -> None:
    days = [day(2)] + [day(40)] * 28
    assert failed(days, now=datetime(2026, 12, 26, 6, tzinfo=UTC)) == set()  # Christmas Day
    assert failed(days, now=datetime(2026, 12, 3, 6, tzinfo=UTC)) == {"volume_drop"}


@pytest.mark.parametrize(("articles", "value"), [(0, None), (2, None), (38, 38)])
def test_a_quiet_holiday_is_no_sign_that_an_outage_is_over(articles: int, value: float | None) -> None:
    christmas = datetime(2026, 12, 26, 6, tzinfo=UTC)
    days = [day(articles, age_hours=40.0), day(0, age_hours=16.0), *[day(40)] * 27]
    found = judge(days, now=christmas)
    assert found["volume_drop"].passed
    assert found["volume_drop"].value == value
    assert (found["freshness"].passed, found["freshness"].value) == (True, None)


@pytest.mark.parametrize(("articles", "value"), [(0, None), (1, None), (2, 2)])
def test_a_weekend_of_few_articles_is_no_sign_that_an_outage_is_over(articles: int, value: float | None) -> None:
    past = [day(3 if back % 7 in (0, 6) else 40) for back in range(2, DAYS)]
    found = judge([day(articles), day(0), *past])["volume_drop"]
    assert (found.passed, found.value) == (True, value)


def test_past_outages_do_not_become_the_rule() -> None:
    days = [day(40 if back % 7 else 0) for back in range(1, DAYS)]
    assert failed([day(0), *days]) == set() or failed([day(0), *days]) == {"volume_drop"}
    broken = [day(0), *(day(0) if back in (7, 14) else day(40) for back in range(1, DAYS))]
    assert failed(broken) == {"volume_drop"}


@pytest.mark.parametrize(("age", "stale"), [(23.0, False), (60.0, True), (None, True)])
def test_freshness_is_measured_against_the_own_rhythm(age: float | None, stale: bool) -> None:
    assert failed([day(40, age_hours=age)] + [day(40)] * 28) == ({"freshness"} if stale else set())


def test_a_weekly_magazine_may_be_a_week_old() -> None:
    rhythm = [day(1, age_hours=24.0 * (6 - back % 7)) for back in range(1, DAYS)]
    assert failed([day(0, age_hours=150.0), *rhythm]) == set()
    assert failed([day(0, age_hours=300.0), *rhythm]) == {"freshness"}


def test_one_past_outage_does_not_become_the_rhythm() -> None:
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
    assert failed([broken] + [day(30)] * 28) == {"volume_drop", "rejected_share", "empty_share"}


def test_a_paywall_is_no_broken_parser() -> None:
    usual = day(12, pages=30, rejected=18, paywalled=18)
    assert failed([usual] * 29) == set()
    assert failed([day(12, pages=30, rejected=18, paywalled=0, empty=18)] + [usual] * 28) == {
        "empty_share",
        "rejected_share",
    }


def usual(articles: int = 40, **numbers: object) -> Day:
    """A day with everything that rows carry."""
    given = {
        "words": 400.0,
        "lag_hours": (2.0, 12.0, 22.0),
        "offsets": {"60": articles},
        "origins": ({"jsonld": articles}, {"meta": articles}, {"jsonld": articles}, {"fast": articles}),
        "provenances": {"a": articles - 5, "b": 5},
        "templates": {"main>article": articles - 5, "main>div.live": 5},
        "sections": {"World": articles // 2, "Local": articles - articles // 2},
        "filled": (articles, articles, 0, articles, 0, articles, articles, articles),
    }
    return day(articles, **given | numbers)


@pytest.mark.parametrize(
    ("check", "numbers"),
    [
        ("length", {"words": 150.0}),
        ("duplicate_share", {"copies": 20}),
        ("field_origin", {"origins": ({"meta": 40}, {"meta": 40}, {"jsonld": 40}, {"fast": 40})}),
        ("columns_filled", {"filled": (0, 40, 0, 40, 0, 40, 40, 40)}),
        ("columns_filled", {"filled": (40, 40, 40, 40, 0, 40, 40, 40)}),
        ("provenance", {"provenances": {"c": 38, "a": 2}}),
        ("layout_drift", {"templates": {"main>section": 38, "main>article": 2}}),
        ("section_vanished", {"sections": {"World": 40}}),
        ("section_new", {"sections": {"World": 15, "Local": 15, "Olympics": 10}}),
        ("time_zone", {"offsets": {"none": 40}}),
        ("time_zone", {"offsets": {"540": 40}}),
        ("time_zone", {"ahead": 15}),
        ("time_zone", {"lag_hours": (10.0, 20.0, 30.0)}),
        ("freshness", {"lag_hours": (98.0, 108.0, 118.0)}),
    ],
)
def test_one_break_fails_its_check_and_no_other(check: str, numbers: dict[str, object]) -> None:
    assert failed([usual()] * 29) == set()
    assert failed([usual(**numbers)] + [usual()] * 28) == {check}
    few = {name: value for name, value in numbers.items() if name not in ("origins", "offsets")}
    assert failed([usual(8, **few)] + [usual(8)] * 28) <= {"section_new", "layout_drift"}  # of few articles, none


def test_a_median_that_jumps_between_two_editions_is_no_moved_clock() -> None:
    assert failed([usual(lag_hours=(2.0, 3.0, 22.0))] + [usual()] * 28) == set()


def test_clocks_that_are_put_back_are_no_moved_clock() -> None:
    summer = [usual(offsets={"120": 40})] * 28
    assert failed([usual(), *summer], now=datetime(2026, 10, 26, 6, tzinfo=UTC)) == set()
    assert failed([usual(), *summer], now=datetime(2026, 9, 10, 6, tzinfo=UTC)) == {"time_zone"}


@st.composite
def _days(draw: st.DrawFn) -> Day:
    articles, pages = draw(st.integers(0, 500)), draw(st.integers(0, 500))
    part = st.integers(0, articles)
    rejected = draw(st.integers(0, pages))
    empty = draw(st.integers(0, rejected))
    named = st.dictionaries(st.sampled_from(["none", "0", "60"]), st.integers(1, 1 + articles // 3))
    return Day(
        looked=draw(st.booleans()),
        articles=articles,
        absent=draw(st.tuples(part, part, part)),
        copies=draw(part),
        ahead=draw(part),
        words=draw(st.none() | st.floats(1, 9000)),
        lag_hours=draw(st.none() | st.tuples(*[st.floats(-1e6, 1e6)] * 3)),
        offsets=draw(named),
        provenances=draw(named),
        templates=draw(named),
        sections=draw(named),
        pages=pages,
        rejected=rejected,
        empty=empty,
        paywalled=rejected - empty,
        age_hours=draw(st.none() | st.floats(0, 1000)),
    )


@given(st.lists(_days(), min_size=1, max_size=10))
@settings(max_examples=50)
def test_any_past_is_judged_without_an_error_and_alike_each_time(days: list[Day]) -> None:
    assert judge_days(days, SOURCE, MORNING) == judge_days(days, SOURCE, MORNING)
