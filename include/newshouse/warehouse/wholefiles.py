"""A data file read whole, to be written again with a few other rows: long texts are not copied on the way.

What is read is proven by its page checksums: written anew, damage would get new ones, and nobody would find it again.

Long texts are nine tenths of a file. They are read in small pieces, since Arrow doubles and copies a large one until it
fits, and what is written is made of parts of these pieces, as most rows stay beside their neighbours.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from newshouse.schemas import Table
from newshouse.storage.folders import Folder
from newshouse.storage.longtexts import largest_columns
from newshouse.warehouse.snapshots import Snapshot, nullable, readable

_ROWS_A_PIECE = 1_000
_BUFFER_BYTES = 2**20
_KEPT = 2  # those of the last days
_BYTES_KEPT = 150_000_000  # of a file: loads write 110 MB at most, compaction more
_ROWS_A_RUN = 8  # on average; where they are shorter, a copy is cheaper
_SHARE = 0.1  # of the bytes of all rows: `body` and `paragraphs` have nine tenths


def whole(now: Snapshot, name: str, *, again: bool = False) -> pa.Table:
    """All rows of a data file in the columns of the table; long texts in many pieces.

    Args:
        again: it will be asked for once more, soon: the last few such files are kept for that, unless they are large.

    Raises:
        StorageError: it is missing or damaged.
    """
    rows = now.kept.pop(name, None)
    if rows is None:
        rows = _read(now.folder, now.table, name)
    if again and not _is_large(now, name):
        for oldest in list(now.kept)[: len(now.kept) + 1 - _KEPT]:
            del now.kept[oldest]
        now.kept[name] = rows
    return rows


def read_ahead(now: Snapshot, names: Collection[str]) -> None:
    """Read files that will be asked for; not those that cannot be kept.

    Raises:
        StorageError: as `whole`.
    """
    if len(names) > _KEPT:
        return
    for name in names:
        if not _is_large(now, name):
            whole(now, name, again=True)


def _is_large(now: Snapshot, name: str) -> bool:
    return now.size(name) > _BYTES_KEPT


def _read(folder: Folder, table: Table, name: str) -> pa.Table:
    """As `whole`: each long text beside the other columns.

    Raises:
        StorageError: it is missing or damaged.
    """
    with readable(folder, name), folder.opened(name) as source:
        footer = pq.read_metadata(source)
        long = largest_columns(footer)
        rest = [column for column in footer.schema.to_arrow_schema().names if column not in long]
        with ThreadPoolExecutor(len(long) + 1, "whole") as pool:
            texts = [pool.submit(_in_pieces, source, footer, column) for column in long]
            rows = _opened(source, footer).read(rest, use_threads=False)
        columns = dict(zip(rest, rows.columns, strict=True))
        columns |= {column: text.result() for column, text in zip(long, texts, strict=True)}
    if table.partition:
        value = name.split("/", 1)[0].partition("=")[2]
        columns[table.partition] = pa.repeat(pa.scalar(value), footer.num_rows)
    for field in nullable(table):
        columns.setdefault(field.name, pa.nulls(footer.num_rows, field.type))  # the file is older than the column
    return pa.table(columns).select(nullable(table).names).cast(nullable(table))


def _in_pieces(source: pa.NativeFile, footer: pq.FileMetaData, column: str) -> pa.ChunkedArray:
    pieces = _opened(source, footer).iter_batches(_ROWS_A_PIECE, columns=[column], use_threads=False)
    kind = footer.schema.to_arrow_schema().field(column).type
    return pa.chunked_array([piece.column(0) for piece in pieces], kind)


def _opened(source: pa.NativeFile, footer: pq.FileMetaData) -> pq.ParquetFile:
    how = {"buffer_size": _BUFFER_BYTES, "pre_buffer": False, "page_checksum_verification": True}
    return pq.ParquetFile(source, metadata=footer, **how)


def in_order(rows: pa.Table, places: pa.Array, *, in_pieces: bool = False) -> pa.Table:
    """The rows at these places. Of long texts in many pieces, runs of neighbours are passed on, not copied one by one.

    Args:
        in_pieces: such texts may stay in many pieces; else each column is one.
    """
    at = places.to_numpy()
    starts = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    if len(starts) * _ROWS_A_RUN > len(at):
        return rows.take(places)
    runs = list(zip(at[starts].tolist(), np.diff(starts, append=len(at)).tolist(), strict=True))
    least = rows.nbytes * _SHARE
    columns = (
        _parts(one, runs) if one.nbytes > least and one.num_chunks > 1 else one.take(places) for one in rows.columns
    )
    taken = pa.table(list(columns), rows.schema)
    return taken if in_pieces else taken.combine_chunks()


def _parts(column: pa.ChunkedArray, runs: Sequence[tuple[int, int]]) -> pa.ChunkedArray:
    parts = [piece for start, size in runs for piece in column.slice(start, size).chunks]
    return pa.chunked_array(parts, column.type)
