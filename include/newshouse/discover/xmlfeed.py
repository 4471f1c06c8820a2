"""RSS 0.9x, 1.0 (RDF), 2.0 and Atom 0.3, 1.0, read from the tree that lxml recovers.

Own reader because the fast library drops the dates as written, all authors but the first and xml:base, takes a
rel="self" link for the article's, and fills the missing parts of a date with today's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newshouse.discover.dates import parse_date
from newshouse.discover.listing import Entry, Feed, ListingKind, NotAFeed
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
_AUTHORS = ("dc:creator", "author", "atom:author")
_NAME_AFTER_ADDRESS = re.compile(r"\S+@\S+\s*\((.+)\)")
_BARE_ADDRESS = re.compile(r"\S+@\S+")

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
    items = (element for element in root.iter("{*}*") if _local(element) in _ITEMS)
    whole = _fields(next((child for child in root if _local(child) == "channel"), root))
    return Feed(kind, tuple(_entry(kind, item, whole, url) for item in items))


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


def _entry(kind: ListingKind, item: etree._Element, whole: _Fields, url: str) -> Entry:
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
        # RFC 4287 4.2.1: an entry without an author has the feed's.
        authors=_authors(fields) or (_authors(whole) if kind == "atom" else ()),
        language=one_line(_language(item, fields, whole)),
    )


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower()


def _fields(parent: etree._Element) -> _Fields:
    """The children by name, with the usual prefix of their namespace, lower case."""
    own = etree.QName(parent).namespace
    fields: _Fields = {}
    for child in parent:
        if isinstance(child.tag, str):
            name = etree.QName(child)
            prefix = _PREFIXES.get(name.namespace or "", "" if name.namespace == own else "other")
            fields.setdefault(f"{prefix}:{name.localname}".lstrip(":").lower(), []).append(child)
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
        says_plain = etree.QName(element).namespace == "http://www.w3.org/2005/Atom" and (
            element.get("type", "text") != "html"
        )
        title = one_line(_text(element)) if says_plain else plain(_text(element))
        if title:
            return title
    return None


def _link(item: etree._Element, fields: _Fields, url: str) -> str | None:
    for element, written in _links(item, fields):
        if written and written.strip():
            return _absolute(written.strip(), element, url)
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


def _absolute(link: str, element: etree._Element, url: str) -> str:
    base = url
    for holder in reversed([element, *element.iterancestors()]):
        base = _join(holder.get(f"{_XML}base"), base)
    return _join(link, base, otherwise=link)


def _join(link: str | None, base: str, otherwise: str | None = None) -> str:
    """`link` on `base`; `otherwise` (the base itself if not given) where that makes no web address."""
    try:
        return absolute(link, base) if link else base
    except ValueError:
        return base if otherwise is None else otherwise


def _authors(fields: _Fields) -> tuple[str, ...]:
    names = (_author(element) for element in _all(fields, _AUTHORS))
    return tuple(dict.fromkeys(name for name in names if name))


def _author(element: etree._Element) -> str | None:
    """Atom has <name>; RSS has an address with the name in brackets; an address alone is no name."""
    parts = [child for child in element if _local(child) == "name"]
    text = one_line(_text(parts[0]) if parts else _text(element))
    if text is None:
        return None
    named = _NAME_AFTER_ADDRESS.fullmatch(text)
    if named:
        return named[1]
    return None if _BARE_ADDRESS.fullmatch(text) else text


def _language(item: etree._Element, fields: _Fields, whole: _Fields) -> str | None:
    """Of the entry itself, then of what it stands in, then of the feed."""
    own = _first_text(fields, ("dc:language",)) or item.get(f"{_XML}lang")
    around = next((lang for e in item.iterancestors() if (lang := e.get(f"{_XML}lang"))), None)
    return own or around or _first_text(whole, ("language", "dc:language"))
