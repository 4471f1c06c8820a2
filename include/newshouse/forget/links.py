"""The addresses that a feed, a sitemap or a page names, however it writes them.

A feed that names a forgotten article keeps its address and often its words. Better one link too many found than one too
few: a text that is no link costs one look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

from newshouse.discover.sitemaps import unpacked

_ABSOLUTE = re.compile(r"(?:https?:)?//[^\s\"'<>\]\[{}]+", re.IGNORECASE)
_RELATIVE = re.compile(
    r"(?<=[\"'(>=])(?P<rooted>/(?!/)[^\s\"'<>()\]\[{}]+)|\bhref\s*=\s*[\"']?(?P<href>[^\s\"'<>]+)", re.IGNORECASE
)
_AFTER = ").,;!"  # what a text may put behind a link


def links_in(body: bytes, base: str) -> Iterator[str]:
    """Absolute addresses; those that stand relative in it are joined to `base`. Some come twice."""
    text = unescape(_text(body).replace("\\/", "/"))
    for match in _ABSOLUTE.finditer(text):
        yield from _spellings(match[0], base)
    for match in _RELATIVE.finditer(text):
        yield from _spellings(match["rooted"] or match["href"], base)


def _spellings(link: str, base: str) -> Iterator[str]:
    for spelled in dict.fromkeys((link, link.rstrip(_AFTER), unescape(link))):
        try:
            yield urljoin(base, spelled)
        except ValueError:  # no address after all
            continue


def _text(body: bytes) -> str:
    plain = unpacked(body)
    return plain.decode("utf-16" if plain.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")
