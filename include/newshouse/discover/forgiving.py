"""The second try: feedparser, for feeds that our own reader finds nothing in (CDF, tag soup, bare items).

It is slow, and would open files, fetch addresses and expand entities: it gets bytes in memory without a DOCTYPE.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from newshouse.discover.dates import parse_date
from newshouse.discover.links import resolve
from newshouse.discover.listing import MAX_ENTRIES, Entry, Feed, ListingKind
from newshouse.discover.text import as_written, one_line, plain

# It takes 20 microseconds a tag: ten seconds for half a million characters of the shortest ones.
MAX_CHARS = 500_000


def read_broken_feed(text: str, url: str) -> Feed | None:
    """Read what can be read; None when no entry is found."""
    if len(text) > MAX_CHARS:
        return None
    # No address goes along: feedparser would make links of ids with it.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001 - any bug of the library on foreign bytes means the same: not readable
        return None
    kind: ListingKind = "atom" if str(parsed.get("version", "")).startswith("atom") else "rss"
    entries = tuple(_entry(kind, entry, parsed, url) for entry in parsed.entries[: MAX_ENTRIES + 1])
    return Feed(kind, entries) if entries else None


def _entry(kind: ListingKind, entry: Any, parsed: Any, url: str) -> Entry:
    published, updated = _text(entry, "published"), _text(entry, "updated")
    return Entry(
        kind=kind,
        link=resolve(_link(entry), url),
        title=plain(_text(entry, "title")),
        published_raw=as_written(published),
        published_at=parse_date(published),
        updated_raw=as_written(updated),
        updated_at=parse_date(updated),
        authors=tuple(dict.fromkeys(_authors(entry))),
        language=one_line(_text(entry, "language") or _text(parsed.feed, "language")),
    )


def _text(holder: Any, key: str) -> str | None:
    # dict.get, because feedparser's own answers "updated" with the published date.
    value = dict.get(holder, key)
    return value if isinstance(value, str) else None


def _link(entry: Any) -> str | None:
    """feedparser takes an id for the link where there is none; only an id that is an address may pass."""
    link = _text(entry, "link") or ""
    is_guess = dict.get(entry, "guidislink") and not link.lower().startswith(("http://", "https://"))
    return None if is_guess else link


def _authors(entry: Any) -> Iterator[str]:
    for author in dict.get(entry, "authors") or ():
        name = one_line(_text(author, "name"))
        if name:
            yield name
