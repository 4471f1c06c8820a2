"""What the text ends with behind its last sentence: a list, a table, short paragraphs of its make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from newshouse.parse.dom.elements import LINKED, Block, Element
from newshouse.parse.text.asides import may_close
from newshouse.parse.text.outside import LISTS

# A list that is headed so is none of the text; a table may be: "Share of the vote by party".
_HEADS_OTHERS = re.compile(
    r"(?:press |media |further )?contacts?\b|(?:presse|medien)?kontakt|contatt[oi]\b|contacto|about (?:us|the author)|"
    r"share\b|tags?\b|topics?\b|related|follow|more\b|newsletter|links?\b|categor",
    re.IGNORECASE,
)


def carried_on(last: Block, loose: Iterable[Block]) -> Iterator[Block]:
    """The list or table, with the heading above it, or the short paragraphs that the text ends with."""
    ends_it: Callable[[Block, Block], bool] = _is_closing
    left = [*loose]
    rows = [at for at, block in enumerate(left) if block.tag == "tr" and _goes_on(last, block)]
    for at, block in enumerate(left):
        if block.is_heading:
            ends_it = _is_none if _HEADS_OTHERS.match(block.text) else _is_listed_beside
        elif rows and at < rows[-1] and _is_beside(last, block):
            last = block  # the line-ups above the table of a match
        elif _goes_on(last, block) or ends_it(last, block):
            last = block
        else:
            return
        yield block


def _is_none(_last: Block, _block: Block) -> bool:
    return False


def _is_closing(last: Block, block: Block) -> bool:
    """Whether it is one more paragraph, right below the last: not behind a label or credit that is left out."""
    return block.position == last.position + 1 and _is_beside(last, block) and may_close(block.text)


def _is_beside(last: Block, block: Block) -> bool:
    return block.tag == "p" == last.tag and block.element.parent is last.element.parent and not block.link_chars


def _is_listed_beside(last: Block, block: Block) -> bool:
    """Whether it is the item of a list that stands below a heading, beside the paragraphs of the text."""
    place = block.element.nearest(LISTS) if block.tag == "li" and not block.link_chars else None
    return place is not None and (last.element.is_below(place) or place.parent is last.element.parent)


def _goes_on(last: Block, block: Block) -> bool:
    is_row = block.tag == "tr" and " | " in block.text
    place = block.element.nearest(LISTS) if is_row or (block.tag == "li" and block.link_share <= LINKED) else None
    if place is None or last.element.is_below(place):
        return place is not None
    return _outside_figure(place) is last.element.parent and (is_row or last.text[-1] in ":：")


def _outside_figure(element: Element) -> Element | None:
    above = element.parent
    return above.parent if above is not None and above.tag == "figure" else above
