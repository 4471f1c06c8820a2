"""What the publisher says about use: robots directives, text and data mining, licence.

TDM Reservation Protocol: https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240202/
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from newshouse.parse.dom.apart import names_of
from newshouse.parse.dom.document import Document
from newshouse.parse.words import plain
from newshouse.records import Rights

_ROBOTS_META = ("robots", "googlebot", "googlebot-news")
_NOARCHIVE = frozenset(("noarchive", "none"))


def rights(document: Document) -> tuple[Rights, str | None]:
    """The rights and where they are stated ("meta", "header, jsonld"); None where nothing is."""
    origins: list[str] = []
    stated = [value for name in _ROBOTS_META for value in document.meta.get(name, ())]
    header = document.headers.get("x-robots-tag")
    directives = _directives([*stated, *_for_us(header or "")])
    if directives:
        origins.append("meta" if stated else "header")
    reservation, reserved_in = _reservation(document)
    licence, licensed_in = _licence(document)
    origins += filter(None, (reserved_in, licensed_in))
    return Rights(
        robots=", ".join(directives) or None,
        noarchive=bool(_NOARCHIVE & set(directives)) if directives else None,
        tdm_reservation=reservation,
        licence=licence,
    ), ", ".join(dict.fromkeys(origins)) or None


def _for_us(header: str) -> list[str]:
    """The parts of an X-Robots-Tag header that hold for all, or for the crawlers whose meta elements are read.

    The name of a crawler holds for what follows, up to the next name:
    https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag#xrobotstag
    """
    found, ours = [], True
    for part in header.split(","):
        named = _CRAWLER.match(part)
        if named and named["name"].lower() not in _WITH_VALUE:
            ours = named["name"].lower() in _ROBOTS_META
        if ours:
            found.append(part)
    return found


_CRAWLER = re.compile(r"\s*(?P<name>[A-Za-z][\w-]*)\s*:")
_WITH_VALUE = frozenset(("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"))


_OF_CRAWLER = re.compile(r"^[\w-]+:\s*(?=no|all|index|follow)")


def _directives(values: list[str]) -> list[str]:
    """In order, lower case, once each; the name of a crawler before a colon is dropped."""
    words = (_OF_CRAWLER.sub("", part.strip().lower()) for value in values for part in value.split(","))
    return list(dict.fromkeys(word for word in words if word))[:50]


def _reservation(document: Document) -> tuple[int | None, str | None]:
    for value, origin in (
        (document.headers.get("tdm-reservation"), "header"),
        (document.meta_first("tdm-reservation"), "meta"),
    ):
        if value and value.strip() in ("0", "1"):
            return int(value), origin
    return None, None


def _licence(document: Document) -> tuple[str | None, str | None]:
    value = (document.article_node or {}).get("license")
    stated = plain(value.get("url") or value.get("@id") or value.get("name") if isinstance(value, dict) else value)
    if stated:
        return stated, "jsonld"
    if target := document.links.get("license"):
        return target, "html"
    for anchor in document.sought("a"):
        is_licence = "license" in (anchor.attrs.get("rel") or "").lower().split()
        if is_licence and not _is_of_picture(anchor) and (target := document.absolute(anchor.attrs.get("href"))):
            return target, "html"
    named = document.meta_first("dcterms.license", "dc.rights.license", "cc:license")
    return (named, "meta") if named else (None, None)


def _is_of_picture(anchor: LexborNode) -> bool:
    """Whether a link to a licence stands in a picture's caption or in the teaser of something else."""
    at: LexborNode | None = anchor
    for _ in range(_MAX_LEVELS):
        if at is None or at.tag in ("article", "main", "body", "footer"):
            return False
        if at.tag in ("figure", "figcaption") or _PICTURE.search(names_of(at)):
            return True
        at = at.parent
    return False


_MAX_LEVELS = 6
_PICTURE = re.compile(r"caption|credit|photo|thumb|related|teaser", re.IGNORECASE)
