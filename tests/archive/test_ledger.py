from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newshouse.archive import journal as journal_module
from newshouse.archive import warcfile as warcfile_module
from newshouse.archive.ledger import Ledger
from newshouse.archive.reader import read_response
from newshouse.errors import StorageError
from newshouse.records import Candidate, Redirect

AT = datetime(2026, 11, 23, 6, 1, 2, 345678, tzinfo=UTC)


def records(path: Path) -> list[tuple[str, str | None]]:
    with path.open("rb") as handle:
        return [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(handle)]


def body_of(shelf, capture) -> bytes:
    return read_response(shelf.archive, capture.warc_file, capture.warc_offset, capture.warc_length).body


# --- what is written


def test_a_capture_comes_back_as_it_was_with_its_pointer(shelf, capture, exchange) -> None:
    full = capture(redirects=(Redirect("http://harbour.example/x", 302, "/a"),), status=200, retry_after_seconds=1.5)
    stored = shelf.open().record(full, [exchange()])
    assert (stored.warc_file, stored.warc_length > 0) == ("2026-11-23/daily-00-fetch.warc.gz", True)
    assert replace(stored, warc_file=None, warc_offset=None, warc_length=None) == full
    shelf.close()
    again = shelf.open()
    assert again.captures() == [stored]
    assert again.find("a") == stored
    assert again.find("b") is None
    assert body_of(shelf, stored) == b"<p>News</p>"


def test_the_file_is_warc_1_1_with_request_response_and_metadata(shelf, capture, exchange) -> None:
    candidate = Candidate("harbour", "http://harbour.example/a", "key", AT, feed_title="Brücke öffnet")
    hop = exchange("x", b"", (("Location", "/a"),))
    with shelf.open() as ledger:
        ledger.record(capture(), [hop, exchange(ip_address="93.184.215.14")], candidate)
    x, a = "http://harbour.example/x", "http://harbour.example/a"
    pairs = [("response", x), ("request", x), ("response", a), ("request", a)]
    assert records(shelf.warc) == [("warcinfo", None), *pairs, ("metadata", a)]
    text = gzip.decompress(shelf.warc.read_bytes()).decode()
    assert text.startswith("WARC/1.1\r\n")
    assert text.count("WARC-Date: 2026-11-23T06:01:02.345678Z") == 6
    assert "WARC-IP-Address: 93.184.215.14" in text
    assert "GET /a HTTP/1.1\r\nHost: harbour.example\r\n" in text
    assert json.loads(text[text.rindex("{") :].strip())["feed_title"] == "Brücke öffnet"


