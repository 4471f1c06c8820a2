"""What stands between the headline and the element that holds the text: the standfirst, key points."""

from __future__ import annotations

import re
from collections import Counter

from newshouse.parse.dom.elements import Block
from newshouse.parse.text.labels import is_label
from newshouse.parse.text.outside import Outside
from newshouse.parse.words import ends_sentence, has_fewer_words, size, spells

_CAPTIONS = frozenset(("figcaption",))
_LEAST_TOLD = 70  # letters of a description that is more than a slogan
_FEWEST_WORDS = 6  # of a sentence
_FEWEST_POINTS = 2
_BY_MACHINE = re.compile(
    r"(?:^|\W)(?:AI|KI|IA|ИИ|YZ)(?:\W|$)|AI ?요약|ChatGPT|OpenAI|(?i:künstlich|artificial|generativ|automati)"
)

_OFFERED = re.compile(
    r"\b(?:unlimited (?:access|articles|reading)|cancel (?:any|at any)|(?:all|our) (?:podcasts|newsletters)|"
    r"jederzeit kündbar|résiliable|sans engagement|cancela cuando|cancele quando|disdici quando)\b",
    re.IGNORECASE,
)


def is_told(block: Block, told: str) -> bool:
    """Whether it is what the page says of itself, a sentence of that, or the paragraph that it breaks off from.

    Args:
        told: the letters of the page's description; "" for none.
    """
    text = block.text
    if not told:
        return False
    if spells(text, told):
        return block.element.nearest(_CAPTIONS) is None
    if block.is_heading or block.link_chars or size(told) < _LEAST_TOLD:
        return False
    if len(text) > len(told):
        return text[:1].lower() == told[:1] and block.letters.startswith(told)
    return ends_sentence(text) and _has_some_words(block) and block.letters in told


def key_points(above: list[Block], outside: Outside) -> frozenset[int]:
    """The items of lists, by identity, that sum up the text above it.

    Those of a machine do not, nor what subscribers get, nor lines below pictures.
    """
    found = [block for block in above if block.tag == "li" and _has_some_words(block) and not block.element.is_pictured]
    found = [block for block in found if not outside.holds(block.element) and not is_label(block.text)]
    lists = Counter(block.element.parent for block in found)
    if not found or any(map(_OFFERED.search, (block.text for block in found))):
        return frozenset()
    if any(map(_BY_MACHINE.search, (block.text for block in above))):
        return frozenset()
    return frozenset(id(block) for block in found if lists[block.element.parent] >= _FEWEST_POINTS)


def _has_some_words(block: Block) -> bool:
    return not block.link_chars and not has_fewer_words(block.text, _FEWEST_WORDS)
