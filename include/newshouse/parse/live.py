"""The entries of a live blog: elements of one kind side by side, each with text and, in most, the time above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newshouse.parse.blocks import Block, Element
from newshouse.parse.selection import Selection

_TAGS = frozenset(("article", "section", "li", "div"))
_LISTED = "li"  # a programme or a timetable has times too
_FEWEST = 3
_SHARE = 0.8
_MAX_CLOCK_CHARS = 40
_DIGIT = re.compile(r"\d")
_LEAST_TEXT_CHARS = 70
# "11:20", "Aug. 4, 11.20 Uhr", "4 Aug 2026 - 11h20"
_HOUR, _MINUTE = r"(?:[01]?\d|2[0-3])", r"[0-5]\d(?!\d)"
# A full stop parts prices as well.
_CLOCK = re.compile(
    rf"(?:.{{0,25}}\D)?{_HOUR}(?:[:h]{_MINUTE}|\.{_MINUTE}(?=\s*(?:uhr|[ap]\.?m))).{{0,15}}|"
    rf".{{0,25}}\bklo?\.? ?{_HOUR}\.{_MINUTE}.{{0,15}}",
    re.IGNORECASE,
)


def live_entries(found: Selection) -> frozenset[Element]:
    """Those of a page that says that it is a live blog: three or more with text, whatever stands above it."""
    return frozenset(element for group in _groups(found) for element in group)


def stamped_entries(blocks: list[Block], found: Selection) -> frozenset[Element]:
    """Those of any other page: nearly all of them begin with a time of day.

    Args:
        blocks: all of the page; the times themselves are no text.
    """
    if not found.blocks:
        return frozenset()
    start = max(0, found.blocks[0].position - _FEWEST)
    span = blocks[start : found.blocks[-1].position + 1]
    dated = [block for block in span if len(block.text) <= _MAX_CLOCK_CHARS and _DIGIT.search(block.text)]
    if len(dated) < _FEWEST or sum(map(_is_clock, dated)) < _FEWEST:
        return frozenset()
    opening: dict[Element, Block] = {}
    for block in span:
        for element in block.element.chain():
            opening.setdefault(element, block)
    return frozenset(
        element
        for group in _groups(found)
        if next(iter(group)).tag != _LISTED
        and sum(_is_clock(opening[element]) for element in group) >= _SHARE * len(group)
        and _hold_most(group, found)
        for element in group
    )


def _hold_most(group: set[Element], found: Selection) -> bool:
    """Whether most of the text stands in these elements, and a sentence in most of them."""
    inside = [block for block in found.blocks if not group.isdisjoint(block.element.chain())]
    longer = {e for block in inside if len(block.text) >= _LEAST_TEXT_CHARS for e in block.element.chain()}
    chars = sum(len(block.text) for block in inside)
    return 2 * chars > sum(len(block.text) for block in found.blocks) and 2 * len(group & longer) > len(group)


def _groups(found: Selection) -> Iterator[set[Element]]:
    beside: dict[tuple[Element | None, str], set[Element]] = {}
    for block in found.blocks:
        for element in block.element.chain():
            if element is found.container:
                break
            if element.tag in _TAGS:
                beside.setdefault((element.parent, element.tag), set()).add(element)
    return (group for group in beside.values() if len(group) >= _FEWEST)


def _is_clock(block: Block) -> bool:
    return len(block.text) <= _MAX_CLOCK_CHARS and _CLOCK.fullmatch(block.text) is not None
