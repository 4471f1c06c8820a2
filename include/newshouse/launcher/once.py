"""`make run`: the DAG `news_daily` once, under Airflow itself, an assessment, and then what landed.

Airflow's own words go to a file; the terminal gets one line a finished task. `airflow dags test` reports success for a
run without any task, so the end is judged by the task instances in the metadata database.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import perf_counter, sleep

from rich.console import Console
from rich.markup import escape

from newshouse import pipeline
from newshouse.console.terminal import ERR, OUT
from newshouse.fetch.contact import require_contact
from newshouse.launcher.children import Children, children
from newshouse.launcher.home import AIRFLOW, AirflowHome
from newshouse.launcher.newsroom import sample_newsroom
from newshouse.launcher.progress import FINISHED, TaskState, correct_start, task_states
from newshouse.report import STAGES
from newshouse.settings import Settings
from newshouse.sources.load import load_sources
from newshouse.summary import tell

DAG_ID = "news_daily"
_POLL_SECONDS = 0.3
_TAIL_LINES = 15
_MARKS = {"success": "[green]✓[/]", "up_for_retry": "[yellow]↻[/]", "skipped": "[yellow]–[/]"}
# The last line of a traceback that a task leaves in the log; chained ones repeat the message.
_ERROR_LINE = re.compile(r"^(?:[a-z_]\w*\.)*([A-Z]\w*): (.+)$", re.MULTILINE)


def run_once(settings: Settings, day: date | None = None, *, as_json: bool = False) -> int:
    """Run `news_daily` for `day` (default: today, UTC) and print what it did. Returns the exit code.

    Raises:
        ConfigError: a source file, no contact, or another launcher at work in the same data folder.
        StorageError: the data folder cannot be written.
    """
    day = day or settings.now().date()
    logical_date = datetime.combine(day, time(), UTC)
    for source in load_sources(settings.sources).values():  # a mistake is told now, not after half a minute of Airflow
        if source.enabled:
            require_contact(source.homepage, source, settings)
    home = AirflowHome.prepare(settings)
    with home.reserved() as lock, sample_newsroom(settings, day) as reachable:
        since = reachable.now()
        log = home.logs / f"run-{day}.log"
        log.write_bytes(b"")
        with children(home.environment(reachable), lock) as family:
            ERR.print(f"Airflow runs {DAG_ID} for {day}; its own log: {escape(str(log))}", soft_wrap=True)
            states = _run(family, home, log, logical_date, ERR)
        run_id = pipeline.run_id_for(logical_date, "")
        if not states or not _complete(states, reachable, run_id):
            _explain(log, ERR)
            return 1
        pipeline.settle(reachable, run_id)
        _assess(reachable, run_id, ERR)
        summary = pipeline.settle(reachable, run_id)
    return tell(summary, OUT, since, as_json=as_json)


def _run(
    family: Children, home: AirflowHome, log: Path, logical_date: datetime, terminal: Console
) -> list[TaskState] | None:
    """Migrate and run; a line for each finished task. Gives the task instances, or None if Airflow failed."""
    if family.start("migrate", (*AIRFLOW, "db", "migrate"), log).wait():
        return None
    since = datetime.now(UTC)  # the wall clock: Airflow stamps its rows with it, whatever the newsroom's day
    conf = json.dumps({"log": str(log)})  # tasks have no log of their own here
    test = family.start("test", (*AIRFLOW, "dags", "test", DAG_ID, logical_date.date().isoformat(), "-c", conf), log)
    told: set[tuple[str, int, int, str]] = set()
    while True:
        ended = _ended(test)
        states = task_states(home.database, DAG_ID, logical_date, since)
        for state in states:
            key = (state.task_id, state.map_index, state.tries, state.state)
            if state.state in FINISHED and key not in told:
                told.add(key)
                _tell(state, terminal)
        if ended:
            if states:
                correct_start(home.database, DAG_ID, logical_date, since)
            return states if test.returncode == 0 else None


def _assess(settings: Settings, run_id: str, terminal: Console) -> None:
    """What the DAG `warehouse_quality` does after a load: `airflow dags test` sets off no other DAG."""
    started = perf_counter()
    pipeline.assess(settings, run_id)
    terminal.print(f" {_MARKS['success']} {'assess':<9} {perf_counter() - started:5.1f} s")


def _ended(child: subprocess.Popen[bytes]) -> bool:
    if child.poll() is None:
        sleep(_POLL_SECONDS)
        return False
    return True


def _tell(state: TaskState, terminal: Console) -> None:
    mark = _MARKS.get(state.state, "[red]✗[/]")
    note = {"success": "", "up_for_retry": "  will be tried again"}.get(state.state, f"  {state.state}")
    terminal.print(f" {mark} {state.name:<9} {state.seconds:5.1f} s  {state.label or ''}{note}", soft_wrap=True)


def _complete(states: Sequence[TaskState], settings: Settings, run_id: str) -> bool:
    """Whether every task ended well, and every batch of the plan went through every stage."""
    planned = len(pipeline.plan(settings, run_id)) * len(STAGES)
    mapped = [state for state in states if state.map_index >= 0]
    return 0 < planned <= len(mapped) and all(state.state == "success" for state in states)


def _explain(log: Path, terminal: Console) -> None:
    """Say what went wrong: the errors of the tasks, or the end of the log if it holds none."""
    text = log.read_text(encoding="utf-8", errors="replace")
    errors = dict.fromkeys(f"{name}: {message}" for name, message in _ERROR_LINE.findall(text))
    told = [e for e in errors if not any(other != e and other.endswith(e) for other in errors)]
    for line in told or text.splitlines()[-_TAIL_LINES:]:
        terminal.print(f"   {line}", markup=False, soft_wrap=True)
    terminal.print(f"[bold red]error:[/] the run failed. The whole log: {escape(str(log))}", soft_wrap=True)
