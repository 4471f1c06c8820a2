from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from newshouse.archive.ledger import Ledger
from newshouse.fetch import lane
from newshouse.fetch.client import Fetcher
from newshouse.fetch.gate import LONGEST_SECONDS, Gate, Word, clear
from newshouse.fetch.lanes import lane_key
from newshouse.layout import DataLayout

resolve = socket.getaddrinfo


@pytest.fixture
def gates(tmp_path: Path, time_) -> Callable[[], Gate]:
    """The gate of one host as one process after the other finds it."""
    return lambda: Gate(tmp_path / "locks" / "hosts" / "harbour.example", time_)


def test_a_gate_that_nobody_went_through_is_open(gates) -> None:
    assert gates().hear() is None


def test_what_one_process_leaves_the_others_find(gates, time_) -> None:
    ours, theirs = gates(), gates()
    with ours.entered():
        ours.leave(30.0)
    time_.seconds += 10
    assert (ours.hear(), theirs.hear()) == (None, Word(10.0, 20.0))
    assert theirs.hear() is None  # told once


def test_a_shorter_rest_takes_the_place_of_a_longer_one(gates) -> None:
    ours = gates()
    with ours.entered():
        ours.leave(80_000.0)
        ours.leave(1.0)
    assert gates().hear() == Word(0.0, 1.0)


def heard(gate: Gate) -> Word | None:
    with gate.entered():
        return gate.hear()


def test_nobody_is_shut_out_for_more_than_a_day(gates, time_) -> None:
    ours = gates()
    with ours.entered():
        ours.leave(10.0**9)
    assert heard(gates()) == Word(0.0, LONGEST_SECONDS)
    time_.seconds += LONGEST_SECONDS
    assert heard(gates()) == Word(LONGEST_SECONDS, 0.0)


@pytest.mark.parametrize("ahead", [5.0, 900.0, 365 * 86_400.0])
def test_a_clock_that_ran_ahead_once_is_put_right_for_all(gates, time_, ahead) -> None:
    time_.seconds += ahead
    ours = gates()
    with ours.entered():
        ours.leave(3600.0)
    time_.seconds -= ahead
    assert heard(gates()) == Word(0.0, 3600.0)  # the pause is kept, from now on
    time_.seconds += 600.0
    assert heard(gates()) == Word(600.0, 3000.0)


def test_the_pause_after_a_request_that_died_begins_when_it_may_have_been_answered(gates, time_) -> None:
    ours = gates()
    with ours.entered():
        ours.leave(30.0, busy_seconds=20.0)
    time_.seconds += 8.0
    assert heard(gates()) == Word(0.0, 30.0)  # who held the gate is gone: it was answered by now
    with ours.entered():
        ours.leave(30.0, busy_seconds=20.0)
    time_.seconds += 25.0
    assert heard(gates()) == Word(5.0, 25.0)


@pytest.mark.parametrize("torn", [b"", b"17", b"\0" * 21, b"not a time", b"1 2 3"])
def test_a_gate_torn_by_a_power_cut_is_open(gates, tmp_path, torn) -> None:
    path = tmp_path / "locks" / "hosts" / "harbour.example"
    path.parent.mkdir(parents=True)
    path.write_bytes(torn)
    assert gates().hear() is None


NOW, WEEK = 1_800_000_000.0, 7 * 86_400.0


def gone_through(gate: Gate, path: Path, at: float) -> Path:
    with gate.entered():
        gate.leave(30.0)
    os.utime(path, (at, at))
    return path


def test_gates_that_nobody_went_through_for_long_go_and_the_others_stay(tmp_path: Path, time_) -> None:
    for name, at in {"old.example": NOW - 1.0, "new.example": NOW}.items():
        gone_through(Gate(tmp_path / name, time_), tmp_path / name, at)

    assert clear(tmp_path, NOW) == ["old.example"]
    assert [path.name for path in tmp_path.iterdir()] == ["new.example"]
    assert clear(tmp_path / "none", NOW) == []


def test_a_gate_that_somebody_is_in_stays_however_old(gates, tmp_path: Path) -> None:
    ours = gates()
    with ours.entered():
        ours.leave(30.0)
        path = tmp_path / "locks" / "hosts" / "harbour.example"
        os.utime(path, (NOW - WEEK, NOW - WEEK))
        assert clear(path.parent, NOW) == []
    assert clear(path.parent, NOW) == [path.name]


