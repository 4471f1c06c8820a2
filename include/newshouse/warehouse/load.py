"""The one door into the warehouse: a run's finished batches become rows of the tables.

One commit a table, in an order that any crash between two of them heals by itself when the run is loaded again:

1. `fetches`, `rejections`, `checks`: facts that depend on nothing. Appended by key, so a repeat adds nothing.
2. `articles`: one commit holds the whole run. It is the truth; a reader sees all of the run or nothing.
3. `revisions`: derived from `articles` (see `revisions.py`), so a repeat finds what is missing. A version is also
   written down before it is overwritten, the first one only then; so the history is whole even if another run is loaded
   before the repeat.
   Captures that are older than what another run brought are added to it; the order of the loads loses no version.
4. What was forgotten while all this was under way is taken out again (see `forgotten.py`).
5. `runs`: last. What the load counts is read back from `revisions`, not remembered: a load that was killed and begun
   again counts the same as an undisturbed one.

Articles last would not heal: a revision would be on record that no article has, and the next run would give its
number away a second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from time import perf_counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.forget.tombstones import buried, without_forgotten
from newshouse.layout import DataLayout
from newshouse.records import CheckResult
from newshouse.report import StageReport, Tally, tallies
from newshouse.rows import checks_table
from newshouse.schemas import ARTICLES, CHECKS, FETCHES, REJECTIONS, REVISIONS, RUNS
from newshouse.warehouse.articles import after, changing, decide, late, touched
from newshouse.warehouse.deliveries import Delivery, delivery, without_old_ends
from newshouse.warehouse.forgotten import take_out_forgotten
from newshouse.warehouse.inbox import Inbox, month_of, read_inbox
from newshouse.warehouse.restoring import settled
from newshouse.warehouse.revisions import CURRENT, next_versions, only_versions, record, record_change, record_late
from newshouse.warehouse.tables import Change, Snapshot, among, append_missing, change, snapshot, writable

BATCH = "all"
_VERSION = ["article_id", "content_hash"]


def load_run(
    layout: DataLayout, run_id: str, batches: Sequence[str], *, now: datetime, task_log: str | None = None
) -> dict[str, Tally]:
    """Commit the batches that went through validate. Loading the same run again changes nothing.

    Args:
        now: UTC, for `runs.finished_at`.
        task_log: for `runs.task_log`.

    Returns:
        Per source: accepted rows in; new, revised or late versions out; unchanged ones as duplicates.

    Raises:
        ContractError: a stage file does not hold what its stage reported.
        ConfigError: a table on disk does not fit `schemas/`.
        StorageError: the disk is full or read-only. Each table is as before or whole; load again.
    """
    with settled(layout):
        return _load_run(layout, run_id, batches, now, task_log)


def _load_run(
    layout: DataLayout, run_id: str, batches: Sequence[str], now: datetime, task_log: str | None
) -> dict[str, Tally]:
    started = perf_counter()
    everything = read_inbox(layout, run_id, batches)
    inbox = without_forgotten(everything, buried(layout))
    with ThreadPoolExecutor(1, "aside") as aside:  # most of what it does is outside of Python's lock
        opening = aside.submit(_open, layout)
        facts = aside.submit(lambda: _load_facts(layout, inbox, opening.result()))
        counting = aside.submit(_brought, inbox)
        try:
            given = delivery(run_id, inbox.accepted, inbox.fetches, inbox.rejections)
            given = without_old_ends(given, lambda: _after(facts, layout))
            known = _load_articles(layout, given, opening.result()[ARTICLES.name], facts)
        finally:
            facts.result()  # a full disk is told first, whatever else went wrong
    take_out_forgotten(layout, everything.accepted, everything.fetches, everything.rejections, known)
    counts = _count(layout, run_id, inbox, *counting.result())
    report = StageReport(run_id, "load", BATCH, counts, perf_counter() - started, now, task_log).assert_balanced()
    told = RUNS.arrow(row for r in (*inbox.reports, report) for row in r.rows())
    append_missing(layout, RUNS, told, opened=opening.result()[RUNS.name])
    return counts


def _open(layout: DataLayout) -> dict[str, Snapshot]:
    tables = (ARTICLES, REVISIONS, FETCHES, REJECTIONS, CHECKS, RUNS)
    return {table.name: writable(layout, table) for table in tables}


def _of_their_time(fetches: pa.Table) -> pc.Expression:
    """What is true of all rows of the table with one of these keys; the time is in the key, and each file knows its."""
    times = pc.min_max(fetches["requested_at"])
    at = pc.field("requested_at")
    return among("month", pc.unique(fetches["month"])) & (at >= times["min"]) & (at <= times["max"])


def load_checks(layout: DataLayout, results: Sequence[CheckResult]) -> None:
    """Commit checks that were made on the committed data. Known check ids are left as they are."""
    append_missing(layout, CHECKS, checks_table(results))


def _load_facts(layout: DataLayout, inbox: Inbox, opened: Mapping[str, Snapshot]) -> None:
    # One file after the other: whoever hashes and decides meanwhile has a processor of its own.
    here = _of_their_time(inbox.fetches)
    append_missing(layout, FETCHES, inbox.fetches, where=here, opened=opened[FETCHES.name], at_once=1)
    append_missing(layout, REJECTIONS, inbox.rejections, opened=opened[REJECTIONS.name])
    append_missing(layout, CHECKS, inbox.checks, opened=opened[CHECKS.name])


def _after(facts: Future[None], layout: DataLayout) -> Snapshot:
    facts.result()
    return snapshot(layout, FETCHES)


def _load_articles(layout: DataLayout, given: Delivery, opened: Snapshot, facts: Future[None]) -> pa.Table:
    """Returns the `article_id` of the articles that were known before.

    Args:
        facts: are committed first.
    """
    known: dict[str, Any] = {}
    versions = REVISIONS.schema().empty_table()

    def decision(now: Snapshot) -> Change:
        known.clear()
        known.update(touched(now, given))
        decided = decide(now, given, known)
        due = changing(given, known, decided)

        def first(rows: pa.Table) -> None:
            nonlocal versions
            facts.result()
            recorded = record(layout, now, known, due, rows)
            versions = next_versions(rows, decided, recorded)

        return replace(decided, first=first, reads=CURRENT)

    done = change(layout, ARTICLES, decision, opened)
    record_change(layout, versions)
    record_late(layout, late(given, after(known, done)))
    return pa.table({"article_id": pa.array(list(known), pa.string())})


def _brought(inbox: Inbox) -> tuple[dict[str, Tally], pa.Table]:
    """Per source what the run brought; and each version of an article, with the source of the first that brought it."""
    counts = tallies(source_id for report in inbox.reports for source_id in report.tallies)
    rows = inbox.accepted.select(["source_id", *_VERSION])
    rows = rows.append_column("bytes", pc.binary_length(inbox.accepted["body"]))
    for row in rows.group_by("source_id").aggregate([("bytes", "sum"), ([], "count_all")]).to_pylist():
        tally = counts.setdefault(row["source_id"], Tally())
        tally.in_count += row["count_all"]
        tally.bytes += row["bytes_sum"] or 0
    rows = rows.append_column("place", pa.array(range(rows.num_rows), pa.int64()))
    firsts = rows.group_by(_VERSION).aggregate([("place", "min")])
    return counts, firsts.append_column("source_id", rows["source_id"].take(firsts["place_min"]))


def _count(
    layout: DataLayout, run_id: str, inbox: Inbox, counts: dict[str, Tally], firsts: pa.Table
) -> dict[str, Tally]:
    """What the run left in the tables, per source.

    Args:
        counts, firsts: of `_brought`. A version that several captures of the run brought counts for the first of them.
    """
    left = firsts.join(_written(layout, run_id, inbox), _VERSION, join_type="left semi")
    for row in pc.value_counts(left["source_id"]).to_pylist():
        counts[row["values"]].out_count += row["counts"]
    for tally in counts.values():
        tally.duplicate_count = tally.in_count - tally.out_count
    return counts


def _written(layout: DataLayout, run_id: str, inbox: Inbox) -> pa.Table:
    """The `_VERSION` of each that the run brought to the tables."""
    months = pc.unique(month_of(inbox.accepted["fetched_at"]))
    mine = (pc.field("run_id") == run_id) & among("month", months)
    articles, revisions = snapshot(layout, ARTICLES), snapshot(layout, REVISIONS)  # in this order: see `only_versions`
    recorded = revisions.read(_VERSION, mine & (pc.field("change_kind") != "vanished"))
    return pa.concat_tables([recorded, only_versions(articles, revisions, _VERSION, mine)])
