from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from newshouse.archive.reader import read_response
from newshouse.errors import StorageError
from newshouse.fetch import guard
from newshouse.fetch.lanes import lane_key
from newshouse.ids import digest
from newshouse.records import Candidate

PAGE = b"<html><p>The harbour bridge reopens on Friday.</p></html>"


@pytest.fixture
def get(fetcher, site, source):
    """Fetch a path of the site as an article."""
    return lambda path="/a", **kwargs: fetcher.get(site.url + path, source=source, purpose="article", **kwargs)


def candidate_for(url: str, **fields) -> Candidate:
    return Candidate("harbour", url, url, datetime(2026, 11, 23, 6, tzinfo=UTC), **fields)


# --- what works


def test_a_page_is_fetched_archived_and_read_back(site, fetcher, get, respond) -> None:
    site.routes["/a"] = respond(PAGE + b"\x00", ETag='"v1"')
    capture = get("/a#top")
    assert (capture.outcome, capture.status, capture.attempts, capture.etag) == ("fetched", 200, 1, '"v1"')
    assert capture.host == f"127.0.0.1:{site.port}"
    assert fetcher.body(capture) == PAGE + b"\x00"
    assert site.paths == ["/robots.txt", "/a"]


def test_we_say_who_we_are_and_what_we_can_read(site, make_fetcher, source, respond) -> None:
    site.routes["/a"] = respond()
    make_fetcher(contact="desk@harbour.example").get(f"{site.url}/a", source=source, purpose="article")
    assert "User-Agent: Newshouse/0.1.0 (+desk@harbour.example)\r\n" in site.requests[-1]
    assert "Accept-Encoding: gzip, deflate\r\n" in site.requests[-1]


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:10]) + gzip.compress(PAGE[10:])),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("identity", PAGE),
    ],
)
def test_the_archive_keeps_the_encoded_body_and_gives_the_decoded_one(
    site, fetcher, get, respond, encoding, encoded
) -> None:
    site.routes["/a"] = respond(encoded, Content_Encoding=encoding)
    first = get("/a")
    record = read_response(fetcher.ledger.archive, first.warc_file, first.warc_offset, first.warc_length)
    assert record.header("content-encoding") == encoding
    assert record.header("content-length") == str(len(encoded))
    assert record.body == PAGE
    assert first.body_bytes == len(PAGE)
    assert first.payload_digest == digest(PAGE)


def test_a_chunked_page_is_whole(site, fetcher, get) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    site.routes["/a"] = head + b"4\r\n<p>N\r\n7\r\news</p>\r\n0\r\n\r\n"
    capture = get("/a")
    assert (capture.outcome, fetcher.body(capture)) == ("fetched", b"<p>News</p>")


def test_redirects_are_followed_recorded_and_archived_hop_by_hop(site, fetcher, get, respond) -> None:
    site.routes["/a"] = respond(b"", "302 Found", Location="/b")
    site.routes["/b"] = respond(b"", "301 Moved Permanently", Location="/straße")
    site.routes["/stra%C3%9Fe"] = respond(PAGE)
    capture = get("/a")
    assert capture.outcome == "fetched"
    assert capture.final_url == f"{site.url}/stra%C3%9Fe"
    assert [(hop.url.removeprefix(site.url), hop.status) for hop in capture.redirects] == [("/a", 302), ("/b", 301)]
    data = gzip.decompress((fetcher.ledger.archive / capture.warc_file).read_bytes())
    assert data.count(b"WARC-Type: response") == data.count(b"WARC-Type: request") == 1 + 3


def test_a_site_that_sets_a_cookie_and_sends_the_reader_back_is_read(site, get, respond) -> None:
    def wall(connection: socket.socket, request: str) -> None:
        seen = "Cookie: consent=1" in request
        connection.sendall(
            respond(PAGE) if seen else respond(b"", "302 Found", Location="/a", Set_Cookie="consent=1; Path=/")
        )

    site.routes["/a"] = wall
    assert get("/a").outcome == "fetched"


