"""Publish: one small DuckDB file of views over the active data files, so that a plain `duckdb` client reads them.

The file is written beside its place and moved in: a reader that has the old one open goes on reading the old files,
which `vacuum` spares for a week. It names every file by its absolute path, so it works from any folder.

What it defines stands in `definitions.py`. The lists of files come last: whatever is built on them is bound to
empty ones, so that their length is paid for once. While the definitions stay the same, the next publish copies the file
and puts other lists in.

One publish at a time (a lock file): of two at once, the one that looked at the tables first could else swap last, and
take rows away from readers that had them.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_ds

from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, REVISIONS, TABLES, Table
from newshouse.sources.model import Source
from newshouse.storage.files import alone, replacing, storage_errors
from newshouse.warehouse.definitions import (
    STORAGE_VERSION,
    Form,
    define,
    digest,
    list_files,
    quoted,
    show_files,
    used_sources,
    write_sources,
)
from newshouse.warehouse.evolution import fits
from newshouse.warehouse.reading import came_since
from newshouse.warehouse.tables import Snapshot, readable, snapshot

_CATALOG = "newshouse"  # the name that clients give to newshouse.duckdb
_READ_ONLY = 0o444
_STALE_SECONDS = 24 * 3600
_BLOCK_BYTES = 16_384
_SOURCE = pa.schema([("source_id", pa.string())])
_SYSTEM_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a database shows of one table.

    Attributes:
        table_id, version: of the Delta table.
        form: how the view of its files reads them.
    """

    table_id: str = ""
    version: int = -1
    form: str = Form.EMPTY

    def is_of(self, now: Snapshot) -> bool:
        """Whether it is this very version."""
        return (self.table_id, self.version) == (_table_id(now), now.version)


def publish(layout: DataLayout, sources: Mapping[str, Source]) -> Path:
    """Write data/newshouse.duckdb over the latest version of each table.

    Raises:
        ConfigError: a table on disk does not fit `schemas/`; the database of before is untouched.
        StorageError: the disk is full or read-only, or a data file is damaged; the database of before is untouched.
    """
    with alone(layout.database.with_name(f".{layout.database.name}.lock")):
        _sweep(layout.database)
        # `revisions` last: a first version is written there before it leaves `articles` (see `only_versions`).
        tables = sorted(TABLES.values(), key=lambda table: table == REVISIONS)
        snapshots = [fits(snapshot(layout, table)) for table in tables]
        publish_snapshots(layout.database, snapshots, sources)
        for now in snapshots:
            now.folder.sweep()
    return layout.database


def publish_snapshots(database: Path, snapshots: Sequence[Snapshot], sources: Mapping[str, Source]) -> None:
    """Write a database over versions of choice.

    Raises:
        StorageError: as `publish`.
    """
    for now in snapshots:
        now.bring()
    _replace(database, snapshots, sources)


def _sweep(database: Path) -> None:
    """Delete what a killed publish left behind."""
    now = time.time()  # wall time, like the times of the files
    with storage_errors(database):
        for draft in database.parent.glob(f".{database.name}.*.tmp*"):
            if now - draft.stat().st_mtime > _STALE_SECONDS:
                draft.unlink()


def _replace(database: Path, snapshots: Sequence[Snapshot], sources: Mapping[str, Source]) -> None:
    with replacing(database) as draft:
        try:
            with duckdb.connect() as connection:
                shown = _continued(database, draft, connection, snapshots)
                connection.begin()  # one for all: a commit of its own for each comment would take most of the time
                if not shown:
                    define(database, connection, [now.table for now in snapshots])
                write_sources(connection, sources, _used_sources(shown, snapshots, connection))
                _show(connection, snapshots, shown)
                connection.commit()
                connection.execute("CHECKPOINT")
        except duckdb.Error as error:
            raise _told(error, draft) from error
        finally:  # where a full disk stops a checkpoint, DuckDB leaves the beginning of a log
            draft.with_name(f"{draft.name}.wal").unlink(missing_ok=True)
        draft.chmod(_READ_ONLY)


