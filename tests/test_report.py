from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newshouse.errors import ContractError
from newshouse.report import StageReport, Tally
from newshouse.schemas import RUNS

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def report(tally: Tally) -> StageReport:
    return StageReport("daily-2026-03-04", "fetch", "00", {"post": tally}, 1.5, NOW)


def test_a_row_that_vanished_is_a_broken_contract() -> None:
    with pytest.raises(ContractError, match="post: 3 in, but 1 out"):
        report(Tally(in_count=3, out_count=1, duplicate_count=1)).assert_balanced()


def test_an_unbalanced_report_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(ContractError):
        report(Tally(in_count=1)).write(tmp_path / "fetch.json")

    assert not list(tmp_path.iterdir())


def test_a_report_survives_writing_and_reading(tmp_path: Path) -> None:
    tally = Tally(in_count=2, out_count=1, bytes=10)
    tally.reject("timeout")
    written = report(tally).write(tmp_path / "fetch.json")

    assert StageReport.read(tmp_path / "fetch.json") == written


def test_a_damaged_report_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "fetch.json"
    path.write_text('{"run_id": "x"')

    with pytest.raises(ContractError, match=r"fetch\.json: not a stage report"):
        StageReport.read(path)


def test_rows_fit_the_runs_table() -> None:
    tally = Tally(in_count=1)
    tally.reject("timeout")

    (row,) = RUNS.arrow(report(tally).rows()).to_pylist()

    assert row["reasons"] == [("timeout", 1)]
    assert (row["source_id"], row["rejected_count"], row["finished_at"]) == ("post", 1, NOW)
