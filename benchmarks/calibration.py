"""Fits the weights of `newshouse.parse.text.confidence` to the development corpora, and shows how they hold for
publishers that they were not fitted to.

    python benchmarks/calibration.py            all pages; about a minute

A page's F1 is that of our own selection, before any second opinion: shingles where the whole text is known, chunks
otherwise. The weights are fitted to four fifths of the publishers and judged on the last fifth, five times over.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from extraction import CORPORA, FOLDS, SCORE, expected_error, pages, publisher_of, truth_of
from newshouse.parse.dom.document import Document
from newshouse.parse.facts import headline
from newshouse.parse.text.confidence import BASE, WEIGHTS, signs
from newshouse.parse.text.selection import select
from newshouse.parse.words import plain

# News matters most; a few chunks say less about a page than its whole text.
PAGE_WEIGHTS = {"fundus_dev": 2.0, "wcxb_dev": 1.0, "trafilatura_eval": 0.5}
NAMES = list(WEIGHTS)


def page_f1(row: dict[str, Any], text: str) -> float:
    """0 to 1: how right a text is."""
    if truth := truth_of(row):
        return float(SCORE.prf(SCORE.shingles(truth), SCORE.shingles(text))[2])
    flat = SCORE.flat(text)
    hits = sum(SCORE.flat(chunk) in flat for chunk in row["with"])
    leaks = sum(SCORE.flat(chunk) in flat for chunk in row.get("without") or [])
    return 2 * hits / max(1, hits + leaks + len(row["with"]))


def samples() -> list[tuple[str, int, dict[str, float], float]]:
    """(corpus, fold of its publisher, signs, F1) of each page that has a text."""
    found = []
    for corpus in CORPORA:
        for row, body in pages(corpus, 1):
            url = row.get("url") or ""
            document = Document.read(body, url if url.startswith("http") else "https://unknown.example/", {})
            title = headline.title(document)
            deck = headline.subtitle(document, title and title[0], "", shown=False)
            stated = plain((document.article_node or {}).get("articleBody"))
            selection = select(document.blocks, title and title[0], stated, deck and deck[0], document.url)
            if told := signs(document, selection):
                text = "\n".join(block.text for block in selection.blocks)
                fold = zlib.crc32(publisher_of(row).encode()) % FOLDS
                found.append((corpus, fold, told, page_f1(row, text)))
    return found


def fitted(told: Any, right: Any, weight: Any) -> Any:
    """Coefficients, the base first, by Newton's method on the weighted log-likelihood with a slight pull to zero."""
    pull = np.diag(told.var(axis=0))  # the same for every sign, whatever its unit
    found = np.zeros(told.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-told @ found))
        slope = told.T @ (weight * (right - guess)) - pull @ found
        found = found + np.linalg.solve((told.T * (weight * guess * (1 - guess))) @ told + pull, slope)
    return found


def main() -> None:
    """Run from the command line."""
    found = samples()
    told = np.array([[1.0, *(signs[name] for name in NAMES)] for _, _, signs, _ in found])
    right = np.array([f1 for *_, f1 in found])
    weight = np.array([PAGE_WEIGHTS[corpus] for corpus, *_ in found])
    fold = np.array([fold for _, fold, *_ in found])
    held_out = np.zeros(len(found))
    for one in range(FOLDS):
        held_out[fold == one] = told[fold == one] @ fitted(told[fold != one], right[fold != one], weight[fold != one])
    held_out = 1 / (1 + np.exp(-held_out))
    print("| weight | fitted now | in the code |\n|---|---|---|")
    for name, value in zip(["base", *NAMES], fitted(told, right, weight), strict=True):
        print(f"| {name} | {value:.2f} | {WEIGHTS.get(name, BASE):.2f} |")
    print("\nExpected calibration error with whole publishers held out, by tenths of the pages:")
    for corpus in (*CORPORA, None):
        mine = [index for index, sample in enumerate(found) if corpus in (None, sample[0])]
        pairs = [(float(held_out[index]), float(right[index])) for index in mine]
        print(f"- {corpus or 'all'}: {expected_error(pairs):.4f} ({len(pairs)} pages)")


if __name__ == "__main__":
    main()
