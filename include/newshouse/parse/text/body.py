"""The paragraphs of an article, in order, with their kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newshouse.parse.dates.moments import moments_in
from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import Block, Element
from newshouse.parse.dom.template import template
from newshouse.parse.text.confidence import confidence
from newshouse.parse.text.fallback import read_with_trafilatura
from newshouse.parse.text.live import live_entries, stamped_entries
from newshouse.parse.text.notes import read_note, stands_above_others
from newshouse.parse.text.selection import Selection, select
from newshouse.parse.text.stated import chars, stated
from newshouse.parse.text.unrendered import carried, live_updates
from newshouse.parse.words import SENTENCE_ENDS, ends_sentence, letters, plain, size, spells, unescaped
from newshouse.records import Paragraph, ParagraphKind

# Below this the second opinion is much better on average, at the price of one page in eighty (make bench-extraction).
# Up to 0.75 it is still a little better, but six pages could be read in the time of one that asks.
_SURE = 0.65
_MOST_KEPT = 0.5  # of the page's text outside links: where we hold more, second opinions took text away, often wrongly
_LEAST_OTHER = 0.5  # of our own text: a second opinion that saw less is none
# Mean F1 of second opinions: they are better where we are at a loss, and unsure where we are.
_OTHER_BASE, _OTHER_SHARE = 0.55, 0.35
_STATED = 0.88
_MAX_SUBHEAD = 80
_ANCHORS, _ANCHOR_CHARS = "#¶§🔗 ", (1, 2)
_MAX_DATE_CHARS, _MOST_DATE_WORDS = 50, 3
_MIN_TITLE_CHARS = 15
# What no subhead of bold type ends with. More than ends a sentence: quotations too, but in Japanese 「…」 may be one.
_NEVER_LAST = frozenset((*SENTENCE_ENDS, *':;,”"»“)'))
_MOST_ABOVE = 500  # characters above the entries of a live blog; a page that shows more shows entries, the latest
_MOST_BESIDE, _FEW_BLOCKS = 600, 3
_SENTENCE_CHARS, _LEAST_PROSE = 70, 140
_CORRECTION = re.compile(
    r"(?:correction|clarification|editor['’]s note|this (?:article|story) (?:was|has been) (?:amended|corrected|"
    r"updated)|(?:an (?:earlier|original|initial)|a previous) version of this (?:article|story|report|column)|"
    r"korrektur|berichtigung|correctif|rectificatif|errata|corrección|정정|訂正)\b",
    re.IGNORECASE,
)
# What those begin with; the pattern takes a dozen times longer.
_CORRECTION_STARTS = (
    "correction", "clarification", "editor", "this article ", "this story ", "an earlier ", "an original ",
    "an initial ", "a previous ", "korrektur", "berichtigung", "correctif", "rectificatif", "errata", "corrección",
    "정정", "訂正",
)  # fmt: skip
_DIGIT, _LONGER_WORD = re.compile(r"\d"), re.compile(r"[^\W\d_]{3,}")
_CORRECTION_CHARS = max(map(len, _CORRECTION_STARTS))


@dataclass(frozen=True, slots=True)
class Body:
    """What was found.

    Attributes:
        extractor, confidence: what found the paragraphs, and how sure it is (0 to 1).
        template: the make of the page; see `template.py`.
        link_density: share of the text that lies in links; None where the text is not read from mark-up.
    """

    paragraphs: tuple[Paragraph, ...]
    extractor: str
    confidence: float | None = None
    template: str | None = None
    link_density: float | None = None


def read_body(document: Document, title: str | None = None, standfirst: str | None = None) -> Body:
    """The text of the page's article; no paragraphs when there is none. Never raises on foreign mark-up."""
    told_body = document.article_node.get("articleBody") if document.article_node else None
    article_body = told_body if isinstance(told_body, str) else None
    found = select(document.blocks, title, plain(article_body), standfirst, document.url)
    note = read_note(document) if _may_be_beside(found) else None
    is_note = note is not None and (not found.blocks or stands_above_others(note, found, document.blocks))
    found = note if note and is_note else found
    told = "liveblogposting" in document.node_types
    live = live_entries(found) if told else stamped_entries(document.blocks, found)
    spelled = letters(standfirst)
    own = tuple(_own(found, spelled, live))
    make = template(found.container)
    if article_body and _is_cut(found, article_body):
        return Body(tuple(stated(article_body)), "jsonld", _STATED, make)
    if unseen := _unseen(document, own, article_body, title):
        return unseen
    sure = confidence(document, found)
    asks = sure < _SURE and document.blocks and not (is_note or document.has_next)
    if asks and _unlinked(found.blocks) <= _MOST_KEPT * _unlinked(document.blocks):
        heads = {letters(title)} - {""}
        other = tuple(p for p in read_with_trafilatura(document) if letters(p.text) not in heads)
        enough = chars(other) > _LEAST_OTHER * chars(own) if own else _holds_prose(other)
        if enough:
            other_sure = round(_OTHER_BASE + _OTHER_SHARE * sure, 3)
            return Body(other, "trafilatura", other_sure, make, _linked_as_blocks(other, document.blocks))
    return Body(own, "newshouse", sure, make, _linked((len(b.text), b.link_chars) for b in found.blocks))


