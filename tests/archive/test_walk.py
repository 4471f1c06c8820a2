from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newshouse.archive.raw import read
from newshouse.archive.reader import read_response
from newshouse.archive.walk import Damage, Found, walk
from newshouse.errors import StorageError

SAMPLES = {  # whole records, damaged places
    "block-sized-records.warc": (3, 0),
    "block-sized-records.warc.gz": (3, 0),
    "clipped.warc.gz": (0, 1),
    "clueweb-quirk.warc.gz": (30, 0),
    "example-bad-non-chunked.warc.gz": (0, 1),
    "example-bad.warc.gz.bad": (0, 1),
    "example-digest.warc": (3, 1),
    "example-iana.org-chunked.warc": (3, 0),
    "example-resource.warc.gz": (3, 0),
    "example-space-in-target-uri.warc.gz": (2, 0),
    "example-trunc.warc": (3, 1),
    "example-wget-bad-target-uri.warc.gz": (6, 0),
    "example-wrong-chunks.warc.gz": (0, 1),
    "example.warc": (6, 0),
    "example.warc.gz": (6, 0),
    "post-test.warc.gz": (6, 0),
    "warcfile.warc": (50, 0),
    "warcfile.warc.gz": (50, 0),
    "whirlwind.warc.gz": (4, 0),
}
REFUSED = {
    "bad.arc": "ARC, .* warcio recompress",
    "block-sized-records.warc.lz4": "LZ4.* fastwarc recompress",
    "example-space-in-url.arc": "ARC, ",
    "example.arc": "ARC, ",
    "example.arc.gz": "ARC, ",
    "warcfile.warc.lz4": "LZ4",
}


@pytest.fixture
def pages(shelf, capture, exchange):
    """Three pages in one file."""
    with shelf.open() as ledger:
        return [ledger.record(capture(name), [exchange(name, name.encode() * 900)]) for name in "abc"]


def damage(path):
    return [one for one in walk(path) if isinstance(one, Damage)]


def urls(path):
    return [one.record.url for one in walk(path) if isinstance(one, Found) and one.record.kind == "response"]


def test_every_record_is_found_where_its_pointer_says(shelf, pages) -> None:
    places = [(one.offset, one.length) for one in walk(shelf.warc) if one.record.kind == "response"]
    assert places == [(page.warc_offset, page.warc_length) for page in pages]
    assert damage(shelf.warc) == []


@pytest.mark.parametrize("place", [0, 2, 11, 60, -9, -5])
def test_a_flipped_byte_damages_one_record_and_no_other(shelf, pages, place) -> None:
    data = bytearray(shelf.warc.read_bytes())
    data[pages[1].warc_offset + place % pages[1].warc_length] ^= 0xFF
    shelf.warc.write_bytes(data)
    assert [one.offset for one in damage(shelf.warc)] == [pages[1].warc_offset]
    assert [url[-1] for url in urls(shelf.warc)] == ["a", "c"]


def test_a_torn_end_is_named(shelf, pages) -> None:
    whole = shelf.warc.read_bytes()
    shelf.warc.write_bytes(whole[: pages[2].warc_offset + 50])
    assert damage(shelf.warc) == [Damage(pages[2].warc_offset, "the file ends in the middle of a record")]


def test_bytes_changed_before_they_were_packed_are_found_by_the_digest(shelf, pages) -> None:
    data = shelf.warc.read_bytes()
    start, end = pages[0].warc_offset, pages[0].warc_offset + pages[0].warc_length
    forged = gzip.compress(gzip.decompress(data[start:end]).replace(b"aaaa", b"aaab", 1))
    shelf.warc.write_bytes(data[:start] + forged + data[end:])
    assert [(one.offset, "digest" in one.why) for one in damage(shelf.warc)] == [(start, True)]


def test_an_uncompressed_file_is_read_past_its_damage(shelf, pages, tmp_path) -> None:
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(shelf.warc.read_bytes()).replace(b"bbbb", b"bbbc", 1))
    assert len(damage(plain)) == 1
    assert [url[-1] for url in urls(plain)] == ["a", "c"]


def test_an_empty_file_has_no_records_and_a_missing_one_is_named(tmp_path) -> None:
    (tmp_path / "new.warc.gz").touch()
    assert list(walk(tmp_path / "new.warc.gz")) == []
    with pytest.raises(StorageError, match="no such archive file"):
        list(walk(tmp_path / "lost.warc.gz"))


@given(junk=st.binary(max_size=300), cut=st.integers(0, 400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_whatever_lies_in_a_file_walking_ends_and_covers_it(shelf, pages, tmp_path, junk, cut) -> None:
    path = tmp_path / "junk.warc.gz"
    path.write_bytes(junk[:20] + shelf.warc.read_bytes()[:cut] + junk)
    end = 0
    with suppress(StorageError):  # it may look like ARC or LZ4
        for one in walk(path):
            assert one.offset >= end
            end = one.offset + (one.length if isinstance(one, Found) else 1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "no WARC header"),
        (b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", "Content-Length"),
        (b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: -4\r\n\r\n", "Content-Length"),
        (b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nabc", "3 bytes of the 9"),
        (b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 2\r\n\r\nabc\r\n\r\n", "longer than"),
    ],
)
def test_what_is_wrong_with_a_record_is_said(data, why) -> None:
    with pytest.raises(ValueError, match=why):
        read(data)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_of_other_tools_is_read_or_its_damage_named(shared, name) -> None:
    found = list(walk(shared / "conformance" / "warc_samples" / name))
    whole = sum(isinstance(one, Found) for one in found)
    assert (whole, len(found) - whole) == SAMPLES[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_in_another_format_is_refused_with_the_way_out(shared, name) -> None:
    with pytest.raises(StorageError, match=REFUSED[name]):
        list(walk(shared / "conformance" / "warc_samples" / name))


def test_no_sample_was_left_out(shared) -> None:
    names = {path.name for path in (shared / "conformance" / "warc_samples").iterdir()} - {"SOURCE.txt"}
    assert names == SAMPLES.keys() | REFUSED.keys()


def test_a_record_without_a_true_date_is_refused(shared) -> None:
    with pytest.raises(StorageError, match=r"at byte 317: .*'2008-10-294T05:21:46-0700' is not a date"):
        read_response(shared / "conformance" / "warc_samples", "clueweb-quirk.warc.gz", 317, 9031)


@pytest.mark.parametrize("name", [name for name, (_, bad) in SAMPLES.items() if not bad and "clueweb" not in name])
def test_the_responses_of_the_samples_have_bodies(shared, name) -> None:
    folder = shared / "conformance" / "warc_samples"
    for one in walk(folder / name):
        if one.record.kind in ("response", "resource"):
            found = read_response(folder, name, one.offset, one.length)
            assert found.url == one.record.url
