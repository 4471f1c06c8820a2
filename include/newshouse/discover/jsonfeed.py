"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): strict about types, forgiving about the rest.

A value of the wrong type counts as absent, never as an error: one bad item must not lose the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from newshouse.discover.dates import parse_date
from newshouse.discover.links import resolve
from newshouse.discover.listing import MAX_ENTRIES, Defaults, Entry, Feed, NotAFeed
from newshouse.discover.text import as_written, one_line


def read_json_feed(text: str, url: str) -> Feed | NotAFeed:
    """Read a JSON Feed. What follows the closing brace is ignored. `url` is what relative links hang on."""
    try:
        data, _ = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError) as error:
        return NotAFeed("not_a_feed", f"broken JSON: {error}")
    if not isinstance(data, dict) or not (_is_declared(data) or isinstance(data.get("items"), list)):
        return NotAFeed("not_a_feed", "JSON, but neither a JSON Feed version nor items")
    items = data.get("items")
    listed = items[: MAX_ENTRIES + 1] if isinstance(items, list) else []
    defaults = Defaults(tuple(dict.fromkeys(_authors(data))), _text(data, "language"))
    entries = tuple(_entry(item, defaults, url) for item in listed if isinstance(item, dict))
    return Feed("jsonfeed", entries, older=resolve(_text(data, "next_url"), url))


def _is_declared(data: dict[str, Any]) -> bool:
    return "jsonfeed.org" in (_text(data, "version") or "")


def _entry(item: dict[str, Any], defaults: Defaults, url: str) -> Entry:
    published, updated = as_written(_text(item, "date_published")), as_written(_text(item, "date_modified"))
    return Entry(
        kind="jsonfeed",
        link=_link(item, url),
        title=one_line(_text(item, "title")),
        published_raw=published,
        published_at=parse_date(published),
        updated_raw=updated,
        updated_at=parse_date(updated),
        authors=tuple(dict.fromkeys(_authors(item))) or defaults.authors,
        language=one_line(_text(item, "language") or defaults.language),
    )


def _text(holder: dict[str, Any], key: str) -> str | None:
    value = holder.get(key)
    return value if isinstance(value, str) else None


def _link(item: dict[str, Any], url: str) -> str | None:
    """`url` is the article; without one, the page it is about, or an id that is an address."""
    identity = _text(item, "id") or ""
    link = as_written(_text(item, "url")) or as_written(_text(item, "external_url"))
    if link is None and identity.startswith(("http://", "https://")):
        link = as_written(identity)
    return resolve(link, url)


def _authors(holder: dict[str, Any]) -> Iterator[str]:
    """1.1 has `authors`, 1.0 has `author`; some feeds write plain strings."""
    authors = holder.get("authors")
    for author in authors if isinstance(authors, list) and authors else [holder.get("author")]:
        name = author.get("name") if isinstance(author, dict) else author
        line = one_line(name) if isinstance(name, str) else None
        if line:
            yield line
