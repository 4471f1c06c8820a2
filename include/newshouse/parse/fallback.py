"""The second opinion: trafilatura, asked where our own selection is not sure of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from trafilatura import bare_extraction

from newshouse.parse.document import Document
from newshouse.parse.markup import bounded
from newshouse.parse.words import tidy
from newshouse.records import Paragraph, ParagraphKind

# trafilatura needs about 0.1 s per 100 kB, and time quadratic in the number of inline elements.
_MAX_BYTES, _MAX_TAGS = 1_500_000, 8_000
# Its own second opinions are quadratic in the number of paragraphs, and told nothing new on large pages.
_MANY_TAGS = 3_000
_KINDS: dict[str, ParagraphKind] = {"head": "subhead", "list": "list", "quote": "quote", "table": "table"}
_INNER = {"list": "item", "quote": "p", "table": "row"}


def read_with_trafilatura(document: Document) -> tuple[Paragraph, ...]:
    """The paragraphs that trafilatura finds; none when it fails. Never raises on foreign mark-up."""
    markup = bounded(document.markup, max_bytes=_MAX_BYTES, max_tags=_MAX_TAGS).decode("utf-8", "replace")
    try:
        found = bare_extraction(
            markup, url=document.url, include_comments=False, include_images=False, fast=markup.count("<") > _MANY_TAGS
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        # Hostile mark-up trips up the library in many ways; the page then simply has no text.
        found = None
    tree = getattr(found, "body", None)
    return tuple(_paragraphs(tree)) if tree is not None else ()


def _paragraphs(tree: Any) -> Iterator[Paragraph]:
    for element in tree:
        if not isinstance(element.tag, str):
            continue
        kind = _KINDS.get(element.tag, "text")
        inner = list(element.iter(_INNER[element.tag])) if element.tag in _INNER else []
        for node in inner or [element]:
            for line in _lines(node):
                yield Paragraph(kind, line)
        if element.tail and (rest := tidy(element.tail)):
            yield Paragraph("text", rest)


def _lines(node: Any) -> Iterator[str]:
    """The text of an element, parted at line breaks."""
    for line_break in node.iter("lb"):
        line_break.text = "\n"
    separator = " | " if node.tag == "row" else ""
    parts = (
        [text.strip() for cell in node for text in ["".join(cell.itertext())]]
        if separator
        else ["".join(node.itertext())]
    )
    for line in separator.join(filter(None, parts)).split("\n"):
        if text := tidy(line):
            yield text
