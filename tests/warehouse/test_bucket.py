"""The tables in a bucket: the same rows by the same code, safe beside other writers, read through a mirror."""

from __future__ import annotations

import errno
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.fs as pa_fs
import pytest
from deltalake.exceptions import DeltaError, SchemaMismatchError

from newshouse.errors import StorageError
from newshouse.plan import Manifest
from newshouse.schemas import ARTICLES, TABLES
from newshouse.storage.bucket import Bucket, opened
from newshouse.storage.folders import BucketFolder
from newshouse.warehouse import load as loading
from newshouse.warehouse.maintenance import compact, vacuum, verify
from newshouse.warehouse.repair import repair
from newshouse.warehouse.tables import snapshot, storage
from newshouse.warehouse.timetravel import database_as_of, restore

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def desk(tmp_path: Path, desk_at: Any, bucket_at: Callable[[Path], Bucket]) -> Any:
    """A desk whose warehouse lies in a bucket of its own."""
    return desk_at(bucket_at(tmp_path / "here"))


def first_day(desk: Any) -> None:
    desk.batch("r1", [desk.article(name) for name in ("a", "b", "c")], visits=[desk.visit("r1", "a", "fetched")])
    desk.load("r1")


def second_day(desk: Any) -> None:
    desk.batch(
        "r2",
        [desk.article("a", day=1, title="New words"), desk.article("b", day=1), desk.article("d", day=1)],
        visits=[desk.visit("r2", "c", "gone", day=1)],
        rejections=[desk.rejection("r2", "z")],
    )


def shown(database: Path, query: str) -> list[Any]:
    with duckdb.connect(database, read_only=True) as connection:
        return connection.sql(query).fetchall()


def keys(desk: Any, below: str) -> set[str]:
    bucket = desk.layout.data
    found = opened(bucket).get_file_info(pa_fs.FileSelector(bucket.path(below), recursive=True, allow_not_found=True))
    return {info.path for info in found if info.type == pa_fs.FileType.File}


def test_two_days_in_a_bucket_give_the_rows_that_they_give_on_a_disk(desk: Any, desk_at: Any, tmp_path: Path) -> None:
    disk = desk_at(tmp_path / "disk")
    for there in (desk, disk):
        first_day(there)
        second_day(there)
        there.load("r2")
        there.load("r2")
    assert desk.warehouse() == disk.warehouse()
    assert not list(desk.layout.root.rglob("_delta_log"))
    assert verify_but_for_the_archive(desk) == []


def verify_but_for_the_archive(desk: Any) -> list[str]:
    return [problem.message for problem in verify(desk.layout) if "archive file is missing" not in problem.message]


def test_a_commit_asks_the_store_to_refuse_a_second_one(desk: Any, s3_address: str) -> None:
    first_day(desk)
    with urllib.request.urlopen(f"{s3_address}/_puts", timeout=10) as answer:  # noqa: S310 -- our own server
        puts = dict(line.split("\t") for line in answer.read().decode().splitlines())
    name = desk.layout.data.path("warehouse/articles/_delta_log/00000000000000000001.json")
    assert puts[f"/{name}"] == "*"


def heads(address: str) -> list[str]:
    with urllib.request.urlopen(f"{address}/_heads", timeout=10) as answer:  # noqa: S310 -- our own server
        return answer.read().decode().splitlines()


def test_sizes_of_data_files_are_taken_from_the_log_and_not_asked_for(desk: Any, s3_address: str) -> None:
    first_day(desk)
    second_day(desk)
    before = len(heads(s3_address))
    desk.load("r2")
    between = len(heads(s3_address))
    compact(desk.layout, now=datetime(2027, 3, 1, tzinfo=UTC))
    # Of what is read, Arrow asks for the size first. Asked of each file that is written or retired, it was 26 and 21.
    assert between - before <= 15
    assert len(heads(s3_address)) - between <= 14


