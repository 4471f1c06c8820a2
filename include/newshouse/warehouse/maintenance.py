"""Care of the tables: compact closed months, delete dead files, prove that what is left is whole.

Compaction changes no row; a load that runs at the same time lands either before or after it. Dead files stay for a
week, so that a database published before goes on working.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from math import ceil
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.exceptions import CommitFailedError

from newshouse.archive.reader import read_response
from newshouse.archive.shelf import Shelf
from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, REVISIONS, RUNS, TABLES, Table
from newshouse.warehouse.datafiles import A_WEEK, ROWS_A_FILE, ROWS_COMPACTED, is_loose
from newshouse.warehouse.evolution import fits
from newshouse.warehouse.keys import forget_others
from newshouse.warehouse.tables import Snapshot, compact_files, snapshot, storage

RETENTION_HOURS = 7 * 24
_MANY_FILES = 50  # about seven weeks of daily loads, two days of hourly ones
_ROWS_AT_ONCE = 300_000  # what compaction holds in memory: two gigabytes of articles
_MAX_TRIES = 10
_POINTER = ("warc_file", "warc_offset", "warc_length")
_ANSWERS_AT_ONCE = 16  # a bucket answers each in some hundredths of a second, however many ask


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
    """Rewrite closed months into few files ordered by source and time; elsewhere merge many small files, and pack those
    that loads left unpacked and whose articles are older than a week.

    Args:
        now: UTC; its month is still open.

    Raises:
        StorageError: the disk is full or read-only; the table is as it was.
    """
    for table in TABLES.values():
        for month in sorted(_files(snapshot(layout, table)), key=str):
            closed = month is not None and month < now.strftime("%Y-%m")
            _rewrite(layout, table, month, None if closed else now)
        _tidy(snapshot(layout, table))


def vacuum(layout: DataLayout, *, retention_hours: int = RETENTION_HOURS) -> list[str]:
    """Delete data files that no version of the last `retention_hours` names. Returns their paths.

    Less than a week takes files away from readers of a database published before; only tests do that.
    """
    deleted: list[str] = []
    for table in TABLES.values():
        delta = snapshot(layout, table).delta
        if delta is not None:
            with storage(layout.table_folder(table.name)):
                found = delta.vacuum(retention_hours, dry_run=False, enforce_retention_duration=False, full=True)
            deleted += [f"{table.name}/{path}" for path in found]
            layout.table_folder(table.name).sweep()
    now = snapshot(layout, ARTICLES)
    forget_others(now.folder, now.names())
    return deleted


def verify(layout: DataLayout) -> list[Problem]:
    """Read everything once: data files and their page checksums, archived responses, revisions against articles.

    Returns:
        What is wrong; empty when the warehouse is whole.
    """
    problems = [problem for table in TABLES.values() for problem in _table_problems(layout, table)]
    if problems:
        return problems  # the rest reads the same files
    return [*_pointer_problems(layout), *_history_problems(layout), *_count_problems(layout)]


def _files(now: Snapshot) -> dict[str | None, dict[str, int]]:
    """Month to its files and their numbers of rows."""
    months: dict[str | None, dict[str, int]] = {}
    if now.delta is not None:
        for file in pa.table(now.delta.get_add_actions(flatten=True)).sort_by("path").to_pylist():
            months.setdefault(file.get("partition.month"), {})[unquote(file["path"])] = file["num_records"]
    return months


def _rewrite(layout: DataLayout, table: Table, month: str | None, open_at: datetime | None) -> None:
    closed = open_at is None
    most = ROWS_COMPACTED if closed else ROWS_A_FILE
    for _ in range(_MAX_TRIES):
        now = snapshot(layout, table)
        try:
            with storage(now.folder):
                files = _files(now).get(month, {})
                loose = frozenset(name for name in files if _is_to_be_packed(now, name, open_at))
                for group in _groups(files, most, closed=closed, loose=loose):
                    compact_files(now, group, most)
                    now = snapshot(layout, table)
            return
        except CommitFailedError:
            continue  # a load was faster: take its result
    raise StorageError(
        f"{layout.table_folder(table.name).address}: loads kept it busy. Run the maintenance again later."
    )


def _is_to_be_packed(now: Snapshot, name: str, open_at: datetime | None) -> bool:
    """Whether a file is not packed, and will not be rewritten soon."""
    if now.table != ARTICLES or not is_loose(now.folder, name):
        return False
    return (
        open_at is None or pc.max(now.read(["first_seen_at"], only=[name])["first_seen_at"]).as_py() < open_at - A_WEEK
    )


def _groups(files: Mapping[str, int], most: int, *, closed: bool, loose: frozenset[str]) -> list[list[str]]:
    """The files to write anew, those of a group together.

    In a closed month all, if there are more than it needs; else those that shall be packed (`loose`), with what shares
    a group with them. In others the small ones, once they are many, and those that shall be packed.
    """
    chosen = files if closed else {name: rows for name, rows in files.items() if rows < most / 2 or name in loose}
    held = sum(files.values())
    # Of what is written at once, a file may be left for the rest.
    few = len(chosen) <= (ceil(held / most) + held // _ROWS_AT_ONCE if closed else _MANY_FILES)
    if few and not loose:
        return []
    if few and not closed:
        chosen = {name: files[name] for name in sorted(loose)}
    groups: list[list[str]] = []
    total = _ROWS_AT_ONCE
    for name, rows in chosen.items():
        if total + rows > _ROWS_AT_ONCE:
            groups.append([])
            total = 0
        groups[-1].append(name)
        total += rows
    return [group for group in groups if (len(group) > 1 and not few) or not loose.isdisjoint(group)]


def _tidy(now: Snapshot) -> None:
    """Fold the log, so that opening the table reads one file; its entries older than a month go."""
    if now.delta is None:
        return
    with storage(now.folder):
        now.delta.create_checkpoint()
        now.delta.cleanup_metadata()


def _table_problems(layout: DataLayout, table: Table) -> list[Problem]:
    try:
        now = fits(snapshot(layout, table))
    except (StorageError, ConfigError) as error:
        return [Problem(table.name, "_delta_log", str(error))]
    if now.delta is None and any(name.endswith(".parquet") for name in now.folder.listing()):
        return [Problem(table.name, "_delta_log", f"{now.folder.address}: data files, but no log that names them")]
    return file_problems(now)


def file_problems(now: Snapshot) -> list[Problem]:
    """The data files that are missing or damaged, or hold another number of rows than the log says."""
    problems = []
    counts = {name: rows for files in _files(now).values() for name, rows in files.items()}
    for name, expected in sorted(counts.items()):
        try:
            with (
                now.folder.telling(name),
                pq.ParquetFile(now.folder.opened(name), page_checksum_verification=True) as file,
            ):
                rows = sum(part.num_rows for part in file.iter_batches(batch_size=1000))
        except (OSError, pa.ArrowException) as error:
            problems.append(Problem(now.table.name, name, f"unreadable: {error}"))
        else:
            if rows != expected:
                problems.append(Problem(now.table.name, name, f"{rows} rows, but the log says {expected}"))
    return problems


def _pointer_problems(layout: DataLayout) -> Iterator[Problem]:
    rows = snapshot(layout, ARTICLES).read(["article_id", *_POINTER], pc.field("warc_file").is_valid())
    by_file = groupby(rows.sort_by("warc_file").to_pylist(), lambda row: row["warc_file"])
    with ThreadPoolExecutor(_ANSWERS_AT_ONCE if isinstance(layout.archive, Shelf) else 1, "pointer") as pool:
        for _, group in by_file:  # not all at once: a task a row would fill the memory
            yield from filter(None, pool.map(partial(_pointer_problem, layout), group))


def _pointer_problem(layout: DataLayout, row: Mapping[str, Any]) -> Problem | None:
    try:
        read_response(layout.archive, *(row[name] for name in _POINTER))
    except StorageError as error:
        return Problem(ARTICLES.name, row["article_id"], str(error))
    return None


def _history_problems(layout: DataLayout) -> Iterator[Problem]:
    articles = snapshot(layout, ARTICLES).read(list(REVISIONS.key)).to_pylist()
    # Late versions are numbered from 0 down and never stood in `articles`.
    stood = snapshot(layout, REVISIONS).read(list(REVISIONS.key), pc.field("revision") >= 1)
    recorded: defaultdict[str, list[int]] = defaultdict(list)
    for row in stood.to_pylist():
        recorded[row["article_id"]].append(row["revision"])
    for row in sorted(articles, key=lambda row: str(row["article_id"])):
        key, revision = row["article_id"], row["revision"]
        numbers = sorted(recorded.pop(key, ()))
        # The first version of an article that never changed stands in `articles` alone.
        if numbers != list(range(1, revision + 1)) and (numbers, revision) != ([], 1):
            found = ", ".join(map(str, numbers)) or "none"
            yield Problem(ARTICLES.name, key, f"revision {revision}, but in revisions: {found}")
    for key in sorted(recorded):
        yield Problem(REVISIONS.name, key, "revisions of an article that is not there")


def _count_problems(layout: DataLayout) -> Iterator[Problem]:
    """Runs and sources with versions in `revisions` that no load reported: it was killed and never done again.

    Their numbers need not be the same: what was forgotten is gone from `revisions`, and a run that is loaded again
    after a later one may add a version to those that it reported.
    """
    key = ["run_id", "source_id"]
    alone = snapshot(layout, ARTICLES).read(key, pc.field("revision") == 1)  # first: see `only_versions`
    held = snapshot(layout, REVISIONS).read(key, pc.field("change_kind") != "vanished")
    held = pa.concat_tables([held, alone])
    told = snapshot(layout, RUNS).read(key, pc.field("stage") == "load")
    lacking = (
        held.group_by(key)
        .aggregate([])
        .join(told, key, join_type="left anti")
        .sort_by([(name, "ascending") for name in key])
    )
    for row in lacking.to_pylist():
        message = "versions in revisions, but no report of their load: load the run again"
        yield Problem(RUNS.name, f"{row['run_id']} {row['source_id']}", message)
