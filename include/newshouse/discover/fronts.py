"""Section fronts: the articles that a page links to, for publishers that have neither feed nor sitemap."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newshouse.discover.listing import Entry
from newshouse.discover.page import Page, words
from newshouse.urls import registrable_domain, url_key

MAX_LINKS = 1_000  # a long front has 300
# A number of five digits, a day, or a slug of four words. Three words are as often "terms-of-use".
_ARTICLE = re.compile(r"\d{5}|/(?:19|20)\d\d/(?:\d\d?|[a-z]{3})/|[^\W_]+(?:[-_][^\W_]+){3}", re.IGNORECASE)
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|authors?|categor(?:y|ies)|search|page|login|subscri\w+|newsletters?|live-tv|podcasts?)(?:/|$)"
    r"|\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|json|js|css)$",
    re.IGNORECASE,
)


def front_entries(html: bytes, url: str, content_type: str | None = None) -> list[Entry]:
    """Links of article shape to the same publisher, in the order of the page, each article once.

    Args:
        html, url, content_type: see `Page.read`.

    Returns:
        Entries with the longest text that links there as title, and no date: the page states none for sure.
    """
    titles: dict[str, str | None] = {}
    links: dict[str, str] = {}
    page = Page.read(html, url, content_type)
    for node in page.tree.css("a[href]"):
        link = page.address(node)
        key = url_key(link) if link else ""
        if link is None or not _is_article(key, url):
            continue
        titles[key] = max(titles.get(key), words(node), key=lambda title: len(title or ""))
        links.setdefault(key, link)
        if len(links) >= MAX_LINKS:
            break
    return [Entry("front", link, titles[key]) for key, link in links.items()]


def _is_article(url: str, base: str) -> bool:
    parts = urlsplit(url)
    if registrable_domain(url) != registrable_domain(base) or _NO_ARTICLE.search(parts.path):
        return False
    return bool(_ARTICLE.search(parts.path) or re.search(r"\d{5}", parts.query))
