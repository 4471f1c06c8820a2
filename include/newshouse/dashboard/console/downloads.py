"""The whole result of a query as CSV or Parquet, batch by batch."""

from __future__ import annotations

from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from newshouse.console.tables import flat

_BATCH_ROWS = 20_000


class _Pipe:
    """A stream that counts, because Parquet wants to know where it is and a pipe cannot tell."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._written = 0

    def write(self, data: bytes) -> int:
        self._stream.write(data)
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self.flush()


def write_csv(found: duckdb.DuckDBPyRelation, stream: BinaryIO) -> None:
    """Every row; nested values as JSON."""
    reader: pa.RecordBatchReader = found.to_arrow_reader(_BATCH_ROWS)
    header = True
    for batch in reader:
        options = pa_csv.WriteOptions(include_header=header)
        pa_csv.write_csv(flat(pa.Table.from_batches([batch])), _Pipe(stream), options)
        header = False
    if header:
        pa_csv.write_csv(flat(reader.schema.empty_table()), _Pipe(stream))


def write_parquet(found: duckdb.DuckDBPyRelation, stream: BinaryIO) -> None:
    """Every row, with its types."""
    reader: pa.RecordBatchReader = found.to_arrow_reader(_BATCH_ROWS)
    with pq.ParquetWriter(_Pipe(stream), reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
