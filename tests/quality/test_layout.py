from __future__ import annotations

from collections.abc import Mapping

from newshouse.quality.history import Day
from newshouse.quality.layout import SETTLING_DAYS, layout_drift

OLD, NEW = "main>article.article", "main>div.content"


def day(templates: Mapping[str, int]) -> Day:
    return Day(looked=True, articles=sum(templates.values()), templates=templates)


def drifts(*latest: Mapping[str, int], past: Mapping[str, int] | None = None) -> bool:
    """`latest`: the newest first; before them, two weeks of `past`."""
    return not layout_drift([*map(day, latest), *[day(past or {OLD: 30})] * 14]).passed


def test_a_template_that_takes_over_is_named_beside_the_one_that_was() -> None:
    finding = layout_drift([day({NEW: 28, OLD: 2}), *[day({OLD: 30})] * 14])
    assert not finding.passed
    assert finding.detail == f"now {NEW}, before {OLD}"
    assert (finding.failed, finding.rows) == (2, 30)


def test_it_is_new_for_three_days_and_usual_then() -> None:
    days = [drifts(*[{NEW: 30}] * count) for count in range(1, SETTLING_DAYS + 3)]
    assert days == [True] * SETTLING_DAYS + [False, False]


def test_a_redesign_that_reaches_readers_little_by_little_is_found_when_it_has_most() -> None:
    assert not drifts({NEW: 9, OLD: 21})
    assert drifts({NEW: 20, OLD: 10}, {NEW: 9, OLD: 21})


def test_a_trial_a_live_blog_and_two_templates_side_by_side_are_no_drift() -> None:
    assert not drifts({NEW: 12, OLD: 18})
    assert not drifts({NEW: 25, OLD: 5}, past={NEW: 15, OLD: 15})
    assert not drifts({NEW: 30}, past={NEW: 3, OLD: 27})


def test_a_trial_that_has_most_of_few_pages_by_chance_is_no_drift() -> None:
    assert not drifts({NEW: 11, OLD: 6})
    assert drifts({NEW: 16, OLD: 1})
    assert drifts({NEW: 110, OLD: 60})


def test_one_past_slip_does_not_make_a_template_usual() -> None:
    days = [day({OLD: 30})] * 15
    days[5] = day({OLD: 20, NEW: 10})
    assert not layout_drift([day({NEW: 30}), *days[1:]]).passed


def test_a_source_whose_every_page_is_made_otherwise_is_not_judged_by_that() -> None:
    days = [day({f"div.{back}-{page}": 1 for page in range(20)}) for back in range(15)]
    assert layout_drift(days).passed


def test_a_small_source_is_judged_by_several_days_and_a_tiny_one_not_at_all() -> None:
    assert not drifts({NEW: 6}, past={OLD: 6})
    assert drifts({NEW: 6}, {NEW: 6}, past={OLD: 6})
    assert not drifts({NEW: 2}, {NEW: 2}, {NEW: 2}, past={OLD: 2})


def test_rows_without_a_template_say_nothing() -> None:
    old_rows = [Day(looked=True, articles=30)] * 14
    finding = layout_drift([day({NEW: 30}), *old_rows])
    assert finding.passed
    assert finding.detail == "too few pages to judge: 30"
