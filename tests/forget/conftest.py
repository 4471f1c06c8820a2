"""A warehouse of its own for each test, and a search through every file of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from newshouse import pipeline, upkeep
from newshouse.archive.walk import Damage, walk
from newshouse.forget.job import resume
from newshouse.forget.target import Forgotten, gather
from newshouse.layout import DataLayout
from newshouse.schemas import TABLES
from newshouse.settings import Settings
from newshouse.warehouse.tables import append_missing, snapshot


class House:
    """A data folder with two days of the sample newsroom."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.layout = DataLayout(settings.data)

    def rows(self, table: str, *columns: str) -> list[dict[str, Any]]:
        schema = TABLES[table].schema()
        return snapshot(self.layout, TABLES[table]).read(columns or schema.names).to_pylist()

    def revised(self) -> dict[str, Any]:
        """An article with more than one version, the same in every test."""
        return min(
            (row for row in self.rows("articles") if row["revision"] > 1 and row["vanished_at"] is None),
            key=lambda r: r["article_id"],
        )

    def add(self, table: str, *rows: dict[str, Any]) -> None:
        append_missing(self.layout, TABLES[table], TABLES[table].arrow(rows))

    def visit(self, article: dict[str, Any], url: str | None, **changed: Any) -> dict[str, Any]:
        """A later visit to an address of an article."""
        first = next(row for row in self.rows("fetches") if row["url"] == article["url"])
        return first | {"fetch_id": f"later {article['url']} {url}", "url": url, "url_key": url} | changed

    def forget(self, *ids: str, addresses: tuple[str, ...] = ()) -> Forgotten:
        return upkeep.forget(self.settings, gather(self.layout, ids, addresses))

    def resume(self) -> int:
        return resume(self.layout, now=self.settings.now(), publish=lambda: pipeline.publish(self.settings))

    def holding(self, words: str) -> Iterator[str]:
        """Names of the files in which the words stand, whatever their format."""
        for path in sorted(self.settings.data.rglob("*")):
            if path.is_file() and words in _text(path):
                yield str(path.relative_to(self.settings.data))


def _text(path: Path) -> str:
    if path.suffix == ".parquet":
        return str(pq.read_table(path, partitioning=None).to_pylist())
    if path.name.endswith(".warc.gz"):
        records = [found.record for found in walk(path) if not isinstance(found, Damage)]
        return "\n".join((http.body if (http := r.http()) else r.block).decode("utf-8", "replace") for r in records)
    return path.read_bytes().decode("utf-8", "replace")


@pytest.fixture
def house(sample_data: Path, settings: Settings) -> House:
    shutil.copytree(sample_data, settings.data)
    there = House(replace(settings, data=settings.data))
    pipeline.publish(there.settings)  # views name files by their absolute path
    return there
