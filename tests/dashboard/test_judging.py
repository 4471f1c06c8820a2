"""The verdict and the expectation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from newshouse.dashboard.pages.volume import PAST_DAYS, expect
from newshouse.dashboard.writing import spark
from newshouse.quality.history import Day
from newshouse.quality.verdict import Concern, judge
from newshouse.quality.volume import volume

from .conftest import NOW


@pytest.mark.parametrize(
    ("states", "hours", "lost", "level", "word"),
    [
        ({}, 2, 0, "good", "Yes"),
        ({"a": "warning"}, 2, 0, "good", "Yes"),
        ({"a": "critical"}, 2, 0, "care", "Yes, with care"),
        ({"a": "critical", "b": "critical"}, 2, 0, "bad", "No"),
        ({}, 37, 0, "bad", "Not for today"),
        ({}, 2, 3, "bad", "No"),
    ],
)
def test_the_verdict(states: dict[str, str], hours: float, lost: int, level: str, word: str) -> None:
    concerns = [Concern(source, severity, "volume_drop") for source, severity in states.items()]
    verdict = judge(concerns, 4, NOW - timedelta(hours=hours), NOW, lost)

    assert (verdict.level, verdict.word) == (level, word)
    assert set(verdict.exceptions) <= {source for source, state in states.items() if state == "critical"}


def test_a_warning_of_imported_texts_is_not_told_as_one_of_the_sources_that_were_asked() -> None:
    one = [Concern("imported", "warning", "date_missing")]
    assert judge(one, 9, NOW, NOW, 0).because.endswith("last run 0 min ago. With a warning: 1.")


def test_without_a_run_there_is_nothing_to_trust() -> None:
    assert judge([], 0, None, NOW, 0).level == "bad"


def test_a_critical_check_of_no_single_source_is_no_exception_but_the_answer() -> None:
    shared = Concern(None, "critical", "expect_column_to_exist")
    verdict = judge([shared, Concern("a", "critical", "volume_drop")], 4, NOW, NOW, 0)
    assert (verdict.level, verdict.word, verdict.exceptions) == ("bad", "No", ())
    assert "all sources together fails: expect_column_to_exist" in verdict.because
    assert judge([replace(shared, muted=True)], 4, NOW, NOW, 0).level == "good"
    assert judge([replace(shared, severity="warning")], 4, NOW, NOW, 0).level == "good"


def test_a_quiet_weekend_is_expected_once_it_is_known() -> None:
    week = [40, 40, 40, 40, 40, 5, 5]
    bands = expect(week * 5)

    assert [band.expected for band in bands if band] == [40, 40, 40, 40, 40, 5, 5]


def test_a_short_past_expects_nothing() -> None:
    nothing: list[int | None] = [None] * PAST_DAYS

    assert expect([*nothing, 10]) == [None]
    assert expect([*nothing[:-3], 10, 10, 10, 10]) == [None]
    assert expect([*nothing[:-4], 10, 10, 10, 10, 10])[0] is not None


def test_an_outage_of_the_past_is_no_zero() -> None:
    (band,) = expect([20] * 10 + [None] * 8 + [20] * 10 + [0])

    assert band is not None and band.expected == 20 and band.low > 0


@pytest.mark.parametrize("today", [0, 40, 49, 51, 60, 190, 199, 201, 250])
def test_the_band_on_the_page_is_that_of_the_check(today: int) -> None:
    (band,) = expect([100] * PAST_DAYS + [today])
    days = [Day(looked=True, articles=count) for count in (today, *[100] * PAST_DAYS)]
    drop, spike = volume(days, [False] * len(days))

    assert band is not None
    assert (drop.passed, spike.passed) == (today >= band.low, today <= band.high)


def test_a_hole_in_the_days_is_a_hole_in_the_line_and_a_lonely_day_is_a_point() -> None:
    assert spark([0, 2, None, None, 1, None, 2, 2]) == "M0.0,19.0L14.3,1.0M57.1,10.0h.1M85.7,1.0L100.0,1.0"
    assert spark([None, 3]) == "" and spark([]) == ""
