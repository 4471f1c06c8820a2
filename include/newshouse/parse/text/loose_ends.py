"""What the text ends with behind its last sentence: a list, a table, short paragraphs of its make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from newshouse.parse.dom.elements import LINKED, Block, Element
from newshouse.parse.text.asides import is_plea, may_close
from newshouse.parse.text.outside import LISTS
from newshouse.parse.words import SENTENCE_ENDS, ends_sentence, is_unspaced

# A list that is headed so is none of the text; a table may be: "Share of the vote by party".
_HEADS_OTHERS = re.compile(
    r"(?:press |media |further )?contacts?\b|(?:presse|medien)?kontakt|contatt[oi]\b|contacto|about (?:us|the author)|"
    r"share\b|tags?\b|topics?\b|related|follow|more\b|newsletter|links?\b|categor",
    re.IGNORECASE,
)
ENDS = (*SENTENCE_ENDS, ":")
"""What a text ends with: a line that announces something may come last, or the list that it announces below it."""
_MAX_COLON_CHARS = 30


def is_whole(text: str) -> bool:
    """Whether it ends as a text may, or is of a script that has no signs for it."""
    return ends_sentence(text, ENDS) or is_unspaced(text)


def without_loose_ends(
    kept: list[Block], known: Callable[[Block], bool], solid: Callable[[Block], bool]
) -> list[Block]:
    """Without headings that head nothing, and without what follows the last sentence.

    Args:
        known: whether the articleBody holds a block.
        solid: whether it is good text, or known.
    """
    kept, loose = kept[:], []
    while kept and not known(kept[-1]) and is_plea(kept[-1].text):
        kept.pop()
    while kept and not solid(kept[-1]) and (kept[-1].is_heading or not is_whole(kept[-1].text)):
        loose.append(kept.pop())
    if kept and not loose and _heads_nothing(kept[-1].text):
        kept.pop()
    kept += carried_on(kept[-1], reversed(loose)) if kept else ()
    result: list[Block] = []
    for block in reversed(kept):
        if block.is_heading and (not result or (result[-1].is_heading and result[-1].tag < block.tag)):
            continue
        result.append(block)
    result.reverse()
    return result


def _heads_nothing(text: str) -> bool:
    """Whether the last line of a text is the label of something that is left out: "Sources:"."""
    return text[-1] in ":：" and len(text) <= _MAX_COLON_CHARS


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
    if block.link_chars:
        return False
    is_paragraph = block.tag == "p" == last.tag and block.element.parent is last.element.parent
    return is_paragraph or (block.broken and block.element is last.element)


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
