"""Questions to the published database: one SELECT, or one article. Reading never sees half a load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from newshouse.errors import ConfigError, StorageError
from newshouse.ids import article_id
from newshouse.layout import DataLayout

_ROWS_A_BATCH = 2048
_ID = re.compile(r"[0-9a-f]*")  # or the beginning of one: no address is written so
# Apart: for the one, the addresses need not be read, which are most of what a row has beside its texts.
_BY_ID = "starts_with(article_id, $wanted)"
_BY_ADDRESS = "$wanted IN (url, final_url, canonical_url)"
_MOST_LISTED = 5  # articles named when a prefix fits several


def select(layout: DataLayout, query: str, *, database: Path | None = None) -> pa.Table:
    """The whole result of one SELECT. Times are UTC.

    Args:
        database: another one than the published one, such as that of a day in the past.

    Raises:
        ConfigError: no database yet, not exactly one SELECT, or an SQL error (DuckDB's own message).
        StorageError: a data file is missing or damaged.
    """
    with _database(database or layout.database) as connection:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ConfigError("give exactly one SELECT: the published database is for reading.")
        return _interruptible(connection, query)


def _interruptible(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """In a thread of its own: DuckDB does not always look whether Ctrl-C was pressed, and waiting for a thread does."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: connection.sql(query).to_arrow_table())
        try:
            return asked.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


@contextmanager
def stream(layout: DataLayout, query: str, values: Mapping[str, object]) -> Iterator[pa.RecordBatchReader]:
    """The result of one of our own SELECTs, a few thousand rows at a time.

    Raises:
        ConfigError: no database yet.
        StorageError: a data file is missing or damaged.
    """
    with _database(layout.database) as connection:
        yield connection.sql(query, params=dict(values)).to_arrow_reader(_ROWS_A_BATCH)


def find_article(layout: DataLayout, wanted: str, columns: Sequence[str] = ("*",)) -> dict[str, Any]:
    """One row of `articles`.

    Args:
        wanted: an article id, the beginning of one, or the article's URL in any spelling.
        columns: all by default; paragraphs are most of the work, as those of all rows before it are read with them.

    Raises:
        ConfigError: no database yet, nothing to look for, or nothing or several articles fit; the message lists them.
    """
    if not wanted.strip():
        raise ConfigError("no article named. Give an id, the beginning of one, or a URL.")
    with _database(layout.database) as connection:
        rows = _article(connection, _key(wanted), columns) or _only_one(connection, wanted, columns)
    return rows[0]


def _article(connection: duckdb.DuckDBPyConnection, key: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    query = f"SELECT {', '.join(columns)} FROM articles WHERE article_id = $key"  # noqa: S608 - our own names
    rows: list[dict[str, Any]] = connection.sql(query, params={"key": key}).to_arrow_table().to_pylist()
    return rows


def _only_one(connection: duckdb.DuckDBPyConnection, wanted: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The article that has this address or whose id begins so. The whole row comes last: its texts are long."""
    where = _BY_ID if _ID.fullmatch(wanted) else _BY_ADDRESS
    first = f"SELECT article_id, title, count(*) OVER () FROM articles WHERE {where} ORDER BY 1 LIMIT {_MOST_LISTED}"  # noqa: S608 - our own words
    fits = connection.sql(first, params={"wanted": wanted}).fetchall()
    if not fits:
        raise ConfigError(f"{wanted}: no such article. Give an id, the beginning of one, or a URL.")
    if len(fits) > 1:
        listed = "\n".join(f"  {key}  {title}" for key, title, _ in fits)
        raise ConfigError(f"{wanted}: {fits[0][2]} articles fit, for example:\n{listed}\nGive more of the id.")
    return _article(connection, fits[0][0], columns)


def history(layout: DataLayout, article: str) -> list[dict[str, Any]]:
    """All rows of `revisions` of one article id, in the order of time.

    Raises:
        ConfigError: no database yet.
        StorageError: a data file is missing or damaged.
    """
    with _database(layout.database) as connection:
        found = connection.sql("FROM revisions_of($id)", params={"id": article})
        rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    return rows


def _key(wanted: str) -> str:
    """The id that this is, or that an address has."""
    if _ID.fullmatch(wanted):
        return wanted
    from newshouse.urls import url_key  # noqa: PLC0415 -- its lists of suffixes bring an HTTP client along

    try:
        return article_id(url_key(wanted))
    except ValueError:  # not a URL
        return wanted


@contextmanager
def _database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if not path.exists():
        raise ConfigError(f"{path}: no database yet. `make run` makes one.")
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        with duckdb.connect(path, read_only=True, config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET GLOBAL parquet_metadata_cache = true")  # data files never change
            yield connection
    except duckdb.IOException as error:
        raise StorageError(f"{error}\nPublish again: `newshouse publish`.") from error
    except (duckdb.BinderException, duckdb.CatalogException) as error:  # of a column or view that is not there
        from newshouse.warehouse.publish import is_of_today  # noqa: PLC0415 -- Delta takes a while to import

        old = "" if is_of_today(path) else "\nThe database is of another version of Newshouse: `newshouse publish`."
        raise ConfigError(f"{error}{old}") from error
    except duckdb.Error as error:
        raise ConfigError(str(error)) from error