def _continued(
    database: Path, draft: Path, connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Snapshot]
) -> dict[str, Shown]:
    """Open a copy of the database of before; an empty one if there is none, or it was defined otherwise.

    Returns:
        What it shows of each table.
    """
    if database.exists():
        shutil.copyfile(database, draft)  # what is defined stays as it is
        with suppress(duckdb.Error):  # damaged, or by another version of Newshouse: it is about to be replaced
            _attach(draft, connection)
            if shown := _shown(database, connection, [now.table for now in snapshots]):
                return shown
        connection.execute(f"USE memory; DETACH DATABASE IF EXISTS {_CATALOG}")
    draft.unlink(missing_ok=True)
    _attach(draft, connection)
    return {}


def _attach(draft: Path, connection: duckdb.DuckDBPyConnection) -> None:
    # No log beside it, which would have to move with it: of a publish that fails, nothing is kept anyway.
    # Small blocks: there is little in them, and all of it is written at each publish.
    options = f"STORAGE_VERSION '{STORAGE_VERSION}', BLOCK_SIZE {_BLOCK_BYTES}, RECOVERY_MODE no_wal_writes"
    connection.execute(f"ATTACH {quoted(draft)} AS {_CATALOG} ({options})")
    connection.execute(f"USE {_CATALOG}")


def _show(connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Snapshot], shown: Mapping[str, Shown]) -> None:
    """Put the lists of files in place, where they are other ones now."""
    rows = []
    for now in snapshots:
        before = shown.get(now.table.name, Shown())
        form = before.form if before.is_of(now) else _form(now)
        if not before.is_of(now):
            list_files(connection, now.table, now.files())
        if form != before.form:
            show_files(connection, now.table, Form(form))
        rows.append(f"({quoted(now.table.name)}, {quoted(_table_id(now))}, {now.version}, {quoted(form)})")
    connection.execute(f"DELETE FROM files.versions; INSERT INTO files.versions VALUES {', '.join(rows)}")  # noqa: S608 - our own names


def _form(now: Snapshot) -> Form:
    if not now.names():
        return Form.EMPTY
    return Form.NARROW if now.narrow() else Form.WHOLE


def _table_id(now: Snapshot) -> str:
    return "" if now.delta is None else str(now.delta.metadata().id)


def _told(error: duckdb.Error, path: Path) -> Exception:
    """DuckDB gives the system's error as text only; `replacing` knows what to do about its number."""
    number = next((number for number in _SYSTEM_ERRORS if os.strerror(number) in str(error)), None)
    if number:
        return OSError(number, os.strerror(number), str(path))
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException)):
        said = str(error).split("\n")[0]  # the query follows
        return StorageError(f"not published: {said}. `newshouse doctor` names every damaged file.")
    return error


def _used_sources(
    shown: Mapping[str, Shown], snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection
) -> set[str]:
    """The sources that articles came from: those published before, and those of the files that are new since."""
    now = next(now for now in snapshots if now.table.name == ARTICLES.name)
    before = shown.get(ARTICLES.name, Shown())
    if before.is_of(now):
        return used_sources(connection)
    if before.table_id == _table_id(now) and before.version < now.version:
        with suppress(StorageError):  # the log does not reach back as far: look at all
            new = came_since(now, before.version).intersection(now.names())
            return used_sources(connection) | _sources_in(now, new)
    return _sources_in(now, now.names())


def _sources_in(now: Snapshot, names: Collection[str]) -> set[str]:
    here = [str(now.root / name) for name in sorted(names)]
    with readable(now.folder):
        rows = pa_ds.dataset(here, schema=_SOURCE, format="parquet").to_table()
    return {*pc.unique(rows[_SOURCE.names[0]]).to_pylist()}


def _shown(database: Path, connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> dict[str, Shown]:
    """What an open database shows of each table; nothing if it was defined otherwise."""
    definitions = connection.execute("SELECT digest FROM files.definitions").fetchall()
    if definitions != [(digest(database, tables),)]:
        return {}
    return {name: Shown(*rest) for name, *rest in connection.execute("FROM files.versions").fetchall()}


def is_of_today(database: Path) -> bool:
    """Whether a database shows the tables as this version of Newshouse does, from where it lies now."""
    with duckdb.connect() as connection, suppress(duckdb.Error):
        connection.execute(f"ATTACH {quoted(database)} AS {_CATALOG} (READ_ONLY)")
        connection.execute(f"USE {_CATALOG}")
        return bool(_shown(database, connection, TABLES.values()))
    return False
