from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover.listing import Hints
from newshouse.discover.polling import LONGEST, SHORTEST, SLOWEST, adapted, fresh_seconds, next_poll, slow_down
from newshouse.records import Capture
from newshouse.warehouse.known import PollHistory

POLLED_AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday
LAST = Capture("id", "run", "00", "a", "feed", "https://a.example/f", "https://a.example/f", "fetched", POLLED_AT, 1)


def history(outcome: str = "fetched", **fields: object) -> PollHistory:
    asked = fields.pop("retry_after_seconds", None)
    return PollHistory(replace(LAST, outcome=outcome, retry_after_seconds=asked), LAST, **fields)  # type: ignore[arg-type]


def wait(past: PollHistory, hints: Hints = Hints(), fresh: float = 0.0, share: float = 0.0) -> timedelta:  # noqa: B008 - frozen
    return next_poll(past, hints, fresh, share).at - POLLED_AT


def test_a_feed_that_brings_only_news_is_read_again_soon() -> None:
    assert wait(history()) == SHORTEST


def test_a_feed_that_brings_only_known_entries_still_comes_up_twice_a_day() -> None:
    assert wait(history(), share=1.0) == LONGEST


@pytest.mark.parametrize("hours", [1, 6, 12])
def test_what_the_feed_or_its_headers_ask_for_is_given(hours: int) -> None:
    assert wait(history(), Hints(rest_seconds=hours * 3600)) == timedelta(hours=hours)
    assert wait(history(), fresh=hours * 3600) == timedelta(hours=hours)


def test_whoever_asks_for_a_year_gets_half_a_day() -> None:
    assert wait(history(), Hints(rest_seconds=31_536_000), fresh=31_536_000) == LONGEST


def test_a_skipped_hour_or_day_is_waited_out() -> None:
    assert wait(history(), Hints(skip_hours=frozenset({6, 7}))) == timedelta(hours=2)
    assert wait(history(), Hints(skip_days=frozenset({0, 1}))) == timedelta(days=1, hours=18)


def test_a_feed_that_skips_every_hour_is_not_believed() -> None:
    assert wait(history(), Hints(skip_hours=frozenset(range(24)))) == SHORTEST


def test_one_failure_is_nothing_and_a_dead_feed_is_slowed_but_never_dropped() -> None:
    assert wait(history("timeout", failures=1)) == timedelta()
    assert [slow_down(n) for n in (2, 3, 4)] == [timedelta(minutes=m) for m in (15, 30, 60)]
    assert wait(history("gone", failures=10_000)) == SLOWEST


def test_a_server_that_asked_for_a_pause_gets_it() -> None:
    assert wait(history("rate_limited", failures=1, retry_after_seconds=7200.0)) == timedelta(hours=2)
    assert wait(history("rate_limited", failures=1, retry_after_seconds=9e9)) == timedelta(days=1)


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_duplicates_never_mean_more_polls(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert SHORTEST <= adapted(less) <= adapted(more) <= LONGEST


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_failures_never_mean_more_polls(one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert slow_down(less) <= slow_down(more) <= SLOWEST


HINTS = st.builds(
    Hints,
    st.none() | st.floats(0, 1e12),
    st.frozensets(st.integers(0, 23)),
    st.frozensets(st.integers(0, 6)),
)


@given(HINTS, st.floats(0, 1e12), st.floats(0, 1), st.integers(0, 50))
def test_a_living_feed_waits_at_most_its_skips_beyond_half_a_day(
    hints: Hints, fresh: float, share: float, failures: int
) -> None:
    waited = wait(history(failures=failures), hints, fresh, share)
    assert timedelta() <= waited <= (SLOWEST if failures else LONGEST + timedelta(days=7))


DATE = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("Cache-Control", "public, max-age=900")], 900),
        ([("cache-control", 'max-age="60"'), ("Age", "20")], 40),
        ([("Cache-Control", "s-maxage=900")], 0),
        ([("Cache-Control", "max-age=900, no-cache")], 0),
        ([("Expires", format_datetime(DATE + timedelta(hours=1), usegmt=True)), ("Date", format_datetime(DATE))], 3600),
        ([("Expires", "0"), ("Date", format_datetime(DATE))], 0),
        ([("Expires", format_datetime(DATE))], 0),
        ([("Expires", "Fri, 31 Dec 9999 23:59:59 -0100"), ("Date", format_datetime(DATE))], 0),
        ([("Cache-Control", "max-age=60"), ("Expires", "Tue, 01 Jan 2030 00:00:00 GMT")], 60),
        ([], 0),
    ],
)
def test_freshness_is_read_as_caches_read_it(headers: list[tuple[str, str]], seconds: float) -> None:
    assert fresh_seconds(headers) == seconds


@given(st.lists(st.tuples(st.sampled_from(["Cache-Control", "Age", "Expires", "Date"]), st.text(max_size=40))))
def test_no_header_breaks_it(headers: list[tuple[str, str]]) -> None:
    assert fresh_seconds(headers) >= 0


def test_the_reason_is_told() -> None:
    tell: Callable[..., str] = lambda *args: next_poll(*args).why  # noqa: E731 - one line beats three
    assert tell(history("gone", failures=3), Hints(), 0.0, 0.0) == "3 polls in a row failed (gone)"
    assert tell(history(), Hints(rest_seconds=3600), 0.0, 0.5) == "50% of it was known"
    assert tell(history(), Hints(rest_seconds=36_000), 0.0, 0.5) == "the publisher asks for 10:00:00"
