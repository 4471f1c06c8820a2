from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newshouse.launcher.progress import correct_start, task_states

DAY = datetime(2026, 3, 1, tzinfo=UTC)
STARTED = datetime(2026, 3, 1, 9, 0, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The two tables of Airflow's metadata that matter here, as Airflow 3.3 writes them to SQLite."""
    path = tmp_path / "airflow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE dag_run (dag_id, run_id, logical_date, start_date)")
        connection.execute(
            "CREATE TABLE task_instance "
            "(dag_id, run_id, task_id, map_index, state, rendered_map_index, try_number, start_date, end_date)"
        )
        connection.execute("INSERT INTO dag_run VALUES ('news_daily', 'r1', ?, ?)", ("2026-03-01 00:00:00.000000",) * 2)
        connection.executemany(
            "INSERT INTO task_instance VALUES ('news_daily', 'r1', ?, ?, ?, ?, 1, ?, ?)",
            [
                ("old", -1, "success", None, "2026-03-01 07:00:00.000000", "2026-03-01 07:00:01.000000"),
                (
                    "corridor.fetch",
                    1,
                    "failed",
                    "01: gazette",
                    "2026-03-01 09:00:02.000000",
                    "2026-03-01 09:00:04.500000",
                ),
                ("plan", -1, "success", None, "2026-03-01 09:00:00.000000", "2026-03-01 09:00:01.000000"),
                ("load", -1, "running", None, "2026-03-01 09:00:05.000000", None),
            ],
        )
        connection.commit()
    return path


def test_finished_tasks_of_this_run_come_in_the_order_they_ended(database: Path) -> None:
    states = task_states(database, "news_daily", DAY, STARTED)
    assert [(state.name, state.state, state.label) for state in states] == [
        ("plan", "success", None),
        ("fetch", "failed", "01: gazette"),
    ]
    assert states[1].seconds == pytest.approx(2.5, abs=0.01)


def test_a_run_begins_when_it_did_and_not_at_the_midnight_of_its_day(database: Path) -> None:
    correct_start(database, "news_daily", DAY, STARTED)
    correct_start(database, "news_daily", DAY, STARTED.replace(hour=11))  # it is right already

    with closing(sqlite3.connect(database)) as connection:
        (started,) = connection.execute("SELECT start_date FROM dag_run").fetchone()
    assert started == "2026-03-01 09:00:00.000000"


def test_another_day_has_nothing_to_show(database: Path) -> None:
    assert task_states(database, "news_daily", DAY.replace(day=2), STARTED) == []


def test_a_database_that_is_not_there_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert task_states(tmp_path / "airflow.db", "news_daily", DAY, STARTED) == []
