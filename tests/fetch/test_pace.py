from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.fetch.pace import SLOWEST_SECONDS, Pace

SECONDS = st.floats(0, 1e6)
ANSWERS = st.lists(st.tuples(SECONDS, st.booleans()), max_size=30)


def after(pace: Pace, answers: list[tuple[float, bool]], step: float = 2.0) -> Pace:
    for seconds, strained in answers:
        pace = pace.after(seconds, strained=strained, step_seconds=step)
    return pace


@given(SECONDS, ANSWERS)
def test_no_pause_is_shorter_than_what_was_asked_for_nor_grows_without_end(
    delay: float, answers: list[tuple[float, bool]]
) -> None:
    pause = after(Pace(), answers).pause_seconds(delay)
    assert delay <= pause <= max(delay, SLOWEST_SECONDS) + SLOWEST_SECONDS


@given(ANSWERS, st.floats(0.1, 60))
def test_one_more_strained_answer_slows_down_and_a_good_one_never_does(
    answers: list[tuple[float, bool]], step: float
) -> None:
    pace = after(Pace(), answers, step)
    strained = pace.after(0.0, strained=True, step_seconds=step)
    assert strained.strain_seconds >= min(step, SLOWEST_SECONDS)
    assert strained.strain_seconds >= pace.strain_seconds
    assert pace.after(0.0, strained=False, step_seconds=step).strain_seconds <= pace.strain_seconds


@given(ANSWERS)
def test_a_host_that_recovers_gets_its_old_pace_back(answers: list[tuple[float, bool]]) -> None:
    calm = after(after(Pace(), answers), [(0.1, False)] * 40)
    assert calm.pause_seconds(2.0) == 2.0


def test_a_slow_host_gets_as_long_a_rest_as_it_took() -> None:
    assert after(Pace(), [(8.0, False)] * 9).pause_seconds(2.0) == pytest.approx(8.0, rel=0.01)


def test_with_politeness_off_a_slow_host_is_not_waited_for() -> None:
    assert after(Pace(), [(8.0, False)] * 9).pause_seconds(0.0) == 0.0
