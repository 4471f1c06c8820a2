"""Where the next article begins, on pages that show one below the other as their reader scrolls.

It stands beside the element that holds the headline and text of this page, is of the same make, and begins with a
headline of its own; or it follows in the very same element, with headline, date and byline. The entries of a live blog
and the items of a list do not: the headline above them is no part of such an element.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import islice, takewhile

from newshouse.parse.dom.elements import HEADINGS, Block, Element
from newshouse.parse.dom.furniture import Verdict
from newshouse.parse.words import letters

_HEADLINES = HEADINGS[:2]
_MIN_TEXT_CHARS, _FEW_LINKS, _LINKED = 70, 0.45, 0.65
_MIN_KNOWN_CHARS = 20
_BY = re.compile(r"(?i:by|von|par|por|door|af|av|di|da)\s+[A-ZÀ-Þ]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MAX_DATE_CHARS = 60
_MAX_BYLINE_CHARS = 120
_MOST_LINES, _FEWEST_TEXTS = 4, 2  # lines of date and byline below a headline, paragraphs below these
_NEXT = re.compile(
    r"(?:up |read )?next(?: up| article| story| post)?\W*|nächster (?:artikel|beitrag)|article suivant|"
    r"siguiente artículo|artigo seguinte|articolo successivo|volgend artikel|next in .{3,20}"
)
_MOST_UNLIKE = 2  # so many articles of another make may follow; more are the entries of a list


def own_blocks(
    blocks: list[Block], headline: Block | None, article_body: str | None, *, url: str, is_live: bool = False
) -> list[Block]:
    """The blocks before the next article; the very list where there is none.

    Args:
        headline: that of this page, one of the blocks.
        article_body: what JSON-LD gives as text; what it holds is never cut.
        url: of the page.
        is_live: the page says that it is a live blog, whose entries have a headline, a time and an author each.
    """
    if headline is None:
        return blocks
    shown = _Shown(blocks, headline)
    for block in blocks[headline.position + 1 :]:
        if block.tag in _HEADLINES and (other := _headed_by(block, headline)):
            story = shown.story(block, other)
            if story.begins_with(block) and not story.is_known(letters(article_body)):
                return blocks[: story.theirs[0].position]
    flat = () if is_live else _flat_heads(blocks, headline, url)
    if not flat or len(flat) > _MOST_UNLIKE or _is_known(blocks[flat[0] :], letters(article_body)):
        return blocks
    return blocks[: flat[0]]


def _flat_heads(blocks: list[Block], headline: Block, url: str) -> Sequence[int]:
    """Where an article begins that stands in the same element as the one before it."""
    heads = [b for b in blocks[headline.position + 1 :] if b.tag in _HEADLINES and b.element.parent is not None]
    return [at for head in heads if (at := _flat_start(blocks, headline, head, url)) is not None]


def _flat_start(blocks: list[Block], headline: Block, head: Block, url: str) -> int | None:
    """The position of a heading that is the next headline, or of the label above it; None if it is a subhead."""
    place = head.element.parent
    if place is None or not headline.element.is_below(place) or not _differs(head, headline):
        return None
    below = blocks[head.position + 1 : head.position + 1 + _MOST_LINES + _FEWEST_TEXTS]
    lines = list(takewhile(lambda block: not _is_text(block), below))
    texts = below[len(lines) : len(lines) + _FEWEST_TEXTS]
    if len(lines) > _MOST_LINES or len(texts) < _FEWEST_TEXTS or not all(map(_is_text, texts)):
        return None
    own = (b for b in blocks[headline.position + 1 : head.position] if b.element.parent is place and _is_text(b))
    if (
        any(block.element.parent is not place for block in texts)
        or len(list(islice(own, _FEWEST_TEXTS))) < _FEWEST_TEXTS
    ):
        return None
    if _NEXT.fullmatch(blocks[head.position - 1].text.lower()):
        return head.position - 1
    dated, more = any(map(_is_dated, lines)), any(map(_is_byline, lines)) or head.link_share > _LINKED
    if more and head.link_share > _LINKED and head.element.leads_within(url):
        return None  # the entry of a live blog, with its own address
    # Without a date it may be a book, its author and what is said of it.
    is_next = dated or more if head.tag == headline.tag == "h1" else dated and more
    return head.position if is_next else None


def _differs(head: Block, headline: Block) -> bool:
    return bool(head.letters) and head.letters not in headline.letters and headline.letters not in head.letters


def _is_known(blocks: list[Block], anchor: str) -> bool:
    """Whether the page's own articleBody holds any of these."""
    return bool(anchor) and any(len(b.letters) > _MIN_KNOWN_CHARS and b.letters in anchor for b in blocks)


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
        if self._text <= head.position or not _differs(head, self.headline):
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
        return _is_known(self.theirs, anchor)

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
