"""Read a whole table, or an earlier version of it, without holding it in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_ds
from deltalake.exceptions import DeltaError

from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import Table
from newshouse.warehouse.tables import Snapshot, delta_table, nullable, readable

_ROWS_A_BATCH = 2000


def came_since(now: Snapshot, version: int) -> set[str]:
    """Names of the data files that commits after this version brought; some may be gone again.

    It reads those commits alone: the table as it was then is a list of all its files.

    Raises:
        StorageError: the log does not reach back as far.
    """
    commits = (f"_delta_log/{number:020}.json" for number in range(version + 1, now.version + 1))
    with readable(now.folder, "_delta_log"):
        lines = (line for commit in commits for line in now.folder.opened(commit).read().splitlines())
        actions = [json.loads(line) for line in lines]
    return {unquote(action["add"]["path"]) for action in actions if "add" in action}


def count(now: Snapshot) -> int:
    """How many rows the log says there are."""
    counts = [] if now.delta is None else pa.table(now.delta.get_add_actions()).column("num_records").to_pylist()
    return sum(counts)


def batches(now: Snapshot, columns: Sequence[str], where: pc.Expression | None = None) -> Iterator[pa.RecordBatch]:
    """All rows, a few thousand at a time, file by file.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    schema = nullable(now.table)
    wanted = pa.schema([schema.field(name) for name in columns])
    for name in now.names():
        with readable(now.folder):
            # One by one: read ahead, a dozen files of long texts would stand in memory at once.
            file = pa_ds.dataset(
                [name],
                schema=schema,
                format="parquet",
                filesystem=now.folder.files,
                partitioning=pa_ds.partitioning(flavor="hive", schema=_partition(now)) if now.table.partition else None,
            )
            yield from file.to_batches(
                columns=wanted.names, filter=where, batch_size=_ROWS_A_BATCH, batch_readahead=1, fragment_readahead=1
            )


def at_version(layout: DataLayout, table: Table, version: int) -> Snapshot | None:
    """An earlier version; None where the log does not reach back so far."""
    folder = layout.table_folder(table.name)
    try:
        with folder.telling():
            return Snapshot(table, delta_table(folder, version), folder)
    except (DeltaError, OSError):
        return None


def whole(now: Snapshot) -> bool:
    """Whether all data files of a version are still there."""
    return now.delta is None or now.folder.listing().keys() >= {*now.names()}


def _partition(now: Snapshot) -> pa.Schema:
    if now.table.partition is None:
        raise StorageError(f"table {now.table.name} is not partitioned")
    return pa.schema([nullable(now.table).field(now.table.partition)])
