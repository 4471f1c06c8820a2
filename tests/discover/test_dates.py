from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover.dates import latest_reading, parse_date


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Sun, 22 Nov 2026 10:30:05 +0900", utc(2026, 11, 22, 1, 30, 5)),
        ("22 Nov 2026 10:30 GMT", utc(2026, 11, 22, 10, 30)),
        ("Sun, 22 Nov 26 10:30:00 EST", utc(2026, 11, 22, 15, 30)),
        ("Sunday, 22-Nov-2026 10:30:00 UT", utc(2026, 11, 22, 10, 30)),
        ("22 November 2026 10:30:00 KST", utc(2026, 11, 22, 1, 30)),
        ("Sun, 22 Nov 2026 10:30:00 GMT+0200", utc(2026, 11, 22, 8, 30)),
        ("Sun, 22 Nov 2026 10:30:00 -0000 (somewhere)", utc(2026, 11, 22, 10, 30)),
        ("2026-11-22T10:30:05Z", utc(2026, 11, 22, 10, 30, 5)),
        ("2026-11-22T10:30:05.25+05:30", utc(2026, 11, 22, 5, 0, 5, 250_000)),
        ("2026-11-22 10:30 +0900", utc(2026, 11, 22, 1, 30)),
        (" 2026-11-22T10:30+09 \n", utc(2026, 11, 22, 1, 30)),
        ("Sun,22 Nov 2026 10:30:00 GMT", utc(2026, 11, 22, 10, 30)),  # RFC 5322 lets the space be left out
        ("Sun Nov 22 10:30:05 KST 2026", utc(2026, 11, 22, 1, 30, 5)),  # as the clocks of Unix and Java write it
        ("Sat Nov  1 10:30:05 +0900 2025", utc(2025, 11, 1, 1, 30, 5)),
    ],
)
def test_a_moment_stated_in_full_is_read(raw: str, moment: datetime) -> None:
    assert parse_date(raw) == moment
    assert latest_reading(raw) == moment


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "yesterday",
        "10:30",
        "2026",
        "2026-11",
        "2026-11-22",  # a day is no moment
        "2026-11-22T10:30:00",  # no zone
        "Sun, 22 Nov 2026 10:30:00",
        "Sun Nov 22 10:30:05 2026",
        "Sun, 22 Nov 2026 10:30:00 IST",  # India, Israel or Ireland
        "Sun, 22 Nov 2026 10:30:00 BST",  # Britain or Bangladesh
        "2026-02-29T10:30:00Z",  # not a leap year
        "2026-11-31T10:30:00Z",
        "2026-11-22T25:30:00Z",
        "0000-11-22T10:30:00Z",
        "Sun, 22 Nov 2026 10:30:00 +9900",
        "22 Foo 2026 10:30:00 GMT",
        "22 Marble 2026 10:30:00 GMT",
        "0001-01-01T00:00:00+09:00",  # before the first year there is
        "9" * 5000,
    ],
)
def test_what_is_no_full_moment_is_none(raw: str | None) -> None:
    assert parse_date(raw) is None


def test_a_weekday_that_lies_does_not_move_the_date() -> None:
    assert parse_date("Mon, 22 Nov 2026 10:30:00 GMT") == utc(2026, 11, 22, 10, 30)


def test_a_bare_day_may_last_until_it_ends_in_the_west() -> None:
    assert latest_reading("2026-11-22") == utc(2026, 11, 23, 11, 59, 59, 999_999)


def test_a_time_without_a_zone_may_be_in_the_west() -> None:
    assert latest_reading("2026-11-22T10:00:00") == utc(2026, 11, 22, 22, 0)


@pytest.mark.parametrize("raw", [None, "soon", "2026-02-30", "9999-12-31", "9999-12-31T23:59:00"])
def test_what_has_no_latest_reading_gives_none(raw: str | None) -> None:
    assert latest_reading(raw) is None


@given(st.text(max_size=150))
def test_any_text_gives_a_utc_moment_or_none(raw: str) -> None:
    moment, latest = parse_date(raw), latest_reading(raw)
    assert moment is None or moment.tzinfo is UTC
    assert moment is None or latest == moment


@given(st.integers(0, 4_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_every_iso_moment_comes_back(seconds: int, offset_min: int) -> None:
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=offset_min)))
    assert parse_date(moment.isoformat()) == moment
