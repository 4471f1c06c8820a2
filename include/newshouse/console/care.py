"""`newshouse assess` and `newshouse maintain`: what is wrong with the data, a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from newshouse.records import CheckResult
from newshouse.warehouse.maintenance import Problem

_STYLES = {"critical": "bold red", "warning": "yellow"}


def show_checks(results: Sequence[CheckResult], console: Console, *, as_json: bool) -> int:
    """Print the checks that do not pass; as JSON, all of them. Returns the exit code: 1 if a critical one fails."""
    failing = [result for result in results if result.status != "pass"]
    if as_json:
        console.print_json(json.dumps([asdict(result) for result in results], default=str))
    else:
        for result in failing:
            head = (result.severity, _STYLES.get(result.severity, ""))
            subject = f" {result.source_id or 'all'} {result.check_name}"
            console.print(Text.assemble(head, f"{subject}: {_finding(result)}"), soft_wrap=True)
        console.print(f"{len(results)} checks, {len(failing) or 'none'} failing")
    return 1 if any(result.severity == "critical" for result in failing) else 0


def _finding(result: CheckResult) -> str:
    measured = "" if result.value is None else f"{result.value:g}, expected {result.threshold}"
    return "; ".join(part for part in (measured, result.detail) if part) or result.status


def show_problems(problems: Sequence[Problem], console: Console, *, as_json: bool) -> int:
    """Print what is damaged. Returns the exit code: 1 if anything is."""
    if as_json:
        console.print_json(json.dumps([asdict(problem) for problem in problems]))
    else:
        for problem in problems:
            console.print(describe(problem), markup=False, soft_wrap=True)
        console.print(f"{len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'} in the warehouse")
    return 1 if problems else 0


def describe(problem: Problem) -> str:
    """One line that names the table and the file, article or record."""
    return f"{problem.table}: {problem.subject}: {problem.message}"
