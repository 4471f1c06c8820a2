"""`revisions`: the history of every article, derived from `articles` one version at a time.

The first version of an article stands in `articles` alone until the article changes: it is written to `revisions` just
before it is overwritten. Later versions are written after the commit of `articles` that brought them, and again looked
after before they are overwritten. So a crash between the two tables loses nothing: the version still stands in
`articles`. The published view `revisions` shows both, and so does `only_versions` here.

A capture that is loaded after a newer one never stands there. It is numbered 0, -1, and so on, so that the versions
that did stand keep the numbers 1, 2, 3: no number is ever given away by two tables. `fetched_at` orders all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, REVISIONS
from newshouse.warehouse.inbox import month_of
from newshouse.warehouse.tables import (
    Change,
    Snapshot,
    all_of,
    among,
    append_missing,
    change,
    missing,
    snapshot,
    subset,
    writable,
)

Row = Mapping[str, Any]

_KEY = ("article_id", "revision")
# What a version is made of: columns of `articles`.
CURRENT = [name for name in REVISIONS.schema().names if name not in ("change_kind", "previous_hash", "month")] + [
    "vanished_at"
]
_WORDS = ("content_hash", "title", "body", "published_at")
_BEFORE = (*_KEY, "change_kind", *_WORDS)  # what a next version is compared with
_COMPARED = (*_KEY, "vanished_at", *_WORDS)  # the same of `articles`
_SHOWN = {"vanished_at": None}
# Most important first: a new headline counts more than the words below it, those more than a moved date.
_CHANGES = (("title", ("title",)), ("body", ("body",)), ("time", ("published_at",)))


def only_versions(
    articles: Snapshot, revisions: Snapshot, columns: Sequence[str], where: pc.Expression | None = None
) -> pa.Table:
    """The first versions that stand in `articles` alone.

    A load writes a first version to `revisions` before it takes it out of `articles`. So whoever takes both snapshots
    takes that of `articles` first: the other way round, a version could leave between the two and be in neither.

    Args:
        columns: of `revisions`, among them `article_id`.
        where: a condition on columns that both tables have.
    """
    here = all_of(pc.field("revision") == 1, where)
    recorded = revisions.read(["article_id"], here)["article_id"].combine_chunks()
    rows = articles.read([name for name in columns if name in ARTICLES.schema().names], here)
    rows = subset(rows, pc.invert(pc.is_in(rows["article_id"], recorded)))
    return _with_news(rows).select(columns)


def record(
    layout: DataLayout,
    articles: Snapshot,
    known: Mapping[str, Row],
    changing: Collection[str],
    read: pa.Table | None = None,
) -> dict[str, Row]:
    """Write down the current version of these articles, where that is due and not done yet.

    Args:
        known: the state of each in `articles`, by id.
        changing: those that are about to change, or to get another version. First versions of others are not due.
        read: rows of `articles` that need not be read again, in the columns `CURRENT`.

    Returns:
        The key and `published_at` of each version that was on record already, by id: an older capture that arrived
        since may have dated the article, and its version stays as it was.
    """
    due = {key: row for key, row in known.items() if row["revision"] > 1 or key in changing}
    if not due:
        return {}
    months = sorted({_recorded_at(row).strftime("%Y-%m") for row in due.values()})
    here = among(_KEY[0], due) & among("month", months)
    now = writable(layout, REVISIONS)
    versions = now.read([*_KEY, "published_at"], here).to_pylist()
    recorded = {row["article_id"]: row for row in versions if row["revision"] == due[row["article_id"]]["revision"]}
    lacking = due.keys() - recorded.keys()
    if lacking:
        here = articles.read(CURRENT, only=()) if read is None else read.select(CURRENT)
        here = here.filter(pc.is_in(here["article_id"], pa.array(lacking, pa.string())))
        others = articles.pick(CURRENT, lacking.difference(here["article_id"].to_pylist()))
        _append(layout, now, pa.concat_tables([here, others]))
    return recorded


def record_missing(layout: DataLayout) -> None:
    """Write down the current version of every article that changed, where that is not done yet."""
    articles = snapshot(layout, ARTICLES)
    changed = articles.read(_KEY, pc.field("revision") > 1)
    due = missing(snapshot(layout, REVISIONS), changed)["article_id"].to_pylist() if changed.num_rows else []
    if due:
        _append(layout, writable(layout, REVISIONS), articles.pick(CURRENT, due))


def next_versions(overwritten: pa.Table, decided: Change, recorded: Mapping[str, Row]) -> pa.Table:
    """The versions that a commit of `articles` will bring, as rows of `revisions`; for `record_change`.

    Args:
        overwritten: the versions before, in the columns `CURRENT`.
        recorded: what `record` gave.
    """
    if decided.replace is None or not decided.replace.num_rows:
        return REVISIONS.schema().empty_table()
    stood = overwritten.select(_COMPARED).to_pylist()
    before = {row["article_id"]: {**_recorded(row), **recorded.get(row["article_id"], {})} for row in stood}
    replaced = decided.replace.select(CURRENT)
    versions = zip(*(replaced[name].to_pylist() for name in _KEY), strict=True)
    is_next = pa.array([revision != before[key]["revision"] for key, revision in versions], pa.bool_())
    return _next_rows(before, replaced.filter(is_next))


def record_change(layout: DataLayout, versions: pa.Table) -> None:
    """Write down the versions that a commit of `articles` brought: `next_versions` of what was committed."""
    append_missing(layout, REVISIONS, versions, where=among("month", pc.unique(versions["month"])))


def record_late(layout: DataLayout, captures: pa.Table) -> None:
    """Write down captures that are older than the current version, where they say something else than it did then.

    Args:
        captures: accepted rows, one an article. Those on record already are left out.
    """
    if captures.num_rows:
        change(layout, REVISIONS, lambda now: Change(append=_late_rows(now, captures)))


def change_kind(before: Row | None, after: Row) -> str:
    """What happened between two versions: the most important change. The first version is ``new``.

    Args:
        before: the row of `revisions` before; None where it is lost.
        after: the article as it is now.

    Returns:
        ``vanished``, ``restored``, ``title``, ``body``, ``time`` or ``other``.
    """
    if after["vanished_at"] is not None:
        return "vanished"
    if before is None:
        return "other"
    if before["change_kind"] == "vanished":
        return "restored"
    for kind, names in _CHANGES:
        if any(before[name] != after[name] for name in names):
            return kind
    return "other"


def _late_rows(now: Snapshot, captures: pa.Table) -> pa.Table:
    history: defaultdict[str, list[Row]] = defaultdict(list)
    here = now.pick([*_BEFORE, "fetched_at"], captures[_KEY[0]].to_pylist())
    for version in here.sort_by([("fetched_at", "ascending"), ("revision", "ascending")]).to_pylist():
        history[version["article_id"]].append(version)
    rows = (_late_row(history[row["article_id"]], row) for row in captures.to_pylist())
    return REVISIONS.arrow(row for row in rows if row is not None)


def _late_row(history: Sequence[Row], row: dict[str, Any]) -> Row | None:
    """The row of a late capture; None where the version before or after it in time says the same, or is it."""
    seen = [version for version in history if version["change_kind"] != "vanished"]
    before = [version for version in seen if version["fetched_at"] <= row["fetched_at"]][-1:]
    after = [version for version in seen if version["fetched_at"] > row["fetched_at"]][:1]
    if any(version["content_hash"] == row["content_hash"] for version in before + after):
        return None
    if before and before[0]["fetched_at"] == row["fetched_at"]:
        return None  # the same capture, parsed by another version of the parser
    return {
        **row,
        **_late_number(history, before[0] if before else None, after[0]["revision"] if after else 0, row),
        "previous_hash": before[0]["content_hash"] if before else None,
        "month": row["fetched_at"].strftime("%Y-%m"),
    }


def _late_number(history: Sequence[Row], before: Row | None, after: int, row: dict[str, Any]) -> dict[str, Any]:
    """Its number and kind. One that is free between its neighbours in time was lost, and is given back (`repair`)."""
    taken = {version["revision"] for version in history}  # also by a page that was gone, which shows no words
    number = max(before["revision"] if before else 0, 0) + 1
    if number < after and number not in taken:
        return {"revision": number, "change_kind": change_kind(before, row | _SHOWN) if before else "new"}
    return {"revision": min({1, *taken}) - 1, "change_kind": "late"}


def _recorded_at(row: Row) -> datetime:
    """The `fetched_at` of a version: a page that vanished is seen to have done so."""
    at: datetime = row["vanished_at"] or row["fetched_at"]
    return at


def _append(layout: DataLayout, now: Snapshot, rows: pa.Table) -> None:
    """Append the current versions of articles: rows of `CURRENT`.

    Args:
        now: of `revisions`, opened by `writable`.
    """
    is_first = pc.equal(rows["revision"], 1)
    later = subset(rows, pc.invert(is_first))
    versions = pa.concat_tables([_first_rows(subset(rows, is_first)), _next_rows(_versions_before(now, later), later)])
    append_missing(layout, REVISIONS, versions, where=among("month", pc.unique(versions["month"])), opened=now)


def _first_rows(rows: pa.Table) -> pa.Table:
    rows = _with_news(rows).append_column("month", month_of(rows["fetched_at"]))
    return rows.select(REVISIONS.schema().names).cast(REVISIONS.schema())


def _with_news(rows: pa.Table) -> pa.Table:
    """First versions of articles with the columns that `articles` has not."""
    rows = rows.append_column("change_kind", pa.repeat(pa.scalar("new"), rows.num_rows))
    return rows.append_column("previous_hash", pa.nulls(rows.num_rows, pa.string()))


def _next_rows(before: Mapping[str, Row], rows: pa.Table) -> pa.Table:
    after = rows.sort_by("article_id").to_pylist()
    return REVISIONS.arrow(_revision(before.get(row["article_id"]), row) for row in after)


def _versions_before(now: Snapshot, rows: pa.Table) -> dict[str, Row]:
    """Those that are on record."""
    wanted = dict(zip(*(rows[name].to_pylist() for name in _KEY), strict=True))
    found = now.pick(_BEFORE, wanted).to_pylist() if wanted else []
    return {row["article_id"]: row for row in found if row["revision"] == wanted[row["article_id"]] - 1}


def _recorded(row: dict[str, Any]) -> Row:
    """What will be compared of a version that stands in `articles`, as it is on record."""
    return row | {"change_kind": "new" if row["vanished_at"] is None else "vanished"}


def _revision(before: Row | None, after: dict[str, Any]) -> dict[str, Any]:
    row = after | {
        "change_kind": change_kind(before, after),
        "previous_hash": before["content_hash"] if before else None,
    }
    row["fetched_at"] = _recorded_at(after)
    if after["vanished_at"] is not None:
        # The page that says so is not this article: its exchange is in `fetches`.
        row |= {"warc_file": None, "warc_offset": None, "warc_length": None}
    return row | {"month": row["fetched_at"].strftime("%Y-%m")}
