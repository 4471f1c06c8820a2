"""The text of a page that is put together in the browser: what it states in JSON-LD, or carries for its scripts.

Asked only where the page itself shows no text. Content systems keep an article as a list of parts (`{"type":
"paragraph", "html": "<p>…"}`) or as one string of HTML, below an object that bears the headline.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from newshouse.parse.document import Document
from newshouse.parse.stated import chars, stated
from newshouse.parse.words import letters, plain
from newshouse.records import Paragraph, ParagraphKind

_STATES = re.compile(
    r'<script[^>]{0,200}\bid="?__NEXT_DATA__[^>]{0,200}>\s*(?={)|(?:\b__[A-Z_]{0,25}(?:STATE|DATA)__|\bFusion\.globalContent)\s*=\s*(?={)'
)
_SIGNS = (b"STATE__", b"DATA__", b"Fusion.globalContent")
_DECODER = json.JSONDecoder(strict=False)
_MAX_STATES, _MAX_CHARS, _MAX_VALUES, _MAX_DEPTH, _MAX_UPDATES, _MAX_HOLDERS = 5, 2_000_000, 20_000, 40, 500, 5
_TITLES = ("headline", "title", "name", "headlines")
_TEXTS = ("html", "content", "text", "body", "value", "articleBody", "bodyText")
_FEWEST_TITLE_CHARS = 10
_SENTENCE_CHARS = 70
_MIN_STATE_CHARS = 300


def live_updates(node: dict[str, Any] | None) -> tuple[Paragraph, ...]:
    """The entries of a LiveBlogPosting, in their order, each headline before its text."""
    updates = (node or {}).get("liveBlogUpdate")
    found: list[Paragraph] = []
    for update in (updates if isinstance(updates, list) else [updates])[:_MAX_UPDATES]:
        if isinstance(update, dict):
            text = list(stated(update.get("articleBody"), "live_entry"))
            head = plain(update.get("headline"))
            if head and text and not letters(text[0].text).startswith(letters(head)):
                found.append(Paragraph("subhead", head))
            found += text
    return tuple(found)


def carried(document: Document, title: str | None) -> tuple[Paragraph, ...]:
    """The article that the page carries as data for its scripts; none where no object bears its headline."""
    head = letters(title)
    if len(head) < _FEWEST_TITLE_CHARS:
        return ()
    if not any(sign in document.markup for sign in _SIGNS):
        return ()
    for state in _states(document.text):
        holders = islice((holder for holder in _dicts(state) if _bears(holder, head)), _MAX_HOLDERS)
        if body := max(map(_longest, holders), key=chars, default=()):
            return body
    return ()


def _states(markup: str) -> Iterator[Any]:
    for count, found in enumerate(_STATES.finditer(markup)):
        if count >= _MAX_STATES:
            return
        try:
            yield _DECODER.raw_decode(markup[found.end() : found.end() + _MAX_CHARS])[0]
        except (ValueError, RecursionError):
            continue


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """All objects of a state in a fixed order, outer ones first, within bounds."""
    waiting, seen = [(value, 0)], 0
    while waiting and seen < _MAX_VALUES:
        at, depth = waiting.pop()
        seen += 1
        if isinstance(at, dict):
            yield at
        inner = list(at.values()) if isinstance(at, dict) else at if isinstance(at, list) else []
        if depth < _MAX_DEPTH:
            waiting += [(item, depth + 1) for item in reversed(inner) if isinstance(item, dict | list)]


def _bears(holder: dict[str, Any], head: str) -> bool:
    for key in _TITLES:
        value = holder.get(key)
        values = value.values() if isinstance(value, dict) else [value]
        if any(isinstance(one, str) and letters(plain(one)) == head for one in values):
            return True
    return False


def _longest(holder: dict[str, Any]) -> tuple[Paragraph, ...]:
    """The longest text among all that an object holds, if it is long enough for an article."""
    found = (body for inner in _dicts(holder) for value in inner.values() if (body := _body(value)))
    longest = max(found, key=chars, default=())
    return longest if chars(longest) >= _MIN_STATE_CHARS else ()


def _body(value: Any) -> tuple[Paragraph, ...]:
    """A list of parts, or a string of HTML, as paragraphs; none if it holds fewer than two sentences."""
    parts = value[:_MAX_VALUES] if isinstance(value, list) else [value] if isinstance(value, str) else []
    found = tuple(paragraph for part in parts for paragraph in _part(part))
    return found if sum(len(paragraph.text) >= _SENTENCE_CHARS for paragraph in found) > 1 else ()


def _part(part: Any) -> Iterator[Paragraph]:
    text, kind = part, ""
    if isinstance(part, dict):
        if any(isinstance(part.get(key), str) for key in ("headline", "title", "slug")):
            return  # a teaser of another article
        text = next((part[key] for key in _TEXTS if isinstance(part.get(key), str)), None)
        kind = str(part.get("type") or part.get("__typename") or "").lower()
    yield from stated(text, _kind(kind))


def _kind(named: str) -> ParagraphKind:
    return "subhead" if "head" in named else "quote" if "quote" in named else "text"
