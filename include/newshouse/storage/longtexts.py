"""Long texts of a Parquet file, read into memory that is taken once and is as large as they are.

Arrow reads a column of texts into a buffer that it doubles, and copies, whenever it is full. Where texts are most of a
file, that takes twice the memory that they need in the end, and the system has to clear all of it first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_SHARE = 0.1  # of the bytes of a file: `body` and `paragraphs` have nine tenths
MOST_BYTES = 2**31 - 1
"""What offsets of 32 bits count: no longer are the texts of a column in one piece."""
_ROWS_AT_ONCE = 1_000
_AS_LONG_AS_THEY_ARE = {"PLAIN", "RLE", "BIT_PACKED"}  # encodings: with a dictionary, the footer does not tell how long


def long_columns(footer: pq.FileMetaData) -> list[str]:
    """The `largest_columns` of which the footer tells how much memory they take."""
    return [name for name in largest_columns(footer) if _is_told(footer, name)]


def largest_columns(footer: pq.FileMetaData) -> list[str]:
    """The columns that hold most of a file."""
    if not footer.num_row_groups:
        return []
    sizes = dict.fromkeys(footer.schema.to_arrow_schema().names, 0)
    # By the first group: to ask all columns of all groups takes as long as to read them.
    for place in range(footer.num_columns):
        leaf = footer.row_group(0).column(place)
        sizes[_name(leaf.path_in_schema)] += leaf.total_uncompressed_size
    least = _SHARE * sum(sizes.values())
    return [name for name, size in sizes.items() if size > least]


def _is_told(footer: pq.FileMetaData, name: str) -> bool:
    leaves = _leaves(footer, lambda path: _name(path) == name)
    size = sum(leaf.total_uncompressed_size for leaf in leaves)
    return 0 < size <= MOST_BYTES and all(_AS_LONG_AS_THEY_ARE.issuperset(leaf.encodings) for leaf in leaves)


def read_long(path: Path, footer: pq.FileMetaData, name: str) -> pa.Array:
    """One of the `long_columns`.

    Raises:
        ArrowInvalid, OSError, ValueError: the file is damaged.
    """
    field = footer.schema.to_arrow_schema().field(name)
    found = _gathering(field.type, name, footer)
    with pq.ParquetFile(path, metadata=footer, pre_buffer=False, page_checksum_verification=True) as file:
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, columns=[name], use_threads=False):
            found.add(batch.column(0))
    return found.done()


class _Pieces:
    """Anything else: put together at the end."""

    def __init__(self, kind: pa.DataType) -> None:
        self.kind = kind
        self.pieces: list[pa.Array] = []

    def add(self, values: pa.Array) -> None:
        self.pieces.append(values)

    def done(self) -> pa.Array:
        return pa.concat_arrays(self.pieces) if self.pieces else pa.nulls(0, self.kind)


class _Texts:
    """Texts, copied to where they stay."""

    def __init__(self, texts: int, size: int) -> None:
        self.valid = _Pieces(pa.bool_())
        self.bytes, self.offsets = pa.allocate_buffer(size), pa.allocate_buffer(4 * (texts + 1))
        self.into, self.ends = np.frombuffer(self.bytes, np.uint8), np.frombuffer(self.offsets, np.int32)
        self.ends[0] = self.count = self.end = 0

    def add(self, values: pa.Array) -> None:
        count = len(values)
        _, offsets, texts = values.buffers()
        bounds = np.frombuffer(offsets, np.int32)[values.offset : values.offset + count + 1]
        size = int(bounds[-1] - bounds[0])
        if size:
            self.into[self.end : self.end + size] = np.frombuffer(texts, np.uint8)[bounds[0] : bounds[-1]]
        np.add(bounds[1:], self.end - bounds[0], out=self.ends[self.count + 1 : self.count + 1 + count])
        self.count, self.end = self.count + count, self.end + size
        self.valid.add(values.is_valid())

    def done(self) -> pa.Array:
        buffers = [_bitmap(self.valid.done()), self.offsets, self.bytes]
        return pa.Array.from_buffers(pa.string(), self.count, buffers)


class _Structs:
    def __init__(self, kind: pa.DataType, fields: list[_Gathering]) -> None:
        self.kind, self.fields, self.valid = kind, fields, _Pieces(pa.bool_())

    def add(self, values: pa.Array) -> None:
        self.valid.add(values.is_valid())
        for place, field in enumerate(self.fields):
            field.add(pc.struct_field(values, place))

    def done(self) -> pa.Array:
        valid = self.valid.done()
        fields = [field.done() for field in self.fields]
        return pa.Array.from_buffers(self.kind, len(valid), [_bitmap(valid)], children=fields)


class _Lists:
    def __init__(self, kind: pa.DataType, elements: _Gathering) -> None:
        self.kind, self.elements = kind, elements
        self.valid, self.lengths = _Pieces(pa.bool_()), _Pieces(pa.int32())

    def add(self, values: pa.Array) -> None:
        self.valid.add(values.is_valid())
        self.lengths.add(pc.fill_null(pc.list_value_length(values), 0))
        self.elements.add(values.flatten())

    def done(self) -> pa.Array:
        valid, lengths = self.valid.done(), self.lengths.done()
        ends = pa.array(np.concatenate([[0], np.cumsum(lengths.to_numpy())]), pa.int32())
        buffers = [_bitmap(valid), ends.buffers()[1]]
        return pa.Array.from_buffers(self.kind, len(valid), buffers, children=[self.elements.done()])


_Gathering = _Pieces | _Texts | _Structs | _Lists


def _gathering(kind: pa.DataType, path: str, footer: pq.FileMetaData) -> _Gathering:
    """What gathers the values of a column, or of a part of it."""
    if pa.types.is_string(kind):
        leaves = _leaves(footer, lambda leaf: leaf == path)
        return _Texts(sum(leaf.num_values for leaf in leaves), sum(leaf.total_uncompressed_size for leaf in leaves))
    if pa.types.is_struct(kind):
        return _Structs(kind, [_gathering(field.type, f"{path}.{field.name}", footer) for field in kind])
    if pa.types.is_list(kind):
        return _Lists(kind, _gathering(kind.value_type, f"{path}.list.element", footer))
    return _Pieces(kind)


def _leaves(footer: pq.FileMetaData, wanted: Callable[[str], bool]) -> list[pq.ColumnChunkMetaData]:
    """What the footer says of some leaves, in each group."""
    places = [place for place in range(footer.num_columns) if wanted(footer.schema.column(place).path)]
    groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
    return [group.column(place) for group in groups for place in places]


def _name(path: str) -> str:
    """The column of a leaf."""
    return path.partition(".")[0]


def _bitmap(valid: pa.Array) -> pa.Buffer | None:
    return None if pc.all(valid, min_count=0).as_py() else valid.buffers()[1]
