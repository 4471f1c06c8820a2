"""One walk down the page: a flat list of text blocks, each knowing its ancestors.

Only this module reads the mark-up of the body. What follows works on the light records of `elements.py`, so that each
rule costs little.
"""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newshouse.parse.dom.elements import HEADINGS, MAX_DEPTH, Block, Element
from newshouse.parse.dom.furniture import said
from newshouse.parse.words import SENTENCE_ENDS, size, tidy

_MAX_INLINE_JUNK = 150  # characters; more than a label is no label
_MAX_BLOCKS = 10_000
_MAX_CELL = 150
_MAX_ASKING = 10
_FORM_PARTS = frozenset(("button", "input"))
_CELLS = frozenset(("td", "th"))
_LINE_BREAK = "\0"  # no text holds it
_PARAGRAPH = (_LINE_BREAK, _LINE_BREAK)
_SHOWN_AS_BLOCK = re.compile(r"display\s*:\s*block", re.IGNORECASE)
_INDENT, _WHITE = "\u3000", " \t\r\n\xa0"  # the ideographic space begins a paragraph in Chinese and Japanese
_BETWEEN_CJK = re.compile(
    # What comes before it is looked at second: a pattern that begins with a sign is sought much quicker.
    rf"{_LINE_BREAK}(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]{_LINE_BREAK})(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])"
)
_SENTENCE_CHARS = 60
# More than ends a sentence: a line that ends a quotation or announces the next one is whole too, whatever comes before.
_WHOLE_LINE = (*SENTENCE_ENDS, *':;"”“»」』)]')

# What a node does to the run of text; whatever is not listed is a block. Plain numbers: members of an Enum are slow.
_CELL, _TYPED, _BLOCK, _INLINE, _LINK, _BREAK, _RULE, _SKIP = range(8)
_INLINE_TAGS = (
    "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rb s samp small span strike "
    "strong sub sup time tt u var nobr amp-span"
)
_SKIPPED_TAGS = (
    "-comment script style noscript svg template iframe head nav footer button select textarea input object canvas "
    "dialog menu audio video picture map option rp rt math embed amp-ad amp-analytics amp-iframe "
    "amp-twitter amp-instagram amp-facebook "
    "noembed noframes xmp plaintext area base basefont bgsound col frame keygen link meta param source track wbr"
)
_WAYS = {
    "": _SKIP, "a": _LINK, "br": _BREAK, "hr": _RULE, "img": _RULE, "td": _CELL, "th": _CELL,
    "pre": _TYPED,
    **dict.fromkeys(_INLINE_TAGS.split(), _INLINE), **dict.fromkeys(_SKIPPED_TAGS.split(), _SKIP),
}  # fmt: skip


def _ids() -> tuple[int, dict[int, tuple[int, str]]]:
    """The tag id of text; way and tag by tag id, which is quicker to read than the tag.

    Only names that HTML knows have an id that all pages share.
    """
    names = [*(name for name in _WAYS if name.isalnum()), *_FREQUENT_BLOCKS.split()]
    page = LexborHTMLParser("<body>text<!-- comment -->")
    inside = [*page.body.iter(include_text=True)] if page.body else []
    ids = {node.tag or "": node.tag_id for node in (*inside, *map(page.create_node, names))}
    return ids.pop("-text"), {tag_id: _way(tag) for tag, tag_id in ids.items() if tag_id < _FIRST_ADDRESS}


_FREQUENT_BLOCKS = (
    "article aside blockquote dd div dl dt figcaption figure form h1 h2 h3 h4 h5 h6 header li main ol p section table "
    "tbody td th tr ul"
)
_FIRST_ADDRESS = 4_096  # ids of other names are addresses


def read_blocks(tree: LexborHTMLParser) -> list[Block]:
    """The blocks of the page in document order."""
    if tree.body is None:
        return []
    walk = _Walk()
    walk.through(tree.body)
    for element in walk.asking[:_MAX_ASKING]:
        element.call_newsletter()
    return _joined_rows(walk.blocks) if walk.has_cells else walk.blocks


def _joined_rows(blocks: list[Block]) -> list[Block]:
    """The short cells of a table row as one block; a cell with more is a part of a page laid out by table."""
    cells = [_cell(block) for block in blocks]
    runs = Counter(cells)
    widths = Counter(cell.parent for cell in runs if cell is not None)
    joined: list[Block] = []
    open_row: Element | None = None
    beside: list[Block] = []
    for block, cell in zip(blocks, cells, strict=True):
        row = cell.parent if cell is not None and runs[cell] == 1 and len(block.text) < _MAX_CELL else None
        if row is not None and (row.tag != "tr" or (block.element is not cell and widths[row] == 1)):
            row = None
        if row is not open_row:
            joined += _row(open_row, beside)
            open_row, beside = row, []
        if row is None:
            joined.append(block)
        else:
            beside.append(block)
    joined += _row(open_row, beside)
    for position, block in enumerate(joined):
        block.position = position
    return joined


def _row(row: Element | None, cells: list[Block]) -> list[Block]:
    """One block for the cells that stand side by side in a row; none without a row."""
    if row is None:
        return []
    return [Block(row, " | ".join(cell.text for cell in cells), sum(cell.link_chars for cell in cells), 0)]


def _cell(block: Block) -> Element | None:
    """The cell of a table that a block stands in, at once or as a paragraph."""
    if block.tag in _CELLS:
        return block.element
    above = block.element.parent if block.tag == "p" else None
    return above if above is not None and above.tag in _CELLS else None


