"""Bytes -> Sitemap (https://www.sitemaps.org/protocol.html, Google's news extension): streamed, never a whole tree.

Dates are kept as written and never filled up: a lastmod without a time gives no moment. lxml hands over one tag at a
time, so that memory stays bounded by what is kept, whatever the file holds.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from newshouse.discover.dates import latest_reading, parse_date
from newshouse.discover.links import resolve
from newshouse.discover.listing import Entry, NotASitemap, Part, Sitemap
from newshouse.discover.text import as_written, one_line

MAX_URLS = 100_000  # twice what the protocol allows in one file
MAX_PARTS = 50_000  # what the protocol allows in one index
MAX_BYTES = 128 * 1024 * 1024  # unpacked; the protocol allows 50 MiB
_CHUNK_BYTES = 64 * 1024
_MAX_FIELD_CHARS = 10_000  # beyond any URL that is accepted, so that a cut one never is
_GZIP = b"\x1f\x8b"
_GZIP_WBITS = 31  # zlib's way to say: a gzip header, the largest window
_FIELDS = frozenset({"loc", "lastmod", "publication_date", "title", "language"})
_ROOTS = frozenset({"urlset", "sitemapindex"})


def read_sitemap(body: bytes, url: str, since: datetime | None = None) -> Sitemap | NotASitemap:
    """Read a sitemap or a sitemap index, gzipped or not, as far as it can be read. Never raises.

    Args:
        body: as fetched.
        url: where it came from; relative addresses hang on it.
        since: leaves out what is stated to be older (UTC). What states no date stays in.

    Returns:
        `NotASitemap` with reason ``sitemap_is_html``, ``empty_body``, ``entity_bomb`` or ``not_a_sitemap``.
    """
    reader = _Reader(url, since)
    parser = etree.XMLParser(
        target=reader, recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    damage = None
    try:
        for chunk in _chunks(body):
            parser.feed(chunk)
        parser.close()
        damage = reader.unfinished()
    except _StoppedError as stopped:
        damage = str(stopped)
    except zlib.error as error:
        damage = f"broken gzip: {error}"
    except (etree.XMLSyntaxError, ValueError) as error:
        damage = f"broken XML: {error}"
    return _answer(reader, body, damage)


class _StoppedError(Exception):
    """Reading ends here on purpose; the message says why."""


class _Reader:
    """What lxml calls for each tag. Keeps the fields of the <url> or <sitemap> it is in, and what is complete."""

    def __init__(self, url: str, since: datetime | None) -> None:
        self.url = url
        self.since = since
        self.root: str | None = None
        self.bomb = False
        self.entries: list[Entry] = []
        self.parts: list[Part] = []
        self._path: list[str] = []
        self._fields: dict[str, str] = {}

    def doctype(self, name: str | None, *_: object) -> None:
        """A sitemap has no DOCTYPE; one that has might hold an entity bomb."""
        self.root = (name or "").lower()
        self.bomb = self.root != "html"
        raise _StoppedError("it has a DOCTYPE")

    def start(self, tag: str, _: object) -> None:
        """A tag opens."""
        name = tag.rpartition("}")[2].lower()
        self.root = self.root or name
        self._path.append(name)
        if self._is_record():
            self._fields = {}

    def data(self, text: str) -> None:
        """Some text; one value may come in several pieces."""
        name = self._field()
        if name is not None:
            self._fields[name] = (self._fields.get(name, "") + text)[:_MAX_FIELD_CHARS]

    def end(self, _: str) -> None:
        """A tag closes."""
        if self._is_record():
            self._keep()
        self._path.pop()

    def close(self) -> None:
        """The document ends; lxml says so even after an error."""

    def unfinished(self) -> str | None:
        """What is wrong when the document ends here."""
        return f"it ends inside <{self._path[-1]}>" if self._path else None

    def _is_record(self) -> bool:
        return len(self._path) == 2 and self._path[1] in ("url", "sitemap")

    def _field(self) -> str | None:
        """The field that the text at this place belongs to. <image:loc> lies one level deeper than <loc>."""
        path = self._path
        inside = len(path) >= 3 and path[1] in ("url", "sitemap") and path[-1] in _FIELDS
        if not inside:
            return None
        direct = len(path) == 3 and path[2] in ("loc", "lastmod")
        of_news = path[2] == "news" and path[-1] in ("publication_date", "title", "language")
        return path[-1] if direct or of_news else None

    def _keep(self) -> None:
        loc = self._fields.get("loc")
        changed = as_written(self._fields.get("lastmod"))
        published = as_written(self._fields.get("publication_date"))
        if self._is_old(changed) or (changed is None and self._is_old(published)):
            return
        if self._path[1] == "sitemap":
            if address := resolve(loc, self.url):
                self.parts.append(Part(address, changed))
        else:
            self.entries.append(self._entry(loc, published, changed))
        if len(self.entries) >= MAX_URLS or len(self.parts) >= MAX_PARTS:
            raise _StoppedError(f"longer than {MAX_URLS:,} addresses or {MAX_PARTS:,} parts")

    def _is_old(self, raw: str | None) -> bool:
        latest = latest_reading(raw)
        return self.since is not None and latest is not None and latest < self.since

    def _entry(self, loc: str | None, published: str | None, changed: str | None) -> Entry:
        is_news = not self._fields.keys().isdisjoint({"publication_date", "title", "language"})
        return Entry(
            kind="news_sitemap" if is_news else "sitemap",
            link=resolve(loc, self.url),
            title=one_line(self._fields.get("title")),
            published_raw=published,
            published_at=parse_date(published),
            updated_raw=changed,
            updated_at=parse_date(changed),
            language=one_line(self._fields.get("language")),
        )


def _chunks(body: bytes) -> Iterator[bytes]:
    """The body in pieces, unpacked, without white space before the first tag (it would void the declaration)."""
    size = 0
    for chunk in _unpacked(body) if body.startswith(_GZIP) else _pieces(body):
        piece = chunk if size else chunk.lstrip()
        size += len(piece)
        if size > MAX_BYTES:
            raise _StoppedError(f"longer than {MAX_BYTES:,} bytes")
        if piece:
            yield piece


def unpacked(body: bytes) -> bytes:
    """The body, and of a gzipped one all that can be had within `MAX_BYTES`."""
    if not body.startswith(_GZIP):
        return body
    parts = bytearray()
    try:
        for chunk in _unpacked(body):
            parts += chunk
            if len(parts) > MAX_BYTES:
                break
    except (zlib.error, _StoppedError):
        pass  # what came before the damage counts
    return bytes(parts)


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _CHUNK_BYTES):
        yield body[start : start + _CHUNK_BYTES]


def _unpacked(body: bytes) -> Iterator[bytes]:
    """All that can be had of a gzip file, a chunk at a time. It may have several members, and padding behind them."""
    member = zlib.decompressobj(wbits=_GZIP_WBITS)
    for packed in _pieces(body):
        rest = packed
        while rest and not (member.eof and not rest.strip(b"\0")):
            if member.eof:
                member = zlib.decompressobj(wbits=_GZIP_WBITS)
            yield member.decompress(rest, _CHUNK_BYTES)
            rest = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise _StoppedError("the gzip file ends too early")


def _answer(reader: _Reader, body: bytes, damage: str | None) -> Sitemap | NotASitemap:
    if reader.bomb:
        return NotASitemap("entity_bomb", "a sitemap needs no DOCTYPE, and this one might expand without end")
    if reader.root in _ROOTS:
        return Sitemap(tuple(reader.entries), tuple(reader.parts), damage)
    if not body.strip():
        return NotASitemap("empty_body", "the response has no content")
    if reader.root == "html" or body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return NotASitemap("sitemap_is_html", f"begins with {body[:40]!r}")
    return NotASitemap("not_a_sitemap", damage or f"the root element is <{reader.root}>")
