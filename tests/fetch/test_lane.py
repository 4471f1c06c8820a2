from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from newshouse.sources.model import Politeness


@pytest.mark.parametrize(
    ("crawl_delay", "own_delay", "pause"),
    [("", None, 5.0), ("", 2.0, 2.0), ("Crawl-delay: 8", 2.0, 8.0), ("Crawl-delay: 1", 2.0, 2.0)],
    ids=["the setting", "the source's own", "what robots.txt asks for", "never less than our own"],
)
def test_requests_to_a_host_keep_the_longest_pause(
    site, make_fetcher, source, time_, respond, crawl_delay, own_delay, pause
) -> None:
    site.routes["/robots.txt"] = respond(f"User-agent: *\n{crawl_delay}".encode())
    fetcher = make_fetcher(delay_seconds=5.0)
    polite = replace(source, politeness=Politeness(delay_seconds=own_delay))
    for path in ("/a", "/b"):
        fetcher.get(site.url + path, source=polite, purpose="article")
    assert time_.slept == [pause, pause]


def test_hosts_do_not_wait_for_each_other(site, other_site, make_fetcher, source, time_) -> None:
    fetcher = make_fetcher(delay_seconds=5.0)
    for one in (site, other_site):
        fetcher.get(f"{one.url}/robots.txt", source=source, purpose="robots")
    assert time_.slept == []


def test_a_connection_is_kept_for_the_next_request(site, fetcher, source, respond) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nNews"
    served = []

    def serve_all(connection, _):
        served.append(connection)
        connection.sendall(page)
        while connection.recv(65536):
            connection.sendall(page)

    site.routes["/robots.txt"] = serve_all
    got = [fetcher.get(f"{site.url}/{n}", source=source, purpose="article") for n in range(3)]
    assert [capture.outcome for capture in got] == ["fetched"] * 3
    assert len(served) == 1


def test_the_pause_before_a_request_is_not_part_of_its_duration(site, make_fetcher, source, respond) -> None:
    site.routes["/a"] = [respond(b"", "429 Slow down", Retry_After="30"), respond()]
    capture = make_fetcher(delay_seconds=5.0).get(f"{site.url}/a", source=source, purpose="article")
    assert (capture.outcome, capture.duration_seconds) == ("fetched", 0.0)  # the test's clock moves only by sleeping


def test_a_host_under_strain_is_given_longer_pauses_until_it_recovers(
    site, make_fetcher, source, time_, respond
) -> None:
    site.routes["/a"] = [respond(b"", "429 Slow down"), respond()]
    fetcher = make_fetcher(delay_seconds=4.0, backoff_seconds=1.0, max_attempts=1)
    for path in ("/a", "/b", "/c", "/d"):
        fetcher.get(site.url + path, source=source, purpose="article")
    assert time_.slept == [4.0, 8.0, 6.0, 5.0]


def test_a_pause_that_an_earlier_run_was_asked_for_still_holds(site, make_fetcher, source, settings, time_) -> None:
    until = settings.now() + timedelta(hours=1)
    fetcher = make_fetcher(pauses={f"127.0.0.1:{site.port}": until})
    capture = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert (capture.outcome, capture.attempts, site.requests) == ("rate_limited", 0, [])
    assert "another 3" in capture.detail
    time_.seconds += 3601
    assert fetcher.get(f"{site.url}/b", source=source, purpose="article").outcome == "gone"


def test_a_short_pause_of_an_earlier_run_is_waited_out(site, make_fetcher, source, settings, time_) -> None:
    fetcher = make_fetcher(pauses={f"127.0.0.1:{site.port}": settings.now() + timedelta(seconds=30)})
    assert fetcher.get(f"{site.url}/a", source=source, purpose="article").outcome == "gone"
    assert 29 < sum(time_.slept) <= 30


def test_no_more_requests_are_under_way_than_there_are_slots(make_fetcher, source) -> None:
    from newshouse.fetch import lane
    from newshouse.fetch.hop import Answer
    from newshouse.fetch.outcomes import End

    under_way, most, lock = [0], [0], threading.Lock()

    def send(ask, wire, settings) -> Answer:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        barrier.wait(timeout=5)  # opens only when as many are here as there are slots
        with lock:
            under_way[0] -= 1
        return Answer(failure=End("timeout"))

    barrier = threading.Barrier(3)
    fetcher = make_fetcher(threads=3, max_attempts=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane, "send", send)
        with ThreadPoolExecutor(9) as pool:
            urls = [f"http://h{n}.example/robots.txt" for n in range(9)]
            list(pool.map(lambda url: fetcher.get(url, source=source, purpose="robots"), urls))
    assert most == [3]


def test_the_pause_counts_from_what_the_stage_before_asked(site, make_fetcher, source, time_) -> None:
    earlier = make_fetcher(delay_seconds=60.0).get(f"{site.url}/robots.txt", source=source, purpose="robots")
    again = make_fetcher(delay_seconds=60.0)  # on the same ledger, as after a crash
    again.get(f"{site.url}/a", source=source, purpose="article")
    assert earlier.attempts == 1
    assert 50 < sum(time_.slept) <= 60
