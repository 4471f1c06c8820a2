"""What a query may be. Three fences, each of which would hold alone for files:

1. The statement: exactly one SELECT (so no COPY, ATTACH, INSTALL, SET, EXPLAIN …), and in its tree no table function
   but those that make rows out of nothing, and no table that is named like a file.
2. DuckDB: read-only, external access off but for the warehouse, no extension, the configuration locked.
3. The process: limits of memory, file size, open files and CPU time that the system enforces (`limit_process`).
"""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

MEMORY_BYTES = 1_000_000_000  # what DuckDB may take for one query
_ADDRESS_SPACE_BYTES = 4_000_000_000  # of the process: DuckDB's, the libraries', and what DuckDB forgets to count
_OPEN_FILES = 4096  # a year of partitions and more
_LOWER_PRIORITY = 10  # pages go before queries
# Table functions that make rows out of their arguments or out of the catalogue.
_HARMLESS = frozenset(
    {
        "range",
        "generate_series",
        "unnest",
        "repeat",
        "repeat_row",
        "json_each",
        "json_tree",
        "duckdb_columns",
        "duckdb_tables",
    }
)
_FILE_SIGNS = ("/", "\\", "*", "?", ":", ".parquet", ".csv", ".json", ".db", ".txt", ".gz", ".zst", ".xlsx", ".arrow")


class RefusedError(Exception):
    """The query is not allowed. The text says what is."""


def limit_process(cpu_seconds: int) -> None:
    """Limits that hold whatever the process does; they cannot be raised again."""
    limits = {
        resource.RLIMIT_AS: _ADDRESS_SPACE_BYTES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: cpu_seconds,
    }
    for name, wanted in limits.items():
        most = resource.getrlimit(name)[1]
        allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(name, (allowed, allowed))
    os.nice(_LOWER_PRIORITY)


def locked(database: Path, warehouse: Path, seconds: float) -> duckdb.DuckDBPyConnection:
    """The published database, and nothing else of this machine."""
    connection = duckdb.connect(
        database,
        read_only=True,
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_unsigned_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": f"{MEMORY_BYTES}B",
            "threads": 2,
            "temp_directory": "",
            "max_temp_directory_size": "0B",
            "max_execution_time": int(seconds * 1000),
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET GLOBAL parquet_metadata_cache = true")  # data files never change
    connection.execute("SET allowed_directories = [$1]", [f"{warehouse.absolute()}/"])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def checked(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The query, if it may run.

    Raises:
        RefusedError: it may not; the text says why.
        duckdb.Error: it cannot be read as SQL.
    """
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise RefusedError(f"{len(statements)} statements. Write one SELECT.")
    kind = statements[0].type
    if kind == duckdb.StatementType.MULTI:
        raise RefusedError("This PIVOT has to look for its columns first. Name them: PIVOT … ON column IN (…).")
    if kind != duckdb.StatementType.SELECT:
        raise RefusedError(f"{kind.name} is not for the console. Write one SELECT: the warehouse is for reading.")
    _check_tree(connection, query)
    return query


def _check_tree(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    (text,) = connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [query]).fetchone() or ("",)
    tree = json.loads(text)
    if tree.get("error"):
        raise RefusedError(f"This form of SELECT cannot be checked here: {tree.get('error_message', '')}")
    macros = connection.execute(
        "SELECT function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal"
    )
    allowed = _HARMLESS | {name for (name,) in macros.fetchall()}
    for node in _nodes(tree):
        if node.get("type") == "TABLE_FUNCTION":
            name = str((node.get("function") or {}).get("function_name", "?")).lower()
            if name not in allowed:
                raise RefusedError(f"{name}() is not for the console: it reaches beyond the tables of the warehouse.")
        name = str(node.get("table_name") or "")
        if node.get("type") == "BASE_TABLE" and any(sign in name.lower() for sign in _FILE_SIGNS):
            raise RefusedError(f"{name}: files are not for the console. Name a table, a view or a macro.")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the tree, without recursion: a query may be nested as deep as it likes."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
