"""Row rules: how many sound pages they keep out, how many planted defects they find, and what validation costs.

    make bench-rules
    python benchmarks/row_rules.py --every 10 --rows 5000

Sound pages and the carriers of planted defects are the development corpora in ../shared/corpora, which are not part of
the project. Seconds are CPU time of this process, parse and validate in turn on the same pages.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extraction import CORPORA, pages
from machine import described, peak_memory_bytes
from newshouse.ids import article_id
from newshouse.parse.columns import columns
from newshouse.parse.page import parse_page
from newshouse.records import NoArticle
from newshouse.schemas import ARTICLES
from newshouse.storage.files import open_parquet, parquet_writer, write_text
from newshouse.validate import suite
from newshouse.validate.repeats import repeated_paragraphs
from newshouse.validate.row import COLUMNS, SOUND_ROW, ParsedRow
from newshouse.validate.rules import BY_NAME, judge
from newshouse.validate.stage import validate_articles
from planted_pages import pages as planted_pages
from planted_rows import PLANTERS

RESULT = Path(__file__).parent / "results" / "row-rules.md"
CAPTURED = datetime(2026, 11, 23, 6, tzinfo=UTC)
SEED = 20261123
BATCH = 500  # pages of an ordinary batch
SHAPES = 60  # defects planted of each kind
_NAMES = {"boilerplate": {"boilerplate", "section_front"}}  # parse names a page of links by what it is


def parsed(every: int) -> tuple[pa.Table, Counter[str], float]:
    """(article rows, page kinds that parse named, seconds) of the corpora."""
    records, kinds = [], Counter[str]()
    work = [(corpus, row, body) for corpus in CORPORA for row, body in pages(corpus, every)]
    start = process_time()
    for corpus, row, body in work:
        url = row.get("url") or ""
        url = url if url.startswith("http") else f"https://{row['id'].lower()}.example/a"
        found = parse_page(body, url, CAPTURED, {})
        if isinstance(found, NoArticle):
            kinds[found.reason] += 1
            continue
        records.append(columns(found) | _capture(f"{corpus}-{row['id']}", url))
    seconds = process_time() - start
    return ARTICLES.arrow(records, "parse"), kinds, seconds


def _capture(key: str, url: str) -> dict[str, Any]:
    return {
        "article_id": article_id(key),
        "source_id": url.split("/")[2],
        "url": url,
        "final_url": url,
        "fetched_at": CAPTURED,
        "run_id": "bench",
        "warc_file": "bench.warc.gz",
        "warc_offset": 0,
        "warc_length": 1,
    }


def typed(table: pa.Table) -> Iterator[ParsedRow]:
    """The rows as rules see them."""
    for record in table.select(COLUMNS).to_pylist():
        yield ParsedRow.read(record, None)


def false_quarantine(table: pa.Table, kinds: Counter[str]) -> Iterator[str]:
    """What happens to pages that all hold an article."""
    verdicts = [judge(row) for row in typed(table)]
    out = Counter(verdict.quarantined[0] for verdict in verdicts if verdict.quarantined)
    flags = Counter(tag for verdict in verdicts for tag in verdict.tags)
    mended = sum(bool(verdict.mended) for verdict in verdicts)
    total = table.num_rows + kinds.total()
    yield f"## Sound pages: {total} of the development corpora\n"
    yield "| | rows | share |\n|---|---|---|"
    yield f"| parsed as an article | {table.num_rows} | |"
    yield f"| **kept out by a row rule** | {out.total()} | **{100 * out.total() / table.num_rows:.2f} %** (bar: 1 %) |"
    yield f"| dropped by parse as no article | {kinds.total()} | {100 * kinds.total() / total:.2f} % |"
    yield f"| let in and mended | {mended} | {100 * mended / table.num_rows:.2f} % |"
    yield f"\nKept out: {_told(out)}. Dropped by parse: {_told(kinds)}. Flags: {_told(flags)}."


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


def recall(table: pa.Table) -> Iterator[str]:
    """How many planted defects are named."""
    chance = random.Random(SEED)
    sound = [replace(row, source_name="The Harbour Post", source_homepage="https://harbour-post.example/",
                     source_id="harbour-post") for row in typed(table)]  # fmt: skip
    sound = [row for row in sound if not judge(row).quarantined]
    tried, found, named = Counter[str](), Counter[str](), Counter[str]()
    missed = defaultdict(list)
    for rule, planter in PLANTERS:
        carriers = (row for row in chance.sample(sound, len(sound)) if BY_NAME[rule].finding(row) is None)
        planted = (bad for row in carriers if (bad := planter(row, chance)) is not None)
        for bad, _ in zip(planted, range(SHAPES), strict=False):
            verdict = judge(bad)
            tried[rule] += 1
            hit = rule in (*verdict.quarantined, *verdict.tags) or _same_end(rule, verdict.quarantined)
            found[rule] += hit
            named[rule] += rule in (*verdict.quarantined, *verdict.tags)
            if not hit:
                missed[rule].append(bad.body[-80:])
    for kind, body in planted_pages():
        name = f"{kind} (page)"
        tried[name] += 1
        reasons = _reasons(body, kind)
        found[name] += bool(reasons)
        named[name] += not reasons.isdisjoint(_NAMES.get(kind, {kind}))
    tried["repeated_paragraph"], found["repeated_paragraph"] = repeats(sound, chance)
    named["repeated_paragraph"] = found["repeated_paragraph"]
    yield "\n## Planted defects\n"
    yield "| defect | action | planted | found | recall | under its own name |\n|---|---|---|---|---|---|"
    for name, count in tried.items():
        action = BY_NAME[name].action if name in BY_NAME else "drop"
        yield f"| {name} | {action} | {count} | {found[name]} | {found[name] / count:.3f} | {named[name] / count:.3f} |"
    bad = [name for name in tried if name not in BY_NAME or _keeps_out(name)]
    for label, names in (("**bad pages** (quarantine, drop)", bad), ("all", list(tried))):
        planted, hits, own = (sum(counts[name] for name in names) for counts in (tried, found, named))
        yield f"| {label} | | {planted} | {hits} | **{hits / planted:.3f}** | {own / planted:.3f} |"
    yield (
        "\nThe bar for bad pages is .98. A bad page is found when it is kept out, whatever the reason; beside it, how "
        "often the reason is its own. A page of links may be named boilerplate or section_front."
    )


def _keeps_out(name: str) -> bool:
    rule = BY_NAME[name]
    return "quarantine" in (rule.action, rule.otherwise if rule.action == "repair" else "")


def _same_end(rule: str, quarantined: tuple[str, ...]) -> bool:
    """A stub that is kept out as too short is kept out all the same."""
    return _keeps_out(rule) and bool(quarantined)


def _reasons(body: bytes, kind: str) -> set[str]:
    """For which parse or the rules keep the page out; none if it gets in."""
    found = parse_page(body, "https://www.harbour-post.example/2026/11/22/ferry", CAPTURED, {})
    if isinstance(found, NoArticle):
        return {found.reason}
    table = ARTICLES.arrow([columns(found) | _capture(kind, "https://www.harbour-post.example/a")], "parse")
    return set(judge(next(typed(table))).quarantined)


def repeats(sound: list[ParsedRow], chance: random.Random) -> tuple[int, int]:
    """(rows with a paragraph that 40 % of their source repeat, of them found), over sources of 25 articles."""
    tried = found = 0
    for number in range(12):
        rows = chance.sample(sound, 25)
        line = f"This is line {number} that the harbour post puts under its stories."
        texts = [[*row.paragraphs, *([line] if place < 10 else [])] for place, row in enumerate(rows)]
        table = pa.table({"source_id": ["x"] * 25, "paragraphs": [[{"text": t} for t in text] for text in texts]})
        often = repeated_paragraphs([table]).get("x", frozenset())
        tried += 10
        found += 10 * (hash(line) in often)
    return tried, found


def cost(table: pa.Table, parse_seconds: float) -> Iterator[str]:
    """Validation beside parsing, same pages, same process."""
    start = process_time()
    suite._great_expectations()
    begin = process_time() - start
    seconds = [_validated(table) for _ in range(3)]
    best = min(seconds)
    rows = table.num_rows
    start = process_time()
    for row in typed(table):
        judge(row)
    rules = process_time() - start
    yield f"\n## Cost: the same {rows} pages\n"
    yield "| | ms a page | of parsing |\n|---|---|---|"
    for label, value in (
        ("parse", parse_seconds),
        ("row rules alone", rules),
        ("**validate**, Parquet to Parquet, Great Expectations included", best),
    ):
        yield f"| {label} | {1000 * value / rows:.2f} | {100 * value / parse_seconds:.1f} % |"
    few = min(BATCH, rows)
    batch, parsing = min(_validated(table.slice(0, few)) for _ in range(3)), parse_seconds / rows * few
    yield f"\nAn ordinary batch of {few} pages, of which parsing takes {parsing:.1f} s:\n"
    yield "| | s | of parsing |\n|---|---|---|"
    yield f"| validate | {batch:.2f} | {100 * batch / parsing:.1f} % |"
    whole = batch + begin
    yield f"| with the import of Great Expectations ({begin:.1f} s) | {whole:.2f} | {100 * whole / parsing:.1f} % |"
    yield (
        f"\nThe bar is 15 %. The import comes once a process, and a task of Airflow is a process. With it, a batch of "
        f"{_enough(begin, best / rows, parse_seconds / rows):,} pages or more is within the bar; a smaller one is not."
    )


def _enough(begin: float, validate: float, parse: float) -> int:
    """The batch from which on the import is paid for."""
    return round(begin / (0.15 * parse - validate), -2).__int__() if 0.15 * parse > validate else 10**9


def _validated(table: pa.Table) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.parquet"
        pq.write_table(table, path, row_group_size=1000)
        start = process_time()
        validate_file(path, Path(folder) / "accepted.parquet")
        return process_time() - start


def validate_file(path: Path, accepted: Path) -> None:
    """What the stage does with its files."""
    schema = ARTICLES.schema("parse")
    with parquet_writer(accepted, schema) as writer:
        validate_articles(open_parquet(path), {}, writer.write_table, run_id="bench", batch="00", now=CAPTURED)


def memory(table: pa.Table, rows: int) -> Iterator[str]:
    """Peak memory of a fresh process that validates many rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.parquet"
        _multiply(table, rows, path)
        del table
        gc.collect()
        command = [sys.executable, __file__, "--validate", str(path)]
        started = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak, size = int(done.stdout.split()[-1]) / 2**20, path.stat().st_size / 1e6
    seconds = ended.ru_utime + ended.ru_stime - started.ru_utime - started.ru_stime
    yield f"\n## Memory: {rows:,} rows in one batch ({size:,.0f} MB of Parquet)\n"
    yield "| | |\n|---|---|"
    yield f"| **peak resident memory** | **{peak:,.0f} MiB** (bar: 1 GB = 954 MiB) |"
    yield f"| CPU time, start and imports included | {seconds:,.0f} s, {1000 * seconds / rows:.2f} ms a row |"


