"""`newshouse sql`: the result of one SELECT as a table for the eye, or as csv, json or parquet for a program."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.storage.files import replacing
from newshouse.warehouse.query import select

_FILE_FORMATS = ("csv", "json", "parquet")
_LEAST_WIDTH = 9  # of a column with its border, in characters; narrower ones cannot be read
_MOST_WIDTH = 240  # of a table of many columns, where it goes into a file
_CSV_TYPES = (
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_string,
    pa.types.is_dictionary,  # an ENUM
    pa.types.is_date,
    pa.types.is_time,
    pa.types.is_timestamp,
    pa.types.is_null,
)


def write_result(
    layout: DataLayout,
    query: str,
    form: str | None,
    output: Path | None,
    console: Console,
    *,
    database: Path | None = None,
) -> None:
    """Run the query and write its whole result; no row is ever cut off in silence.

    Args:
        database: another one than the published one.
        form: table, csv, json or parquet; None for what the name of `output` says, a table without one.

    Raises:
        ConfigError: no database yet, not one SELECT, an SQL error, a format that does not fit the result or the place.
    """
    form = _format(form, output)
    result = select(layout, query, database=database)
    with _fitting(form):
        if form == "table":
            _print_table(result, console)
        elif output is not None:
            with replacing(output.absolute()) as draft, draft.open("wb") as stream:
                _write(result, form, stream)
        else:
            _write(result, form, sys.stdout.buffer)
            sys.stdout.buffer.flush()


def _format(form: str | None, output: Path | None) -> str:
    if output is None:
        if form == "parquet" and sys.stdout.isatty():
            raise ConfigError("parquet is not for a terminal: add --output FILE, or redirect to a file.")
        return form or "table"
    form = form or output.suffix.lower().removeprefix(".")
    if form not in _FILE_FORMATS:
        names = ", ".join(f".{name}" for name in _FILE_FORMATS)
        raise ConfigError(f"{output}: which format? End its name with one of {names}, or add --format.")
    return form


@contextmanager
def _fitting(form: str) -> Iterator[None]:
    """SQL knows intervals, unions and times without end, and not every format or program does."""
    try:
        yield
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, OverflowError) as error:
        raise ConfigError(f"the result does not fit into {form} ({error}). Cast the column: column::VARCHAR") from error


def _write(result: pa.Table, form: str, stream: BinaryIO) -> None:
    if form == "parquet":
        pq.write_table(result, stream)
    elif form == "json":
        _write_json(result, stream)
    else:
        pa_csv.write_csv(flat(result), stream)


def _write_json(result: pa.Table, stream: BinaryIO) -> None:
    names = result.column_names
    if twice := {name for name in names if names.count(name) > 1}:
        raise ConfigError(f"two columns are called {', '.join(sorted(twice))}: name them apart with AS.")
    for row in _rows(result):
        stream.write(_json(dict(zip(names, row, strict=True))).encode() + b"\n")


def _rows(result: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Values as Python has them, maps as dicts. By column, because two may have one name."""
    for batch in result.to_batches():
        yield from zip(*(column.to_pylist(maps_as_pydicts="strict") for column in batch.columns), strict=True)


def flat(result: pa.Table) -> pa.Table:
    """What CSV cannot hold becomes text, nested values as JSON."""
    columns = [
        column
        if any(fits(column.type) for fits in _CSV_TYPES)
        else pa.array(map(_text, column.to_pylist(maps_as_pydicts="strict")), pa.string())
        for column in result.columns
    ]
    return pa.table(columns, names=result.column_names)


def _text(value: Any) -> str | None:
    plain = _plain(value)
    return plain if plain is None or isinstance(plain, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:  # noqa: PLR0911 -- one line a type
    """A value in JSON's own terms: NaN and infinity are null, bytes are hex, times ISO 8601."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case bytes():
            return value.hex()
        case datetime() | date() | time():
            return value.isoformat()
        case pa.MonthDayNano():
            return f"P{value.months}M{value.days}DT{value.nanoseconds / 1e9}S"
        case None | bool() | int() | str():
            return value
    return str(value)


def _print_table(result: pa.Table, console: Console) -> None:
    if result.num_columns * _LEAST_WIDTH > min(console.width, _MOST_WIDTH):
        _print_records(result, console)
    else:
        _print_grid(result, console)
    console.print(f"{result.num_rows} row{'' if result.num_rows == 1 else 's'}")


def _print_grid(result: pa.Table, console: Console) -> None:
    table = Table()
    for field in result.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        table.add_column(Text(field.name), justify="right" if number else "left", overflow="fold")
    for row in _rows(result):
        table.add_row(*map(_cell, row))
    console.print(table)


def _print_records(result: pa.Table, console: Console) -> None:
    """A line a value: so many columns would not fit side by side."""
    for row in _rows(result):
        table = Table(show_header=False)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in zip(result.column_names, row, strict=True):
            table.add_row(Text(name), _cell(value))
        console.print(table)


def _cell(value: Any) -> Text:
    if value is None:
        return Text("NULL", "dim")
    return Text(_json(value) if isinstance(value, dict | list) else str(value))
