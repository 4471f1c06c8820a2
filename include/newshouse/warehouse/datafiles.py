"""One Parquet data file of a Delta table: written whole and safe before a commit may name it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from heapq import heapreplace
from itertools import pairwise
from math import ceil
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.transaction import AddAction, RemoveAction

from newshouse.schemas import ARTICLES, Table
from newshouse.storage.folders import DiskFolder, Folder, written_bytes
from newshouse.warehouse.keys import note
from newshouse.warehouse.snapshots import Snapshot, readable

_ROWS_A_GROUP = 20_000  # or half as many again: 50 MB of articles, and what a reader holds in memory at once
ROWS_A_FILE = 20_000  # of a load: rewriting one because a row of it changed takes half a second
_FEWEST_ROWS = 9_000  # so a file of a load that writes several may have 6,000
ROWS_WORTH_A_FILE = 4_000  # that seldom change, to be kept from those that do
ROWS_COMPACTED = 100_000  # about 210 MB of articles: a million a year lie in a file a month
_LONG = ("body", "paragraphs.list.element.text")  # nine tenths of the bytes of an article
_AT_ONCE = ("title", "body_hash")  # what a reader asks for of thousands of articles at once, or of all: to find copies
_LOOKED_UP = ("article_id", "story_id")  # by their value alone: in no order, and nearly all different
_BYTES_A_PAGE = 64 * 1024  # before compression, and 1,024 rows at least: what a reader skips at once, or not
_SAMPLES, _ROWS_A_SAMPLE = 10, 100
AGE = "first_seen_at"
A_WEEK = timedelta(days=7)  # what is older is not expected to change
_IS_YOUNG = "is_young"
_ORDER = ("source_id", "published_at", "requested_at")
_ADDRESSES = ("url", "url_key", "final_url", "canonical_url")
_BLOOM_FALSE_POSITIVES = 0.01


class Lasting(Enum):
    """How long a data file will be in use: the longer, the harder it is compressed."""

    A_WEEK = 0  # at most: a load of the next days, or `maintain`, reads it and writes it anew
    MONTHS = 1
    YEARS = 3


@dataclass(frozen=True, slots=True)
class DataFile:
    """A written file and the log entry that would make it visible."""

    name: str
    action: AddAction
    rows: int


def pieces(
    table: Table, rows: pa.Table, chosen: pa.Array, most: int | None = None, at_once: int = 1
) -> Iterator[pa.Array]:
    """The row numbers of each data file, the largest first: rows of one partition, sorted as readers ask.

    Args:
        chosen: true for the rows that shall be written.
        most: rows of a file, of which there are as few as can be; None for the files of a load.
        at_once: files of a load that are written at a time.
    """
    order = [name for name in (table.partition, *_ORDER) if name and name in rows.column_names]
    places = pc.indices_nonzero(chosen)
    chosen_rows = rows.select(order).take(places)
    if most is None and AGE in rows.column_names and len(places) > ROWS_A_FILE:
        chosen_rows = chosen_rows.append_column(_IS_YOUNG, _are_young(rows[AGE].take(places)))
        order.insert(order.index(_ORDER[0]), _IS_YOUNG)
    if order:
        in_order = pc.sort_indices(chosen_rows, [(name, "ascending") for name in order])
        places, chosen_rows = places.take(in_order), chosen_rows.take(in_order)
    parts = [places]
    apart = [chosen_rows[name] for name in order if name in (table.partition, _IS_YOUNG)]
    if apart:
        ends = {end for values in apart for end in pc.run_end_encode(values.combine_chunks()).run_ends.to_pylist()}
        parts = [places.slice(start, end - start) for start, end in pairwise([0, *sorted(ends)])]
    most = most or _rows_a_file([len(part) for part in parts], at_once)
    files = (part.slice(start, size) for part in parts for start, size in _evenly(len(part), most))
    yield from sorted(files, key=len, reverse=True)


def _are_young(came: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which rows came in the last week of them all, if enough did and did not to be worth a file.

    Some of them will be listed again tomorrow, and rewritten: not with rows that seldom are.
    """
    are = pc.fill_null(pc.greater(came, pa.scalar(pc.max(came).as_py() - A_WEEK, came.type)), False)
    young = pc.sum(are).as_py()
    return are if min(young, len(came) - young) >= ROWS_WORTH_A_FILE else pc.and_(are, False)


def _evenly(rows: int, most: int) -> Iterator[tuple[int, int]]:
    """Start and size of each file, of which there are as few as can be."""
    size = ceil(rows / ceil(rows / most)) if rows else 1
    return ((start, size) for start in range(0, rows, size))


