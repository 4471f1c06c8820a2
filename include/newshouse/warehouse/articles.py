"""What a run means for `articles`: which rows are new, which are a new revision, which vanished or came back.

An article's row is its newest capture, in whatever order the runs are loaded: an older one that arrives late only
says that the article was there earlier, and what the feed said of it then. Its own words go to `revisions`.

Decided on one snapshot, from that snapshot and the run alone, so the same run decides the same again; once its rows
are in the table, it decides that there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.schemas import ARTICLES
from newshouse.warehouse.deliveries import POINTER, Delivery
from newshouse.warehouse.inbox import month_of
from newshouse.warehouse.tables import Change, Snapshot, among, subset
from newshouse.warehouse.wholefiles import read_ahead, whole

Row = dict[str, Any]

_STATE = ("article_id", "url", "content_hash", "body_hash", "duplicate_of", "story_id", "revision")
_TIMES = ("first_seen_at", "fetched_at", "vanished_at", "month")
_PUBLISHED = tuple(name for name in ARTICLES.schema().names if name.startswith("published_at"))
_FEED = ("byline", "authors", "credit", "field_origin", "quality_flags", *_PUBLISHED)
_KEPT = ("first_seen_at", "month")
_KNOWN = (*_STATE, *_TIMES)


def touched(now: Snapshot, given: Delivery) -> dict[str, Row]:
    """The state of the known articles that the run may touch, by id: same id, or listed under a visited URL.

    Each also tells the data file it lies in, as `__filename`.
    """
    visited = pa.array([visit["article_id"] for visit in given.visits], pa.string())
    ids = pc.unique(pa.chunked_array([*given.accepted["article_id"].chunks, visited]))
    known = {row["article_id"]: row for row in now.pick(_KNOWN, ids, origin=True).to_pylist()}
    urls = {visit["url"] for visit in given.visits if visit["article_id"] not in known}
    return known | {row["article_id"]: row for row in now.pick(_KNOWN, urls, by="url", origin=True).to_pylist()}


def decide(now: Snapshot, given: Delivery, known: Mapping[str, Row]) -> Change:
    """The new rows, and the rows that take the place of known ones."""
    newer = _newer(given.accepted, known)
    read_ahead(now, {known[row["article_id"]]["__filename"] for row in newer})
    revised = _revised(now, newer, known)
    is_known = pc.is_in(given.accepted["article_id"], pa.array(list(known), pa.string()))
    new = _first_revisions(subset(given.accepted, pc.invert(is_known)))
    firsts = _first_with_body(now, new, revised)
    for row in revised:
        if row["body_hash"] != known[row["article_id"]]["body_hash"]:
            row.update(_copy_of(row["article_id"], firsts.get(row["body_hash"])))
    turned = _turned(now, given, known)
    dated_back = _dated_back(now, given, known)
    instead = [*revised, *turned, *dated_back]
    files = {known[row["article_id"]]["__filename"] for row in instead}
    return Change(append=_with_firsts(new, firsts), replace=ARTICLES.arrow(instead), files=files)


def after(known: Mapping[str, Row], done: Change) -> dict[str, Row]:
    """The state of the known articles once the change is made."""
    replaced = [] if done.replace is None else done.replace.select(_KNOWN).to_pylist()
    return {**known, **{row["article_id"]: row for row in replaced}}


def late(given: Delivery, known: Mapping[str, Row]) -> pa.Table:
    """The accepted rows that are older than what is known of their articles."""
    return _of_known(given.accepted, known, lambda before, _, fetched_at: fetched_at < _last_word(before))


def changing(given: Delivery, known: Mapping[str, Row], decided: Change) -> frozenset[str]:
    """The known articles that get another row, or of which an older capture arrived."""
    replaced = [] if decided.replace is None else decided.replace["article_id"].to_pylist()
    return frozenset((*replaced, *late(given, known)["article_id"].to_pylist()))


def _of_known(accepted: pa.Table, known: Mapping[str, Row], wanted: Callable[[Row, str, datetime], bool]) -> pa.Table:
    """The accepted rows of known articles that are wanted, given what is known, their `content_hash` and time."""
    places = pc.indices_nonzero(pc.is_in(accepted["article_id"], pa.array(list(known), pa.string())))
    ids, hashes, times = (
        accepted[name].take(places).to_pylist() for name in ("article_id", "content_hash", "fetched_at")
    )
    are = [wanted(known[key], content_hash, at) for key, content_hash, at in zip(ids, hashes, times, strict=True)]
    return accepted.take(places.filter(pa.array(are, pa.bool_()))) if any(are) else accepted.slice(0, 0)


def _newer(accepted: pa.Table, known: Mapping[str, Row]) -> list[Row]:
    """Accepted rows that say something new about a known article: later than its capture, and other or back."""
    newer: list[Row] = _of_known(accepted, known, _says_something).to_pylist()
    return newer


def _says_something(before: Row, content_hash: str, fetched_at: datetime) -> bool:
    if fetched_at <= before["fetched_at"]:
        return False
    return bool(content_hash != before["content_hash"]) or _is_back(before, fetched_at)


def _is_back(before: Row, at: datetime) -> bool:
    return before["vanished_at"] is not None and at > before["vanished_at"]


def _last_word(row: Row) -> datetime:
    vanished_at: datetime | None = row["vanished_at"]
    fetched_at: datetime = row["fetched_at"]
    return max(fetched_at, vanished_at) if vanished_at else fetched_at


def _revised(now: Snapshot, newer: Sequence[Row], known: Mapping[str, Row]) -> list[Row]:
    said = _told(now, _FEED, [row["article_id"] for row in newer], known)
    return [_revision(row, known[row["article_id"]], said[row["article_id"]]) for row in newer]


def _revision(row: Row, before: Row, said: Row) -> Row:
    kept = {name: before[name] for name in (*_KEPT, "duplicate_of", "story_id")} | _feed_words(row, said)
    vanished_at = None if _is_back(before, row["fetched_at"]) else before["vanished_at"]
    return row | kept | {"revision": before["revision"] + 1, "vanished_at": vanished_at}


def _feed_words(row: Row, before: Row) -> Row:
    """What only the feed said: it stays true when the feed has stopped listing the article."""
    origins = dict(before["field_origin"] or ())
    said = {name for name in ("byline", "authors", "credit") if origins.get(name) == "feed" and not row[name]}
    kept: Row = {name: before[name] for name in said}
    if row["published_at"] is None and before["published_at_origin"] == "feed":
        said |= {"published_at"} & set(origins)
        kept |= {name: before[name] for name in _PUBLISHED}
        kept["quality_flags"] = [flag for flag in row["quality_flags"] or [] if flag != "date_missing"]
    if not kept:
        return kept
    return kept | {"field_origin": sorted((dict(row["field_origin"] or ()) | dict.fromkeys(said, "feed")).items())}


def _dated_back(now: Snapshot, given: Delivery, known: Mapping[str, Row]) -> list[Row]:
    """Known articles of which an older capture arrived: seen earlier, and described by the feed of that day."""
    back: dict[str, Row] = {}
    captures = late(given, known).select(["article_id", "fetched_at", *_FEED]).to_pylist()
    said = _told(now, _FEED, [row["article_id"] for row in captures], known)
    for row in captures:
        before = known[row["article_id"]]
        values = _feed_words(said[row["article_id"]], row) if row["fetched_at"] < before["fetched_at"] else {}
        if row["fetched_at"] < before["first_seen_at"]:
            values["first_seen_at"] = row["fetched_at"]  # the month stays: rows never move between partitions
        if values:
            back[row["article_id"]] = values
    return [row | back[key] for key, row in _as_they_are(now, back, known).items()]


def _told(now: Snapshot, columns: Sequence[str], ids: Sequence[str], known: Mapping[str, Row]) -> dict[str, Row]:
    """Some columns of known articles, by id."""
    wanted, files = pa.array(ids, pa.string()), {known[key]["__filename"] for key in ids}
    columns = ["article_id", *columns]
    found = [now.read(columns, among("article_id", wanted), only=files - now.kept.keys())]
    for name in files & now.kept.keys():
        rows = now.kept[name]
        found.append(rows.select(columns).filter(pc.is_in(rows["article_id"], wanted)))
    return {row["article_id"]: row for rows in found for row in rows.to_pylist()}


def _as_they_are(now: Snapshot, ids: Collection[str], known: Mapping[str, Row]) -> dict[str, Row]:
    """All columns of known articles that change, by id; from the files that will be written anew."""
    found: dict[str, Row] = {}
    for name in sorted({known[key]["__filename"] for key in ids}):
        rows = whole(now, name, again=True)
        here = pc.is_in(rows["article_id"], pa.array(ids, pa.string()))
        found |= {row["article_id"]: row for row in rows.filter(here).to_pylist()}
    return found


def _first_revisions(rows: pa.Table) -> pa.Table:
    columns = {
        "revision": pa.repeat(pa.scalar(1, pa.int32()), rows.num_rows),
        "first_seen_at": rows["fetched_at"],
        "vanished_at": pa.nulls(rows.num_rows, ARTICLES.schema().field("vanished_at").type),
        "month": month_of(rows["fetched_at"]),
    }
    for name, values in columns.items():
        rows = rows.append_column(name, values)
    return rows


def _first_with_body(now: Snapshot, new: pa.Table, revised: Sequence[Row]) -> dict[str, str]:
    """Body hash to the first article with that body: one already in the table, else the earliest published.

    Left out are bodies that only one article has.
    """
    columns = ("body_hash", "article_id", "published_at", "fetched_at")
    rewritten = ARTICLES.arrow(revised).select(columns)
    arriving = pa.concat_tables([new.select(columns), rewritten], promote_options="default")
    counted = pc.value_counts(arriving["body_hash"].drop_null())
    hashes, counts = counted.field("values"), counted.field("counts")
    here = now.pick(["body_hash", "article_id", "duplicate_of", "first_seen_at"], hashes, by="body_hash")
    contested = pa.concat_arrays([hashes.filter(pc.greater(counts, 1)), here["body_hash"].combine_chunks()])
    claims = arriving.filter(pc.is_in(arriving["body_hash"], contested))
    moving = {row["article_id"] for row in revised}
    firsts: dict[str, str] = {}
    for row in _in_order(here, "first_seen_at", "article_id", wanted=["body_hash", "article_id", "duplicate_of"]):
        if row["article_id"] not in moving:
            firsts.setdefault(row["body_hash"], row["duplicate_of"] or row["article_id"])
    for row in _in_order(claims, "published_at", "fetched_at", "article_id", wanted=["body_hash", "article_id"]):
        firsts.setdefault(row["body_hash"], row["article_id"])
    return firsts


def _in_order(rows: pa.Table, *order: str, wanted: Sequence[str]) -> list[Row]:
    """Some columns of the rows, sorted by others; NULL last. Sorted here, since times are dear as Python's objects."""
    places = pc.sort_indices(rows, [(name, "ascending") for name in order])
    found: list[Row] = rows.select(wanted).take(places).to_pylist()
    return found


