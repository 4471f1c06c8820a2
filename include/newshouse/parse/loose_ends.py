"""What the text ends with behind its last sentence: a list, a table, short paragraphs of its make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newshouse.parse.asides import may_close
from newshouse.parse.elements import LINKED, Block, Element
from newshouse.parse.outside import LISTS


def carried_on(last: Block, loose: Iterable[Block]) -> Iterator[Block]:
    """The list or table, with the heading above it, or the short paragraphs that the text ends with."""
    headed = False
    for block in loose:
        if block.is_heading:
            headed = True
        elif _goes_on(last, block) or (not headed and _is_closing(last, block)):
            last = block
        else:
            return
        yield block


def _is_closing(last: Block, block: Block) -> bool:
    beside = block.tag == "p" == last.tag and block.element.parent is last.element.parent
    return beside and not block.link_chars and may_close(block.text)


def _goes_on(last: Block, block: Block) -> bool:
    is_row = block.tag == "tr" and " | " in block.text
    place = block.element.nearest(LISTS) if is_row or (block.tag == "li" and block.link_share <= LINKED) else None
    if place is None or last.element.is_below(place):
        return place is not None
    return _outside_figure(place) is last.element.parent and (is_row or last.text[-1] in ":：")


def _outside_figure(element: Element) -> Element | None:
    above = element.parent
    return above.parent if above is not None and above.tag == "figure" else above
