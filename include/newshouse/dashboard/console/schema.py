"""What the console tells about the warehouse: tables and columns with their descriptions, and queries to begin with."""

from __future__ import annotations

from typing import Any

from newshouse.dashboard.published import Edition

EXAMPLES = (
    ("Articles a day", "SELECT day, sum(articles) AS articles, sum(copies) AS copies\nFROM daily_counts\nGROUP BY day\nORDER BY day"),
    ("Articles by source", "SELECT source_id, count(*) AS articles, max(published_at) AS latest\nFROM articles\nGROUP BY ALL\nORDER BY articles DESC"),
    ("One day", "FROM articles_on('{day}')\nSELECT published_at, source_id, title, word_count"),
    ("Why pages were dropped", "SELECT stage, reasons[1] AS reason, count(*) AS pages\nFROM rejections\nGROUP BY ALL\nORDER BY pages DESC"),
    ("Articles that were changed", "SELECT title, source_id, revision, fetched_at\nFROM articles\nWHERE revision > 1\nORDER BY fetched_at DESC"),
    ("Told by several", "SELECT story_id, count(*) AS articles, list(DISTINCT source_id) AS sources, any_value(title) AS title\nFROM articles\nWHERE story_id IS NOT NULL\nGROUP BY story_id\nHAVING len(sources) > 1\nORDER BY articles DESC"),
    ("How hosts answer", "FROM host_scoreboard"),
    ("Failing checks", "SELECT checked_at, source_id, check_name, value, threshold\nFROM checks\nWHERE status <> 'pass'\nORDER BY checked_at DESC"),
)


def tables(edition: Edition) -> list[dict[str, Any]]:
    """Tables, views and macros in the order of their names, each with its columns."""
    return edition.once("schema", lambda: _tables(edition))


def _tables(edition: Edition) -> list[dict[str, Any]]:
    columns = edition.rows(
        """
        SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
        WHERE database_name = 'newshouse' AND NOT internal ORDER BY table_name, column_index
        """
    )
    comments = edition.rows(
        """
        SELECT view_name AS name, comment FROM duckdb_views() WHERE database_name = 'newshouse' AND NOT internal
        UNION ALL SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'newshouse'
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
    return [*listed, *({"name": f"{m['name']}({m['parameters']})", "comment": m["comment"], "columns": []} for m in macros)]
