"""Whole files or nothing: every file that another stage reads is written beside its place and moved in.

A reader sees the old file or the new one, also after a power cut (the file and its folder are synced).
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from newshouse.errors import StorageError
from newshouse.storage.longtexts import long_columns, read_long

if TYPE_CHECKING:
    import pyarrow.dataset as pa_ds

_STORAGE_ADVICE = {
    errno.ENOSPC: "the disk is full: free some space, then run again",
    errno.EDQUOT: "the disk quota is used up: free some space, then run again",
    errno.EIO: "the disk fails: see the log of the system, and whether the disk has to be replaced, then run again",
    errno.EROFS: "the file system is read-only: mount it writable or set NEWSHOUSE_DATA to another folder",
    errno.EACCES: "no permission: check the owner of the folder or set NEWSHOUSE_DATA to another one",
    errno.EPERM: "not permitted: check the owner of the folder or set NEWSHOUSE_DATA to another one",
    errno.ENOTDIR: "a file is where a folder should be: move it away or set NEWSHOUSE_DATA to another folder",
    errno.EEXIST: "a file is where a folder should be: move it away or set NEWSHOUSE_DATA to another folder",
    errno.EISDIR: "a folder is where a file should be: move it away or name another file",
    errno.EFBIG: "the file would pass the size limit: raise the limit (ulimit -f), then run again",
}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an `OSError` about `path` into a `StorageError` that says what to do. Others pass unchanged."""
    try:
        yield
    except OSError as error:
        advice = _STORAGE_ADVICE.get(error.errno or 0)
        if advice is None:
            raise
        # Of two names, the second is where a draft was to be moved: the one that a person knows.
        raise StorageError(f"{error.filename2 or error.filename or path}: {advice}") from error


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Wait until nobody else holds the file `lock`, then hold it. A process that dies lets go of it.

    Raises:
        StorageError: the file or its folder cannot be made.
    """
    with _holding(lock, fcntl.LOCK_EX):
        yield


@contextmanager
def together(lock: Path) -> Iterator[None]:
    """Wait until nobody holds the file `lock` `alone`, then hold it, beside others who do so.

    Raises:
        StorageError: as `alone`.
    """
    with _holding(lock, fcntl.LOCK_SH):
        yield


@contextmanager
def _holding(lock: Path, how: int) -> Iterator[None]:
    with storage_errors(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = lock.open("a")
    with handle:
        fcntl.flock(handle, how)
        yield


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it takes the place of `path`, on failure it goes.

    Raises:
        StorageError: the disk is full, read-only or not ours.
    """
    # Not named by process id: two containers that share the folder may have the same one.
    draft = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield draft
            sync(draft)
            draft.replace(path)
            sync(path.parent)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Flush a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def size_of(path: Path) -> int | None:
    """Bytes of a file; None where there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 file atomically."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


_ROWS_A_GROUP = 1_000  # what a reader that goes piece by piece holds in memory at once: 10 to 20 MB of articles
# Stage files live as long as their run, and are read more often than they are kept: half again as large as with zstd,
# and read in half the time. Few of their columns repeat within a group, and LZ4 makes those small by itself.
# Each page has a checksum: LZ4 has none of its own, and two of three bits that a disk turns would else be loaded.
_QUICK: dict[str, Any] = {"compression": "lz4", "use_dictionary": False, "write_page_checksum": True}

_PARTS = 8
_BYTES_A_VALUE = 32  # a value takes as long to read as so many bytes of a text


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a whole Parquet file (LZ4) atomically."""
    with replacing(path) as draft:
        pq.write_table(table, draft, row_group_size=_ROWS_A_GROUP, **_QUICK)


