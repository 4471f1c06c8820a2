"""A commit: data files written side by side, then the one log entry that shows them and retires others.

Every commit carries the application transaction `newshouse`, which Delta refuses to two writers that started from the
same version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import pyarrow as pa
from deltalake import CommitProperties, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import RemoveAction

from newshouse.errors import StorageError
from newshouse.warehouse.datafiles import DataFile, Lasting, pieces, write_datafile
from newshouse.warehouse.rewriting import Group
from newshouse.warehouse.snapshots import Snapshot, storage
from newshouse.warehouse.wholefiles import in_order

_APP_ID = "newshouse"


def write_groups(
    now: Snapshot, groups: Iterable[Group], most: int | None = None, at_once: int | None = None
) -> list[DataFile]:
    """Write groups of rows, several files at a time: the encoder leaves Python's lock alone. All of them or none.

    A file is handed over when one of those who write is free, and then the next group is asked for: all would fill the
    memory.

    All groups are asked for before this returns, and `log` comes after it: what a generator of groups does behind its
    last is done before the commit. That a version is written down before it is overwritten hangs on it.
    """

    def write(rows: pa.Table, places: pa.Array, lasting: Lasting) -> DataFile:
        taken = in_order(rows, places, in_pieces=lasting == Lasting.A_WEEK)
        return write_datafile(now.folder, now.table, taken, lasting)

    at_once = at_once or pa.cpu_count()
    tasks: list[Future[DataFile]] = []
    try:
        with ThreadPoolExecutor(at_once, "datafile") as pool:
            for group in groups:
                for places in pieces(now.table, group.rows, group.chosen, most, at_once):
                    _until_one_is_free(tasks, at_once)
                    tasks.append(pool.submit(write, group.rows, places, group.lasting))
        return [task.result() for task in tasks]
    except BaseException:
        _take_back(now, [task.result() for task in tasks if not task.exception()])
        raise


def _until_one_is_free(tasks: Sequence[Future[DataFile]], at_once: int) -> None:
    """Wait until fewer than that are at work. What went wrong is raised here already."""
    at_work = [task for task in tasks if not task.done()]
    if len(at_work) >= at_once:
        wait(at_work, return_when=FIRST_COMPLETED)
    for task in tasks:
        if task.done():
            task.result()


def _take_back(now: Snapshot, files: Iterable[DataFile]) -> None:
    for file in files:
        now.folder.take_back(file.name)


def log(now: Snapshot, written: Sequence[DataFile], removed: Sequence[RemoveAction]) -> None:
    """Make written files visible, and retire others, in one commit.

    Raises:
        CommitFailedError: another writer committed since the snapshot; the table is as that one left it.
        StorageError: the disk is full or read-only; the table is as it was.
    """
    delta = now.delta
    if delta is None:
        return
    try:
        with storage(now.folder):  # a full disk is a `StorageError` here already
            delta.create_write_transaction(
                [*(file.action for file in written), *removed],
                "append",
                delta.schema(),
                [now.table.partition] if now.table.partition else [],
                commit_properties=next_commit(now),
            )
    except (StorageError, CommitFailedError) as error:
        # A disk may also be full right after the commit: Delta then writes a checkpoint. Files that the log may name
        # stay, also after any other error: vacuum decides, a week later.
        if isinstance(error, CommitFailedError) or now.folder.size(_log_entry(now.version + 1)) is None:
            _take_back(now, written)
        raise


def _log_entry(version: int) -> str:
    return f"_delta_log/{version:020}.json"


def next_commit(now: Snapshot) -> CommitProperties:
    """Makes a commit on this snapshot lose against every other one on it."""
    return CommitProperties(app_transactions=[Transaction(_APP_ID, now.version + 1)])
