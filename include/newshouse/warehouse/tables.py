"""The Delta tables: open, read and change them. Only `load.py` and `maintenance.py` change anything.

A change is decided against one snapshot and committed only if no other writer committed since: every commit carries
the application transaction `newshouse`, which Delta refuses to two writers that started from the same version. The
loser decides again on the new snapshot. So a row that two loads bring at the same time lands once.
"""

from __future__ import annotations

import operator
import os
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_ds
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.schema import Schema
from deltalake.transaction import RemoveAction

from newshouse.errors import ConfigError, ContractError, StorageError
from newshouse.files import storage_errors
from newshouse.layout import DataLayout
from newshouse.schemas import Table
from newshouse.warehouse.datafiles import ROWS_A_FILE, DataFile, pieces, remove, write_datafile

_MAX_TRIES = 30  # a loser waits at most about a second a try; two dozen writers at once still all land
_APP_ID = "newshouse"
# Files that delta-rs writes itself (compaction) get row counts only, like ours: see `datafiles._statistics`.
_PROPERTIES = {"delta.dataSkippingNumIndexedCols": "0"}
_T = TypeVar("_T")
_OS_ERROR = re.compile(r"os error (\d+)")


@dataclass(frozen=True, slots=True)
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
            # Our own file system: deltalake's calls back into Python from Arrow's threads, which aborts the
            # interpreter when it exits while they are alive (deltalake 1.6.6, pyarrow 26.0.1).
            files = pa_fs.SubTreeFileSystem(str(self.root), pa_fs.LocalFileSystem())
            dataset = self.delta.to_pyarrow_dataset(filesystem=files, schema=nullable(self.table))
            if only is not None:
                parts = [part for part in dataset.get_fragments() if part.path in only]
                dataset = pa_ds.FileSystemDataset(parts, dataset.schema, dataset.format, files)
            return dataset.to_table(columns=schema.names, filter=where).cast(schema)

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
        hits = self.read([key], _all(where, among(key, values)), origin=True)
        found = _all(where, among(key, pc.unique(hits[key])))
        return self.read(columns, found, only=set(hits["__filename"].to_pylist()))


@dataclass(frozen=True, slots=True)
class Change:
    """What to do to a table: `append` rows whose keys are unknown, `replace` rows whose key (one column) is known."""

    append: pa.Table
    replace: pa.Table | None = None


def nullable(table: Table) -> pa.Schema:
    """The schema on disk. NOT NULL is checked at the door, so that a later required column fits old files too."""
    return pa.schema([field.with_nullable(True) for field in table.schema()])


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


def writable(layout: DataLayout, table: Table) -> Snapshot:
    """The latest version, created or widened to the schema of today.

    Raises:
        ConfigError: the table on disk has a column of another type, or one that this version does not know.
        StorageError: the folder cannot be written.
    """
    return _insisting(layout.table(table.name), lambda: _opened(layout, table))


def _opened(layout: DataLayout, table: Table) -> Snapshot:
    path = layout.table(table.name)
    partition = [table.partition] if table.partition else []
    with storage(path):
        delta = snapshot(layout, table).delta
        if delta is None:
            path.mkdir(parents=True, exist_ok=True)
            schema = nullable(table)
            DeltaTable.create(path, schema, "ignore", partition, table.name, table.doc, _PROPERTIES)
            delta = DeltaTable(path)
        missing = _missing_columns(path, table, pa.schema(delta.schema().to_arrow()))
        if missing:
            fields = Schema.from_arrow(pa.schema(missing)).fields
            delta.alter.add_columns(fields)
            delta = DeltaTable(path)
    return Snapshot(table, delta)


def change(layout: DataLayout, table: Table, decide: Callable[[Snapshot], Change]) -> Change:
    """Decide on the latest snapshot and commit; decide again when another writer was faster. No rows, no commit.

    Returns:
        The decision that was committed.

    Raises:
        ConfigError: see `writable`.
        StorageError: the disk is full or read-only; the table is as it was.
    """

    def decide_and_commit() -> Change:
        with storage(layout.table(table.name)):
            now = _opened(layout, table)
            decision = decide(now)
            _commit(now, decision)
            return decision

    return _insisting(layout.table(table.name), decide_and_commit)


