"""Section and tags where a page tells them only to readers: the trail of breadcrumbs, links that say `rel=tag`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborNode

from newshouse.parse.dom.apart import distance, stands_apart
from newshouse.parse.dom.document import Document, text_in
from newshouse.parse.dom.jsonld import Node, types
from newshouse.parse.words import letters, plain

_MAX_CRUMBS = 10
_MAX_CRUMB_WORDS = 5  # more are a headline
_MAX_TAGS = 100
_MAX_DIGITS = 3
_MAX_LINKS = 300
_HOME = frozenset(
    re.findall(
        r"\S+",
        "home homepage start startseite website accueil inicio início hjem hem etusivu anasayfa αρχική главная головна "
        "stronagłówna úvod domů kezdőlap főoldal acasă blog news uncategorized 首页 首頁 ホーム トップ 홈 الرئيسية",
    )
)
"""Crumbs that are no section, letters only."""
_CRUMB_SIGN = b"readcrumb"  # Breadcrumb, breadcrumbs
# The trail stands outside the text, its links before the headline.
_TRAILS = "[class*=breadcrumb i], [id*=breadcrumb i], [aria-label*=breadcrumb i]"


def section_in_trail(document: Document) -> tuple[str, str] | None:
    """The part of the site that lies nearest to the article, and its origin ("jsonld" or "html")."""
    if _CRUMB_SIGN not in document.markup:
        return None
    known = {letters(name) for name in document.site_names} | {letters(document.host.removeprefix("www."))} | _HOME
    titles = [spelled for spelled in map(letters, (document.title_tag, *document.h1)) if spelled]
    for trail, origin in _trails(document):
        parts = [name for name in trail if letters(name) not in known and not _is_no_section(name, titles)]
        if parts and len(trail) > 1:
            return parts[-1], origin
    return None


def _is_no_section(name: str, titles: list[str]) -> bool:
    if not name[:1].isalnum() or name.endswith("?") or ":" in name:
        return True
    spelled = letters(name)
    return len(name.split()) > _MAX_CRUMB_WORDS or any(
        spelled.startswith(title) or title == spelled for title in titles
    )


def _trails(document: Document) -> Iterator[tuple[list[str], str]]:
    for node in document.nodes:
        if "breadcrumblist" in types(node):
            yield _stated(node), "jsonld"
    trail = document.tree.css_first(_TRAILS)
    if trail is not None and not stands_apart(trail, document.frames, frozenset(("footer", "aside"))):
        yield [text for link in trail.css("a")[:_MAX_CRUMBS] if (text := text_in(link))], "html"


def _stated(node: Node) -> list[str]:
    items = node.get("itemListElement")
    listed = [item for item in (items if isinstance(items, list) else [items])[:_MAX_CRUMBS] if isinstance(item, dict)]
    listed.sort(key=_position)
    return [name for item in listed if (name := _name(item))]


def _position(item: dict[str, Any]) -> int:
    stated = str(item.get("position") or "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) <= _MAX_DIGITS else 0


def _name(item: dict[str, Any]) -> str | None:
    inner = item.get("item")
    return plain(item.get("name")) or (plain(inner.get("name")) if isinstance(inner, dict) else None)


def linked_tags(document: Document) -> tuple[str, ...]:
    """The texts of the `rel=tag` links of this article: those that stand together, nearest to the headline."""
    links = [
        link for link in document.sought("a")[:_MAX_LINKS] if _is_tag(link) and not stands_apart(link, document.frames)
    ]
    if not links:
        return ()
    first = min(links, key=lambda link: distance(link, document.frames))
    near = _list_of(first)
    same = (text_in(link) for link in links if _list_of(link) == near)
    return tuple(dict.fromkeys(text for text in same if text))[:_MAX_TAGS]


def _is_tag(link: LexborNode) -> bool:
    said = (link.attributes.get("rel") or "").lower().split()
    return "tag" in said and "category" not in said


def _list_of(link: LexborNode) -> int | None:
    parent = link.parent
    holder = parent.parent if parent is not None and parent.tag == "li" else parent
    return holder.mem_id if holder is not None else None
