from __future__ import annotations

from dataclasses import replace

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
