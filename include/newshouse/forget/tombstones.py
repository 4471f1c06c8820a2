"""Hashes of what was forgotten. They say nothing of it, and are enough to know it when it comes again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.forget.target import PAGES
from newshouse.ids import article_id
from newshouse.layout import DataLayout
from newshouse.schemas import TOMBSTONES
from newshouse.warehouse.inbox import Inbox
from newshouse.warehouse.tables import append_missing, snapshot, subset

# What stands in a blanked row of a stage file where an address or a hash is required.
BLANK_URL = "urn:forgotten:"
BLANK_HASH = "forgotten"


def bury(layout: DataLayout, ids: Collection[str], reason: str, now: datetime) -> None:
    """Write tombstones; ids that have one keep it.

    Args:
        reason: ``request`` or ``retention``.
        now: UTC.
    """
    rows = ({"article_id": key, "reason": reason, "forgotten_at": now} for key in sorted(ids))
    append_missing(layout, TOMBSTONES, TOMBSTONES.arrow(rows))


def buried(layout: DataLayout) -> frozenset[str]:
    """All ids that have a tombstone."""
    return frozenset(snapshot(layout, TOMBSTONES).read(["article_id"])["article_id"].to_pylist())


def without_forgotten(inbox: Inbox, ids: frozenset[str]) -> Inbox:
    """What a run brings, less what was forgotten while it was under way, or blanked in its stage files since."""
    accepted, fetches = without_buried(inbox.accepted, ids), without_buried(inbox.fetches, ids)
    blank = pc.starts_with(fetches["url_key"], BLANK_URL)
    return replace(
        inbox,
        accepted=subset(accepted, pc.not_equal(accepted["content_hash"], BLANK_HASH)),
        fetches=subset(fetches, pc.invert(blank)),
        rejections=without_buried(inbox.rejections, ids),
    )


def without_buried(rows: pa.Table, ids: frozenset[str]) -> pa.Table:
    """The rows that are not of a forgotten article: told by `article_id`, or by the hash of `url_key`."""
    if not ids or not rows.num_rows:
        return rows
    dead = pa.repeat(pa.scalar(False), rows.num_rows)
    if "article_id" in rows.column_names:
        known = pc.is_in(rows["article_id"], pa.array(sorted(ids), pa.string()))
        dead = pc.or_(dead, pc.fill_null(known, False))
    if "url_key" in rows.column_names:
        keys = rows["url_key"].to_pylist()
        theirs = pa.array([key is not None and article_id(key) in ids for key in keys], pa.bool_())
        if "purpose" in rows.column_names:  # a feed is read on, whatever was forgotten
            theirs = pc.and_(theirs, pc.is_in(rows["purpose"], pa.array(PAGES)))
        dead = pc.or_(dead, theirs)
    return subset(rows, pc.invert(dead))
