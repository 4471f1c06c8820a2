"""Pictures and videos of an article: figures in the page, else what the page names for sharing."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from newshouse.parse.dom.document import Document
from newshouse.parse.dom.jsonld import resolve, types
from newshouse.parse.media.captions import split_caption
from newshouse.parse.media.pictures import is_content, pictures
from newshouse.parse.words import letters, plain, tidy
from newshouse.records import Media

_MAX_MEDIA = 50
_MAX_CAPTION_CHARS = 5_000
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-srcset", "srcset")
_CAPTIONS = "figcaption, [class*=caption], [itemprop~=caption]"
_CREDITS = "[class*=credit], [class*=copyright], [itemprop~=copyrightHolder], small, cite"
_NOT_CONTENT = frozenset(("aside", "nav", "footer", "header"))


def media(document: Document) -> tuple[tuple[Media, ...], str] | None:
    """Media in page order and their origin; one entry an address."""
    found: dict[str, Media] = {}
    for figure in document.sought("figure")[: 4 * _MAX_MEDIA]:
        item = _figure(figure, document) if is_content(figure, document, _NOT_CONTENT) else None
        if item and len(found) < _MAX_MEDIA:
            found.setdefault(item.url or item.caption or "", item)
    if not found:
        found = _without_figures(document)
    told = resolve((document.article_node or {}).get("image"), document.nodes) if len(found) <= 1 else []
    items = [item for value in told if (item := _named(value, document))]
    if found:
        return tuple(_captioned(list(found.values()), items)), "html"
    if items:
        return tuple({item.url: item for item in items}.values())[:_MAX_MEDIA], "jsonld"
    shared = document.absolute(document.meta_first("og:image", "og:image:url", "twitter:image"))
    alt = document.meta_first("og:image:alt", "twitter:image:alt")
    return ((Media("image", shared, alt),), "meta") if shared else None


def _captioned(shown: list[Media], told: list[Media]) -> list[Media]:
    """The one picture that the page shows, with the caption that machines are told of the one that they are told of."""
    if len(shown) == len(told) == 1 and _is_same(shown[0], told[0]) and not shown[0].caption:
        caption = told[0].caption if " " in (told[0].caption or "") else None  # else the name of a file
        shown = [replace(shown[0], caption=caption, credit=shown[0].credit or told[0].credit)]
    return shown


def _is_same(shown: Media, told: Media) -> bool:
    """Whether two addresses are those of one picture, in whatever size."""
    stems = [_SIZE.sub("", urlsplit(item.url or "").path.rpartition("/")[2]) for item in (shown, told)]
    return shown.type == told.type and stems[0] == stems[1] != ""


_SIZE = re.compile(r"(?:[-_]\d{3,4}(?:x\d{2,4})?|[-_]scaled)?(?:\.\w{3,4}){0,2}$")


def _figure(figure: LexborNode, document: Document) -> Media | None:
    shown = figure.css("img, video, iframe")
    image = next((node for node in shown if node.tag == "img"), None)
    video = next((node for node in shown if node.tag != "img"), None)
    node = video if video is not None else image
    if node is None:
        return None
    kind = "image" if video is None else "video"
    alt = plain(image.attributes.get("alt") or "") if image is not None else None
    return _item(kind, _address(node, document), alt, figure.css_first(_CAPTIONS), figure)


def _without_figures(document: Document) -> dict[str, Media]:
    """Pictures with a caption, and videos beside them, of a page without figures."""
    found: dict[str, Media] = {}
    for node, printed, holder in islice(pictures(document), _MAX_MEDIA):
        url = _address(node, document)
        kind = "video" if node.tag == "iframe" else "image"
        item = _item(kind, url, plain(node.attributes.get("alt") or ""), printed, holder)
        if url and (kind == "video" or item.caption or item.credit):
            found.setdefault(url, item)
    return found if any(item.type == "image" for item in found.values()) else {}


def _item(kind: str, url: str | None, alt: str | None, printed: LexborNode | None, holder: LexborNode | None) -> Media:
    """A picture with the caption and credit that `printed` and else `holder` say."""
    credit_node = printed.css_first(_CREDITS) if printed is not None else None
    if credit_node is None and holder is not None:
        credit_node = holder.css_first(_CREDITS)
    whole = tidy(printed.text(separator=" ")[:_MAX_CAPTION_CHARS]) if printed is not None else ""
    stated = tidy(credit_node.text(separator=" ")[:_MAX_CAPTION_CHARS]) if credit_node is not None else ""
    if stated and len(stated) <= 120 and letters(stated) != letters(whole):
        caption = whole.replace(stated, "").strip(" |/–-") or None
        bare, labelled = split_caption(stated)
        return Media(kind, url, alt, caption, labelled or bare)
    caption, credit = split_caption(whole)
    return Media(kind, url, alt, caption, credit)


def _address(node: LexborNode, document: Document) -> str | None:
    attributes = node.attributes
    for name in _SOURCES:
        value = (attributes.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return document.absolute(value.split(",")[0].split(" ")[0] if "srcset" in name else value)
    inner = node.css_first("source[src]")
    return document.absolute(inner.attributes.get("src")) if inner is not None else None


def _named(value: Any, document: Document) -> Media | None:
    if isinstance(value, str):
        url = document.absolute(value)
        return Media("image", url) if url else None
    if not isinstance(value, dict):
        return None
    address = plain(value.get("url")) or plain(value.get("contentUrl")) or plain(value.get("@id"))
    url = document.absolute(address)
    if not url:
        return None
    caption, credit = split_caption(plain(value.get("caption")))
    creator = value.get("creditText") or value.get("creator") or value.get("copyrightHolder")
    named = plain(creator.get("name") if isinstance(creator, dict) else creator)
    kind = "video" if "videoobject" in types(value) else "image"
    return Media(kind, url, plain(value.get("alternateName")), caption, named or credit)
