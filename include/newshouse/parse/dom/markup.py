"""Keeps foreign mark-up within what the DOM builder does in linear time.

lexbor needs time quadratic in the depth of open elements and in the attributes of one tag: 100,000 nested `<div>`
took 15 s, 30,000 attributes 1.5 s. No page that a reader can use comes near the limits below: of 1,900 pages the
largest had 2.2 MB and 20,000 tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

MAX_BYTES = 4_000_000
MAX_TAGS = 60_000
MAX_DEPTH = 2_000
_UNCLOSED = 8_000  # so many tags without an end are worth a count of the depth
_MAX_TAG_BYTES = 20_000
_MAX_ATTRIBUTES = 2_000
_LESS_THAN = ord("<")
_WINDOW = _MAX_TAG_BYTES // 2
_TAG_NAME = re.compile(rb"<([a-zA-Z][\w:-]{0,40})")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,40})")
# Elements that hold nothing, or that the next one of their kind closes: they do not add depth.
_SHALLOW = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd td th tr option path circle rect "
    b"use line polygon polyline ellipse stop".split()
)


def cut(body: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """At most so many bytes, in any encoding; the cut is made before a tag, so that no character is torn."""
    if len(body) <= max_bytes:
        return body
    at = body.rfind(b"<", max_bytes - _MAX_TAG_BYTES, max_bytes)
    return body[: at if at > 0 else max_bytes]


def bounded(markup: bytes, max_bytes: int = MAX_BYTES, max_tags: int = MAX_TAGS) -> bytes:
    """`markup` (UTF-8), cut where it would cost too much. Ordinary pages come back unchanged."""
    markup = cut(markup, max_bytes)
    tags = int(np.count_nonzero(np.frombuffer(markup, np.uint8) == _LESS_THAN))  # `bytes.count` takes thrice as long
    if tags > max_tags:
        markup = markup[: _position_of_nth(markup, b"<", max_tags)]
    markup = _without_long_tags(markup)
    if tags > _UNCLOSED and tags - 2 * markup.count(b"</") > _UNCLOSED:
        markup = markup[: _too_deep_at(markup)]
    return markup


def _without_long_tags(markup: bytes) -> bytes:
    """A tag that long leaves at least one whole window without ">": only there is looked closer."""
    found: list[tuple[int, bytes, int]] = []
    end = 0
    for start in range(0, len(markup), _WINDOW):
        if start < end or markup.find(b">", start, start + _WINDOW) >= 0:
            continue
        begin, end = max(0, markup.rfind(b">", 0, start)), markup.find(b">", start)
        end = len(markup) if end < 0 else end + 1
        found += _soups(markup, begin, end)
    for begin, name, end in reversed(found):
        markup = b"%b<%b>%b" % (markup[:begin], name, markup[end:])
    return markup


def _soups(markup: bytes, begin: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    """(begin, name, end) of the tags with thousands of attributes in a part with no ">" before its end."""
    at = markup.find(b"<", begin, end)
    while at >= 0:
        following = markup.find(b"<", at + 1, end)
        stop = following if following >= 0 else end
        name = _TAG_NAME.match(markup, at) if stop - at > _MAX_TAG_BYTES else None
        if name and _is_soup(markup[name.end() : stop]):
            yield at, name[1], stop
        at = following


def _position_of_nth(markup: bytes, needle: bytes, n: int) -> int:
    position = -1
    for _ in range(n):
        position = markup.find(needle, position + 1)
    return position


def _is_soup(attributes: bytes) -> bool:
    """A tag with thousands of attributes loses them all; one long attribute value stays."""
    return len(_QUOTED.sub(b"", attributes).split()) > _MAX_ATTRIBUTES


def _too_deep_at(markup: bytes) -> int | None:
    depth = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            return match.start()
    return None
