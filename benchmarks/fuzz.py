"""Hostile inputs: no exception, none over two seconds of CPU, and the same answer twice.

    make bench-fuzz                              20,000 inputs
    python benchmarks/fuzz.py --count 500 --seed 7

Three of four inputs are pages of ../shared/corpora with up to eight wounds: bytes cut, doubled, swapped, replaced, or a
piece of hostile mark-up put in. The same seed gives the same ones, and an input that fails is named by seed and number.
The fourth is put together by hypothesis from tags, attributes, JSON-LD, text and bytes; it prints the smallest that
fails.
`--write` keeps the figures in results/fuzz.md.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import sys
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machine import described
from newshouse.parse.page import parse_page
from newshouse.records import Article, NoArticle

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
RESULT = Path(__file__).with_name("results") / "fuzz.md"
CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://unknown.example/a"
MOST_SECONDS = 2.0
SHARDS = 4  # processes with a seed each, and one for hypothesis
EACH_TWICE = 20  # every n-th input is read again, and must give the same
HOSTILE = (
    b"<div>" * 3000, b"<b><i>" * 2000, b"<!--", b"-->", b"<script>", b"</script>", b"<svg><title>", b"<table><tr><td>",
    b"<template>", b"<plaintext>", b"\x00" * 50, b"\xff\xfe", b"<p class='byline'>By ", b"&#x110000;", b"<![CDATA[",
    b"<a " + b"x=1 " * 5000 + b">", b'<script type="application/ld+json">{"@type":"NewsArticle","author":[[[',
    b"<iframe><p>", b"<select><option>", b"]]>", b"<math><mi>", b"<body class='paywall' hidden>", b"\xed\xa0\x80",
)  # fmt: skip
TAGS = st.sampled_from(
    re.findall(
        r"\S+",
        "div p span a article main h1 h2 li ul table tr td figure figcaption img time meta link script title br b form "
        "section aside header blockquote iframe template svg select noscript",
    )
)
NAMES = st.sampled_from(
    re.findall(r"\S+", "class id itemprop property name content href src datetime style role rel type hidden lang")
)
VALUES = st.one_of(
    st.sampled_from(
        re.findall(
            r"\S+",
            "byline author articleBody datePublished headline og:title article:published_time application/ld+json "
            "2026-07-04T08:15:00Z caption related comments paywall canonical display:none",
        )
    ),
    st.text(max_size=20),
)
PIECES = st.one_of(
    st.builds(lambda tag, name, value: f'<{tag} {name}="{value}">', TAGS, NAMES, VALUES),
    st.builds(lambda tag: f"<{tag}>", TAGS),
    st.builds(lambda tag: f"</{tag}>", TAGS),
    st.text(max_size=60),
    st.sampled_from(("Some words, long enough to count as the text of an article. ", "By Ann Lee")),
    st.builds('<script type="application/ld+json">{{"@type":"NewsArticle",{}</script>'.format, st.text(max_size=60)),
)
PAGES = st.builds(
    lambda pieces, tail: "".join(pieces).encode("utf-8", "surrogatepass") + tail,
    st.lists(PIECES, max_size=60),
    st.binary(max_size=30),
)


@dataclass
class Findings:
    """What came of the inputs so far."""

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    def add(self, other: Findings) -> None:
        """Take in what came of other inputs."""
        self.seconds += other.seconds
        self.outcomes += other.outcomes
        self.failed += other.failed

    def read(self, body: bytes) -> None:
        """Parse one input against the clock.

        Raises:
            ValueError: it took too long, or gave another answer the second time. And whatever the parser raises.
        """
        start = process_time()
        found: Article | NoArticle = parse_page(body, URL, CAPTURED, {})
        self.seconds.append(process_time() - start)
        if self.seconds[-1] > MOST_SECONDS:
            raise ValueError(f"took {self.seconds[-1]:.2f} s")
        self.outcomes["article" if isinstance(found, Article) else found.reason] += 1
        if len(self.seconds) % EACH_TWICE == 0 and parse_page(body, URL, CAPTURED, {}) != found:
            raise ValueError("another answer the second time")


def wounded(body: bytes, chance: random.Random) -> bytes:
    """A copy of a page with some wounds."""
    page = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(page) + 1), chance.choice((1, 8, 200, 5000))
        piece = bytes(page[at : at + length])
        page[at : at + length] = chance.choice(
            (b"", piece * 3, piece[::-1], chance.randbytes(min(length, 60)), chance.choice(HOSTILE) + piece)
        )
    return bytes(page)


def mutated(count: int, seed: int) -> Findings:
    """Real pages with wounds."""
    files = sorted(CORPORA.glob("*/html/*.html.gz"))
    chance, findings = random.Random(seed), Findings()
    for number in range(count):
        file = chance.choice(files)
        body = wounded(gzip.decompress(file.read_bytes()), chance)
        try:
            findings.read(body)
        except Exception:  # noqa: BLE001 - any exception at all is the finding
            findings.failed += 1
            print(f"input {number} of seed {seed} ({file.name})\n{traceback.format_exc()}", flush=True)
    return findings


def generated(count: int) -> Findings:
    """Pages by hypothesis, the same ones in each run."""
    findings = Findings()
    checks = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

    @settings(max_examples=count, deadline=None, database=None, derandomize=True, suppress_health_check=checks)
    @given(PAGES)
    def read(page: bytes) -> None:
        findings.read(b"<html>" + page)

    try:
        read()
    except Exception:  # noqa: BLE001 - any exception at all is the finding
        findings.failed += 1
        traceback.print_exc()
    return findings


def report(made: int, seed: int, findings: Findings) -> str:
    """The figures as Markdown."""
    times = sorted(findings.seconds)
    rows = "".join(f"| {name} | {count:,} |\n" for name, count in findings.outcomes.most_common())
    middle, late = times[len(times) // 2], times[int(0.99 * len(times))]
    seeds = f"{seed} to {seed + SHARDS - 1}"
    return (
        f"# Fuzzing of the parser\n\n`make bench-fuzz`: {len(times):,} inputs, {made:,} of them real pages with wounds "
        f"(seeds {seeds}), the others put together by hypothesis; every {EACH_TWICE}th was read twice.\n"
        f"Measured on {described('selectolax', 'trafilatura', 'hypothesis')}; CPU time.\n\n"
        f"| | |\n|---|---|\n| exceptions, other answers the second time, pages over {MOST_SECONDS:.0f} s | "
        f"{findings.failed} |\n"
        f"| seconds a page: median, 99 %, slowest | {middle:.3f}, {late:.3f}, {times[-1]:.2f} |\n\n"
        f"| outcome | inputs |\n|---|---|\n{rows}"
    )


def main() -> None:
    """Run from the command line; exits with 1 where an input failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not any(CORPORA.glob("*/html/*.html.gz")):
        sys.exit(f"{CORPORA}: the development corpora are not here; nothing to mutate")
    each = options.count // (4 * SHARDS)
    made = 3 * each * SHARDS
    with ProcessPoolExecutor(SHARDS + 1) as pool:
        shards = [pool.submit(mutated, 3 * each, options.seed + number) for number in range(SHARDS)]
        shards.append(pool.submit(generated, options.count - made))
        findings = Findings()
        for shard in shards:
            findings.add(shard.result())
    text = report(made, options.seed, findings)
    print(text)
    if options.write:
        RESULT.write_text(text, encoding="utf-8")
    sys.exit(1 if findings.failed else 0)


if __name__ == "__main__":
    main()
