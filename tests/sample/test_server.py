from __future__ import annotations

import socket
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest
import requests

from newshouse.sample.server import RunningNewsroom, serve
from newshouse.sample.truth import expected

from .conftest import EPOCH, FIRST_RUN, SECOND_RUN, Clock

LEDGER = "http://www.harbourledger.example"
FEED = f"{LEDGER}/rss/news.xml"


def known(response: requests.Response, *names: str) -> dict[str, str]:
    given = {"If-None-Match": response.headers["ETag"], "If-Modified-Since": response.headers.get("Last-Modified", "")}
    return {name: given[name] for name in names}


def test_it_is_a_proxy_and_also_listens_to_the_host_header(
    newsroom: RunningNewsroom, session: requests.Session
) -> None:
    by_proxy = session.get(FEED, timeout=5)
    by_host = requests.get(
        f"{newsroom.proxy_url}/rss/news.xml", headers={"Host": "www.harbourledger.example"}, timeout=5
    )
    assert by_proxy.status_code == by_host.status_code == 200
    assert by_proxy.content == by_host.content


def test_every_expected_page_answers_as_the_truth_says(newsroom: RunningNewsroom, session: requests.Session) -> None:
    for page in expected(EPOCH, FIRST_RUN):
        if page.status is None:
            continue
        response = session.get(page.listed_url, timeout=5)
        if response.status_code in (429, 500):
            response = session.get(page.listed_url, timeout=5)
        assert (response.status_code, response.url) == (page.status, page.url)
        assert int(response.headers["Content-Length"]) == len(response.content)


def test_an_unchanged_page_answers_304_to_either_validator(session: requests.Session) -> None:
    page = next(p for p in expected(EPOCH, FIRST_RUN) if p.kind == "article")
    first = session.get(page.url, timeout=5)
    for names in (("If-None-Match",), ("If-Modified-Since",), ("If-None-Match", "If-Modified-Since")):
        again = session.get(page.url, headers=known(first, *names), timeout=5)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


def test_the_next_day_only_changed_pages_are_sent_again(clock: Clock, session: requests.Session) -> None:
    first = {p.url: session.get(p.url, timeout=5) for p in expected(EPOCH, FIRST_RUN) if p.kind == "article"}
    first |= {url: session.get(url, timeout=5) for url, r in first.items() if r.status_code >= 400}
    clock.day = SECOND_RUN
    for page in expected(EPOCH, SECOND_RUN):
        if page.url not in first:
            continue
        response = session.get(page.url, headers=known(first[page.url], "If-None-Match"), timeout=5)
        if response.status_code in (429, 500):
            response = session.get(page.url, headers=known(first[page.url], "If-None-Match"), timeout=5)
        unchanged = page.kind == "article" and page.revision == 1
        assert response.status_code == (304 if unchanged else page.status), page.url


def test_a_feed_changes_with_the_day_and_dates_its_change(clock: Clock, session: requests.Session) -> None:
    first = session.get(FEED, timeout=5)
    clock.day = SECOND_RUN
    second = session.get(FEED, headers=known(first, "If-None-Match", "If-Modified-Since"), timeout=5)
    assert second.status_code == 200
    before, after = (parsedate_to_datetime(r.headers["Last-Modified"]) for r in (first, second))
    assert before < after < datetime.combine(SECOND_RUN, datetime.min.time(), UTC)


@pytest.mark.parametrize(("quirk", "status"), [("fails_once_500", 500), ("fails_once_429", 429)])
def test_a_flaky_page_fails_once_a_day_and_then_answers(
    clock: Clock, session: requests.Session, quirk: str, status: int
) -> None:
    (page,) = (p for p in expected(EPOCH, FIRST_RUN) if quirk in p.quirks)
    for day in (FIRST_RUN, SECOND_RUN):
        clock.day = day
        answers = [session.get(page.url, timeout=5) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [status, 200, 200]
        assert answers[0].headers.get("Retry-After") == ("1" if status == 429 else None)


def test_gzip_is_sent_to_those_who_accept_it(session: requests.Session) -> None:
    page = next(p for p in expected(EPOCH, FIRST_RUN) if p.source_id == "harbour-ledger")
    small = session.get(page.url, headers={"Accept-Encoding": "gzip"}, timeout=5)
    plain = session.get(page.url, timeout=5)
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert small.content == plain.content
    assert int(small.headers["Content-Length"]) < len(plain.content)


def test_head_answers_without_a_body(session: requests.Session) -> None:
    response = session.head(FEED, timeout=5)
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_the_date_header_follows_the_clock(clock: Clock, session: requests.Session) -> None:
    assert parsedate_to_datetime(session.get(FEED, timeout=5).headers["Date"]) == clock()


def test_its_own_address_shows_an_index_and_a_stranger_gets_502(
    newsroom: RunningNewsroom, session: requests.Session
) -> None:
    index = requests.get(newsroom.proxy_url + "/", timeout=5)
    assert index.status_code == 200
    assert "http://www.talbruecker-anzeiger.example/" in index.text
    assert requests.get(newsroom.proxy_url + "/nowhere", timeout=5).status_code == 404
    assert session.get("http://www.elsewhere.example/", timeout=5).status_code == 502


def test_the_log_tells_who_asked_for_what(newsroom: RunningNewsroom, session: requests.Session, clock: Clock) -> None:
    session.get(FEED, timeout=5)
    session.get(f"{LEDGER}/nowhere?x=1", timeout=5)
    assert [(e.host, e.path, e.status, e.at) for e in newsroom.log] == [
        ("www.harbourledger.example", "/rss/news.xml", 200, clock()),
        ("www.harbourledger.example", "/nowhere?x=1", 404, clock()),
    ]


def test_what_is_on_line_depends_on_the_utc_date_of_the_clock_alone() -> None:
    west = datetime(2026, 11, 23, 20, tzinfo=timezone(timedelta(hours=-5)))  # already the 24th in UTC
    for now in (west, datetime(2026, 11, 24, 23, 59, tzinfo=UTC)):
        with serve(EPOCH, lambda now=now: now) as running:
            answer = running.answer("www.harbourledger.example", "/rss/news.xml")
        assert b"tram-doors-fixed-with-a-mirror" in answer.body
        assert b"bicycles-to-sail" not in answer.body


def test_it_binds_loopback_only_and_frees_the_port_at_the_end() -> None:
    before = threading.active_count()
    with serve(date(2026, 1, 1), lambda: datetime(2026, 1, 5, tzinfo=UTC)) as running:
        assert running.proxy_url == f"http://127.0.0.1:{running.port}"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", running.port), timeout=2).close()
        kept = requests.Session()  # an idle kept-alive connection must not hold up the end
        kept.get(running.proxy_url, timeout=5)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.port), timeout=2).close()
    kept.close()
    assert threading.active_count() <= before + 1


def test_many_clients_at_once_get_whole_pages(newsroom: RunningNewsroom) -> None:
    bodies: list[bytes] = []

    def read() -> None:
        for _ in range(5):
            url, proxies = f"{LEDGER}/", {"http": newsroom.proxy_url}
            bodies.append(requests.get(url, proxies=proxies, timeout=10).content)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bodies) == 40
    assert len(set(bodies)) == 1


def test_a_later_epoch_moves_every_visible_date() -> None:
    later = EPOCH + timedelta(days=400)
    now = datetime.combine(later + timedelta(days=4), datetime.min.time(), UTC)
    with serve(later, lambda: now) as running:
        feed = running.answer("www.harbourledger.example", "/rss/news.xml").body.decode()
    assert "2026" not in feed
    assert "/2027/12/24/" in feed
