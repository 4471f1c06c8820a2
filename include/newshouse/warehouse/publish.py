"""Publish: one small DuckDB file of views over the active data files, so that a plain `duckdb` client reads them.

The file is written beside its place and moved in: a reader that has the old one open goes on reading the old files,
which `vacuum` spares for a week. It names every file by its absolute path, so it works from any folder.

The views that people use stand on views of the files, in the schema `files`. Those come last: whatever is built on the
others is bound to empty ones, so that the length of the lists is paid for once. While the definitions stay the same,
the next publish copies the file and puts other lists in.

One publish at a time (a lock file): of two at once, the one that looked at the tables first could else swap last, and
take rows away from readers that had them.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from newshouse.errors import StorageError
from newshouse.files import alone, replacing, storage_errors
from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.quality.hosts import (
    HOST_SCOREBOARD_COLUMNS,
    HOST_SCOREBOARD_SQL,
    SOURCE_OUTCOMES_COLUMNS,
    SOURCE_OUTCOMES_SQL,
)
from newshouse.quality.scorecard import SOURCE_SCORECARD_COLUMNS, SOURCE_SCORECARD_SQL
from newshouse.schemas import ARTICLES, REVISIONS, SOURCES, TABLES, Table
from newshouse.sources.imported import IMPORTED
from newshouse.sources.model import Source
from newshouse.warehouse.evolution import fits
from newshouse.warehouse.reading import came_since
from newshouse.warehouse.sql import sql
from newshouse.warehouse.tables import Snapshot, nullable, snapshot

_STORAGE_VERSION = "v1.2.0"  # DuckDB 1.2 and later open it; the default of 2.0 shuts out 1.x
_CATALOG = "newshouse"  # the name that clients give to newshouse.duckdb
_READ_ONLY = 0o444
_STALE_SECONDS = 24 * 3600
_BOARDS = {
    "source_scorecard": (
        SOURCE_SCORECARD_SQL,
        "One row a source: what its last run gave, and how complete its articles are. Shares are 0 to 1.",
        SOURCE_SCORECARD_COLUMNS,
    ),
    "source_outcomes": (
        SOURCE_OUTCOMES_SQL,
        "One row a source, run and outcome: how its candidates ended. Shares are 0 to 1.",
        SOURCE_OUTCOMES_COLUMNS,
    ),
    "host_scoreboard": (
        HOST_SCOREBOARD_SQL,
        "One row a host asked in the last seven days: how it answers, and what it asks for. Shares are 0 to 1.",
        HOST_SCOREBOARD_COLUMNS,
    ),
}
_SEPARATOR = "\x1f"  # between paths: no path has it
_PATTERN = re.compile(r"[\[*?]")
_SYSTEM_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)


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
                connection.execute(f"ATTACH {_text(draft)} AS {_CATALOG} (STORAGE_VERSION '{_STORAGE_VERSION}')")
                connection.execute(f"USE {_CATALOG}")
                connection.begin()  # one for all: a commit of its own for each comment would take most of the time
                if not before.shown:
                    _define(database, connection, [now.table for now in snapshots])
                _write_sources(connection, sources, used)
                _show(connection, snapshots, before.shown)
                connection.commit()
                connection.execute("CHECKPOINT")  # everything into the one file: its log does not move with it
        except duckdb.Error as error:
            raise _told(error, draft) from error
        finally:
            draft.with_name(f"{draft.name}.wal").unlink(missing_ok=True)
        draft.chmod(_READ_ONLY)


def _define(database: Path, connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """All views, macros and comments, over views of no rows."""
    connection.execute("CREATE SCHEMA files")
    for table in tables:
        connection.execute(f"CREATE VIEW {_files(table)} AS {_empty(table, connection)}")
        connection.execute(f"CREATE VIEW {_name(table.name)} AS {_rows(table)}")
        _comment(connection, "VIEW", table)
    _write_sources(connection, {}, ())
    # Not over the view: DuckDB would look up the ids of all first versions to leave out one.
    versions = f"SELECT * FROM ({_versions('article_id = id')}) ORDER BY fetched_at, revision"  # noqa: S608 - our own names
    connection.execute(f"CREATE MACRO revisions_of(id) AS TABLE {versions}")
    connection.execute(sql("views"))
    for name, (select, comment, columns) in _BOARDS.items():
        connection.execute(f"CREATE VIEW {name} AS {select}")
        connection.execute(f"COMMENT ON VIEW {name} IS {_text(comment)}")
        for column, doc in columns.items():
            connection.execute(f"COMMENT ON COLUMN {name}.{_name(column)} IS {_text(doc)}")
    connection.execute("CREATE TABLE files.versions (table_name VARCHAR, table_id VARCHAR, version BIGINT)")
    connection.execute("COMMENT ON TABLE files.versions IS 'The Delta version of each table that this database shows.'")
    connection.execute("CREATE TABLE files.definitions (digest VARCHAR)")
    connection.execute("COMMENT ON TABLE files.definitions IS 'What the views, macros and comments were made of.'")
    connection.execute("INSERT INTO files.definitions VALUES (?)", [_definitions(database)])


def _rows(table: Table) -> str:
    """What a table's view selects."""
    return _versions() if table.name == REVISIONS.name else f"FROM {_files(table)}"


