"""A small newsroom's stage files, and tables to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newshouse.files import write_parquet
from newshouse.ids import article_id, stable_id
from newshouse.layout import DataLayout
from newshouse.records import Capture, CheckResult, Rejection
from newshouse.report import StageReport, Tally
from newshouse.rows import captures_table, checks_table, rejections_table
from newshouse.schemas import ARTICLES, TABLES
from newshouse.warehouse.tables import snapshot

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def url_of(name: str) -> str:
    return f"https://herald.example/{name}"


def article(name: str, *, at: datetime = MORNING, source_id: str = "herald", **values: Any) -> dict[str, Any]:
    """A parsed row. Its content hash follows title and body, as the parser's does."""
    row = {
        "article_id": article_id(url_of(name)),
        "source_id": source_id,
        "url": url_of(name),
        "final_url": url_of(name),
        "domain": "herald.example",
        "title": f"Title of {name}",
        "tags": ["harbour", "trade"],
        "published_at": MORNING - timedelta(hours=3),
        "authors": [{"name": "Ada Vale", "role": None, "organisation": "Herald"}],
        "dateline": {"place": "PORT ELM", "agency": None, "date_text": "Nov. 23"},
        "rights": {"robots": "index", "noarchive": False, "tdm_reservation": 1, "licence": None},
        "body": f"Body of {name}.",
        "paragraphs": [{"kind": "lead", "text": f"Body of {name}."}],
        "language": "en",
        "extractor": "test",
        "parser_version": "1",
        "field_origin": [("title", "jsonld"), ("body", "html")],
        "fetched_at": at,
        "warc_file": "2026-11-23/run.warc.gz",
        "warc_offset": 10,
        "warc_length": 20,
        "run_id": "run",
    }
    row |= values
    seen = [str(row.get(key)) for key in ("title", "subtitle", "byline", "body", "published_at")]
    return {"content_hash": stable_id(*seen)} | row


def visit(run_id: str, name: str, outcome: str, *, at: datetime = MORNING, **values: Any) -> Capture:
    url = url_of(name)
    return replace(
        Capture(
            fetch_id=stable_id(run_id, "00", "article", url),
            run_id=run_id,
            batch="00",
            source_id="herald",
            purpose="article",
            url=url,
            url_key=url,
            outcome=outcome,
            requested_at=at,
            attempts=1,
        ),
        **values,
    )


def rejection(run_id: str, name: str, stage: str = "parse") -> Rejection:
    key = stable_id(run_id, stage, url_of(name))
    return Rejection(key, run_id, "00", "herald", stage, ("soft_404",), MORNING, url=url_of(name))


def check(run_id: str) -> CheckResult:
    return CheckResult(
        stable_id(run_id, "00", "volume"), run_id, "00", "herald", "volume", "rules", "warning", "pass", MORNING
    )


def batch(
    layout: DataLayout,
    run_id: str,
    accepted: Sequence[dict[str, Any]],
    *,
    visits: Sequence[Capture] = (),
    rejections: Sequence[Rejection] = (),
    name: str = "00",
    finished: bool = True,
) -> None:
    """Write the stage files of one batch, as the stages leave them."""
    folder = layout.run(run_id).batch(name)
    write_parquet(folder.accepted, ARTICLES.arrow((row | {"run_id": run_id} for row in accepted), "parse"))
    write_parquet(folder.checks, checks_table([check(run_id)]))
    counts = {"herald": Tally()} | {row["source_id"]: Tally() for row in accepted}
    for stage in ("discover", "fetch", "parse", "validate"):
        dropped = [r for r in rejections if r.stage == stage]
        write_parquet(folder.rejections(stage), rejections_table(dropped))
        tallied = {source_id: Tally() for source_id in counts}
        for row in accepted:
            tallied[row["source_id"]].in_count += 1
            tallied[row["source_id"]].out_count += 1
        for drop in dropped:
            tallied[drop.source_id].in_count += 1
            tallied[drop.source_id].reject(drop.reasons[0])
        if stage in ("discover", "fetch"):
            write_parquet(folder.fetches(stage), captures_table(visits if stage == "fetch" else ()))
        if stage != "validate" or finished:
            StageReport(run_id, stage, name, tallied, 0.5, MORNING).write(folder.report(stage))


def rows(layout: DataLayout, name: str) -> list[dict[str, Any]]:
    """All rows of a table by key, without the one value that is a measured time."""
    table = TABLES[name]
    found = snapshot(layout, table).read(table.schema().names).to_pylist()
    for row in found:
        row.pop("seconds", None)
    return sorted(found, key=lambda row: [str(row[key]) for key in table.key])


def warehouse(layout: DataLayout) -> dict[str, list[dict[str, Any]]]:
    return {name: rows(layout, name) for name in TABLES}


def versions(layout: DataLayout) -> dict[str, int]:
    return {name: snapshot(layout, table).version for name, table in TABLES.items()}


@pytest.fixture
def layout(tmp_path: Path) -> DataLayout:
    return DataLayout(tmp_path / "data")