def _rows_a_file(parts: Sequence[int], at_once: int) -> int:
    """The most rows of a file of a load: many, but so that all who write are done at about the same time.

    Of three files that two write, the third is written while one of them has nothing to do.

    Args:
        parts: rows of each partition.
    """
    if sum(parts) <= ROWS_A_FILE:
        return ROWS_A_FILE
    return min(range(ROWS_A_FILE, _FEWEST_ROWS - 1, -500), key=lambda most: _longest(parts, most, at_once) // 500)


def _longest(parts: Sequence[int], most: int, at_once: int) -> int:
    """The rows that one of those writes who have most to do: each takes the largest file that is left."""
    sizes = (min(size, rows - start) for rows in parts for start, size in _evenly(rows, most))
    hands = [0] * at_once
    for size in sorted(sizes, reverse=True):
        heapreplace(hands, hands[0] + size)
    return max(hands)


def write_datafile(folder: Folder, table: Table, rows: pa.Table, lasting: Lasting = Lasting.MONTHS) -> DataFile:
    """Write the rows of one of the `pieces`.

    Args:
        lasting: those of a file that lasts for years are in the table already.

    Raises:
        StorageError: the disk is full or read-only; nothing is left behind.
    """
    partition = {table.partition: rows[table.partition][0].as_py()} if table.partition else {}
    below = "/".join(f"{name}={value}" for name, value in partition.items())
    name = f"{below}/{uuid4()}.parquet".lstrip("/")
    rows = rows.drop_columns(list(partition))
    group = _rows_a_group(rows.num_rows)
    with folder.writing(name) as place:
        pq.write_table(
            rows,
            place,
            row_group_size=group,
            write_page_checksum=True,
            bloom_filter_options=_bloom_filter(rows, group),
            data_page_size=_BYTES_A_PAGE,
            **encodings(rows, lasting, here=isinstance(folder, DiskFolder)),
        )
        size = written_bytes(place)
    if table == ARTICLES:
        note(folder, name, rows)
    action = AddAction(name, size, partition, _now_ms(), lasting != Lasting.YEARS, _statistics(rows))
    return DataFile(name, action, rows.num_rows)


def is_loose(folder: Folder, name: str) -> bool:
    """Whether a file is not packed: it was not meant to last.

    Raises:
        StorageError: it is missing or damaged.
    """
    if not isinstance(folder, DiskFolder):
        return False
    with readable(folder, name), pq.ParquetFile(folder.opened(name)) as file:
        group = file.metadata.row_group(0) if file.metadata.num_row_groups else None
    columns = [group.column(number) for number in range(group.num_columns)] if group else []
    return any(column.path_in_schema in _LONG and column.compression == "UNCOMPRESSED" for column in columns)


def remove(now: Snapshot, name: str, *, compacted: bool = False) -> RemoveAction:
    """The log entry that retires an active file; of one that is missing, too."""
    values: dict[str, str | None] = {}
    for part in name.split("/")[:-1]:
        column, _, values[column] = part.partition("=")
    return RemoveAction(name, not compacted, _now_ms(), now.size(name), values)


def _now_ms() -> int:
    # Wall time, not the movable clock of the settings: vacuum compares it with the age of files.
    return time.time_ns() // 1_000_000


def _rows_a_group(rows: int) -> int:
    """Groups of one size: a small one for the rest would cost each question as much as another."""
    return ceil(rows / max(1, round(rows / _ROWS_A_GROUP))) or 1


def encodings(rows: pa.Table, lasting: Lasting = Lasting.MONTHS, *, here: bool = True) -> dict[str, Any]:
    """What `pyarrow.parquet.write_table` does with each of Parquet's columns: dictionary, bounds, compression.

    Judged by a sample. Times stay as they are: zstd saves half of eight bytes, and takes most of the time to read them.
    So do titles, of which a list shows thousands, hashes of bodies, by which copies are counted, and all of a file that
    will soon be written anew: packing is most of the work.

    Args:
        here: on this disk. In a bucket all is packed anyway: bytes take longer than that on their way there.
    """
    leaves = dict(_sample(rows))
    again = [path for path, values in leaves.items() if _repeats(values)]
    plain = {path for path, values in leaves.items() if path in _AT_ONCE or pa.types.is_timestamp(values.type)}
    if here and lasting == Lasting.A_WEEK:
        plain.update(leaves)
    level = max(lasting.value, Lasting.MONTHS.value)
    return {
        "use_dictionary": again,
        "write_statistics": [path for path, values in leaves.items() if path in again or _ordered(path, values)],
        "compression": {path: "NONE" if path in plain else "ZSTD" for path in leaves},
        "compression_level": {path: level for path in leaves if path not in plain},
    }


def _ordered(path: str, values: pa.Array) -> bool:
    """Whether bounds of the column let a reader skip anything: not those of texts and hashes, which stand in no order.

    An address does: rows are sorted by publisher. A reader goes through all bounds of a file just to open it.
    """
    return path in _ADDRESSES or not pa.types.is_string(values.type)


def _repeats(values: pa.Array) -> bool:
    """Whether a value stands twice or more on average: such a column is worth a dictionary.

    In the others (titles, bodies, hashes) it costs time to write, saves no space, and a reader who wants ten titles of
    a group has to decode all of them.
    """
    return bool(2 * pc.count_distinct(values).as_py() <= len(values) - values.null_count)


def _sample(rows: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Some values of each of Parquet's columns."""
    step = max(1, rows.num_rows // _SAMPLES)
    size = min(step, _ROWS_A_SAMPLE)
    sample = pa.concat_tables([rows.slice(start, size) for start in range(0, rows.num_rows, step)] or [rows])
    for name in rows.column_names:
        yield from _leaves(name, sample[name].combine_chunks())


def _leaves(path: str, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    """The columns that Parquet makes of one column, each with its name there."""
    kind = values.type
    if pa.types.is_map(kind):
        yield from _leaves(f"{path}.key_value.key", values.keys)
        yield from _leaves(f"{path}.key_value.value", values.items)
    elif pa.types.is_list(kind):
        yield from _leaves(f"{path}.list.element", values.flatten())
    elif pa.types.is_struct(kind):
        for place, field in enumerate(kind):
            yield from _leaves(f"{path}.{field.name}", pc.struct_field(values, place))
    else:
        yield path, values


def _bloom_filter(rows: pa.Table, values: int) -> dict[str, dict[str, float]] | None:
    looked_up = {
        name: {"ndv": values, "fpp": _BLOOM_FALSE_POSITIVES} for name in _LOOKED_UP if name in rows.column_names
    }
    return looked_up or None


def _statistics(rows: pa.Table) -> str:
    # Row counts only. Bounds are for all columns or for none: deltalake 1.6.6 reads a missing bound as one that no
    # value meets and skips the file. Parquet's own footers have bounds, and the partition prunes by month.
    return json.dumps({"numRecords": rows.num_rows})
