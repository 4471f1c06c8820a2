"""Where the next article begins, on pages that show one below the other as their reader scrolls.

It stands beside the element that holds the headline and text of this page, is of the same make, and begins with a
headline of its own. The entries of a live blog and the items of a list do not: the headline above them is no part of
such an element.
"""

from __future__ import annotations

import re

from newshouse.parse.blocks import HEADINGS, Block, Element
from newshouse.parse.furniture import Verdict
from newshouse.parse.words import letters

_HEADLINES = HEADINGS[:2]
_MIN_TEXT_CHARS, _FEW_LINKS, _LINKED = 70, 0.45, 0.65
_MIN_KNOWN_CHARS = 20
_BY = re.compile(r"(?i:by|von|par|por|door|af|av|di|da)\s+[A-ZÀ-Þ]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MAX_DATE_CHARS = 60
_MAX_BYLINE_CHARS = 120
_MOST_UNLIKE = 2  # so many articles of another make may follow; more are the entries of a list


def own_blocks(blocks: list[Block], headline: Block | None, article_body: str | None) -> list[Block]:
    """The blocks before the next article; the very list where there is none.

    Args:
        headline: that of this page, one of the blocks.
        article_body: what JSON-LD gives as text; what it holds is never cut.
    """
    if headline is None:
        return blocks
    for block in blocks[headline.position + 1 :]:
        if block.tag in _HEADLINES and (other := _headed_by(block, headline)):
            story = _Story(blocks, headline, other)
            if story.begins_with(block) and not story.is_known(letters(article_body)):
                return blocks[: story.theirs[0].position]
    return blocks


def _headed_by(block: Block, headline: Block) -> tuple[Element, Element] | None:
    """The elements side by side that hold the headline and this block, if they are of one make.

    An `<article>` may have wrappers of its own; other elements must be siblings with the same names.
    """
    theirs = block.element.chain()
    apart = next((at for at, e in enumerate(theirs) if headline.element.is_below(e)), 0)
    ours = headline.element.chain()
    ours = ours[: ours.index(theirs[apart])]
    theirs = theirs[:apart]
    mine, other = (next((e for e in reversed(some) if e.tag == "article"), None) for some in (ours, theirs))
    if mine and other:
        return mine, other
    if not ours or not theirs or ours[-1].tag != theirs[-1].tag:
        return None
    names = ours[-1].names
    return (ours[-1], theirs[-1]) if names.strip() and names == theirs[-1].names else None


class _Story:
    """Two elements side by side, and whether the later one is an article of its own."""

    def __init__(self, blocks: list[Block], headline: Block, pair: tuple[Element, Element]) -> None:
        self.headline, (self.element, self.other) = headline, pair
        self.after = [block for block in blocks[headline.position :] if not block.element.is_below(self.element)]
        self.ours = [block for block in blocks[headline.position :] if block.element.is_below(self.element)]
        self.theirs = [block for block in self.after if block.element.is_below(self.other)]

    def begins_with(self, head: Block) -> bool:
        """Whether the other element is headed by this block as an article is: by an h1, a byline or a link to it."""
        at = self.theirs.index(head)
        text = next((place for place, block in enumerate(self.theirs) if _is_text(block)), 0)
        if text <= at or self._repeats_headline(head):
            return False
        is_article = self.other.tag == "article"
        as_high = head.tag == self.headline.tag == "h1"
        above = self.theirs[at + 1 : text]
        credited = any(map(_is_byline, above))
        linked = head.link_share > _LINKED
        # Chapters have an h1 each as well.
        opened = as_high and (is_article or linked or any(map(_is_dated, (*self.theirs[:at], *above))))
        if not (opened or credited or (is_article and linked)):
            return False
        own_paragraphs = sum(map(_is_text, self.ours))
        return own_paragraphs >= (1 if is_article and as_high else 2) and not self._is_listed()

    def is_known(self, anchor: str) -> bool:
        """Whether the page's own articleBody holds any of it."""
        spelled = (block.letters for block in self.theirs)
        return bool(anchor) and any(len(one) > _MIN_KNOWN_CHARS and one in anchor for one in spelled)

    def _repeats_headline(self, head: Block) -> bool:
        return not head.letters or head.letters in self.headline.letters or self.headline.letters in head.letters

    def _is_listed(self) -> bool:
        """Whether it is one of many that are alike, and unlike the element with the headline."""
        names = self.other.names
        if not names.strip() or not set(names.split()).isdisjoint(self.element.names.split()):
            return False
        chains = (element for block in self.after for element in block.element.chain())
        alike = {e for e in chains if e.parent is self.other.parent and e.tag == self.other.tag and e.names == names}
        return len(alike) > _MOST_UNLIKE


def _is_text(block: Block) -> bool:
    return block.size >= _MIN_TEXT_CHARS and block.link_share <= _FEW_LINKS and block.tag not in HEADINGS


def _is_byline(block: Block) -> bool:
    if len(block.text) > _MAX_BYLINE_CHARS:
        return False
    return _BY.match(block.text) is not None or any(
        element.verdict is Verdict.BYLINE for element in block.element.chain()[:2]
    )


def _is_dated(block: Block) -> bool:
    return len(block.text) <= _MAX_DATE_CHARS and _YEAR.search(block.text) is not None
