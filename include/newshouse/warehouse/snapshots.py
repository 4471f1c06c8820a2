"""The Delta tables, read: one version of a table, its files and its rows."""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, reduce
from pathlib import Path
from typing import cast
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_ds
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, Table
from newshouse.storage.files import storage_errors
from newshouse.storage.folders import BucketFolder, DiskFolder, Folder
from newshouse.warehouse.keys import NOTED, holding

# Whoever names files writes them anew, or looks for a few rows: what a disk turned must not get a checksum of its own.
_CHECKED = pa_ds.ParquetFragmentScanOptions(page_checksum_verification=True)
# By default all that is asked of a file is first copied into memory: as much again as its rows, where they are long.
_PIECEWISE = pa_ds.ParquetFragmentScanOptions(
    pre_buffer=False, use_buffered_stream=True, buffer_size=2**20, page_checksum_verification=True
)
_OS_ERROR = re.compile(r"os error (\d+)")
# What delta-rs says of its store, also inside of errors of its own.
_STORE_ERROR = re.compile(r"Generic S3 error|object ?store|Object at location|Error performing|lacked the necessary")


@dataclass(frozen=True)
class Snapshot:
    """One version of one table. A table that nobody has written yet reads as empty.

    Attributes:
        kept: data files that were read whole and will be asked for again, by name; see `wholefiles`.
    """

    table: Table
    delta: DeltaTable | None
    folder: Folder
    kept: dict[str, pa.Table] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def version(self) -> int:
        """Delta version; -1 for a table that does not exist."""
        return -1 if self.delta is None else int(self.delta.version())

    @property
    def root(self) -> Path:
        """The folder on this disk where its data files are read by whoever knows no Delta; of a bucket's, a mirror."""
        return self.folder.here

    def at(self, version: int) -> Snapshot:
        """An earlier version of the same table.

        Raises:
            StorageError: the log does not reach back as far.
        """
        with readable(self.folder, "_delta_log"):
            return Snapshot(self.table, delta_table(self.folder, version), self.folder)

    def files(self) -> list[str]:
        """Absolute paths of the active data files, sorted: in `root`, once they were brought there."""
        root = str(self.root.absolute())  # joined as text: two thousand paths, at each publish
        return [f"{root}/{name}" for name in self.names()]

    def names(self) -> list[str]:
        """Names of the active data files, relative to the folder of the table; sorted."""
        return list(self._sizes)

    def size(self, name: str) -> int:
        """Bytes of an active data file, as the log says: of a bucket each file would have to be asked for."""
        return self._sizes[name]

    def bring(self) -> None:
        """See to it that the active data files lie in `root`.

        Raises:
            StorageError: one is missing, or the disk is full.
        """
        if isinstance(self.folder, BucketFolder):
            self.folder.bring(self._sizes)
        elif lost := next((path for path in self.files() if not Path(path).exists()), None):
            raise StorageError(f"{lost}: missing. `newshouse doctor` names every file that is.")

    def narrow(self) -> bool:
        """Whether some data file may lack a column of today's schema.

        A table only ever widens, and each file is written with all columns of its day: if the oldest active file
        is whole, all are.
        """
        files = self._log
        if not files:
            return False
        oldest = pc.select_k_unstable(files, 1, [("modification_time", "ascending"), ("path", "ascending")])[0].as_py()
        with readable(self.folder):
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
            only: read these files alone, and prove their pages; names relative to `root`.
            origin: add the column `__filename`, relative to `root`.

        Raises:
            StorageError: a data file is missing or damaged.
        """
        on_disk = nullable(self.table)
        schema = pa.schema([on_disk.field(name) for name in columns])
        if origin:
            schema = schema.append(pa.field("__filename", pa.string()))
        if self.delta is None or (only is not None and not only):
            return schema.empty_table()
        with readable(self.folder):
            dataset, how = self._dataset, None
            if only is not None:
                parts = [part for part in dataset.get_fragments() if part.path in only]
                dataset = pa_ds.FileSystemDataset(parts, dataset.schema, dataset.format, dataset.filesystem)
                how = _PIECEWISE if isinstance(self.folder, DiskFolder) else _CHECKED
            return dataset.to_table(columns=schema.names, filter=where, fragment_scan_options=how).cast(schema)

    @cached_property
    def _log(self) -> pa.Table:
        """What the log says of the active data files: `path` as it spells it, `size_bytes`, `modification_time` …"""
        return pa.table(self.delta.get_add_actions()) if self.delta else pa.table({"path": [], "size_bytes": []})

    @cached_property
    def _sizes(self) -> dict[str, int]:
        """The active data files and their bytes, sorted by name."""
        names = (unquote(name) if "%" in name else name for name in self._log["path"].to_pylist())
        return dict(sorted(zip(names, self._log["size_bytes"].to_pylist(), strict=True)))

    @cached_property
    def _dataset(self) -> pa_ds.FileSystemDataset:
        """Kept, because it keeps what it read of the ends of the files: half the cost of a read of few columns."""
        # Our own file system: deltalake's calls back into Python from Arrow's threads, which aborts the
        # interpreter when it exits while they are alive (deltalake 1.6.6, pyarrow 26.0.1).
        delta = cast("DeltaTable", self.delta)
        return delta.to_pyarrow_dataset(filesystem=self.folder.files, schema=nullable(self.table))

    def pick(
        self,
        columns: Sequence[str],
        values: Iterable[str] | pa.Array,
        where: pc.Expression | None = None,
        *,
        by: str | None = None,
        origin: bool = False,
    ) -> pa.Table:
        """The rows with one of these values. Other columns are read only in the files that hold such a row.

        Args:
            by: the column with the values; the first of the key if it is not given.
            where: what is true of all these rows, so that only a part of the table is looked at.
            origin: as of `read`.
        """
        key, values = by or self.table.key[0], _texts(values)
        wanted = all_of(where, among(key, values))
        return self.read(columns, wanted, only=self.holding(key, values, where), origin=origin)

    def holding(self, column: str, values: Iterable[str], where: pc.Expression | None = None) -> Collection[str]:
        """Names of the data files that hold a row with one of these values, and perhaps of some others.

        Args:
            where: as of `pick`.
        """
        if self.table == ARTICLES and column in NOTED:
            with readable(self.folder):
                return holding(self.folder, self.names(), column, _texts(values))
        return set(self.read([column], all_of(where, among(column, values)), origin=True)["__filename"].to_pylist())


def snapshot(layout: DataLayout, table: Table) -> Snapshot:
    """The latest version.

    Raises:
        StorageError: the table's log is damaged.
    """
    folder = layout.table_folder(table.name)
    with readable(folder, "_delta_log"), storage(folder):
        try:
            return Snapshot(table, delta_table(folder), folder)
        except TableNotFoundError:
            return Snapshot(table, None, folder)


def delta_table(folder: Folder, version: int | None = None) -> DeltaTable:
    """The table in a folder, as it is or at a version."""
    _ = folder.files  # the first word with a store is one that says clearly what is wrong
    return DeltaTable(folder.address, version, folder.options)


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
    return pc.field(column).isin(_texts(values))


def _texts(values: Iterable[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not isinstance(values, pa.Array):
        values = pa.array(sorted(values), pa.string())
    return values.cast(pa.string())


def all_of(*conditions: pc.Expression | None) -> pc.Expression:
    """Those conditions that are given, together."""
    given = (condition for condition in conditions if condition is not None)
    return reduce(operator.and_, given)


@contextmanager
def readable(folder: Folder, below: str = "") -> Iterator[None]:
    """What goes wrong when a file of a table is missing or damaged, as `StorageError`."""
    place = f"{folder.address}/{below}".rstrip("/")
    try:
        with folder.telling(below):
            yield
    except (OSError, pa.ArrowInvalid, DeltaError) as error:
        said = str(error).split("\n")[0]  # delta-rs adds a trace
        raise StorageError(f"{place}: unreadable ({said}). `newshouse doctor` names the file.") from error


@contextmanager
def storage(folder: Folder) -> Iterator[None]:
    """Errors of the operating system, also those that delta-rs wraps into text, as `StorageError`."""
    with storage_errors(folder.here), folder.telling():
        try:
            yield
        except CommitFailedError:
            raise
        except (DeltaError, OSError) as error:
            if isinstance(folder, BucketFolder):
                if _of_the_store(error):
                    raise OSError(str(error)) from error  # what `telling` understands
                raise
            match = _OS_ERROR.search(str(error))
            if match and not getattr(error, "errno", None):
                code = int(match[1])
                raise OSError(code, os.strerror(code), folder.address) from error
            raise


def _of_the_store(error: Exception) -> bool:
    """Whether an object store speaks: not the disk, and not Delta about the table."""
    if isinstance(error, OSError):
        return error.errno is None
    return _STORE_ERROR.search(str(error)) is not None
