"""What belongs to an article, gathered from all tables: the other ids, addresses and places that it goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.forget.links import links_in
from newshouse.ids import article_id
from newshouse.layout import DataLayout
from newshouse.schemas import FETCHES, TABLES, TIMESTAMP, TOMBSTONES, Table
from newshouse.urls import url_key
from newshouse.warehouse.tables import snapshot

_POINTER = ("warc_file", "warc_offset", "warc_length")
PAGES = ("article", "import")
LISTINGS = ("feed", "sitemap", "page")
_TIMES = ("first_seen_at", "requested_at", "rejected_at")
_AHEAD = timedelta(days=1)  # a feed may list an article before it is fetched
Place = tuple[str, int, int]


@dataclass(slots=True)
class Target:
    """One or many articles that are to be forgotten.

    Attributes:
        ids: article ids, those of all their addresses too.
        addresses: URLs as they stand in rows and in archive records.
        places: (file, offset, length) of their captures.
        listings: of feeds, sitemaps and pages of their sources that may name them.
        sources: their publishers.
        since: when the first of their rows was made, UTC.
        runs: that have stage files of them.
        rows: table -> how many rows are theirs.
    """

    ids: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    places: set[Place] = field(default_factory=set)
    listings: set[Place] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    since: datetime | None = None
    runs: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)

    def owns_url(self, url: str | None) -> bool:
        """Whether an address is one of theirs, in any spelling."""
        return url is not None and (url in self.addresses or address_id(url) in self.ids)

    def is_named_in(self, body: bytes, url: str) -> bool:
        """Whether a feed, a sitemap or a page links to one of them.

        Args:
            url: its own address.
        """
        return any(self.owns_url(link) for link in set(links_in(body, url)))

    def condition(self, table: Table) -> pc.Expression | None:
        """Which rows of a table are theirs; None for a table that knows no articles."""
        columns = table.schema().names
        if table.name == TOMBSTONES.name:
            return None
        given: list[pc.Expression] = []
        if "article_id" in columns:
            given.append(_in("article_id", self.ids))
        given += [_in(name, self.addresses) for name in ("url", "url_key", "final_url") if name in columns]
        if not given:
            return None
        where = given[0]
        for more in given[1:]:
            where = where | more
        return where & _in("purpose", PAGES) if "purpose" in columns else where


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a job did.

    Attributes:
        tombstones: hashes that are remembered, one a known address.
        records: archive records that were overwritten.
        stage_rows: rows of stage files that were blanked.
    """

    tombstones: int
    records: int
    stage_rows: int


def gather(
    layout: DataLayout, ids: Iterable[str], addresses: Iterable[str] = (), *, until: datetime | None = None
) -> Target:
    """Follow ids and addresses through the tables until nothing new turns up.

    Only an article leads to another address: the one in the feed and the one where its redirects end. A fetch or a
    rejection is taken if it is theirs, and leads nowhere: one page may be the end of many addresses.

    Args:
        addresses: URLs that are to be forgotten whether or not an article came of them.
        until: look for them in feeds that were read before then (UTC); None for all.
    """
    target = Target(set(ids), set(addresses))
    target.ids |= {address_id(url) for url in target.addresses}
    target.addresses |= {_key(url) for url in target.addresses}
    known = -1
    while known != len(target.ids) + len(target.addresses):
        known = len(target.ids) + len(target.addresses)
        for table in TABLES.values():
            _take(layout, table, target)
    target.listings = _listings(layout, target, until)
    return target


def _listings(layout: DataLayout, target: Target, until: datetime | None) -> set[Place]:
    if target.since is None:
        return set()
    at = pc.field("requested_at")
    where = _in("source_id", target.sources) & _in("purpose", LISTINGS) & (pc.field("outcome") == "fetched")
    where = where & (at >= pa.scalar(target.since - _AHEAD, TIMESTAMP))
    if until is not None:
        where = where & (at < pa.scalar(until, TIMESTAMP))
    rows = snapshot(layout, FETCHES).read(_POINTER, where).to_pylist()
    return {_place(row) for row in rows if row["warc_file"]}


def _take(layout: DataLayout, table: Table, target: Target) -> None:
    where = target.condition(table)
    if where is None:
        return
    there = table.schema().names
    wanted = ("article_id", "url", "url_key", "final_url", "run_id", "source_id", "stage", *_TIMES, *_POINTER)
    names = [name for name in wanted if name in there]
    rows = snapshot(layout, table).read(names, where).to_pylist()
    target.rows[table.name] = len(rows)
    for row in rows:
        _note(target, row)


def _note(target: Target, row: Mapping[str, Any]) -> None:
    if row.get("article_id"):
        target.ids.add(row["article_id"])
    found = {str(row[name]) for name in ("url", "url_key", "final_url") if row.get(name)}
    if "url_key" in row:  # A visit. Where it ended may be a front page, a login, another article: not one address more.
        found = {url for url in found if address_id(url) in target.ids}
    target.addresses |= found
    target.ids |= {address_id(url) for url in found}
    if row.get("run_id"):
        target.runs.add(row["run_id"])
    if row.get("source_id"):
        target.sources.add(row["source_id"])
    times = [row[name] for name in _TIMES if row.get(name)]
    target.since = min([*times, *([target.since] if target.since else [])], default=None)
    if row.get("warc_file") and row.get("stage") != "discover":  # that one points to the feed: see `_listings`
        target.places.add(_place(row))


def _place(row: Mapping[str, Any]) -> Place:
    return row["warc_file"], row["warc_offset"], row["warc_length"] or 0


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:  # a file of an import
        return url


def address_id(url: str) -> str:
    """The id of the article at an address, however it is spelled."""
    return article_id(_key(url))


def _in(column: str, values: Iterable[str]) -> pc.Expression:
    return pc.field(column).isin(pa.array(sorted(values), pa.string()))
