"""How sure the selection of a text is: the F1 score that such pages reach on average.

A logistic model of six signs, each of which can only lower it. The weights were fitted to the pages of the development
corpora; with whole publishers held out, the mean confidence of a tenth of the pages and their mean F1 differ by less
than half a point (table in benchmarks/results/extraction.md).
"""

from __future__ import annotations

import math

from newshouse.parse.blocks import Block
from newshouse.parse.document import Document
from newshouse.parse.selection import Selection

_BASE = 3.83
_LITTLE = -1.03  # a short text is as likely a teaser or a caption
_SKIPPED = -2.12  # text left out between the first and the last block that was kept
_OUTSIDE = -1.02  # good text left out anywhere
_LINKED = -4.61
_NOT_P = -0.90  # text that stands in no <p>
_FAR = -0.15  # blocks between the headline and the text
_ENOUGH_CHARS = 1_500
_NEAR_BLOCKS = 3
# Further than this nothing was seen to tell more.
_MOST_OUTSIDE, _MOST_LINKED, _FARTHEST = 4.0, 0.3, 3.0


def confidence(document: Document, found: Selection) -> float:
    """0 to 1; 0 for no text."""
    kept = sum(block.size for block in found.blocks)
    if not kept:
        return 0.0
    chars = sum(len(block.text) for block in found.blocks)
    outside = max(0, found.all_good_chars - found.good_chars) / kept
    logit = (
        _BASE
        + _LITTLE * max(0.0, math.log(_ENOUGH_CHARS / kept))
        + _SKIPPED * math.sqrt(min(1.0, _skipped_chars(document.blocks, found.blocks) / chars))
        + _OUTSIDE * math.log1p(min(_MOST_OUTSIDE, outside))
        + _LINKED * min(_MOST_LINKED, sum(block.link_chars for block in found.blocks) / chars)
        + _NOT_P * (1 - sum(len(block.text) for block in found.blocks if block.tag == "p") / chars)
        + _FAR * _distance(document, found.blocks[0])
    )
    return round(1 / (1 + math.exp(-logit)), 3)


def _skipped_chars(blocks: list[Block], kept: tuple[Block, ...]) -> int:
    span = blocks[kept[0].position : kept[-1].position + 1]
    return sum(len(block.text) for block in span) - sum(len(block.text) for block in kept)


def _distance(document: Document, first: Block) -> float:
    headline = document.headline
    gap = first.position - headline.position if headline else 0
    return min(_FARTHEST, math.log1p(max(0, gap - _NEAR_BLOCKS)))
