"""Keeps foreign mark-up within what the DOM builder does in linear time.

lexbor needs time quadratic in the depth of open elements and in the attributes of one tag: 100,000 nested `<div>`
took 15 s, 30,000 attributes 1.5 s. No page that a reader can use comes near the limits below.
"""

from __future__ import annotations

import re

MAX_CHARS = 4_000_000
MAX_TAGS = 80_000
MAX_DEPTH = 2_000
_UNCLOSED = 8_000  # so many tags without an end are worth a count of the depth
_MAX_TAG_CHARS = 20_000
_MAX_ATTRIBUTES = 2_000
_WINDOW = _MAX_TAG_CHARS // 2
_LONG_TAG = re.compile(rf"<([a-zA-Z][\w:-]{{0,40}})([^<>]{{{_MAX_TAG_CHARS},}})>?")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,40})")
# Elements that hold nothing, or that the next one of their kind closes: they do not add depth.
_SHALLOW = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "option",
        "path",
        "circle",
        "rect",
        "use",
        "line",
        "polygon",
        "polyline",
        "ellipse",
        "stop",
    ]
)


def bounded(text: str, max_chars: int = MAX_CHARS, max_tags: int = MAX_TAGS) -> str:
    """`text`, cut where it would cost too much. Ordinary pages come back unchanged."""
    text = text[:max_chars]
    tags = text.count("<")
    if tags > max_tags:
        text = text[: _position_of_nth(text, "<", max_tags)]
    text = _without_long_tags(text)
    if tags > _UNCLOSED and tags - 2 * text.count("</") > _UNCLOSED:
        text = text[: _too_deep_at(text)]
    return text


def _without_long_tags(text: str) -> str:
    """A tag that long leaves at least one whole window without ">": only there is looked closer."""
    found = []
    end = 0
    for start in range(0, len(text), _WINDOW):
        if start < end or text.find(">", start, start + _WINDOW) >= 0:
            continue
        begin, end = max(0, text.rfind(">", 0, start)), text.find(">", start)
        end = len(text) if end < 0 else end + 1
        found += [match for match in _LONG_TAG.finditer(text, begin, end) if _is_soup(match)]
    for match in reversed(found):
        text = f"{text[: match.start()]}<{match[1]}>{text[match.end() :]}"
    return text


def _position_of_nth(text: str, needle: str, n: int) -> int:
    position = -1
    for _ in range(n):
        position = text.find(needle, position + 1)
    return position


def _is_soup(match: re.Match[str]) -> bool:
    """A tag with thousands of attributes loses them all; one long attribute value stays."""
    return len(_QUOTED.sub("", match[2]).split()) > _MAX_ATTRIBUTES


def _too_deep_at(text: str) -> int | None:
    depth = 0
    for match in _TAG.finditer(text):
        if match[2].lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            return match.start()
    return None
