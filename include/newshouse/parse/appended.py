"""Where the next article begins, on pages that show one below the other as their reader scrolls.

It stands beside the element that holds the headline and text of this page, is of the same make, and begins with a
headline of its own. The entries of a live blog and the items of a list do not: the headline above them is no part of
such an element.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from itertools import takewhile

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
    shown = _Shown(blocks, headline)
    for block in blocks[headline.position + 1 :]:
        if block.tag in _HEADLINES and (other := _headed_by(block, headline)):
            story = shown.story(block, other)
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


class _Shown:
    """What a page shows from its headline on; counted once, as each of many headings may begin the next article."""

    def __init__(self, blocks: list[Block], headline: Block) -> None:
        self.blocks, self.headline = blocks, headline
        self._stories: dict[tuple[Element, Element], _Story] = {}
        self._paragraphs: dict[Element, int] = {}

    def story(self, head: Block, pair: tuple[Element, Element]) -> _Story:
        """The two elements side by side, `head` in the later one."""
        if pair not in self._stories:
            self._stories[pair] = _Story(self, pair, self._below(pair[1], head))
        return self._stories[pair]

    def own_paragraphs(self, element: Element) -> int:
        """The paragraphs of the element with the headline."""
        if element not in self._paragraphs:
            self._paragraphs[element] = sum(map(_is_text, self._below(element, self.headline)))
        return self._paragraphs[element]

    def alike(self, element: Element) -> int:
        """How many elements side by side have its tag and names; it is one of them."""
        return self._makes[element.parent, element.tag, element.names]

    def _below(self, element: Element, inside: Block) -> list[Block]:
        """The blocks below an element, which follow each other, found from one of them."""
        first, end = inside.position, inside.position + 1
        while first > self.headline.position and self.blocks[first - 1].element.is_below(element):
            first -= 1
        while end < len(self.blocks) and self.blocks[end].element.is_below(element):
            end += 1
        return self.blocks[first:end]

    @cached_property
    def _makes(self) -> Counter[tuple[Element | None, str, str]]:
        shown: set[Element] = set()
        for block in self.blocks[self.headline.position :]:
            at: Element | None = block.element
            while at is not None and at not in shown:
                shown.add(at)
                at = at.parent
        return Counter((element.parent, element.tag, element.names) for element in shown)


class _Story:
    """Two elements side by side, and whether the later one is an article of its own."""

    def __init__(self, shown: _Shown, pair: tuple[Element, Element], theirs: list[Block]) -> None:
        self.shown, self.headline, self.theirs = shown, shown.headline, theirs
        self.element, self.other = pair
        above = list(takewhile(lambda block: not _is_text(block), theirs))
        self._text = theirs[len(above)].position if len(above) < len(theirs) else 0
        self._last_byline = max((block.position for block in above if _is_byline(block)), default=0)
        self._dated = {block.position for block in above if _is_dated(block)}

    def begins_with(self, head: Block) -> bool:
        """Whether the other element is headed by this block as an article is: by an h1, a byline or a link to it."""
        if self._text <= head.position or self._repeats_headline(head):
            return False
        is_article = self.other.tag == "article"
        as_high = head.tag == self.headline.tag == "h1"
        linked = head.link_share > _LINKED
        # Chapters have an h1 each as well.
        opened = as_high and (is_article or linked or not self._dated <= {head.position})
        if not (opened or head.position < self._last_byline or (is_article and linked)):
            return False
        return self.shown.own_paragraphs(self.element) >= (1 if is_article and as_high else 2) and not self._is_listed()

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
        return self.shown.alike(self.other) > _MOST_UNLIKE


def _is_text(block: Block) -> bool:
    return block.size >= _MIN_TEXT_CHARS and block.link_share <= _FEW_LINKS and not block.is_heading


def _is_byline(block: Block) -> bool:
    if len(block.text) > _MAX_BYLINE_CHARS:
        return False
    return _BY.match(block.text) is not None or any(
        element.verdict is Verdict.BYLINE for element in block.element.chain()[:2]
    )


def _is_dated(block: Block) -> bool:
    return len(block.text) <= _MAX_DATE_CHARS and _YEAR.search(block.text) is not None
