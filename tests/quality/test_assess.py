from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable

from newshouse import pipeline
from newshouse.layout import DataLayout
from newshouse.quality.advance import advance
from newshouse.quality.assess import assess
from newshouse.quality.history import DAYS, Day, read_history
from newshouse.quality.scorecard import SOURCE_SCORECARD_SQL
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.warehouse.incidents import change_incidents, read_incidents

SOURCES = {
    source_id: Source(source_id, source_id, "SE", "en", "Europe/Stockholm", f"https://{source_id}.example/")
    for source_id in ("post", "echo")
}


def NO_ORIGINS(count: int) -> dict[str, int]:  # noqa: N802 - a constant with a number
    """Rows of the tests know neither extractor nor origins."""
    return {hashlib.md5(b"", usedforsecurity=False).hexdigest(): count}


def test_a_warehouse_without_tables_has_nothing_to_judge(tmp_path: Path, now: datetime) -> None:
    assert assess(DataLayout(tmp_path), SOURCES, run_id="r", now=now) == ([], [])


def test_days_are_counted_back_from_now(past: Any, now: datetime) -> None:
    past.day(0, 3, reasons={"empty_page": 2, "paywall_stub": 1})
    past.day(1, 5, title=None, authors=[])
    past.day(5, 1, published_at=None)
    history = read_history(past.write(), ["post", "echo"], now)
    assert history["echo"] == (Day(),) * DAYS
    today, yesterday, *older = history["post"]
    assert today == Day(
        True,
        3,
        (0, 0, 0),
        provenances=NO_ORIGINS(3),
        loaded_hours=2.0,
        pages=6,
        rejected=3,
        empty=2,
        paywalled=1,
        age_hours=3.0,
    )
    assert yesterday == Day(True, 5, (5, 5, 0), provenances=NO_ORIGINS(5), loaded_hours=2.0, pages=5, age_hours=3.0)
    # Nothing came for days: the newest article grows old. Without a date its first sight counts.
    assert [(day.articles, day.age_hours) for day in older[:5]] == [
        (0, pytest.approx(73 + 1 / 6)),
        (0, pytest.approx(49 + 1 / 6)),
        (0, pytest.approx(25 + 1 / 6)),
        (1, pytest.approx(1 + 1 / 6)),
        (0, None),
    ]


def test_a_date_ahead_of_its_capture_does_not_make_a_source_look_fresh(past: Any, now: datetime) -> None:
    past.day(2, 1, published_at=now + timedelta(days=30))
    past.day(0, 0)
    assert read_history(past.write(), ["post"], now)["post"][0].age_hours == pytest.approx(49 + 1 / 6)


def test_a_day_tells_what_its_articles_are_like(past: Any, now: datetime) -> None:
    columns = {"section": "World", "word_count": 300, "extractor": "fast", "subtitle": "A deck", "duplicate_of": "x"}
    times = {"published_at_precision": "second", "published_at_utc_offset_min": 60}
    past.day(0, 4, field_origin=[("body", "fast"), ("title", "meta")], **columns, **times)
    today = read_history(past.write(), ["post"], now)["post"][0]
    assert (today.copies, today.words, today.offsets, today.sections) == (4, 300.0, {"60": 4}, {"World": 4})
    assert today.origins == ({"meta": 4}, {}, {}, {"fast": 4})
    assert today.filled == (4, 4, 0, 0, 0, 0, 0, 0)
    assert sum(today.provenances.values()) == 4
    assert today.lag_hours == pytest.approx((1 + 5 / 6,) * 3)


def test_what_comes_after_now_is_not_seen(past: Any, now: datetime) -> None:
    past.day(-1, 9)
    past.day(0, 2)
    assert read_history(past.write(), ["post"], now)["post"][0].articles == 2


def test_a_source_that_falls_silent_fails_and_its_neighbour_passes(past: Any, now: datetime) -> None:
    for back in range(1, 15):
        past.day(back, 40)
        past.day(back, 40, "echo")
    past.day(0, 0)
    past.day(0, 41, "echo")
    results, cards = assess(past.write(), SOURCES, run_id="daily-2026-11-23", now=now)
    assert {(r.source_id, r.check_name, r.severity) for r in results if r.status == "fail"} == {
        ("post", "volume_drop", "critical"),
        ("post", "freshness", "warning"),
    }
    assert {(r.suite, r.run_id, r.batch, r.checked_at) for r in results} == {
        ("history", "daily-2026-11-23", "all", now)
    }
    assert len({r.check_id for r in results}) == len(results)
    assert assess(past.layout, SOURCES, run_id="daily-2026-11-23", now=now) == (results, cards)
    assert [(card.source_id, card.volume, card.expected_articles) for card in cards] == [
        ("echo", 100.0, 40.0),
        ("post", 0.0, 40.0),
    ]


def test_an_import_is_no_look_at_the_source(past: Any, now: datetime) -> None:
    past.day(1, 10)
    past.day(0, 3)
    for run in past.runs[5:]:
        run["run_id"] = "import-0123"
    only = {"run_id": "daily", "batch": "00", "source_id": "echo"}
    past.rejections.append(only | {"rejection_id": "1", "stage": "parse", "reasons": ["soft_404"], "rejected_at": now})
    exchange = {"fetch_id": "1", "purpose": "article", "outcome": "fetched", "requested_at": now}
    past.fetches.append(only | exchange | {"month": f"{now:%Y-%m}"})
    layout = past.write()
    assert [day.looked for day in read_history(layout, ["post"], now)["post"][:2]] == [False, True]
    assert scorecard(layout)["post"]["last_run_id"] == past.runs[0]["run_id"]