def test_what_the_ledger_holds_is_not_asked_again(site, make_fetcher, source, respond) -> None:
    site.routes["/a"] = respond(PAGE)
    first = make_fetcher().get(f"{site.url}/a", source=source, purpose="article")
    again = make_fetcher()
    assert again.get(f"{site.url}/a?utm_source=rss", source=source, purpose="article") == first
    assert again.body(first) == PAGE
    assert site.paths == ["/robots.txt", "/a"]


def test_feeds_that_differ_only_in_a_word_are_two(site, fetcher, source, respond) -> None:
    for word in ("sport", "culture"):
        site.routes[f"/rss?keyword={word}"] = respond(word.encode(), Content_Type="application/rss+xml")
    got = [fetcher.get(f"{site.url}/rss?keyword={w}", source=source, purpose="feed") for w in ("sport", "culture")]
    assert [fetcher.body(capture) for capture in got] == [b"sport", b"culture"]


# --- what did not change


def test_not_modified_is_unchanged_and_the_validators_were_sent(site, get, respond) -> None:
    site.routes["/a"] = respond(b"", "304 Not Modified", Content_Length="")
    known = candidate_for(f"{site.url}/a", etag='"v1"', last_modified="Mon, 23 Nov 2026 05:00:00 GMT")
    assert get("/a", candidate=known).outcome == "unchanged"
    assert 'If-None-Match: "v1"\r\n' in site.requests[-1]
    assert "If-Modified-Since: Mon, 23 Nov 2026 05:00:00 GMT\r\n" in site.requests[-1]


def test_validators_do_not_travel_along_a_redirect(site, get, respond) -> None:
    site.routes["/a"] = respond(b"", "302 Found", Location="/b")
    site.routes["/b"] = respond(PAGE)
    get("/a", candidate=candidate_for(f"{site.url}/a", etag='"v1"'))
    assert "If-None-Match" not in site.requests[-1]


def test_the_validators_of_a_feed_that_moved_go_to_where_its_body_came_from(
    site, make_fetcher, source, respond
) -> None:
    moved = respond(b"", "301 Moved Permanently", Location="/new", ETag='"of-the-old-place"')
    site.routes |= {"/old": moved, "/new": [respond(PAGE, ETag='"v1"'), respond(b"", "304 Not Modified")]}
    held = make_fetcher(run_id="monday").get(f"{site.url}/old", source=source, purpose="feed")
    again = make_fetcher(run_id="tuesday").get(f"{site.url}/old", source=source, purpose="feed", held=held)
    assert again.outcome == "unchanged"
    assert ["If-None-Match" in request for request in site.requests[-2:]] == [False, True]


def test_the_validators_of_an_article_behind_a_redirect_go_to_where_its_body_came_from(site, get, respond) -> None:
    site.routes["/a"] = respond(b"", "301 Moved Permanently", Location="/b")
    site.routes["/b"] = respond(b"", "304 Not Modified")
    known = candidate_for(f"{site.url}/a", etag='"v1"', validated_url=f"{site.url}/b")
    assert get("/a", candidate=known).outcome == "unchanged"
    assert ["If-None-Match" in request for request in site.requests[-2:]] == [False, True]


def test_a_304_behind_a_redirect_that_nobody_asked_for_is_an_error(site, get, respond) -> None:
    site.routes["/a"] = respond(b"", "302 Found", Location="/b")
    site.routes["/b"] = respond(b"", "304 Not Modified")
    assert get("/a", candidate=candidate_for(f"{site.url}/a", etag='"v1"')).outcome == "http_error"


def test_the_same_bytes_as_last_time_are_unchanged(site, make_fetcher, source, respond) -> None:
    site.routes["/a"] = [respond(PAGE), respond(gzip.compress(PAGE), Content_Encoding="gzip"), respond(b"new")]
    fetcher = make_fetcher()
    known = fetcher.get(f"{site.url}/a", source=source, purpose="page").original
    same = fetcher.get(f"{site.url}/a", source=source, purpose="article", original=known)
    new = fetcher.get(f"{site.url}/a", source=source, purpose="feed", original=known)
    assert (same.outcome, new.outcome) == ("unchanged", "fetched")
    assert fetcher.body(same) == PAGE


