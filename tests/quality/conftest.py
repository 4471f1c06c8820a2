"""A warehouse whose past is told in a few words: so many articles and pages of a source, so many days ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, FETCHES, REJECTIONS, RUNS, Table

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


class Past:
    """Builds tables day by day; `write` commits them."""

    def __init__(self, root: Path) -> None:
        self.layout = DataLayout(root)
        self.articles: list[dict[str, Any]] = []
        self.runs: list[dict[str, Any]] = []
        self.rejections: list[dict[str, Any]] = []
        self.fetches: list[dict[str, Any]] = []

    def day(
        self,
        back: int,
        articles: int,
        source_id: str = "post",
        pages: int | None = None,
        reasons: dict[str, int] | None = None,
        **columns: Any,
    ) -> None:
        """One run, `back` days before NOW and one hour early; new articles came out two hours before that."""
        at = NOW - timedelta(days=back, hours=1)
        run_id, dropped = f"daily-{at:%Y-%m-%d}", sum((reasons or {}).values())
        pages = articles + dropped if pages is None else pages
        for number in range(articles):
            self.articles.append(self._article(f"{source_id}-{back}-{number}", source_id, at, run_id) | columns)
        for stage, taken, out, rejected in [
            ("discover", pages, pages, 0),
            ("fetch", pages, pages, 0),
            ("parse", pages, pages - dropped, dropped),
            ("validate", pages - dropped, pages - dropped, 0),
            ("load", pages - dropped, articles, 0),
        ]:
            self.runs.append(
                {"run_id": run_id, "stage": stage, "batch": "00", "source_id": source_id, "in_count": taken}
                | {"out_count": out, "duplicate_count": taken - out - rejected, "rejected_count": rejected}
                | {"reasons": list((reasons or {}).items()) if stage == "parse" else []}
                | {"bytes": 0, "seconds": 1.0, "finished_at": at}
            )

    def write(self, without: tuple[str, ...] = ()) -> DataLayout:
        """Commit what was told, as a version that did not know these columns."""
        for table in (ARTICLES, RUNS, REJECTIONS, FETCHES):
            self._commit(table, getattr(self, table.name), without)
        return self.layout

    def _commit(self, table: Table, rows: list[dict[str, Any]], without: tuple[str, ...]) -> None:
        fields = [field.with_nullable(True) for field in table.schema() if field.name not in without]
        partition = [table.partition] if table.partition else None
        data = pa.Table.from_pylist(rows, schema=pa.schema(fields))
        write_deltalake(self.layout.table(table.name), data, partition_by=partition)

    @staticmethod
    def _article(article_id: str, source_id: str, at: datetime, run_id: str) -> dict[str, Any]:
        seen = at - timedelta(minutes=10)
        return {
            "article_id": article_id,
            "source_id": source_id,
            "title": "A title",
            "authors": [{"name": "Mara Lindqvist", "role": None, "organisation": None}],
            "published_at": at - timedelta(hours=2),
            "first_seen_at": seen,
            "fetched_at": seen,
            "run_id": run_id,
            "month": f"{seen:%Y-%m}",
        }


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """An empty past."""
    return Past(tmp_path / "data")


@pytest.fixture
def now() -> datetime:
    """When the data is judged."""
    return NOW
