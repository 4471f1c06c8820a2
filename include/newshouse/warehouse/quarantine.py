"""The quarantine as a table: read what was kept out, and write down what was decided on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.records import Capture
from newshouse.rows import captures
from newshouse.schemas import FETCHES, REJECTIONS
from newshouse.warehouse.tables import Change, Snapshot, change, snapshot

Row = dict[str, Any]


STAGES = ("parse", "validate")
"""What these keep out holds a page or a parsed row: the rest was never read."""


def kept_out(layout: DataLayout, beginning: str = "") -> list[Row]:
    """Rows of `rejections` that hold a page or a parsed row, the newest first: what parse and validate kept out.

    Args:
        beginning: of the id.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    stages = pc.field("stage").isin(STAGES)
    if beginning:
        stages &= pc.starts_with(pc.field("rejection_id"), beginning)
    rows = snapshot(layout, REJECTIONS).read(REJECTIONS.schema().names, stages).to_pylist()
    return sorted(rows, key=lambda row: (row["rejected_at"], row["rejection_id"]), reverse=True)


def pick(layout: DataLayout, wanted: str) -> Row:
    """The one whose id begins like this.

    Raises:
        ConfigError: there is none, or more than one.
    """
    found = kept_out(layout, wanted) if wanted else []
    if len(found) != 1:
        what = "nothing in the quarantine begins" if not found else f"{len(found)} in the quarantine begin"
        raise ConfigError(f"{what} with {wanted!r}. See: newshouse quarantine list --all")
    return found[0]


def exchange_of(layout: DataLayout, row: Mapping[str, Any]) -> Capture:
    """The exchange that brought the page of a rejection.

    Raises:
        ConfigError: it has none in the archive.
    """
    places = ("warc_file", "warc_offset")
    if row["warc_file"] is not None:
        where = (pc.field("warc_file") == row["warc_file"]) & (pc.field("warc_offset") == row["warc_offset"])
        table = snapshot(layout, FETCHES).read(FETCHES.schema("parse").names, where)
        if table.num_rows:
            return captures(table.slice(0, 1))[0]
    where_it_lies = ", ".join(str(row[name]) for name in places)
    raise ConfigError(f"{row['rejection_id']}: its page is not in the archive ({where_it_lies}).")


def decide(layout: DataLayout, rejection_id: str, action: str, *, who: str, why: str | None, now: datetime) -> Row:
    """Write down a decision: ``released``, ``reparsed``, ``superseded`` or ``discarded``.

    Args:
        now: UTC.

    Raises:
        ConfigError: somebody else has decided already.
    """
    decided: Row = {}

    def decision(table: Snapshot) -> Change:
        (row,) = table.read(REJECTIONS.schema().names, pc.field("rejection_id") == rejection_id).to_pylist()
        if _is_ours(row, now, who, action):  # the answer to the commit was lost: it is there
            decided.update(row)
            return Change(append=_empty())
        if row["resolution"] is not None:
            raise ConfigError(f"{rejection_id}: {row['resolution']} already by {row['events'][-1]['who']}.")
        row["events"] = [*(row["events"] or ()), {"at": now, "who": who, "action": action, "why": why}]
        row["resolution"] = action
        row["released_at"] = now if action in ("released", "reparsed") else None
        decided.update(row)
        return Change(append=_empty(), replace=REJECTIONS.arrow([row]))

    change(layout, REJECTIONS, decision)
    return decided


def _empty() -> pa.Table:
    return REJECTIONS.schema().empty_table()


def _is_ours(row: Row, now: datetime, who: str, action: str) -> bool:
    last = row["events"][-1] if row["events"] else {}
    return (last.get("at"), last.get("who"), last.get("action")) == (now, who, action)
