"""kill -9 at random moments of loads, publishes, compactions and vacuums, while readers ask all the time.

Ends with an error if a reader ever failed or saw half a load or a row twice, or if the tables in the end differ from
those of the same loads that nobody disturbed.

    python benchmarks/warehouse_faults.py [--kills 50] [--seed 1] [--write]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from machine import described
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, FETCHES, REVISIONS
from newshouse.warehouse.load import load_run
from newshouse.warehouse.maintenance import compact, vacuum, verify
from newshouse.warehouse.publish import publish
from newshouse.warehouse.tables import snapshot
from synthetic_news import FIRST_DAY, Newsroom, leave

RESULT = Path(__file__).parent / "results" / "warehouse-faults.md"
ROOM = Newsroom(seed=5, articles_a_day=400)
DAYS = 12
NOW = FIRST_DAY + timedelta(days=100)  # every month is closed: compaction has something to do after each load
_WEEK_AND_MORE_SECONDS = 8 * 24 * 3600
# Every day is there whole or not at all, and no article twice.
_LOOK = r"""
SELECT regexp_extract(url, '/\d+/(\d+)/', 1) AS day, count(*) AS articles, count(DISTINCT article_id) AS different
FROM articles GROUP BY 1
"""


class Reader(threading.Thread):
    """Opens the published database again and again, as clients do, and looks at every day."""

    def __init__(self, database: Path) -> None:
        super().__init__(daemon=True)
        self.database, self.stopped, self.looks, self.errors = database, threading.Event(), 0, list[str]()
        self._seen = 0

    def run(self) -> None:
        """Until stopped."""
        while not self.stopped.is_set():
            try:
                with duckdb.connect(self.database, read_only=True) as connection:
                    self._check(connection.execute(_LOOK).fetchall())
                    time.sleep(random.random() * 0.1)  # a publish may happen while it is open
                    self._check(connection.execute(_LOOK).fetchall())
                self.looks += 2
            except duckdb.Error as error:
                self.errors.append(str(error))

    def _check(self, days: list[tuple[str, int, int]]) -> None:
        for day, articles, different in days:
            if (articles, different) != (ROOM.articles_a_day,) * 2:
                self.errors.append(f"day {day}: {articles} rows, {different} articles of {ROOM.articles_a_day}")
        if len(days) < self._seen:
            self.errors.append(f"{self._seen} days before, {len(days)} now")
        self._seen = len(days)


class Worker:
    """A process that does what it is told, until it is killed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._start()

    def _start(self) -> None:
        command = [sys.executable, __file__, "--worker", str(self._root)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self._line()

    def _line(self) -> str:
        return self._process.stdout.readline() if self._process.stdout else ""

    def told(self, what: str) -> None:
        """Begin."""
        if self._process.stdin:
            self._process.stdin.write(f"{what}\n")

    def finish(self) -> float:
        """Wait for the end. Returns its seconds."""
        line = self._line()
        if not line:
            sys.exit("the worker failed without being killed")
        return float(line)

    def kill(self) -> bool:
        """kill -9, and start anew. False if it had finished already."""
        self._process.kill()
        rest = self._process.communicate()[0]
        self._start()
        return not rest

    def stop(self) -> None:
        """No more work."""
        self._process.communicate()


def work(root: Path) -> None:
    """The worker's side: one command a line."""
    layout = DataLayout(root)
    print("ready", flush=True)
    for line in sys.stdin:
        what, _, run_id = line.strip().partition(" ")
        started = time.perf_counter()
        if what == "load":
            load_run(layout, run_id, ["00"], now=NOW)
        else:
            {
                "publish": lambda: publish(layout, {}),
                "compact": lambda: compact(layout, now=NOW),
                "vacuum": lambda: vacuum(layout),
            }[what]()
        print(time.perf_counter() - started, flush=True)


def prepare(root: Path) -> list[str]:
    """The stage files of some days, each with new and with changed articles."""
    for day in range(DAYS):
        rows = ROOM.day(day)
        if day:
            rows = pa.concat_tables([rows, ROOM.listed_again(day, 60, changed=0.4)])
        leave(DataLayout(root), f"day-{day:02}", rows, NOW)
    return [f"day-{day:02}" for day in range(DAYS)]


def age(layout: DataLayout) -> None:
    """Make what killed writers left behind a week old, so that vacuum has something to delete."""
    then = time.time() - _WEEK_AND_MORE_SECONDS
    for table in (ARTICLES, REVISIONS, FETCHES):
        named = {line.split('"path":"')[1].split('"')[0] for line in _adds(layout, table.name)}
        for path in layout.table(table.name).rglob("*.parquet"):
            if "_delta_log" not in path.parts and path.relative_to(layout.table(table.name)).as_posix() not in named:
                os.utime(path, (then, then))


def _adds(layout: DataLayout, name: str) -> list[str]:
    logs = (layout.table(name) / "_delta_log").glob("*.json")
    return [line for log in logs for line in log.read_text().splitlines() if line.startswith('{"add"')]


def disturbed(root: Path, runs: list[str], kills: int, rng: random.Random) -> tuple[Counter[str], list[Reader]]:
    """Walk through the runs with a kill wherever one falls; what was killed is done again, as the next start does."""
    layout, worker, killed, usual = DataLayout(root), Worker(root), Counter[str](), dict[str, float]()
    readers: list[Reader] = []
    done = 0
    while killed.total() < kills or done < len(runs):
        steps = [f"load {runs[min(done, len(runs) - 1)]}", "publish", *rng.sample(["compact", "vacuum", "publish"], 2)]
        for step in steps:
            kind = step.split()[0]
            if kind == "vacuum":
                age(layout)
            while killed.total() < kills and readers and rng.random() < 0.5:
                worker.told(step)
                time.sleep(rng.random() * usual.get(kind, 0.3))
                killed[kind] += worker.kill()
            worker.told(step)
            usual[kind] = worker.finish()
        done += 1
        if not readers:
            readers = [Reader(layout.database) for _ in range(2)]
            for reader in readers:
                reader.start()
        print(f"  {done} rounds, {killed.total()} kills, {sum(r.looks for r in readers)} looks", flush=True)
    worker.stop()
    for reader in readers:
        reader.stopped.set()
        reader.join()
    return killed, readers


def contents(layout: DataLayout) -> dict[str, list[str]]:
    """The rows of the tables that a run changes, sorted."""
    tables = (ARTICLES, REVISIONS, FETCHES)
    return {t.name: sorted(map(str, snapshot(layout, t).read(t.schema().names).to_pylist())) for t in tables}


def main() -> None:
    """Disturb, compare, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments.worker)
        return
    with tempfile.TemporaryDirectory() as folder:
        calm, rough = Path(folder) / "calm", Path(folder) / "rough"
        runs = prepare(rough)
        shutil.copytree(rough, calm)
        for run_id in runs:
            load_run(DataLayout(calm), run_id, ["00"], now=NOW)
        killed, readers = disturbed(rough, runs, arguments.kills, random.Random(arguments.seed))
        errors = [error for reader in readers for error in reader.errors]
        same = contents(DataLayout(calm)) == contents(DataLayout(rough))
        problems = [problem for problem in verify(DataLayout(rough)) if "warc" not in problem.message]
    told = ", ".join(f"{count} in a {kind}" for kind, count in sorted(killed.items()))
    lines = [
        f"{killed.total()} kills ({told}); {len(readers)} readers looked {sum(r.looks for r in readers):,} times.",
        f"Reader errors: {len(errors)}. Problems found by verify: {len(problems)}.",
        f"Tables {'equal' if same else 'DIFFER FROM'} those of the same loads undisturbed: every row of articles, "
        "revisions and fetches.",
    ]
    print("\n".join([*lines, *errors[:5], *map(str, problems[:5])]))
    if arguments.write:
        where = described("deltalake", "duckdb", "pyarrow")
        head = ["# The warehouse under kill -9", "", f"`make bench-warehouse-faults`, seed {arguments.seed}; {where}."]
        RESULT.write_text("\n".join([*head, "", *lines, ""]), encoding="utf-8")
    if errors or problems or not same:
        sys.exit(1)


if __name__ == "__main__":
    main()