def _multiply(table: pa.Table, rows: int, path: Path) -> None:
    """The rows again and again, each time as other articles of other sources."""
    schema = ARTICLES.schema("parse")
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        written = 0
        while written < rows:
            part = table.slice(0, min(table.num_rows, rows - written))
            ids = pa.array([article_id(f"{written + place}") for place in range(part.num_rows)], pa.string())
            part = part.set_column(0, schema.field("article_id"), ids)
            writer.write_table(part, row_group_size=1000)
            written += part.num_rows


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take each n-th page only")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the memory test")
    parser.add_argument("--write", action="store_true", help=f"keep the result as {RESULT.name}")
    parser.add_argument("--validate", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.validate:
        validate_file(Path(options.validate), Path(options.validate).with_name("accepted.parquet"))
        print(peak_memory_bytes())
        return
    judge(replace(SOUND_ROW, language="de"))  # loads the language model
    list(pages(CORPORA[0], 100))
    table, kinds, seconds = parsed(options.every)
    lines = [f"# Row rules\n\n{described('great-expectations', 'pyarrow')}, every {options.every} page(s).\n"]
    for part in (false_quarantine(table, kinds), recall(table), cost(table, seconds), memory(table, options.rows)):
        for line in part:
            print(line)
            lines.append(line)
    if options.write:
        write_text(RESULT, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
