"""The text of a page that is put together in the browser: what it states in JSON-LD, or carries for its scripts.

Asked only where the page itself shows no text. Content systems keep an article as a list of parts (`{"type":
"paragraph", "html": "<p>…"}`, or with runs of type in it) or as one string of HTML, below an object that bears the
headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from newshouse.parse.dom.document import Document
from newshouse.parse.dom.states import states
from newshouse.parse.text.stated import chars, stated
from newshouse.parse.words import letters, plain, size
from newshouse.records import Paragraph, ParagraphKind

_MAX_VALUES, _MAX_DEPTH, _MAX_UPDATES, _MAX_HOLDERS = 20_000, 40, 500, 5
_TITLES = ("headline", "title", "name", "headlines")
_TEXTS = ("html", "content", "text", "body", "value", "articleBody", "bodyText")
_RUNS = ("children", "content")
_KINDS = ("type", "__typename", "nodeType", "_type", "style", "tag")
_HEADING = re.compile(r"\bh[1-6]\b")
_MAX_RUNS, _MAX_RUN_DEPTH = 500, 6
# Names of what a state says of other articles, of writers and readers.
_OF_OTHERS = re.compile(
    r"related|recommend|teaser|sidebar|trending|popular|latest|comment(?!ary)|author|byline|^bio|newsletter|"
    r"^(?:next|prev|more|promo)",
    re.IGNORECASE,
)
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
    if size(head) < _FEWEST_TITLE_CHARS:
        return ()
    for state in states(document.markup, document.text):
        holders = islice((holder for holder in _dicts(state) if _bears(holder, head)), _MAX_HOLDERS)
        if body := max((_longest(holder, head) for holder in holders), key=chars, default=()):
            return body
    return ()


def _dicts(value: Any, head: str = "") -> Iterator[dict[str, Any]]:
    """All objects of a state in a fixed order, outer ones first, within bounds.

    With the letters of a headline: without what is said of others than this article.
    """
    waiting, seen = [(value, 0)], 0
    while waiting and seen < _MAX_VALUES:
        at, depth = waiting.pop()
        seen += 1
        if isinstance(at, dict):
            yield at
        if depth < _MAX_DEPTH:
            inner = (item for item in reversed(_inner(at, head)) if isinstance(item, dict | list))
            waiting += [(item, depth + 1) for item in inner]


def _inner(value: Any, head: str) -> list[Any]:
    """What an object or a list holds; with a headline, what it holds of this article."""
    is_list = isinstance(value, list)
    inner = value.items() if isinstance(value, dict) else enumerate(value) if is_list else ()
    if not head:
        return [item for _, item in inner]
    own = [item for key, item in inner if is_list or not _OF_OTHERS.search(str(key))]
    is_one_of_many = is_list or any(isinstance(item, dict) and _bears(item, head) for item in own)
    return [item for item in own if not (is_one_of_many and isinstance(item, dict) and _bears_another(item, head))]


def _bears_another(item: dict[str, Any], head: str) -> bool:
    return any(isinstance(item.get(key), str) for key in ("headline", "title")) and not _bears(item, head)


def _bears(holder: dict[str, Any], head: str) -> bool:
    for key in _TITLES:
        value = holder.get(key)
        values = value.values() if isinstance(value, dict) else [value]
        if any(isinstance(one, str) and letters(plain(one)) == head for one in values):
            return True
    return False


def _longest(holder: dict[str, Any], head: str) -> tuple[Paragraph, ...]:
    """The text that an object holds, else the longest of those in it, if it is long enough for an article."""
    direct = max((_body(holder.get(key)) for key in _TEXTS), key=chars)
    if chars(direct) >= _MIN_STATE_CHARS:
        return direct
    found = (
        body
        for inner in _dicts(holder, head)
        for key, value in inner.items()
        if not _OF_OTHERS.search(key) and (body := _body(value))
    )
    longest = max(found, key=chars, default=())
    return longest if chars(longest) >= _MIN_STATE_CHARS else ()


def _body(value: Any) -> tuple[Paragraph, ...]:
    """A list of parts, or a string of HTML, as paragraphs; none if it holds fewer than two sentences."""
    parts = value[:_MAX_VALUES] if isinstance(value, list) else [value] if isinstance(value, str) else []
    found = tuple(paragraph for part in parts for paragraph in _part(part))
    return found if sum(size(paragraph.text) >= _SENTENCE_CHARS for paragraph in found) > 1 else ()


def _part(part: Any) -> Iterator[Paragraph]:
    text, kind = part, ""
    if isinstance(part, dict):
        if any(isinstance(part.get(key), str) for key in ("headline", "title", "slug")):
            return  # a teaser of another article
        data = part.get("data")
        inner = data if isinstance(data, dict) else part
        text = next((inner[key] for key in _TEXTS if isinstance(inner.get(key), str)), None)
        text = _joined(part) if text is None else text
        kind = " ".join(str(part[key]).lower() for key in _KINDS if isinstance(part.get(key), str))
    yield from stated(text, _kind(kind))


def _joined(part: dict[str, Any], depth: int = 0) -> str:
    """The text of a part that is kept as runs of type: `{"type": "p", "children": [{"text": "…"}, …]}`."""
    runs = next((part[key] for key in _RUNS if isinstance(part.get(key), list)), ())
    texts = []
    for run in runs[:_MAX_RUNS] if depth < _MAX_RUN_DEPTH else ():
        if isinstance(run, str):
            texts.append(run)
        elif isinstance(run, dict):
            own = next((run[key] for key in ("text", "value") if isinstance(run.get(key), str)), None)
            texts.append(_joined(run, depth + 1) if own is None else own)
    return "".join(texts)


def _kind(named: str) -> ParagraphKind:
    is_head = "head" in named or _HEADING.search(named) is not None
    return "subhead" if is_head else "quote" if "quote" in named else "text"
