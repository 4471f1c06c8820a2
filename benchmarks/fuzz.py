"""Mutated real pages: no exception, none over two seconds.

    make bench-fuzz                      20,000 inputs
    python benchmarks/fuzz.py --count 500 --seed 7

Each input is a page of ../shared/corpora with up to eight wounds: bytes cut, doubled, swapped, replaced, or a piece of
hostile mark-up put in. The same seed gives the same inputs; an input that fails is named by its number.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import traceback
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from newshouse.parse.page import parse_page
from newshouse.records import Article

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)
MOST_SECONDS = 2.0
HOSTILE = (
    b"<div>" * 3000, b"<b><i>" * 2000, b"<!--", b"-->", b"<script>", b"</script>", b"<svg><title>", b"<table><tr><td>",
    b"<template>", b"<plaintext>", b"\x00" * 50, b"\xff\xfe", b"<p class='byline'>By ", b"&#x110000;", b"<![CDATA[",
    b"<a " + b"x=1 " * 5000 + b">", b'<script type="application/ld+json">{"@type":"NewsArticle","author":[[[',
    b"<iframe><p>", b"<select><option>", b"]]>", b"<math><mi>", b"<body class='paywall' hidden>", b"\xed\xa0\x80",
)  # fmt: skip


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


def main() -> None:
    """Run from the command line; exits with 1 where an input failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = sorted(CORPORA.glob("*/html/*.html.gz"))
    if not files:
        sys.exit(f"{CORPORA}: the development corpora are not here; nothing to mutate")
    chance = random.Random(options.seed)
    outcomes: Counter[str] = Counter()
    slowest, failed = 0.0, 0
    for number in range(options.count):
        file = chance.choice(files)
        body = wounded(gzip.decompress(file.read_bytes()), chance)
        start = process_time()
        try:
            found = parse_page(body, "https://unknown.example/a", CAPTURED, {})
            outcomes["article" if isinstance(found, Article) else found.reason] += 1
        except Exception:  # noqa: BLE001 - any exception at all is the finding
            failed += 1
            print(f"input {number} ({file.name}) raised\n{traceback.format_exc()}")
        took = process_time() - start
        slowest = max(slowest, took)
        if took > MOST_SECONDS:
            failed += 1
            print(f"input {number} ({file.name}) took {took:.2f} s")
    print(f"{options.count} inputs, seed {options.seed}: {failed} failed, slowest {slowest:.2f} s, {dict(outcomes)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
