"""Keeps foreign mark-up within what the DOM builder does in linear time.

lexbor needs time quadratic in the depth of open elements and in the attributes of one tag: 100,000 nested `<div>`
took 15 s, 30,000 attributes 1.5 s. No page that a reader can use comes near the limits below.
"""

from __future__ import annotations

import re

MAX_CHARS = 4_000_000
MAX_TAGS = 120_000
MAX_DEPTH = 2_000
_UNCLOSED = 8_000  # so many tags without an end are worth a count of the depth
_MAX_TAG_CHARS = 20_000
_MAX_ATTRIBUTES = 2_000
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
    if _has_long_tag(text):
        text = _LONG_TAG.sub(_without_soup, text)
    if tags > _UNCLOSED and tags - 2 * text.count("</") > _UNCLOSED:
        text = text[: _too_deep_at(text)]
    return text


def _has_long_tag(text: str) -> bool:
    """Whether a tag is suspiciously long. Scripts are long, too, but their tag ends soon."""
    pieces = text.split("<")
    lengths = list(map(len, pieces))
    # The longest first, so that only a handful is looked at outside of C.
    while (longest := max(lengths)) > _MAX_TAG_CHARS:
        at = lengths.index(longest)
        if pieces[at][0].isalpha() and ">" not in pieces[at][:_MAX_TAG_CHARS]:
            return True
        lengths[at] = 0
    return False


def _position_of_nth(text: str, needle: str, n: int) -> int:
    position = -1
    for _ in range(n):
        position = text.find(needle, position + 1)
    return position


def _without_soup(match: re.Match[str]) -> str:
    """A tag with thousands of attributes loses them all; one long attribute value stays."""
    names = _QUOTED.sub("", match[2]).split()
    return match[0] if len(names) <= _MAX_ATTRIBUTES else f"<{match[1]}>"


def _too_deep_at(text: str) -> int | None:
    depth = 0
    for match in _TAG.finditer(text):
        if match[2].lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            return match.start()
    return None
