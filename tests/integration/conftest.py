"""Committed rows as plain data, to compare whole warehouses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from deltalake import DeltaTable

from newshouse.layout import DataLayout
from newshouse.schemas import TABLES

# What differs between two honest runs: clock readings, byte offsets, durations.
VOLATILE = {
    "checked_at", "duration_seconds", "fetched_at", "finished_at", "first_seen_at", "rejected_at", "requested_at",
    "row_json", "seconds", "vanished_at", "warc_file", "warc_length", "warc_offset",
    # "Date:" and WARC-Date differ, so may the compressed size and what a check says about ages
    "attempts", "detail", "value",
}  # fmt: skip


def committed(layout: DataLayout, *, volatile: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Table name -> its rows in key order; with `volatile`, every column."""
    state = {}
    for name, table in TABLES.items():
        path = layout.table(name)
        rows = DeltaTable(str(path)).to_pyarrow_table().to_pylist() if path.exists() else []
        rows.sort(key=lambda row, key=table.key: tuple(str(row[column]) for column in key))
        state[name] = rows if volatile else [{k: v for k, v in row.items() if k not in VOLATILE} for row in rows]
    return state


@pytest.fixture(scope="session")
def committed_rows() -> Callable[..., dict[str, list[dict[str, Any]]]]:
    return committed