@contextmanager
def parquet_writer(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """The same piece by piece: `write_table` on what this gives; the file appears whole at the end, or not at all."""
    with replacing(path) as draft, pq.ParquetWriter(draft, schema, **_QUICK) as writer:
        yield writer


def open_parquet(path: Path) -> pa_ds.Dataset:
    """A stage file to be read piece by piece, by `pieces`.

    Raises:
        StorageError: as `read_parquet`.
    """
    import pyarrow.dataset as pa_ds  # noqa: PLC0415 -- brings pandas along, a third of a second

    # By default the compressed bytes of the whole file are read ahead.
    piecewise = pa_ds.ParquetFragmentScanOptions(
        pre_buffer=False, use_buffered_stream=True, page_checksum_verification=True
    )
    with _readable(path, pa.ArrowInvalid, OSError):
        return pa_ds.dataset(path, format=pa_ds.ParquetFileFormat(default_fragment_scan_options=piecewise))


def pieces(rows: pa_ds.Dataset, columns: Sequence[str]) -> Iterator[pa.Table]:
    """The rows in order, at most a thousand at a time, and no piece ahead.

    Raises:
        StorageError: as `read_parquet`, when the damage is met only on the way.
    """
    options: dict[str, Any] = {"batch_size": _ROWS_A_GROUP, "batch_readahead": 0, "fragment_readahead": 0}
    # Only what the file does is told of the file: what goes wrong with whoever takes the pieces is not raised here.
    with _readable(Path(*getattr(rows, "files", ())), pa.ArrowInvalid, OSError):
        for batch in rows.to_batches(columns=list(columns), use_threads=False, **options):
            if batch.num_rows:
                yield pa.Table.from_batches([batch])


def read_parquet(path: Path, schema: pa.Schema) -> pa.Table:
    """Read a stage file as `schema`. Columns that its version did not have yet are NULL.

    Raises:
        StorageError: the file is missing or damaged; the message names it and the stage to run again.
    """
    with _readable(path, pa.ArrowInvalid, KeyError, OSError, ValueError):
        return _with_columns_since(_read(path), schema).cast(schema)


def _read(path: Path) -> pa.Table:
    """The whole file, some columns beside others, and each column in one piece.

    By column, not by group: rows are taken from the table in another order, and Arrow makes one piece of a column
    that has several whenever it does so. Arrow's own threads are dear where groups are small.
    """
    footer = pq.read_metadata(path)
    with ThreadPoolExecutor(pa.cpu_count(), "stagefile") as pool:
        parts = pool.map(lambda names: _read_columns(path, footer, names), _parts(footer))
    columns = {name: part[name] for part in parts for name in part.column_names}
    return pa.table({name: columns[name] for name in footer.schema.to_arrow_schema().names})


def _parts(footer: pq.FileMetaData) -> list[list[str]]:
    """The columns in parts for those who read, the dearest first, so that all are done at about the same time."""
    costs = dict.fromkeys(footer.schema.to_arrow_schema().names, 0)
    for place in range(footer.num_columns if footer.num_row_groups else 0):  # by the first group
        leaf = footer.row_group(0).column(place)
        costs[leaf.path_in_schema.partition(".")[0]] += leaf.total_uncompressed_size + _BYTES_A_VALUE * leaf.num_values
    parts: list[list[str]] = [[]]
    room = share = sum(costs.values()) / _PARTS
    for name in sorted(costs, key=lambda name: -costs[name]):
        if parts[-1] and costs[name] > room:
            parts.append([])
            room = share
        parts[-1].append(name)
        room -= costs[name]
    return parts


def _read_columns(path: Path, footer: pq.FileMetaData, names: Sequence[str]) -> pa.Table:
    long = {name: read_long(path, footer, name) for name in long_columns(footer) if name in names}
    # One column after the other: read ahead, the compressed bytes of all of them would be held at once.
    with pq.ParquetFile(path, metadata=footer, pre_buffer=False, page_checksum_verification=True) as file:
        rest = file.read(columns=[name for name in names if name not in long], use_threads=False)
    return pa.table(long | dict(zip(rest.column_names, rest.columns, strict=True)))


def _with_columns_since(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with the columns that `schema` has gained; one that must not be NULL stays missing."""
    for place, field in enumerate(schema):
        if field.nullable and field.name not in table.column_names:
            place_now = min(place, table.num_columns)
            table = table.add_column(place_now, field, pa.nulls(table.num_rows, field.type))
    return table


@contextmanager
def _readable(path: Path, *damages: type[Exception]) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StorageError(f"{path}: missing. Run the stage before this one first.") from error
    except damages as error:
        raise StorageError(f"{path}: unreadable ({error}). Delete it and run its stage again.") from error
