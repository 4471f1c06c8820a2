"""Write record batches as one file of a format, in the memory of a batch."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq


class Writer(Protocol):
    """Takes batches of one schema."""

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Add the rows."""

    def close(self) -> None:
        """Finish the file."""


class _Csv:
    """RFC 4180 with a header line; lists, structs and maps as JSON, times as ISO 8601 in UTC."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._nested = {field.name for field in schema if pa.types.is_nested(field.type)}
        texts = [pa.field(f.name, pa.string() if f.name in self._nested else f.type) for f in schema]
        self._schema = pa.schema(texts)
        self._writer = pa_csv.CSVWriter(path, self._schema)

    def write_batch(self, batch: pa.RecordBatch) -> None:
        columns = [
            pa.array([_json(value) for value in _values(column)], pa.string()) if name in self._nested else column
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


class _JsonLines:
    """One JSON object a line, UTF-8."""

    def __init__(self, path: Path) -> None:
        self._file: TextIO = path.open("w", encoding="utf-8")

    def write_batch(self, batch: pa.RecordBatch) -> None:
        columns = [_values(column) for column in batch.columns]
        for row in zip(*columns, strict=True):
            said = dict(zip(batch.schema.names, row, strict=True))
            self._file.write(json.dumps(said, default=_plain, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


def _parquet(path: Path, schema: pa.Schema) -> Writer:
    writer: Writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=3, write_page_checksum=True)
    return writer


def _arrow(path: Path, schema: pa.Schema) -> Writer:
    writer: Writer = pa.ipc.new_file(str(path), schema, options=pa.ipc.IpcWriteOptions(compression="zstd"))
    return writer


FORMATS: Mapping[str, Callable[[Path, pa.Schema], Writer]] = {
    "parquet": _parquet,
    "csv": _Csv,
    "jsonl": lambda path, _: _JsonLines(path),
    "arrow": _arrow,
}


def _values(column: pa.Array) -> list[Any]:
    """As Python has them, maps as dicts; what JSON has no number for is null."""
    values: list[Any] = column.to_pylist(maps_as_pydicts="strict")
    if pa.types.is_floating(column.type):
        return [value if value is None or math.isfinite(value) else None for value in values]
    return values


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
