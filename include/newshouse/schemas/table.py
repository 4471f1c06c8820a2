"""What a table is made of: columns, with names, types, units and meanings; and the columns that many tables share.

Times are UTC, microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

TIMESTAMP = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
EVENTS = pa.list_(pa.struct([("at", TIMESTAMP), ("who", pa.string()), ("action", pa.string()), ("why", pa.string())]))

FilledBy = Literal["parse", "validate", "load"]
_IN_ORDER: tuple[FilledBy, ...] = ("parse", "validate", "load")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, what it means (with unit), and which stage fills it."""

    name: str
    type: pa.DataType
    doc: str
    required: bool = False
    filled_by: FilledBy = "parse"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, the key that makes a row unique, and the partition column, if any."""

    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: str | None = None

    def schema(self, filled_by: FilledBy | None = None) -> pa.Schema:
        """The Arrow schema; with `filled_by`, only the columns that are there after that stage."""
        stages = _IN_ORDER[: _IN_ORDER.index(filled_by or "load") + 1]
        chosen = [c for c in self.columns if c.filled_by in stages]
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in chosen])

    def arrow(self, rows: Iterable[Mapping[str, Any]], filled_by: FilledBy | None = None) -> pa.Table:
        """Rows as an Arrow table of this schema. Unknown keys are dropped, absent ones become NULL."""
        return pa.Table.from_pylist([dict(row) for row in rows], schema=self.schema(filled_by))


def provenance(filled_by: FilledBy = "parse") -> tuple[Column, ...]:
    """Where the bytes lie that a row was made from."""
    return (
        Column("warc_file", pa.string(), "WARC file, relative to the archive folder.", False, filled_by),
        Column("warc_offset", pa.int64(), "Where the response record begins in that file, bytes.", False, filled_by),
        Column("warc_length", pa.int64(), "Length of the response record's gzip member, bytes.", False, filled_by),
    )
