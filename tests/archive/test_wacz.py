from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from dataclasses import replace

import pytest

from newshouse.archive.ledger import Ledger
from newshouse.archive.wacz import export
from newshouse.errors import ConfigError

from .conftest import AT


@pytest.fixture
def archive(shelf, capture, exchange, tmp_path):
    """A page and a picture, and the day after a revisit of the page."""
    with shelf.open() as ledger:
        first = ledger.record(capture(payload_digest="sha256:1"), [exchange()])
        ledger.record(capture("b"), [exchange("b", b"GIF8", (("Content-Type", "image/gif"),))])
    later = shelf.archive / "2026-11-24" / "next-00-fetch.warc.gz"
    with Ledger.open(archive=shelf.archive, warc=later, journal=tmp_path / "next.jsonl") as ledger:
        ledger.record(replace(capture("again"), outcome="unchanged"), [exchange()], original=first.original)
    return shelf.archive


@pytest.fixture
def package(archive, tmp_path):
    """The later day only, which needs the file of the first."""
    output = tmp_path / "out.wacz"
    export(archive, (archive / "2026-11-24").iterdir(), output, title="One day", created_at=AT)
    with zipfile.ZipFile(output) as package:
        yield package


def test_the_package_lists_each_part_with_its_right_digest(package) -> None:
    told = json.loads(package.read("datapackage.json"))
    assert (told["profile"], told["wacz_version"], told["created"]) == ("data-package", "1.1.1", "2026-11-23T06:01:02Z")
    listed = {part["path"] for part in told["resources"]}
    assert listed | {"datapackage.json", "datapackage-digest.json"} == set(package.namelist())
    for part in told["resources"]:
        data = package.read(part["path"])
        assert (part["hash"], part["bytes"]) == (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
    seal = json.loads(package.read("datapackage-digest.json"))
    assert seal["hash"] == "sha256:" + hashlib.sha256(package.read(seal["path"])).hexdigest()


def test_files_that_revisits_refer_to_come_along(package, archive) -> None:
    name = "archive/daily-00-fetch.warc.gz"
    assert package.read(name) == (archive / "2026-11-23" / "daily-00-fetch.warc.gz").read_bytes()
    assert package.getinfo(name).compress_type == zipfile.ZIP_STORED  # else a player could not seek in it


def test_index_lines_lead_to_records_inside_the_package(package) -> None:
    lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
    assert lines == sorted(lines) and len(lines) == 3
    for line in lines:
        place = json.loads(line.split(" ", 2)[2])
        start = int(place["offset"])
        record = package.read(f"archive/{place['filename']}")[start : start + int(place["length"])]
        assert place["url"].encode() in gzip.decompress(record)


def test_pages_are_the_html_answers(package) -> None:
    head, *pages = map(json.loads, package.read("pages/pages.jsonl").splitlines())
    assert head["format"] == "json-pages-1.0"
    assert pages == [{"url": "http://harbour.example/a", "ts": "2026-11-23T06:01:02Z"}]


def test_nothing_to_export_is_said(shelf, tmp_path) -> None:
    with pytest.raises(ConfigError, match="no archive file matches"):
        export(shelf.archive, [], tmp_path / "out.wacz", title="", created_at=AT)
    assert not (tmp_path / "out.wacz").exists()