def _insisting(path: Path, act: Callable[[], _T]) -> _T:
    """Do it, and again whenever another writer committed first."""
    for attempt in range(_MAX_TRIES):
        try:
            return act()
        except CommitFailedError:
            time.sleep(random.uniform(0.01, 0.1 * min(attempt + 1, 10)))  # noqa: S311 - spreads writers, no secret
    raise StorageError(f"{path}: {_MAX_TRIES} commits in a row lost against other writers. Run the load again.")


def remove_rows(layout: DataLayout, table: Table, where: pc.Expression) -> None:
    """Commit the table without the rows where the condition holds. The files that hold them are left for a vacuum.

    Raises:
        StorageError: the disk is full or read-only; the table is as it was.
    """

    def rewrite() -> None:
        now = snapshot(layout, table)
        with storage(layout.table(table.name)):
            _commit_without(now, where)

    _insisting(layout.table(table.name), rewrite)


def return_to(layout: DataLayout, table: Table, version: int) -> Snapshot:
    """Commit a table as it was at a version. No commit where it is that version, or was never written.

    Returns:
        What it was just before.

    Raises:
        StorageError: the disk is full or read-only, or others kept the table busy; it is as it was.
    """

    def restore() -> Snapshot:
        now = snapshot(layout, table)
        if now.delta is not None and now.version != version:
            with storage(now.root):
                # `restore` moves the object it is called on to the new version.
                DeltaTable(now.root, now.version).restore(version, commit_properties=_next(now))
        return now

    return _insisting(layout.table(table.name), restore)


def append_missing(layout: DataLayout, table: Table, rows: pa.Table, *, where: pc.Expression | None = None) -> None:
    """Append the rows whose key is not in the table yet; of rows with one key, the first.

    Args:
        where: what is true of every row with one of these keys, so that only a part of the table is looked at.
    """
    rows = _checked(table, rows)
    if rows.num_rows:
        change(layout, table, lambda now: Change(append=missing(now, rows, where=where)))


def missing(now: Snapshot, rows: pa.Table, *, where: pc.Expression | None = None) -> pa.Table:
    """The rows whose key is not in the snapshot; of rows with one key, the first."""
    key = list(now.table.key)
    known = now.read(key, _all(where, among(key[0], pc.unique(rows[key[0]]))))
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


def _all(*conditions: pc.Expression | None) -> pc.Expression:
    given = (condition for condition in conditions if condition is not None)
    return reduce(operator.and_, given)


def compact_files(now: Snapshot, names: Collection[str], most: int) -> None:
    """Write the rows of these files anew: sorted, compressed harder, at most so many rows a file.

    Raises:
        CommitFailedError: another writer committed since the snapshot; the table is as that one left it.
        StorageError: the disk is full or read-only; the table is as it was.
    """
    rows = now.read(nullable(now.table).names, only=set(names))
    written = _write(now, [rows], most, compacted=True)
    if sum(file.rows for file in written) != rows.num_rows:
        raise ContractError(f"{now.root}: {rows.num_rows} rows would not be the same number when compacted.")
    _log(now, written, [remove(now.root / name, name, compacted=True) for name in names])


def drop_files(now: Snapshot, names: Collection[str]) -> None:
    """Take files out of the table that nobody can read any more. They stay where they are until `vacuum`."""
    _log(now, [], [remove(now.root / name, name) for name in names])


def _commit(now: Snapshot, decision: Change) -> None:
    if now.delta is None:
        return
    append, replace = _checked(now.table, decision.append), _checked(now.table, decision.replace)
    places = _places(now, replace)
    written = _write(now, chain([append], _rewritten(now, places, replace)))
    if written:
        _log(now, written, [remove(now.root / name, name) for name in places])


def _commit_without(now: Snapshot, where: pc.Expression) -> None:
    hits = sorted(set(now.read([now.table.key[0]], where, origin=True)["__filename"].to_pylist()))
    # NULL is not true: a row of which the condition says nothing stays.
    stays = ~pc.coalesce(where, pc.scalar(False))
    written = _write(now, (now.read(nullable(now.table).names, stays, only=[name]) for name in hits))
    if hits:
        _log(now, written, [remove(now.root / name, name) for name in hits])


def _write(
    now: Snapshot, groups: Iterable[pa.Table], most: int = ROWS_A_FILE, *, compacted: bool = False
) -> list[DataFile]:
    """Write groups of rows, several files at a time: the encoder leaves Python's lock alone. All of them or none."""

    def write(rows: pa.Table, places: pa.Array) -> DataFile:
        return write_datafile(now.root, now.table, rows.take(places), compacted=compacted)

    tasks: list[Future[DataFile]] = []
    try:
        with ThreadPoolExecutor(pa.cpu_count(), "datafile") as pool:
            for rows in groups:
                tasks += (pool.submit(write, rows, places) for places in pieces(now.table, rows, most))
        return [task.result() for task in tasks]
    except BaseException:
        _unlink(task.result() for task in tasks if not task.exception())
        raise


