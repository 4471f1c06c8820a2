"""How well and how fast articles are read: Newshouse beside trafilatura, same pages, same run, in turn.
Time is CPU time of this one process, as other work may share the machine.

    make bench-extraction            all pages
    python benchmarks/extraction.py --every 5 --corpora fundus_dev

The two take turns of 25 pages (`--turns`), as a stage reads its pages in batches and nobody reads a page with both;
which of them begins changes with each turn. After turns of one page each finds the processor's caches full of the
other's code, which costs the quicker one more: what that gives for the ratio is printed beside it.

Reads the development corpora in ../shared/corpora, which are not part of the project. The metrics are those of
../shared/tools/score.py. The truth of these corpora counts agencies and publishers as authors, so "authors F1" is that
of everybody to whom a page credits its article (the column `credit`); "people alone" is that of the
column `authors`. All rules and weights were made while looking at these very pages: every figure is in-sample, and the
folds of publishers show how far it spreads, not how it holds elsewhere. `benchmarks/calibration.py` holds publishers
out.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import itertools
import json
import platform
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

from trafilatura import bare_extraction
from trafilatura.external import jt_stoplist_init

from newshouse.parse.facts.language import told_language
from newshouse.parse.page import parse_page
from newshouse.records import NoArticle

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPORA = ("fundus_dev", "wcxb_dev", "trafilatura_eval")
FOLDS = 5
TURNS = 25
NOWHERE = "https://unknown.example/"
TENTHS = 10


@dataclass
class Prediction:
    """What one extractor says about one page."""

    text: str = ""
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    date: str | None = None
    confidence: float | None = None
    extractor: str = ""


@dataclass
class Side:
    """One extractor's predictions and the time they took."""

    read: Callable[[bytes, str], Prediction]
    found: dict[str, Prediction] = field(default_factory=dict)
    seconds: float = 0.0
    seconds_by_extractor: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def run(self, page_id: str, body: bytes, url: str) -> None:
        """Read one page against the clock."""
        start = process_time()
        prediction = self.read(body, url)
        took = process_time() - start
        self.seconds += took
        self.seconds_by_extractor[prediction.extractor].append(took)
        self.found[page_id] = prediction


def newshouse(body: bytes, url: str) -> Prediction:
    """Our side."""
    article = parse_page(body, url, datetime.now(UTC), {})
    if isinstance(article, NoArticle):
        return Prediction(extractor=article.reason)
    moment = article.published
    zone = timezone(timedelta(minutes=moment.utc_offset_min or 0)) if moment else UTC
    return Prediction(
        text="\n".join(paragraph.text for paragraph in article.paragraphs),
        title=article.title,
        authors=list(article.credit),
        people=[author.name for author in article.authors],
        date=moment.at.astimezone(zone).isoformat() if moment else None,
        confidence=article.confidence,
        extractor=article.extractor,
    )


def trafilatura(body: bytes, url: str) -> Prediction:
    """The other side, as its documentation calls it, metadata included."""
    found = bare_extraction(body, url=url, with_metadata=True, include_comments=False)
    if found is None:
        return Prediction()
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return Prediction(found.text or "", found.title, authors, authors, found.date)


def pages(corpus: str, every: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    """(truth, raw bytes) of each page of a corpus."""
    folder = SHARED / "corpora" / corpus
    rows = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").split("\n") if line]
    for row in rows[::every]:
        yield row, gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes())


def load_score() -> Any:
    """The scorer of the corpora, as a module."""
    path = SHARED / "tools" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    if not path.is_file() or spec is None or spec.loader is None:
        sys.exit(f"{path}: the development corpora are not here; nothing to measure")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCORE = load_score()


def truth_of(row: dict[str, Any]) -> str:
    """As score.py builds it: the text, or the paragraphs with the brackets of subheads off."""
    bare = (p[1:-1] if p[:1] == "[" and p[-1:] == "]" else p for p in row.get("paragraphs") or [])
    return row.get("text") or "\n".join(bare)


