"""Which data files may hold a value: eight bytes for the end of each, noted beside the tables once for each data file.

A load asks for the ids and texts of all that it brings, and nearly all of them are new. Parquet answers by decoding
these columns of every file of the table; the notes of a million articles are read in some hundredths of a second.

A note is derived from its data file, which never changes, and lies on this machine, also where the table is in a
bucket. One that is missing or damaged is made again; `maintain` and `forget` delete those of files that are not in use.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from newshouse.storage.folders import SIDE_BY_SIDE, BucketFolder, Folder

NOTED = ("article_id", "body_hash", "url")  # of `articles`
_AT_ONCE = 2  # notes lie on this disk
_SIEVE_BITS = 20
_SIEVED = np.uint64(64 - _SIEVE_BITS)
_BYTES = 32  # ids have as many; addresses of one publisher differ at the end
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)
Keys = npt.NDArray[np.uint64]


class _Room(threading.local):
    """Memory that each thread reads notes into, again and again."""

    words: Keys = np.empty(0, "<u8")


_room = _Room()


def holding(folder: Folder, names: Collection[str], column: str, values: pa.Array) -> list[str]:
    """The data files that may hold one of these values: every one that does, and hardly ever another.

    Args:
        names: of data files of `articles`.
        column: one of `NOTED`.
    """
    if not len(values):
        return []
    wanted, row = np.unique(keys(values)), NOTED.index(column)
    sieve = np.zeros(2**_SIEVE_BITS, bool)
    sieve[wanted >> _SIEVED] = True

    def may_hold(name: str) -> bool:
        noted = _noted(folder, name, row)
        near = noted[sieve[(noted >> _SIEVED).view(np.int64)]]  # else numpy copies what it is asked with
        return bool((wanted[np.searchsorted(wanted, near) - len(wanted)] == near).any())

    at_once = SIDE_BY_SIDE if isinstance(folder, BucketFolder) else _AT_ONCE  # one that lacks is made from its file
    with ThreadPoolExecutor(at_once, "keys") as pool:
        return [name for name, may in zip(names, pool.map(may_hold, names), strict=True) if may]


def note(folder: Folder, name: str, rows: pa.Table) -> list[Keys]:
    """Write down the keys of a data file, given its rows; one array for each of `NOTED`."""
    lacking = pa.nulls(rows.num_rows, pa.string())
    made = [keys(rows[column] if column in rows.column_names else lacking) for column in NOTED]
    _write(_note(folder, name), np.concatenate([words for each in made for words in ([_seal(each)], each)]))
    return made


def forget_others(folder: Folder, names: Collection[str]) -> None:
    """Delete the notes of all data files but these, and what a killed process left of one."""
    kept = {_note(folder, name) for name in names}
    for path in {*folder.keys.glob("*")} - kept:
        path.unlink(missing_ok=True)


def keys(values: pa.Array | pa.ChunkedArray) -> Keys:
    """Eight bytes for each text, of its end; the same for the same text. NULL is as the empty one."""
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    padded = pc.ascii_lpad(pc.fill_null(values, ""), _BYTES, " ").cast(pa.binary())
    ends = pc.binary_slice(padded, -_BYTES, None).cast(pa.binary(_BYTES))
    words = np.frombuffer(ends.buffers()[1], "<u8").reshape(-1, _BYTES // 8)
    mixed: Keys = (words * _FACTORS).sum(axis=1, dtype=np.uint64)
    return mixed


def _noted(folder: Folder, name: str, row: int) -> Keys:
    """The keys of one column; until this thread asks for others."""
    with suppress(OSError):
        found = _read(_note(folder, name), row)
        # Not synced: after a power failure a note may be there without its bytes.
        if found.size and found[0] == _seal(found[1:]):
            return found[1:]
    # Proven: a note of damaged ids would say that they are new, and the next load would bring the articles once more.
    with folder.files.open_input_file(name) as source, pq.ParquetFile(source, page_checksum_verification=True) as file:
        rows = file.read([column for column in NOTED if column in file.schema_arrow.names], use_threads=False)
    return note(folder, name, rows)[row]


def _seal(words: Keys) -> np.uint64:
    total: np.uint64 = np.add.reduce(words, initial=np.uint64(len(words)))
    return total


def _note(folder: Folder, name: str) -> Path:
    return folder.keys / name.replace("/", "--").removesuffix(".parquet")


def _read(path: Path, row: int) -> Keys:
    """One row of the words in a file, fewer where it is torn; in the memory of this thread."""
    with path.open("rb", buffering=0) as file:
        width = os.fstat(file.fileno()).st_size // (8 * len(NOTED))
        if len(_room.words) < width:
            _room.words = np.empty(2 * width, "<u8")
        words: Keys = _room.words[:width]
        file.seek(8 * row * width)
        return words[: (file.readinto(words.data) or 0) // 8]


def _write(path: Path, words: Keys) -> None:
    draft = path.with_name(f".{uuid4().hex}")
    with suppress(OSError):  # who may not write here finds out all the same, and so does who comes next
        path.parent.mkdir(parents=True, exist_ok=True)
        words.tofile(draft)
        draft.replace(path)
