from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from newshouse.archive.index import index_day, read_day, surt
from newshouse.archive.reader import read_response
from newshouse.errors import StorageError


@pytest.fixture
def day(shelf, capture, exchange):
    """A page, a missing page, and the page again."""
    page = exchange("b", b"<p>News</p>", ip_address="192.0.2.1")
    with shelf.open() as ledger:
        first = ledger.record(capture("b", payload_digest="sha256:1"), [page])
        ledger.record(replace(capture("a"), outcome="gone"), [replace(exchange("a"), status=404)])
        ledger.record(capture("again"), [page], original=first.original)
    return shelf.warc.parent


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.Harbour.example/A?c=1&b=2", "example,harbour)/a?b=2&c=1"),
        ("https://harbour.example:443/", "example,harbour)/"),
        ("http://harbour.example:8080/a/", "example,harbour:8080)/a"),
        ("urn:sha256:ABC", "urn:sha256:abc"),
    ],
)
def test_a_url_turned_round(url, key) -> None:
    assert surt(url) == key


def test_lines_are_sorted_and_read_as_replay_tools_do(day) -> None:
    lines = index_day(day).read_text().splitlines()
    assert lines == sorted(lines)
    assert [line.split(" ")[0] for line in lines] == ["example,harbour)/a", "example,harbour)/b", "example,harbour)/b"]
    key, timestamp, text = next(line for line in lines if '"text/html"' in line and '"200"' in line).split(" ", 2)
    assert (key, timestamp) == ("example,harbour)/b", "20261123060102")
    assert json.loads(text).keys() == {"url", "mime", "status", "digest", "length", "offset", "filename"}


def test_every_line_leads_to_its_response(day, shelf) -> None:
    entries = read_day(day)
    for entry in entries:
        found = read_response(shelf.archive, f"{day.name}/{entry.warc_file}", entry.offset, entry.length)
        assert found.url == entry.url
    assert sorted(entry.status for entry in entries) == [200, 200, 404]


def test_a_revisit_says_where_its_payload_lies(day, shelf) -> None:
    (revisit,) = [entry for entry in read_day(day) if entry.mime == "warc/revisit"]
    place = revisit.original_file, revisit.original_offset, revisit.original_length
    assert read_response(shelf.archive, *place).body == b"<p>News</p>"


def test_the_index_follows_a_file_that_grows(day, shelf, capture, exchange) -> None:
    before = read_day(day)
    os.utime(day / "index.cdxj", ns=(1, 1))  # as if long ago
    with shelf.open() as ledger:
        ledger.record(capture("c"), [exchange("c")])
    assert len(read_day(day)) == len(before) + 1


def test_a_damaged_record_is_left_out_of_the_index(day, shelf) -> None:
    data = bytearray(shelf.warc.read_bytes())
    entry = next(entry for entry in read_day(day) if entry.status == 404)
    data[entry.offset + 30] ^= 0xFF
    shelf.warc.write_bytes(data)
    index_day(day)
    assert 404 not in [entry.status for entry in read_day(day)]


def test_who_may_only_read_the_archive_reads_a_day_without_an_index(day, monkeypatch) -> None:
    kept = read_day(day)
    (day / "index.cdxj").unlink()

    def refuse(path, _text):
        raise StorageError(f"{path}: no permission")

    monkeypatch.setattr("newshouse.archive.index.write_text", refuse)

    assert read_day(day) == kept and kept
    assert not (day / "index.cdxj").exists()


def test_a_damaged_index_is_named(day) -> None:
    path = index_day(day)
    path.write_text("no index\n")
    os.utime(path, ns=(4 * 10**18, 4 * 10**18))
    with pytest.raises(StorageError, match=r"index\.cdxj: damaged index.*Delete it"):
        read_day(day)
