"""`newshouse sources health`: which addresses of the source files have to be looked after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.settings import Settings
from newshouse.sources.load import load_sources
from newshouse.sources.model import Source
from newshouse.warehouse.query import select

_LOST = frozenset({"gone", "feed_is_html", "sitemap_is_html"})  # no page, or some page of the site


def tell_health(settings: Settings, console: Console, *, as_json: bool) -> int:
    """Print what is wrong with addresses that the source files name today. Returns the exit code: 1 if anything is.

    Raises:
        ConfigError: no database yet, a source file is wrong, or no run asked for these sources.
        StorageError: a data file is missing or damaged.
    """
    sources = {key: source for key, source in load_sources(settings.sources).items() if source.enabled}
    board = select(DataLayout(settings.data), "FROM listings").to_pylist()
    named = [row for row in board if row["url"] in _addresses(sources.get(row["source_id"]))]
    if not named:
        raise ConfigError(
            f"no run of the last month asked for an address of {settings.sources}. Name their folder: --sources"
        )
    wrong = [row for row in named if row["state"] != "well"]
    if as_json:
        console.print_json(json.dumps(wrong, default=str))
        return 1 if wrong else 0
    for row in wrong:
        console.print(_words(row, sources), markup=False, soft_wrap=True)
    well = len(named) - len(wrong)
    console.print(f"{well} of {len(named)} addresses of {len(sources)} sources do well.", soft_wrap=True)
    return 1 if wrong else 0


def _addresses(source: Source | None) -> frozenset[str]:
    if source is None:
        return frozenset()
    return frozenset((source.homepage, *source.feeds, *source.sitemaps, *source.lists, *source.sections))


def _words(row: Mapping[str, Any], sources: Mapping[str, Source]) -> str:
    return f"{sources[row['source_id']].path}: {row['url']}: {'; '.join(_findings(row))}"


def _findings(row: Mapping[str, Any]) -> Iterator[str]:
    if row["state"] == "moved":
        yield f"moved for good to {row['moved_to']}. Put that in its place"
        return
    answered = row["last_answered_at"]
    since = f"answered last on {answered:%Y-%m-%d %H:%M} UTC" if answered else "did not answer in the last thirty days"
    yield f"{row['last_outcome']}, {row['failures']} polls in a row failed; {since}"
    if row["last_outcome"] in _LOST:
        yield "look for its new address, or take it out"