def _own(found: Selection, standfirst: str, live: frozenset[Element]) -> Iterator[Paragraph]:
    begun = False
    for block in found.blocks:
        kind = _kind(block, found.container, standfirst, live)
        if begun and kind == "lead" and block.is_heading:
            kind = "subhead"  # some call those so
        begun = begun or kind == "text"
        yield Paragraph(kind, unescaped(_printed_head(block), True) if block.is_heading else unescaped(block.text))


def _unseen(document: Document, own: tuple[Paragraph, ...], article_body: str | None, title: str | None) -> Body | None:
    """The text of a page that shows none, or only what stands above its live blog, as data of the page hold it."""
    shown = chars(own)
    if shown <= _MOST_ABOVE and chars(updates := live_updates(document.article_node)) > shown:
        printed = {letters(paragraph.text) for paragraph in own}
        return Body(own + tuple(p for p in updates if letters(p.text) not in printed), "jsonld", _STATED)
    if any(size(paragraph.text) >= _SENTENCE_CHARS for paragraph in own):
        return None
    if _holds_prose(told := tuple(stated(article_body))):
        return Body(told, "jsonld", _STATED)
    data = carried(document, title)
    return Body(data, "script", _STATED) if data else None


def _may_be_beside(found: Selection) -> bool:
    """Whether it is so little that it may be the small print below a short report, or nothing at all."""
    return found.good_chars <= _MOST_BESIDE and len(found.blocks) <= _FEW_BLOCKS


def _printed_head(block: Block) -> str:
    """The text of a heading without the sign that links to its own place on the page: "The vote #"."""
    is_marked = block.link_chars in _ANCHOR_CHARS and block.text[-1] in _ANCHORS
    return block.text.rstrip(_ANCHORS) or block.text if is_marked else block.text


