from __future__ import annotations

from dataclasses import replace

import pytest

from newshouse.archive.ledger import Ledger
from newshouse.archive.verify import verify


@pytest.fixture
def two_days(shelf, capture, exchange, tmp_path):
    """A page, and the day after a revisit of it: both files and both captures."""
    with shelf.open() as ledger:
        first = ledger.record(capture(payload_digest="sha256:1"), [exchange()])
    later = shelf.archive / "2026-11-24" / "next-00-fetch.warc.gz"
    with Ledger.open(archive=shelf.archive, warc=later, journal=tmp_path / "next.jsonl") as ledger:
        again = ledger.record(replace(capture("again"), outcome="unchanged"), [exchange()], original=first.original)
    return (shelf.warc, first), (later, again)


def test_a_sound_archive_has_no_faults(shelf, two_days) -> None:
    verdict = verify(shelf.archive, [path for path, _ in two_days])
    assert (verdict.files, verdict.records, verdict.faults) == (2, 6, ())


def test_a_revisit_of_a_file_not_looked_at_is_followed(shelf, two_days) -> None:
    assert verify(shelf.archive, [two_days[1][0]]).faults == ()


@pytest.mark.parametrize("both", [True, False])
def test_a_revisit_whose_payload_is_lost_is_a_fault(shelf, two_days, both) -> None:
    (first_path, first), (later_path, again) = two_days
    data = bytearray(first_path.read_bytes())
    data[first.warc_offset + 20] ^= 0xFF
    first_path.write_bytes(data)
    faults = verify(shelf.archive, [first_path, later_path] if both else [later_path]).faults
    assert (faults[-1].warc_file, faults[-1].offset) == (again.warc_file, again.warc_offset)
    assert f"at byte {first.warc_offset}, where no response lies" in faults[-1].why
    assert len(faults) == 1 + both


def test_a_file_in_a_foreign_format_is_a_fault_and_the_rest_is_read(shelf, two_days) -> None:
    (first_path, _), (later_path, _) = two_days
    foreign = first_path.with_name("old.warc")
    foreign.write_bytes(b"filedesc://old.arc 0.0.0.0 20050614070159 text/plain 69\n")
    done: list[int] = []
    verdict = verify(shelf.archive, [foreign, first_path, later_path], done.append)
    assert [(fault.warc_file, "ARC" in fault.why) for fault in verdict.faults] == [("2026-11-23/old.warc", True)]
    assert (verdict.records, done) == (6, [1, 2, 3])
