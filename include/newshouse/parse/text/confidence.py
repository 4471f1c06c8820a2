"""How sure the selection of a text is: the F1 score that such pages reach on average.

A logistic model of six signs, each of which can only lower it. `benchmarks/calibration.py` fits the weights and shows
how well they hold for publishers that they were not fitted to.
"""

from __future__ import annotations

import math

from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import Block
from newshouse.parse.text.selection import Selection

BASE = 3.80
WEIGHTS = {
    "little": -1.05,  # a short text is as likely a teaser or a caption
    "skipped": -2.07,  # text left out between the first and the last block that was kept
    "outside": -0.59,  # good text left out anywhere
    "linked": -2.91,
    "no_p": -0.71,  # text that stands in no <p>
    "far": -0.15,  # blocks between the headline and the text
}
_ENOUGH_CHARS = 1_500
_NEAR_BLOCKS = 3
# Further than this nothing was seen to tell more.
_MOST_OUTSIDE, _MOST_LINKED, _FARTHEST = 4.0, 0.3, 3.0


def confidence(document: Document, found: Selection) -> float:
    """0 to 1; 0 for no text."""
    told = signs(document, found)
    if not told:
        return 0.0
    return round(1 / (1 + math.exp(-BASE - sum(WEIGHTS[name] * value for name, value in told.items()))), 3)


def signs(document: Document, found: Selection) -> dict[str, float]:
    """What speaks against the selection, by the names of `WEIGHTS`; each 0 where nothing does. Empty for no text."""
    if not found.blocks:
        return {}
    kept = chars = linked = in_p = 0
    for block in found.blocks:  # one pass, as texts are long
        length = len(block.text)
        kept += block.size
        chars += length
        linked += block.link_chars
        in_p += length if block.tag == "p" else 0
    outside = max(0, found.all_good_chars - found.good_chars) / kept
    return {
        "little": max(0.0, math.log(_ENOUGH_CHARS / kept)),
        "skipped": math.sqrt(min(1.0, _skipped_chars(document.blocks, found.blocks, chars) / chars)),
        "outside": math.log1p(min(_MOST_OUTSIDE, outside)),
        "linked": min(_MOST_LINKED, linked / chars),
        "no_p": 1 - in_p / chars,
        "far": _distance(document, found.blocks[0]),
    }


def _skipped_chars(blocks: list[Block], kept: tuple[Block, ...], chars: int) -> int:
    """Characters between the first and the last block that was kept, but for theirs, which are `chars`."""
    span = blocks[kept[0].position : kept[-1].position + 1]
    return sum(len(block.text) for block in span) - chars


def _distance(document: Document, first: Block) -> float:
    headline = document.headline
    gap = first.position - headline.position if headline else 0
    return min(_FARTHEST, math.log1p(max(0, gap - _NEAR_BLOCKS)))
