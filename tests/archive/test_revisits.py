from __future__ import annotations

import gzip
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from newshouse.archive.reader import find_original, read_response
from newshouse.errors import StorageError

BODY = b"<p>The ferry sails again.</p>" * 50


def read(shelf, capture):
    return read_response(shelf.archive, capture.warc_file, capture.warc_offset, capture.warc_length)


def warc_headers(shelf, capture) -> dict[str, str]:
    data = (shelf.archive / capture.warc_file).read_bytes()[capture.warc_offset :][: capture.warc_length]
    return dict(next(iter(ArchiveIterator(io.BytesIO(data)))).rec_headers.headers)


@pytest.fixture
def later(exchange):
    """The same page an hour later."""

    def make(**fields):
        hop = exchange(body=BODY)
        return replace(hop, requested_at=hop.requested_at + timedelta(hours=1), **fields)

    return make


@pytest.fixture
def first(shelf, capture, exchange):
    return shelf.open().record(capture(payload_digest="sha256:1"), [exchange(body=BODY)])


@pytest.fixture
def again(shelf, first, capture, later):
    """Record the page once more, as unchanged."""

    def record(name="again", original=None, **fields):
        shelf.close()
        unchanged = replace(capture(name, payload_digest="sha256:1"), outcome="unchanged")
        return shelf.open().record(unchanged, [later(**fields)], original=original or first.original)

    return record


def test_the_same_payload_is_a_revisit_that_gives_the_bytes_of_the_first(shelf, first, again, later) -> None:
    revisit = again()
    assert revisit.warc_offset > first.warc_offset
    assert warc_headers(shelf, revisit)["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
    found = read(shelf, revisit)
    assert (found.status, found.body, found.captured_at) == (200, BODY, later().requested_at)


def test_a_304_is_a_revisit_by_the_profile_of_its_own(shelf, again) -> None:
    revisit = again(status=304, body=b"", headers=())
    assert warc_headers(shelf, revisit)["WARC-Profile"].endswith("/1.1/revisit/server-not-modified")
    found = read(shelf, revisit)
    assert (found.status, found.header("content-type"), found.body) == (200, "text/html", BODY)


def test_a_revisit_says_what_it_refers_to_as_the_standard_asks(shelf, first, again) -> None:
    original, revisit = warc_headers(shelf, first), warc_headers(shelf, again())
    assert revisit["WARC-Type"] == "revisit"
    assert revisit["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
    assert revisit["WARC-Refers-To"] == original["WARC-Record-ID"]
    assert revisit["WARC-Refers-To-Target-URI"] == original["WARC-Target-URI"]
    assert revisit["WARC-Refers-To-Date"] == original["WARC-Date"]


def test_a_revisit_of_a_revisit_refers_to_the_payload(shelf, first, again) -> None:
    second = again("second")
    third = again("third", original=second.original, status=304, body=b"")
    target = find_original(shelf.archive, third.warc_file, third.warc_offset, third.warc_length)
    assert (target.warc_offset, target.warc_length) == (first.warc_offset, first.warc_length)
    assert read(shelf, third).body == BODY


def test_the_same_page_in_another_gzip_stream_is_another_payload(shelf, again) -> None:
    stored = again(body=gzip.compress(BODY, mtime=1), headers=(("Content-Encoding", "gzip"),))
    assert warc_headers(shelf, stored)["WARC-Type"] == "response"
    assert read(shelf, stored).body == BODY


def test_without_its_original_a_payload_is_stored_again(shelf, first, again) -> None:
    stored = again(original=replace(first.original, warc_file="2026-11-22/lost.warc.gz"))
    assert warc_headers(shelf, stored)["WARC-Type"] == "response"
    assert read(shelf, stored).body == BODY


def test_a_revisit_whose_original_is_damaged_names_the_original(shelf, first, again) -> None:
    revisit = again()
    data = bytearray(shelf.warc.read_bytes())
    data[first.warc_offset + 40] ^= 0xFF
    shelf.warc.write_bytes(data)
    with pytest.raises(StorageError, match=f"at byte {first.warc_offset}: "):
        read(shelf, revisit)


def test_a_pointer_never_leads_out_of_the_archive(shelf, first, tmp_path) -> None:
    (tmp_path / "secret.warc.gz").write_bytes(shelf.warc.read_bytes())
    with pytest.raises(StorageError, match="outside of the archive"):
        read(shelf, replace(first, warc_file="../secret.warc.gz"))