_LOAD = """
import sys
from datetime import datetime
from pathlib import Path
from newshouse.storage.bucket import Bucket
from newshouse.layout import DataLayout
from newshouse.warehouse.load import load_run

url, local, endpoint, run, now = sys.argv[1:]
bucket = Bucket.at(url, local=Path(local), endpoint=endpoint, region="eu-west-1")
load_run(DataLayout(bucket), run, ["00"], now=datetime.fromisoformat(now))
"""


def test_two_processes_that_load_the_same_day_land_both(desk: Any) -> None:
    bucket = desk.layout.data
    for run in ("r1", "r2"):
        desk.batch(run, [desk.article(name) for name in ("both", f"only {run}")])
    arguments = [bucket.url, str(bucket.local), bucket.endpoint]
    loads = [
        subprocess.Popen([sys.executable, "-c", _LOAD, *arguments, run, desk.morning.isoformat()])
        for run in ("r1", "r2")
    ]
    assert [load.wait(timeout=120) for load in loads] == [0, 0]
    landed = sorted(row["title"] for row in desk.rows("articles"))
    assert landed == ["Title of both", "Title of only r1", "Title of only r2"]
    assert {row["run_id"] for row in desk.rows("runs")} == {"r1", "r2"}
    assert verify_but_for_the_archive(desk) == []


def test_a_load_that_died_between_two_tables_is_healed_by_the_next(
    desk: Any, desk_at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = desk_at(tmp_path / "disk")
    for there in (desk, disk):
        first_day(there)
        second_day(there)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "record_change", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            desk.load("r2")
    assert desk.load("r2") == disk.load("r2")
    assert desk.warehouse() == disk.warehouse()


def test_a_commit_whose_answer_was_lost_keeps_its_files_and_its_rows(desk: Any, desk_at: Any, tmp_path: Path) -> None:
    disk = desk_at(tmp_path / "disk")
    for there in (desk, disk):
        first_day(there)
        second_day(there)
    bucket, version = desk.layout.data, snapshot(desk.layout, ARTICLES).version + 1
    key = bucket.path(f"warehouse/articles/_delta_log/{version:020}.json")
    urllib.request.urlopen(f"{bucket.endpoint}/_lose?{key}", timeout=10).close()  # noqa: S310 -- our own server
    assert desk.load("r2") == disk.load("r2")
    assert snapshot(desk.layout, ARTICLES).version == version
    assert desk.warehouse() == disk.warehouse()
    assert verify_but_for_the_archive(desk) == []


def test_the_published_database_reads_a_mirror_that_follows_the_bucket(desk: Any) -> None:
    first_day(desk)
    before = desk.publish()
    mirror = desk.layout.table("articles")
    (first,) = mirror.rglob("*.parquet")
    second_day(desk)
    desk.load("r2")
    database = desk.publish()
    assert before == database
    assert shown(database, "SELECT count(*) FROM articles") == [(4,)]
    assert shown(database, "SELECT title FROM articles ORDER BY ALL LIMIT 1") == [("New words",)]
    assert first.exists()  # whoever has the database of before open goes on reading
    vacuum(desk.layout, retention_hours=0)
    assert not first.exists()
    assert shown(database, "SELECT count(*) FROM articles") == [(4,)]
    assert not keys(desk, "mirror")


def test_a_sweep_leaves_what_is_brought_and_outlives_what_goes_while_it_asks_the_bucket(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_day(desk)
    desk.publish()
    folder, listing = desk.layout.table_folder("articles"), BucketFolder.listing
    dead, draft, brought = folder.here / "dead.parquet", folder.here / ".draft.tmp", folder.here / "new.parquet"
    for path in (dead, draft):
        path.write_bytes(b"")

    def meanwhile(self: BucketFolder, below: str = "") -> dict[str, pa_fs.FileInfo]:
        found = listing(self, below)
        with folder.writing(brought.name) as stream:
            stream.write(b"rows")
        folder.fetch(brought.name)
        draft.unlink()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(BucketFolder, "listing", meanwhile)
        folder.sweep()
    assert brought.exists()
    assert not dead.exists()


def test_a_mirrored_file_that_is_not_whole_is_fetched_again(desk: Any) -> None:
    first_day(desk)
    database = desk.publish()
    (file,) = desk.layout.table("articles").rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:100])
    desk.publish()
    assert shown(database, "SELECT count(*) FROM articles") == [(3,)]


