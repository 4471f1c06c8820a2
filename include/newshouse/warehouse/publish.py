"""Publish: one small DuckDB file of views over the active data files, so that a plain `duckdb` client reads them.

The file is written beside its place and moved in: a reader that has the old one open goes on reading the old files,
which `vacuum` spares for a week. It names every file by its absolute path, so it works from any folder.

What it defines stands in `definitions.py`. The views of the files come last: whatever is built on them is bound to
empty ones, so that the length of the lists is paid for once. While the definitions stay the same, the next publish
copies the file and puts other lists in.

One publish at a time (a lock file): of two at once, the one that looked at the tables first could else swap last, and
take rows away from readers that had them.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, REVISIONS, TABLES
from newshouse.sources.model import Source
from newshouse.storage.files import alone, replacing, storage_errors
from newshouse.warehouse.definitions import (
    STORAGE_VERSION,
    define,
    digest,
    files_of,
    quoted,
    scan,
    select_files,
    write_sources,
)
from newshouse.warehouse.evolution import fits
from newshouse.warehouse.reading import came_since
from newshouse.warehouse.tables import Snapshot, snapshot

_CATALOG = "newshouse"  # the name that clients give to newshouse.duckdb
_READ_ONLY = 0o444
_STALE_SECONDS = 24 * 3600
_SYSTEM_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)


Shown = tuple[str, int]  # id and version of a Delta table


@dataclass(frozen=True, slots=True)
class Published:
    """What a database shows of each table, and the ids of the sources that articles came from."""

    shown: Mapping[str, Shown] = field(default_factory=dict)
    used: Collection[str] = ()


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
        draft.unlink(missing_ok=True)
        try:
            with duckdb.connect() as connection:
                before = _published(database, connection)
                used = _used_sources(before, snapshots, connection)
                if before.shown:
                    shutil.copyfile(database, draft)  # what is defined stays as it is
                connection.execute(f"ATTACH {quoted(draft)} AS {_CATALOG} (STORAGE_VERSION '{STORAGE_VERSION}')")
                connection.execute(f"USE {_CATALOG}")
                connection.begin()  # one for all: a commit of its own for each comment would take most of the time
                if not before.shown:
                    define(database, connection, [now.table for now in snapshots])
                write_sources(connection, sources, used)
                _show(connection, snapshots, before.shown)
                connection.commit()
                connection.execute("CHECKPOINT")  # everything into the one file: its log does not move with it
        except duckdb.Error as error:
            raise _told(error, draft) from error
        finally:
            draft.with_name(f"{draft.name}.wal").unlink(missing_ok=True)
        draft.chmod(_READ_ONLY)


def _show(connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Snapshot], shown: Mapping[str, Shown]) -> None:
    """Put the lists of files in place, where they are other ones now."""
    for now in snapshots:
        if shown.get(now.table.name) != _shown(now) or now.narrow():
            about = f"The files of {now.table.name}: ask that view instead."
            connection.execute(f"CREATE OR REPLACE VIEW {files_of(now.table)} AS {select_files(now, connection)}")
            connection.execute(f"COMMENT ON VIEW {files_of(now.table)} IS {quoted(about)}")
    connection.execute("DELETE FROM files.versions")
    versions = (f"({quoted(now.table.name)}, {quoted(_shown(now)[0])}, {now.version})" for now in snapshots)
    connection.execute(f"INSERT INTO files.versions VALUES {', '.join(versions)}")  # noqa: S608 - our own names


def _shown(now: Snapshot) -> Shown:
    return ("" if now.delta is None else str(now.delta.metadata().id), now.version)


def _told(error: duckdb.Error, path: Path) -> Exception:
    """DuckDB gives the system's error as text only; `replacing` knows what to do about its number."""
    number = next((number for number in _SYSTEM_ERRORS if os.strerror(number) in str(error)), None)
    if number:
        return OSError(number, os.strerror(number), str(path))
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException)):
        said = str(error).split("\n")[0]  # the query follows
        return StorageError(f"not published: {said}. `newshouse doctor` names every damaged file.")
    return error


def _used_sources(before: Published, snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The sources that articles came from: those published before, and those of the files that are new since."""
    now = next(now for now in snapshots if now.table.name == ARTICLES.name)
    table_id, version = before.shown.get(ARTICLES.name, ("", -1))
    known, new = set(before.used), now.files()
    if (table_id, version) == _shown(now):
        return known
    if table_id == _shown(now)[0] and 0 <= version <= now.version:
        try:
            new = sorted(came_since(now, version).intersection(new))
        except StorageError:  # the log does not reach back as far: look at all
            known = set()
    if not new:
        return known
    rows = connection.execute(f"SELECT DISTINCT source_id FROM {scan(new, [])}").fetchall()  # noqa: S608 - our own names
    return known.union(source_id for (source_id,) in rows)


def _published(database: Path, connection: duckdb.DuckDBPyConnection) -> Published:
    """What the database of before shows; nothing if there is none, or it was defined otherwise."""
    if not database.exists():
        return Published()
    try:
        connection.execute(f"ATTACH {quoted(database)} AS before (READ_ONLY)")
        definitions = connection.execute("SELECT digest FROM before.files.definitions").fetchall()
        versions = connection.execute("FROM before.files.versions").fetchall()
        used = connection.execute("FROM before.files.used_sources").fetchall()
        connection.execute("DETACH before")
    except duckdb.Error:  # damaged, or by another version of Newshouse: it is about to be replaced
        return Published()
    if definitions != [(digest(database),)]:
        return Published()
    return Published({name: (table_id, version) for name, table_id, version in versions}, {key for (key,) in used})


def is_of_today(database: Path) -> bool:
    """Whether a database shows the tables as this version of Newshouse does, from where it lies now."""
    with duckdb.connect() as connection:
        return bool(_published(database, connection).shown)
