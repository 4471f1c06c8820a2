"""The warehouse, measured: loads, a daily load, maintenance, publish, queries, a year of hourly commits, growth.

Every figure stands beside what it is compared with, measured in the same process, one after the other.

    python benchmarks/warehouse.py [--size 1000000] [--only load,daily,…] [--data folder] [--write]

With --data, the sections can be run one by one; the last with --write writes what all of them found. What stands below
the table, from the first heading on, is written by people and stays.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from itertools import count, pairwise
from math import ceil
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.transaction import AddAction

import warehouse_rivals as rivals
from machine import described
from newshouse.bodies import with_body_hashes
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, REVISIONS
from newshouse.warehouse.articles import decide
from newshouse.warehouse.deliveries import delivery
from newshouse.warehouse.load import load_run
from newshouse.warehouse.maintenance import compact, vacuum, verify
from newshouse.warehouse.publish import publish
from newshouse.warehouse.query import find_article, history, select
from newshouse.warehouse.tables import Change, Snapshot, change, snapshot
from synthetic_news import DAYS, FIRST_DAY, Newsroom, exchanges, leave

RESULT = Path(__file__).parent / "results" / "warehouse.md"
NOW = FIRST_DAY + timedelta(days=DAYS)
LATER = NOW + timedelta(days=70)  # every month is closed
ROWS_A_RUN = 50_000
ROUNDS = 5


@dataclass(frozen=True)
class Line:
    """One row of the result."""

    figure: str
    ours: str
    beside: str
    ratio: str
    bar: str


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of CPU over all threads: the second is the fairer one on a machine that is shared."""

    wall: float
    cpu: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu)

    def __str__(self) -> str:
        unit, factor = ("s", 1) if self.wall >= 1 else ("ms", 1000)
        wall, cpu = (
            f"{seconds * factor:{'.3g' if seconds * factor < 999 else ',.0f'}}" for seconds in (self.wall, self.cpu)
        )
        return f"{wall} {unit} (CPU {cpu})"

    def beside(self, other: Cost) -> str:
        """How often this is the other."""
        return f"{self.wall / other.wall:.2f} (CPU {self.cpu / other.cpu:.2f})"

    def rate(self, rows: int) -> str:
        """Rows a second."""
        return f"{rows / self.wall:,.0f} rows/s ({rows / self.cpu:,.0f} a CPU second)"


def timed(act: Callable[[], object]) -> Cost:
    """What it costs, once."""
    wall, cpu = perf_counter(), process_time()
    act()
    return Cost(perf_counter() - wall, process_time() - cpu)


def middle(costs: Sequence[Cost]) -> Cost:
    """Their medians."""
    return Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))


