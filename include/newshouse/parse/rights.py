"""What the publisher says about use: robots directives, text and data mining, licence.

TDM Reservation Protocol: https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240202/
"""

from __future__ import annotations

import re

from newshouse.parse.document import Document
from newshouse.parse.words import plain
from newshouse.records import Rights

_ROBOTS_META = ("robots", "googlebot", "googlebot-news")
_NOARCHIVE = frozenset(("noarchive", "none"))


def rights(document: Document) -> tuple[Rights, str | None]:
    """The rights and where they are stated ("meta", "header, jsonld"); None where nothing is."""
    origins: list[str] = []
    stated = [value for name in _ROBOTS_META for value in document.meta.get(name, ())]
    header = document.headers.get("x-robots-tag")
    directives = _directives([*stated, *([header] if header else [])])
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


def _directives(values: list[str]) -> list[str]:
    """In order, lower case, once each; the name of a crawler before a colon is dropped."""
    words = (
        re.sub(r"^[\w-]+:\s*(?=no|all|index|follow)", "", part.strip().lower())
        for value in values
        for part in value.split(",")
    )
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
    anchors = [node for node in document.sought("a") if "license" in (node.attrs.get("rel") or "").split()]
    if anchors and (target := document.absolute(anchors[0].attrs.get("href"))):
        return target, "html"
    named = document.meta_first("dcterms.license", "dc.rights.license", "cc:license")
    return (named, "meta") if named else (None, None)
