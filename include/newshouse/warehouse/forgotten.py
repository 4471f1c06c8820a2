"""What was forgotten while a commit that brings it back was under way is taken out again.

Tombstones are written before rows are taken out (`forget`). So whoever looks for tombstones after its last commit
misses none: what is buried later is taken out later, by `forget` itself.
"""

from __future__ import annotations

import pyarrow as pa

from newshouse.forget.rows import delete_old_files, take_out
from newshouse.forget.target import Target
from newshouse.forget.tombstones import buried
from newshouse.ids import article_id
from newshouse.layout import DataLayout


def take_out_forgotten(layout: DataLayout, *brought: pa.Table) -> None:
    """Take what is forgotten out of all tables and off the disk. Nothing is committed where there is nothing of it.

    Args:
        brought: rows that were committed, and may be of forgotten articles: told by `article_id`, or by `url_key`.

    Raises:
        StorageError: the disk is full or read-only; each table is as before or done.
    """
    ids = buried(layout)
    if not ids:
        return
    target = Target()
    for rows in brought:
        _gather(target, rows, ids)
    if target.ids:
        take_out(layout, target)
        delete_old_files(layout, target)


def _gather(target: Target, rows: pa.Table, ids: frozenset[str]) -> None:
    if "article_id" in rows.column_names:
        target.ids |= ids.intersection(rows["article_id"].to_pylist())
    if "url_key" in rows.column_names:
        keys = {key for key in rows["url_key"].to_pylist() if key and article_id(key) in ids}
        target.addresses |= keys
        target.ids |= {article_id(key) for key in keys}