def test_what_is_not_modified_points_to_the_bytes_we_hold(site, make_fetcher, source, respond) -> None:
    site.routes["/a"] = [respond(PAGE * 50, ETag='"v1"'), respond(b"", "304 Not Modified")]
    fetcher = make_fetcher()
    first = fetcher.get(f"{site.url}/a", source=source, purpose="page")
    known = candidate_for(f"{site.url}/a", etag='"v1"')
    again = fetcher.get(f"{site.url}/a", source=source, purpose="article", candidate=known, original=first.original)
    assert (again.outcome, again.status, fetcher.body(again)) == ("unchanged", 304, PAGE * 50)


def test_not_modified_that_nobody_asked_for_is_an_error(site, get, respond) -> None:
    site.routes["/a"] = respond(b"", "304 Not Modified")
    assert get("/a").outcome == "http_error"


# --- statuses


@pytest.mark.parametrize(
    ("status", "outcome", "attempts"),
    [
        ("403 Forbidden", "http_error", 1),
        ("404 Not Found", "gone", 1),
        ("410 Gone", "gone", 1),
        ("206 Partial Content", "http_error", 1),
        ("500 Internal Server Error", "server_error", 3),
        ("503 Service Unavailable", "rate_limited", 3),
    ],
)
def test_a_status_is_named_and_only_passing_trouble_is_retried(site, get, respond, status, outcome, attempts) -> None:
    site.routes["/a"] = respond(b"<p>Sorry</p>", status)
    capture = get("/a")
    assert (capture.outcome, capture.status, capture.attempts) == (outcome, int(status[:3]), attempts)
    assert capture.detail == status
    assert capture.warc_file is not None
    assert site.paths.count("/a") == attempts


def test_a_second_try_may_succeed(site, get, respond) -> None:
    site.routes["/a"] = [respond(b"", "500 Oops"), respond(PAGE)]
    capture = get("/a")
    assert (capture.outcome, capture.attempts) == ("fetched", 2)


def test_retries_back_off(site, get, time_, respond) -> None:
    site.routes["/a"] = respond(b"", "500 Oops")
    get("/a")
    assert time_.slept == [0.01, 0.02]


def test_retry_after_is_kept_to(site, get, time_, respond) -> None:
    site.routes["/a"] = [respond(b"", "429 Too Many Requests", Retry_After="7"), respond(PAGE)]
    capture = get("/a")
    assert (capture.outcome, time_.slept) == ("fetched", [7.0])


def test_retry_after_of_the_last_try_holds_for_the_next_url(site, make_fetcher, source, time_, respond) -> None:
    site.routes["/a"] = respond(b"", "429 Too Many Requests", Retry_After="7")
    site.routes["/b"] = respond(PAGE)
    fetcher = make_fetcher()
    tries = fetcher.get(f"{site.url}/a", source=source, purpose="article").attempts
    assert fetcher.get(f"{site.url}/b", source=source, purpose="article").outcome == "fetched"
    assert time_.slept == [7.0] * tries


def test_retry_after_as_a_date_is_kept_to(site, get, time_, respond) -> None:
    now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    headers = {
        "Date": format_datetime(now, usegmt=True),
        "Retry_After": format_datetime(now + timedelta(seconds=9), usegmt=True),
    }
    site.routes["/a"] = [respond(b"", "503 Busy", **headers), respond(PAGE)]
    assert (get("/a").outcome, time_.slept) == ("fetched", [9.0])


def test_a_pause_that_is_too_long_is_recorded_and_the_host_left_alone(site, make_fetcher, source, time_, respond):
    site.routes["/a"] = respond(b"", "429 Too Many Requests", Retry_After="3600")
    site.routes["/b"] = respond(PAGE)
    fetcher = make_fetcher()
    first = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert (first.outcome, first.attempts, first.retry_after_seconds) == ("rate_limited", 1, 3600)
    assert time_.slept == []
    again = make_fetcher()  # the stage was killed and runs once more: it still knows
    again.get(f"{site.url}/a", source=source, purpose="article")
    second = again.get(f"{site.url}/b", source=source, purpose="article")
    assert (second.outcome, second.attempts, second.status) == ("rate_limited", 0, None)
    assert "/b" not in site.paths


