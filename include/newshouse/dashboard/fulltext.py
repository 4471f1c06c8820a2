"""Articles by the full-text index: the best first, with the passage that answers. The index is that of `search/`."""

from __future__ import annotations

from typing import Any

from newshouse.dashboard.finding import Search
from newshouse.dashboard.published import Edition
from newshouse.dashboard.window import Window
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.search.ask import Filters, Found, Hit, search
from newshouse.search.index import current

MOST = 10_000  # hits that the index gives


def has_index(layout: DataLayout) -> bool:
    """Whether there is one."""
    return current(layout) is not None


def look_for(layout: DataLayout, edition: Edition, window: Window, asked: Search, limit: int) -> Found:
    """The best `limit` hits of the words, among articles that were published in the window.

    Raises:
        ConfigError: the words cannot be read.
        StorageError: the index is damaged.
    """
    there = edition.once("placed", lambda: edition.rows("SELECT DISTINCT source_id, language FROM memory.placed"))
    sources = tuple(id_ for id_ in window.sources if any(row["source_id"] == id_ for row in there))
    languages = tuple(row["language"] for row in there[:] if row["language"] == asked.language)[:1]
    if (window.sources and not sources) or (asked.language and not languages):
        return Found((), 0, 0)  # the index would call a source without an article a typing error
    filters = Filters(window.first, window.last, sources, languages, vanished=True)
    return search(layout, asked.q, filters, limit=min(limit, MOST))


def row(hit: Hit) -> dict[str, Any]:
    """A hit as a row of the list of articles."""
    names = ("article_id", "source_id", "language", "published_at", "vanished_at", "revision", "duplicate_of")
    return {name: getattr(hit, name) for name in names} | {"title": "".join(text for text, _ in hit.title)}


def ids(layout: DataLayout, edition: Edition, window: Window, asked: Search) -> list[str]:
    """All that fit, for a file.

    Raises:
        ConfigError: they are more than the index gives at once.
    """
    found = look_for(layout, edition, window, asked, MOST)
    if found.total > MOST:
        raise ConfigError(f"{found.total:,} articles fit, and a file of a full-text search has at most {MOST:,}. "
                          "Ask for fewer days or sources.")  # fmt: skip
    return [hit.article_id for hit in found.hits]
