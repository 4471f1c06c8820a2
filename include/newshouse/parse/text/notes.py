"""A report of a line or two: sentences too short to be told from labels by their length alone.

They are read only where nothing longer is, and only where the page says that it is an article: to machines, or to
readers by a day right below the headline. A Chinese sentence may have ten characters, in any mark-up.
"""

from __future__ import annotations

from itertools import takewhile

from newshouse.parse.dates.printed_dates import is_dated_headline
from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import FRAMES, LINKED, Block
from newshouse.parse.text.labels import is_label
from newshouse.parse.text.selection import Selection
from newshouse.parse.words import ends_sentence, has_fewer_words, is_unspaced

_FEWEST_WORDS, _MOST_IN_FRAMES = 5, 3
_HEADLINE_CHARS, _FEWEST_OTHERS = 15, 2
_MOST_BETWEEN, _MOST_SENTENCES, _NEXT = 10, 12, 2


def read_note(document: Document) -> Selection | None:
    """The sentences of such a report, below its headline, else in the element that frames an article; None if none."""
    is_told = document.article_node is not None or (document.meta_first("og:type") or "").lower() == "article"
    kept = _below_headline(document) if is_told or is_dated_headline(document) else []
    if kept and not is_told and _stands_above_teasers(document.blocks[kept[-1].position + 1 :]):
        return None
    if not kept and is_told:
        inside = (b for b in document.blocks if not b.is_heading and b.element.nearest(FRAMES))
        kept = [block for block in inside if _begins(block)]
        kept = kept if len(kept) <= _MOST_IN_FRAMES else []
    chars = sum(block.size for block in kept)
    return Selection(tuple(kept), kept[0].element.parent, chars, chars, None) if kept else None


def stands_above_others(note: Selection, found: Selection, blocks: list[Block]) -> bool:
    """Whether the headlines of other pages part a short report from what was found below it: that is small print."""
    first, last = note.blocks[-1].position + 1, found.blocks[0].position
    between = (block for block in blocks[first:last] if block.link_share > LINKED and block.size >= _HEADLINE_CHARS)
    return len(list(between)) >= _FEWEST_OTHERS


def _below_headline(document: Document) -> list[Block]:
    """The first sentence below the headline and those that go on beside it, unless they are as many as teasers,
    or one twice.
    """
    near = takewhile(lambda block: not block.is_heading, document.below_headline[:_MOST_BETWEEN])
    opening = next(filter(_begins, near), None)
    if opening is None:
        return []
    following = document.blocks[opening.position + 1 : opening.position + 1 + _MOST_SENTENCES]
    kept = [opening, *takewhile(lambda block: _goes_on(opening, block), following)]
    said = {block.letters for block in kept}
    return kept if len(kept) == len(said) <= _MOST_SENTENCES else []


def _stands_above_teasers(below: list[Block]) -> bool:
    """Whether the headline of another page comes next, as below the first lines of a section."""
    return any(block.is_linked_heading for block in below[:_NEXT])


def _begins(block: Block) -> bool:
    return _is_plain(block) and _is_sentence(block.text) and not has_fewer_words(block.text, _FEWEST_WORDS)


def _goes_on(opening: Block, block: Block) -> bool:
    ours, theirs = opening.element, block.element
    is_beside = ours is theirs or (
        ours.parent is theirs.parent and ours.tag == theirs.tag and ours.names == theirs.names
    )
    return is_beside and _is_plain(block) and (_is_sentence(block.text) or is_unspaced(opening.text))


def _is_sentence(text: str) -> bool:
    return ends_sentence(text) or is_unspaced(text)


def _is_plain(block: Block) -> bool:
    if block.is_heading or block.link_chars or "javascript" in block.text.lower() or is_label(block.text):
        return False
    return not any(element.said.is_out for element in block.element.chain())