# --- broken networks


def test_a_name_that_does_not_resolve(fetcher, source, names) -> None:
    names["nowhere.example"] = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    capture = fetcher.get("http://nowhere.example/feed", source=source, purpose="feed")
    assert (capture.outcome, capture.attempts, capture.warc_file) == ("dns_failure", 0, None)
    robots = fetcher.ledger.captures()[0]
    assert (robots.purpose, robots.outcome, robots.attempts) == ("robots", "dns_failure", 3)
    assert "Name or service not known" in capture.detail


def test_a_host_that_refuses_connections(fetcher, source) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert fetcher.get(f"http://127.0.0.1:{port}/", source=source, purpose="article").outcome == "connection_refused"


def test_a_host_that_hangs_up(site, get) -> None:
    site.routes["/a"] = lambda connection, _: connection.close()
    capture = get("/a")
    assert (capture.outcome, capture.attempts, capture.status) == ("connection_error", 3, None)


def test_a_host_that_does_not_speak_http(site, get) -> None:
    site.routes["/a"] = b"SSH-2.0-OpenSSH_9.2\r\n"
    assert get("/a").outcome == "connection_error"


def test_a_host_that_does_not_speak_tls(site, fetcher, source) -> None:
    url = f"https://127.0.0.1:{site.port}/a"
    assert fetcher.get(url, source=source, purpose="article").outcome == "tls_error"


def test_silence_is_a_timeout(site, make_fetcher, source) -> None:
    site.routes["/a"] = lambda *_: site.released.wait(10)
    fetcher = make_fetcher(read_timeout_seconds=0.1, max_attempts=2)
    capture = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert (capture.outcome, capture.attempts, capture.warc_file) == ("timeout", 2, None)


def dripping(head: bytes, site):
    def drip(connection: socket.socket, _: str) -> None:
        connection.sendall(head)
        while not site.released.wait(0.02):
            connection.sendall(b"x")

    return drip


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
    ],
    ids=["length announced", "no length", "within the headers"],
)
def test_a_drip_is_cut_off(site, make_fetcher, source, head) -> None:
    site.routes["/a"] = dripping(head, site)
    fetcher = make_fetcher(exchange_timeout_seconds=0.3, max_attempts=1)
    capture = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert capture.outcome == "timeout"
    assert "not finished after 0.3 s" in capture.detail


# --- broken bodies


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<p>Only this",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n<p>Only this",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)[:-12],
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n<p>not gzip",
    ],
    ids=["content-length lies", "chunks end early", "gzip ends early", "not gzip at all"],
)
def test_half_a_page_is_not_a_page(site, fetcher, get, reply) -> None:
    site.routes["/a"] = reply
    capture = get("/a")
    assert (capture.outcome, capture.attempts, capture.status) == ("truncated", 3, 200)
    assert capture.payload_digest is None
    raw = gzip.decompress((fetcher.ledger.archive / capture.warc_file).read_bytes())
    assert b"WARC-Truncated: disconnect" in raw


@pytest.mark.parametrize("announced", [True, False])
def test_a_50_mb_page_is_refused(site, fetcher, get, announced) -> None:
    def flood(connection: socket.socket, _: str) -> None:
        length = b"Content-Length: 52428800\r\n" if announced else b""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + length + b"\r\n")
        for _ in range(50):
            connection.sendall(b"x" * 1024 * 1024)

    site.routes["/a"] = flood
    capture = get("/a")
    assert (capture.outcome, capture.attempts) == ("too_large", 1)
    assert (fetcher.ledger.archive / capture.warc_file).stat().st_size < 10_000


def test_a_gzip_bomb_is_refused(site, make_fetcher, source, respond) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 20_000_000))
    site.routes["/a"] = respond(bomb, Content_Encoding="gzip, gzip")
    fetcher = make_fetcher(max_body_bytes=1_000_000)
    capture = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert (capture.outcome, fetcher.body(capture)) == ("too_large", b"")


