"""Take rows out of the tables: a new commit without them, and then the files that still hold them are deleted."""

from __future__ import annotations

import json
import time
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_ds
import pyarrow.fs as pa_fs

from newshouse.forget.target import Target
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, TABLES
from newshouse.warehouse.keys import forget_others
from newshouse.warehouse.tables import Change, Snapshot, change, nullable, readable, remove_rows, snapshot, storage

# A file that no log names may be a load's that is just about to commit it.
_SETTLED_SECONDS = 3600


def take_out(layout: DataLayout, target: Target) -> None:
    """Commit every table without the rows of the target. Copies of its text stand on their own from then on.

    Raises:
        StorageError: the disk is full or read-only, or loads kept a table busy; each table is as before or done.
    """
    change(layout, ARTICLES, lambda now: Change(append=ARTICLES.schema().empty_table(), replace=_freed(now, target)))
    for table in TABLES.values():
        where = target.condition(table)
        if where is not None:
            remove_rows(layout, table, where)


def delete_old_files(layout: DataLayout, target: Target) -> None:
    """Delete the data files that are not in use any more and still hold rows of the target.

    A database that was published earlier and is open somewhere cannot read them any more: that is the point.
    """
    for table in TABLES.values():
        now, where = snapshot(layout, table), target.condition(table)
        if now.delta is None or where is None:
            continue
        used, retired = set(now.names()), _retired(now)
        for name, file in sorted(now.folder.listing().items()):
            if name in used or name.startswith("_delta_log") or not name.endswith(".parquet"):
                continue
            if (name in retired or _is_settled(file)) and _holds(now, name, where):
                with storage(now.folder):
                    now.folder.delete(name)
        now.folder.sweep()
        forget_others(now.folder, used)


def _retired(now: Snapshot) -> set[str]:
    """Files that the log says are not in use any more. Of very old ones it says nothing."""
    found: set[str] = set()
    for log in (name for name in now.folder.listing("_delta_log") if name.endswith(".json")):
        text = now.folder.opened(log).read().decode()
        lines = (json.loads(line) for line in text.splitlines() if '"remove"' in line)
        found |= {unquote(line["remove"]["path"]) for line in lines if "remove" in line}
    return found


def _freed(now: Snapshot, target: Target) -> pa.Table:
    """Rows that are copies of a forgotten article: the earliest of each text becomes the first, also of its story."""
    lost = pa.array(sorted(target.ids), pa.string())
    where = pc.field("duplicate_of").isin(lost) & ~pc.field("article_id").isin(lost)
    rows = now.read(ARTICLES.schema().names, where).to_pylist()
    firsts: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (row["first_seen_at"], row["article_id"])):
        first = firsts.setdefault(row["duplicate_of"], row["article_id"])
        row["story_id"] = first if row["story_id"] in target.ids else row["story_id"]
        row["duplicate_of"] = None if first == row["article_id"] else first
    return ARTICLES.arrow(rows)


def _is_settled(file: pa_fs.FileInfo) -> bool:
    return bool(time.time() - file.mtime.timestamp() > _SETTLED_SECONDS)


def _holds(now: Snapshot, name: str, where: pc.Expression) -> bool:
    """Whether rows of it are meant. A damaged one may hold anything, and is of no use: it goes, too."""
    files, schema = now.folder.files, nullable(now.table)
    with readable(now.folder):
        try:
            return bool(pa_ds.dataset(name, schema=schema, format="parquet", filesystem=files).count_rows(filter=where))
        except (pa.ArrowInvalid, OSError) as error:
            # Arrow says what is wrong with the bytes without a number, and what the disk or the store refused with one.
            if isinstance(error, OSError) and (error.errno is not None or "AWS Error" in str(error)):
                raise
            return True
