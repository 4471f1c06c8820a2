"""`newshouse import`: text dumps become rows that trace back to the file's bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from newshouse.archive.reader import read_response
from newshouse.errors import ConfigError
from newshouse.importing import import_files
from newshouse.layout import DataLayout
from newshouse.settings import Settings

DUMP = """![]() |
The harbour master of Ostrava Bay, left, shows the new tide gauge to visitors, Tuesday. Lumen |
By Ada Quill, Bo Lind
The town council of Ostrava Bay voted on Tuesday to rebuild the northern pier, which a storm tore away in March.
"We have waited two winters for this," the harbour master said. "The boats need shelter before the next one."
Work begins in May and is to last eleven months. The council set aside 4.2 million crowns for the first part.
"""


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "dumps" / "000_pier.txt"
    path.parent.mkdir()
    path.write_text(DUMP, encoding="utf-8")
    return path


def test_a_dump_becomes_one_row_and_nothing_is_invented(settings: Settings, dump: Path, committed_rows) -> None:
    summary = import_files(settings, [dump])

    (row,) = committed_rows(DataLayout(settings.data), volatile=True)["articles"]
    assert (summary.total("listed"), summary.total("loaded"), summary.balanced) == (1, 1, True)
    assert [row[name] for name in ("title", "url", "final_url", "canonical_url", "domain", "published_at")] == [
        None
    ] * 6
    assert {"title_missing", "url_missing", "date_missing"} <= set(row["quality_flags"])
    assert [author["name"] for author in row["authors"]] == ["Ada Quill", "Bo Lind"]
    assert row["byline"] == "By Ada Quill, Bo Lind"
    assert row["media"][0]["credit"] == "Lumen"
    assert row["media"][0]["caption"].startswith("The harbour master of Ostrava Bay, left,")
    assert len(row["paragraphs"]) == 3
    assert (row["source_id"], row["extractor"], row["language"]) == ("imported", "text_dump", "en")


def test_the_row_traces_back_to_the_bytes_of_the_file(settings: Settings, dump: Path, committed_rows) -> None:
    import_files(settings, [dump])

    layout = DataLayout(settings.data)
    (row,) = committed_rows(layout, volatile=True)["articles"]
    record = read_response(layout.archive, row["warc_file"], row["warc_offset"], row["warc_length"])
    assert record.body == dump.read_bytes()


def test_importing_the_same_folder_again_changes_no_row(settings: Settings, dump: Path, committed_rows) -> None:
    import_files(settings, [dump.parent])
    before = committed_rows(DataLayout(settings.data), volatile=True)
    since = settings.now()

    summary = import_files(settings, [dump.parent])

    assert committed_rows(DataLayout(settings.data), volatile=True) == before
    assert summary.loaded_at is not None
    assert summary.loaded_at < since


def test_the_same_text_twice_is_one_row(settings: Settings, dump: Path, committed_rows) -> None:
    (dump.parent / "copy.txt").write_bytes(dump.read_bytes())

    summary = import_files(settings, [dump.parent])

    assert len(committed_rows(DataLayout(settings.data))["articles"]) == 1
    assert (summary.total("listed"), summary.total("not_due")) == (2, 1)


def test_a_path_that_is_not_there_or_not_readable_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")

    with pytest.raises(ConfigError, match=r"nowhere: no such file"):
        import_files(settings, [tmp_path / "nowhere"])
    with pytest.raises(ConfigError, match=r"a\.pdf: nothing to import"):
        import_files(settings, [tmp_path / "a.pdf"])


def test_an_unknown_source_names_the_known_ones(settings: Settings, dump: Path) -> None:
    with pytest.raises(ConfigError, match=r"--source nosuch: no such source"):
        import_files(settings, [dump], "nosuch")


def test_the_seed_dump_becomes_one_row(settings: Settings, shared: Path, committed_rows) -> None:
    (seed,) = sorted((shared / "seed").glob("*.txt"))

    import_files(settings, [seed])

    (row,) = committed_rows(DataLayout(settings.data), volatile=True)["articles"]
    (picture,) = row["media"]
    assert picture["credit"] == "Yonhap"
    assert picture["caption"].startswith("Kim Hyun-chong, center, answers questions")
    assert picture["caption"].endswith("downtown Seoul, Thursday afternoon.")
    assert row["byline"] == "By Lee Min-hyung, Kim Yoo-chul"
    assert [author["name"] for author in row["authors"]] == ["Lee Min-hyung", "Kim Yoo-chul"]
    assert len(row["paragraphs"]) == 8
    assert row["body"].startswith(
        'The United States and North Korea will restart the denuclearization dialogue "soon,"'
    )
    assert row["body"].endswith("but no substantial progress has yet been made.")
    assert row["wire"] is None, "the credit belongs to the picture, not to the text"
    assert [row[name] for name in ("title", "url", "final_url", "published_at", "published_at_raw")] == [None] * 5
    assert {"title_missing", "url_missing", "date_missing"} <= set(row["quality_flags"])
    assert row["language"] == "en"
