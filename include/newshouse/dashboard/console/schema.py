"""What the console tells about the warehouse: tables and columns with their descriptions, and queries to begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from newshouse.dashboard.published import Edition
from newshouse.dashboard.sql import sql


def examples(day: date) -> list[tuple[str, str]]:
    """Names and queries; those that need a day get this one."""
    parts = sql("examples").replace("{day}", day.isoformat()).removeprefix("-- ").split("\n\n-- ")
    return [(name, query.strip()) for name, _, query in (part.partition("\n") for part in parts)]


def tables(edition: Edition) -> list[dict[str, Any]]:
    """Tables, views and macros in the order of their names, each with its columns."""
    return edition.once("schema", lambda: _tables(edition))


def _tables(edition: Edition) -> list[dict[str, Any]]:
    columns = edition.rows(
        """
        SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
        WHERE database_name = 'newshouse' AND schema_name = 'main' AND NOT internal ORDER BY table_name, column_index
        """
    )
    comments = edition.rows(
        """
        SELECT view_name AS name, comment FROM duckdb_views()
        WHERE database_name = 'newshouse' AND schema_name = 'main' AND NOT internal
        UNION ALL
        SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'newshouse' AND schema_name = 'main'
        """
    )
    macros = edition.rows(
        """
        SELECT function_name AS name, list_aggregate(parameters, 'string_agg', ', ') AS parameters, comment
        FROM duckdb_functions() WHERE function_type = 'table_macro' AND database_name = 'newshouse' ORDER BY name
        """
    )
    found = {row["name"]: {**row, "columns": []} for row in comments}
    for row in columns:
        found[row["table_name"]]["columns"].append(row)
    listed = sorted(found.values(), key=lambda table: table["name"])
    called = [{**macro, "name": f"{macro['name']}({macro['parameters']})", "columns": []} for macro in macros]
    return [*listed, *called]
