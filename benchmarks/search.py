"""Full text: how fast the index is built and kept up, and how fast it answers, beside a scan of the same files.

python benchmarks/search.py 100000 --write
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from machine import described
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES
from newshouse.search.analysis import words
from newshouse.search.ask import Filters, search
from newshouse.search.update import update
from newshouse.storage.files import write_text
from newshouse.warehouse.load import load_run
from newshouse.warehouse.publish import publish
from newshouse.warehouse.query import select
from newshouse.warehouse.reading import count
from newshouse.warehouse.tables import snapshot

# isort: split
from synthetic_news import FIRST_DAY, Newsroom, leave

_ARTICLES_A_DAY = 2740
_QUERIES = 300
_SCANS = 5
_RESULT = Path(__file__).parent / "results" / "search.md"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured; times in seconds."""

    articles: int
    build_seconds: float
    build_cpu_seconds: float
    follow_articles: int
    follow_seconds: float
    idle_seconds: float
    index_bytes: int
    text_bytes: int
    answers: dict[str, list[tuple[float, float]]]
    scan_seconds: float
    indexed_scan_seconds: float


def measure(layout: DataLayout, newsroom: Newsroom, days: int) -> Measured:
    """Measure on a warehouse that holds these days of the newsroom and is published."""
    shutil.rmtree(layout.search, ignore_errors=True)
    cpu = time.process_time()
    build_seconds = _timed(lambda: update(layout))
    build_cpu_seconds = time.process_time() - cpu
    articles = count(snapshot(layout, ARTICLES))
    bodies = select(layout, "SELECT sum(strlen(body))::BIGINT AS n FROM articles")["n"][0].as_py()
    index_bytes = sum(file.stat().st_size for file in layout.search.rglob("*") if file.is_file())
    sample = newsroom.day(days // 2)
    answers = {name: [_both(ask) for ask in asked] for name, asked in _questions(layout, sample).items()}
    rare = _words_by_rank(sample["body"].to_pylist())[-50]
    scan = f"SELECT count(*) FROM articles WHERE regexp_matches(body, '\\b{rare}\\b', 'i')"  # noqa: S608 - our own word
    scan_seconds = statistics.median(_timed(lambda: select(layout, scan)) for _ in range(_SCANS))
    indexed = statistics.median(_timed(lambda: search(layout, rare)) for _ in range(_SCANS))
    _load(layout, newsroom, range(days, days + 1))
    follow_seconds = _timed(lambda: update(layout))
    idle_seconds = _timed(lambda: update(layout))
    return Measured(
        articles, build_seconds, build_cpu_seconds, newsroom.articles_a_day, follow_seconds, idle_seconds, index_bytes,
        bodies, answers, scan_seconds, indexed,
    )  # fmt: skip


def _questions(layout: DataLayout, sample: Any) -> dict[str, Iterable[Callable[[], object]]]:
    """Words as people ask for them: neither the commonest nor all rare; with a filter each."""
    rng = np.random.default_rng(3)
    by_language = {
        name: _words_by_rank([body for body, found in _bodies(sample) if found == name]) for name in ("en", "ru")
    }
    sources = sorted(set(sample["source_id"].to_pylist()))
    since = (FIRST_DAY + timedelta(days=2)).date()

    def filters() -> Filters:
        return Filters(since=since, sources=(str(rng.choice(sources[:3])),))

    def words_of(name: str, count: int) -> str:
        ranked = by_language[name][20:4000]
        return " ".join(str(ranked[int(rng.integers(0, len(ranked)))]) for _ in range(count))

    def asking(text: Callable[[], str], made: Callable[[], Filters]) -> list[Callable[[], object]]:
        pairs = [(text(), made()) for _ in range(_QUERIES)]
        return [lambda text=text, made=made: search(layout, text, made) for text, made in pairs]

    japanese = [body for body, found in _bodies(sample) if found == "ja"]
    phrases = [" ".join(body.split()[3:5]) for body, found in _bodies(sample) if found == "en"]
    return {
        "one word, day and source": asking(lambda: words_of("en", 1), filters),
        "two words, day and source": asking(lambda: words_of("en", 2), filters),
        "Cyrillic, two words, since": asking(lambda: words_of("ru", 2), lambda: Filters(since=since)),
        "phrase, since": asking(lambda: f'"{rng.choice(phrases)}"', lambda: Filters(since=since)),
        "Japanese, four characters, since": asking(
            lambda: _piece(rng, str(rng.choice(japanese)), 4), lambda: Filters(since=since)
        ),
        "one word, no filter": asking(lambda: words_of("en", 1), Filters),
    }


def _bodies(sample: Any) -> Iterable[tuple[str, str]]:
    return zip(sample["body"].to_pylist(), sample["language"].to_pylist(), strict=True)


def _piece(rng: np.random.Generator, text: str, length: int) -> str:
    plain = "".join(word for word in words(text[:400]))
    start = int(rng.integers(0, max(1, len(plain) - length)))
    return plain[start : start + length]


def _words_by_rank(bodies: Iterable[str]) -> list[str]:
    return [word for word, _ in Counter(word for body in bodies for word in words(body)).most_common()]


def _both(act: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of one thread: the second does not grow when others want the machine."""
    cpu = time.thread_time()
    wall = _timed(act)
    return wall, time.thread_time() - cpu


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _load(layout: DataLayout, newsroom: Newsroom, days: range) -> None:
    run_id = f"days-{days.start}"
    leave(layout, run_id, newsroom.days(days), FIRST_DAY)
    load_run(layout, run_id, ["00"], now=FIRST_DAY)
    publish(layout, {})


def report(measured: Measured) -> str:
    """The figures as a page."""
    m = measured
    every = [value for values in m.answers.values() for value in values]
    filtered = [value for name, values in m.answers.items() if "no filter" not in name for value in values]
    wall, cpu = zip(*filtered, strict=True)
    lines = [
        "# Full text",
        "",
        f"`make bench-search SIZE={m.articles}`: synthetic articles in six languages, one in twelve Japanese.",
        "Times are of the whole call: the index opened, the query read, the ten best found, their passages cut.",
        f"Measured on {described('tantivy', 'duckdb', 'pyarrow')}; "
        f"{os.getloadavg()[1]:.0f} processes wanted the CPUs; where that is more than there are, see the CPU times.",
        "",
        "| figure | measured | bar |",
        "|---|---|---|",
        f"| index build, from the Parquet files | {m.articles / m.build_seconds:,.0f} docs/s "
        f"({m.articles / m.build_cpu_seconds:,.0f} a CPU second) | >= 8,000 docs/s |",
        f"| top 10 with a filter, median | {statistics.median(wall) * 1000:.1f} ms "
        f"(CPU time {statistics.median(cpu) * 1000:.1f} ms) | <= 5 ms |",
        f"| top 10 with a filter, 95 of 100 | {np.quantile(wall, 0.95) * 1000:.1f} ms "
        f"(CPU time {np.quantile(cpu, 0.95) * 1000:.1f} ms) | |",
        f"| a new day of {m.follow_articles} articles | {m.follow_seconds * 1000:.0f} ms | |",
        f"| nothing new | {m.idle_seconds * 1000:.0f} ms | |",
        f"| a rare word: index against regexp_matches in DuckDB | {m.scan_seconds / m.indexed_scan_seconds:.0f} x "
        f"({m.indexed_scan_seconds * 1000:.1f} ms, {m.scan_seconds * 1000:.0f} ms) | >= 20 x |",
        f"| size of the index | {m.index_bytes / m.text_bytes:.2f} x the bodies | |",
        "",
        "| queries | median ms | CPU ms | 95 of 100, CPU ms |",
        "|---|---|---|---|",
        *(_line(name, values) for name, values in [*m.answers.items(), ("all", every)]),
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, values: list[tuple[float, float]]) -> str:
    wall, cpu = ([1000 * value for value in column] for column in zip(*values, strict=True))
    median = statistics.median
    return f"| {name} | {median(wall):.1f} | {median(cpu):.1f} | {np.quantile(cpu, 0.95):.1f} |"


def main() -> None:
    """Make a warehouse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=100_000)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/search.md")
    arguments = parser.parse_args()
    newsroom = Newsroom(articles_a_day=_ARTICLES_A_DAY)
    days = max(2, round(arguments.articles / _ARTICLES_A_DAY))
    with tempfile.TemporaryDirectory() as folder:
        layout = DataLayout(Path(folder))
        for start in range(0, days, 5):
            _load(layout, newsroom, range(start, min(start + 5, days)))
        text = report(measure(layout, newsroom, days))
    print(text)
    if arguments.write:
        write_text(_RESULT, text)


if __name__ == "__main__":
    main()
