"""Section fronts: the articles that a page links to, for publishers that have neither feed nor sitemap."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from newshouse.discover.listing import Entry
from newshouse.discover.text import one_line
from newshouse.urls import absolute, registrable_domain, url_key

MAX_LINKS = 1_000  # a long front has 300
# A number of five digits, a day, or a slug of four words. Three words are as often "terms-of-use".
_ARTICLE = re.compile(r"\d{5}|/(?:19|20)\d\d/(?:\d\d?|[a-z]{3})/|[^\W_]+(?:[-_][^\W_]+){3}", re.IGNORECASE)
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|authors?|categor(?:y|ies)|search|page|login|subscri\w+|newsletters?|live-tv|podcasts?)(?:/|$)"
    r"|\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|json|js|css)$",
    re.IGNORECASE,
)


def front_entries(html: bytes, base: str) -> list[Entry]:
    """Links of article shape to the same publisher, in the order of the page, each article once.

    Args:
        html: the page; its encoding is told by its own declaration.
        base: its address.

    Returns:
        Entries with the longest text that links there as title, and no date: the page states none for sure.
    """
    titles: dict[str, str | None] = {}
    links: dict[str, str] = {}
    for node in LexborHTMLParser(html).css("a[href]"):
        try:
            url = absolute(node.attributes.get("href") or "", base)
            key = url_key(url)
        except ValueError:
            continue
        if not _is_article(key, base):
            continue
        text = one_line(node.text(deep=True))
        titles[key] = max(titles.get(key), text, key=lambda title: len(title or ""))
        links.setdefault(key, url)
        if len(links) >= MAX_LINKS:
            break
    return [Entry("front", link, titles[key]) for key, link in links.items()]


def _is_article(url: str, base: str) -> bool:
    parts = urlsplit(url)
    if registrable_domain(url) != registrable_domain(base) or _NO_ARTICLE.search(parts.path):
        return False
    return bool(_ARTICLE.search(parts.path) or re.search(r"\d{5}", parts.query))