def test_who_waited_at_a_gate_that_was_deleted_goes_through_the_new_one(gates, tmp_path, monkeypatch) -> None:
    path = gone_through(gates(), tmp_path / "locks" / "hosts" / "harbour.example", NOW - WEEK)
    flock, deleted = fcntl.flock, []

    def late(handle: int, how: int) -> None:
        if not deleted:  # between the opening and the lock
            deleted.append(path)
            assert clear(path.parent, NOW) == [path.name]
        flock(handle, how)

    ours = gates()
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", late)
        with ours.entered():
            assert clear(path.parent, NOW + WEEK) == []  # it is this one that is held
            ours.leave(60.0)
    assert gates().hear() == Word(0.0, 60.0)


def test_a_gate_that_was_made_anew_meanwhile_is_not_deleted_for_the_old_one(gates, tmp_path, monkeypatch) -> None:
    path = gone_through(gates(), tmp_path / "locks" / "hosts" / "harbour.example", NOW - WEEK)
    opened = os.open

    def slow(place, *more) -> int:
        handle = opened(place, *more)
        monkeypatch.undo()
        path.unlink()
        gone_through(gates(), path, NOW)
        return handle

    monkeypatch.setattr(os, "open", slow)
    assert clear(path.parent, NOW) == []
    assert path.exists()


def test_nobody_is_inside_beside_another_while_gates_are_deleted(tmp_path: Path, time_) -> None:
    inside, most = [], []

    def go_through(number: int) -> None:
        gate = Gate(tmp_path / "harbour.example", time_)
        for _ in range(200):
            with gate.entered():
                inside.append(number)
                most.append(len(inside))
                time.sleep(0)  # let another one try
                inside.remove(number)

    with ThreadPoolExecutor(5) as pool:
        walks = [pool.submit(go_through, number) for number in range(4)]
        deleted = 0
        while not all(walk.done() for walk in walks):
            deleted += len(clear(tmp_path, time.time() + WEEK))
        for walk in walks:
            walk.result()
    assert (max(most), len(most)) == (1, 800)
    assert deleted


@pytest.fixture
def process(settings, tmp_path: Path, time_) -> Iterator[Callable[..., Fetcher]]:
    """A fetcher as another process has it: its own ledger, the same data folder."""
    opened: list[Fetcher | Ledger] = []

    def make(timing: dict | None = None, **changes) -> Fetcher:
        archive, name = tmp_path / "data" / "archive", f"{len(opened)}"
        ledger = Ledger.open(archive=archive, warc=archive / "d" / f"{name}.warc.gz", journal=tmp_path / name)
        timing = {"sleep": time_.sleep, "clock": time_, "wall": time_} if timing is None else timing
        given = replace(settings, **changes)
        fetcher = Fetcher(given, ledger, run_id="daily", batch=name, layout=DataLayout(settings.data), **timing)
        opened.extend((fetcher, ledger))
        return fetcher

    yield make
    for one in opened:
        one.close()


def test_the_pause_of_a_host_is_kept_by_whoever_comes_next(site, process, source, time_) -> None:
    for _ in range(2):
        process(delay_seconds=5.0).get(f"{site.url}/robots.txt", source=source, purpose="robots")
    assert time_.slept == [5.0]


def test_an_hour_asked_of_one_process_is_kept_by_the_other(site, process, source, respond) -> None:
    site.routes["/a"] = respond(b"", "429 Busy", Retry_After="3600")
    process().get(f"{site.url}/a", source=source, purpose="robots")
    other = process().get(f"{site.url}/b", source=source, purpose="robots")
    assert (other.outcome, other.attempts, site.paths) == ("rate_limited", 0, ["/a"])


