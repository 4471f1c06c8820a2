"""RSS 0.9x, 1.0 (RDF), 2.0 and Atom 0.3, 1.0, read from the tree that lxml recovers.

Own reader because the fast library drops the dates as written, all authors but the first and xml:base, takes a
rel="self" link for the article's, and fills the missing parts of a date with today's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from lxml import etree

from newshouse.discover.dates import parse_date
from newshouse.discover.links import resolve
from newshouse.discover.listing import MAX_ENTRIES, Defaults, Entry, Feed, Hints, ListingKind, NotAFeed
from newshouse.discover.text import as_written, one_line, plain
from newshouse.urls import absolute

_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.pheedo.com/namespace/pheedo": "pheedo",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "": "",
}
_KINDS: dict[str, ListingKind] = {"rss": "rss", "rdf": "rss", "feed": "atom"}
_ITEMS = frozenset({"item", "entry"})
# First one with text wins.
_TITLES = ("title", "atom:title", "dc:title")
_PUBLISHED = ("pubdate", "atom:published", "atom:issued", "dcterms:issued", "dc:date", "dcterms:created", "published")
_UPDATED = ("atom:updated", "atom:modified", "dcterms:modified", "updated", "modified")
# Feed proxies rewrite <link> to count clicks and keep the publisher's own address here.
_ORIGINAL_LINKS = ("feedburner:origlink", "pheedo:origlink")
_AUTHORS = ("dc:creator", "author", "atom:author", "dc:author")
_NAME_AFTER_ADDRESS = re.compile(r"\S+@\S+\s*\((.+)\)")
_ADDRESS = re.compile(r"[(<]?[^\s()<>]+@[^\s()<>]+[)>]?")

_MAX_NAME_CHARS = 300
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIOD_SECONDS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}

_Fields = dict[str, list[etree._Element]]


def read_xml_feed(text: str, url: str) -> Feed | NotAFeed:
    """Read a feed that is XML, mended where it is broken. `url` is what relative links hang on.

    The text must bring no DOCTYPE (see feeds.py): an entity declared there would be expanded in attributes.
    """
    root = _tree(text)
    if root is None:
        return NotAFeed("not_a_feed", "no XML element was found")
    kind = _KINDS.get(_local(root))
    if kind is None:
        return NotAFeed("not_a_feed", f"the root element is <{_local(root)}>")
    whole = _fields(next((child for child in root if _local(child) == "channel"), root))
    # RFC 4287 4.2.1: an entry without an author has the feed's. In RSS the feed's is the editor, not the author.
    defaults = Defaults(_authors(whole) if kind == "atom" else (), _first_text(whole, ("language", "dc:language")))
    items = (element for element in root.iter(etree.Element) if _local(element) in _ITEMS)
    entries = tuple(_entry(kind, item, defaults, url) for item in islice(items, MAX_ENTRIES + 1))
    return Feed(kind, entries, hints=_hints(whole), older=_older(whole, url))


def _tree(text: str) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing at all could be recovered
        return None


def _entry(kind: ListingKind, item: etree._Element, defaults: Defaults, url: str) -> Entry:
    fields = _fields(item)
    published = _first_text(fields, _PUBLISHED)
    updated = _first_text(fields, _UPDATED)
    return Entry(
        kind=kind,
        link=_link(item, fields, url),
        title=_title(fields),
        published_raw=as_written(published),
        published_at=parse_date(published),
        updated_raw=as_written(updated),
        updated_at=parse_date(updated),
        authors=_authors(fields) or defaults.authors,
        language=one_line(_language(item, fields) or defaults.language),
    )


def _older(channel: _Fields, url: str) -> str | None:
    """RFC 5005: the next page of a paged feed (3), the archive before of an archived one (4)."""
    pages = {(e.get("rel") or "").strip().lower(): e for e in reversed(channel.get("atom:link", []))}
    element = pages.get("next", pages.get("prev-archive"))
    return None if element is None else resolve(element.get("href"), _base(element, url))


def _hints(channel: _Fields) -> Hints:
    ttl = _number(_first_text(channel, ("ttl",)))
    period = _PERIOD_SECONDS.get((_first_text(channel, ("sy:updateperiod",)) or "").strip().lower())
    times = _number(_first_text(channel, ("sy:updatefrequency",))) or 1
    rest_seconds = ttl * 60.0 if ttl is not None else period / times if period else None
    hours = {number % 24 for text in _children(channel, "skiphours") if (number := _number(text)) is not None}
    days = {_DAYS.index(text.lower()) for text in _children(channel, "skipdays") if text.lower() in _DAYS}
    return Hints(rest_seconds, frozenset(hours), frozenset(days))


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _children(fields: _Fields, name: str) -> list[str]:
    return [_text(child).strip() for element in fields.get(name, ()) for child in element]


def _name(element: etree._Element) -> tuple[str, str]:
    """Namespace and name, lower case. A prefix that the feed forgot to declare stands for its namespace."""
    return _split(element.tag) if isinstance(element.tag, str) else ("", "")


@lru_cache(maxsize=1024)
def _split(tag: str) -> tuple[str, str]:
    if tag.startswith("{"):
        namespace, _, local = tag[1:].rpartition("}")
    else:
        namespace, _, local = tag.rpartition(":")
    return namespace, local.lower()


def _local(element: etree._Element) -> str:
    return _name(element)[1]


def _fields(parent: etree._Element) -> _Fields:
    """The children by name, with the usual prefix of their namespace, lower case."""
    own, _ = _name(parent)
    fields: _Fields = {}
    for child in parent:
        namespace, local = _name(child)
        prefix = _PREFIXES.get(namespace, "" if namespace == own else namespace)
        fields.setdefault(f"{prefix}:{local}".lstrip(":"), []).append(child)
    return fields


def _all(fields: _Fields, names: tuple[str, ...]) -> Iterator[etree._Element]:
    for name in names:
        yield from fields.get(name, ())


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


def _first_text(fields: _Fields, names: tuple[str, ...]) -> str | None:
    return next((text for element in _all(fields, names) if (text := _text(element)).strip()), None)


def _title(fields: _Fields) -> str | None:
    for element in _all(fields, _TITLES):
        # Atom says how its text is written; RSS does not, and much of it is escaped HTML.
        says_plain = _name(element)[0] == "http://www.w3.org/2005/Atom" and (element.get("type", "text") != "html")
        title = one_line(_text(element)) if says_plain else plain(_text(element))
        if title:
            return title
    return None


def _link(item: etree._Element, fields: _Fields, url: str) -> str | None:
    for element, written in _links(item, fields):
        if written and written.strip():
            return resolve(written, _base(element, url))
    return None


def _links(item: etree._Element, fields: _Fields) -> Iterator[tuple[etree._Element, str | None]]:
    """What may be the address of the article, best first."""
    for element in _all(fields, _ORIGINAL_LINKS):
        yield element, _text(element)
    for element in fields.get("link", ()):
        yield element, _text(element) or element.get("href")
    alternates = [e for e in fields.get("atom:link", ()) if e.get("rel", "alternate") == "alternate"]
    for element in sorted(alternates, key=lambda e: e.get("type", "text/html") != "text/html"):
        yield element, element.get("href") or _text(element)
    for element in fields.get("guid", ()):
        if element.get("isPermaLink", "true").lower() != "false" and _is_web_address(_text(element)):
            yield element, _text(element)
    about = item.get(_RDF_ABOUT)
    if about and _is_web_address(about):
        yield item, about


def _is_web_address(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://"))


def _base(element: etree._Element, url: str) -> str:
    """What relative links in `element` hang on: xml:base of all it stands in, from the outside in, on `url`."""
    base = url
    for holder in reversed([element, *element.iterancestors()]):
        if stated := holder.get(f"{_XML}base"):
            with suppress(ValueError):
                base = absolute(stated, base)
    return base


def _authors(fields: _Fields) -> tuple[str, ...]:
    names = (_author(element) for element in _all(fields, _AUTHORS))
    return tuple(dict.fromkeys(name for name in names if name))


def _author(element: etree._Element) -> str | None:
    """The name without the mail address: Atom has <name>, RSS an address with the name in brackets, or the reverse."""
    parts = [child for child in element if _local(child) == "name"]
    if len(element) and not parts:
        return None
    text = (one_line(_text(parts[0] if parts else element)) or "")[:_MAX_NAME_CHARS]
    named = _NAME_AFTER_ADDRESS.fullmatch(text)
    return named[1] if named else one_line(_ADDRESS.sub("", text))


def _language(item: etree._Element, fields: _Fields) -> str | None:
    """Of the entry itself, then of what it stands in."""
    own = _first_text(fields, ("dc:language",)) or item.get(f"{_XML}lang")
    return own or next((lang for e in item.iterancestors() if (lang := e.get(f"{_XML}lang"))), None)
