from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from newshouse import pipeline
from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.pipeline import run_id_for
from newshouse.settings import Settings


def test_a_whole_day_is_one_run_whoever_starts_it() -> None:
    midnight = datetime(2026, 3, 4, tzinfo=UTC)

    assert run_id_for(midnight, "scheduled__2026-03-04") == run_id_for(midnight, "backfill__x") == "daily-2026-03-04"


def test_a_moment_within_a_day_is_a_run_of_its_own() -> None:
    assert run_id_for(datetime(2026, 3, 4, 13, 5, tzinfo=UTC), "manual__x") == "daily-2026-03-04T130500"


def test_the_day_is_the_utc_day() -> None:
    seoul = timezone(timedelta(hours=9))

    assert run_id_for(datetime(2026, 3, 5, 9, tzinfo=seoul), "x") == "daily-2026-03-05"


def test_without_a_logical_date_airflows_own_id_decides_and_is_a_safe_file_name(tmp_path: Path) -> None:
    first = run_id_for(None, "manual__2026-03-04T13:05:00+00:00/../../etc")
    second = run_id_for(None, "manual__2026-03-04T13:05:00+00:00/../../usr")

    assert first != second
    assert DataLayout(tmp_path).run(first).path.parent == tmp_path / "runs"


@pytest.mark.parametrize("trouble", [StorageError("disk full"), ZeroDivisionError("a bug")])
def test_what_breaks_one_batch_is_raised_when_the_others_are_loaded(
    trouble: Exception, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def stage(name: str) -> Callable[..., None]:
        def walk(_settings: Settings, _run_id: str, batch: str, _progress: object) -> None:
            if (name, batch) == ("fetch", "00"):
                raise trouble
            done.append(f"{name} {batch}")

        walk.__name__ = name
        return walk

    batches = [{"run_id": "r", "batch": name, "label": ""} for name in ("00", "01")]
    monkeypatch.setattr(pipeline, "plan", lambda *_: batches)
    for name in ("discover", "fetch", "parse", "validate"):
        monkeypatch.setattr(pipeline, name, stage(name))
    monkeypatch.setattr(pipeline, "load", lambda *_: done.append("load"))
    monkeypatch.setattr(pipeline, "publish", lambda *_: done.append("publish"))
    with pytest.raises(type(trouble)):
        pipeline.run(settings, "r")
    assert done == ["discover 00", "discover 01", "fetch 01", "parse 01", "validate 01", "load", "publish"]