def test_after_a_crash_a_host_rests_as_long_as_it_may_have_asked_for(site, process, source, time_, monkeypatch) -> None:
    """The answer died with its process: perhaps it was 429."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(lane, "send", killed)
        process(delay_seconds=2.0).get(f"{site.url}/a", source=source, purpose="robots")
    process(delay_seconds=2.0).get(f"{site.url}/a", source=source, purpose="robots")
    assert time_.slept == [process().settings.max_retry_after_seconds]


def test_the_rest_after_a_crash_counts_from_its_end(site, process, source, time_, monkeypatch) -> None:
    """The limit of bytes was waited for before, and the exchange took its time."""

    def killed(*_: object) -> None:
        time_.seconds += 3.0
        raise KeyboardInterrupt

    limits = {"delay_seconds": 2.0, "max_bytes_a_second": 1}
    first = process(**limits)
    first._bandwidth.took(500)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(lane, "send", killed)
        first.get(f"{site.url}/a", source=source, purpose="robots")
    process(**limits).get(f"{site.url}/a", source=source, purpose="robots")
    assert time_.slept == [500.0, first.settings.max_retry_after_seconds]


def test_a_host_is_asked_again_the_day_after_a_clock_ran_ahead(site, process, source, respond, time_) -> None:
    site.routes["/a"] = respond(b"", "429 Busy", Retry_After="3600")
    time_.seconds += 365 * 86_400.0
    process().get(f"{site.url}/a", source=source, purpose="robots")
    time_.seconds -= 365 * 86_400.0
    assert process().get(f"{site.url}/b", source=source, purpose="robots").outcome == "rate_limited"
    time_.seconds += 25 * 3600.0
    process().get(f"{site.url}/b", source=source, purpose="robots")
    assert site.paths == ["/a", "/b"]


def test_who_waits_for_the_limit_of_bytes_keeps_nobody_out_of_the_gate(site, process, source, settings) -> None:
    limited = process(max_bytes_a_second=1)
    limited._bandwidth.took(500)
    limited.get(f"{site.url}/a", source=source, purpose="robots")  # so that there is a gate
    path, tried = DataLayout(settings.data).host_gate(lane_key(site.url)), []

    def sleep(seconds: float) -> None:
        with path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # or BlockingIOError
        tried.append(seconds)
        waited(seconds)

    limited._bandwidth.took(500)
    waited, limited._bandwidth._sleep = limited._bandwidth._sleep, sleep
    limited.get(f"{site.url}/b", source=source, purpose="robots")
    assert tried and site.paths == ["/a", "/b"]


def test_a_pause_longer_than_any_patience_is_still_only_a_pause(site, process, source, time_) -> None:
    """A delay of two minutes is waited for, not taken for a host that is shut."""
    for _ in range(2):
        capture = process(delay_seconds=120.0).get(f"{site.url}/robots.txt", source=source, purpose="robots")
        assert capture.attempts == 1
    assert time_.slept == [120.0]


def test_our_own_pause_counts_from_what_the_others_asked(site, process, source, time_) -> None:
    """The other does not know yet that the host wants more time than usual, and we do."""
    slow, quick = process(delay_seconds=8.0), process(delay_seconds=1.0)
    for fetcher, path in ((slow, "a"), (quick, "b"), (slow, "c")):
        fetcher.get(f"{site.url}/{path}", source=source, purpose="robots")
    assert time_.slept == [8.0, 8.0]


@pytest.mark.parametrize("host", ["..", ".", "...", "a" * 300 + ".example", "[::1]:1", "a_b.example", "-", "%2e%2e"])
def test_a_redirect_to_a_host_that_is_no_file_name_fails_that_url_alone(
    site, process, source, respond, monkeypatch, host
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    site.routes["/a"] = respond(b"", "302 Found", Location=f"http://{host}/x")
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda name, *rest, **more: resolve(name, *rest, **more) if name == "127.0.0.1" else unknown(),
    )
    fetcher = process(max_attempts=1)
    captures = [fetcher.get(f"{site.url}/{path}", source=source, purpose="robots") for path in ("a", "b")]
    assert captures[0].outcome in ("dns_failure", "bad_url", "connection_refused")
    assert captures[1].outcome == "gone"


def test_every_host_has_a_file_of_its_own(tmp_path) -> None:
    layout = DataLayout(tmp_path)
    hosts = ["a.example", "a_b.example", "a-b.example", "a:1", "[::1]:1", "..", ".", "", "x" * 300, "x" * 301]
    paths = {layout.host_gate(host) for host in hosts}
    assert len(paths) == len(hosts)
    assert all(path.parent == tmp_path / "locks" / "hosts" and len(path.name) < 255 for path in paths)


def test_two_processes_that_meet_at_a_host_never_ask_at_once_nor_early(site, process, source, respond) -> None:
    delay = 0.05
    asked: list[float] = []

    def noted(connection, _) -> None:
        asked.append(time.monotonic())
        connection.sendall(respond())

    site.routes |= {f"/{n}": noted for n in range(16)}

    fetchers = [process({}, delay_seconds=delay) for _ in range(2)]

    def work(mine: int) -> None:
        for n in range(mine, 16, 2):
            fetchers[mine].get(f"{site.url}/{n}", source=source, purpose="robots")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert len(asked) == 16
    assert max(asked) - min(asked) < 30.0  # nobody took a request under way for one that died, and rested a minute
    assert all(later - earlier >= delay for earlier, later in pairwise(sorted(asked)))
