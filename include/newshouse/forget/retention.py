"""Retention: what is older than its source allows is forgotten, by the same steps as on request."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.forget.job import forget
from newshouse.forget.target import PAGES, Forgotten, address_id, gather
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, FETCHES, REJECTIONS, TIMESTAMP, Table
from newshouse.sources.model import Source
from newshouse.urls import url_key
from newshouse.warehouse.tables import snapshot


def expire(
    layout: DataLayout, sources: Collection[Source], *, now: datetime, publish: Callable[[], object]
) -> Forgotten | None:
    """Forget the articles and quarantined rows that are past the `retention_days` of their source.

    An article's age counts from `first_seen_at`: it is ours to keep for so long, whenever it was published.

    Returns:
        What was done; None if nothing was due.

    Raises:
        StorageError: see `forget`.
    """
    ids: set[str] = set()
    addresses: set[str] = set()
    for source in sources:
        if source.retention_days is not None:
            limit = now - timedelta(days=source.retention_days)
            ids |= _older(layout, ARTICLES, ["article_id"], "first_seen_at", source.id, limit)
            dropped = _older(layout, REJECTIONS, ["url_key", "url"], "rejected_at", source.id, limit)
            addresses |= dropped - _listings(layout, source)
    addresses -= _kept(layout, addresses, ids)
    if not ids and not addresses:
        return None
    shortest = min(source.retention_days for source in sources if source.retention_days is not None)
    target = gather(layout, ids, addresses, until=now - timedelta(days=shortest))
    return forget(layout, target, reason="retention", now=now, publish=publish)


def _older(
    layout: DataLayout, table: Table, columns: list[str], time: str, source_id: str, limit: datetime
) -> set[str]:
    """Of each row that is due, the first of the columns that is filled."""
    where = (pc.field("source_id") == source_id) & (pc.field(time) < pa.scalar(limit, TIMESTAMP))
    rows = snapshot(layout, table).read(columns, where)
    return set(pc.drop_null(pc.coalesce(*(rows[name] for name in columns))).to_pylist())


def _listings(layout: DataLayout, source: Source) -> set[str]:
    """Addresses of feeds, sitemaps and pages of links. A poll that failed is a rejection, too, but of no article."""
    named = {source.homepage, *source.feeds, *source.sitemaps, *source.lists, *source.sections}
    where = (pc.field("source_id") == source.id) & ~pc.field("purpose").isin(pa.array(PAGES))
    asked = snapshot(layout, FETCHES).read(["url_key", "url"], where)
    asked_for = {url for name in asked.column_names for url in pc.unique(asked[name]).to_pylist()}
    return named | {url_key(url) for url in named} | (asked_for - {None})


def _kept(layout: DataLayout, addresses: set[str], ids: set[str]) -> set[str]:
    """Addresses that, in any spelling, were rejected once and are an article now that is not due yet."""
    if not addresses:
        return set()
    rows = snapshot(layout, ARTICLES).read(["article_id", "url"]).to_pylist()
    theirs = [row for row in rows if row["article_id"] not in ids]
    kept = {row["article_id"] for row in theirs} | {address_id(row["url"]) for row in theirs if row["url"]}
    return {url for url in addresses if address_id(url) in kept}