def measure(rows: list[dict[str, Any]], found: dict[str, Prediction]) -> dict[str, float]:
    """The metrics of score.py over these pages."""
    s = SCORE
    per: dict[str, list[float]] = defaultdict(list)
    hits = leaks = misses = 0
    for row in rows:
        guess, truth = found[row["id"]], truth_of(row)
        if truth:
            precision, recall, _ = s.prf(s.shingles(truth), s.shingles(guess.text))
            per["p"].append(precision)
            per["r"].append(recall)
            per["exact"].append(s.tokens(truth) == s.tokens(guess.text))
            words = (Counter(s.tokens(text.lower())) for text in (truth, guess.text))
            per["word F1"].append(s.prf(*words)[2])
        if row.get("paragraphs"):
            per["paragraph F1"].append(s.prf(Counter(s.lines(truth)), Counter(s.lines(guess.text)))[2])
        if isinstance(row.get("with"), list) and not truth:
            flat = s.flat(guess.text)
            hit = sum(s.flat(chunk) in flat for chunk in row["with"])
            hits, misses = hits + hit, misses + len(row["with"]) - hit
            leaks += sum(s.flat(chunk) in flat for chunk in row.get("without") or [])
        if row.get("title"):
            per["title exact"].append(s.flat(row["title"]) == s.flat(guess.title))
        if want := s.people(row.get("authors") or row.get("author")):
            for name, said in (("authors F1", guess.authors), ("people alone F1", guess.people)):
                got = s.people(said)
                per[name].append(2 * len(want & got) / (len(want) + len(got)))
        if row.get("date"):
            per["date"].append(bool(s.days(row["date"]) & s.days(guess.date)))
    out = {name: statistics.mean(values) for name, values in per.items()}
    if "p" in out:
        precision, recall = out.pop("p"), out.pop("r")
        out = {"shingle F1": 2 * precision * recall / max(1e-9, precision + recall)} | out
    if hits + misses and "shingle F1" not in out:
        out = {"chunk F1": 2 * hits / max(1, 2 * hits + leaks + misses)} | out
    return out


