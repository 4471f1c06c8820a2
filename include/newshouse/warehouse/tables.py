"""The Delta tables, as the other rooms use them: `snapshots.py` reads them, `commits.py` changes them."""

from newshouse.warehouse.commits import (
    Change,
    append_missing,
    change,
    compact_files,
    drop_files,
    remove_rows,
    return_to,
    writable,
)
from newshouse.warehouse.snapshots import (
    Snapshot,
    all_of,
    among,
    delta_table,
    missing,
    nullable,
    readable,
    snapshot,
    storage,
    subset,
)

__all__ = [
    "Change",
    "Snapshot",
    "all_of",
    "among",
    "append_missing",
    "change",
    "compact_files",
    "delta_table",
    "drop_files",
    "missing",
    "nullable",
    "readable",
    "remove_rows",
    "return_to",
    "snapshot",
    "storage",
    "subset",
    "writable",
]