def test_an_encoding_that_nobody_asked_for_is_refused(site, get, respond) -> None:
    site.routes["/a"] = respond(b"\x8b\x02", Content_Encoding="br")
    assert get("/a").outcome == "unsupported_type"


@pytest.mark.parametrize(
    ("content_type", "body", "outcome"),
    [
        ("TEXT/HTML; charset=euc-kr", PAGE, "fetched"),
        ("application/xhtml+xml", PAGE, "fetched"),
        ("text/plain", PAGE, "fetched"),
        ("", PAGE, "fetched"),
        ("", b"%PDF-1.7", "unsupported_type"),
        ("application/pdf", b"%PDF-1.7", "unsupported_type"),
        ("video/mp4", b"....", "unsupported_type"),
    ],
)
def test_only_pages_and_plain_text_are_articles(site, get, respond, content_type, body, outcome) -> None:
    site.routes["/a"] = respond(body, Content_Type=content_type)
    assert get("/a").outcome == outcome


# --- redirects that lead astray


def test_a_redirect_loop_is_found(site, get, respond) -> None:
    site.routes["/a"] = respond(b"", "302 Found", Location="/b")
    site.routes["/b"] = respond(b"", "302 Found", Location="/a")
    capture = get("/a")
    assert (capture.outcome, capture.attempts) == ("redirect_loop", 1)
    assert site.paths.count("/a") == 2


def test_an_endless_chain_ends_after_ten(site, get, respond) -> None:
    for number in range(20):
        site.routes[f"/{number}"] = respond(b"", "307 Temporary Redirect", Location=f"/{number + 1}")
    capture = get("/0")
    assert capture.outcome == "redirect_loop"
    assert "/11" not in site.paths


@pytest.mark.parametrize("location", ["ftp://files.example/a", "http://", "javascript:alert(1)"])
def test_a_redirect_out_of_the_web_is_refused(site, get, respond, location) -> None:
    site.routes["/a"] = respond(b"", "302 Found", Location=location)
    assert get("/a").outcome == "bad_url"


def test_the_body_of_a_redirect_does_not_matter(site, get, respond) -> None:
    site.routes["/a"] = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99999999999\r\n\r\n"
    site.routes["/b"] = respond(PAGE)
    assert get("/a").outcome == "fetched"


@pytest.mark.parametrize("url", ["", "ftp://a.example/", "http://a b/", "http://[::g]/", "http://a.example:99999/"])
def test_a_url_that_is_none_is_refused_without_asking(fetcher, source, url) -> None:
    capture = fetcher.get(url, source=source, purpose="article")
    assert (capture.outcome, capture.attempts, capture.host) == ("bad_url", 0, None)


# --- private networks


@pytest.fixture
def outsider(source):
    """A publisher that has no business on a private address."""
    return replace(source, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/a",
        "http://0x7f.1:{port}/a",
        "http://2130706433:{port}/a",
        "http://[::1]:{port}/a",
        "http://[::ffff:127.0.0.1]:{port}/a",
        "http://localhost:{port}/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/",
        "http://10.0.0.1/",
        "http://[fd00::1]/",
        "http://[64:ff9b::a00:1]/",
    ],
)
@pytest.mark.parametrize("proxied", [False, True])
def test_a_private_address_is_refused_however_it_is_written(site, make_fetcher, outsider, url, proxied) -> None:
    fetcher = make_fetcher(proxy=site.url if proxied else None)
    capture = fetcher.get(url.format(port=site.port), source=outsider, purpose="article")
    assert (capture.outcome, capture.attempts) == ("private_address", 0)
    assert "allow_private" in capture.detail
    assert site.requests == []


def test_a_name_that_resolves_to_a_private_address_is_refused(site, fetcher, outsider, names) -> None:
    names["harbour.example"] = ["127.0.0.1", "10.1.2.3"]
    capture = fetcher.get(f"http://harbour.example:{site.port}/a", source=outsider, purpose="article")
    assert capture.outcome == "private_address"
    assert site.requests == []


