"""Generate docs/data-dictionary.md from `schemas/`.

`python -m newshouse.warehouse.dictionary docs/data-dictionary.md` writes it. A test compares the committed file with
what this gives, so the dictionary is never out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from newshouse.schemas import SOURCES, TABLES, Table
from newshouse.storage.files import write_text

_HEAD = """# Data dictionary

Generated from `include/newshouse/schemas/` by `python -m newshouse.warehouse.dictionary`; do not edit it here.

All times are UTC with microseconds. A value that the page does not give is NULL. The same words are the comments of
the views in `data/newshouse.duckdb`: `SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'articles'`.
"""


def dictionary() -> str:
    """The whole document."""
    tables = [*TABLES.values(), SOURCES]
    index = "\n".join(f"- [`{table.name}`](#{table.name}): {table.doc}" for table in tables)
    return "\n".join([_HEAD, index, *("\n".join(_section(table)) for table in tables)]) + "\n"


def _section(table: Table) -> Iterator[str]:
    yield f"\n## {table.name}\n"
    yield f"{table.doc}\n"
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}."
    if table.partition:
        yield f"Partitioned by `{table.partition}`."
    yield "\n| column | type | required | meaning |\n| --- | --- | --- | --- |"
    for column in table.columns:
        yield f"| `{column.name}` | {type_name(column.type)} | {'yes' if column.required else ''} | {column.doc} |"


def type_name(kind: pa.DataType) -> str:
    """The type as DuckDB writes it, nested ones by their fields."""
    if pa.types.is_list(kind):
        return f"{type_name(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{field.name} {type_name(field.type)}' for field in kind)})"
    if pa.types.is_map(kind):
        return f"MAP({type_name(kind.key_type)}, {type_name(kind.item_type)})"
    return _TYPE_NAMES[kind]


_TYPE_NAMES = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int8(): "TINYINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}

if __name__ == "__main__":
    write_text(Path(sys.argv[1]).absolute(), dictionary())
