"""One Parquet data file of a Delta table: written whole and synced before a commit may name it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.transaction import AddAction, RemoveAction

from newshouse.files import storage_errors, sync
from newshouse.schemas import Table

_ROWS_A_GROUP = 20_000  # about 50 MB of articles: one group is what a reader holds in memory at once
_BLOOM_FALSE_POSITIVES = 0.01


@dataclass(frozen=True, slots=True)
class DataFile:
    """A written file and the log entry that would make it visible."""

    path: Path
    action: AddAction


def write_datafile(root: Path, table: Table, rows: pa.Table) -> DataFile:
    """Write the rows of one partition, sorted for readers that ask by source and time.

    Raises:
        StorageError: the disk is full or read-only; nothing is left behind.
    """
    partition = {table.partition: rows[table.partition][0].as_py()} if table.partition else {}
    folder = "/".join(f"{name}={value}" for name, value in partition.items())
    name = f"{folder}/{uuid4()}.parquet".lstrip("/")
    path = root / name
    rows = _sorted(rows.drop_columns(list(partition)))
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            pq.write_table(
                rows,
                path,
                row_group_size=_ROWS_A_GROUP,
                compression="zstd",
                compression_level=1,
                write_page_checksum=True,
                bloom_filter_options=_bloom_filter(rows),
            )
            sync(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        size_bytes = path.stat().st_size
    return DataFile(path, AddAction(name, size_bytes, partition, _now_ms(), True, _statistics(rows)))


def remove(path: Path, name: str) -> RemoveAction:
    """The log entry that retires a file."""
    values: dict[str, str | None] = {}
    for part in name.split("/")[:-1]:
        column, _, values[column] = part.partition("=")
    return RemoveAction(name, True, _now_ms(), path.stat().st_size, values)


def _now_ms() -> int:
    # Wall time, not the movable clock of the settings: vacuum compares it with the age of files.
    return time.time_ns() // 1_000_000


def _sorted(rows: pa.Table) -> pa.Table:
    order = [name for name in ("source_id", "published_at", "requested_at") if name in rows.column_names]
    return rows.sort_by([(name, "ascending") for name in order]) if order and rows.num_rows > 1 else rows


def _bloom_filter(rows: pa.Table) -> dict[str, dict[str, float]] | None:
    if "article_id" not in rows.column_names:
        return None
    return {"article_id": {"ndv": max(rows.num_rows, 1), "fpp": _BLOOM_FALSE_POSITIVES}}


def _statistics(rows: pa.Table) -> str:
    # Row counts only. Bounds are for all columns or for none: deltalake 1.6.6 reads a missing bound as one that no
    # value meets and skips the file. Parquet's own footers have bounds, and the partition prunes by month.
    return json.dumps({"numRecords": rows.num_rows})
