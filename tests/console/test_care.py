from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from newshouse.console import care
from newshouse.console.care import restore_day, show_checks, show_problems
from newshouse.errors import ConfigError
from newshouse.records import CheckResult
from newshouse.settings import Settings
from newshouse.storage.bucket import Bucket
from newshouse.warehouse.maintenance import Problem


def check(severity: str, status: str) -> CheckResult:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    return CheckResult(
        "c", "r", "all", "post", "articles_today", "history", severity, status, now, value=2.0, threshold="at least 5"
    )


@pytest.mark.parametrize(
    ("severity", "status", "code"), [("critical", "fail", 1), ("warning", "fail", 0), ("critical", "pass", 0)]
)
def test_only_a_failing_critical_check_is_an_exit_code(severity: str, status: str, code: int) -> None:
    assert show_checks([check(severity, status)], Console(file=StringIO()), as_json=False) == code


def test_a_failing_check_says_what_was_measured_and_expected() -> None:
    console = Console(file=StringIO(), width=80)

    show_checks([check("warning", "fail"), check("info", "pass")], console, as_json=False)

    assert console.file.getvalue().splitlines() == [
        "warning post articles_today: 2, expected at least 5",
        "2 checks, 1 failing",
    ]


def test_a_problem_is_an_exit_code_and_a_line_or_an_object() -> None:
    plain, machine = Console(file=StringIO(), width=200), Console(file=StringIO())
    problems = [Problem("articles", "part-[0].parquet", "unreadable")]

    assert show_problems(problems, plain, as_json=False) == show_problems(problems, machine, as_json=True) == 1
    assert "articles: part-[0].parquet: unreadable" in plain.file.getvalue()
    assert json.loads(machine.file.getvalue())[0]["subject"] == "part-[0].parquet"


@pytest.mark.parametrize("in_a_bucket", [True, False])
def test_who_restores_in_a_bucket_is_told_of_other_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_a_bucket: bool
) -> None:
    monkeypatch.setattr(care, "as_of", lambda *_: [])
    data = Bucket.at("s3://the-news/daily", local=tmp_path) if in_a_bucket else tmp_path
    with pytest.raises(ConfigError, match="add --yes") as caught:
        restore_day(Settings(data=data), date(2026, 11, 20), Console(file=StringIO()), sure=False, as_json=False)
    assert ("No other machine may load" in str(caught.value)) is in_a_bucket