def _versions(where: str = "true") -> str:
    """The versions on record, and the first ones that stand in `articles` alone."""
    own = {"change_kind": "'new'", "previous_hash": "NULL"}
    columns = ", ".join(f"{own.get(column.name, f'a.{_name(column.name)}')}" for column in REVISIONS.columns)
    recorded = f"FROM {_files(REVISIONS)} WHERE {where}"
    first = f"SELECT article_id {recorded} AND revision = 1"
    alone = f"FROM {_files(ARTICLES)} AS a ANTI JOIN ({first}) USING (article_id) WHERE {where} AND a.revision = 1"
    return f"{recorded} UNION ALL SELECT {columns} {alone}"


def _show(connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Snapshot], shown: Mapping[str, Shown]) -> None:
    """Put the lists of files in place, where they are other ones now."""
    for now in snapshots:
        if shown.get(now.table.name) != _shown(now) or now.narrow():
            about = f"The files of {now.table.name}: ask that view instead."
            connection.execute(f"CREATE OR REPLACE VIEW {_files(now.table)} AS {_select(now, connection)}")
            connection.execute(f"COMMENT ON VIEW {_files(now.table)} IS {_text(about)}")
    connection.execute("DELETE FROM files.versions")
    versions = (f"({_text(now.table.name)}, {_text(_shown(now)[0])}, {now.version})" for now in snapshots)
    connection.execute(f"INSERT INTO files.versions VALUES {', '.join(versions)}")  # noqa: S608 - our own names


def _shown(now: Snapshot) -> Shown:
    return ("" if now.delta is None else str(now.delta.metadata().id), now.version)


def _definitions(database: Path) -> str:
    """Changes with whatever the file holds beside lists of files; also when the data folder moved."""
    tables = (
        f"{_rows(table)} {table.doc} {table.schema()} {[c.doc for c in table.columns]}" for table in TABLES.values()
    )
    boards = (f"{name} {board}" for name, board in _BOARDS.items())
    return stable_id(duckdb.__version__, _STORAGE_VERSION, str(database.resolve()), sql("views"), *boards, *tables)


def _told(error: duckdb.Error, path: Path) -> Exception:
    """DuckDB gives the system's error as text only; `replacing` knows what to do about its number."""
    number = next((number for number in _SYSTEM_ERRORS if os.strerror(number) in str(error)), None)
    if number:
        return OSError(number, os.strerror(number), str(path))
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException)):
        said = str(error).split("\n")[0]  # the query follows
        return StorageError(f"not published: {said}. `newshouse doctor` names every damaged file.")
    return error


