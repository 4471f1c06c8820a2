from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime

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
def output(archive, tmp_path):
    """The later day only, which needs the file of the first."""
    export(archive, (archive / "2026-11-24").iterdir(), tmp_path / "out.wacz", title="One day", created_at=AT)
    return tmp_path / "out.wacz"


@pytest.fixture
def package(output):
    with zipfile.ZipFile(output) as package:
        yield package


def violations(package: zipfile.ZipFile) -> list[str]:
    """What https://specs.webrecorder.net/wacz/1.1.1/ asks for with MUST, and SHOULD for compression, and is not so."""
    names = package.namelist()
    told = json.loads(package.read("datapackage.json"))
    resources = {part["path"]: part for part in told["resources"]}
    warcs = [name for name in names if name.startswith("archive/")]
    indexes = [name for name in names if name.startswith("indexes/")]
    head, *pages = map(json.loads, package.read("pages/pages.jsonl").splitlines())
    packed = [name for name in names if name.endswith(".gz")]
    lines = [line for name in indexes for line in gzip.decompress(package.read(name)).decode().splitlines()]
    rules = {
        "archive: one or more WARC files": warcs and all(name.endswith(".warc.gz") for name in warcs),
        "indexes: CDXJ": indexes and all(name.endswith((".cdx.gz", ".cdxj.gz")) for name in indexes),
        "each line: key, 14 digits, JSON": all(re.fullmatch(r"\S+ \d{14} \{.*\}", line) for line in lines),
        "lines sorted, for a binary search": lines == sorted(lines),
        "pages: format": head["format"] == "json-pages-1.0",
        "pages: url and ts": all({"url", "ts"} <= page.keys() for page in pages),
        "ts: RFC 3339": all(datetime.fromisoformat(page["ts"]).tzinfo for page in pages),
        "profile": told["profile"] == "data-package",
        "wacz_version": told["wacz_version"] == "1.1.1",
        "created: RFC 3339": datetime.fromisoformat(told["created"]).tzinfo,
        "name, path, hash, bytes": all({"name", "path", "hash", "bytes"} <= part.keys() for part in resources.values()),
        "names are unique": len({part["name"] for part in resources.values()}) == len(resources),
        "all files are listed": set(names) == resources.keys() | {"datapackage.json", "datapackage-digest.json"},
        "what is compressed is only stored": all(package.getinfo(name).compress_type == 0 for name in packed),
        "nothing twice": len(names) == len(set(names)),
        "the ZIP is whole": package.testzip() is None,
    }
    return [rule for rule, holds in rules.items() if not holds]


def test_the_package_is_as_the_specification_says(package) -> None:
    assert violations(package) == []


@pytest.mark.skipif(shutil.which("wacz") is None, reason="py-wacz is not installed: pipx install wacz")
def test_the_reference_validator_accepts_the_package(output) -> None:
    done = subprocess.run(["wacz", "validate", "-f", str(output)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_file_is_called_as_replay_tools_expect(archive, tmp_path) -> None:
    with pytest.raises(ConfigError, match=r"must end in \.wacz"):
        export(archive, (archive / "2026-11-24").iterdir(), tmp_path / "out.zip", title="", created_at=AT)


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
    (page,) = pages
    assert len(page.pop("id")) == 12
    assert page == {"url": "http://harbour.example/a", "ts": "2026-11-23T06:01:02Z"}


def test_nothing_to_export_is_said(shelf, tmp_path) -> None:
    with pytest.raises(ConfigError, match="no archive file matches"):
        export(shelf.archive, [], tmp_path / "out.wacz", title="", created_at=AT)
    assert not (tmp_path / "out.wacz").exists()
