"""The one door into the warehouse: a run's finished batches become rows of the tables.

One commit a table, in an order that any crash between two of them heals by itself when the run is loaded again:

1. `fetches`, `rejections`, `checks`: facts that depend on nothing. Appended by key, so a repeat adds nothing.
2. `articles`: one commit holds the whole run. It is the truth; a reader sees all of the run or nothing.
3. `revisions`: derived from `articles` (see `revisions.py`), so a repeat finds what is missing. A version is also
   written down before it is overwritten; so the history is whole even if another run is loaded before the repeat.
   Captures that are older than what another run brought are added to it; the order of the loads loses no version.
4. `runs`: last. What the load counts is read back from `revisions`, not remembered: a load that was killed and begun
   again counts the same as an undisturbed one.

Articles last would not heal: a revision would be on record that no article has, and the next run would give its
number away a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from time import perf_counter

import pyarrow.compute as pc

from newshouse.forget.tombstones import buried, without_forgotten
from newshouse.layout import DataLayout
from newshouse.records import CheckResult
from newshouse.report import StageReport, Tally, tallies
from newshouse.rows import checks_table
from newshouse.schemas import ARTICLES, CHECKS, FETCHES, REJECTIONS, REVISIONS, RUNS
from newshouse.warehouse.articles import AGES, Delivery, decide, delivery, late, touched, without_old_ends
from newshouse.warehouse.inbox import Inbox, read_inbox
from newshouse.warehouse.revisions import record, record_late
from newshouse.warehouse.tables import Change, Snapshot, append_missing, change, snapshot, writable

BATCH = "all"


def load_run(layout: DataLayout, run_id: str, batches: Sequence[str], *, now: datetime) -> dict[str, Tally]:
    """Commit the batches that went through validate. Loading the same run again changes nothing.

    Args:
        now: UTC, for `runs.finished_at`.

    Returns:
        Per source: accepted rows in; new, revised or late versions out; unchanged ones as duplicates.

    Raises:
        ContractError: a stage file does not hold what its stage reported.
        ConfigError: a table on disk does not fit `schemas.py`.
        StorageError: the disk is full or read-only. Each table is as before or whole; load again.
    """
    started = perf_counter()
    inbox = read_inbox(layout, run_id, batches)
    for table in (ARTICLES, REVISIONS, FETCHES, REJECTIONS, CHECKS, RUNS):
        writable(layout, table)
    inbox = without_forgotten(inbox, buried(layout))
    append_missing(layout, FETCHES, inbox.fetches)
    append_missing(layout, REJECTIONS, inbox.rejections)
    append_missing(layout, CHECKS, inbox.checks)
    given = delivery(run_id, inbox.accepted, inbox.fetches, inbox.rejections)
    _load_articles(layout, without_old_ends(given, snapshot(layout, FETCHES)))
    counts = _count(layout, run_id, inbox)
    report = StageReport(run_id, "load", BATCH, counts, perf_counter() - started, now).assert_balanced()
    append_missing(layout, RUNS, RUNS.arrow(row for r in (*inbox.reports, report) for row in r.rows()))
    return counts


def load_checks(layout: DataLayout, results: Sequence[CheckResult]) -> None:
    """Commit checks that were made on the committed data. Known check ids are left as they are."""
    append_missing(layout, CHECKS, checks_table(results))


def _load_articles(layout: DataLayout, given: Delivery) -> None:
    def decision(now: Snapshot) -> Change:
        known = touched(now, given)
        record(layout, now, list(known))
        return decide(now, given, known)

    change(layout, ARTICLES, decision)
    now = snapshot(layout, ARTICLES)
    known = touched(now, given, AGES)
    record(layout, now, list(known))
    record_late(layout, late(given, known))


def _count(layout: DataLayout, run_id: str, inbox: Inbox) -> dict[str, Tally]:
    """What the run left in the tables, per source."""
    columns = ["source_id", "article_id", "content_hash", "change_kind"]
    written = snapshot(layout, REVISIONS).read(columns, pc.field("run_id") == run_id).to_pylist()
    out = {(row["article_id"], row["content_hash"]) for row in written if row["change_kind"] != "vanished"}
    counts = tallies(source_id for report in inbox.reports for source_id in report.tallies)
    sizes = pc.fill_null(pc.binary_length(inbox.accepted["body"]), 0)
    names = ("source_id", "article_id", "content_hash")
    rows = zip(*(inbox.accepted[name].to_pylist() for name in names), sizes.to_pylist(), strict=True)
    counted: Counter[tuple[str, str]] = Counter()
    for source_id, article_id, content_hash, size_bytes in rows:
        tally = counts.setdefault(source_id, Tally())
        tally.in_count += 1
        tally.bytes += size_bytes
        counted[article_id, content_hash] += 1
        first = counted[article_id, content_hash] == 1 and (article_id, content_hash) in out
        tally.out_count += first
        tally.duplicate_count += not first
    return counts
