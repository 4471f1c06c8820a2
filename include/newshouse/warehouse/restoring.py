"""Tables taken back to earlier versions, all of them or none: what was killed is finished before anything is loaded.

1. The job is written down: which version of which table.
2. Each table is committed as it was. Between two of them no load may come: a first version that `articles` shows again
   in the end is in neither table yet, and a number on record may be one that `articles` is about to give away again.
3. What was forgotten since is taken out.
4. The job is deleted.

Loads and restores of one machine wait for each other (a lock file).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, FETCHES, REJECTIONS, REVISIONS, Table
from newshouse.storage.files import alone, together, write_text
from newshouse.warehouse.evolution import fits
from newshouse.warehouse.forgotten import take_out_forgotten
from newshouse.warehouse.reading import at_version, count, whole
from newshouse.warehouse.revisions import only_versions
from newshouse.warehouse.tables import Snapshot, return_to, snapshot

RESTORED = (FETCHES, REJECTIONS, REVISIONS, ARTICLES)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did to one table: rows before and after."""

    table: str
    before: int
    after: int


def take_back(layout: DataLayout, versions: Mapping[str, int]) -> list[Restored]:
    """Take the tables back. A job that was killed before is forgotten: all tables are taken back by this one.

    Args:
        versions: of each table of `RESTORED`, by name; -1 for one that there was not.

    Raises:
        StorageError: the disk is full or read-only. The next load, or `newshouse maintain`, goes on.
    """
    with alone(layout.restore_lock):
        write_text(layout.restore_job, json.dumps(dict(versions)))
        return _carry_out(layout)


def finish(layout: DataLayout) -> None:
    """Finish the restore that was killed, if there is one.

    Raises:
        StorageError: as `take_back`; or files that it needs are gone by now.
    """
    if layout.restore_job.exists():
        with alone(layout.restore_lock):
            if layout.restore_job.exists():  # nobody else did meanwhile
                _carry_out(layout)


@contextmanager
def settled(layout: DataLayout) -> Iterator[None]:
    """No restore is half done, and none begins, for as long as the block lasts. Loads go side by side.

    Raises:
        StorageError: as `finish`.
    """
    while True:
        finish(layout)
        with together(layout.restore_lock):
            if not layout.restore_job.exists():  # else one was killed just now
                yield
                return


def _carry_out(layout: DataLayout) -> list[Restored]:
    versions = _read(layout.restore_job)
    then = {table.name: _then(layout, table, versions[table.name]) for table in RESTORED}
    done = [_restored(layout, then, table) for table in RESTORED]
    take_out_forgotten(layout, *map(_keys, then.values()))
    layout.restore_job.unlink(missing_ok=True)
    return done


def _read(job: Path) -> dict[str, int]:
    try:
        versions = json.loads(job.read_text(encoding="utf-8"))
        return {table.name: int(versions[table.name]) for table in RESTORED}
    except (ValueError, KeyError, TypeError) as error:
        raise _given_up(job, f"not a job of restoring ({error})") from error


def _then(layout: DataLayout, table: Table, version: int) -> Snapshot:
    if version < 0:
        return Snapshot(table, None, layout.table_folder(table.name))
    found = at_version(layout, table, version)
    if found is None or not whole(found):
        raise _given_up(layout.restore_job, f"files of version {version} of {table.name} are gone")
    return found


def _given_up(job: Path, why: str) -> StorageError:
    return StorageError(
        f"{job}: a restore was killed and cannot be finished: {why}. Delete this file and run `newshouse repair`, "
        "which brings the tables back to what the runs left; then restore again."
    )


def _restored(layout: DataLayout, then: Mapping[str, Snapshot], table: Table) -> Restored:
    before = return_to(layout, table, max(then[table.name].version, 0))
    articles = snapshot(layout, ARTICLES)
    return Restored(table.name, _count(before, articles), _count(then[table.name], then[ARTICLES.name]))


def _count(now: Snapshot, articles: Snapshot) -> int:
    """Rows as the views show them; all rows where something else wrote a table in a way that the views cannot show."""
    whole_history = now.table == REVISIONS and _fits(now) and _fits(articles)
    alone_there = only_versions(articles, now, ["article_id"]).num_rows if whole_history else 0
    return count(now) + alone_there


def _fits(now: Snapshot) -> bool:
    try:
        fits(now)
    except ConfigError:  # what is wrong is told by whoever reads it; a restore takes the table back from there
        return False
    return True


def _keys(now: Snapshot) -> pa.Table:
    """What tells of which article each row is."""
    return now.read([name for name in ("article_id", "url_key") if name in now.table.schema().names])
