"""Dates that readers see: printed near the headline or at the head of the text, and `<time>` elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborNode

from newshouse.parse.dates.day_order import day_comes_first
from newshouse.parse.dates.moments import moments_in, read_moment
from newshouse.parse.dates.statements import (
    CHANGED_ON,
    MAX_LABEL_CHARS,
    OF_THIS,
    PARTS,
    SAYS_SO,
    dates_of,
    ends_as_prose,
    is_somebodys,
    said_to_be_published,
    tells_of_change,
)
from newshouse.parse.dom.apart import distance, is_apart, stands_apart
from newshouse.parse.dom.document import Document, text_in
from newshouse.parse.dom.elements import LINKED, Block
from newshouse.parse.dom.furniture import Verdict
from newshouse.parse.words import letters, size
from newshouse.records import Moment


def printed(document: Document, zone: str | None) -> Iterator[Moment | None]:
    """Dates printed near the headline, in small elements that are named after a date, or at the head of the text.

    Where only the date of a change stands, that is given, with the origin ``modified``: it was published by then.
    """
    day_first = day_comes_first(document)
    lines = "\n".join(block.text for block in document.blocks)
    if any(words in lines for words in _FIRST_OF_ALL):
        yield from said_to_be_published(document.blocks, zone, day_first, first=True)
    below = document.below_headline or document.blocks
    at = len(document.blocks) - len(below) - 1
    ours = _without_comments(document.blocks, below) if "osted" in lines else document.blocks
    before, near = document.blocks[max(0, at - _BEFORE_BLOCKS) : max(0, at)], below[:_NEAR_BLOCKS]
    heads = (document.title_tag or "", document.headline.text.rstrip(" •|-") if document.headline else "")
    parts = (part.strip() for head in heads for part in PARTS.split(head))
    yield from (m for part in parts for at, m in moments_in(part, "text", zone) if at == 0 or part.endswith(m.raw))
    beside = (block for block in (*near, *before) if block.element.verdict is not Verdict.CAPTION)
    labels = [b.text for b in beside if len(b.text) <= MAX_LABEL_CHARS and not ends_as_prose(b.text) and b in ours]
    bare = (block.text for block in below if len(block.text) <= _BARE_CHARS and _WHOLE_YEAR.search(block.text))
    for texts, in_date_elements in ((labels, False), (_date_elements(document), True), (bare, False)):
        stated = (found for text in texts for found in dates_of(text, zone, day_first, in_date_elements))
        dated = [moment for moment in stated if moment.at.year >= _WEB_YEAR or (near and moment.raw == near[0].text)]
        changes = {moment.at for moment in dated if moment.origin == "modified"}
        yield from (moment for moment in dated if moment.at not in changes)
        yield from dated[:1]
    yield from said_to_be_published(ours, zone, day_first)
    for block in below[:_HEAD_BLOCKS]:
        head = moments_in(block.text[:_HEAD_CHARS], "text", zone, day_first=day_first)
        first = (moment for start, moment in head if not start or _is_released(block.text, start, moment))
        yield next((moment for moment in first if moment.at.year >= _WEB_YEAR), None)


def _without_comments(blocks: list[Block], below: list[Block]) -> list[Block]:
    """Without the lines below the first paragraph that say who posted something."""
    first = next((b.position for b in below if b.size >= _PARAGRAPH_CHARS and not b.is_heading), 0)
    return [block for block in blocks if block.position <= first or not is_somebodys(block.text)]


def is_dated_headline(document: Document) -> bool:
    """Whether a day stands right below or above a headline of some words that `<title>` repeats, as at an article."""
    head = document.headline
    if head is None or size(head.text) < _SECTION_CHARS or head.letters not in letters(document.title_tag):
        return False
    above = document.blocks[max(0, head.position - 1) : head.position]
    beside = (*above, *document.below_headline[:_BESIDE_HEADLINE])
    lines = (b.text for b in beside if not (b.link_chars or b.is_heading) and len(b.text) <= MAX_LABEL_CHARS)
    return any(m.precision not in ("year", "month") for line in lines for _, m in moments_in(line, "text"))


_SECTION_CHARS = 12  # most names of sections are shorter
_BESIDE_HEADLINE = 3


_PARAGRAPH_CHARS = 150


def printed_changes(document: Document, zone: str | None) -> Iterator[Moment]:
    """The dates near the headline, outside comments and teasers, that readers are told to be those of a change."""
    head = document.headline
    for block in document.near_headline:
        text = block.text
        if head is None or len(text) > MAX_LABEL_CHARS or not _DIGIT.search(text) or block.link_share > LINKED:
            continue
        if tells_of_change(text) and not ends_as_prose(text) and not is_apart(block, head):
            dates = dates_of(text, zone, day_comes_first(document), short_years=True)
            changes = (moment for moment in dates if moment.origin == "modified")
            said = OF_THIS.match(text) is not None
            yield from (
                replace(m, origin="text") for m in changes if said or CHANGED_ON.search(text.partition(m.raw)[0])
            )


def _is_released(text: str, start: int, moment: Moment) -> bool:
    """Whether a text begins as a release does: "Press release, 4 July 2026", "(4 July 2026) The port …"."""
    behind = text[start + len(moment.raw) :].lstrip(" )]-–—:.,")
    return _RELEASED.match(text[:start]) is not None and not behind[:1].islower()


def _date_elements(document: Document) -> Iterator[str]:
    """The short texts of elements that are named after a date, those near the headline first. A costly search."""
    elements = document.tree.css(_DATE_ELEMENTS)[:_MAX_ELEMENTS]
    elements = [node for node in elements if not stands_apart(node, document.frames)]
    elements.sort(key=lambda node: distance(node, document.frames))
    texts = (text_in(node) for node in elements)
    yield from (text for text in texts if len(text) <= MAX_LABEL_CHARS)


_FIRST_OF_ALL = ("riginally published", "irst published")
_RELEASED = re.compile(
    r"^(?:[(\[]|(?:press release|pressemitteilung|meldung|stand|comunicado|communiqué)\b.{0,20})$", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_WHOLE_YEAR = re.compile(r"\d{4}")  # far from the headline 4.7.26 is as likely the day of a comment
_BARE_CHARS = 32  # a line that holds a date and hardly anything beside it
_WEB_YEAR = 1990  # before there was a web, but for the line below the headline: a birth, a battle
_BEFORE_BLOCKS, _NEAR_BLOCKS = 4, 12
_HEAD_CHARS = 60
_HEAD_BLOCKS = 6
_MAX_ELEMENTS = 40
_DATE_ELEMENTS = (
    "[class*=date i], [id*=date i], [class*=publish i], [class*=posted i], [class*=time i], [class*=meta i], "
    "[class*=byline i], [class*=info i], [data-testid*=date i]"
)


def time_elements(
    document: Document, zone: str | None, *, modified: bool, apart: bool = False
) -> Iterator[Moment | None]:
    """`<time>` and its forerunner `<abbr class=published>`: the nearest to the headline first, teasers last.

    `apart`: those among comments and the like, and no others.
    """
    nodes = document.found.dated[:_MAX_TIMES]
    nodes = [node for node in nodes if modified or stands_apart(node, document.frames, _SITE) == apart]
    if len(nodes) > 1:
        nodes.sort(key=lambda n: (_is_teaser(n), distance(n, document.frames)))
    nearest_change = _FAR
    for node in nodes:
        attributes = node.attributes
        words = " ".join(filter(None, map(attributes.get, _NAMES))).lower()
        is_change = any(word in words for word in ("modif", "updat")) or tells_of_change(_before(node))
        if is_change and not modified:
            nearest_change = min(nearest_change, distance(node, document.frames))
        # Farther from the headline than its last change are the dates of other articles.
        is_ours = modified or nearest_change == _FAR or distance(node, document.frames) <= nearest_change
        if is_change == modified and is_ours:
            raw = attributes.get("datetime") or attributes.get("content") or attributes.get("title")
            yield read_moment(raw or text_in(node), "text", zone)


def said_times(document: Document, zone: str | None) -> Iterator[Moment]:
    """The `<time>` elements, outside teasers and comments, before which it says "Published"."""
    for node in document.found.dated[:_MAX_TIMES]:
        if SAYS_SO.match(_before(node)) and not _is_teaser(node) and not stands_apart(node, document.frames, _SITE):
            attributes = node.attributes
            moment = read_moment(attributes.get("datetime") or text_in(node), "text", zone)
            if moment:
                yield moment


def _is_teaser(node: LexborNode) -> bool:
    """Whether an element stands in a link, or in a list beside the headline of another story."""
    at = node.parent
    for _ in range(_TEASER_LEVELS):
        if at is None or at.tag == "a":
            return at is not None
        if at.tag == "li":
            return any(len(text_in(link)) >= _HEADLINE_CHARS for link in at.css("a[href]")[:_TEASER_LINKS])
        at = at.parent
    return False


def _before(node: LexborNode) -> str:
    """The words that stand right before an element: "Last updated on"."""
    words, at = "", node.prev
    for _ in range(2):
        if at is not None and at.tag in _IN_LINE:
            words, at = f"{at.text()[-_LABEL_WORDS_CHARS:]} {words}", at.prev
    return words[-_LABEL_WORDS_CHARS:]


_NAMES = ("class", "itemprop", "property")
_IN_LINE = frozenset(("-text", "span", "b", "strong", "i", "em", "small", "label"))
_FAR = 1_000
_MAX_TIMES = 20
_TEASER_LEVELS, _TEASER_LINKS, _HEADLINE_CHARS = 5, 3, 25
_SITE = frozenset(("nav", "footer"))
_LABEL_WORDS_CHARS = 30