def test_each_record_is_a_gzip_member_with_a_right_digest(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        stored = [ledger.record(capture(name), [exchange(name)]) for name in "abc"]
    data = shelf.warc.read_bytes()
    for one in stored:
        member = gzip.decompress(data[one.warc_offset : one.warc_offset + one.warc_length])
        assert member.startswith(b"WARC/1.1") and member.count(b"WARC/1.1") == 1
    checker = Checker(type("Args", (), {"inputs": [str(shelf.warc)], "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0


def test_a_failure_without_a_response_is_journaled_too(shelf, capture) -> None:
    failed = replace(capture(), outcome="timeout", attempts=3)
    shelf.open().record(failed)
    shelf.close()
    assert shelf.open().captures() == [failed]


def test_an_exchange_happens_once(shelf, capture, exchange) -> None:
    ledger = shelf.open()
    first = ledger.record(capture(), [exchange()])
    size = shelf.warc.stat().st_size
    assert ledger.record(replace(capture(), outcome="gone"), [exchange()]) == first
    assert shelf.warc.stat().st_size == size


def test_an_imported_file_is_a_resource(shelf, capture) -> None:
    stored = shelf.open().record_resource(capture(), "서울 (Yonhap)".encode(), content_type="text/plain")
    found = read_response(shelf.archive, stored.warc_file, stored.warc_offset, stored.warc_length)
    assert (found.status, found.header("content-type"), found.body.decode()) == (None, "text/plain", "서울 (Yonhap)")
    assert found.url == "urn:" + stored.payload_digest
    assert (stored.body_bytes, found.captured_at) == (15, AT)


def test_many_threads_write_one_file(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        names = [f"{n}" for n in range(40)]
        threads = [
            threading.Thread(target=lambda n=n: ledger.record(capture(n), [exchange(n, n.encode())])) for n in names
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(body_of(shelf, c) for c in ledger.captures()) == sorted(n.encode() for n in names)


# --- what a crash leaves behind


def test_a_torn_journal_line_is_dropped_and_its_records_with_it(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        kept = ledger.record(capture("a"), [exchange("a")])
        size = shelf.warc.stat().st_size
        ledger.record(capture("b"), [exchange("b")])
    shelf.journal.write_bytes(shelf.journal.read_bytes()[:-20])
    again = shelf.open()
    assert again.captures() == [kept]
    assert shelf.warc.stat().st_size == size
    stored = again.record(capture("c"), [exchange("c", b"after the crash")])
    assert body_of(shelf, stored) == b"after the crash"


@pytest.mark.parametrize("tail", [b"\x1f\x8b\x08torn member", b"\0" * 5000])
def test_a_torn_warc_tail_is_cut_off(shelf, capture, exchange, tail) -> None:
    with shelf.open() as ledger:
        ledger.record(capture("a"), [exchange("a")])
    size = shelf.warc.stat().st_size
    with shelf.warc.open("ab") as handle:
        handle.write(tail)
    again = shelf.open()
    assert shelf.warc.stat().st_size == size
    again.record(capture("b"), [exchange("b")])
    assert [kind for kind, _ in records(shelf.warc)].count("response") == 2


def test_what_only_the_journal_remembers_after_a_power_cut_is_fetched_again(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        kept = ledger.record(capture("a"), [exchange("a")])
        end = shelf.warc.stat().st_size
        ledger.record(capture("b"), [exchange("b")])
    os.truncate(shelf.warc, end + 10)
    again = shelf.open()
    assert again.captures() == [kept]
    assert shelf.warc.stat().st_size == end


def test_the_pauses_in_a_journal_of_an_earlier_version_are_passed_over(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        stored = [ledger.record(capture(name), [exchange(name)]) for name in "ab"]
    first, second = shelf.journal.read_bytes().splitlines(keepends=True)
    wait = b'{"wait": "harbour.example", "until": "2026-11-23T06:02:00+00:00"}\n'
    shelf.journal.write_bytes(wait + first + wait + second)
    with shelf.open() as ledger:
        assert ledger.captures() == stored
        stored.append(ledger.record(capture("c"), [exchange("c")]))
    assert shelf.open().captures() == stored


def test_a_journal_damaged_in_its_middle_is_named_with_its_line(shelf, capture) -> None:
    with shelf.open() as ledger:
        for name in "abc":
            ledger.record(capture(name))
    lines = shelf.journal.read_bytes().splitlines(keepends=True)
    shelf.journal.write_bytes(lines[0] + b'{"capture": 1}\n' + lines[2])
    with pytest.raises(StorageError, match=r"fetch\.journal\.jsonl:2: damaged journal line"):
        shelf.open()


def test_a_run_that_goes_on_after_midnight_keeps_what_it_has(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        first = ledger.record(capture("a"), [exchange("a", b"before")])
    shelf.warc = shelf.archive / "2026-11-24" / "daily-00-fetch.warc.gz"
    second = shelf.open().record(capture("b"), [exchange("b", b"after")])
    assert [body_of(shelf, one) for one in (first, second)] == [b"before", b"after"]
    shelf.close()
    assert shelf.open().captures() == [first, second]


WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from newshouse.archive.exchange import Exchange
from newshouse.archive.ledger import Ledger
from newshouse.records import Capture

folder = Path(sys.argv[1])
archive = folder / "archive"
ledger = Ledger.open(archive=archive, warc=archive / "d/w.warc.gz", journal=folder / "j.jsonl")
at = datetime(2026, 11, 23, tzinfo=UTC)
for n in range(1_000_000):
    url = f"http://harbour.example/{n}"
    body = str(n).encode() * 5000
    ledger.record(
        Capture(str(n), "daily", "00", "harbour", "article", url, url, "fetched", at, 1),
        [Exchange(url, at, f"/{n}", (), "HTTP/1.1", 200, "OK", (), body)],
    )
"""


def test_a_killed_writer_leaves_only_whole_exchanges(tmp_path: Path) -> None:
    journal, archive = tmp_path / "j.jsonl", tmp_path / "archive"
    for _ in range(3):
        before = journal.stat().st_size if journal.exists() else 0
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)]) as writer:
            while not journal.exists() or journal.stat().st_size < before + 2000:
                time.sleep(0.005)
                assert writer.poll() is None
            writer.send_signal(signal.SIGKILL)
        with Ledger.open(archive=archive, warc=archive / "d/w.warc.gz", journal=journal) as ledger:
            done = ledger.captures()
            assert [capture.fetch_id for capture in done] == [str(n) for n in range(len(done))]
            for n, capture in enumerate(done):
                found = read_response(archive, capture.warc_file, capture.warc_offset, capture.warc_length)
                assert found.body == str(n).encode() * 5000
        data = (archive / "d/w.warc.gz").read_bytes()
        assert len(list(ArchiveIterator(io.BytesIO(data)))) == 1 + 2 * len(done)


# --- disks that refuse


def test_a_folder_that_cannot_be_made_says_what_to_do(shelf) -> None:
    shelf.archive.parent.joinpath("runs").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match=r"runs.*a file is where a folder should be"):
        shelf.open()


def test_a_second_process_is_kept_out(shelf) -> None:
    shelf.open()
    with pytest.raises(StorageError, match="another process is writing it"):
        shelf.open()


@pytest.mark.parametrize("failing", [1, 2], ids=["in the WARC", "in the journal"])
def test_a_full_disk_leaves_nothing_half_done(shelf, capture, exchange, monkeypatch, failing) -> None:
    ledger = shelf.open()
    kept = ledger.record(capture("a"), [exchange("a")])
    sizes = shelf.warc.stat().st_size, shelf.journal.stat().st_size
    whole = warcfile_module.write_all
    calls = []

    def half(handle, data) -> None:
        calls.append(handle)
        if len(calls) == failing:
            handle.write(bytes(data[: len(data) // 2]))
            raise OSError(28, "No space left on device")
        whole(handle, data)

    for module in (warcfile_module, journal_module):
        monkeypatch.setattr(module, "write_all", half)
    with pytest.raises(StorageError, match="the disk is full"):
        ledger.record(capture("b"), [exchange("b")])
    assert (shelf.warc.stat().st_size, shelf.journal.stat().st_size) == sizes
    assert ledger.captures() == [kept]
    for module in (warcfile_module, journal_module):
        monkeypatch.setattr(module, "write_all", whole)
    stored = ledger.record(capture("b"), [exchange("b", b"room again")])
    assert body_of(shelf, stored) == b"room again"


# --- a file that is full


@pytest.fixture
def small_files(monkeypatch) -> None:
    monkeypatch.setattr(warcfile_module, "ROTATE_BYTES", 1000)


def names(shelf) -> list[str]:
    return sorted(path.name for path in shelf.warc.parent.iterdir())


@pytest.mark.usefixtures("small_files")
def test_a_full_file_is_followed_by_the_next(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        stored = [ledger.record(capture(name), [exchange(name, name.encode())]) for name in "abcde"]
    assert names(shelf) == ["daily-00-fetch-001.warc.gz", "daily-00-fetch-002.warc.gz", "daily-00-fetch.warc.gz"]
    assert [body_of(shelf, one) for one in stored] == [b"a", b"b", b"c", b"d", b"e"]
    assert all(records(path)[0][0] == "warcinfo" for path in shelf.warc.parent.iterdir())


@pytest.mark.usefixtures("small_files")
def test_a_stage_goes_on_in_the_file_where_it_stopped(shelf, capture, exchange) -> None:
    for name in "abcde":
        with shelf.open() as ledger:
            ledger.record(capture(name), [exchange(name, name.encode())])
    with shelf.open() as ledger:
        assert [body_of(shelf, one) for one in ledger.captures()] == [b"a", b"b", b"c", b"d", b"e"]
    assert len(names(shelf)) == 3


@pytest.mark.usefixtures("small_files")
def test_a_crash_right_after_the_change_of_files_loses_nothing(shelf, capture, exchange) -> None:
    with shelf.open() as ledger:
        for name in "abc":
            ledger.record(capture(name), [exchange(name, name.encode())])
    lines = shelf.journal.read_bytes().splitlines(keepends=True)
    moved = next(place for place, line in enumerate(lines) if b"-001.warc.gz" in line)
    shelf.journal.write_bytes(b"".join(lines[:moved]))  # the first exchange of the second file was never finished
    with shelf.open() as ledger:
        assert len(ledger.captures()) == moved
        assert names(shelf) == ["daily-00-fetch.warc.gz"]
        for name in "abc":
            ledger.record(capture(name), [exchange(name, name.encode())])
        assert sorted(body_of(shelf, one) for one in ledger.captures()) == [b"a", b"b", b"c"]
