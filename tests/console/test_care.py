from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from newshouse.console.care import show_checks, show_problems
from newshouse.records import CheckResult
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
