"""Text that a page states as data, plain or as HTML -> paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from newshouse.parse.words import plain, size, tidy
from newshouse.records import Paragraph, ParagraphKind

_LINE_ENDS = re.compile(r"\n+|<br\s*/?>|</(?:p|li|div|blockquote|h[1-6])>|(?=<h[1-6][\s>])", re.IGNORECASE)
_HEADING = re.compile(r"\s*<h[1-6]\b", re.IGNORECASE)


def stated(text: Any, kind: ParagraphKind = "text") -> Iterator[Paragraph]:
    """The paragraphs of such a text, headings as subheads and all else of one kind; none of what is no text."""
    for line in _LINE_ENDS.split(text) if isinstance(text, str) else ():
        if words := tidy(plain(line) or ""):
            yield Paragraph("subhead" if _HEADING.match(line) else kind, words)


def chars(paragraphs: Sequence[Paragraph]) -> int:
    """Their length, in which a character that says more counts for more."""
    return sum(size(paragraph.text) for paragraph in paragraphs)
