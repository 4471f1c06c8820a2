"""Records overwritten in place: the file keeps its length, every other record its place, and every reader goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.archive import blank as module
from newshouse.archive.blank import blank
from newshouse.archive.members import resource
from newshouse.archive.reader import read_response
from newshouse.archive.walk import Damage, Found, walk
from newshouse.errors import ForgottenRecordError, StorageError

AT = datetime(2026, 11, 25, tzinfo=UTC)


def records(path: Path) -> list[Found]:
    found = list(walk(path))
    assert not [one for one in found if isinstance(one, Damage)]
    return [one for one in found if isinstance(one, Found)]


def archive(path: Path, *bodies: bytes, packed: bool = True) -> list[Found]:
    written = [resource(f"https://herald.example/{n}", AT, body, "text/html").data for n, body in enumerate(bodies)]
    if not packed:
        import gzip

        written = [gzip.decompress(data) for data in written]
    path.write_bytes(b"".join(written))
    return records(path)


@pytest.mark.parametrize("packed", [True, False])
def test_one_record_goes_and_the_others_stay_where_they_are(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    before = archive(path, b"first", b"secret" * 500, b"third", packed=packed)
    place = (before[1].offset, before[1].length)
    assert blank(path, [place], lambda url: False, at=AT) == 1
    after = records(path)
    assert [(one.offset, one.length) for one in after] == [(one.offset, one.length) for one in before]
    assert [one.record.is_forgotten for one in after] == [False, True, False]
    assert b"secret" not in path.read_bytes()
    with pytest.raises(ForgottenRecordError, match="forgotten on purpose"):
        read_response(tmp_path, path.name, *place)
    assert read_response(tmp_path, path.name, before[2].offset, before[2].length).body == b"third"
    assert blank(path, [place], lambda url: True, at=AT) == 2, "the blank one is left as it is"


def test_all_records_of_an_address_go_wherever_they_lie(tmp_path: Path) -> None:
    archive(tmp_path / "a.warc.gz", b"x" * 300, b"y" * 300)
    assert blank(tmp_path / "a.warc.gz", [], lambda url: url.endswith("/1"), at=AT) == 1
    assert [one.record.is_forgotten for one in records(tmp_path / "a.warc.gz")] == [False, True]


def test_a_place_beyond_the_end_of_a_file_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    first, second = archive(path, b"x" * 300, b"y" * 300)
    path.write_bytes(piece := path.read_bytes()[: second.offset])
    with pytest.raises(StorageError, match=r"a\.warc\.gz: \d+ bytes, but .* ends at byte \d+"):
        blank(path, [(first.offset, first.length), (second.offset, second.length)], lambda url: True, at=AT)
    assert path.read_bytes() == piece


SHORTEST = 400  # bytes of both kinds, and shorter than any record that we write


@given(st.integers(min_value=SHORTEST, max_value=200_000))
def test_a_blank_record_can_have_any_length(length: int) -> None:
    assert len(module._member(length, AT)) == len(module._plain(length, AT)) == length


def test_where_the_length_of_the_block_gets_a_digit_more_it_fits_too() -> None:
    for length in (*range(SHORTEST, 1500), *range(10_000, 10_300)):
        assert len(module._plain(length, AT)) == length


def test_a_record_that_is_too_short_is_told_and_not_damaged() -> None:
    for make in (module._member, module._plain):
        with pytest.raises(StorageError, match="20 bytes is too short"):
            make(20, AT)
