"""A small warehouse with hostile texts in it, and a client that is let in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newshouse.dashboard.alone import alone
from newshouse.dashboard.app import close
from newshouse.dashboard.frame import Dashboard
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, CHECKS, FETCHES, INCIDENTS, REJECTIONS, REVISIONS, RUNS, TABLES, Table
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.warehouse.publish import publish
from newshouse.warehouse.tables import Change, change

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DEEP = ">".join(["div.wrapper"] * 6)  # what is next to the text is alike on all of them
DAYS = 40
GAP = range(10, 13)  # days ago on which no run came
TOKEN = "t" * 43
LOG = "dags/news_daily/runs/manual__2026/tasks/corridor.fetch/mapped/3?try_number=1"
BROKEN = {("volume", 0), ("volume", 1), ("layout_drift", 4), ("layout_drift", 5)}
"""Checks of the Bugle that failed, and how many days ago."""
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7*7 }}{% for x in y %}",
    "</textarea></style><svg onload=alert(1)>",
    "javascript:alert(1)",
)
SOURCES = {
    "herald": Source("herald", "The Herald", "GB", "en", "Europe/London", "https://herald.example/"),
    "bugle": Source("bugle", f"The {PAYLOADS[0]} Bugle", "US", "en", "America/New_York", "javascript:alert(1)"),
}
PAGE = b"<html><head><title>x</title><script>parent.alert(1)</script></head><body><h1>Raw page</h1></body></html>"


def at(days_ago: float) -> datetime:
    """So many days before now, UTC."""
    return NOW - timedelta(days=days_ago)


def _articles(pointer: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for day in (day for day in range(DAYS) if day not in GAP):
        for source in SOURCES:
            for number in range(6):
                seen = at(day + number / 24)
                payload = PAYLOADS[(day + number) % len(PAYLOADS)]
                title = f"{source} {day}-{number}" + (f" {payload}" if source == "bugle" else "")
                body = f"Ferry harbour {payload} text"
                url = f"https://{source}.example/{day}/{number}"
                rows.append(
                    {
                        "article_id": f"{source}-{day}-{number}", "source_id": source, "title": title, "body": body,
                        "url": payload if payload.startswith("javascript") else url, "byline": payload,
                        "paragraphs": [{"kind": "lead", "text": body}], "language": "en", "word_count": 100 + number,
                        "published_at": None if number == 5 else seen - timedelta(hours=2),
                        "published_at_precision": "minute", "published_at_origin": "jsonld", "access": "free",
                        "template": "main>div.story" if day > 5 or source == "herald" else f"div.make.{number}>{DEEP}",
                        "extractor": "own", "parser_version": "1",
                        "content_hash": f"c{day}{number}", "quality_flags": ["short"] if number == 4 else [],
                        "field_origin": [("title", payload)], "fetched_at": seen, "first_seen_at": seen,
                        "revision": 2 if number == 0 else 1, "run_id": f"daily-{seen:%Y-%m-%d}",
                        "duplicate_of": f"{source}-{day}-0" if number == 3 else None,
                        "story_id": f"story-{day}" if number < 2 else None, "month": f"{seen:%Y-%m}", **pointer,
                    }
                )  # fmt: skip
    return rows


def _revisions(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    first = [{**row, "revision": 1, "change_kind": "new", "body": f"Old {row['body']}"} for row in articles]
    second = [{**row, "change_kind": "body"} for row in articles if row["revision"] == 2]
    for row in second:
        row["fetched_at"] = row["fetched_at"] + timedelta(hours=1)
    return [*first, *second]


def _rejections(pointer: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "rejection_id": f"r{day}", "run_id": f"daily-{at(day):%Y-%m-%d}", "batch": "00", "source_id": "bugle",
            "stage": "validate", "reasons": ["body_short", "<script>alert(1)</script>"],
            "detail": PAYLOADS[day % len(PAYLOADS)],
            "url": PAYLOADS[5] if day == 1 else f"https://bugle.example/{day}", "rejected_at": at(day),
            "row_json": json.dumps({"title": PAYLOADS[0], "paragraphs": [{"kind": "x", "text": PAYLOADS[1]}]}),
            **pointer,
        }
        for day in range(5)
    ]  # fmt: skip


def _checks() -> list[dict[str, Any]]:
    rows = []
    for day in (day for day in range(DAYS) if day not in GAP):
        for source in SOURCES:
            for name in ("volume", "freshness", "layout_drift"):
                broken = source == "bugle" and (name, day) in BROKEN
                rows.append(
                    {
                        "check_id": f"{day}{source}{name}", "run_id": f"daily-{at(day):%Y-%m-%d}", "batch": "all",
                        "source_id": source, "check_name": name, "suite": "history",
                        "severity": "critical",
                        "status": "fail" if broken else "pass", "value": float(day),
                        "threshold": "3 to 9 <b>articles</b>",
                        "failing_ids": ["bugle-1-0"] if broken else [], "checked_at": at(day),
                    }
                )  # fmt: skip
    return rows


def _incidents() -> list[dict[str, Any]]:
    return [
        {
            "incident_id": "i1", "source_id": "bugle", "cause": "delivery", "status": "open", "severity": "critical",
            "summary": f"volume: 0 articles {PAYLOADS[0]}", "check_names": ["volume"], "days": 2, "opened_at": at(1),
            "opened_run_id": "daily-2026-11-24", "last_failed_at": at(0), "last_run_id": "daily-2026-11-25",
            "events": [{"at": at(1), "who": "newshouse", "action": "open", "why": PAYLOADS[1]}],
        }
    ]  # fmt: skip


def _runs() -> list[dict[str, Any]]:
    stages = ("discover", "fetch", "parse", "validate", "load")
    return [
        {
            "run_id": f"daily-{at(day):%Y-%m-%d}", "stage": stage, "batch": "00", "source_id": source, "in_count": 7,
            "out_count": 6, "duplicate_count": 0, "rejected_count": 1, "reasons": [("gone", 1)], "bytes": 1000,
            "seconds": 2.5, "finished_at": at(day) + timedelta(seconds=3 * place),
            "task_log": LOG if stage == "fetch" else None,
        }
        for day in range(DAYS) if day not in GAP
        for source in SOURCES
        for place, stage in enumerate(stages)
    ]  # fmt: skip


def _fetches() -> list[dict[str, Any]]:
    return [
        {
            "fetch_id": f"{day}{source}", "run_id": f"daily-{at(day):%Y-%m-%d}", "batch": "00", "source_id": source,
            "purpose": "article", "url": f"https://{source}.example/{day}",
            "url_key": f"https://{source}.example/{day}",
            "host": f"{source}.example", "outcome": "fetched", "attempts": 1, "requested_at": at(day),
            "duration_seconds": 0.1, "body_bytes": 1000, "month": f"{at(day):%Y-%m}",
        }
        for day in range(DAYS) if day not in GAP
        for source in SOURCES
    ]  # fmt: skip


def put(layout: DataLayout, table: Table, rows: list[dict[str, Any]]) -> None:
    """Commit rows as they are."""
    given = pa.Table.from_pylist(
        [{name: row.get(name) for name in table.schema().names} for row in rows], table.schema()
    )
    change(layout, table, lambda _: Change(append=given))


def archived(layout: DataLayout) -> dict[str, Any]:
    """One archived response, and what points at it."""
    path = layout.archive / "2026-11-25" / "run.warc.gz"
    path.parent.mkdir(parents=True)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    with path.open("wb") as output:
        writer = WARCWriter(output, gzip=True)
        writer.write_record(
            writer.create_warc_record(
                "https://herald.example/1", "response", payload=io.BytesIO(PAGE), http_headers=headers
            )
        )
    return {"warc_file": "2026-11-25/run.warc.gz", "warc_offset": 0, "warc_length": path.stat().st_size}


@pytest.fixture(scope="session")
def layout(tmp_path_factory: pytest.TempPathFactory) -> DataLayout:
    """The published warehouse."""
    made = DataLayout(tmp_path_factory.mktemp("dashboard") / "data")
    pointer = archived(made)
    articles = _articles(pointer)
    for table, rows in (
        (ARTICLES, articles), (REVISIONS, _revisions(articles)), (REJECTIONS, _rejections(pointer)),
        (CHECKS, _checks()), (RUNS, _runs()), (FETCHES, _fetches()), (INCIDENTS, _incidents()),
    ):  # fmt: skip
        put(made, table, rows)
    publish(made, SOURCES)
    return made


@pytest.fixture
def empty_layout(tmp_path: Path) -> DataLayout:
    """Tables without a row."""
    made = DataLayout(tmp_path / "data")
    for table in TABLES.values():
        put(made, table, [])
    publish(made, {})
    return made


def application(layout: DataLayout) -> FastAPI:
    return alone(Dashboard(Settings(data=layout.root), lambda: NOW), TOKEN)


@pytest.fixture(scope="session")
def app(layout: DataLayout) -> FastAPI:
    return application(layout)


@pytest.fixture(scope="session")
def client_of() -> Callable[[FastAPI], TestClient]:
    """A client with the token."""

    def make(app: FastAPI) -> TestClient:
        client = TestClient(app, base_url="http://127.0.0.1:8090")
        assert client.get(f"/login?token={TOKEN}").status_code == 200
        return client

    return make


@pytest.fixture
def client(app: FastAPI, client_of: Callable[[FastAPI], TestClient]) -> TestClient:
    return client_of(app)


@pytest.fixture
def anonymous(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:8090")


@pytest.fixture(scope="session", autouse=True)
def _no_worker_outlives_the_tests(app: FastAPI) -> Iterator[None]:
    yield
    close(app)
