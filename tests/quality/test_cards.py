from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.quality.cards import WEIGHTS, Card, score_day
from newshouse.quality.history import Day
from newshouse.sources.model import Slo

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def card(today: Day, expected: float | None = 40.0, slo: Slo | None = None) -> Card:
    return score_day("post", today, expected, slo or Slo(), run_id="daily", now=NOW)


def good(**numbers: object) -> Day:
    given = {"looked": True, "articles": 40, "pages": 40, "age_hours": 2.0, "loaded_hours": 12.0} | numbers
    return Day(**given)  # type: ignore[arg-type]


def test_a_day_without_a_flaw_scores_a_hundred_in_every_part() -> None:
    one = card(good())
    assert {name: getattr(one, name) for name in WEIGHTS} == dict.fromkeys(WEIGHTS, 100.0)
    assert (one.score, one.slo_missed, one.day) == (pytest.approx(100.0), (), "2026-11-23")
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("part", "value", "numbers"),
    [
        ("completeness", 50.0, {"absent": (20, 40, 0)}),
        ("validity", 75.0, {"pages": 60, "rejected": 30, "paywalled": 20}),
        ("freshness", 50.0, {"age_hours": 96.0}),
        ("freshness", 0.0, {"age_hours": None}),
        ("uniqueness", 75.0, {"copies": 10}),
        ("volume", 50.0, {"articles": 20}),
        ("volume", 50.0, {"articles": 160}),
        ("timeliness", 25.0, {"loaded_hours": 192.0}),
    ],
)
def test_each_part_falls_alone(part: str, value: float, numbers: dict[str, object]) -> None:
    one = card(good(**numbers))
    assert getattr(one, part) == pytest.approx(value)
    others = [getattr(one, name) for name in WEIGHTS if name != part]
    assert others == [100.0] * len(others)
    assert one.score == pytest.approx(100 - WEIGHTS[part] * (100 - value))


def test_what_could_not_be_measured_is_null_and_weighs_nothing() -> None:
    one = card(Day(looked=True, age_hours=2.0), expected=None)
    assert (one.completeness, one.validity, one.volume, one.freshness, one.score) == (None, None, None, 100.0, 100.0)


def test_missed_targets_are_named_with_their_values() -> None:
    slo = Slo(min_score=95, min_completeness=90, min_validity=90, freshness_hours=12, timeliness_hours=6)
    missed = card(good(absent=(0, 40, 0), pages=50, rejected=10, age_hours=24.0), slo=slo).slo_missed
    assert missed == (
        "min_score: 74 of 95",
        "min_completeness: 67 of 90",
        "min_validity: 80 of 90",
        "freshness_hours: 24 of 12",
        "timeliness_hours: 12 of 6",
    )


_HOURS = st.none() | st.floats(-99, 999)


@given(st.integers(0, 99), st.integers(0, 99), _HOURS, _HOURS, st.floats(0, 99))
def test_parts_and_score_stay_between_0_and_100(
    articles: int, copies: int, age: float | None, loaded: float | None, expected: float
) -> None:
    today = Day(True, articles, copies=min(copies, articles), pages=articles, age_hours=age, loaded_hours=loaded)
    one = card(today, expected)
    values = [getattr(one, name) for name in ("score", *WEIGHTS)]
    assert all(value is None or 0 <= value <= 100.000001 for value in values)