def _select(now: Snapshot, connection: duckdb.DuckDBPyConnection) -> str:
    # The newest month first: of the latest fifty rows DuckDB learns early what is too old, and skips the other months.
    files, empty = now.files()[::-1], _empty(now.table, connection)
    options = ["hive_partitioning = true", "hive_types_autocast = false"] if now.table.partition else []
    if not files:
        return empty
    if now.narrow():
        # Old files lack a column: by name, and typed by the empty relation if no file has it yet. Slower to open.
        return f"{empty} UNION ALL BY NAME SELECT * FROM {_scan(files, [*options, 'union_by_name = true'])}"  # noqa: S608 - our own names
    columns = ", ".join(_name(column) for column in now.table.schema().names)
    return f"SELECT {columns} FROM {_scan(files, options)}"  # noqa: S608 - our own names


def _scan(files: Iterable[str], options: Iterable[str]) -> str:
    # One text that DuckDB splits: two thousand expressions take it three times as long, at each publish and each query.
    listed = _text(_literal(_SEPARATOR.join(files)))
    return f"read_parquet({', '.join([f'string_split({listed}, chr({ord(_SEPARATOR)}))', *options])})"


def _empty(table: Table, connection: duckdb.DuckDBPyConnection) -> str:
    """A SELECT of no rows with the table's columns and types."""
    relation = connection.from_arrow(nullable(table).empty_table())
    columns = zip(relation.columns, relation.types, strict=True)
    return f"SELECT {', '.join(f'NULL::{kind} AS {_name(column)}' for column, kind in columns)} WHERE false"


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
    rows = connection.execute(f"SELECT DISTINCT source_id FROM {_scan(new, [])}").fetchall()  # noqa: S608 - our own names
    return known.union(source_id for (source_id,) in rows)


def _published(database: Path, connection: duckdb.DuckDBPyConnection) -> Published:
    """What the database of before shows; nothing if there is none, or it was defined otherwise."""
    if not database.exists():
        return Published()
    try:
        connection.execute(f"ATTACH {_text(database)} AS before (READ_ONLY)")
        definitions = connection.execute("SELECT digest FROM before.files.definitions").fetchall()
        versions = connection.execute("FROM before.files.versions").fetchall()
        used = connection.execute("FROM before.files.used_sources").fetchall()
        connection.execute("DETACH before")
    except duckdb.Error:  # damaged, or by another version of Newshouse: it is about to be replaced
        return Published()
    if definitions != [(_definitions(database),)]:
        return Published()
    return Published({name: (table_id, version) for name, table_id, version in versions}, {key for (key,) in used})


def _write_sources(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], used: Collection[str]) -> None:
    """The sources of today, and those that articles came from before: every `source_id` of an article has its row."""
    known = {IMPORTED.id: IMPORTED, **sources}
    ids = sorted({*used, *sources})
    rows = (asdict(known[key]) if key in known else {"id": key} for key in ids)
    connection.register("published_sources", SOURCES.arrow(rows))
    connection.execute("CREATE OR REPLACE TABLE sources AS FROM published_sources")
    connection.unregister("published_sources")
    _comment(connection, "TABLE", SOURCES)
    connection.register("published_ids", pa.table({"source_id": pa.array(sorted(used), pa.string())}))
    connection.execute("CREATE OR REPLACE TABLE files.used_sources AS FROM published_ids")
    connection.unregister("published_ids")
    connection.execute("COMMENT ON TABLE files.used_sources IS 'The sources that articles came from.'")


def _comment(connection: duckdb.DuckDBPyConnection, kind: str, table: Table) -> None:
    columns = ((f"COLUMN {_name(table.name)}.{_name(column.name)}", column.doc) for column in table.columns)
    about = [(f"{kind} {_name(table.name)}", table.doc), *columns]
    connection.execute(";".join(f"COMMENT ON {what} IS {_text(doc)}" for what, doc in about))


def _files(table: Table) -> str:
    """The view of a table's files; named apart, so that one who looks for a table finds one."""
    return f"files.{_name(f'{table.name}_files')}"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _literal(path: str) -> str:
    """The path as a pattern that only itself matches: DuckDB expands patterns in lists of files, too."""
    return _PATTERN.sub(r"[\g<0>]", path)
