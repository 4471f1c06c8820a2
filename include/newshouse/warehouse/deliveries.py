"""What one run says about articles, sorted out before anything is compared: the latest capture of each, and visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.bodies import with_body_hashes
from newshouse.ids import article_id
from newshouse.warehouse.tables import Snapshot, among

POINTER = ("warc_file", "warc_offset", "warc_length")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one run says about articles.

    Attributes:
        accepted: one row an article, its latest capture in the run, as `ARTICLES.schema("validate")`.
        visits: exchanges that say an article page is gone or unchanged, oldest first; with `article_id`.
    """

    run_id: str
    accepted: pa.Table
    visits: tuple[dict[str, Any], ...]


def delivery(run_id: str, accepted: pa.Table, fetches: pa.Table, rejections: pa.Table) -> Delivery:
    """Sort out what the run brought: the latest capture of each article, and the visits worth a look.

    A page that answers 200 and says that there is nothing (a soft 404) is gone like any other.
    """
    rows = _latest_captures(accepted)
    soft = pc.is_in(fetches["url_key"], pa.array(sorted(_soft_404s(rejections)), pa.string()))
    told = pc.or_(soft, pc.is_in(fetches["outcome"], pa.array(["gone", "unchanged"])))
    pages = pc.is_in(fetches["purpose"], pa.array(["article", "import"]))
    columns = ["url", "url_key", "outcome", "status", "requested_at", *POINTER]
    outcomes = pc.if_else(soft, "gone", fetches["outcome"])
    fetches = fetches.set_column(fetches.schema.get_field_index("outcome"), "outcome", outcomes)
    visits = fetches.filter(pc.and_(told, pages)).select(columns).sort_by("requested_at").to_pylist()
    return Delivery(
        run_id,
        rows if _are_hashed(rows) else with_body_hashes(rows),
        tuple(visit | {"article_id": article_id(visit["url_key"])} for visit in visits),
    )


def _are_hashed(rows: pa.Table) -> bool:
    """Whether validate gave the hashes: earlier versions did not, nor does it for a row that a person released."""
    lacks = pc.and_(pc.is_null(rows["body_hash"]), pc.greater(pc.binary_length(rows["body"]), 0))
    return not pc.any(lacks, min_count=0).as_py()


def _latest_captures(accepted: pa.Table) -> pa.Table:
    ids = accepted["article_id"].to_pylist()
    if len(set(ids)) == len(ids):
        return accepted
    order = [("article_id", "ascending"), ("fetched_at", "descending"), ("content_hash", "ascending")]
    places = pc.sort_indices(accepted, order).to_pylist()
    latest = {ids[place]: place for place in reversed(places)}
    return accepted.take(pa.array(sorted(latest.values()), pa.int64()))


def _soft_404s(rejections: pa.Table) -> set[str]:
    rows = rejections.select(["url_key", "reasons"]).to_pylist()
    return {row["url_key"] for row in rows if row["reasons"] == ["soft_404"]} - {None}


def without_old_ends(given: Delivery, exchanges: Callable[[], Snapshot]) -> Delivery:
    """Leave out the visits that found a page gone which is known to have answered later: this run is loaded late.

    Args:
        exchanges: opens `fetches`.
    """
    gone = {visit["url_key"] for visit in given.visits if visit["outcome"] == "gone"}
    if not gone:
        return given
    where = pc.field("outcome").isin(["fetched", "unchanged"]) & pc.field("purpose").isin(["article", "import"])
    answered: dict[str, datetime] = {}
    for row in exchanges().read(["url_key", "requested_at"], among("url_key", gone) & where).to_pylist():
        answered[row["url_key"]] = max(row["requested_at"], answered.get(row["url_key"], row["requested_at"]))
    visits = (
        visit
        for visit in given.visits
        if visit["outcome"] != "gone" or visit["requested_at"] >= answered.get(visit["url_key"], visit["requested_at"])
    )
    return replace(given, visits=tuple(visits))
