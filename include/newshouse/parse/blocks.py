"""One walk down the DOM: the page as a flat list of text blocks, each knowing its ancestors.

Only this module touches DOM nodes for the body. What follows works on light records, so that each rule costs little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newshouse.parse.furniture import Verdict, verdict
from newshouse.parse.words import letters, tidy

INLINE = frozenset(
    re.findall(
        r"\S+",
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rb s samp small "
        "span strike strong sub sup time tt u var wbr nobr amp-span",
    )
)
SKIPPED = frozenset(
    re.findall(
        r"\S+",
        "script style noscript svg template iframe head nav footer button select textarea input object canvas "
        "dialog menu audio video picture map option rp rt math embed amp-ad amp-analytics amp-iframe",
    )
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_DEPTH = 200
_MAX_INLINE_JUNK = 150  # characters; more than a label is no label
_MAX_BLOCKS = 20_000
_MAX_CELL = 150
_LINE = re.compile(r"[ \t\r\f]*\n[ \t\r\f]*")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟۔।:;\"”“»」』)\]]\s*$")


@dataclass(slots=True, eq=False)
class Element:
    """A block-level element. `verdict` is what its names say, `word` the name that said it."""

    tag: str
    word: str
    names: str
    parent: Element | None
    depth: int
    verdict: Verdict
    order: int
    weight: float = 0.0
    chars: int = 0
    link_chars: int = 0

    def chain(self) -> list[Element]:
        """This element and its ancestors, innermost first."""
        found, at = [], self
        while at is not None:
            found.append(at)
            at = at.parent  # type: ignore[assignment]
        return found

    def is_below(self, other: Element) -> bool:
        """Whether `other` is this element or one of its ancestors."""
        at: Element | None = self
        while at is not None and at.depth >= other.depth:
            if at is other:
                return True
            at = at.parent
        return False

    def nearest(self, tags: frozenset[str]) -> Element | None:
        """The closest of this element and its ancestors with such a tag."""
        at: Element | None = self
        while at is not None:
            if at.tag in tags:
                return at
            at = at.parent
        return None


@dataclass(slots=True, eq=False)
class Block:
    """A run of text between two block boundaries.

    Attributes:
        link_chars: how many of its characters lie in links.
        strong_chars: how many are printed bold.
        broken: cut out of a longer run at line breaks.
    """

    element: Element
    text: str
    link_chars: int
    strong_chars: int
    position: int
    broken: bool = False
    _letters: str | None = field(default=None, init=False)

    @property
    def letters(self) -> str:
        """Letters and digits only, lower case."""
        if self._letters is None:
            self._letters = letters(self.text)
        return self._letters

    @property
    def tag(self) -> str:
        """Of the element that it stands in directly."""
        return self.element.tag

    @property
    def link_share(self) -> float:
        """0 to 1: characters in links."""
        return self.link_chars / max(1, len(self.text))


def read_blocks(tree: LexborHTMLParser) -> list[Block]:
    """The blocks of the page in document order."""
    body = tree.body
    if body is None:
        return []
    walk = _Walk()
    root = Element("body", "", "", None, 0, Verdict.PLAIN, 0)
    walk.down(body, root, 0)
    if walk.pending:
        walk.flush(root)
    return _joined_rows(walk.blocks)


def _joined_rows(blocks: list[Block]) -> list[Block]:
    """The short cells of a table row as one block; a cell with much text is a paragraph of a page laid out by table."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        row = block.element.parent if block.tag in ("td", "th") else None
        if row is not None and row.tag == "tr" and len(block.text) < _MAX_CELL:
            if last is not None and last.element is row:
                last.text += f" | {block.text}"
                last.link_chars += block.link_chars
                continue
            block.element = row
        joined.append(block)
    for position, block in enumerate(joined):
        block.position = position
    return joined


class _Walk:
    """Gathers inline text until a block boundary."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._flow: list[str] = []
        self._linked = 0
        self._link_chars = 0
        self._strong = 0
        self._strong_chars = 0
        self._order = 0

    @property
    def pending(self) -> bool:
        """Whether there is text that no boundary has ended yet."""
        return bool(self._flow)

    def down(self, node: LexborNode, element: Element, depth: int) -> None:
        """All children of `node`, whose text belongs to `element`."""
        child = node.first_child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content or ""
                if not text.isspace():
                    self._text(text)
                elif self._flow:
                    self._flow.append(" ")
            elif tag == "br":
                self._flow.append("\n")
            elif tag and tag[0] != "-" and tag not in SKIPPED and depth < _MAX_DEPTH and len(self.blocks) < _MAX_BLOCKS:
                if tag in INLINE:
                    self._inline(child, tag, element, depth)
                else:
                    self._block(child, tag, element, depth)
            child = child.next

    def _text(self, text: str) -> None:
        text = text.replace("\n", " ")
        self._flow.append(text)
        if self._linked or self._strong:
            size = len(text.strip())
            if self._linked:
                self._link_chars += size
            if self._strong:
                self._strong_chars += size

    def _inline(self, node: LexborNode, tag: str, element: Element, depth: int) -> None:
        attributes = node.attributes
        if attributes:
            found, _ = verdict(tag, attributes)
            if found is Verdict.JUNK and tag != "a" and len(node.text()) < _MAX_INLINE_JUNK:
                return
        is_link, is_strong = tag == "a" and "href" in attributes, tag in ("b", "strong")
        self._linked += is_link
        self._strong += is_strong
        self.down(node, element, depth + 1)
        self._linked -= is_link
        self._strong -= is_strong

    def _block(self, node: LexborNode, tag: str, parent: Element, depth: int) -> None:
        attributes = node.attributes
        found, word = verdict(tag, attributes)
        if self._flow:
            self.flush(parent)
        self._order += 1
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if found is not Verdict.PLAIN else ""
        element = Element(tag, word, names, parent, parent.depth + 1, found, self._order)
        self.down(node, element, depth + 1)
        if self._flow:
            self.flush(element)

    def flush(self, element: Element) -> None:
        """End of a run."""
        run, self._flow = "".join(self._flow), []
        link_chars, strong_chars, self._link_chars, self._strong_chars = self._link_chars, self._strong_chars, 0, 0
        parts = _parts(run)
        for part in parts:
            alone = len(parts) == 1
            share = 1.0 if alone else len(part) / max(1, len(run))
            self.blocks.append(
                Block(element, part, int(link_chars * share), int(strong_chars * share), len(self.blocks), not alone)
            )
        size = sum(map(len, parts))
        at: Element | None = element
        while at is not None and size:
            at.chars += size
            at.link_chars += link_chars
            at = at.parent


def _parts(run: str) -> list[str]:
    """Paragraphs of a run: parted where two line breaks stand, or where single ones end sentences throughout."""
    if "\n" not in run:
        text = tidy(run)
        return [text] if text else []
    lines = [tidy(line) for line in _LINE.split(run)]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    if len(groups) == 1 and len(groups[0]) > 1 and _are_sentences(groups[0]):
        return groups[0]
    return [" ".join(group) for group in groups if group]


def _are_sentences(lines: list[str]) -> bool:
    whole = sum(1 for line in lines if _ENDS_SENTENCE.search(line) and len(line) > 60)
    return whole >= 0.6 * len(lines)
