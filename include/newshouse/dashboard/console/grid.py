"""The result of a query as a page shows it: its first rows as JSON."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

import duckdb

GRID_ROWS = 1000  # what a person scrolls through; a download has all
_GRID_CELL = 2000  # characters
_GRID_CHARACTERS = 4_000_000  # of the whole grid
_MOST_EXACT = 2**53  # larger integers lose digits in JavaScript


def write_grid(found: duckdb.DuckDBPyConnection, stream: BinaryIO) -> None:
    """The first rows as JSON: `columns`, `rows`, and `more` where there are more of them or cells were cut."""
    columns = [{"name": column[0], "type": str(column[1])} for column in found.description]
    rows: list[list[Any]] = []
    characters, cut, more = 0, False, False
    while not more and (row := found.fetchone()) is not None:
        more = len(rows) == GRID_ROWS or characters > _GRID_CHARACTERS
        if not more:
            cells = [_cell(value) for value in row]
            cut = cut or any(was_cut for _, was_cut in cells)
            characters += sum(len(value) if isinstance(value, str) else 8 for value, _ in cells)
            rows.append([value for value, _ in cells])
    answer = {"columns": columns, "rows": rows, "more": more, "cut": cut}
    stream.write(json.dumps(answer, ensure_ascii=False, allow_nan=False).encode())


def _cell(value: Any) -> tuple[Any, bool]:
    """A value as JavaScript can show it, and whether it was cut."""
    shown = _json(value)
    if isinstance(shown, (dict, list)):
        shown = json.dumps(shown, ensure_ascii=False, allow_nan=False)
    if isinstance(shown, str) and len(shown) > _GRID_CELL:
        return f"{shown[:_GRID_CELL]}…", True
    return shown, False


def _json(value: Any) -> Any:  # noqa: PLR0911 -- one line a type
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= _MOST_EXACT else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            return {str(_json(key)): _json(item) for key, item in value.items()}
        case list() | tuple():
            return [_json(item) for item in value]
        case bytes():
            return value.hex()
    return str(value)
