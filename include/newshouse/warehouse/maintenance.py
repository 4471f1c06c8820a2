"""Care of the tables: compact closed months, delete dead files, prove that what is left is whole.

Compaction changes no row; a load that runs at the same time lands either before or after it. Dead files stay for a
week, so that a database published before goes on working.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.exceptions import CommitFailedError
from deltalake.writer.properties import BloomFilterProperties, ColumnProperties, WriterProperties

from newshouse.archive.reader import read_response
from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, REVISIONS, TABLES, Table
from newshouse.warehouse.tables import Snapshot, snapshot, storage

RETENTION_HOURS = 7 * 24
_TARGET_BYTES = 128 * 1024 * 1024  # a few row groups a file: one source's year opens a dozen files
_MANY_FILES = 50  # about seven weeks of daily loads, two days of hourly ones
_ZSTD_COMPACTED = 3
_MAX_TRIES = 10
_ORDER = ("source_id", "published_at", "requested_at")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that `verify` found.

    Attributes:
        table: the table it is about.
        subject: file, article id or WARC record.
        message: what is wrong.
    """

    table: str
    subject: str
    message: str


def compact(layout: DataLayout, *, now: datetime) -> None:
    """Rewrite closed months into few files ordered by source and time; merge many small files elsewhere.

    Args:
        now: UTC; its month is still open.

    Raises:
        StorageError: the disk is full or read-only; the table is as it was.
    """
    for table in TABLES.values():
        sizes = _sizes(snapshot(layout, table))
        for month, files in sorted(sizes.items()):
            closed = month is not None and month < now.strftime("%Y-%m")
            # One more than needed: the optimizer's own split is not exact, and must not be done over every week.
            if closed and len(files) > max(1, ceil(sum(files) / _TARGET_BYTES) + (sum(files) > _TARGET_BYTES)):
                _rewrite(layout, table, month, ordered=True)
            elif len(files) > _MANY_FILES:
                _rewrite(layout, table, month, ordered=False)


def vacuum(layout: DataLayout, *, retention_hours: int = RETENTION_HOURS) -> list[str]:
    """Delete data files that no version of the last `retention_hours` names. Returns their paths.

    Less than a week takes files away from readers of a database published before; only tests do that.
    """
    deleted: list[str] = []
    for table in TABLES.values():
        delta = snapshot(layout, table).delta
        if delta is not None:
            with storage(layout.table(table.name)):
                found = delta.vacuum(retention_hours, dry_run=False, enforce_retention_duration=False, full=True)
            deleted += [f"{table.name}/{path}" for path in found]
    return deleted


def verify(layout: DataLayout) -> list[Problem]:
    """Read everything once: data files and their page checksums, archived responses, revisions against articles.

    Returns:
        What is wrong; empty when the warehouse is whole.
    """
    problems = [problem for table in TABLES.values() for problem in _file_problems(snapshot(layout, table))]
    if problems:
        return problems  # the rest reads the same files
    return [*_pointer_problems(layout), *_history_problems(layout)]


def _sizes(now: Snapshot) -> dict[str | None, list[int]]:
    sizes: dict[str | None, list[int]] = {}
    if now.delta is not None:
        for file in pa.table(now.delta.get_add_actions(flatten=True)).to_pylist():
            sizes.setdefault(file.get("partition.month"), []).append(file["size_bytes"])
    return sizes


def _rewrite(layout: DataLayout, table: Table, month: str | None, *, ordered: bool) -> None:
    where = [("month", "=", month)] if month is not None else None
    order = [name for name in _ORDER if name in table.schema().names]
    for _ in range(_MAX_TRIES):
        delta = snapshot(layout, table).delta
        if delta is None:
            return
        with storage(layout.table(table.name)):
            try:
                if ordered:
                    delta.optimize.z_order(order, where, _TARGET_BYTES, writer_properties=_writer(table))
                else:
                    delta.optimize.compact(where, _TARGET_BYTES, writer_properties=_writer(table))
                return
            except CommitFailedError:
                continue  # a load was faster and rewrote one of the files: take its result
    raise StorageError(f"{layout.table(table.name)}: loads kept it busy. Run the maintenance again later.")


def _writer(table: Table) -> WriterProperties:
    bloom = ColumnProperties(bloom_filter_properties=BloomFilterProperties(set_bloom_filter_enabled=True))
    columns = {"article_id": bloom} if "article_id" in table.schema().names else None
    return WriterProperties(compression="ZSTD", compression_level=_ZSTD_COMPACTED, column_properties=columns)


def _file_problems(now: Snapshot) -> Iterator[Problem]:
    if now.delta is None:
        return
    counts = {file["path"]: file["num_records"] for file in pa.table(now.delta.get_add_actions()).to_pylist()}
    for name, expected in sorted(counts.items()):
        try:
            with pq.ParquetFile(now.root / name, page_checksum_verification=True) as file:
                rows = sum(part.num_rows for part in file.iter_batches(batch_size=1000))
        except (OSError, pa.ArrowException) as error:
            yield Problem(now.table.name, name, f"unreadable: {error}")
        else:
            if rows != expected:
                yield Problem(now.table.name, name, f"{rows} rows, but the log says {expected}")


def _pointer_problems(layout: DataLayout) -> Iterator[Problem]:
    pointer = ("warc_file", "warc_offset", "warc_length")
    for row in snapshot(layout, ARTICLES).read(["article_id", *pointer]).sort_by("warc_file").to_pylist():
        if row["warc_file"] is None:
            continue
        try:
            read_response(layout.archive, *(row[name] for name in pointer))
        except StorageError as error:
            yield Problem(ARTICLES.name, row["article_id"], str(error))


def _history_problems(layout: DataLayout) -> Iterator[Problem]:
    # Late versions are numbered from 0 down and never stood in `articles`.
    stood = snapshot(layout, REVISIONS).read(["article_id"], pc.field("revision") >= 1)
    recorded = Counter(stood["article_id"].to_pylist())
    articles = snapshot(layout, ARTICLES).read(["article_id", "revision"]).to_pylist()
    for row in sorted(articles, key=lambda row: str(row["article_id"])):
        count = recorded.pop(row["article_id"], 0)
        if count != row["revision"]:
            yield Problem(
                ARTICLES.name, row["article_id"], f"revision {row['revision']}, but {count} rows in revisions"
            )
    for key in sorted(recorded):
        yield Problem(REVISIONS.name, key, "revisions of an article that is not there")
