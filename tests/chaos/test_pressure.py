"""Servers that want to be left alone, break down, or say the same for ever."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from newshouse.archive.ledger import Ledger
from newshouse.fetch.client import Fetcher
from newshouse.layout import DataLayout
from newshouse.records import Candidate, Capture

from .conftest import Clock
from .web import Behaviour, Stage, answer

BUSY = answer(b"", "429 Too Many Requests")
DOWN = answer(b"", "503 Service Unavailable")
OOPS = answer(b"", "500 Oops")
OK = answer(b"<p>ok</p>")
THREE = {"max_attempts": 3}


def after(value: str, status: str = "429 Too Many Requests") -> bytes:
    return answer(b"", status, Retry_After=value)


BEHAVIOURS = [
    Behaviour("a clump of 429", [BUSY, BUSY, OK], "fetched", attempts=3, settings=THREE),
    Behaviour("429 for ever", BUSY, "rate_limited", attempts=3, settings=THREE),
    Behaviour("429 in an hour", after("3600"), "rate_limited", attempts=1, settings=THREE),
    Behaviour("429 in a second", [after("1"), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("429 in no time", [after("0"), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("429 in minus one second", [after("-1"), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("429 soon", [after("soon"), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("429 in the year 9999", after("Fri, 31 Dec 9999 23:59:59 GMT"), "rate_limited", attempts=1),
    Behaviour("429 beyond the year 9999", [after("Fri, 31 Dec 9999 23:59:59 -0100"), OK], "fetched", settings=THREE),
    Behaviour("429 until 1970", [after("Thu, 01 Jan 1970 00:00:00 GMT"), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("429 in 10^400 seconds", [after("1" + "0" * 400), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("503 and up again", [DOWN, OK], "fetched", attempts=2, settings=THREE),
    Behaviour("503 in two hours", after("7200", "503 Maintenance"), "rate_limited", attempts=1, settings=THREE),
    Behaviour("500 and up again", [OOPS, OOPS, OK], "fetched", attempts=3, settings=THREE),
    Behaviour("500 for ever", OOPS, "server_error", attempts=3, settings=THREE),
    Behaviour("404 is not asked twice", answer(b"", "404 None"), "gone", attempts=1, settings=THREE),
    Behaviour("hung up on once", [lambda s: s.reset(), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("cut off once", [answer(b"x", Content_Length="99"), OK], "fetched", attempts=2, settings=THREE),
    Behaviour("silent once", [lambda s: s.hang(), OK], "fetched", attempts=2, settings=THREE),
]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_a_server_under_pressure_ends_well_defined(suffer, behaviour) -> None:
    suffer(behaviour)


def test_a_host_that_wants_an_hour_gets_it(web, make_fetcher, source) -> None:
    web.routes |= {"/a": after("3600"), "/b": OK}
    fetcher = make_fetcher()
    fetcher.get(f"{web.url}/a", source=source, purpose="article")
    later = fetcher.get(f"{web.url}/b", source=source, purpose="article")
    assert (later.outcome, later.attempts, web.paths) == ("rate_limited", 0, ["/a"])


def test_a_wait_stated_as_a_date_is_counted_from_the_clock_of_the_server(suffer) -> None:
    date, until = (format_datetime(datetime(2031, 1, 1, 0, m, tzinfo=UTC), usegmt=True) for m in (0, 30))
    capture = suffer(Behaviour("date", answer(b"", "429 Busy", Date=date, Retry_After=until), "rate_limited"))
    assert capture.retry_after_seconds == 1800


def test_an_etag_that_never_changes_does_not_hide_new_bytes(web, make_fetcher, source) -> None:
    """A 200 is judged by its bytes, whatever its validators say."""
    web.routes["/a"] = [answer(b"one", ETag='"same"'), answer(b"two", ETag='"same"')]
    first = make_fetcher().get(f"{web.url}/a", source=source, purpose="article")
    again = make_fetcher().get(f"{web.url}/a", source=source, purpose="article", original=first.original)
    assert (first.etag, again.etag, again.outcome) == ('"same"', '"same"', "fetched")


def test_a_304_to_everything_is_taken_at_its_word_only_when_asked_for(web, make_fetcher, source) -> None:
    def never_new(stage: Stage) -> None:
        stage.send(answer(b"", "304 Not Modified") if "If-None-Match" in stage.request else answer(b"one", ETag='"1"'))

    web.routes["/a"] = never_new
    url = f"{web.url}/a"
    asked = Candidate("harbour", url, url, datetime(2026, 11, 23, tzinfo=UTC), etag='"1"')
    plain = make_fetcher().get(url, source=source, purpose="article")
    conditional = make_fetcher().get(url, source=source, purpose="article", candidate=asked, original=plain.original)
    assert (plain.outcome, conditional.outcome) == ("fetched", "unchanged")


def test_an_etag_that_would_smuggle_a_header_is_not_sent(web, make_fetcher, source) -> None:
    web.routes["/a"] = OK
    url = f"{web.url}/a"
    evil = Candidate("harbour", url, url, datetime(2026, 11, 23, tzinfo=UTC), etag='"1"\r\nX-Evil: 1')
    assert make_fetcher().get(url, source=source, purpose="article", candidate=evil).outcome == "fetched"
    assert "X-Evil" not in web.requests[-1]


def test_a_wait_is_kept_by_whoever_comes_next_also_after_the_last_try(web, make_fetcher, source) -> None:
    web.routes |= {"/a": after("1"), "/b": OK}
    clock = Clock()
    fetcher = make_fetcher(sleep=clock.sleep, clock=clock)
    fetcher.get(f"{web.url}/a", source=source, purpose="article")
    asked_at = clock.seconds
    fetcher.get(f"{web.url}/b", source=source, purpose="article")
    assert clock.seconds >= asked_at + 1


def test_whoever_waits_in_a_lane_that_is_shut_meanwhile_sends_nothing(web, make_fetcher, source) -> None:
    """Two at once: the first is told to come back in an hour while the second waits for its turn."""
    entered = threading.Event()

    def busy(stage: Stage) -> None:
        entered.set()
        time.sleep(0.2)  # until the second waits for the lane
        stage.send(after("3600"))

    web.routes |= {"/a": busy, "/b": OK}
    slept: list[float] = []
    fetcher = make_fetcher(sleep=slept.append)
    fetcher.get(f"{web.url}/robots.txt", source=source, purpose="robots")
    captures: dict[str, Capture] = {}

    def get(path: str) -> None:
        captures[path] = fetcher.get(web.url + path, source=source, purpose="robots")

    first, second = (threading.Thread(target=get, args=(path,)) for path in ("/a", "/b"))
    first.start()
    entered.wait(5)
    second.start()
    for thread in (first, second):
        thread.join()
    assert [(captures[path].outcome, captures[path].attempts) for path in ("/a", "/b")] == [
        ("rate_limited", 1),
        ("rate_limited", 0),
    ]
    assert web.paths == ["/a"]
    assert max(slept, default=0.0) < 60  # nor does it wait for that hour


def test_a_wait_is_kept_by_the_process_that_comes_after_a_crash(web, hasty, source, tmp_path) -> None:
    """Killed while it waits to try again: nothing of the exchange is finished, yet the host is left alone."""
    web.routes |= {"/a": after("30"), "/robots.txt": answer(b"", "404 None")}

    def killed(_: float) -> None:
        raise KeyboardInterrupt

    clock = Clock()
    settings = replace(hasty, max_attempts=2)
    for sleep in (killed, clock.sleep):
        archive = tmp_path / "archive"
        with Ledger.open(archive=archive, warc=archive / "d" / "a.warc.gz", journal=tmp_path / "j") as ledger:
            fetcher = Fetcher(
                settings, ledger, run_id="r", batch="00", layout=DataLayout(tmp_path), sleep=sleep, clock=clock
            )
            with suppress(KeyboardInterrupt):
                fetcher.get(f"{web.url}/a", source=source, purpose="article")
            fetcher.close()
        if sleep is killed:
            asked = len(web.requests)
            web.routes["/a"] = OK
    assert len(web.requests) == asked + 1  # robots.txt is in the ledger
    assert clock.seconds >= 1000 + 29