def spread(
    rows: list[dict[str, Any]], found: dict[str, Prediction], names: list[str]
) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of each metric over folds of whole publishers."""
    folds: dict[int, list[dict[str, Any]]] = defaultdict(list)
    publishers = sorted({publisher_of(row) for row in rows})
    fold_of = {publisher: index % FOLDS for index, publisher in enumerate(publishers)}
    for row in rows:
        folds[fold_of[publisher_of(row)]].append(row)
    measured = [measure(fold, found) for fold in folds.values()]
    return {name: (min(values), max(values)) for name in names if (values := [m[name] for m in measured if name in m])}


def publisher_of(row: dict[str, Any]) -> str:
    """Whose page it is, as well as the truth tells."""
    url = row.get("url") or ""
    return str(row.get("publisher") or (url.split("/")[2] if "//" in url else row["id"]))


def sure_and_right(rows: list[dict[str, Any]], found: dict[str, Prediction]) -> list[tuple[float, float]]:
    """(confidence, shingle F1) of each page that was read and whose whole text is known, the least sure first."""
    s = SCORE
    read = [(found[row["id"]], truth_of(row)) for row in rows]
    return sorted(
        (guess.confidence, s.prf(s.shingles(truth), s.shingles(guess.text))[2])
        for guess, truth in read
        if truth and guess.confidence is not None
    )


def tenths(pairs: list[tuple[float, float]]) -> Iterator[tuple[int, float, float, float, float]]:
    """(pages, lowest and highest confidence, mean confidence, mean F1) of each tenth of the pages, by confidence."""
    pairs = sorted(pairs)
    for part in range(TENTHS):
        some = pairs[part * len(pairs) // TENTHS : (part + 1) * len(pairs) // TENTHS]
        if some:
            sure, right = ([pair[at] for pair in some] for at in (0, 1))
            yield len(some), sure[0], sure[-1], statistics.mean(sure), statistics.mean(right)


def expected_error(pairs: list[tuple[float, float]]) -> float:
    """Expected calibration error: the mean distance of confidence and F1 over the tenths."""
    return sum(count * abs(sure - right) for count, _, _, sure, right in tenths(pairs)) / max(1, len(pairs))


def warm_up(corpus: str) -> None:
    """Models, stop words and caches of both sides are loaded before the clock runs."""
    told_language("The harbour is open again after a long night of talks.")
    jt_stoplist_init()  # read from 100 files the first time that either side is at a loss
    for _, body in itertools.islice(pages(corpus, 1), 2):
        newshouse(body, NOWHERE)
        trafilatura(body, NOWHERE)


def bench(corpus: str, every: int, turns: int) -> tuple[list[dict[str, Any]], Side, Side]:
    """Both sides over a corpus, each so many pages in turn."""
    warm_up(corpus)
    ours, theirs = Side(newshouse), Side(trafilatura)
    rows = []
    left = pages(corpus, every)
    order = (theirs, ours)
    while batch := list(itertools.islice(left, turns)):
        rows += [row for row, _ in batch]
        for side in order:
            for row, body in batch:
                url = row.get("url") or ""
                side.run(row["id"], body, url if url.startswith("http") else NOWHERE)
        order = (order[1], order[0])
    return rows, ours, theirs


def speeds(ours: Side, theirs: Side) -> tuple[float, float, float]:
    """Pages a second: of Newshouse, of trafilatura, of Newshouse where it asks no second opinion."""
    fast = [t for name, times in ours.seconds_by_extractor.items() if name != "trafilatura" for t in times]
    whole = len(ours.found)
    return whole / ours.seconds, whole / theirs.seconds, len(fast) / max(1e-9, sum(fast))


def ratios(ours: Side, theirs: Side) -> str:
    """How many times quicker Newshouse is, in words."""
    all_in, other, fast = speeds(ours, theirs)
    return f"{all_in / other:.2f} x | 1 | fast path {fast / other:.2f} x"


def report(
    corpus: str, rows: list[dict[str, Any]], ours: Side, theirs: Side, pagewise: tuple[Side, Side] | None
) -> None:
    """Print one corpus as markdown. `pagewise`: both sides again, in turns of one page."""
    mine, other = measure(rows, ours.found), measure(rows, theirs.found)
    bounds = spread(rows, ours.found, list(mine))
    print(f"\n## {corpus}: {len(rows)} pages\n")
    print(f"| figure | Newshouse | trafilatura | Newshouse, {FOLDS} folds of publishers |")
    print("|---|---|---|---|")
    for name, value in mine.items():
        low, high = bounds.get(name, (value, value))
        print(f"| {name} | {value:.4f} | {other.get(name, 0):.4f} | {low:.3f} - {high:.3f} |")
    mine_a_second, theirs_a_second, fast_a_second = speeds(ours, theirs)
    print(f"| pages a second | {mine_a_second:.1f} | {theirs_a_second:.1f} | fast path alone {fast_a_second:.1f} |")
    print(f"| ratio | {ratios(ours, theirs)} |")
    if pagewise:
        print(f"| ratio in turns of one page | {ratios(*pagewise)} |")
    print("\nextractors:", dict(Counter(prediction.extractor for prediction in ours.found.values())))
    if pairs := sure_and_right(rows, ours.found):
        print("\n| confidence | pages | mean confidence | mean F1 |\n|---|---|---|---|")
        for count, low, high, sure, right in tenths(pairs):
            print(f"| {low:.3f}-{high:.3f} | {count} | {sure:.3f} | {right:.3f} |")
        print(f"\nExpected calibration error: {expected_error(pairs):.4f}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take each n-th page only")
    parser.add_argument("--corpora", nargs="+", default=list(CORPORA), choices=CORPORA)
    parser.add_argument("--turns", type=int, default=TURNS, help="pages that each side reads in turn")
    options = parser.parse_args()
    print(f"# Extraction\n\nPython {platform.python_version()}, trafilatura {version('trafilatura')}, ", end="")
    print(f"selectolax {version('selectolax')}, every {options.every} page(s), in turns of {options.turns} page(s).")
    for corpus in options.corpora:
        rows, ours, theirs = bench(corpus, options.every, options.turns)
        pagewise = bench(corpus, options.every, 1)[1:] if options.turns > 1 else None
        report(corpus, rows, ours, theirs, pagewise)


if __name__ == "__main__":
    main()
