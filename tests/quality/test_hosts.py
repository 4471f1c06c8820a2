"""The scoreboards over rows as `fetches` and `rejections` hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from newshouse.quality.hosts import HOST_SCOREBOARD_SQL, SOURCE_OUTCOMES_SQL
from newshouse.schemas import FETCHES, REJECTIONS

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def fetched(path: str, outcome: str = "fetched", hours_ago: float = 0, **fields: Any) -> dict[str, Any]:
    usual = {"fetch_id": path, "run_id": "r1", "batch": "00", "source_id": "herald", "purpose": "article", "url": path,
             "url_key": path, "host": "herald.example:443", "attempts": 1, "month": "2026-11",
             "requested_at": NOW - timedelta(hours=hours_ago)}  # fmt: skip
    return usual | {"outcome": outcome} | fields


def put_off(path: str, reason: str, stage: str = "fetch") -> dict[str, Any]:
    return {"rejection_id": path, "run_id": "r1", "batch": "00", "source_id": "herald", "stage": stage,
            "reasons": [reason], "url_key": path, "rejected_at": NOW}  # fmt: skip


def ask(query: str, fetches: list[dict[str, Any]], rejections: list[dict[str, Any]] = []) -> list[dict[str, Any]]:  # noqa: B006 - never changed
    with duckdb.connect() as connection:
        connection.register("fetches", FETCHES.arrow(fetches))
        connection.register("rejections", REJECTIONS.arrow(rejections))
        return list(connection.sql(query).to_arrow_table().to_pylist())


def test_a_host_is_judged_by_what_it_answered_this_week() -> None:
    rows = [
        fetched("a", duration_seconds=1.0, body_bytes=100),
        fetched("b", "unchanged", hours_ago=1, duration_seconds=3.0, purpose="feed"),
        fetched("c", "rate_limited", attempts=3, retry_after_seconds=120.0, duration_seconds=2.0),
        fetched("d", "timeout", hours_ago=2, source_id="globe"),
        fetched("e", "timeout", hours_ago=24 * 8),  # last week
        fetched("f", "robots_denied", attempts=0),  # never asked
        fetched("g", "dns_failure", host=None),
    ]
    (row,) = ask(HOST_SCOREBOARD_SQL, rows)
    assert (row["host"], row["exchanges"], row["sources"], row["requests"]) == ("herald.example:443", 4, 2, 6)
    assert (row["answered_share"], row["unchanged_share"], row["rate_limited"]) == (0.5, 0.25, 1)
    assert (row["longest_pause_asked_seconds"], row["median_seconds"], row["bytes"]) == (120.0, 2.0, 100)
    assert row["p95_seconds"] == pytest.approx(2.9)
    assert row["last_asked_at"] == row["last_answered_at"] == NOW


def test_every_candidate_of_a_run_is_counted_under_one_outcome() -> None:
    rows = [fetched("a"), fetched("b"), fetched("c", "gone"), fetched("robots.txt", purpose="robots")]
    drops = [put_off("c", "gone"), put_off("d", "over_budget"), put_off("e", "host_over_budget"),
             put_off("f", "soft_404", "parse")]  # fmt: skip
    board = ask(SOURCE_OUTCOMES_SQL, rows, drops)
    assert {row["outcome"]: (row["candidates"], row["share"]) for row in board} == {
        "fetched": (2, 0.4),
        "gone": (1, 0.2),
        "over_budget": (1, 0.2),
        "host_over_budget": (1, 0.2),
    }


def test_an_empty_warehouse_has_empty_boards() -> None:
    assert ask(HOST_SCOREBOARD_SQL, []) == ask(SOURCE_OUTCOMES_SQL, []) == []
