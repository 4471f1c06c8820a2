from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newshouse.archive.exchange import Exchange
from newshouse.archive.index import read_day
from newshouse.archive.ledger import Ledger
from newshouse.archive.shelf import Archive, keep
from newshouse.cli import main
from newshouse.layout import DataLayout
from newshouse.records import Capture
from newshouse.storage.bucket import Bucket

AT = datetime(2026, 11, 23, 6, 1, 2, tzinfo=UTC)
URL = "http://harbour.example/ferry"


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """A data folder whose archive has one page, captured once broken and once well."""
    monkeypatch.setenv("NEWSHOUSE_DATA", str(tmp_path))
    archive = tmp_path / "archive"
    warc = archive / "2026-11-23" / "daily-00-fetch.warc.gz"
    capture_twice(archive, warc, tmp_path / "fetch.jsonl")
    return tmp_path


def capture_twice(archive: Archive, warc: Path, journal: Path) -> None:
    with Ledger.open(archive=archive, warc=warc, journal=journal) as ledger:
        for name, status, body in (("a", 200, b"<p>The ferry sails.</p>"), ("b", 500, b"oops")):
            capture = Capture(name, "daily", "00", "harbour", "article", URL, URL, "fetched", AT, 1)
            headers = (("Content-Type", "text/html"),)
            ledger.record(capture, [Exchange(URL, AT, "/ferry", (), "HTTP/1.1", status, "", headers, body)])


def test_a_sound_archive_verifies(data, capsys) -> None:
    assert main(["archive", "verify"]) == 0
    assert capsys.readouterr().out == "1 files, 5 whole records, all well\n"


def test_damage_is_named_by_file_and_offset_and_the_exit_code(data, capsys) -> None:
    warc = next(data.glob("archive/*/*.warc.gz"))
    main(["archive", "list", "--json"])
    offset = json.loads(capsys.readouterr().out.splitlines()[0])["offset"]
    damaged = bytearray(warc.read_bytes())
    damaged[offset + 40] ^= 0xFF
    warc.write_bytes(damaged)
    assert main(["archive", "verify"]) == 1
    assert f"2026-11-23/daily-00-fetch.warc.gz at byte {offset}: " in capsys.readouterr().out


def test_list_prints_places_that_extract_takes(data, capsysbinary) -> None:
    assert main(["archive", "list", "--url", "http://www.harbour.example/fe"]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert len(lines) == 2 and lines[0].startswith("2026-11-23T06:01:02Z 200 text/html http://harbour.example/ferry  ")
    assert main(["archive", "extract", lines[1].split()[-1]]) == 0
    assert capsysbinary.readouterr().out == b"oops"


def test_extract_takes_the_capture_that_answered(data, capsysbinary, tmp_path) -> None:
    assert main(["archive", "extract", URL, "--headers"]) == 0
    assert capsysbinary.readouterr().out == b"HTTP 200\r\nContent-Type: text/html\r\n\r\n<p>The ferry sails.</p>"
    assert main(["archive", "extract", URL, "--output", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").read_bytes() == b"<p>The ferry sails.</p>"


def test_export_writes_a_package_of_a_run(data, tmp_path, capsys) -> None:
    assert main(["archive", "export", "--run", "daily", "--wacz", str(tmp_path / "day.wacz")]) == 0
    assert capsys.readouterr().out.endswith("day.wacz: 1 files, 2 captures, 1 pages\n")
    assert main(["archive", "export", "--run", "daily", "--wacz", str(tmp_path / "day.wacz"), "--json"]) == 0
    told = {"file": str(tmp_path / "day.wacz"), "files": 1, "captures": 2, "pages": 1}
    assert json.loads(capsys.readouterr().out) == told
    assert "archive/daily-00-fetch.warc.gz" in zipfile.ZipFile(tmp_path / "day.wacz").namelist()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "--day", "2020-01-01"], "nothing archived on 2020-01-01"),
        (["extract", "http://harbour.example/none"], "not in the archive"),
        (["extract", "2026-13-45/x.warc.gz:0"], "2026-13-45/x.warc.gz: not in the archive"),
        (["extract", "2026-11-23/daily-00-fetch.warc.gz:7"], "at byte 7: "),
        (["export", "--run", "other", "--wacz", "x.wacz"], "no archive file matches"),
    ],
)
def test_what_is_not_there_is_one_clear_line(data, capsys, arguments, words) -> None:
    assert main(["archive", *arguments]) > 0
    assert words in capsys.readouterr().err


def test_extract_brings_from_a_bucket_the_one_file_that_is_named(
    bucket_at: Callable[[Path], Bucket], tmp_path: Path, capsysbinary, monkeypatch
) -> None:
    bucket = bucket_at(tmp_path / "here")
    monkeypatch.setenv("NEWSHOUSE_DATA", bucket.url)
    monkeypatch.setenv("NEWSHOUSE_LOCAL", str(bucket.local))
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(bucket.endpoint))
    archive, names = DataLayout(bucket).archive, ("daily-00-fetch.warc.gz", "daily-01-fetch.warc.gz")
    for name in names:
        capture_twice(archive, archive / "2026-11-23" / name, tmp_path / name)
        keep(archive, [f"2026-11-23/{name}"])
        (archive / "2026-11-23" / name).unlink()
    assert main(["archive", "extract", f"2026-11-23/{names[0]}:7"]) > 0
    assert [path.name for path in (archive / "2026-11-23").iterdir()] == [names[0]]
    first = read_day(archive / "2026-11-23")[0]
    assert main(["archive", "extract", f"2026-11-23/{names[0]}:{first.offset}"]) == 0
    assert capsysbinary.readouterr().out == b"<p>The ferry sails.</p>"
    assert main(["archive", "extract", "2026-13-45/x.warc.gz:0"]) == 2
    assert not (archive / "2026-11-23" / names[1]).exists()
    assert main(["archive", "extract", URL]) == 0
