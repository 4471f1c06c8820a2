"""Lists of URLs: plain text or tables with one address a line, GDELT article lists as JSON or as lines of JSON.

GDELT's DOC 2.0 API gives {"articles": [{"url", "title", …}]}, its Article List (GAL) one such object a line, gzipped.
Their dates say when GDELT saw an article, not when it was published: they are not taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from newshouse.discover.links import resolve
from newshouse.discover.listing import Entry
from newshouse.discover.sitemaps import unpacked
from newshouse.discover.text import decode, one_line

MAX_URLS = 200_000
_ADDRESS = re.compile(r"https?://[^\s\"'<>|,]+(?:,[^\s\"'<>|,]+)*", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-\w+)*")


def read_url_list(body: bytes, url: str) -> list[Entry]:
    """Read what can be read; empty when there is no address in it. Never raises.

    Args:
        body: as fetched, gzipped or not.
        url: where it came from; only for links that are not absolute.
    """
    text = decode(unpacked(body))
    found = _json_articles(text) if text.lstrip().startswith("{") else _addresses(text)
    entries: dict[str, Entry] = {}
    for entry in found:
        link = resolve(entry.link, url)
        if link and len(entries) < MAX_URLS:
            entries.setdefault(link, Entry("list", link, entry.title, language=entry.language))
    return list(entries.values())


def _json_articles(text: str) -> Iterator[Entry]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    articles = whole.get("articles", [whole]) if isinstance(whole, dict) else _lines(text)
    for article in articles if isinstance(articles, Iterable) else ():
        if isinstance(article, dict) and isinstance(article.get("url"), str):
            yield Entry("list", article["url"], _text(article, "title"), language=_language(article))


def _lines(text: str) -> Iterator[Any]:
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            continue


def _addresses(text: str) -> Iterator[Entry]:
    for line in text.splitlines():
        address = None if line.lstrip().startswith("#") else _ADDRESS.search(line)
        if address:
            yield Entry("list", address[0])


def _text(article: dict[str, Any], name: str) -> str | None:
    value = article.get(name)
    return one_line(value) if isinstance(value, str) else None


def _language(article: dict[str, Any]) -> str | None:
    """GAL has codes; the API has English names, which say less than nothing to a parser."""
    value = _text(article, "lang")
    return value if value and _LANGUAGE.fullmatch(value) else None
