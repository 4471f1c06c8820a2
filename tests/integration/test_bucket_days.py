"""The corridor over the sample newsroom with its data root in a bucket: two days, and all that is done with them."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from newshouse import cli, pipeline, upkeep
from newshouse.archive.reader import read_response
from newshouse.archive.shelf import Shelf
from newshouse.dashboard.alone import alone
from newshouse.dashboard.app import close
from newshouse.dashboard.decisions import Decisions
from newshouse.dashboard.frame import Dashboard
from newshouse.errors import ForgottenRecordError, StorageError
from newshouse.forget.target import gather
from newshouse.importing import import_files
from newshouse.layout import DataLayout
from newshouse.sample.server import serve
from newshouse.sample.truth import expected
from newshouse.schemas import ARTICLES, TABLES
from newshouse.settings import Settings
from newshouse.storage.bucket import Bucket
from newshouse.warehouse.quarantine import kept_out
from newshouse.warehouse.query import select
from newshouse.warehouse.tables import snapshot

TOKEN = "t" * 43


@dataclass(frozen=True)
class House:
    """Two days of the sample newsroom, and how it stands afterwards."""

    settings: Settings
    epoch: date

    @property
    def layout(self) -> DataLayout:
        return DataLayout(self.settings.data)

    def articles(self) -> list[dict[str, Any]]:
        return snapshot(self.layout, ARTICLES).read(ARTICLES.schema().names).to_pylist()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, bucket_at: Callable[[Path], Bucket]) -> House:
    bucket = bucket_at(tmp_path_factory.mktemp("bucket") / "here")
    settings = Settings(data=bucket, delay_seconds=0.0, backoff_seconds=0.01)
    epoch = datetime.now(UTC).date() - timedelta(days=4)
    offset = timedelta()
    with serve(epoch, lambda: datetime.now(UTC) + offset) as newsroom:
        for offset in (timedelta(), timedelta(days=1)):
            today = replace(settings, proxy=newsroom.proxy_url, clock_offset_seconds=offset.total_seconds())
            run_id = f"daily-{today.now().date()}"
            pipeline.run(today, run_id)
            pipeline.assess(today, run_id)
    return House(replace(settings, clock_offset_seconds=offset.total_seconds()), epoch)


def called(patch: pytest.MonkeyPatch, house: House, *argv: str) -> int:
    """The exit code of a verb, told of the bucket by the environment alone."""
    tell(patch, house)
    return cli.main([*argv])


def tell(patch: pytest.MonkeyPatch, house: House) -> None:
    """Where the bucket is, by the environment."""
    bucket = house.settings.data
    assert isinstance(bucket, Bucket)
    given = {"NEWSHOUSE_DATA": bucket.url, "NEWSHOUSE_LOCAL": str(bucket.local), "AWS_REGION": "eu-west-1"}
    for name, value in (given | {"AWS_ENDPOINT_URL": str(bucket.endpoint)}).items():
        patch.setenv(name, value)


def test_every_article_of_both_days_lands_and_the_warehouse_is_whole(house: House) -> None:
    wanted = {page.url for page in expected(house.epoch, house.epoch + timedelta(days=5)) if page.kind == "article"}
    rows = house.articles()
    assert wanted - {row["final_url"] for row in rows} == set()
    assert max(row["revision"] for row in rows) > 1
    assert any(row["vanished_at"] for row in rows)
    assert upkeep.verify(house.settings) == []


def test_what_lasts_is_in_the_bucket_and_a_machine_that_comes_anew_reads_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = House(replace(house.settings, local=tmp_path / "elsewhere"), house.epoch)
    pipeline.publish(elsewhere.settings)
    for query in ("SELECT count(*) FROM articles", "SELECT count(*) FROM fetches", "FROM scorecards ORDER BY ALL"):
        assert select(elsewhere.layout, query) == select(house.layout, query)
    row = next(row for row in elsewhere.articles() if row["warc_file"])
    pointer = (row["warc_file"], row["warc_offset"], row["warc_length"])
    assert not (elsewhere.layout.archive / row["warc_file"]).exists()
    assert read_response(elsewhere.layout.archive, *pointer) == read_response(house.layout.archive, *pointer)
    assert called(monkeypatch, elsewhere, "archive", "verify") == 0
    assert called(monkeypatch, elsewhere, "doctor") == 0


def test_it_is_searched_and_exported_on_the_command_line(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    title = house.articles()[0]["title"]
    assert called(monkeypatch, house, "search", f'"{title}"') == 0
    assert title in capsys.readouterr().out.replace("\n", " ")
    assert called(monkeypatch, house, "export", str(tmp_path / "out"), "--format", "jsonl") == 0
    (lines,) = (tmp_path / "out").rglob("*.jsonl")
    assert title in lines.read_text()


def test_the_dashboard_shows_it_and_its_console_reads_the_mirror_alone(house: House) -> None:
    app = alone(Dashboard(house.settings), TOKEN)
    client = TestClient(app, base_url="http://127.0.0.1:8090")
    assert client.get(f"/login?token={TOKEN}").status_code == 200
    token = re.search(r'name="csrf" content="([^"]+)"', client.get("/sql").text)
    assert token
    asking = {"csrf": token[1], "query": "SELECT count(*) AS n FROM articles", "form": "csv"}
    answer = client.post("/sql/download", data=asking)
    close(app)
    assert answer.text.split() == ['"n"', str(len(house.articles()))]


def test_what_is_decided_in_the_dashboard_is_done_in_the_bucket(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, house)
    key = next(row["rejection_id"] for row in kept_out(house.layout) if row["resolution"] is None)
    decisions = Decisions(house.settings)

    name = decisions.begin("discard", [key], "ada", "no article")
    while (decision := decisions.get(name)) and decision.running:
        time.sleep(0.1)

    assert decision and decision.problem is None, decision
    assert next(row["resolution"] for row in kept_out(house.layout) if row["rejection_id"] == key) == "discarded"


def test_a_stage_whose_files_did_not_reach_the_bucket_is_not_done_and_is_done_again(
    bucket_at: Callable[[Path], Bucket], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=bucket_at(tmp_path / "here"))
    dump = tmp_path / "pier.txt"
    dump.write_text("By Ada Quill\nThe town council of Ostrava Bay voted on Tuesday to rebuild the northern pier.\n")
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "put", lambda *_: (_ for _ in ()).throw(StorageError("the network went away")))
        with pytest.raises(StorageError, match="went away"):
            import_files(settings, [dump])
    layout = DataLayout(settings.data)
    assert not list(layout.runs.rglob("fetch.json"))
    (copy,) = (layout.archive / "").rglob("*.warc.gz")
    import_files(settings, [dump])
    assert isinstance(layout.archive, Shelf)
    assert layout.archive.kept.size(copy.relative_to(layout.archive / "").as_posix()) == copy.stat().st_size


def test_maintenance_keeps_the_archive_in_the_bucket_and_clears_old_copies(house: House) -> None:
    archive = house.layout.archive
    row = next(row for row in house.articles() if row["warc_file"])
    copy = archive / row["warc_file"]
    os.utime(copy, (0, 0))
    assert upkeep.maintain(house.settings) == []
    assert not copy.exists()
    assert read_response(archive, row["warc_file"], row["warc_offset"], row["warc_length"]).body


def test_what_is_forgotten_is_gone_from_the_bucket_and_its_mirror(house: House) -> None:
    row = min((row for row in house.articles() if row["revision"] > 1), key=lambda row: row["article_id"])
    upkeep.forget(house.settings, gather(house.layout, [row["article_id"]]))
    assert row["article_id"] not in {there["article_id"] for there in house.articles()}
    assert list(holding(house, row["body"][:60])) == []
    for copy in (house.layout.archive / "").rglob("*.warc.gz"):
        copy.unlink()
    with pytest.raises(ForgottenRecordError):
        read_response(house.layout.archive, row["warc_file"], row["warc_offset"], row["warc_length"])
    assert upkeep.verify(house.settings) == []


def holding(house: House, words: str) -> Iterator[str]:
    """Data files in which the words stand: of the bucket, and on this disk."""
    for table in TABLES:
        folder = house.layout.table_folder(table)
        for name in folder.listing():
            if name.endswith(".parquet") and words in str(pq.read_table(folder.opened(name)).to_pylist()):
                yield f"{folder.address}/{name}"
    for path in house.layout.root.rglob("*.parquet"):
        if words in str(pq.read_table(path, partitioning=None).to_pylist()):
            yield str(path)