def test_closed_months_are_compacted_and_dead_files_deleted_in_the_bucket(desk: Any) -> None:
    first_day(desk)
    second_day(desk)
    desk.load("r2")
    rows = desk.warehouse()
    compact(desk.layout, now=desk.day(40))
    deleted = vacuum(desk.layout, retention_hours=0)
    assert any(name.startswith("articles/") for name in deleted)
    assert desk.warehouse() == rows
    data = {key for key in keys(desk, "warehouse/articles") if "_delta_log" not in key}
    assert len(data) == 1
    assert verify_but_for_the_archive(desk) == []


def test_a_day_in_the_past_is_read_and_restored(desk: Any) -> None:
    first_day(desk)
    moment = max(
        entry["timestamp"]
        for table in TABLES.values()
        if (now := snapshot(desk.layout, table)).delta
        for entry in now.delta.history()
    )

    then = datetime.fromtimestamp(moment / 1000, UTC)
    second_day(desk)
    desk.load("r2")
    with database_as_of(desk.layout, then, {}) as database:
        assert shown(database, "SELECT title FROM articles WHERE title = 'New words'") == []
        assert shown(database, "SELECT count(*) FROM articles") == [(3,)]
    restore(desk.layout, then)
    assert sorted(row["title"] for row in desk.rows("articles")) == ["Title of a", "Title of b", "Title of c"]


def test_an_object_that_was_deleted_by_hand_is_named_and_repaired(desk: Any) -> None:
    first_day(desk)
    Manifest("r1", desk.morning, {"00": ("herald",)}).write(desk.layout.run("r1").manifest)
    now = snapshot(desk.layout, ARTICLES)
    (name,) = now.names()
    now.folder.delete(name)
    (problem,) = verify(desk.layout)
    assert (problem.table, problem.subject) == ("articles", name)
    with pytest.raises(StorageError, match="articles"):
        desk.publish()
    repair(desk.layout, now=desk.morning)
    assert len(desk.rows("articles")) == 3


def test_tables_that_were_copied_from_a_folder_go_on_in_a_bucket(desk: Any, desk_at: Any, tmp_path: Path) -> None:
    disk = desk_at(tmp_path / "disk")
    first_day(disk)
    bucket, local = desk.layout.data, pa_fs.LocalFileSystem()
    there = bucket.path("warehouse")
    pa_fs.copy_files(str(disk.layout.warehouse), there, source_filesystem=local, destination_filesystem=opened(bucket))
    for house in (desk, disk):
        second_day(house)
        house.load("r2")
    assert desk.warehouse() == disk.warehouse()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.EMFILE, "Too many open files", "/here"), OSError),
        (SchemaMismatchError("Cannot cast schema, number of fields does not match"), SchemaMismatchError),
        (DeltaError("Generic DeltaTable error: no such column"), DeltaError),
        (OSError("Generic S3 error: Client error with status 418 I'm a teapot"), StorageError),
        (DeltaError("Kernel error: Error interacting with object store: Generic S3 error"), StorageError),
        (OSError(errno.ENOSPC, "No space left on device", "/here"), StorageError),
    ],
)
def test_only_what_the_store_says_is_told_as_its_refusal(desk: Any, error: Exception, told: type[Exception]) -> None:
    with pytest.raises(told) as caught, storage(desk.layout.table_folder("articles")):
        raise error
    assert ("the object store refuses" in str(caught.value)) == ("object store" in str(error) or "S3" in str(error))
    if told is not StorageError:
        assert caught.value is error
