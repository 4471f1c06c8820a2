"""The feeds that a page announces: <link rel=alternate> first, then anchors that look like feeds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from newshouse.discover.listing import ListingKind
from newshouse.discover.page import Page, words
from newshouse.discover.text import one_line

_TYPES: dict[str, ListingKind] = {
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "jsonfeed",
    "application/json": "jsonfeed",
}
_FEED_PATH = re.compile(
    r"(?:^|/)(?:feeds?|rss2?|atom)(?:/|$|\.(?:xml|rss|php|json|aspx?|jsp)$)|\.(?:rss|atom|rdf)$|/[\w-]*(?:rss|feed)[\w-]*\.xml$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"/comments?/|\bcomments?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """One feed that a page announces.

    Attributes:
        kind: what the page says it is; None for a bare anchor. The content decides when it is read.
        is_declared: announced by <link rel=alternate>, so surely meant as a feed.
    """

    url: str
    title: str | None
    kind: ListingKind | None
    is_declared: bool


def find_feeds(html: bytes, url: str, content_type: str | None = None) -> list[FoundFeed]:
    """The feeds of a page, declared ones first, each once, in the order of the page. Feeds of comments stay out.

    Args:
        html, url, content_type: see `Page.read`.
    """
    page = Page.read(html, url, content_type)
    found: dict[str, FoundFeed] = {}
    for feed in (*_declared(page), *_anchors(page)):
        found.setdefault(feed.url, feed)  # in full: feeds may differ in what looks like tracking
    return list(found.values())


def _declared(page: Page) -> list[FoundFeed]:
    found = []
    for node in page.tree.css("link[rel][href]"):
        kind = _TYPES.get((node.attributes.get("type") or "").partition(";")[0].strip().lower())
        url = page.address(node)
        title = one_line(node.attributes.get("title"))
        is_alternate = "alternate" in (node.attributes.get("rel") or "").lower().split()
        if kind and url and is_alternate and not _is_about_comments(url, title) and not _is_wordpress_api(url):
            found.append(FoundFeed(url, title, kind, is_declared=True))
    return found


def _anchors(page: Page) -> list[FoundFeed]:
    found = []
    for node in page.tree.css("a[href]"):
        url = page.address(node)
        if url and _FEED_PATH.search(urlsplit(url).path):
            title = words(node)
            if not _is_about_comments(url, title):
                found.append(FoundFeed(url, title, None, is_declared=False))
    return found


def _is_about_comments(url: str, title: str | None) -> bool:
    return bool(_COMMENTS.search(urlsplit(url).path) or _COMMENTS.search(title or ""))


def _is_wordpress_api(url: str) -> bool:
    """WordPress announces its programming interface as application/json, which is no feed."""
    return "/wp-json/" in url
