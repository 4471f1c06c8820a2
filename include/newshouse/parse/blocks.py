"""One walk down the page: a flat list of text blocks, each knowing its ancestors.

Only this module reads the mark-up of the body. What follows works on light records, so that each rule costs little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

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
_RAW = frozenset(("iframe",))  # its content is no mark-up
_ASKED = tuple((name, f' {name}="') for name in ("class", "id", "style", "role", "itemprop", "hidden"))
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_DEPTH = 200
_MAX_INLINE_JUNK = 150  # characters; more than a label is no label
_MAX_BLOCKS = 20_000
_MAX_CELL = 150
_LINE = re.compile(r"[ \t\r\f]*\n[ \t\r\f]*")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟۔।:;\"”“»」』)\]]\s*$")


class _Way(Enum):
    """What a start tag does to the run of text."""

    BLOCK = auto()
    INLINE = auto()
    LINK = auto()
    STRONG = auto()
    BREAK = auto()
    RULE = auto()
    VOID = auto()
    SKIP = auto()


_WAYS = {
    "a": _Way.LINK, "b": _Way.STRONG, "strong": _Way.STRONG, "br": _Way.BREAK, "hr": _Way.RULE, "img": _Way.RULE,
    **dict.fromkeys(("area", "base", "basefont", "bgsound", "col", "embed", "frame", "input", "keygen"), _Way.VOID),
    **dict.fromkeys(("link", "meta", "param", "source", "track", "wbr"), _Way.VOID),
}  # fmt: skip
_HOLDS_NOTHING = (_Way.VOID, _Way.BREAK, _Way.RULE)


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
    walk.through(body.inner_html or "")
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
    """Gathers inline text until a block boundary.

    It reads the mark-up that lexbor writes, which costs a third of visiting the nodes: there every tag is closed, every
    attribute is quoted, and `<` and `>` stand for nothing but tags.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._element = Element("body", "", "", None, 0, Verdict.PLAIN, 0)
        self._open: list[Element | _Way] = []  # what each end tag ends
        self._flow: list[str] = []
        self._linked = 0
        self._link_chars = 0
        self._strong = 0
        self._strong_chars = 0
        self._order = 0
        self._junk_label = False

    def through(self, markup: str) -> None:
        """All of the body."""
        if "<!--" in markup:
            markup = _COMMENT.sub("", markup)
        pieces = markup.split("<")
        if pieces[0]:
            self._text(pieces[0])
        at, count = 1, len(pieces)
        while at < count and len(self.blocks) < _MAX_BLOCKS:
            piece = pieces[at]
            head, _, text = piece.partition(">")
            if piece.startswith("/"):
                self._close()
            elif not self._opens(head):
                at = _end_of(head.partition(" ")[0], pieces, at)
                text = pieces[at].partition(">")[2] if at < count else ""
            elif self._junk_label and (end := _end_of_label(head.partition(" ")[0], pieces, at)):
                self._close()
                at = end
                text = pieces[at].partition(">")[2]
            if text:
                self._text(text)
            at += 1
        while self._open:
            self._close()
        if self._flow:
            self.flush(self._element)

    def _text(self, text: str) -> None:
        if text.isspace():
            if self._flow:
                self._flow.append(" ")
            return
        if "&" in text:
            text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0").replace("&amp;", "&")
        self._flow.append(text.replace("\n", " "))
        if self._linked or self._strong:
            size = len(text.strip())
            if self._linked:
                self._link_chars += size
            if self._strong:
                self._strong_chars += size

    def _opens(self, head: str) -> bool:
        """Take in a start tag; False if all up to its end is to be skipped."""
        self._junk_label = False
        tag, way, found, word, names = _read_tag(head)
        if way is _Way.SKIP or (len(self._open) >= _MAX_DEPTH and way not in _HOLDS_NOTHING):
            return False
        if way is _Way.BLOCK:
            if self._flow:
                self.flush(self._element)
            self._order += 1
            self._element = Element(tag, word, names, self._element, self._element.depth + 1, found, self._order)
            self._open.append(self._element)
        elif way is _Way.BREAK:
            self._flow.append("\n")
        elif way is _Way.RULE:
            if self._flow:
                self.flush(self._element)
        elif way is not _Way.VOID:
            self._junk_label = found is Verdict.JUNK
            self._linked += way is _Way.LINK
            self._strong += way is _Way.STRONG
            self._open.append(way)
        return True

    def _close(self) -> None:
        if not self._open:
            return
        ended = self._open.pop()
        if isinstance(ended, Element):
            if self._flow:
                self.flush(ended)
            parent = self._element = ended.parent or ended
            parent.chars += ended.chars
            parent.link_chars += ended.link_chars
        else:
            self._linked -= ended is _Way.LINK
            self._strong -= ended is _Way.STRONG

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
        if parts:
            element.chars += sum(map(len, parts))
            element.link_chars += link_chars


@lru_cache(maxsize=20_000)
def _read_tag(head: str) -> tuple[str, _Way, Verdict, str, str]:
    """(tag, way, verdict, its word, names) of a start tag. The same tags come back within a page and a publisher."""
    tag, _, rest = head.partition(" ")
    way = _WAYS.get(tag) or (_Way.INLINE if tag in INLINE else _Way.SKIP if tag in SKIPPED else _Way.BLOCK)
    if way is _Way.LINK:
        return tag, way if "href=" in rest else _Way.INLINE, Verdict.PLAIN, "", ""
    if way is _Way.SKIP or way in _HOLDS_NOTHING or (not rest and way is not _Way.BLOCK):
        return tag, way, Verdict.PLAIN, "", ""
    attributes = _attributes(head)
    found, word = verdict(tag, attributes)
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if found is not Verdict.PLAIN else ""
    return tag, way, found, word, named


def _attributes(head: str) -> dict[str, str | None]:
    """Those that `verdict` asks for."""
    found: dict[str, str | None] = {}
    for name, sign in _ASKED:
        at = head.find(sign)
        if at >= 0:
            start = at + len(sign)
            found[name] = head[start : head.find('"', start)]
    return found


def _end_of(tag: str, pieces: list[str], at: int) -> int:
    """Where the element ends that begins at `at`; behind the last piece if nowhere."""
    close, depth = f"/{tag}>", 1
    opens = (f"{tag}>", f"{tag} ")
    for position in range(at + 1, len(pieces)):
        piece = pieces[position]
        if piece.startswith(close):
            depth -= 1
            if not depth or tag in _RAW:
                return position
        elif piece.startswith(opens):
            depth += 1
    return len(pieces)


def _end_of_label(tag: str, pieces: list[str], at: int) -> int | None:
    """Where a short inline element ends; None if it holds more text than a label."""
    close, opens, depth, chars = f"/{tag}>", (f"{tag}>", f"{tag} "), 0, 0
    for position in range(at, min(at + _MAX_INLINE_JUNK, len(pieces))):
        piece = pieces[position]
        if piece.startswith(close):
            depth -= 1
            if not depth:
                return position
        elif piece.startswith(opens):
            depth += 1
        chars += len(piece) - piece.find(">") - 1
        if chars >= _MAX_INLINE_JUNK:
            return None
    return None


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
