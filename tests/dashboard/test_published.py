"""The edition that readers get, while others publish."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from newshouse.dashboard.app import close
from newshouse.dashboard.published import NotPublishedError, Published
from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, RUNS
from newshouse.warehouse.publish import publish

from .conftest import NOW, SOURCES, application, put


def run(layout: DataLayout, name: str, hour: int = 6) -> None:
    row = {
        "run_id": name, "stage": "discover", "batch": "00", "source_id": "herald", "in_count": 1, "out_count": 1,
        "duplicate_count": 0, "rejected_count": 0, "reasons": [], "bytes": 0, "seconds": 1.0,
        "finished_at": datetime(2026, 11, 25, hour, tzinfo=UTC),
    }  # fmt: skip
    put(layout, RUNS, [row])
    publish(layout, SOURCES)


def runs(published: Published) -> list[str]:
    return [row["run_id"] for row in published.edition().rows("SELECT run_id FROM runs ORDER BY run_id")]


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_reader_gets_the_new_edition_after_a_publish(empty_layout: DataLayout) -> None:
    published = Published(empty_layout.database)
    before = published.edition()
    run(empty_layout, "daily-1")

    wait(lambda: runs(published) == ["daily-1"])

    assert published.edition() is not before
    assert before.rows("SELECT run_id FROM runs") == [], "who has the old one open still reads the old one"


def test_the_same_edition_is_kept_while_nobody_publishes(empty_layout: DataLayout) -> None:
    published = Published(empty_layout.database)

    assert published.edition() is published.edition()


def test_no_request_fails_while_others_publish(empty_layout: DataLayout) -> None:
    published = Published(empty_layout.database)
    failures: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                edition = published.edition()
                rows = edition.rows("SELECT count(*) AS n FROM runs")
                counted = edition.rows("SELECT count(*) AS n FROM memory.stages")
                assert rows == counted, "an edition never mixes two states"
            except Exception as error:  # noqa: BLE001 -- any failure is one
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(8):
        run(empty_layout, f"daily-{number}")
    stop.set()
    for reader in readers:
        reader.join()

    assert not failures
    wait(lambda: len(runs(published)) == 8)


def test_a_publish_that_cannot_be_read_leaves_the_one_before(empty_layout: DataLayout) -> None:
    run(empty_layout, "daily-1")
    published = Published(empty_layout.database)
    published.edition()
    broken = empty_layout.database.with_name("broken")
    broken.write_bytes(b"no database at all" * 100)
    broken.replace(empty_layout.database)

    wait(lambda: bool(published.edition()) and published.problem is not None)

    assert runs(published) == ["daily-1"]
    assert "the one before is shown" in (published.problem or "")
    run(empty_layout, "daily-2")
    wait(lambda: runs(published) == ["daily-1", "daily-2"])
    assert published.problem is None


def test_a_database_that_vanished_does_not_take_the_edition_away(empty_layout: DataLayout) -> None:
    run(empty_layout, "daily-1")
    published = Published(empty_layout.database)
    published.edition()
    empty_layout.database.unlink()

    assert runs(published) == ["daily-1"]


def test_no_database_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(NotPublishedError, match="make run"):
        Published(tmp_path / "none.duckdb").edition()


def test_a_damaged_first_database_names_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "newshouse.duckdb"
    path.write_bytes(b"x" * 5000)

    with pytest.raises(StorageError, match="newshouse publish"):
        Published(path).edition()


def test_ages_are_never_negative(empty_layout: DataLayout) -> None:
    run(empty_layout, "daily-1", hour=18)
    edition = Published(empty_layout.database).edition()

    assert edition.now(datetime(2026, 11, 25, 7, tzinfo=UTC)) == datetime(2026, 11, 25, 18, tzinfo=UTC)
    assert edition.now(datetime(2026, 11, 25, 19, tzinfo=UTC)) == datetime(2026, 11, 25, 19, tzinfo=UTC)


def test_an_import_does_not_make_the_data_look_fresher(empty_layout: DataLayout) -> None:
    run(empty_layout, "daily-1", hour=6)
    run(empty_layout, "import-0123", hour=18)
    edition = Published(empty_layout.database).edition()

    assert edition.looked_at == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert edition.rows("SELECT last_run_id FROM memory.scorecard") == [{"last_run_id": "daily-1"}]


def test_the_front_page_counts_articles_of_sources_that_no_run_asks(
    empty_layout: DataLayout, client_of: Callable[[FastAPI], TestClient]
) -> None:
    article = {"article_id": "a", "source_id": "imported", "body": "Ferries.", "extractor": "text",
               "parser_version": "1", "content_hash": "c", "fetched_at": NOW, "first_seen_at": NOW, "revision": 1,
               "run_id": "import-0123", "month": "2026-11"}  # fmt: skip
    put(empty_layout, ARTICLES, [article])
    run(empty_layout, "daily-1", hour=6)
    app = application(empty_layout)

    text = client_of(app).get("/").text

    close(app)
    assert "<dt>Articles</dt><dd>1</dd>" in text