def test_a_disabled_source_is_left_alone(past: Any, now: datetime) -> None:
    past.day(0, 5)
    off = {"post": Source("post", "Post", "SE", "en", "Europe/Stockholm", "https://post.example/", enabled=False)}
    assert assess(past.write(), off, run_id="r", now=now) == ([], [])


def scorecard(layout: DataLayout) -> dict[str, dict[str, Any]]:
    with duckdb.connect() as connection:
        for name in ("articles", "rejections", "runs", "fetches"):
            files = [str(path) for path in sorted(layout.table(name).rglob("*.parquet"))]
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({files}, hive_partitioning = true)")
        connection.execute(f"CREATE VIEW source_scorecard AS {SOURCE_SCORECARD_SQL}")
        table = connection.sql("FROM source_scorecard").to_arrow_table()
    return {row["source_id"]: row for row in table.to_pylist()}


def test_the_scorecard_tells_the_last_run_of_each_source(past: Any, now: datetime) -> None:
    past.day(1, 10, reasons={"soft_404": 5})
    past.day(0, 6, reasons={"paywall_stub": 2}, authors=[], title=None)
    past.day(0, 4, "echo")
    last = now - timedelta(hours=1)
    for number, reason in enumerate(["paywall_stub", "paywall_stub", "body_short"]):
        stage = "validate" if reason == "body_short" else "parse"
        past.rejections.append(
            {"rejection_id": str(number), "run_id": f"daily-{last:%Y-%m-%d}", "batch": "00", "source_id": "post"}
            | {"stage": stage, "reasons": [reason], "rejected_at": last}
        )
    for number, outcome in enumerate(["fetched", "fetched", "unchanged", "timeout"]):
        past.fetches.append(
            {"fetch_id": str(number), "run_id": f"daily-{last:%Y-%m-%d}", "batch": "00", "source_id": "post"}
            | {"purpose": "article", "outcome": outcome, "requested_at": last, "month": f"{last:%Y-%m}"}
        )
    cards = scorecard(past.write())
    post = cards["post"]
    assert post["last_run_id"] == f"daily-{last:%Y-%m-%d}"
    assert post["last_run_at"] == last
    assert [post[n] for n in ("discovered", "fetched", "parsed", "accepted", "loaded")] == [8, 8, 6, 6, 6]
    assert (post["pass_rate"], post["quarantined"], post["main_reason"]) == (0.75, 1, "paywall_stub")
    assert (post["articles"], post["new_articles"], post["freshness_hours"]) == (16, 6, 2.0)
    assert post["title_null_rate"] == post["authors_null_rate"] == pytest.approx(6 / 16)
    assert post["published_at_null_rate"] == 0.0
    assert post["failed_exchange_share"] == 0.25
    assert cards["echo"]["pass_rate"] == 1.0
    assert cards["echo"]["failed_exchange_share"] is None


def test_a_backlog_is_not_late_and_what_came_out_since_is(past: Any, now: datetime) -> None:
    weeks_ago = now - timedelta(days=20)
    past.day(1, 30, published_at=weeks_ago)
    past.day(0, 10, published_at=now - timedelta(hours=9))
    past.articles += [row | {"article_id": f"old-{row['article_id']}"} for row in past.articles[:20]]
    for row in past.articles[-20:]:  # the rest of the backlog comes a day later
        row["first_seen_at"] = now - timedelta(hours=2)
    today, first, *_ = read_history(past.write(), ["post"], now)["post"]
    assert first.loaded_hours is None
    assert (today.articles, today.loaded_hours) == (30, pytest.approx(8.0))


def test_a_first_look_at_a_source_misses_no_target(past: Any, now: datetime) -> None:
    past.day(0, 1, published_at=now - timedelta(hours=3))
    past.articles += [
        row | {"article_id": f"{days}", "published_at": now - timedelta(days=days)}
        for row in past.articles
        for days in range(5, 30)
    ]
    _, (card,) = assess(past.write(), SOURCES, run_id="r", now=now)
    assert (card.timeliness, card.slo_missed) == (None, ())


def test_templates_are_counted_within_one_version_of_the_parser(past: Any, now: datetime) -> None:
    past.day(1, 4, template="main>article", parser_version="4")
    past.day(1, 3, "echo", template="main>article", parser_version="5")
    past.day(0, 2, template="main>div.text", parser_version="5")
    past.day(0, 2, "echo", template=None, parser_version="5")
    history = read_history(past.write(), ["post", "echo"], now)
    assert [day.templates for day in history["post"][:2]] == [{"main>div.text": 2}, {}]
    assert [day.templates for day in history["echo"][:2]] == [{}, {"main>article": 3}]


def test_a_table_from_before_templates_were_kept_is_judged_without_them(past: Any, now: datetime) -> None:
    past.day(1, 4)
    past.day(0, 4)
    layout = past.write(without=("template", "link_density"))
    assert "template" not in {field.name for field in DeltaTable(layout.table("articles")).schema().fields}
    assert [day.templates for day in read_history(layout, ["post"], now)["post"][:2]] == [{}, {}]


def test_an_incident_of_a_source_that_is_gone_is_closed_by_the_next_assessment(
    past: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "publish", lambda settings: None)  # rows of these tests are too bare for readers
    for back in range(1, 15):
        past.day(back, 40, "removed-post")
    past.day(0, 0, "removed-post")
    layout = past.write()
    gone = replace(SOURCES["post"], id="removed-post")
    results, _ = assess(layout, {"removed-post": gone}, run_id="r", now=now)
    change_incidents(layout, lambda known: advance(known, results, run_id="r", now=now))
    pipeline.assess(Settings(data=layout.root), "later")
    (incident,) = read_incidents(layout)
    assert (incident.status, incident.events[-1].why) == ("resolved", "source removed or disabled")
