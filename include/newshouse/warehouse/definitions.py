"""What the published database defines: views, macros and comments over the lists of files.

The views that people use stand on views of the files, in the schema `files`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
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
from newshouse.schemas import ARTICLES, REVISIONS, SOURCES, TABLES, Table
from newshouse.sources.imported import IMPORTED
from newshouse.sources.model import Source
from newshouse.warehouse.sql import sql
from newshouse.warehouse.tables import Snapshot, nullable

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


def define(database: Path, connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """All views, macros and comments, over views of no rows."""
    connection.execute("CREATE SCHEMA files")
    for table in tables:
        connection.execute(f"CREATE VIEW {files_of(table)} AS {_empty(table, connection)}")
        connection.execute(f"CREATE VIEW {_name(table.name)} AS {_rows(table)}")
        _comment(connection, "VIEW", table)
    write_sources(connection, {}, ())
    # Not over the view: DuckDB would look up the ids of all first versions to leave out one.
    versions = f"SELECT * FROM ({_versions('article_id = id')}) ORDER BY fetched_at, revision"  # noqa: S608 - our own names
    connection.execute(f"CREATE MACRO revisions_of(id) AS TABLE {versions}")
    connection.execute(sql("views"))
    for name, (select, comment, columns) in _BOARDS.items():
        connection.execute(f"CREATE VIEW {name} AS {select}")
        connection.execute(f"COMMENT ON VIEW {name} IS {quoted(comment)}")
        for column, doc in columns.items():
            connection.execute(f"COMMENT ON COLUMN {name}.{_name(column)} IS {quoted(doc)}")
    connection.execute("CREATE TABLE files.versions (table_name VARCHAR, table_id VARCHAR, version BIGINT)")
    connection.execute("COMMENT ON TABLE files.versions IS 'The Delta version of each table that this database shows.'")
    connection.execute("CREATE TABLE files.definitions (digest VARCHAR)")
    connection.execute("COMMENT ON TABLE files.definitions IS 'What the views, macros and comments were made of.'")
    connection.execute("INSERT INTO files.definitions VALUES (?)", [digest(database)])


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


def digest(database: Path) -> str:
    """Changes with whatever the file holds beside lists of files; also when the data folder moved."""
    tables = (
        f"{_rows(table)} {table.doc} {table.schema()} {[c.doc for c in table.columns]}" for table in TABLES.values()
    )
    boards = (f"{name} {board}" for name, board in _BOARDS.items())
    return stable_id(duckdb.__version__, STORAGE_VERSION, str(database.resolve()), sql("views"), *boards, *tables)


def select_files(now: Snapshot, connection: duckdb.DuckDBPyConnection) -> str:
    """What the view of a table's files selects."""
    # The newest month first: of the latest fifty rows DuckDB learns early what is too old, and skips the other months.
    files, empty = now.files()[::-1], _empty(now.table, connection)
    options = ["hive_partitioning = true", "hive_types_autocast = false"] if now.table.partition else []
    if not files:
        return empty
    if now.narrow():
        # Old files lack a column: by name, and typed by the empty relation if no file has it yet. Slower to open.
        return f"{empty} UNION ALL BY NAME SELECT * FROM {scan(files, [*options, 'union_by_name = true'])}"  # noqa: S608 - our own names
    columns = ", ".join(_name(column) for column in now.table.schema().names)
    return f"SELECT {columns} FROM {scan(files, options)}"  # noqa: S608 - our own names


def scan(files: Iterable[str], options: Iterable[str]) -> str:
    """What reads these data files, with options of `read_parquet`."""
    # One text that DuckDB splits: two thousand expressions take it three times as long, at each publish and each query.
    listed = quoted(_literal(_SEPARATOR.join(files)))
    return f"read_parquet({', '.join([f'string_split({listed}, chr({ord(_SEPARATOR)}))', *options])})"


def _empty(table: Table, connection: duckdb.DuckDBPyConnection) -> str:
    """A SELECT of no rows with the table's columns and types."""
    relation = connection.from_arrow(nullable(table).empty_table())
    columns = zip(relation.columns, relation.types, strict=True)
    return f"SELECT {', '.join(f'NULL::{kind} AS {_name(column)}' for column, kind in columns)} WHERE false"


def write_sources(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], used: Collection[str]) -> None:
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
    connection.execute(";".join(f"COMMENT ON {what} IS {quoted(doc)}" for what, doc in about))


def files_of(table: Table) -> str:
    """The view of a table's files; named apart, so that one who looks for a table finds one."""
    return f"files.{_name(f'{table.name}_files')}"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def quoted(value: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def _literal(path: str) -> str:
    """The path as a pattern that only itself matches: DuckDB expands patterns in lists of files, too."""
    return _PATTERN.sub(r"[\g<0>]", path)
