"""The second opinion: trafilatura, asked where our own selection is not sure of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, fromstring
from trafilatura import bare_extraction
from trafilatura.utils import repair_faulty_html

from newshouse.parse.dom.document import Document
from newshouse.parse.dom.markup import bounded
from newshouse.parse.words import tidy
from newshouse.records import Paragraph, ParagraphKind

# trafilatura needs about 0.1 s per 100 kB, and time quadratic in the number of inline elements.
_MAX_BYTES, _MAX_TAGS = 1_500_000, 8_000
# Its own second opinions are quadratic in the number of paragraphs, and told nothing new on large pages.
_MANY_TAGS = 3_000
_KINDS: dict[str, ParagraphKind] = {"head": "subhead", "list": "list", "quote": "quote", "table": "table"}
_INNER = {"list": "item", "quote": "p", "table": "row"}
# Its many searches and copies of the tree would all take them along.
_NO_TEXT = ("canvas", "iframe", "input", "link", "style", "svg")


def _parser() -> etree.HTMLParser:
    """The parser of trafilatura, but for one thing: all elements are of one class.

    `lxml.html` calls Python for the class of each element that is touched, which costs a twentieth of the whole time.
    """
    parser = etree.HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


_PARSER = _parser()


def read_with_trafilatura(document: Document) -> tuple[Paragraph, ...]:
    """The paragraphs that trafilatura finds; none when it fails. Never raises on foreign mark-up."""
    markup = bounded(document.markup, max_bytes=_MAX_BYTES, max_tags=_MAX_TAGS).decode("utf-8", "replace")
    try:
        found = bare_extraction(
            _tree(markup),
            url=document.url,
            include_comments=False,
            include_images=False,
            fast=markup.count("<") > _MANY_TAGS,
            output_format="txt",  # no other: "python" renders a text as well, which nobody asks for
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        # Hostile mark-up trips up the library in many ways; the page then simply has no text.
        found = None
    tree = getattr(found, "body", None)
    return tuple(_paragraphs(tree)) if tree is not None else ()


def _tree(markup: str) -> HtmlElement:
    tree: HtmlElement = fromstring(repair_faulty_html(markup, markup[:50].lower()).encode(), parser=_PARSER)
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)
    return tree


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
