"""Bytes -> Feed. The kind is told by the content, never by the address or the Content-Type."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from newshouse.discover.forgiving import read_broken_feed
from newshouse.discover.jsonfeed import read_json_feed
from newshouse.discover.listing import MAX_ENTRIES, Feed, NotAFeed
from newshouse.discover.text import decode
from newshouse.discover.xmlfeed import read_xml_feed

_FIRST_TAG = re.compile(r"<(?:\?xml|!doctype|!--|[a-z])", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|script|div|p|h1)\b", re.IGNORECASE)
# White space, instructions and comments before the root element. Possessive, so that a hostile head is read once.
_PROLOG = re.compile(r"(?:\s++|<\?[^>]*+>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_DOCTYPE_TOKEN = re.compile(r"""<!--.*?-->|"[^"]*+"|'[^']*+'|[\[\]>]""", re.DOTALL)
_MAX_DOCTYPE_CHARS = 16_384  # the longest honest one lists HTML's names, about 10,000
# An entity whose text mentions another: the "billion laughs". No feed needs that.
_NESTED_ENTITY = re.compile(r"""<!ENTITY\s[^>"']{0,200}(?:"[^"&%]*[&%]|'[^'&%]*[&%])""", re.IGNORECASE)
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
# An ampersand that XML would not understand. In CDATA it stands for itself.
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)(?:[A-Za-z#][A-Za-z0-9]{1,31};)?")


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> Feed | NotAFeed:
    """Read a feed of any kind, as far as it can be read. Never raises.

    Args:
        body: as decompressed by the fetcher.
        url: where it came from; relative links hang on it.
        content_type: the header; only its charset is used.

    Returns:
        A feed, perhaps with no entries, or `NotAFeed` with reason ``feed_is_html``, ``empty_body``, ``entity_bomb``
        or ``not_a_feed``.
    """
    feed = _parse(decode(body, content_type).lstrip("\ufeff \t\r\n"), url)
    if isinstance(feed, Feed) and len(feed.entries) > MAX_ENTRIES:
        return replace(feed, entries=feed.entries[:MAX_ENTRIES], damage=f"longer than {MAX_ENTRIES:,} entries")
    return feed


def _parse(text: str, url: str) -> Feed | NotAFeed:
    if not text:
        return NotAFeed("empty_body", "the response has no content")
    if text[0] in "{[":
        return read_json_feed(text, url)
    first = _FIRST_TAG.search(text)
    if first is None:
        return NotAFeed("not_a_feed", f"no mark-up; begins with {text[:40]!r}")
    return _parse_markup(text, first.start(), url)


def _parse_markup(text: str, first: int, url: str) -> Feed | NotAFeed:
    start = _after_prolog(text, first)
    while _DOCTYPE.match(text, start):
        if _HTML.match(text, start):
            break
        end = _doctype_end(text, start)
        if end is None or _NESTED_ENTITY.search(text, start, end):
            return NotAFeed("entity_bomb", "the DOCTYPE declares entities made of entities, or has no end")
        start = _after_prolog(text, end)
    if _HTML.match(text, start):
        return NotAFeed("feed_is_html", f"begins with {text[start : start + 40]!r}")
    # What stood before the root element is not needed: the text is decoded, and no entity is wanted.
    markup = _mended(text[start:])
    feed = read_xml_feed(markup, url)
    linked = _linked(feed)
    if isinstance(feed, Feed) and 0 < linked == len(feed.entries):
        return feed
    # Nothing found, or tags so crossed that links got lost: the slow reader may see more.
    other = read_broken_feed(markup, url)
    return other if other is not None and (_linked(other) > linked or isinstance(feed, NotAFeed)) else feed


def _linked(feed: Feed | NotAFeed) -> int:
    return sum(entry.link is not None for entry in feed.entries) if isinstance(feed, Feed) else 0


def _after_prolog(text: str, start: int) -> int:
    match = _PROLOG.match(text, start)
    return match.end() if match else start


def _doctype_end(text: str, start: int) -> int | None:
    """Where the DOCTYPE that begins at `start` ends; None when it does not."""
    depth = 0
    for token in _DOCTYPE_TOKEN.finditer(text, start + len("<!DOCTYPE"), start + _MAX_DOCTYPE_CHARS):
        depth += {"[": 1, "]": -1}.get(token[0], 0)
        if token[0] == ">" and depth <= 0:
            return token.end()
    return None


def _mended(markup: str) -> str:
    parts = _CDATA.split(markup)
    return "".join(part if part.startswith("<![CDATA[") else _AMPERSAND.sub(_character, part) for part in parts)


def _character(match: re.Match[str]) -> str:
    """XML knows five names; publishers write all of HTML's and bare ampersands, and the parser would drop both."""
    character = html.unescape(match[0])
    return character if character != match[0] and not set(character) & set("<&") else f"&amp;{match[0][1:]}"
