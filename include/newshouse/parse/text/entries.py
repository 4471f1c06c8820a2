"""The things of a list, each with its own heading: "12 hotels by the sea", "The books of the year"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import takewhile

from newshouse.parse.dom.elements import Block

_FEWEST = 3
_ABOVE_TEXT = 4  # blocks from the heading to its text: a picture's caption, an address, a price


def entry_heads(blocks: list[Block], is_good: Callable[[Block], bool], url: str) -> frozenset[int]:
    """The linked headings, by identity, that name such things: text follows each, and all lead to other sites.

    Those that lead elsewhere on the same site are headlines of other articles, and one or two alone advertisements.
    """

    def stands_above_text(block: Block) -> bool:
        below = blocks[block.position + 1 : block.position + 1 + _ABOVE_TEXT]
        return any(map(is_good, takewhile(lambda other: not other.is_heading, below)))

    heads = [block for block in blocks if block.is_linked_heading and stands_above_text(block)]
    found = [block for block in heads if block.element.leads_off(url)] if len(heads) >= _FEWEST else []
    tags = Counter(block.tag for block in found)
    return frozenset(id(block) for block in found if tags[block.tag] >= _FEWEST)
