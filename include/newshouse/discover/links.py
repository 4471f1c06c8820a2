"""Links of feeds and sitemaps made absolute."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from newshouse.urls import absolute, registrable_domain
from newshouse.variants import names_an_article


def resolve(link: str | None, base: str) -> str | None:
    """`link` on `base`. As written where that makes no web address, so that the drop can show it; None when empty."""
    written = link.strip() if link else ""
    if not written:
        return None
    try:
        # "&amp;" was escaped once too often; no address holds it on purpose.
        return absolute(written.replace("&amp;", "&"), base)
    except ValueError:
        return written


def unwrap(link: str, own_domains: Collection[str]) -> str:
    """The article behind a link that counts clicks, when its address stands in the query; else the link itself.

    A link that names an article of the publisher is never unwrapped: what it mentions is where the reader came from.

    Raises:
        ValueError: not an http(s) URL.
    """
    parts = urlsplit(link)
    if not parts.query or (registrable_domain(link) in own_domains and names_an_article(parts.path)):
        return link
    for _, value in parse_qsl(parts.query):
        if value.lower().startswith(("http://", "https://")):
            target = absolute(value, link)
            if registrable_domain(target) in own_domains:
                return target
    return link
