"""A quarantined row as JSON, whole, and back: what is released is exactly what was parsed."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

import pyarrow as pa

from newshouse.errors import ContractError
from newshouse.schemas import ARTICLES


def dump_row(row: pa.Table) -> str:
    """One row of a parsed table as a JSON object: times as ISO 8601 with offset, maps as objects.

    Args:
        row: a table of exactly one row.
    """
    (record,) = row.to_pylist()
    plain = {field.name: _plain(record[field.name], field.type) for field in row.schema}
    return json.dumps(plain, ensure_ascii=False, allow_nan=False)


def load_row(text: str) -> pa.Table:
    """Back from `dump_row`: a table of one row, of the schema that parse gives.

    Raises:
        ContractError: not such a row.
    """
    schema = ARTICLES.schema("parse")
    try:
        record = json.loads(text)
        # A column that an older version did not have is NULL; one that every row has must be there.
        given = {field.name: record.get(field.name) if field.nullable else record[field.name] for field in schema}
        typed = {field.name: _typed(given[field.name], field.type) for field in schema}
        return pa.Table.from_pylist([typed], schema=schema)
    except (AttributeError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise ContractError(f"row_json {text[:80]!r}: not a parsed article ({error}).") from error


def _plain(value: Any, kind: pa.DataType) -> Any:
    if value is not None and pa.types.is_map(kind):
        return dict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no NaN
    return value


def _typed(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat(value)
    return list(value.items()) if pa.types.is_map(kind) else value
