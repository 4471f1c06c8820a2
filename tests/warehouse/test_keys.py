"""Notes of which article lies in which data file: never one too few, and never more than a convenience."""

from __future__ import annotations

import shutil
import string
from pathlib import Path
from threading import Barrier
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import ContractError, StorageError
from newshouse.schemas import ARTICLES
from newshouse.storage.bucket import Bucket
from newshouse.storage.folders import BucketFolder
from newshouse.warehouse import keys as module
from newshouse.warehouse.keys import holding, keys
from newshouse.warehouse.maintenance import compact, vacuum
from newshouse.warehouse.tables import Change, Snapshot, change, snapshot

TEXTS = st.lists(st.none() | st.text(max_size=80) | st.text(string.hexdigits, min_size=32, max_size=32), max_size=20)


@pytest.fixture
def twice(desk: Any) -> Any:
    """A warehouse of two data files."""
    for run, name in (("r1", "a"), ("r2", "b")):
        desk.batch(run, [desk.article(name)])
        desk.load(run)
    return desk


def _articles(desk: Any) -> Snapshot:
    return snapshot(desk.layout, ARTICLES)


def _holding(desk: Any, name: str) -> list[str]:
    """The articles in the files that may hold one."""
    now = _articles(desk)
    files = now.holding("article_id", [desk.id(name)])
    return sorted(now.read(["article_id"], only=files)["article_id"].to_pylist())


@given(TEXTS)
def test_a_text_has_one_key_and_others_have_others(texts: list[str | None]) -> None:
    found = keys(pa.array(texts, pa.string()))

    assert len(found) == len(texts)
    assert found.tolist() == [keys(pa.chunked_array([[text]], pa.string()))[0] for text in texts]
    ends = {((text or "").rjust(32).encode()[-32:]): key for text, key in zip(texts, found.tolist(), strict=True)}
    assert len(set(ends.values())) == len(ends)


def test_only_the_file_that_holds_an_article_is_named(twice: Any) -> None:
    assert _holding(twice, "a") == [twice.id("a")]
    assert _holding(twice, "b") == [twice.id("b")]
    assert _holding(twice, "c") == []


def test_nothing_asked_for_is_in_no_file(twice: Any) -> None:
    assert list(_articles(twice).holding("article_id", [])) == []
    # No file is looked at for it: this one is not there.
    assert holding(_articles(twice).folder, ["missing.parquet"], "article_id", pa.array([], pa.string())) == []


def test_values_that_can_be_read_only_once_pick_their_rows(twice: Any) -> None:
    found = _articles(twice).pick(["title"], (twice.id(name) for name in "ab"))
    assert sorted(found["title"].to_pylist()) == ["Title of a", "Title of b"]


def test_a_note_that_wrongly_says_not_here_loses_no_change_and_is_healed_by_deleting_the_folder(twice: Any) -> None:
    now = _articles(twice)
    notes = sorted(now.folder.keys.iterdir())
    (row,) = now.read(["title"], only=[now.names()[0]]).to_pylist()
    lost = row["title"][-1]
    notes[0].write_bytes(notes[1].read_bytes())  # whole, but of another file

    def again(name: str) -> None:
        row = ARTICLES.arrow([twice.row(name) | {"title": "Again"}])
        change(twice.layout, ARTICLES, lambda _: Change(row.slice(0, 0), row))

    files, rows = now.names(), twice.rows("articles")
    with pytest.raises(ContractError, match=rf"1 rows .* in no data file.* Delete the folder {now.folder.keys}"):
        again(lost)
    assert (_articles(twice).names(), twice.rows("articles")) == (files, rows)
    shutil.rmtree(now.folder.keys)
    again(lost)
    assert twice.row(lost)["title"] == "Again"


def test_notes_of_a_bucket_are_made_as_many_at_a_time_as_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, seen = Bucket.at("s3://newsroom/data", local=tmp_path), Barrier(8)

    def noted(*_: Any) -> Any:
        seen.wait(timeout=10)  # broken, if they do not come together
        return known

    known = keys(pa.array(["a"]))
    monkeypatch.setattr(module, "_noted", noted)
    names = [f"{number}.parquet" for number in range(8)]
    folder = BucketFolder(there, "warehouse/articles", tmp_path, tmp_path / "keys")
    assert holding(folder, names, "article_id", pa.array(["a"])) == names


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-8], lambda data: bytes(len(data))])
def test_a_damaged_note_is_made_again(twice: Any, damage: Any) -> None:
    _holding(twice, "a")
    notes = {path: path.read_bytes() for path in _articles(twice).folder.keys.iterdir()}
    for path, data in notes.items():
        path.write_bytes(damage(data))

    assert _holding(twice, "a") == [twice.id("a")]
    assert {path: path.read_bytes() for path in notes} == notes


def test_no_note_is_made_of_ids_that_the_disk_damaged(twice: Any) -> None:
    now = _articles(twice)
    place = now.root / now.names()[0]
    rows = pq.read_table(place, partitioning=None)
    pq.write_table(rows, place, compression="NONE", use_dictionary=False, write_page_checksum=True)
    (key,) = rows["article_id"].to_pylist()
    place.write_bytes(place.read_bytes().replace(key.encode(), b"0" * len(key)))
    shutil.rmtree(now.folder.keys)
    with pytest.raises(StorageError, match="newshouse doctor"):
        now.holding("article_id", [key])


def test_who_may_write_no_note_gets_the_same_answer(twice: Any) -> None:
    folder = _articles(twice).folder.keys
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("not a folder")

    assert _holding(twice, "b") == [twice.id("b")]


def test_a_column_that_a_file_has_not_is_null_in_its_note(twice: Any) -> None:
    now = _articles(twice)
    place = now.root / now.names()[0]
    rows = pq.read_table(place, partitioning=None)
    pq.write_table(rows.drop_columns(["body_hash"]), place)
    for path in now.folder.keys.iterdir():
        path.unlink()

    assert list(now.holding("body_hash", rows["body_hash"])) == []
    assert list(now.holding("url", rows["url"])) == [now.names()[0]]


def test_notes_of_files_that_are_gone_go_too(twice: Any) -> None:
    folder = _articles(twice).folder.keys
    before = set(folder.iterdir())
    assert len(before) == 2

    compact(twice.layout, now=twice.morning.replace(year=twice.morning.year + 1))
    (folder / ".draft").write_text("of a killed process")
    vacuum(twice.layout, retention_hours=0)

    after = set(folder.iterdir())
    assert (len(after), after & before) == (1, set())
    assert _holding(twice, "a") == sorted([twice.id("a"), twice.id("b")])
