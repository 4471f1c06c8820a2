"""What stands beside the article: pictures, comments, teasers of other stories, the frame of the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from selectolax.lexbor import LexborNode

from newshouse.parse.dom.elements import FRAMES, Block
from newshouse.parse.words import holds_any

_TAGS = frozenset(("figure", "figcaption", "aside", "footer", "nav"))
_TOP = frozenset(("body", "html", "-document"))
# Most begin a word, after a sign or as in relatedStories: "correspondent" and "unrelated" are others. Comments are told
# by compounds too: jcomments, Leserkommentare.
_NAMES = re.compile(
    r"(?:(?<![a-zA-Z])|(?<=[a-z])(?=[A-Z]))"
    r"(?i:respond|repl(?:y|ies)(?![a-zA-Z])|related|recommend|teaser|sidebar)|(?i:comment(?!ary)|kommentar)"
)
_STEMS = ("respond", "repl", "related", "recommend", "teaser", "sidebar", "comment", "kommentar")  # one is in each
_MAX_ANCESTORS = 30


Frames = Mapping[int, int]
"""`mem_id` of the elements around the headline to how many levels they lie above it (`Document.frames`)."""


def stands_apart(node: LexborNode, frames: Frames, tags: frozenset[str] = _TAGS) -> bool:
    """Whether an element stands inside one of these tags, or is or stands in one named after something else.

    What holds the headline as well is the page itself: "with-sidebar" stands there too.
    """
    return apart_at(node, frames, tags) is not None


def apart_at(node: LexborNode, frames: Frames, tags: frozenset[str] = _TAGS) -> LexborNode | None:
    """The nearest element by which `node` stands apart; None if it does not."""
    at: LexborNode | None = node
    for _ in range(_MAX_ANCESTORS):
        tag = at.tag if at is not None else None
        if at is None or tag in _TOP or at.mem_id in frames:
            return None
        if at is not node and tag in tags:
            return at
        if tag not in FRAMES and _says_apart(names_of(at)):
            return at
        at = at.parent
    return None


def names_of(node: LexborNode) -> str:
    """Its class and id, as patterns look for words in them."""
    attributes = node.attributes
    return f"{attributes.get('class')} {attributes.get('id')}"


@lru_cache(maxsize=10_000)  # the elements of a page share their ancestors, and pages their templates
def _says_apart(names: str) -> bool:
    return holds_any(names.lower(), _STEMS) and _NAMES.search(names) is not None


def distance(node: LexborNode, frames: Frames) -> int:
    """How many levels one has to go up from the headline to an element that holds this one too."""
    at: LexborNode | None = node
    for _ in range(_MAX_ANCESTORS):
        if at is None:
            break
        if at.mem_id in frames:
            return frames[at.mem_id]
        at = at.parent
    return _FAR


_FAR = 99


def is_apart(block: Block, headline: Block) -> bool:
    """`stands_apart` of a block of text."""
    return any(
        element.tag not in _TOP | FRAMES
        and (_says_apart(element.names) or (element is not block.element and element.tag in _TAGS))
        for element in block.element.chain()[:_MAX_ANCESTORS]
        if not headline.element.is_below(element)
    )
