"""What the published database defines: views, macros and comments over the lists of files.

The views that people use stand on views of the files, in the schema `files`. A list itself is what a macro there gives:
to put another one in, DuckDB need not look at two thousand paths and open a file, as it does for a view.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path

import duckdb
import pyarrow as pa

from newshouse.ids import stable_id
from newshouse.quality.hosts import (
    HOST_SCOREBOARD_COLUMNS,
    HOST_SCOREBOARD_SQL,
    SOURCE_OUTCOMES_COLUMNS,
    SOURCE_OUTCOMES_SQL,
)
from newshouse.quality.listings import LISTINGS_COLUMNS, LISTINGS_SQL
from newshouse.quality.scorecard import SOURCE_SCORECARD_COLUMNS, SOURCE_SCORECARD_SQL
from newshouse.schemas import ARTICLES, REVISIONS, SOURCES, Table
from newshouse.sources.imported import IMPORTED
from newshouse.sources.model import Source
from newshouse.warehouse.sql import sql
from newshouse.warehouse.tables import nullable

STORAGE_VERSION = "v1.2.0"  # DuckDB 1.2 and later open it; the default of 2.0 shuts out 1.x
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
    "listings": (
        LISTINGS_SQL,
        "One row a feed, sitemap or page that sources are read from, asked in the last thirty days: how it does.",
        LISTINGS_COLUMNS,
    ),
    "host_scoreboard": (
        HOST_SCOREBOARD_SQL,
        "One row a host asked in the last seven days: how it answers, and what it asks for. Shares are 0 to 1.",
        HOST_SCOREBOARD_COLUMNS,
    ),
}
_SEPARATOR = "\x1f"  # between paths: no path has it

_PATTERN = re.compile(r"[\[*?]")


class Form(StrEnum):
    """How the view of a table's files reads them."""

    EMPTY = "empty"  # there is none
    WHOLE = "whole"  # each has all columns
    NARROW = "narrow"  # some may lack one: by name, and slower to open


