from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.archive.exchange import Exchange
from newshouse.fetch.journey import retry_after_seconds


def asked_to_wait(retry_after: str, date: str | None = None) -> float | None:
    headers = (("Retry-After", retry_after), *((("Date", date),) if date else ()))
    asked_at = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    return retry_after_seconds(Exchange("http://a.example/", asked_at, "/", (), "HTTP/1.1", 429, "", headers, b""))


@pytest.mark.parametrize(
    ("retry_after", "date", "seconds"),
    [
        ("120", None, 120),
        ("Mon, 23 Nov 2026 06:01:00 GMT", None, 60),
        ("Mon, 23 Nov 2026 06:01:00 GMT", "Mon, 23 Nov 2026 06:00:50 GMT", 10),
        ("Mon, 23 Nov 2026 05:00:00 GMT", None, 0),
        ("Monday, 23-Nov-26 06:01:00 GMT", None, 60),
        ("-5", None, None),
        ("soon", None, None),
        ("", None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(retry_after: str, date: str | None, seconds: float | None) -> None:
    assert asked_to_wait(retry_after, date) == seconds


@given(st.text(), st.one_of(st.none(), st.text()))
def test_any_text_may_stand_there(retry_after: str, date: str | None) -> None:
    seconds = asked_to_wait(retry_after, date)
    assert seconds is None or seconds >= 0
