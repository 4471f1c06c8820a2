"""Which blocks of a page are the article.

1. Good blocks: long, with sentences, few links, not below an element that its names call junk.
2. The smallest element that holds most of the good text is the container.
3. Inside the container each block is kept or left out by what it is and where it stands.
The JSON-LD articleBody, where there is one, is an anchor: blocks that it contains are good whatever their names say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from newshouse.parse.dom.elements import FRAMES, HEADINGS, LINKED, Block, Element
from newshouse.parse.text.announced import with_lists
from newshouse.parse.text.comments import comments_at
from newshouse.parse.text.containers import container_of, summed
from newshouse.parse.text.entries import entry_heads
from newshouse.parse.text.labels import is_byline, is_junk, is_label, is_stamp, leads_elsewhere
from newshouse.parse.text.loose_ends import ENDS, is_whole, without_loose_ends
from newshouse.parse.text.networks import NETWORKS, is_share_list
from newshouse.parse.text.openings import is_told, key_points
from newshouse.parse.text.outside import LISTS, Outside, is_of_links
from newshouse.parse.words import CLOSING, SENTENCE_ENDS, UNSPACED, ends_sentence, letters, spells

_SENTENCE = re.compile(
    rf"[{''.join(SENTENCE_ENDS)}][{re.escape(CLOSING)}]*(?:\s|$)|[,;、，،፣፤]\s?\S|{UNSPACED.pattern}",
)
_LETTER = re.compile(r"[^\W_]")
_MIN_GOOD_CHARS = 70
_DATA = ('{"', "[{")  # JSON for a script
_FEW_LINKS = 0.45
_PARAGRAPHS = frozenset(("p", "blockquote"))
_FEWEST_BESIDE = 2
_LABEL_CHARS = 200
_MAX_BLURB_CHARS = 400
_MAX_SIGN_CHARS = 20
_SIGNS_UP = (
    "sign up", "subscribe", "newsletter", "get our", "get the", "join our", "join the", "abonn", "suscr", "inscri",
    "iscriv", "prenum", "melde",
)  # fmt: skip
_SIGNS_UP_CHARS = max(map(len, _SIGNS_UP))
_MINUTES = re.compile(r"\d{1,3}[ -]?min(?:s|\.|uten?|utes|utos|uti|uter|utter)?", re.IGNORECASE)
_TEXT_TAGS = frozenset(("p", "blockquote", "li", "dd", "dt", "pre", "tr", "td", "th", "caption"))
_MIN_ANCHOR = 150
_KNOWN_CHARS = 20
_MOST_BLURBS = 0.25


@dataclass(frozen=True, slots=True)
class Selection:
    """The blocks of the article in order, and signs of how sure that is.

    Attributes:
        container: the element that holds them; None when nothing was found.
        good_chars: characters of the good blocks inside it.
        all_good_chars: the same for the whole page, comments and notices apart.
        anchored: share of the articleBody's letters that the blocks cover; None without one.
    """

    blocks: tuple[Block, ...]
    container: Element | None
    good_chars: int
    all_good_chars: int
    anchored: float | None


def select(
    blocks: list[Block], title: str | None, article_body: str | None, standfirst: str | None = None, url: str = ""
) -> Selection:
    """Choose the blocks of the article. `url`: of the page, which tells links to other sites; without it none is."""
    anchor = letters(article_body)
    page = _Page(blocks, anchor if len(anchor) >= _MIN_ANCHOR else "", letters(title), letters(standfirst), url)
    weights = page.weigh() or page.weigh(trusting_names=False)
    if not weights:
        return Selection((), None, 0, 0, None)
    container = page.with_short_lines(container_of(weights))
    page.outside.trust_frames_of(container, page.head)
    mine = page.below(container)
    kept = page.opening(container, mine) + page.inside(mine)
    kept = without_loose_ends(kept, page.known, page.solid)
    good_chars = sum(len(b.text) for b in kept if page.is_good(b))
    all_chars = sum(len(b.text) for b in page.good if not b.element.is_never_text)
    covered = sum(len(b.letters) for b in kept if b.letters in anchor) / len(anchor) if page.anchor else None
    return Selection(tuple(kept), container, good_chars, all_chars, covered)


class _Page:
    """All blocks of a page, and which of them are good text."""

    def __init__(self, blocks: list[Block], anchor: str, head: str, standfirst: str, url: str) -> None:
        self.blocks, self.anchor, self.head, self.standfirst, self.url = blocks, anchor, head, standfirst, url
        self.good = [block for block in blocks if _is_good(block)]
        self._good_ids = {id(block) for block in self.good}
        self.outside = Outside(blocks, self.good, self.known)

    def is_good(self, block: Block) -> bool:
        """Long text with sentences and few links."""
        return id(block) in self._good_ids

    def known(self, block: Block) -> bool:
        """Whether the articleBody holds this block."""
        return bool(self.anchor) and len(block.letters) > _KNOWN_CHARS and block.letters in self.anchor

    def solid(self, block: Block) -> bool:
        """Good or known."""
        return self.is_good(block) or self.known(block)

    def weigh(self, trusting_names: bool = True) -> dict[Element, int]:
        """Weight of each element: the good text below it."""
        return summed(
            (block.element, block.size * (5 if block.tag in _PARAGRAPHS else 4) * (4 if self.known(block) else 1))
            for block in self.good
            if not trusting_names or not self.outside.holds(block.element) or self.known(block)
        )

    def with_short_lines(self, container: Element) -> Element:
        """What holds the short lines of the same make too, where the container is a paragraph of them."""
        place = container.parent
        if place is None or container.tag in _TEXT_TAGS:
            return container
        own = [block for block in self.below(container) if block.element is container]
        if not own or own[0].is_heading:
            return container
        beside = (b for b in self.below(place) if b.element is not container and _make(b) == _make(own[0]))
        return place if any(is_whole(b.text) and not b.link_chars for b in beside) else container

    def below(self, container: Element) -> list[Block]:
        """The blocks of the container."""
        first, last = container.order, container.last  # as `is_below`, which a call for each block makes dear
        return [b for b in self.blocks if first <= b.element.order <= last]

    def opening(self, container: Element, mine: list[Block]) -> list[Block]:
        """Standfirst and first paragraphs that stand between the headline and the container. `mine`: see `below`."""
        first = mine[0].position if mine else 0
        alike = [b for b in self.blocks[:first] if b.is_heading and b.letters and b.letters == self.head]
        alike = [b for b in alike if not self.outside.holds(b.element)] or alike  # players repeat it
        heads = [b.position for b in alike or self.blocks[:first] if alike or b.tag == "h1"]
        if heads:
            above = self.blocks[heads[-1] + 1 : first]
            points = key_points(above, self.outside)
            return [b for b in above if id(b) in points or self._opens(b)]
        frame = container.nearest(FRAMES)
        before = (b for b in self.blocks[:first] if frame and b.element.is_below(frame))
        return [b for b in before if self.solid(b) and not self.outside.holds(b.element)]

    def _opens(self, block: Block) -> bool:
        if is_told(block, self.standfirst):
            return True
        if (
            (block.tag in HEADINGS[2:] and not block.element.said.is_deck)
            or block.link_share > 0.3
            or spells(block.text, self.head)
        ):
            return False
        if is_junk(block.text):
            return False
        if self.outside.holds(block.element):
            return False
        deck = any(element.said.is_deck for element in block.element.chain(3))
        return (
            (deck and block.size > 25 and not is_byline(block.text))
            or self.solid(block)
            or (block.tag == "h2" and block.size >= _MIN_GOOD_CHARS)
        )

    def inside(self, mine: list[Block]) -> list[Block]:
        """Those of the container's blocks that are text."""
        start = next((i + 1 for i, b in enumerate(mine) if b.tag == "h1" and b.letters and b.letters in self.head), 0)
        if start and self._solid_chars(mine[:start]) > self._solid_chars(mine[start:]):
            start = 0  # the headline again, in what follows the text
        kept = [b for b in mine[start : comments_at(mine, self.is_good, self.known)] if self._keeps(b)]
        return with_lists(kept, self.blocks, self._keeps)

    def _solid_chars(self, blocks: list[Block]) -> int:
        return sum(len(block.text) for block in blocks if self.solid(block))

    def _repeats_head(self, block: Block) -> bool:
        # Letters are counted only where the lengths allow it: most blocks are far longer than any headline, or a label.
        return len(self.head) <= len(block.text) <= 3 * len(self.head) + 30 and spells(block.text, self.head)

    def _keeps(self, block: Block) -> bool:
        if (not block.text[0].isalnum() and not _LETTER.search(block.text)) or (
            len(block.text) <= _MAX_SIGN_CHARS and self._is_sign(block)
        ):
            return False
        if self.anchor and self.known(block) and not _is_label_of_others(block):
            return True
        if self.outside.holds(block.element) or self._repeats_head(block):
            return block.position <= self._first and is_told(block, self.standfirst)
        # Below the first paragraph two words are no byline: "By Sea".
        is_subhead = block.is_heading and block.text.count(" ") == 1 and block.position > self.good[0].position
        is_beside = id(block) in self._blurbs or block.element.parent in self._invitations
        if is_beside or (is_junk if is_subhead else is_label)(block.text):
            return False
        if block.is_heading:
            is_plain = block.link_share < LINKED and block.tag != "h1"
            return (is_plain or self._heads_text(block)) and not self._heads_links(block)
        is_text = self.is_good(block) or block.tag in _TEXT_TAGS or block.broken
        # Lists of links are out already.
        is_linked = block.link_chars and block.tag != "li" and (block.link_share > LINKED or leads_elsewhere(block))
        return not is_linked and (
            is_text
            or (block.size >= 40 and ends_sentence(block.text, ENDS))
            or self._is_like_good(block)
            or (not block.link_chars and self._good_names[_make(block)] > 0 and is_whole(block.text))
        )

    def _is_sign(self, block: Block) -> bool:
        """Whether it is how long the text above which it stands takes to read, or one of a list of share buttons."""
        if block.tag == "li" and block.text.lower() in NETWORKS:
            return is_share_list(self.blocks, block)
        return block.position < self._first and _MINUTES.fullmatch(block.text) is not None

    @cached_property
    def _invitations(self) -> frozenset[Element | None]:
        """The small boxes whose heading asks readers to sign up for something; what it is stands below.

        A box begins with its heading, and does not hold all that there is to read: that is a short text.
        """
        heads = (b for b in self.blocks if b.is_heading and b.text[:_SIGNS_UP_CHARS].lower().startswith(_SIGNS_UP))
        boxes = frozenset(box for b in heads if is_junk(b.text) and (box := self._box_of(b)) is not None)
        return boxes if any(b.element.parent not in boxes for b in self.good) else frozenset()

    def _box_of(self, head: Block) -> Element | None:
        """The small box that a heading is the first line of."""
        box = head.element.parent
        is_first = head.position == 0 or (box is not None and not self.blocks[head.position - 1].element.is_below(box))
        return box if box is not None and is_first and box.chars <= _MAX_BLURB_CHARS else None

    @cached_property
    def _first(self) -> int:
        """The position of the first good block that does not stand beside the text."""
        return next((block.position for block in self.good if not self.outside.holds(block.element)), -1)

    @cached_property
    def _blurbs(self) -> frozenset[int]:
        """The good blocks, by identity, that stand alone in a box below the linked headline of another page.

        Where they are much of the text, the page is a list of such boxes, and they are its text.
        """
        found = [block for block in self.good if self._is_below_link(block)]
        if not found:
            return frozenset()
        share = sum(block.size for block in found) / max(1, sum(block.size for block in self.good))
        return frozenset(map(id, found)) if share <= _MOST_BLURBS else frozenset()

    def _is_below_link(self, block: Block) -> bool:
        head = self.blocks[block.position - 1] if block.position else block
        if not head.is_heading or head.link_share <= LINKED or block.size > _MAX_BLURB_CHARS:
            return False
        return head.element.parent is block.element.parent and self._good_in[block.element.parent] == 1

    def _heads_links(self, block: Block) -> bool:
        """Whether a list of links follows, which is left out, and its heading with it."""
        if block.size > _MIN_GOOD_CHARS or block.position + 1 == len(self.blocks):
            return False
        links = self.blocks[block.position + 1].element.nearest(LISTS)
        return links is not None and is_of_links(links) and not block.element.is_below(links)

    def _heads_text(self, block: Block) -> bool:
        """Whether a linked heading or another h1 names a part of the text.

        It is one of many that lead to other sites, as in a list of books or hotels, or it leads to its own place on the
        page; or it is short, among good paragraphs and before one.
        """
        place, after = block.element.parent, self.blocks[block.position + 1 : block.position + 3]
        if block.link_share <= LINKED:
            if self._good_in[place] > _FEWEST_BESIDE:
                return True
        elif id(block) in self._entries or (self._good_in[place] and block.element.leads_within(self.url)):
            return True
        if after and is_stamp(after[0].text):
            after = after[1:]  # the time of an entry
        if block.size > _MIN_GOOD_CHARS or not any(self.is_good(b) and b.element.parent is place for b in after[:1]):
            return False
        return self._good_in[place] >= _FEWEST_BESIDE

    @cached_property
    def _entries(self) -> frozenset[int]:
        return entry_heads(self.blocks, self.is_good, self.url)

    @cached_property
    def _good_in(self) -> Counter[Element | None]:
        """How many good blocks stand side by side in each element."""
        return Counter(block.element.parent for block in self.good)

    @cached_property
    def _good_names(self) -> Counter[tuple[Element | None, str, str]]:
        """The same with their tags and names, where the tag does not tell that they are text."""
        return Counter(_make(block) for block in self.good if block.tag not in _TEXT_TAGS)

    def _is_like_good(self, block: Block) -> bool:
        """Whether it stands among good blocks of the same make: an answer of one word in a page of `<div>`."""
        return (
            self._good_in[block.element.parent] >= _FEWEST_BESIDE and self._good_names[_make(block)] >= _FEWEST_BESIDE
        )


def _is_good(block: Block) -> bool:
    if block.size < _MIN_GOOD_CHARS or block.link_share > _FEW_LINKS or block.is_heading:
        return False
    text = block.text  # tidy, so that something follows each blank
    if text.startswith(_DATA):
        return False
    return ", " in text or ". " in text or text.endswith(SENTENCE_ENDS) or _SENTENCE.search(text) is not None


def _is_label_of_others(block: Block) -> bool:
    return len(block.text) < _LABEL_CHARS and (block.link_share > LINKED or block.text[0] == "©")


def _make(block: Block) -> tuple[Element | None, str, str]:
    return block.element.parent, block.tag, block.element.names
