"""The archive before a bucket: written here, kept there, read from where it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pyarrow.fs as pa_fs
import pytest

from newshouse.archive import shelf as module
from newshouse.archive.exchange import Exchange
from newshouse.archive.ledger import Ledger
from newshouse.archive.reader import read_response
from newshouse.archive.shelf import Shelf, keep, on_disk
from newshouse.archive.verify import verify
from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.records import Capture
from newshouse.storage.bucket import Bucket, opened
from newshouse.storage.folders import BucketFolder

NAME = "2026-11-23/run-00-fetch.warc.gz"
URL = "https://herald.example/a"


@pytest.fixture
def shelf(bucket_at: Callable[[Path], Bucket], tmp_path: Path) -> Shelf:
    archive = DataLayout(bucket_at(tmp_path / "here")).archive
    assert isinstance(archive, Shelf)
    return archive


def written(shelf: Shelf, body: bytes = b"<p>Ferry.</p>") -> Capture:
    """One exchange in an archive file on this disk."""
    at = datetime(2026, 11, 23, 6, tzinfo=UTC)
    asked, answered = [("Host", "herald.example")], [("Content-Type", "text/html")]
    exchange = Exchange(URL, at, "/a", asked, "HTTP/1.1", 200, "OK", answered, body)
    capture = Capture("one", "run", "00", "herald", "article", URL, URL, "fetched", at, 1)
    with Ledger.open(archive=shelf, warc=shelf / NAME, journal=shelf.here.parent / "journal") as ledger:
        return ledger.record(capture, [exchange])


def body_of(shelf: Shelf, capture: Capture) -> bytes:
    return read_response(shelf, capture.warc_file or "", capture.warc_offset or 0, capture.warc_length or 0).body


def test_a_kept_file_is_read_from_the_bucket_when_it_is_not_here(shelf: Shelf) -> None:
    capture = written(shelf)
    assert shelf.kept.size(NAME) is None
    keep(shelf, [NAME, None, NAME])
    assert shelf.kept.size(NAME) == (shelf / NAME).stat().st_size
    (shelf / NAME).unlink()
    assert body_of(shelf, capture) == b"<p>Ferry.</p>"
    assert not (shelf / NAME).exists()
    assert (on_disk(shelf, "2026-11-23") / NAME).exists()


def test_a_file_that_nobody_has_is_named_by_its_place_in_the_bucket(shelf: Shelf) -> None:
    capture = written(shelf)
    (shelf / NAME).unlink()
    with pytest.raises(StorageError, match=f"{shelf.kept.address}/{NAME}.*the archive file is missing"):
        body_of(shelf, capture)


def test_what_came_out_otherwise_than_it_went_in_is_not_taken_for_kept(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(shelf)
    other = shelf.here.parent / "other"
    other.write_bytes(b"another file")
    monkeypatch.setattr(BucketFolder, "reading", lambda *_: other.open("rb"))
    with pytest.raises(StorageError, match="does not hold what was sent"):
        keep(shelf, [NAME])
    assert (shelf / NAME).exists()


def test_only_old_copies_of_what_the_bucket_has_are_cleared(shelf: Shelf) -> None:
    written(shelf)
    os.utime(shelf / NAME, (0, 0))
    assert shelf.clear(before=10) == []
    keep(shelf, [NAME])
    assert shelf.clear(before=0) == []
    assert shelf.clear(before=10) == [NAME]


def test_the_copy_of_the_bucket_takes_the_place_of_an_older_one(shelf: Shelf) -> None:
    capture = written(shelf)
    keep(shelf, [NAME])
    whole = (shelf / NAME).read_bytes()
    (shelf / NAME).write_bytes(b"\0" * len(whole))
    shelf.take([NAME, "2026-11-23/of-nobody.warc.gz"])
    assert body_of(shelf, capture) == b"<p>Ferry.</p>"


def test_an_upload_that_breaks_off_leaves_the_object_as_it_was(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    written(shelf)
    keep(shelf, [NAME])
    whole = (shelf / NAME).read_bytes()
    pieces = iter([whole[:100]])

    def torn(file: BinaryIO, each: Callable[[bytes], object]) -> str:
        for piece in pieces:
            each(piece)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_digest", torn)
        with pytest.raises(KeyboardInterrupt):
            keep(shelf, [NAME])
    assert shelf.kept.opened(NAME).read() == whole
    assert drafts(shelf) == []
    keep(shelf, [NAME])
    assert shelf.kept.opened(NAME).read() == whole
    assert drafts(shelf) == []


def test_a_file_too_large_to_be_copied_goes_straight_to_its_name(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    written(shelf)
    monkeypatch.setattr(module, "_MOST_COPIED_BYTES", 10)
    monkeypatch.setattr(BucketFolder, "drafting", None)
    keep(shelf, [NAME])
    assert shelf.kept.opened(NAME).read() == (shelf / NAME).read_bytes()


def test_a_copy_that_is_cleared_just_when_it_is_read_is_read_from_the_bucket(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(shelf)
    whole = (shelf / NAME).read_bytes()
    keep(shelf, [NAME])
    os.utime(shelf / NAME, (0, 0))
    exists = Path.exists

    def cleared(path: Path) -> bool:
        there = exists(path)
        shelf.clear(before=10)
        return there

    with monkeypatch.context() as patch:
        patch.setattr(Path, "exists", cleared)
        assert shelf.read(NAME, 1, 100) == whole[1:101]


def test_verify_brings_again_what_is_cleared_meanwhile_and_names_what_nobody_has(shelf: Shelf) -> None:
    written(shelf)
    keep(shelf, [NAME])
    files = [shelf / NAME, shelf / "2026-11-23/of-nobody.warc.gz"]
    os.utime(shelf / NAME, (0, 0))
    assert shelf.clear(before=10) == [NAME]
    verdict = verify(shelf, files)
    assert verdict.records > 1
    assert [fault.warc_file for fault in verdict.faults] == ["2026-11-23/of-nobody.warc.gz"]


def drafts(shelf: Shelf) -> list[str]:
    """What lies in the bucket beside the archive."""
    bucket = shelf.kept.bucket
    found = opened(bucket).get_file_info(pa_fs.FileSelector(bucket.path(), recursive=True))
    files = (info.path for info in found if info.type == pa_fs.FileType.File)
    return [path for path in files if not path.startswith(bucket.path("archive/"))]


def test_a_piece_in_the_bucket_takes_the_place_of_no_whole_file(shelf: Shelf) -> None:
    capture = written(shelf)
    whole = (shelf / NAME).read_bytes()
    with shelf.kept.writing(NAME) as stream:
        stream.write(whole[:100])
    shelf.take([NAME])
    assert body_of(shelf, capture) == b"<p>Ferry.</p>"
    assert (on_disk(shelf, "2026-11-23") / NAME).read_bytes() == whole
