from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from newshouse.archive.raw import RawRecord


def record(date: str) -> RawRecord:
    return RawRecord({"warc-type": "response", "warc-date": date}, b"", 0)


@pytest.mark.parametrize(
    "date", ["2026-11-23T06:00:00Z", "2026-11-23T06:00:00", "2026-11-23T15:00:00+09:00", "2026-11-23T06:00:00.000000Z"]
)
def test_a_date_is_utc_whatever_the_clock_of_this_machine(date: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        assert record(date).captured_at == datetime(2026, 11, 23, 6, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("date", ["", "soon", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+09:00"])
def test_what_is_no_date_is_said(date: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        _ = record(date).captured_at
