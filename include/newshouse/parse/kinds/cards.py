"""Pages of teasers with blurbs: each paragraph stands below a headline of its own that links to another page."""

from __future__ import annotations

from newshouse.parse.dom.document import Document, text_in
from newshouse.parse.dom.elements import HEADINGS, Block
from newshouse.parse.words import letters, size

_LINKED = 0.65
_FEWEST = 4
_MOST_BETWEEN = 3  # a date, a byline, a section between headline and blurb
_BLURB_CHARS = 40
_LONGEST_BLURB = 400
_MOST_OTHERS = 2  # a line about the section or the author; an article introduces its list at more length
_HEADS = ", ".join(HEADINGS[:5])
_HEADING_LINKS = ", ".join(f"{tag} a[href], a[href]:has({tag})" for tag in HEADINGS[:5])


def cards(document: Document, text: str) -> int:
    """How many paragraphs of a text are blurbs of other pages of this site, if most of the text is; else 0."""
    heads = [block for block in document.blocks if block.is_heading and block.link_share > _LINKED]
    if len(heads) < _FEWEST:
        return 0
    longer = (block for block in document.blocks if block.size >= _BLURB_CHARS)
    blurbs = [block for block in longer if _has_own_head(block, document.blocks)]
    if len(blurbs) < _FEWEST:
        return 0
    kept = {letters(line) for line in text.split("\n") if size(line) >= _BLURB_CHARS}
    below = {block.letters for block in blurbs} & kept
    if len(below) < _FEWEST or len(kept) - len(below) > _MOST_OTHERS:
        return 0
    return len(below) if _lead_inside(document, heads) else 0


def _has_own_head(block: Block, blocks: list[Block]) -> bool:
    """Whether a linked headline stands above it, with no other text between."""
    for before in reversed(blocks[max(0, block.position - _MOST_BETWEEN) : block.position]):
        if before.is_heading:
            return before.link_share > _LINKED and len(block.text) <= _LONGEST_BLURB
        if before.size >= _BLURB_CHARS and before.link_share <= _LINKED:
            return False
    return False


def _lead_inside(document: Document, heads: list[Block]) -> bool:
    """Whether most of these headlines lead to pages of this site, and each to another: a list of shops does not."""
    names = {head.letters for head in heads}
    targets = set()
    for link in document.tree.css(_HEADING_LINKS):
        target = document.absolute(link.attributes.get("href")) or ""
        heads_inside = link.css(_HEADS) or [link]
        if (
            any(letters(text_in(head)) in names for head in heads_inside)
            and f"//{document.host}/" in target
            and "#" not in target
        ):
            targets.add(target)
    return 2 * len(targets) > len(names)
