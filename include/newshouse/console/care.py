"""`newshouse assess`, `newshouse maintain` and `newshouse restore`: what is wrong with the data, a line each."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from rich.console import Console
from rich.text import Text

from newshouse import upkeep
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.records import CheckResult
from newshouse.settings import Settings
from newshouse.storage.bucket import Bucket
from newshouse.warehouse.maintenance import Problem
from newshouse.warehouse.timetravel import as_of, end_of

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


def _caution(settings: Settings) -> str:
    """What the lock of a restore does not see: it is a file of this machine."""
    return " No other machine may load into the bucket meanwhile." if isinstance(settings.data, Bucket) else ""


def restore_day(settings: Settings, day: date, console: Console, *, sure: bool, as_json: bool) -> int:
    """Commit the tables as they were at the end of a UTC day. Returns the exit code: 1 if the answer was no.

    Raises:
        ConfigError: that day cannot be read any more, or nobody is there to ask and `--yes` is missing.
    """
    as_of(DataLayout(settings.data), end_of(day))  # before anybody is asked
    if not sure and not sys.stdin.isatty():
        raise ConfigError(f"this takes the tables back to {day}: add --yes if you mean it.{_caution(settings)}")
    question = f"Take the tables back to the end of {day} UTC, as a new commit?{_caution(settings)} [y/N] "
    if not sure and console.input(question).strip().lower() != "y":
        console.print("nothing was changed")
        return 1
    done = upkeep.restore(settings, end_of(day))
    if as_json:
        console.print_json(json.dumps([asdict(table) for table in done]))
    else:
        for table in done:
            console.print(f"{table.table}: {table.before} rows, now {table.after}")
    return 0
