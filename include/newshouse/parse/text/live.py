"""The entries of a live blog: elements of one kind side by side, each with text and, in most, the time above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newshouse.parse.dom.elements import Block, Element
from newshouse.parse.text.selection import Selection

_TAGS = frozenset(("article", "section", "li", "div"))
_LISTED = "li"  # a programme or a timetable has times too
_FEWEST = 3
_SHARE = 0.8
_MAX_CLOCK_CHARS = 40
_LEAST_TEXT_CHARS = 70
# "11:20", "Aug. 4, 11.20 Uhr", "4 Aug 2026 - 11h20"
_HOUR, _MINUTE = r"(?:[01]?\d|2[0-3])", r"[0-5]\d(?!\d)"
_PARTED = re.compile(r"\d[:hH.]\d")  # part of each, which most lines with a digit have not
# A full stop parts prices as well.
_CLOCK = re.compile(
    rf"(?:.{{0,25}}\D)?{_HOUR}(?:[:h]{_MINUTE}|\.{_MINUTE}(?=\s*(?:uhr|[ap]\.?m))).{{0,15}}|"
    rf".{{0,25}}\bklo?\.? ?{_HOUR}\.{_MINUTE}.{{0,15}}",
    re.IGNORECASE,
)


def live_entries(found: Selection) -> frozenset[Element]:
    """Those of a page that says that it is a live blog: three or more with text, whatever stands above it."""
    return frozenset(element for group in _groups(found) for element in group.elements)


def stamped_entries(blocks: list[Block], found: Selection) -> frozenset[Element]:
    """Those of any other page: nearly all of them begin with a time of day.

    Args:
        blocks: all of the page; the times themselves are no text.
    """
    if not found.blocks:
        return frozenset()
    start = max(0, found.blocks[0].position - _FEWEST)
    span = blocks[start : found.blocks[-1].position + 1]
    dated = [block for block in span if len(block.text) <= _MAX_CLOCK_CHARS and _PARTED.search(block.text)]
    if len(dated) < _FEWEST or sum(map(_is_clock, dated)) < _FEWEST:
        return frozenset()
    opening: dict[Element, Block] = {}
    for block in span:
        for element in block.element.chain():
            opening.setdefault(element, block)
    chars = sum(len(block.text) for block in found.blocks)
    return frozenset(
        element
        for group in _groups(found)
        if group.tag != _LISTED
        and sum(_is_clock(opening[element]) for element in group.elements) >= _SHARE * len(group.elements)
        and group.holds_most(chars)
        for element in group.elements
    )


class _Group:
    """Elements with the same tag side by side: their characters, and which of them hold a sentence."""

    def __init__(self, tag: str) -> None:
        self.tag, self.chars = tag, 0
        self.elements: set[Element] = set()
        self.longer: set[Element] = set()

    def holds_most(self, chars: int) -> bool:
        """Whether most of a text of so many characters stands in these elements, and a sentence in most of them."""
        return 2 * self.chars > chars and 2 * len(self.longer) > len(self.elements)


def _groups(found: Selection) -> Iterator[_Group]:
    beside: dict[tuple[Element | None, str], _Group] = {}
    for block in found.blocks:
        for element in block.element.chain():
            if element is found.container:
                break
            if element.tag in _TAGS:
                key = (element.parent, element.tag)
                group = beside.get(key) or beside.setdefault(key, _Group(element.tag))
                group.elements.add(element)
                group.chars += len(block.text)
                if block.size >= _LEAST_TEXT_CHARS:
                    group.longer.add(element)
    return (group for group in beside.values() if len(group.elements) >= _FEWEST)


def _is_clock(block: Block) -> bool:
    return len(block.text) <= _MAX_CLOCK_CHARS and _CLOCK.fullmatch(block.text) is not None