def runs_of(size: int) -> Iterator[tuple[str, pa.Table]]:
    """A year of articles as an archive is imported: some weeks a run, and all runs of one size."""
    room = Newsroom(articles_a_day=max(1, size // DAYS))
    number = ceil(DAYS * room.articles_a_day / ROWS_A_RUN)
    for start, end in pairwise(DAYS * place // number for place in range(number + 1)):
        yield f"import-{start:03}", room.days(range(start, end))


def fill(layout: DataLayout, size: int, watch: Callable[[pa.Table, Cost], None]) -> None:
    """Load a year run by run; tells each run's rows and cost."""
    for run_id, rows in runs_of(size):
        leave(layout, run_id, rows, NOW)
        watch(rows, timed(lambda run_id=run_id: load_run(layout, run_id, ["00"], now=NOW)))
        shutil.rmtree(layout.run(run_id).path)


def load(layout: DataLayout, size: int) -> Iterator[Line]:
    """Rows a second of loads, beside bare writes of the articles alone, and of all the rows that a load leaves."""
    counts: list[int] = []
    ours, articles, everything = [], [], []

    def watch(rows: pa.Table, cost: Cost) -> None:
        counts.append(rows.num_rows)
        ours.append(cost)
        articles.append(_bare([rows], layout))
        everything.append(articles[-1] + _bare(_left(rows)[1:], layout))
        print(
            f"  {sum(counts):>9,} rows: {cost.rate(rows.num_rows)}; bare {articles[-1].rate(rows.num_rows)}", flush=True
        )

    fill(layout, size, watch)
    total, cost = sum(counts), sum(ours, _NOTHING)
    _kept(layout).write_text(json.dumps([total, cost.wall, cost.cpu, ours[-1].cpu / counts[-1]]), encoding="utf-8")
    yield Line("load throughput", cost.rate(total), "", "", ">= 30,000 rows/s")
    for what, bare in (("all rows that a load leaves", everything), ("the articles alone", articles)):
        other = sum(bare, _NOTHING)
        told = f"bare pyarrow zstd-1 write of {what}: {other.rate(total)}"
        yield Line("load throughput", cost.rate(total), told, other.beside(cost), ">= 0.8")


_NOTHING = Cost(0, 0)


def _kept(layout: DataLayout) -> Path:
    """What the load cost, for `growth`."""
    return layout.root / "load.json"


def _left(rows: pa.Table) -> list[pa.Table]:
    return [rows, exchanges("bare", rows)]


def _bare(tables: list[pa.Table], layout: DataLayout) -> Cost:
    path = layout.root / "bare.parquet"
    costs = [
        timed(lambda t=table: pq.write_table(t, path, compression="zstd", compression_level=1)) for table in tables
    ]
    path.unlink()
    return sum(costs, _NOTHING)


def daily(layout: DataLayout, size: int) -> Iterator[Line]:
    """5,000 rows, one in ten known: into the year, and into an empty table."""
    days = (day for day in count(DAYS) if not layout.run(f"daily-{day}").path.exists())
    for name, seed, changed, uniform, warm, counted in (
        # The first days after a bulk load.
        ("one in five of them changed, of the last days as in feeds", 1, 0.2, False, 0, 6),
        # Of publishers that nobody changed: a newsroom lists its first texts, after a change that is another one. After
        # a week what feeds still list lies in the files of daily loads.
        ("none changed", 4, 0.0, False, 7, 3),
        ("one in five changed, of any day of the year", 1, 0.2, True, 0, 1),
    ):
        taken = []
        for day in _of(days, warm + counted):
            taken.append(_loaded_day(layout, _a_day(size, day, seed, changed, uniform=uniform), f"daily-{day}"))
        ours, empty, files = zip(*taken[warm:], strict=True)
        mine, other = middle(ours), middle(empty)
        each = ", ".join(f"{big.wall / small.wall:.2f}" for big, small in zip(ours, empty, strict=True))
        what = f"daily load of 5,000 rows, 500 known, {name}"
        yield Line(what, f"{mine}", f"into an empty table: {other}", f"{mine.beside(other)}; each day {each}", "<= 2")
        told = f"{statistics.median(files):.0f} ({', '.join(map(str, files))})"
        yield Line(f"{what}: files rewritten", told, "", "", "<= 2")


def _of(days: Iterator[int], number: int) -> list[int]:
    return [next(days) for _ in range(number)]


def _loaded_day(layout: DataLayout, rows: pa.Table, run_id: str) -> tuple[Cost, Cost, int]:
    """Cost into the year and into an empty table, and the number of files of `articles` that were rewritten."""
    small = _into_empty(layout, run_id, rows)
    leave(layout, run_id, rows, NOW)
    before = set(snapshot(layout, ARTICLES).files())
    big = timed(lambda: load_run(layout, run_id, ["00"], now=NOW))
    rewritten = len(before - set(snapshot(layout, ARTICLES).files()))
    print(f"  {run_id}: {big}, empty {small}, {rewritten} files rewritten", flush=True)
    return big, small, rewritten


def _a_day(size: int, day: int, seed: int, changed: float, *, uniform: bool) -> pa.Table:
    room, more = Newsroom(seed, max(1, size // DAYS)), Newsroom(seed=2, articles_a_day=4500)
    again = room.listed_again(day, 500, changed=changed, uniform=uniform)
    return pa.concat_tables([pa.concat_tables([room.day(day), more.day(day)]).slice(0, 4500), again])


def _into_empty(layout: DataLayout, run_id: str, rows: pa.Table) -> Cost:
    with tempfile.TemporaryDirectory(dir=layout.root.parent) as folder:
        empty = DataLayout(Path(folder))
        leave(empty, run_id, rows, NOW)
        return timed(lambda: load_run(empty, run_id, ["00"], now=NOW))


def care(layout: DataLayout, _: int) -> Iterator[Line]:
    """Compaction, vacuum and verify of the year."""
    before = _sizes(layout)
    cost = timed(lambda: compact(layout, now=LATER))
    after = _sizes(layout)
    shrunk = f"{before[0]} files, {before[1]:,} MB before; {after[0]} files, {after[1]:,} MB after"
    yield Line("compaction of all months", f"{cost}", shrunk, "", "")
    vacuum(layout, retention_hours=0)


def _sizes(layout: DataLayout) -> tuple[int, int]:
    files = [Path(file) for table in (ARTICLES, REVISIONS) for file in snapshot(layout, table).files()]
    return len(files), sum(file.stat().st_size for file in files) // 1_000_000


def queries(layout: DataLayout, _: int) -> Iterator[Line]:
    """The questions of `warehouse_rivals.py`; the median of some rounds, asked in turn."""
    publish(layout, {})
    links = layout.root / "links"
    shutil.rmtree(links, ignore_errors=True)
    links.mkdir()
    for number, file in enumerate(snapshot(layout, ARTICLES).files()):
        os.link(file, links / f"{number:05}.parquet")
    for name, engines in _asked(layout, links).items():
        rows = {engine: ask() for engine, ask in engines.items()}
        if len(set(rows.values())) != 1:
            sys.exit(f"{name}: the engines do not agree: {rows}")
        costs: dict[str, list[Cost]] = {engine: [] for engine in engines}
        for _round in range(ROUNDS):
            for engine, ask in engines.items():
                costs[engine].append(timed(ask))
        best = {engine: middle(values) for engine, values in costs.items()}
        rival = min((best["Polars"], best["chdb"]), key=lambda cost: cost.wall)
        told = f"Polars {best['Polars']}, chdb {best['chdb']}; ours in a session that keeps footers {best['kept']}"
        ratio = f"{best['ours'].beside(rival)}; footers kept {best['kept'].beside(rival)}"
        bar = "<= 1.1" if "keyword" in name else "< 1"
        yield Line(f"{name} ({rows['ours']:,} rows)", f"{best['ours']}", told, ratio, bar)
    shutil.rmtree(links)


def _asked(layout: DataLayout, links: Path) -> dict[str, dict[str, rivals.Question]]:
    asked = _wanted(layout)
    engines = {
        "ours": rivals.ours(layout.database, asked),
        "kept": rivals.footers_kept(layout.database, asked),
        "Polars": rivals.polars(links, asked),
        "chdb": rivals.chdb(links, asked),
    }
    return {name: {engine: asks[name] for engine, asks in engines.items()} for name in rivals.WANTED}


def _wanted(layout: DataLayout) -> dict[str, Any]:
    """An id, a source, a rare word and a week of the table to ask for."""
    with duckdb.connect(layout.database, read_only=True) as connection:
        middle = (
            "SELECT article_id FROM articles ORDER BY article_id LIMIT 1 OFFSET (SELECT count(*) // 3 FROM articles)"
        )
        (key,) = connection.execute(middle).fetchone() or ("",)
        (body,) = connection.execute("SELECT body FROM articles WHERE article_id = ?", [key]).fetchone() or ("",)
    since, until = rivals.week_of(FIRST_DAY + timedelta(days=200))
    word = max(body.replace(".", " ").split(), key=len)
    return {"id": key, "source": "source-05", "word": word, "since": since, "until": until}


def people(layout: DataLayout, _: int) -> Iterator[Line]:
    """What people ask by our verbs and macros, each in a session of its own; the median of some rounds."""
    publish(layout, {})
    wanted = _wanted(layout)
    address = find_article(layout, wanted["id"])["url"]
    day = f"'{wanted['since']:%Y-%m-%d}'"
    asked: dict[str, Callable[[], object]] = {
        "`newshouse show`, by id": lambda: find_article(layout, wanted["id"]),
        "`newshouse show`, by address": lambda: find_article(layout, address),
        "`newshouse show`, by the beginning of an id": lambda: find_article(layout, wanted["id"][:12]),
        "`newshouse diff`": lambda: history(layout, wanted["id"]),
        "`story(id)`": lambda: select(layout, f"FROM story('{wanted['id']}')"),
        "`articles_on(day)`": lambda: select(layout, f"FROM articles_on({day})"),
        "`trending(day)`": lambda: select(layout, f"FROM trending({day})"),
    }
    for name, ask in asked.items():
        ask()
        yield Line(name, f"{middle([timed(ask) for _ in range(ROUNDS)])}", "", "", "")


def publishing(layout: DataLayout, _: int) -> Iterator[Line]:
    """Publish over 2,000 files, after a first time that has nothing to compare with."""
    with tempfile.TemporaryDirectory(dir=layout.root.parent) as folder:
        other = DataLayout(Path(folder))
        _appended(other, Newsroom(articles_a_day=10).day(0))
        _copied(other, 1999)
        publish(other, {})
        costs = []
        for day in range(1, 2 * ROUNDS):
            _appended(other, Newsroom(articles_a_day=10).day(day))
            costs.append(timed(lambda: publish(other, {})))
    least = min(costs, key=lambda cost: cost.wall)
    yield Line("publish after a commit, 2,000 files", f"{middle(costs)}", f"the quickest: {least}", "", "<= 100 ms")


def _appended(layout: DataLayout, rows: pa.Table) -> None:
    """One commit of new articles, without the other tables of a load."""
    no_drops = pa.table({"url_key": [], "reasons": []}, _DROPS)
    given = delivery("bench", with_body_hashes(rows), exchanges("bench", rows), no_drops)
    change(layout, ARTICLES, lambda now: _as_new(now, given))


_DROPS = pa.schema([("url_key", pa.string()), ("reasons", pa.list_(pa.string()))])


def _as_new(now: Snapshot, given: Any) -> Change:
    return decide(Snapshot(now.table, None, now.folder), given, {})


def _copied(layout: DataLayout, count: int) -> None:
    now = snapshot(layout, ARTICLES)
    (file,) = map(Path, now.files())
    month = file.parent.name
    actions = []
    for _ in range(count):
        name = f"{uuid4()}.parquet"
        os.link(file, file.parent / name)
        statistics_json = json.dumps({"numRecords": pq.read_metadata(file).num_rows})
        values = {"month": month.partition("=")[2]}
        actions.append(AddAction(f"{month}/{name}", file.stat().st_size, values, 1, True, statistics_json))
    table = DeltaTable(now.root)
    table.create_write_transaction(actions, "append", table.schema(), ["month"])


def hourly(layout: DataLayout, _: int, hours: int = 8760) -> Iterator[Line]:
    """A commit an hour for a year, compacted, beside the same rows in one file."""
    with tempfile.TemporaryDirectory(dir=layout.root.parent) as folder:
        other = DataLayout(Path(folder))
        commits = list(_hours(other, hours))
        before = timed(lambda: snapshot(other, ARTICLES))
        compacting = timed(lambda: compact(other, now=LATER))
        vacuum(other, retention_hours=0)
        publish(other, {})
        single = other.root / "single.parquet"
        rows = snapshot(other, ARTICLES).read(ARTICLES.schema().names).sort_by("source_id")
        pq.write_table(rows, single, compression="zstd", compression_level=3, row_group_size=20_000)
        one = other.root / "single.duckdb"
        with duckdb.connect(one) as connection:
            connection.execute(f"CREATE VIEW articles AS FROM read_parquet('{single}')")
        many = [timed(lambda: _group(other.database)) for _ in range(2 * ROUNDS)]
        alone = [timed(lambda: _group(one)) for _ in range(2 * ROUNDS)]
        opening = middle([timed(lambda: snapshot(other, ARTICLES)) for _ in range(ROUNDS)])
        logs = len(list((snapshot(other, ARTICLES).root / "_delta_log").iterdir()))
    mine, beside = middle(many), middle(alone)
    what = f"open and group by, after {hours:,} commits and compaction"
    yield Line(what, f"{mine}", f"one file: {beside}", mine.beside(beside), "<= 1.5")
    first, last = middle(commits[: hours // 10]), middle(commits[-(hours // 10) :])
    figure = f"{hours:,} hourly commits, {sum(commits, _NOTHING)}: one of the last tenth"
    yield Line(figure, f"{last}", f"of the first tenth: {first}", last.beside(first), "")
    told = f"opening the table {opening}, before {before}; {logs:,} files of the log"
    yield Line(f"compaction after {hours:,} commits", f"{compacting}", told, "", "")


def _hours(layout: DataLayout, hours: int) -> Iterator[Cost]:
    """A year of ten articles an hour, an hour a commit."""
    room = Newsroom(seed=3, articles_a_day=240)
    for day in range(hours // 24):
        rows = room.day(day)
        for hour in range(24):
            yield timed(lambda hour=hour, rows=rows: _appended(layout, rows.slice(hour * 10, 10)))
        if day % 30 == 0:
            print(f"  {day} days of hourly commits", flush=True)


def _group(database: Path) -> None:
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute("SELECT source_id, count(*), max(published_at) FROM articles GROUP BY 1").fetchall()


def growth(layout: DataLayout, size: int) -> Iterator[Line]:
    """Cost a row of loads and queries at three sizes."""
    grown = []
    for wanted in (size // 100, size // 10):
        with tempfile.TemporaryDirectory(dir=layout.root.parent) as folder:
            other = DataLayout(Path(folder))
            list(load(other, wanted))
            compact(other, now=LATER)
            grown.append(_grown(other))
    grown.append(_grown(layout))
    sizes = [f"{rows:,} rows" for rows, _ in grown]
    for name in grown[0][1]:
        costs = [each[name].cpu / rows * 1e6 for rows, each in grown]
        told = ", ".join(f"{cost:.3g} µs at {rows}" for cost, rows in zip(costs, sizes, strict=True))
        ratio = f"{costs[-1] / costs[0]:.2f}, from the second size {costs[-1] / costs[1]:.2f}"
        yield Line(f"growth of {name}: CPU a row of the table", told, "", ratio, "flat within 20 %")


def _grown(layout: DataLayout) -> tuple[int, dict[str, Cost]]:
    """Rows of the table, and what the load of all of them and each question cost."""
    total, wall, cpu, last = json.loads(_kept(layout).read_text(encoding="utf-8"))
    publish(layout, {})
    asks = rivals.ours(layout.database, _wanted(layout))
    costs = {"loads": Cost(wall, cpu), "the last load": Cost(last * total, last * total)}
    for name in list(rivals.WANTED)[:5]:
        asks[name]()
        costs[name] = middle([timed(asks[name]) for _ in range(ROUNDS)])
    return total, costs


def checked(layout: DataLayout, _: int) -> Iterator[Line]:
    """That all of it is whole: files, page checksums, histories, runs (the archive is not there to be checked)."""
    started = perf_counter()
    problems = [problem for problem in verify(layout) if "warc" not in problem.message]
    rows = snapshot(layout, ARTICLES).read(["article_id"])
    unique = pc.count_distinct(rows["article_id"]).as_py()
    found = f"{len(problems)} problems, {rows.num_rows - unique} doubled articles"
    yield Line("verify", f"{perf_counter() - started:.0f} s", found, "", "none")


SECTIONS = {
    "load": load,
    "daily": daily,
    "compaction": care,
    "queries": queries,
    "people": people,
    "publish": publishing,
    "hourly": hourly,
    "growth": growth,
    "verify": checked,
}


def main() -> None:
    """Run the sections in order and print, or write, the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="articles of the year")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, joined by commas")
    parser.add_argument("--data", type=Path, help="keep the data here; a later call goes on with it")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    arguments = parser.parse_args()
    only = arguments.only.split(",")
    if unknown := [name for name in only if name not in SECTIONS]:
        parser.error(f"no section {', '.join(map(repr, unknown))}. There are: {', '.join(SECTIONS)}")
    try:
        import chdb  # noqa: F401
        import polars  # noqa: F401
    except ImportError:
        sys.exit("The rivals are not installed: pip install -r requirements-bench.in")
    with tempfile.TemporaryDirectory() as folder:
        layout = DataLayout((arguments.data or Path(folder)) / "year")
        layout.root.mkdir(parents=True, exist_ok=True)
        kept = layout.root / "lines.json"
        found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        for name in only:
            print(f"{name} …", flush=True)
            found[name] = []
            for line in SECTIONS[name](layout, arguments.size):
                print(f"  {line.figure}: {line.ours} | {line.beside} | {line.ratio} | {line.bar}", flush=True)
                found[name].append(astuple(line))
                kept.write_text(json.dumps(found), encoding="utf-8")
    if arguments.write:
        lines = [Line(*line) for name in SECTIONS for line in found.get(name, ())]
        _, heading, notes = RESULT.read_text(encoding="utf-8").partition("\n## ") if RESULT.exists() else ("", "", "")
        RESULT.write_text(report(lines, arguments.size) + heading + notes, encoding="utf-8")


def report(lines: list[Line], size: int) -> str:
    """The result as markdown."""
    head = ["# The warehouse", "", f"`make bench-warehouse`: {size:,} synthetic articles over {DAYS} days.", ""]
    head += [described("pyarrow", "deltalake", "duckdb", "polars", "chdb"), ""]
    head += ["| figure | ours | beside | ratio | bar |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(f"| {x.figure} | {x.ours} | {x.beside} | {x.ratio} | {x.bar} |" for x in lines), ""])


if __name__ == "__main__":
    main()
