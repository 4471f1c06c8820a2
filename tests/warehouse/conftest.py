"""A small newsroom's desk: it leaves stage files as the stages do, and compares tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newshouse.ids import article_id, stable_id
from newshouse.layout import DataLayout
from newshouse.records import Capture, CheckResult, Rejection
from newshouse.report import StageReport, Tally
from newshouse.rows import captures_table, checks_table, rejections_table
from newshouse.schemas import ARTICLES, TABLES
from newshouse.sources.model import Source
from newshouse.storage.files import write_parquet
from newshouse.warehouse.load import load_run
from newshouse.warehouse.publish import publish
from newshouse.warehouse.revisions import only_versions
from newshouse.warehouse.tables import snapshot


class Desk:
    """Articles, visits and batches of the Herald, and what became of them."""

    morning = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    herald = Source("herald", "The Herald", "GB", "en", "Europe/London", "https://herald.example/", tags=("port",))

    def __init__(self, root: Path) -> None:
        self.layout = DataLayout(root)

    def day(self, number: float) -> datetime:
        """06:00 UTC, so many days after the first."""
        return self.morning + timedelta(days=number)

    @staticmethod
    def url(name: str) -> str:
        return f"https://herald.example/{name}"

    def id(self, name: str) -> str:
        return article_id(self.url(name))

    def article(self, name: str, day: float = 0, **values: Any) -> dict[str, Any]:
        """A parsed row. Its content hash follows what the reader sees, as the parser's does."""
        row = {
            "article_id": self.id(name),
            "source_id": "herald",
            "url": self.url(name),
            "final_url": self.url(name),
            "domain": "herald.example",
            "title": f"Title of {name}",
            "tags": ["harbour", "trade"],
            "published_at": self.morning - timedelta(hours=3),
            "authors": [{"name": "Ada Vale", "role": None, "organisation": "Herald"}],
            "dateline": {"place": "PORT ELM", "agency": None, "date_text": "Nov. 23"},
            "rights": {"robots": "index", "noarchive": False, "tdm_reservation": 1, "licence": None},
            "body": f"Body of {name}.",
            "paragraphs": [{"kind": "lead", "text": f"Body of {name}."}],
            "word_count": 3,
            "language": "en",
            "extractor": "test",
            "parser_version": "1",
            "field_origin": [("title", "jsonld"), ("body", "html")],
            "fetched_at": self.day(day),
            "warc_file": "2026-11-23/run.warc.gz",
            "warc_offset": 10,
            "warc_length": 20,
        }
        row |= values
        seen = [str(row.get(key)) for key in ("title", "subtitle", "byline", "body", "published_at")]
        return {"content_hash": stable_id(*seen)} | row

    def visit(self, run_id: str, name: str, outcome: str, day: float = 0, **values: Any) -> Capture:
        """One exchange with an article's page."""
        url = self.url(name)
        given: dict[str, Any] = {
            "fetch_id": stable_id(run_id, "00", "article", url),
            "run_id": run_id,
            "batch": "00",
            "source_id": "herald",
            "purpose": "article",
            "url": url,
            "url_key": url,
            "outcome": outcome,
            "requested_at": self.day(day),
            "attempts": 1,
        }
        return Capture(**given | values)

    def rejection(
        self, run_id: str, name: str, stage: str = "parse", reason: str = "soft_404", *, day: float = 0, **values: Any
    ) -> Rejection:
        key = stable_id(run_id, stage, self.url(name))
        given = {"url": self.url(name)} | values
        return Rejection(key, run_id, "00", "herald", stage, (reason,), self.day(day), **given)

    def batch(
        self,
        run_id: str,
        accepted: Sequence[dict[str, Any]] = (),
        *,
        visits: Sequence[Capture] = (),
        rejections: Sequence[Rejection] = (),
        name: str = "00",
        finished: bool = True,
    ) -> None:
        """Write the stage files of one batch."""
        folder = self.layout.run(run_id).batch(name)
        write_parquet(folder.accepted, ARTICLES.arrow((row | {"run_id": run_id} for row in accepted), "validate"))
        check = CheckResult(
            stable_id(run_id, name), run_id, name, "herald", "volume", "rules", "warning", "pass", self.morning
        )
        write_parquet(folder.checks, checks_table([check]))
        for stage in ("discover", "fetch", "parse", "validate"):
            dropped = [drop for drop in rejections if drop.stage == stage]
            write_parquet(folder.rejections(stage), rejections_table(dropped))
            if stage in ("discover", "fetch"):
                write_parquet(folder.fetches(stage), captures_table(visits if stage == "fetch" else ()))
            tallies = {source_id: Tally() for source_id in ("herald", *(row["source_id"] for row in accepted))}
            for row in accepted:
                tallies[row["source_id"]].in_count += 1
                tallies[row["source_id"]].out_count += 1
            for drop in dropped:
                tallies[drop.source_id].in_count += 1
                tallies[drop.source_id].reject(drop.reasons[0])
            if stage != "validate" or finished:
                StageReport(run_id, stage, name, tallies, 0.5, self.morning).write(folder.report(stage))

    def load(self, run_id: str, batches: Sequence[str] = ("00",)) -> dict[str, Tally]:
        return load_run(self.layout, run_id, batches, now=self.morning)

    def publish(self) -> Path:
        return publish(self.layout, {"herald": self.herald})

    def rows(self, name: str) -> list[dict[str, Any]]:
        """All rows of a table by key, without the one value that is a measured time."""
        table = TABLES[name]
        columns = table.schema().names
        found = snapshot(self.layout, table).read(columns).to_pylist()
        if name == "revisions":
            found += only_versions(snapshot(self.layout, ARTICLES), snapshot(self.layout, table), columns).to_pylist()
        return sorted(
            ({key: value for key, value in row.items() if key != "seconds"} for row in found),
            key=lambda row: [str(row[key]) for key in table.key],
        )

    def row(self, name: str) -> dict[str, Any]:
        """The one row of `articles` for this name."""
        (row,) = (row for row in self.rows("articles") if row["article_id"] == self.id(name))
        return row

    def history(self, name: str) -> list[tuple[int, str]]:
        """Revision numbers and kinds of change of one article."""
        rows = (row for row in self.rows("revisions") if row["article_id"] == self.id(name))
        return [(row["revision"], row["change_kind"]) for row in rows]

    def warehouse(self) -> dict[str, list[dict[str, Any]]]:
        return {name: self.rows(name) for name in TABLES}

    def versions(self) -> dict[str, int]:
        return {name: snapshot(self.layout, table).version for name, table in TABLES.items()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


@pytest.fixture(scope="session")
def desk_at() -> type[Desk]:
    """For tests that need more than one warehouse: a desk in a folder of choice."""
    return Desk
