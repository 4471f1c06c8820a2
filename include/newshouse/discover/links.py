"""Links of feeds and sitemaps made absolute."""

from __future__ import annotations

from newshouse.urls import absolute


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
