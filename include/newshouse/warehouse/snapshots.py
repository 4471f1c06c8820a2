"""The Delta tables, read: one version of a table, its files and its rows."""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_ds
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from newshouse.errors import StorageError
from newshouse.files import storage_errors
from newshouse.layout import DataLayout
from newshouse.schemas import Table

_OS_ERROR = re.compile(r"os error (\d+)")


@dataclass(frozen=True)
class Snapshot:
    """One version of one table. A table that nobody has written yet reads as empty."""

    table: Table
    delta: DeltaTable | None

    @property
    def version(self) -> int:
        """Delta version; -1 for a table that does not exist."""
        return -1 if self.delta is None else int(self.delta.version())

    @property
    def root(self) -> Path:
        """The folder that file names are relative to."""
        if self.delta is None:
            raise StorageError(f"table {self.table.name} does not exist yet: run a load first.")
        return Path(unquote(urlsplit(self.delta.table_uri).path))

    def at(self, version: int) -> Snapshot:
        """An earlier version of the same table.

        Raises:
            StorageError: the log does not reach back as far.
        """
        with readable(self.root / "_delta_log"):
            return Snapshot(self.table, DeltaTable(self.root, version))

    def files(self) -> list[str]:
        """Absolute paths of the active data files, sorted."""
        return (
            [] if self.delta is None else sorted(unquote(uri) if "%" in uri else uri for uri in self.delta.file_uris())
        )

    def narrow(self) -> bool:
        """Whether some data file may lack a column of today's schema.

        A table only ever widens, and each file is written with all columns of its day: if the oldest active file
        is whole, all are.
        """
        files = None if self.delta is None else pa.table(self.delta.get_add_actions())
        if not files:
            return False
        oldest = pc.select_k_unstable(files, 1, [("modification_time", "ascending"), ("path", "ascending")])[0].as_py()
        with readable(self.root):
            there = {*pq.read_schema(self.root / unquote(files["path"][oldest].as_py())).names, self.table.partition}
        return not there.issuperset(self.table.schema().names)

    def read(
        self,
        columns: Sequence[str],
        where: pc.Expression | None = None,
        *,
        only: Collection[str] | None = None,
        origin: bool = False,
    ) -> pa.Table:
        """Rows as an Arrow table.

        Args:
            only: read these files alone; names relative to `root`.
            origin: add the column `__filename`, relative to `root`.

        Raises:
            StorageError: a data file is missing or damaged.
        """
        schema = pa.schema([nullable(self.table).field(name) for name in columns])
        if origin:
            schema = schema.append(pa.field("__filename", pa.string()))
        if self.delta is None or (only is not None and not only):
            return schema.empty_table()
        with readable(self.root):
            dataset = self._dataset
            if only is not None:
                parts = [part for part in dataset.get_fragments() if part.path in only]
                dataset = pa_ds.FileSystemDataset(parts, dataset.schema, dataset.format, dataset.filesystem)
            return dataset.to_table(columns=schema.names, filter=where).cast(schema)

    @cached_property
    def _dataset(self) -> pa_ds.FileSystemDataset:
        """Kept, because it keeps what it read of the ends of the files: half the cost of a read of few columns."""
        # Our own file system: deltalake's calls back into Python from Arrow's threads, which aborts the
        # interpreter when it exits while they are alive (deltalake 1.6.6, pyarrow 26.0.1).
        files = pa_fs.SubTreeFileSystem(str(self.root), pa_fs.LocalFileSystem())
        return cast("DeltaTable", self.delta).to_pyarrow_dataset(filesystem=files, schema=nullable(self.table))

    def pick(
        self,
        columns: Sequence[str],
        values: Iterable[str] | pa.Array,
        where: pc.Expression | None = None,
        *,
        by: str | None = None,
    ) -> pa.Table:
        """The rows with one of these values. Other columns are read only in the files that hold such a row.

        Args:
            by: the column with the values; the first of the key if it is not given.
            where: what is true of all these rows, so that only a part of the table is looked at.
        """
        key = by or self.table.key[0]
        hits = self.read([key], all_of(where, among(key, values)), origin=True)
        found = all_of(where, among(key, pc.unique(hits[key])))
        return self.read(columns, found, only=set(hits["__filename"].to_pylist()))


def snapshot(layout: DataLayout, table: Table) -> Snapshot:
    """The latest version.

    Raises:
        StorageError: the table's log is damaged.
    """
    path = layout.table(table.name)
    with readable(path / "_delta_log"), storage(path):
        try:
            return Snapshot(table, DeltaTable(path))
        except TableNotFoundError:
            return Snapshot(table, None)


def nullable(table: Table) -> pa.Schema:
    """The schema on disk. NOT NULL is checked at the door, so that a later required column fits old files too."""
    return pa.schema([field.with_nullable(True) for field in table.schema()])


def missing(now: Snapshot, rows: pa.Table, *, where: pc.Expression | None = None) -> pa.Table:
    """The rows whose key is not in the snapshot; of rows with one key, the first."""
    key = list(now.table.key)
    known = now.read(key, all_of(where, among(key[0], pc.unique(rows[key[0]]))))
    keys = rows.select(key).append_column("place", pa.array(range(rows.num_rows), pa.int64()))
    firsts = keys.group_by(key).aggregate([("place", "min")])
    fresh = firsts.join(known, key, join_type="left anti") if known.num_rows else firsts
    return rows if fresh.num_rows == rows.num_rows else rows.take(fresh["place_min"].sort())


def subset(rows: pa.Table, mask: pa.Array | pa.ChunkedArray) -> pa.Table:
    """The rows where the mask is true; the table itself, not a copy, where it is true everywhere."""
    return rows if pc.all(mask, min_count=0).as_py() else rows.filter(mask)


def among(column: str, values: Iterable[str] | pa.Array | pa.ChunkedArray) -> pc.Expression:
    """Whether a text column holds one of these values, of which there may be none."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not isinstance(values, pa.Array):
        values = pa.array(sorted(values), pa.string())
    return pc.field(column).isin(values.cast(pa.string()))


def all_of(*conditions: pc.Expression | None) -> pc.Expression:
    """Those conditions that are given, together."""
    given = (condition for condition in conditions if condition is not None)
    return reduce(operator.and_, given)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What goes wrong when a file of a table is missing or damaged, as `StorageError`."""
    try:
        yield
    except (OSError, pa.ArrowInvalid, DeltaError) as error:
        said = str(error).split("\n")[0]  # delta-rs adds a trace
        raise StorageError(f"{path}: unreadable ({said}). `newshouse doctor` names the file.") from error


@contextmanager
def storage(path: Path) -> Iterator[None]:
    """Errors of the operating system, also those that delta-rs wraps into text, as `StorageError`."""
    with storage_errors(path):
        try:
            yield
        except CommitFailedError:
            raise
        except (DeltaError, OSError) as error:
            match = _OS_ERROR.search(str(error))
            if match and not getattr(error, "errno", None):
                code = int(match[1])
                raise OSError(code, os.strerror(code), str(path)) from error
            raise