def _unlink(files: Iterable[DataFile]) -> None:
    for file in files:
        file.path.unlink(missing_ok=True)


def _log(now: Snapshot, written: Sequence[DataFile], removed: Sequence[RemoveAction]) -> None:
    delta = now.delta
    if delta is None:
        return
    try:
        delta.create_write_transaction(
            [*(file.action for file in written), *removed],
            "append",
            delta.schema(),
            [now.table.partition] if now.table.partition else [],
            commit_properties=_next(now),
        )
    except (StorageError, CommitFailedError):
        # Not in the log for certain. After any other error they may be: then vacuum decides, a week later.
        _unlink(written)
        raise


def _next(now: Snapshot) -> CommitProperties:
    """Makes a commit on this snapshot lose against every other one on it."""
    return CommitProperties(app_transactions=[Transaction(_APP_ID, now.version + 1)])


def _places(now: Snapshot, replace: pa.Table) -> dict[str, pa.Array]:
    """File name to the keys in it that are replaced."""
    if not replace.num_rows:
        return {}
    key, partition = now.table.key[0], now.table.partition
    # Rows never move between partitions.
    here = among(partition, pc.unique(replace[partition])) if partition else None
    hits = now.read([key], _all(here, among(key, replace[key])), origin=True)
    names = hits["__filename"]
    return {name: hits[key].filter(pc.equal(names, name)) for name in sorted(pc.unique(names).to_pylist())}


def _rewritten(now: Snapshot, places: Mapping[str, pa.Array], replace: pa.Table) -> Iterator[pa.Table]:
    """The rows of these files, those with these keys replaced: small files of one partition as one, others alone.

    What a feed lists again is of the last days. Once those days lie in one file, only that one is rewritten. The new
    rows stay out of it, so that it does not grow by itself and is rewritten no more when its days are over.
    """
    by_partition: defaultdict[str, list[pa.Table]] = defaultdict(list)
    for name, keys in places.items():
        group = by_partition[name.rpartition("/")[0]]
        rows = _replaced(now, name, keys, replace)
        if group and group[-1].num_rows + rows.num_rows <= ROWS_A_FILE:
            group[-1] = pa.concat_tables([group[-1], rows])
        else:
            group.append(rows)
    yield from chain.from_iterable(by_partition.values())


def _replaced(now: Snapshot, name: str, keys: pa.Array, replace: pa.Table) -> pa.Table:
    key = now.table.key[0]
    # Read whole, then filtered: that is quicker than a scan that filters long rows batch by batch.
    rows = now.read(nullable(now.table).names, only=[name])
    kept = subset(rows, pc.invert(pc.is_in(rows[key], value_set=keys.combine_chunks())))
    return pa.concat_tables([kept, replace.filter(pc.is_in(replace[key], value_set=keys))])


def _checked(table: Table, rows: pa.Table | None) -> pa.Table:
    """The rows in the table's column order; NULL in a required column is a broken contract."""
    if rows is None:
        return nullable(table).empty_table()
    try:
        return rows.select(table.schema().names).cast(table.schema()).cast(nullable(table))
    except (pa.ArrowInvalid, pa.ArrowKeyError, KeyError, ValueError) as error:
        raise ContractError(f"rows for table {table.name} do not fit its schema: {error}") from error


def _missing_columns(path: Path, table: Table, on_disk: pa.Schema) -> list[pa.Field]:
    wanted = nullable(table)
    for field in on_disk:
        index = wanted.get_field_index(field.name)
        if index < 0:
            raise ConfigError(
                f"{path}: column {field.name!r} is in the table but not in this version of Newshouse. The table was "
                "written by a newer version: upgrade, or set NEWSHOUSE_DATA to another folder."
            )
        if wanted.field(index).type != field.type:
            raise ConfigError(
                f"{path}: column {field.name!r} is {field.type} in the table, but {wanted.field(index).type} in "
                f"schemas.py. Files cannot be re-typed in place: give the new column a new name, or move {path} away "
                "and load the runs again."
            )
    return [field for field in wanted if on_disk.get_field_index(field.name) < 0]


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