@pytest.mark.parametrize(("allowed", "outcome"), [(False, "private_address"), (True, "fetched")])
def test_a_redirect_to_a_private_address_is_refused_unless_the_source_allows_it(
    site, other_site, fetcher, source, monkeypatch, respond, allowed, outcome
) -> None:
    # The publisher's own address counts as public here; only where it redirects to does not.
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    other_site.routes["/b"] = respond(PAGE)
    site.routes["/a"] = respond(b"", "302 Found", Location=f"http://localhost:{other_site.port}/b")
    capture = fetcher.get(f"{site.url}/a", source=replace(source, allow_private=allowed), purpose="page")
    assert (capture.outcome, len(capture.redirects)) == (outcome, 1)
    assert bool(other_site.requests) == allowed


def test_a_source_may_live_on_an_intranet(site, fetcher, source, names, respond) -> None:
    names["intranet.example"] = ["127.0.0.1"]
    site.routes["/a"] = respond(PAGE)
    url = f"http://intranet.example:{site.port}/a"
    assert fetcher.get(url, source=source, purpose="article").outcome == "fetched"


# --- through a proxy


def test_through_a_proxy_names_are_left_to_the_proxy(site, make_fetcher, outsider, names, respond) -> None:
    names["harbour.example"] = socket.gaierror(socket.EAI_NONAME, "not known here")
    site.routes["http://harbour.example/a"] = respond(b"", "301 Moved", Location="http://www.harbour.example/a")
    site.routes["http://www.harbour.example/a"] = respond(PAGE)
    fetcher = make_fetcher(proxy=site.url)
    capture = fetcher.get("http://harbour.example/a", source=outsider, purpose="article")
    assert (capture.outcome, capture.host) == ("fetched", "www.harbour.example:80")
    assert fetcher.body(capture) == PAGE


def test_a_dead_proxy_is_not_blamed_on_the_publisher(make_fetcher, outsider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
    capture = make_fetcher(proxy=proxy).get("http://harbour.example/robots.txt", source=outsider, purpose="robots")
    assert (capture.outcome, capture.attempts) == ("connection_error", 3)


# --- storage


def test_a_body_that_never_came_cannot_be_read(site, fetcher, get) -> None:
    site.routes["/a"] = lambda connection, _: connection.close()
    with pytest.raises(StorageError, match="no response was archived"):
        fetcher.body(get("/a"))


def test_a_proxy_that_refuses_to_tunnel_is_a_connection_error(site, make_fetcher, source) -> None:
    fetcher = make_fetcher(proxy=site.url, max_attempts=1)
    capture = fetcher.get("https://harbour.example/robots.txt", source=source, purpose="robots")
    assert (capture.outcome, site.paths) == ("connection_error", ["harbour.example:443"])
    assert "404" in capture.detail


def test_http_and_https_of_one_name_share_a_lane() -> None:
    keys = {lane_key(url) for url in ("http://a.example/x", "https://a.example/", "https://a.example:443/y")}
    assert keys == {"a.example"}
    assert lane_key("http://a.example:8080/") == "a.example:8080"
    assert lane_key("http://[2001:db8::1]/") == "[2001:db8::1]"


def test_a_tls_handshake_that_drips_ends_with_the_budget(make_fetcher, source) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listener.accept()
        with suppress(OSError):
            for byte in b"\x16\x03\x03\x40\x00" + bytes(4000):
                connection.sendall(bytes([byte]))
                time.sleep(0.05)

    threading.Thread(target=drip, daemon=True).start()
    fetcher = make_fetcher(exchange_timeout_seconds=0.5, max_attempts=1)
    url = f"https://127.0.0.1:{listener.getsockname()[1]}/a"
    capture = fetcher.get(url, source=source, purpose="robots")
    listener.close()
    assert (capture.outcome, capture.detail) == ("timeout", "not finished after 0.5 s")


def test_a_resolver_that_hangs_is_a_dns_failure(make_fetcher, source, monkeypatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: released.wait(30))
    fetcher = make_fetcher(connect_timeout_seconds=0.1, max_attempts=1)
    capture = fetcher.get("http://harbour.example/a", source=source, purpose="robots")
    released.set()
    assert (capture.outcome, "no answer in" in capture.detail) == ("dns_failure", True)
