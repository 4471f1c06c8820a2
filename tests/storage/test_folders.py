from __future__ import annotations

from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads

import pytest

from newshouse.errors import StorageError
from newshouse.storage import folders
from newshouse.storage.folders import DiskFolder


@pytest.fixture
def folder(tmp_path: Path) -> DiskFolder:
    return DiskFolder(tmp_path / "table", tmp_path / "keys")


def test_a_large_file_is_synced_while_it_is_written_and_once_it_is_whole(
    folder: DiskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    begun = Event()

    def sync(path: Path) -> None:
        sizes.append(path.stat().st_size)
        begun.set()

    monkeypatch.setattr(folders, "sync", sync)
    monkeypatch.setattr(folders, "_PIECE_BYTES", 10)
    with folder.writing("a") as path, path.open("wb", buffering=0) as file:
        file.write(b"x" * 9)
        file.write(b"x" * 9)
        assert begun.wait(60)
        file.write(b"x")
    assert (sizes[0], sizes[-1]) == (18, 19)


def test_an_error_of_the_disk_that_comes_while_a_file_is_written_is_told_and_leaves_nothing(
    folder: DiskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = Event()

    def full_at_first(path: Path) -> None:  # as the system does: who asks again hears nothing
        if not failed.is_set():
            failed.set()
            raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(folders, "sync", full_at_first)
    monkeypatch.setattr(folders, "_PIECE_BYTES", 10)
    with pytest.raises(StorageError, match="disk is full"), folder.writing("a") as path:
        path.write_bytes(b"x" * 20)
        assert failed.wait(60)
    assert list(folder.here.iterdir()) == []


def test_a_writer_that_fails_is_told_at_once_and_leaves_no_thread(
    folder: DiskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(path: Path) -> None:  # pyarrow deletes what it could not write
        raise FileNotFoundError(2, "No such file or directory", str(path))

    monkeypatch.setattr(folders, "sync", lost)
    monkeypatch.setattr(folders, "_PIECE_BYTES", 1)
    with pytest.raises(ValueError, match="a bad row"), folder.writing("a") as path:
        path.write_bytes(b"x")
        raise ValueError("a bad row")
    assert list(folder.here.iterdir()) == []
    assert not [thread for thread in enumerate_threads() if thread.name.startswith("disk")]
