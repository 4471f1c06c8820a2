"""A full or read-only disk: a clear error, and the old state as it was."""

from __future__ import annotations

import os
import random
import shutil
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from newshouse.errors import StorageError


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root")
    path = tmp_path / "small"
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", path], check=False).returncode:
        pytest.skip("this machine does not let us mount")
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)


@pytest.fixture
def desk(small_disk: Path, tmp_path: Path, desk_at: Any) -> Any:
    """The warehouse is on the small disk, the stage files are elsewhere."""
    desk = desk_at(small_disk)
    (tmp_path / "runs").mkdir()
    (small_disk / "runs").symlink_to(tmp_path / "runs")
    desk.batch("r1", [desk.article("a"), desk.article("b")], visits=[desk.visit("r1", "a", "fetched")])
    desk.load("r1")
    desk.publish()
    return desk


def _long_text() -> str:
    """Eight megabytes that zstd cannot shrink below the size of the disk."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=8_000_000))


def test_a_load_onto_a_full_disk_says_so_and_can_be_done_again(desk: Any, small_disk: Path) -> None:
    before = desk.warehouse()
    desk.batch("r2", [desk.article("a", day=1, title="New words"), desk.article("c", day=1, body=_long_text())])
    with pytest.raises(StorageError, match="the disk is full: free some space, then run again"):
        desk.load("r2")
    assert desk.rows("articles") == before["articles"]
    assert desk.rows("revisions") == before["revisions"]
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    assert desk.load("r2")["herald"].out_count == 2


def test_a_commit_onto_a_full_disk_leaves_no_data_file(
    tmp_path: Path, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(tmp_path / "data")
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "a", "fetched")])

    def refuse(*_: Any, **__: Any) -> None:
        raise DeltaError("Failed to write the log: No space left on device (os error 28)")

    monkeypatch.setattr(DeltaTable, "create_write_transaction", refuse)
    with pytest.raises(StorageError, match="the disk is full"):
        desk.load("r1")
    assert list(desk.layout.warehouse.rglob("*.parquet")) == []


def test_a_disk_that_is_full_right_after_a_commit_keeps_what_was_committed(
    tmp_path: Path, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(tmp_path / "data")
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "a", "fetched")])
    commit = DeltaTable.create_write_transaction

    def commit_and_fail(*values: Any, **named: Any) -> None:
        commit(*values, **named)
        raise DeltaError("Failed to write a checkpoint: No space left on device (os error 28)")

    with monkeypatch.context() as patch:
        patch.setattr(DeltaTable, "create_write_transaction", commit_and_fail)
        with pytest.raises(StorageError, match="the disk is full"):
            desk.load("r1")
    assert len(desk.rows("fetches")) == 1
    assert desk.load("r1")["herald"].out_count == 1


def test_a_publish_onto_a_full_disk_leaves_the_old_database(desk: Any, small_disk: Path) -> None:
    before = desk.layout.database.read_bytes()
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"), filler.open("wb") as stream:
        stream.write(bytes(8_000_000))
    with pytest.raises(StorageError, match="the disk is full"):
        desk.publish()
    assert desk.layout.database.read_bytes() == before
    assert sorted(path.name for path in small_disk.glob("*.tmp*")) == []


def test_a_read_only_disk_is_named_and_what_to_do(desk: Any, small_disk: Path) -> None:
    before = desk.warehouse()
    desk.batch("r2", [desk.article("c", day=1)])
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    try:
        for act in (lambda: desk.load("r2"), desk.publish):
            with pytest.raises(StorageError, match="the file system is read-only"):
                act()
        assert desk.warehouse() == before
    finally:
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)


def test_a_first_load_into_a_file_instead_of_a_folder_says_so(tmp_path: Path, desk_at: Any) -> None:
    desk = desk_at(tmp_path / "data")
    desk.batch("r1", [desk.article("a")])
    desk.layout.warehouse.write_text("in the way")
    with pytest.raises(StorageError, match="a file is where a folder should be"):
        desk.load("r1")
