"""The lists of links that a line of the text announces, and the headings of boxes that are left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest

from newshouse.parse.dom.elements import LINKED, Block
from newshouse.parse.text.outside import LISTS, is_of_links

_LEAST_INTRO = 30  # characters of a sentence that announces a list; shorter are labels: "Jump to:"
# Of a text in lower case.
_INVITES = re.compile(r"\b(?:interest(?:ed|s)?|enjoy|like|articles?|posts?|stories|share|follow|links?)\b")
_MAX_ITEMS = 100


def with_lists(kept: list[Block], blocks: list[Block], keeps: Callable[[Block], bool]) -> list[Block]:
    """With the lists of links that a line of the text announces and that it goes on below; without the headings of
    boxes that are left out.

    Args:
        blocks: all of the page.
        keeps: whether a block is kept for its own sake.
    """
    result: list[Block] = []
    for block, after in zip_longest(kept, kept[1:]):
        announces = block.text[-1] in ":：" and block.size >= _LEAST_INTRO and not _INVITES.search(block.text.lower())
        if not (announces or block.is_heading) or (after and after.position == block.position + 1):
            result.append(block)
            continue
        place = block.element.parent
        goes_on = after is not None and place is not None and after.element.is_below(place)
        if goes_on or not block.is_heading or not _heads_box(block, blocks):
            result.append(block)
        if announces and goes_on:
            result += (item for item in _announced(block, blocks) if not keeps(item))
    return result


def _announced(block: Block, blocks: list[Block]) -> list[Block]:
    """The items of the list of links that stands right below a line."""
    following = blocks[block.position + 1 : block.position + 1 + _MAX_ITEMS]
    place = following[0].element.nearest(LISTS) if following else None
    if place is None or place.parent is not block.element.parent or not is_of_links(place) or place.said.is_out:
        return []
    return [b for b in following if b.element.is_below(place)]


def _heads_box(block: Block, blocks: list[Block]) -> bool:
    """Whether what stands below a heading in its box is left out."""
    below = blocks[block.position + 1 : block.position + 2]
    is_text = bool(below) and below[0].size >= _LEAST_INTRO and below[0].link_share <= LINKED
    return is_text and below[0].element.parent is block.element.parent
