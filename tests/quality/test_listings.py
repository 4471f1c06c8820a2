"""The board of listings over rows as `fetches` holds them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from newshouse.quality.listings import LISTINGS_COLUMNS, LISTINGS_SQL
from newshouse.schemas import FETCHES, REJECTIONS

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
FEED = "https://herald.example/feed"


def polled(outcome: str = "fetched", hours_ago: float = 0, **fields: Any) -> dict[str, Any]:
    usual = {"fetch_id": f"{hours_ago}", "run_id": "r1", "batch": "00", "source_id": "herald", "purpose": "feed",
             "url": FEED, "url_key": FEED, "final_url": FEED, "attempts": 1, "month": "2026-11", "redirects": [],
             "warc_file": "w" if outcome == "fetched" else None,
             "requested_at": NOW - timedelta(hours=hours_ago)}  # fmt: skip
    return usual | {"outcome": outcome} | fields


def moved(*statuses: int, **fields: Any) -> dict[str, Any]:
    hops = [{"url": FEED, "status": status, "location": "/new"} for status in statuses]
    return polled(redirects=hops, final_url="https://herald.example/new", **fields)


def unread(reason: str = "feed_is_html", **fields: Any) -> dict[str, Any]:
    usual = {"rejection_id": reason, "run_id": "r1", "batch": "00", "source_id": "herald", "stage": "discover",
             "reasons": [reason], "rejected_at": NOW, "url": FEED, "url_key": FEED, "month": "2026-11"}  # fmt: skip
    return usual | fields


def board(*fetches: dict[str, Any], rejections: tuple[dict[str, Any], ...] = ()) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.register("fetches", FETCHES.arrow(fetches))
        connection.register("rejections", REJECTIONS.arrow(rejections))
        return list(connection.sql(LISTINGS_SQL).to_arrow_table().to_pylist())


@pytest.mark.parametrize(
    ("polls", "state"),
    [
        ([polled()], "well"),
        ([polled("unchanged"), polled(hours_ago=5)], "well"),
        ([polled("timeout"), polled(hours_ago=5)], "well"),  # once is nothing
        ([polled("timeout"), polled("gone", 5), polled(hours_ago=9)], "failing"),
        ([polled("gone"), polled("timeout", 5), polled(hours_ago=9)], "gone"),
        ([polled("gone"), polled("gone", 5)], "gone"),
        ([polled("rate_limited", attempts=0), polled("rate_limited", 5, attempts=0), polled(hours_ago=9)], "well"),
        ([polled("robots_denied", attempts=0), polled("robots_denied", 5, attempts=0)], "failing"),
        ([moved(301)], "moved"),
        ([moved(308, 301)], "moved"),
        ([moved(302)], "well"),  # for now only
        ([moved(301, 302)], "well"),
        ([polled(), moved(301, hours_ago=5)], "well"),  # it came back
        ([polled("timeout"), moved(301, hours_ago=5)], "moved"),
    ],
)
def test_a_listing_is_judged_by_its_last_polls(polls: list[dict[str, Any]], state: str) -> None:
    (row,) = board(*polls)
    assert row["state"] == state
    assert (row["moved_to"] == "https://herald.example/new") == (state == "moved")


def test_its_times_are_those_of_its_last_poll_answer_and_change() -> None:
    (row,) = board(polled("timeout"), polled("unchanged", 2), polled(hours_ago=5), polled(hours_ago=9))
    times = (row["last_asked_at"], row["last_answered_at"], row["last_changed_at"])
    assert times == (NOW, NOW - timedelta(hours=2), NOW - timedelta(hours=5))
    assert (row["last_outcome"], row["failures"]) == ("timeout", 1)
    assert set(row) == set(LISTINGS_COLUMNS)


def test_articles_robots_files_and_what_was_asked_long_ago_are_no_listings() -> None:
    rows = [polled(purpose="article"), polled(purpose="robots"), polled(hours_ago=24 * 31)]
    assert board(*rows) == []


def test_an_answer_that_cannot_be_read_is_none() -> None:
    polls = (moved(301, run_id="r3"), polled("unchanged", 5, run_id="r2"), polled(hours_ago=9, run_id="r1"))
    (once,) = board(*polls, rejections=(unread(run_id="r3"),))
    assert (once["state"], once["moved_to"], once["last_outcome"], once["failures"]) == (
        "well",
        None,
        "feed_is_html",
        1,
    )
    (twice,) = board(*polls, rejections=(unread(run_id="r3"), unread(run_id="r2"), unread("not_a_feed", run_id="r2")))
    assert (twice["state"], twice["failures"], twice["last_answered_at"]) == ("failing", 2, NOW - timedelta(hours=9))


def test_a_listing_with_entries_that_were_dropped_does_well() -> None:
    others = (unread("feed_damaged"), unread(stage="parse"), unread(url=f"{FEED}/2"), unread(source_id="gazette"))
    (row,) = board(polled(), rejections=others)
    assert (row["state"], row["last_outcome"]) == ("well", "fetched")
