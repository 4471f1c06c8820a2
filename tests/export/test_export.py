"""Exports: whole, readable by others, chosen as asked, and there at once or not at all."""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from newshouse import cli
from newshouse.errors import ConfigError
from newshouse.export import dataset
from newshouse.export.card import Contents
from newshouse.export.dataset import Choice, export
from newshouse.export.formats import FORMATS
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES
from newshouse.settings import Settings
from newshouse.warehouse.query import select

NOW = Settings().now()


def write(data: Path, folder: Path, form: str = "parquet", choice: Choice | None = None, **values: Any) -> Contents:
    return export(DataLayout(data), folder, form, choice or Choice(), now=NOW, **values)


def read(folder: Path, form: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for path in sorted((folder / "data").iterdir()):
        if form == "parquet":
            rows += pq.read_table(path).to_pylist()
        elif form == "arrow":
            rows += pa.ipc.open_file(str(path)).read_all().to_pylist()
        elif form == "jsonl":
            rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        else:
            with path.open(encoding="utf-8", newline="") as stream:
                rows += list(csv.DictReader(stream))
    return rows


def all_rows(data: Path, where: str = "true") -> list[str]:
    found = select(DataLayout(data), f"SELECT article_id FROM articles WHERE {where} ORDER BY article_id")  # noqa: S608
    ids: list[str] = found["article_id"].to_pylist()
    return ids


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_article_and_column_is_in_every_format(sample_data: Path, tmp_path: Path, form: str) -> None:
    contents = write(sample_data, tmp_path / "out", form, rows_a_file=30)
    rows = read(tmp_path / "out", form)
    assert sorted(row["article_id"] for row in rows) == all_rows(sample_data)
    assert list(rows[0]) == ARTICLES.schema().names
    assert len(contents.files) >= 1 and contents.rows == len(rows)
    by_id = {row["article_id"]: row for row in rows}
    truth = select(DataLayout(sample_data), "SELECT article_id, title, body, authors, word_count FROM articles")
    for row in truth.to_pylist():
        there = by_id[row["article_id"]]
        assert (there["title"], there["body"]) == (row["title"], row["body"])
        authors = json.loads(there["authors"]) if form == "csv" and there["authors"] else there["authors"]
        assert (authors or None) == (row["authors"] or None)
        assert int(there["word_count"]) == row["word_count"]


def test_the_files_are_no_longer_than_asked(sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newshouse.warehouse.query._ROWS_A_BATCH", 10)
    write(sample_data, tmp_path / "out", rows_a_file=20)
    counts = [pq.read_metadata(path).num_rows for path in sorted((tmp_path / "out" / "data").iterdir())]
    assert len(counts) > 1 and sum(counts) == len(all_rows(sample_data))


@pytest.mark.parametrize(
    ("choice", "where"),
    [
        (Choice(sources=("vale-courier", "naru-ilbo")), "source_id IN ('vale-courier', 'naru-ilbo')"),
        (Choice(languages=("de",)), "language = 'de'"),
        (Choice(since=date(2026, 11, 23)), "published_at >= '2026-11-23 00:00+00'"),
        (Choice(until=date(2026, 11, 22)), "published_at < '2026-11-23 00:00+00'"),
        (Choice(originals=True), "duplicate_of IS NULL"),
        (Choice(present=True), "vanished_at IS NULL"),
        (Choice(unreserved=True), "coalesce(rights.tdm_reservation, 0) = 0 AND NOT coalesce(rights.noarchive, false)"),
    ],
)
def test_a_choice_is_kept(sample_data: Path, tmp_path: Path, choice: Choice, where: str) -> None:
    write(sample_data, tmp_path / "out", choice=choice)
    assert sorted(row["article_id"] for row in read(tmp_path / "out", "parquet")) == all_rows(sample_data, where)


def test_the_card_has_the_front_matter_the_counts_and_every_column(sample_data: Path, tmp_path: Path) -> None:
    contents = write(sample_data, tmp_path / "out", "jsonl", Choice(languages=("en",)))
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    head = yaml.safe_load(text.split("---")[1])
    assert head["language"] == ["en"]
    assert (head["license"], head["size_categories"]) == ("other", ["n<1K"])
    assert head["configs"][0]["data_files"] == [{"split": "train", "path": "data/*.jsonl"}]
    assert f"{contents.rows} articles" in text and "language en" in text and "belong to their publishers" in text
    assert all(f"`{column.name}`" in text for column in ARTICLES.columns)


def test_what_is_there_already_is_not_touched(sample_data: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("")
    with pytest.raises(ConfigError, match="is there already"):
        write(sample_data, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


def test_drafts_of_exports_that_were_killed_are_cleared_away_a_day_later(sample_data: Path, tmp_path: Path) -> None:
    old, new, other = (tmp_path / f".{name}.tmp" for name in (f"out.{'a' * 32}", f"out.{'b' * 32}", "out.of.mine"))
    for draft in (old, new, other):
        draft.mkdir()
    for draft in (old, other):
        os.utime(draft, (0, 0))
    write(sample_data, tmp_path / "out")
    assert (old.exists(), new.exists(), other.exists()) == (False, True, True)


def test_a_first_day_after_the_last_is_told() -> None:
    with pytest.raises(ConfigError, match="--since 2026-11-24 is after --until 2026-11-23"):
        Choice(since=date(2026, 11, 24), until=date(2026, 11, 23))


def test_nothing_is_left_of_an_export_that_fails(
    sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="no article fits"):
        write(sample_data, tmp_path / "out", choice=Choice(sources=("nosuch",)))

    def broken(_: Contents) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dataset, "card", broken)
    with pytest.raises(Exception, match="disk is full"):
        write(sample_data, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_command_tells_what_it_wrote(sample_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    assert cli.main(["export", str(folder), "--source", "naru-ilbo", "--json", "--data", str(sample_data)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["articles"] == len(all_rows(sample_data, "source_id = 'naru-ilbo'"))
    assert cli.main(["export", str(folder), "--data", str(sample_data)]) == 2