class _Walk:
    """Gathers inline text until a block boundary."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.asking: list[Element] = []  # elements that ask for an e-mail address
        self.has_cells = False
        self._flow: list[str] = []
        self._link_chars = 0
        self._order = 1

    def through(self, root: LexborNode) -> None:
        """All below the body."""
        body = Element("body", None, self._order, root)
        self._below(root, body, 0, in_link=False)
        if self._flow:
            self._flush(body)
        body.last = self._order

    def _below(  # noqa: PLR0912 - one branch a kind of node; calls would cost a tenth of the walk
        self, parent: LexborNode, element: Element, depth: int, in_link: bool
    ) -> None:
        """The children of a node. `element`: the block-level element that they are in."""
        flow, blocks, ways = self._flow, self.blocks, _WAYS_BY_ID
        too_deep = depth >= MAX_DEPTH
        following = parent.first_child
        while following is not None:  # quicker than its `iter`, as most have one child only
            node, following = following, following.next
            tag_id = node.tag_id
            if tag_id == _TEXT_ID:
                if not flow and node.is_empty_text_node:
                    continue  # white space between blocks is nearly half of all nodes
                text = node.text_content or ""
                if flow or (text and not text.isspace()):
                    flow.append(text)
                    if in_link:
                        self._link_chars += len(text.strip())
                continue
            way, tag = ways.get(tag_id) or _way(node.tag or "")
            if way <= _BLOCK:
                if too_deep or len(blocks) >= _MAX_BLOCKS:
                    continue
                if flow:
                    self._flush(element)
                self._order += 1
                if way == _CELL:
                    self.has_cells = True
                inner = Element(tag, element, self._order, node)
                self._below(node, inner, depth + 1, in_link)
                if flow:
                    if way == _TYPED:
                        flow[:] = [_typed("".join(flow))]
                    self._flush(inner)
                inner.last = self._order
                element.chars += inner.chars
                element.link_chars += inner.link_chars
            elif way == _BREAK:
                flow.append(_LINE_BREAK)
            elif way >= _RULE:
                if flow and way == _RULE:
                    self._flush(element)
                elif tag in _FORM_PARTS:
                    self._in_form(tag, node, element, depth, in_link)
            elif too_deep or len(blocks) >= _MAX_BLOCKS:
                continue
            elif way == _LINK:
                self._below(node, element, depth + 1, in_link or "href" in node.attrs)
            elif (shown := _inline_way(tag, node)) != _SKIP:
                around = _PARAGRAPH if shown == _BREAK else ()
                flow += around
                self._below(node, element, depth + 1, in_link)
                flow += around

    def _in_form(self, tag: str, node: LexborNode, element: Element, depth: int, in_link: bool) -> None:
        if tag == "input" and node.attributes.get("type") == "email":
            self.asking.append(element)
        elif tag == "button" and element.tag in HEADINGS and not self._flow and depth < MAX_DEPTH:
            self._below(node, element, depth + 1, in_link)  # it opens the answer to the question that it holds

    def _flush(self, element: Element) -> None:
        """End of a run."""
        run = "".join(self._flow)
        self._flow.clear()
        link_chars, self._link_chars = self._link_chars, 0
        if _LINE_BREAK not in run:  # as nearly all
            if text := tidy(run):
                self.blocks.append(Block(element, text, link_chars, len(self.blocks)))
                element.chars += len(text)
                element.link_chars += link_chars
            return
        parts = _parts(run)
        alone = len(parts) == 1
        for part in parts:
            linked = link_chars if alone else link_chars * len(part) // len(run)
            self.blocks.append(Block(element, part, linked, len(self.blocks), not alone))
            element.chars += len(part)
            element.link_chars += linked


def _way(tag: str) -> tuple[int, str]:
    return _WAYS.get(tag, _BLOCK), "h4" if tag == "summary" else tag  # it heads what its <details> hold


def _inline_way(tag: str, node: LexborNode) -> int:
    """What an inline element is after all: skipped as a label, or shown as a paragraph, which two line breaks are."""
    attributes = node.attributes
    if not attributes:
        return _INLINE
    # Icons are empty.
    if node.first_child and said(tag, attributes).is_junk and len(node.text()) < _MAX_INLINE_JUNK:
        return _SKIP
    style = attributes.get("style")
    return _BREAK if style and _SHOWN_AS_BLOCK.search(style) else _INLINE


_TEXT_ID, _WAYS_BY_ID = _ids()


def _parts(run: str) -> list[str]:
    """Paragraphs of a run: parted where two line breaks or an ideographic space stand, or where single breaks end
    sentences throughout.
    """
    groups: list[list[str]] = [[]]
    for line in run.split(_LINE_BREAK):
        text = tidy(line)
        if groups[-1] and (not text or line.lstrip(_WHITE).startswith(_INDENT)):
            groups.append([])
        if text:
            groups[-1].append(text)
    groups = [group for group in groups if group]
    if len(groups) == 1 and len(groups[0]) > 1 and _are_sentences(groups[0]):
        return groups[0]
    return [_BETWEEN_CJK.sub("", _LINE_BREAK.join(group)).replace(_LINE_BREAK, " ") for group in groups]


def _typed(run: str) -> str:
    """A text that was typed, as agencies send it, with its blank lines as breaks of the paragraph; code as it is."""
    parts = [part for part in _BLANK_LINE.split(run) if part.strip()]
    if _CODE.search(run) or not _are_sentences([*map(tidy, parts)]):
        return run
    return "".join(f"{part}{_LINE_BREAK}{_LINE_BREAK}" for part in parts)


_CODE = re.compile(r"[{}\\]|\(\)| = |;\s*\n|</|//")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def _are_sentences(lines: list[str]) -> bool:
    ends = [size(line) for line in lines if line.endswith(_WHOLE_LINE)]
    whole = sum(1 for chars in ends if chars > _SENTENCE_CHARS)
    return whole >= 0.6 * len(lines) or (whole > 0 and len(ends) == len(lines))
