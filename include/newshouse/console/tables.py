"""`newshouse sql`: the result of one SELECT as a table for the eye, or as csv, json or parquet for a program."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from newshouse.errors import ConfigError
from newshouse.files import replacing
from newshouse.layout import DataLayout
from newshouse.warehouse.query import select


def write_result(layout: DataLayout, query: str, form: str, output: Path | None, console: Console) -> None:
    """Run the query and write its whole result; no row is ever cut off in silence.

    Raises:
        ConfigError: no database yet, not one SELECT, an SQL error, or parquet to a terminal.
    """
    result = select(layout, query)
    if form == "table" and output is None:
        _print_table(result, console)
    elif output is not None:
        with replacing(output.absolute()) as draft, draft.open("wb") as stream:
            _write(result, form, stream)
    elif form == "parquet" and sys.stdout.isatty():
        raise ConfigError("parquet is not for a terminal: add --output FILE, or redirect to a file.")
    else:
        _write(result, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _write(result: pa.Table, form: str, stream: BinaryIO) -> None:
    if form == "parquet":
        pq.write_table(result, stream)
    elif form == "json":
        for row in result.to_pylist():
            stream.write(json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n")
    else:
        pa_csv.write_csv(_flat(result), stream)


def _flat(result: pa.Table) -> pa.Table:
    """CSV has no nested values: those become JSON text."""
    columns = []
    for name, column in zip(result.column_names, result.columns, strict=True):
        nested = pa.types.is_nested(column.type)
        texts = [None if v is None else json.dumps(v, default=str, ensure_ascii=False) for v in column.to_pylist()]
        columns.append((name, pa.array(texts, pa.string()) if nested else column))
    return pa.table([column for _, column in columns], names=[name for name, _ in columns])


def _print_table(result: pa.Table, console: Console) -> None:
    table = Table()
    for field in result.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        table.add_column(field.name, justify="right" if number else "left", overflow="fold")
    for row in result.to_pylist():
        table.add_row(*(_cell(value) for value in row.values()))
    console.print(table)
    console.print(f"{result.num_rows} row{'' if result.num_rows == 1 else 's'}")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text.replace("[", r"\[")