def _with_firsts(new: pa.Table, firsts: Mapping[str, str]) -> pa.Table:
    """`_copy_of` for many rows."""
    hashes, ids = (pa.array(values, pa.string()) for values in (firsts.keys(), firsts.values()))
    first = ids.take(pc.index_in(new["body_hash"], hashes).combine_chunks())
    copy_of = pc.if_else(pc.not_equal(first, new["article_id"]), first, pa.scalar(None, pa.string()))
    return new.append_column("duplicate_of", copy_of).append_column("story_id", pc.coalesce(first, new["article_id"]))


def _copy_of(key: str, first: str | None) -> Row:
    return {"duplicate_of": None if first == key else first, "story_id": first or key}


def _turned(now: Snapshot, given: Delivery, known: Mapping[str, Row]) -> list[Row]:
    """Known articles whose page went away, or is there again unchanged. What the run accepted stands anyway."""
    if not given.visits:
        return []
    seen = set(given.accepted["article_id"].to_pylist())
    by_url = {row["url"]: key for key, row in known.items() if row["url"]}
    turns: dict[str, Row] = {}
    for visit in given.visits:
        key = visit["article_id"] if visit["article_id"] in known else by_url.get(visit["url"])
        if key is None or key in seen or visit["requested_at"] <= _last_word(known[key]):
            continue
        if (visit["outcome"] == "gone") == (known[key]["vanished_at"] is None):
            turns[key] = visit
        else:
            turns.pop(key, None)  # another address of the same article tells that nothing changed
    rows = _as_they_are(now, turns, known).values()
    return [_turn(row, turns[row["article_id"]], given.run_id) for row in rows]


def _turn(row: Row, visit: Row, run_id: str) -> Row:
    row |= {"revision": row["revision"] + 1, "run_id": run_id}
    if visit["outcome"] == "gone":
        return row | {"vanished_at": visit["requested_at"]}
    # Back as it was: confirmed at the time of the visit. Only the record of a 200 gives the body.
    pointer = {name: visit[name] for name in POINTER} if visit["status"] == 200 else {}
    return row | {"vanished_at": None, "fetched_at": visit["requested_at"]} | pointer
