"""The sample newsroom read several times a day: who is not due is not asked, and nothing is hidden by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newshouse import pipeline
from newshouse.layout import DataLayout
from newshouse.sample.server import serve
from newshouse.settings import Settings

from .conftest import committed


def test_a_run_soon_after_another_asks_no_feed_and_a_later_one_asks_again(settings: Settings) -> None:
    epoch = datetime.now(UTC).date() - timedelta(days=2)
    offset = timedelta()
    with serve(epoch, lambda: datetime.now(UTC) + offset) as newsroom:
        for run, offset in (("r1", timedelta()), ("r2", timedelta(minutes=3)), ("r3", timedelta(hours=13))):
            now = replace(settings, proxy=newsroom.proxy_url, clock_offset_seconds=offset.total_seconds())
            summary = pipeline.run(now, run)
            assert summary.balanced
    state = committed(DataLayout(settings.data), volatile=True)
    polls = {
        run: Counter(row["purpose"] for row in state["fetches"] if row["run_id"] == run) for run in ("r1", "r2", "r3")
    }
    not_due = Counter(row["run_id"] for row in state["rejections"] if row["reasons"] == ["not_due"])
    listings = polls["r1"]["feed"] + polls["r1"]["sitemap"]
    assert polls["r2"]["feed"] + polls["r2"]["sitemap"] + not_due["r2"] == listings
    assert not_due["r2"] >= listings - 2  # one may have failed, and is tried again
    assert polls["r3"]["feed"] + polls["r3"]["sitemap"] >= listings  # a new day may have a new sitemap
    assert (polls["r2"]["robots"], polls["r3"]["robots"], polls["r3"]["rights"]) == (0, 0, 0)
    # What was not asked for is still listed: the known entries are counted as such.
    counted = {run: sum(r["duplicate_count"] for r in state["runs"] if (r["run_id"], r["stage"]) == (run, "discover"))
               for run in ("r1", "r2")}  # fmt: skip
    assert counted["r2"] > counted["r1"]
