from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from newshouse.layout import DataLayout
from newshouse.warehouse.scorecards import latest_scorecards

pytestmark = pytest.mark.slow
LONGEST_SECONDS = 240
DAY = "2026-03-04"


def airflow_run(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newshouse", "airflow", "run", "--data", str(data), *options]
    environment = os.environ | {"NEWSHOUSE_DELAY_SECONDS": "0", "COLUMNS": "200"}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )


def rows(data: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(DataLayout(data).database), read_only=True) as connection:
        return connection.sql(f"SELECT * FROM {table} ORDER BY ALL").fetchall()  # noqa: S608 -- our own table names


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("once") / "data"


@pytest.fixture(scope="module")
def first(data: Path) -> subprocess.CompletedProcess[str]:
    return airflow_run(data, "--day", DAY)


def test_a_run_ends_well_with_articles_in_the_warehouse_and_a_summary(
    first: subprocess.CompletedProcess[str], data: Path
) -> None:
    assert first.returncode == 0, first.stderr
    assert "balances" in first.stdout
    assert str(DataLayout(data).database) in first.stdout
    assert len(rows(data, "articles")) > 10


def test_the_terminal_shows_one_line_a_task_and_none_of_airflows_own(
    first: subprocess.CompletedProcess[str], data: Path
) -> None:
    lines = [line.split() for line in first.stderr.splitlines() if line.startswith(" ✓")]
    names = [line[1] for line in lines]
    batches = names.count("discover")
    assert (names[0], names[-1]) == ("plan", "assess")
    assert len(names) == 5 + 4 * batches
    assert any("harbour-ledger" in line for line in first.stderr.splitlines())
    assert len(first.stderr.splitlines()) == len(names) + 1
    assert "[info" in (data / "airflow" / "logs" / f"run-{DAY}.log").read_text()


def test_the_first_run_names_its_quality_report_and_misses_no_target(
    first: subprocess.CompletedProcess[str], data: Path
) -> None:
    report = DataLayout(data).quality_report(f"daily-{DAY}")
    assert f"How far the data can be trusted: {report.absolute()}" in first.stdout
    assert report.exists()
    assert all(card.timeliness is None and not card.slo_missed for card in latest_scorecards(DataLayout(data)))


def test_no_page_links_to_the_log_of_a_task_that_has_none(first: subprocess.CompletedProcess[str], data: Path) -> None:
    assert first.returncode == 0
    with duckdb.connect(str(DataLayout(data).database), read_only=True) as connection:
        assert connection.sql("SELECT count(*) > 10, count(task_log) FROM runs").fetchall() == [(True, 0)]


def test_the_same_day_again_changes_no_row(first: subprocess.CompletedProcess[str], data: Path) -> None:
    assert first.returncode == 0
    before = {table: rows(data, table) for table in ("articles", "revisions", "fetches", "rejections")}
    again = airflow_run(data, "--day", DAY, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["balanced"]
    assert {table: rows(data, table) for table in before} == before


def test_a_failed_run_says_why_and_where_the_log_is(tmp_path: Path) -> None:
    manifest = DataLayout(tmp_path).run(f"daily-{DAY}").manifest
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{")
    failed = airflow_run(tmp_path, "--day", DAY)
    assert failed.returncode == 1
    assert "ContractError" in failed.stderr
    assert f"{manifest}: damaged manifest" in failed.stderr
    assert f"run-{DAY}.log" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_mistake_in_a_source_file_is_told_before_airflow_starts(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "gazette.yaml").write_text("nmae: The Gazette\n")
    failed = airflow_run(tmp_path / "data", "--sources", str(tmp_path / "sources"))
    assert failed.returncode == 2
    assert "gazette.yaml:1" in failed.stderr
    assert not (tmp_path / "data" / "airflow").exists()


def test_a_missing_contact_is_told_before_airflow_starts(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "gazette.yaml").write_text(
        "id: gazette\nname: The Gazette\ncountry: KR\nlanguage: en\ntimezone: Asia/Seoul\n"
        "homepage: https://www.harbour.co.kr/\nfeeds: [https://www.harbour.co.kr/feed]\n"
    )
    failed = airflow_run(tmp_path / "data", "--sources", str(tmp_path / "sources"))
    assert failed.returncode == 2
    assert "www.harbour.co.kr is a real site" in failed.stderr
    assert not (tmp_path / "data" / "airflow").exists()
