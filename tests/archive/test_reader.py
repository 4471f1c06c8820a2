from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newshouse.archive.reader import read_response
from newshouse.errors import StorageError

ODD_HEADERS = (
    ("Content-Type", "text/html"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2"),
    ("X-Latin", "caf\xe9"),
    ("X-Folded", "one\r\n two"),
    ("Transfer-Encoding", "chunked"),
    ("Content-Length", "999999"),
)


@pytest.fixture
def stored(shelf, capture, exchange):
    with shelf.open() as ledger:
        return ledger.record(capture(), [exchange(body=b"<p>News</p>" * 200, headers=ODD_HEADERS)])


def read(shelf, capture):
    return read_response(shelf.archive, capture.warc_file, capture.warc_offset, capture.warc_length)


def test_headers_come_back_in_order_and_the_body_whole(shelf, stored) -> None:
    found = read(shelf, stored)
    assert (found.url, found.status) == ("http://harbour.example/a", 200)
    assert found.captured_at == stored.requested_at
    assert found.body == b"<p>News</p>" * 200
    assert [value for name, value in found.http_headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert found.header("x-folded") == "one   two"
    assert (found.header("transfer-encoding"), found.header("no-such")) == (None, None)


@given(body=st.binary(), name=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_any_body_survives_the_archive(shelf, capture, exchange, body, name) -> None:
    with shelf.open() as ledger:
        fetch_id = f"{len(ledger.captures())}"
        hop = exchange(fetch_id, gzip.compress(body), (("Content-Encoding", "gzip"), ("X-Name", name.strip())))
        assert read(shelf, ledger.record(capture(fetch_id), [hop])).body == body


def test_a_missing_file_is_named(shelf, stored) -> None:
    shelf.warc.unlink()
    with pytest.raises(StorageError, match=rf"daily-00-fetch\.warc\.gz at byte {stored.warc_offset}: .*missing"):
        read(shelf, stored)


@pytest.mark.parametrize("place", [0, 30, 60, -3])
def test_a_flipped_byte_is_found(shelf, stored, place) -> None:
    data = bytearray(shelf.warc.read_bytes())
    data[stored.warc_offset + place % stored.warc_length] ^= 0xFF
    shelf.warc.write_bytes(data)
    with pytest.raises(StorageError, match=f"at byte {stored.warc_offset}: "):
        read(shelf, stored)


def test_a_file_that_was_cut_short_is_found(shelf, stored) -> None:
    with shelf.warc.open("r+b") as handle:
        handle.truncate(stored.warc_offset + stored.warc_length - 40)
    with pytest.raises(StorageError, match="ends too early"):
        read(shelf, stored)


def test_a_wrong_offset_is_found(shelf, stored) -> None:
    with pytest.raises(StorageError, match="at byte 7: "):
        read_response(shelf.archive, stored.warc_file, 7, stored.warc_length)


def test_another_kind_of_record_is_found(shelf, stored) -> None:
    with pytest.raises(StorageError, match="no response, resource or revisit but a warcinfo"):
        read_response(shelf.archive, stored.warc_file, 0, stored.warc_offset)


def test_a_body_altered_under_its_digest_is_found(shelf, stored) -> None:
    """A record packed anew, its gzip sums right: only the WARC digest tells."""
    data = shelf.warc.read_bytes()
    member = gzip.decompress(data[stored.warc_offset : stored.warc_offset + stored.warc_length])
    forged = gzip.compress(member.replace(b"<p>News</p>", b"<p>Fake</p>"))
    shelf.warc.write_bytes(data[: stored.warc_offset] + forged)
    with pytest.raises(StorageError, match="digest in its header"):
        read_response(shelf.archive, stored.warc_file, stored.warc_offset, len(forged))


def test_archives_of_others_are_read(shared: Path) -> None:
    folder = shared / "conformance/warc_samples"
    chunked = read_response(
        folder, "example-iana.org-chunked.warc", *_first_response(folder / "example-iana.org-chunked.warc")
    )
    assert chunked.status == 200
    assert chunked.body.rstrip().endswith(b"</html>")
    resource = folder / "example-resource.warc.gz"
    offset, length = next((o, n) for o, n, kind in _members(resource) if kind == b"resource")
    assert read_response(folder, resource.name, offset, length).status is None


def _first_response(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    start = data.index(b"WARC/1.0\r\nWARC-Type: response")
    end = data.find(b"\r\n\r\nWARC/1.0", start)
    return start, (end + 4 if end > 0 else len(data)) - start


def _members(path: Path) -> list[tuple[int, int, bytes]]:
    import zlib

    data, offset, found = path.read_bytes(), 0, []
    while offset < len(data):
        stream = zlib.decompressobj(31)
        text = stream.decompress(data[offset:])
        length = len(data) - offset - len(stream.unused_data)
        kind = text.split(b"WARC-Type: ")[1].split(b"\r\n")[0]
        found.append((offset, length, kind))
        offset += length
    return found