def _holds_prose(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether there is a sentence or two, and not only a menu or the wish for another browser."""
    whole = (p.text for p in paragraphs if size(p.text) >= _SENTENCE_CHARS and "javascript" not in p.text.lower())
    return sum(map(size, whole)) >= _LEAST_PROSE


def _linked(texts: Iterable[tuple[int, int]]) -> float | None:
    """The share of characters in links. `texts`: characters, and how many of them lie in links."""
    pairs = list(texts)
    whole = sum(length for length, _ in pairs)
    return round(min(sum(linked for _, linked in pairs) / whole, 1.0), 3) if whole else None


def _linked_as_blocks(paragraphs: tuple[Paragraph, ...], blocks: list[Block]) -> float | None:
    """The same of paragraphs that another reader found: their links are those of the blocks that they repeat."""
    linked = {block.letters: block.link_chars for block in blocks if block.link_chars}
    return _linked((len(p.text), linked.get(letters(p.text), 0)) for p in paragraphs)


def _unlinked(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) - block.link_chars for block in blocks)


def without_furniture(
    paragraphs: tuple[Paragraph, ...], title: str | None, subtitle: str | None, printed: set[str]
) -> tuple[Paragraph, ...]:
    """Title, bylines and captions taken out where they repeat; the standfirst marked as lead.

    `printed`: texts (letters only) that have a column of their own.
    """
    kept: list[Paragraph] = []
    heads, told = {letters(title)} - {""}, letters(subtitle)
    # A text much longer than what it is held against cannot be the same, nor one that begins with another letter.
    longest = 3 * max(map(len, printed), default=0) + 30
    initials = {spelled[0] for spelled in printed}
    for paragraph in paragraphs:
        near_top = len(kept) < 3
        initial = paragraph.text[:1].lower()
        if not near_top and (len(paragraph.text) > longest or (initial.isalnum() and initial not in initials)):
            kept.append(paragraph)
            continue
        spelled = letters(paragraph.text)
        if not spelled or (near_top and spelled in heads) or (spelled in printed and spelled != told):
            continue
        if near_top and title and paragraph.kind == "subhead" and _has_kicker(paragraph.text, title):
            continue
        if near_top and title and _heads_line(paragraph.text, title):
            continue
        if near_top and paragraph.kind == "text" and not kept and _is_date(paragraph.text):
            continue
        is_lead = near_top and not any(p.kind == "text" for p in kept) and spelled == told
        kept.append(Paragraph("lead", paragraph.text) if is_lead else paragraph)
    return tuple(kept)


def _is_date(text: str) -> bool:
    """Whether it is the day of the article, with a clock, a weekday or a place at most."""
    if len(text) > _MAX_DATE_CHARS or ends_sentence(text) or not _DIGIT.search(text):
        return False
    few = len(_LONGER_WORD.findall(text)) <= _MOST_DATE_WORDS
    return few and any(moment.precision not in ("year", "month") for _, moment in moments_in(text, "text"))


def _has_kicker(text: str, title: str) -> bool:
    """Whether a heading is the headline behind a kicker: "Night shifts: Ferry strike talks resume"."""
    kicker, headline, rest = text.rpartition(title)
    apart = bool(kicker) and not (kicker[-1].isspace() and kicker.rstrip()[-1:].isalnum())
    return bool(headline) and apart and not letters(rest)


def _heads_line(text: str, title: str) -> bool:
    """Whether it is the headline with the date or byline behind it, in one element: "Ferry strike 4 July 2026"."""
    rest = text.removeprefix(title)
    if rest == text or size(title) < _MIN_TITLE_CHARS or len(rest) > _MAX_SUBHEAD or ends_sentence(text):
        return False
    return any(moment.precision not in ("year", "month") for _, moment in moments_in(rest, "text"))


def _is_cut(found: Selection, article_body: str) -> bool:
    """Whether the page shows only the beginning of the text that its JSON-LD holds whole."""
    anchor = letters(article_body)
    kept = [block.letters for block in found.blocks]
    shown = sum(map(len, kept))
    return len(anchor) > 1.5 * shown + 300 and sum(len(k) for k in kept if k in anchor) >= 0.6 * shown


def _kind(
    block: Block, container: Element | None, standfirst: str, live: frozenset[Element] = frozenset()
) -> ParagraphKind:
    # A first paragraph that the description repeats is no standfirst, unless it stands apart from the text.
    apart = container is None or block.is_heading or not block.element.is_below(container)
    names_lead = block.element.said.is_deck or (
        apart and not block.is_heading and any(element.said.is_deck for element in block.element.chain(3))
    )
    is_lead = names_lead or (apart and spells(block.text, standfirst))
    if block.is_heading and not is_lead:
        return "subhead"
    entry = None
    if live:
        chain = block.element.chain()
        entry = max((at for at, element in enumerate(chain) if element in live), default=None)
    levels = _NEAR_LEVELS if entry is None else min(_NEAR_LEVELS, entry)
    found = _kind_of_place(block, levels)
    return found or ("live_entry" if entry is not None else _kind_of_text(block, is_lead))


def _kind_of_place(block: Block, levels: int) -> ParagraphKind | None:
    quoted, at = False, block.element
    for _ in range(levels):
        if at.tag == "li":
            return "list"
        quoted = quoted or at.tag == "blockquote"
        if at.parent is None:
            break
        at = at.parent
    if block.tag in ("dt", "dd"):
        return "list"
    return "quote" if quoted else "table" if block.tag in ("tr", "caption") else None


def _kind_of_text(block: Block, is_lead: bool) -> ParagraphKind:
    if block.text[:_CORRECTION_CHARS].lower().startswith(_CORRECTION_STARTS) and _CORRECTION.match(block.text):
        return "correction"
    return "lead" if is_lead else "subhead" if _is_bold_label(block) else "text"


def _is_bold_label(block: Block) -> bool:
    """Whether it is a subhead that only its type tells: <p><strong>What it costs</strong></p>."""
    return len(block.text) <= _MAX_SUBHEAD and block.text[-1] not in _NEVER_LAST and block.element.is_bold


_NEAR_LEVELS = 4
