"""Retention: what is older than its source allows is forgotten, by the same steps as on request."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.forget.job import forget
from newshouse.forget.target import Forgotten, address_id, gather
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, REJECTIONS, TIMESTAMP, Table
from newshouse.sources.model import Source
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
            addresses |= _older(layout, REJECTIONS, ["url_key", "url"], "rejected_at", source.id, limit)
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


def _kept(layout: DataLayout, addresses: set[str], ids: set[str]) -> set[str]:
    """Addresses that, in any spelling, were rejected once and are an article now that is not due yet."""
    if not addresses:
        return set()
    rows = snapshot(layout, ARTICLES).read(["article_id", "url"]).to_pylist()
    theirs = [row for row in rows if row["article_id"] not in ids]
    kept = {row["article_id"] for row in theirs} | {address_id(row["url"]) for row in theirs if row["url"]}
    return {url for url in addresses if address_id(url) in kept}