def define(database: Path, connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """All views, macros and comments, over views of no rows."""
    connection.execute("CREATE SCHEMA files")
    for table in tables:
        list_files(connection, table, ())
        show_files(connection, table, Form.EMPTY)
        connection.execute(f"CREATE VIEW {_name(table.name)} AS {_rows(table)}")
        _comment(connection, "VIEW", table)
    _define_sources(connection)
    # Not over the view: DuckDB would look up the ids of all first versions to leave out one.
    versions = f"SELECT * FROM ({_versions('article_id = id')}) ORDER BY fetched_at, revision"  # noqa: S608 - our own names
    connection.execute(f"CREATE MACRO revisions_of(id) AS TABLE {versions}")
    connection.execute(sql("views"))
    for name, (select, comment, columns) in _BOARDS.items():
        connection.execute(f"CREATE VIEW {name} AS {select}")
        connection.execute(f"COMMENT ON VIEW {name} IS {quoted(comment)}")
        for column, doc in columns.items():
            connection.execute(f"COMMENT ON COLUMN {name}.{_name(column)} IS {quoted(doc)}")
    connection.execute(
        "CREATE TABLE files.versions (table_name VARCHAR, table_id VARCHAR, version BIGINT, form VARCHAR)"
    )
    connection.execute("COMMENT ON TABLE files.versions IS 'The Delta version of each table that this database shows.'")
    connection.execute("CREATE TABLE files.definitions (digest VARCHAR)")
    connection.execute("COMMENT ON TABLE files.definitions IS 'What the views, macros and comments were made of.'")
    connection.execute("INSERT INTO files.definitions VALUES (?)", [digest(database, tables)])


def _rows(table: Table) -> str:
    """What a table's view selects."""
    return _versions() if table.name == REVISIONS.name else f"FROM {files_of(table)}"


def _versions(where: str = "true") -> str:
    """The versions on record, and the first ones that stand in `articles` alone."""
    own = {"change_kind": "'new'", "previous_hash": "NULL"}
    columns = ", ".join(f"{own.get(column.name, f'a.{_name(column.name)}')}" for column in REVISIONS.columns)
    recorded = f"FROM {files_of(REVISIONS)} WHERE {where}"
    first = f"SELECT article_id {recorded} AND revision = 1"
    alone = f"FROM {files_of(ARTICLES)} AS a ANTI JOIN ({first}) USING (article_id) WHERE {where} AND a.revision = 1"
    return f"{recorded} UNION ALL SELECT {columns} {alone}"


def digest(database: Path, tables: Iterable[Table]) -> str:
    """Changes with whatever the file holds beside lists of files; also when the data folder moved."""
    told = (
        f"{_rows(table)} {_whole(table)} {table.doc} {table.schema()} {[c.doc for c in table.columns]}"
        for table in sorted(tables, key=lambda table: table.name)
    )
    boards = (f"{name} {board}" for name, board in _BOARDS.items())
    return stable_id(duckdb.__version__, STORAGE_VERSION, str(database.resolve()), sql("views"), *boards, *told)


def list_files(connection: duckdb.DuckDBPyConnection, table: Table, files: Sequence[str]) -> None:
    """Put a list of a table's files in place."""
    # The newest month first: of the latest fifty rows DuckDB learns early what is too old, and skips the other months.
    # One text that DuckDB splits: two thousand expressions take it three times as long, at each publish and each query.
    listed = quoted(_literal(_SEPARATOR.join(files[::-1])))
    connection.execute(f"CREATE OR REPLACE MACRO {_paths_of(table)}() AS {listed}")


def show_files(connection: duckdb.DuckDBPyConnection, table: Table, form: Form) -> None:
    """Let the view of a table's files read the list that is in place."""
    connection.execute(f"CREATE OR REPLACE VIEW {files_of(table)} AS {_select(table, form, connection)}")
    about = f"The files of {table.name}: ask that view instead."
    connection.execute(f"COMMENT ON VIEW {files_of(table)} IS {quoted(about)}")


def _select(table: Table, form: Form, connection: duckdb.DuckDBPyConnection) -> str:
    if form == Form.WHOLE:
        return _whole(table)
    # Old files lack a column: by name, and typed by the empty relation if no file has it yet. Slower to open.
    rest = f" UNION ALL BY NAME SELECT * FROM {_scan(table, 'union_by_name = true')}"  # noqa: S608 - our own names
    return _empty(table, connection) + (rest if form == Form.NARROW else "")


def _whole(table: Table) -> str:
    columns = ", ".join(_name(column) for column in table.schema().names)
    return f"SELECT {columns} FROM {_scan(table)}"  # noqa: S608 - our own names


def _scan(table: Table, *options: str) -> str:
    hive = ("hive_partitioning = true", "hive_types_autocast = false") if table.partition else ()
    listed = f"string_split({_paths_of(table)}(), chr({ord(_SEPARATOR)}))"
    return f"read_parquet({', '.join([listed, *hive, *options])})"


def _empty(table: Table, connection: duckdb.DuckDBPyConnection) -> str:
    """A SELECT of no rows with the table's columns and types."""
    relation = connection.from_arrow(nullable(table).empty_table())
    columns = zip(relation.columns, relation.types, strict=True)
    return f"SELECT {', '.join(f'NULL::{kind} AS {_name(column)}' for column, kind in columns)} WHERE false"


def write_sources(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], used: Collection[str]) -> None:
    """The sources of today, and those that articles came from before: every `source_id` of an article has its row."""
    known = {IMPORTED.id: IMPORTED, **sources}
    ids = sorted({*used, *sources})
    rows = SOURCES.arrow(asdict(known[key]) if key in known else {"id": key} for key in ids)
    ids = pa.table({"source_id": pa.array(sorted(used), pa.string())})
    for name, wanted in (("sources", rows), ("files.used_sources", ids)):
        if connection.sql(f"FROM {name}").to_arrow_table().to_pylist() != wanted.to_pylist():
            connection.register("wanted", wanted)
            connection.execute(f"DELETE FROM {name}; INSERT INTO {name} FROM wanted")  # noqa: S608 - our own names
            connection.unregister("wanted")


def used_sources(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The sources that articles came from, as the database notes them."""
    return {key for (key,) in connection.execute("FROM files.used_sources").fetchall()}


def _define_sources(connection: duckdb.DuckDBPyConnection) -> None:
    connection.register("published_sources", SOURCES.arrow([]))
    connection.execute("CREATE TABLE sources AS FROM published_sources")
    connection.unregister("published_sources")
    _comment(connection, "TABLE", SOURCES)
    connection.execute("CREATE TABLE files.used_sources (source_id VARCHAR)")
    connection.execute("COMMENT ON TABLE files.used_sources IS 'The sources that articles came from.'")


def _comment(connection: duckdb.DuckDBPyConnection, kind: str, table: Table) -> None:
    columns = ((f"COLUMN {_name(table.name)}.{_name(column.name)}", column.doc) for column in table.columns)
    about = [(f"{kind} {_name(table.name)}", table.doc), *columns]
    connection.execute(";".join(f"COMMENT ON {what} IS {quoted(doc)}" for what, doc in about))


def files_of(table: Table) -> str:
    """The view of a table's files; named apart, so that one who looks for a table finds one."""
    return f"files.{_name(f'{table.name}_files')}"


def _paths_of(table: Table) -> str:
    return f"files.{_name(f'{table.name}_paths')}"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def quoted(value: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def _literal(path: str) -> str:
    """The path as a pattern that only itself matches: DuckDB expands patterns in lists of files, too."""
    return _PATTERN.sub(r"[\g<0>]", path)
