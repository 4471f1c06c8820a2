"""The Delta tables, changed: decide on a version, write data files, commit. Nobody but the load and maintenance does.

A change is decided against one snapshot and committed only if no other writer committed since (see `writing`). The
loser decides again on the new snapshot. So a row that two loads bring at the same time lands once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from deltalake.schema import Schema

from newshouse.errors import ContractError, StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import Table
from newshouse.storage.folders import Folder
from newshouse.storage.longtexts import MOST_BYTES
from newshouse.warehouse.datafiles import Lasting, remove
from newshouse.warehouse.evolution import missing_columns
from newshouse.warehouse.rewriting import Group, holding, last_days, rewritten
from newshouse.warehouse.snapshots import Snapshot, delta_table, missing, nullable, snapshot, storage
from newshouse.warehouse.writing import log, next_commit, write_groups

_MAX_TRIES = 30  # a loser waits at most about a second a try; two dozen writers at once still all land
_PROPERTIES = {
    # Files that delta-rs writes itself (compaction) get row counts only, like ours: see `datafiles._statistics`.
    "delta.dataSkippingNumIndexedCols": "0",
    # A load opens tables a dozen times, and each commit since the last checkpoint makes that a third of a ms slower.
    "delta.checkpointInterval": "10",
}
_T = TypeVar("_T")


def _nothing(_: pa.Table) -> None:
    """Nothing is to be done first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What to do to a table: `append` rows whose keys are unknown, `replace` rows whose key (one column) is known.

    Attributes:
        files: the data files that hold these rows; None if they are to be looked for.
        first: what has to be done before the commit, given the rows that are overwritten as they are now. It may be
            done twice, when another writer was faster.
        reads: the columns of them that it is given, beside the key: all rows are in memory at once.
        at_once: files that are written at a time; None for as many as there are processors.
    """

    append: pa.Table
    replace: pa.Table | None = None
    files: Collection[str] | None = None
    first: Callable[[pa.Table], None] = _nothing
    reads: Sequence[str] = ()
    at_once: int | None = None


def writable(layout: DataLayout, table: Table) -> Snapshot:
    """The latest version, created or widened to the schema of today.

    Raises:
        ConfigError: the table on disk has a column of another type, or one that this version does not know.
        StorageError: the folder cannot be written.
    """
    return _insisting(layout.table_folder(table.name), lambda: _opened(layout, table))


def _opened(layout: DataLayout, table: Table) -> Snapshot:
    folder = layout.table_folder(table.name)
    partition = [table.partition] if table.partition else []
    with storage(folder):
        delta = snapshot(layout, table).delta
        if delta is None:
            folder.make()
            schema, options = nullable(table), folder.options
            DeltaTable.create(folder.address, schema, "ignore", partition, table.name, table.doc, _PROPERTIES, options)
            delta = delta_table(folder)
        missing = missing_columns(folder, table, pa.schema(delta.schema().to_arrow()))
        if missing:
            fields = Schema.from_arrow(pa.schema(missing)).fields
            delta.alter.add_columns(fields)
            delta = delta_table(folder)
    return Snapshot(table, delta, folder)


def change(
    layout: DataLayout, table: Table, decide: Callable[[Snapshot], Change], opened: Snapshot | None = None
) -> Change:
    """Decide on the latest snapshot and commit; decide again when another writer was faster. No rows, no commit.

    Args:
        opened: by `writable` just now, to be tried first: opening a table takes some hundredths of a second.

    Returns:
        The decision that was committed.

    Raises:
        ConfigError: see `writable`.
        ContractError: rows do not fit the schema, or rows that shall be replaced are not there; the table is as it was.
        StorageError: the disk is full or read-only; the table is as it was.
    """

    given = [opened] if opened else []

    def decide_and_commit() -> Change:
        with storage(layout.table_folder(table.name)):
            now = given.pop() if given else _opened(layout, table)
            decision = decide(now)
            _commit(now, decision)
            return decision

    return _insisting(layout.table_folder(table.name), decide_and_commit)


def _insisting(folder: Folder, act: Callable[[], _T]) -> _T:
    """Do it, and again whenever another writer committed first."""
    for attempt in range(_MAX_TRIES):
        try:
            return act()
        except CommitFailedError:
            time.sleep(random.uniform(0.01, 0.1 * min(attempt + 1, 10)))  # noqa: S311 - spreads writers, no secret
    raise StorageError(
        f"{folder.address}: {_MAX_TRIES} commits in a row lost against other writers. Run the load again."
    )


def remove_rows(layout: DataLayout, table: Table, where: pc.Expression) -> None:
    """Commit the table without the rows where the condition holds. The files that hold them are left for a vacuum.

    Raises:
        StorageError: the disk is full or read-only; the table is as it was.
    """

    def rewrite() -> None:
        now = snapshot(layout, table)
        with storage(now.folder):
            _commit_without(now, where)

    _insisting(layout.table_folder(table.name), rewrite)


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
            with storage(now.folder):
                # `restore` moves the object it is called on to the new version.
                delta_table(now.folder, now.version).restore(version, commit_properties=next_commit(now))
        return now

    return _insisting(layout.table_folder(table.name), restore)


def append_missing(
    layout: DataLayout,
    table: Table,
    rows: pa.Table,
    *,
    where: pc.Expression | None = None,
    opened: Snapshot | None = None,
    at_once: int | None = None,
) -> None:
    """Append the rows whose key is not in the table yet; of rows with one key, the first.

    Args:
        opened: as of `change`.
        at_once: as of `Change`.
        where: what is true of every row with one of these keys, so that only a part of the table is looked at.
    """
    rows = _checked(table, rows)
    if rows.num_rows:
        change(layout, table, lambda now: Change(missing(now, rows, where=where), at_once=at_once), opened)


def compact_files(now: Snapshot, names: Collection[str], most: int) -> None:
    """Write the rows of these files anew: sorted, compressed harder, at most so many rows a file.

    Raises:
        CommitFailedError: another writer committed since the snapshot; the table is as that one left it.
        StorageError: the disk is full or read-only; the table is as it was.
    """
    rows = now.read(nullable(now.table).names, only=set(names))
    written = write_groups(now, (Group.whole(part, Lasting.YEARS) for part in _countable(rows)), most)
    if sum(file.rows for file in written) != rows.num_rows:
        raise ContractError(f"{now.folder.address}: {rows.num_rows} rows would not be the same number when compacted.")
    log(now, written, [remove(now, name, compacted=True) for name in names])


def _countable(rows: pa.Table) -> Iterator[pa.Table]:
    """The rows in as few halves as Arrow can sort: it counts the bytes of a column of texts with 32 bits."""
    if rows.num_rows < 2 or max(column.nbytes for column in rows.columns) <= MOST_BYTES:
        yield rows
    else:
        half = rows.num_rows // 2
        yield from _countable(rows.slice(0, half))
        yield from _countable(rows.slice(half))


def drop_files(now: Snapshot, names: Collection[str]) -> None:
    """Take files out of the table that nobody can read any more. They stay where they are until `vacuum`."""
    log(now, [], [remove(now, name) for name in names])


def _commit(now: Snapshot, decision: Change) -> None:
    if now.delta is None:
        return
    removed: list[str] = []
    written = write_groups(now, _groups(now, decision, removed), at_once=decision.at_once)
    if written:
        log(now, written, [remove(now, name) for name in removed])


def _groups(now: Snapshot, decision: Change, removed: list[str]) -> Iterator[Group]:
    """What a change writes; what has to be done first is done while the last files are being written.

    Whoever writes it asks for groups until there are no more, and commits only then: see `write_groups`.
    """
    append, instead = _checked(now.table, decision.append), _checked(now.table, decision.replace)
    kept = list(dict.fromkeys([now.table.key[0], *decision.reads]))
    since, overwritten = last_days(append, instead), [instead.select(kept).slice(0, 0)]
    new = Group.whole(append).lasts(since)
    names = holding(now, instead) if decision.files is None else decision.files
    groups = rewritten(now, names, instead, since, removed, overwritten)
    if now.kept.keys() >= {*names}:  # all is in memory: the largest first, so that all who write are done together
        yield from sorted([new, *groups], key=len, reverse=True)
    else:
        yield new
        yield from groups
    decision.first(pa.concat_tables(overwritten))


def _commit_without(now: Snapshot, where: pc.Expression) -> None:
    hits = sorted(set(now.read([now.table.key[0]], where, origin=True)["__filename"].to_pylist()))
    # NULL is not true: a row of which the condition says nothing stays.
    stays = ~pc.coalesce(where, pc.scalar(False))
    whole = nullable(now.table).names
    written = write_groups(now, (Group.whole(now.read(whole, stays, only=[name])) for name in hits))
    if hits:
        log(now, written, [remove(now, name) for name in hits])


def _checked(table: Table, rows: pa.Table | None) -> pa.Table:
    """The rows in the table's column order; NULL in a required column is a broken contract."""
    if rows is None:
        return nullable(table).empty_table()
    try:
        return rows.select(table.schema().names).cast(table.schema()).cast(nullable(table))
    except (pa.ArrowInvalid, pa.ArrowKeyError, KeyError, ValueError) as error:
        raise ContractError(f"rows for table {table.name} do not fit its schema: {error}") from error
