"""Headers too long, too many, malformed or meant to confuse; connections that misbehave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newshouse.fetch import outcomes

from .web import Behaviour, Stage, answer

KNOWN_OUTCOMES = {value for name, value in vars(outcomes).items() if name.isupper() and isinstance(value, str)}

COOKIES = [f"Set-Cookie: c{n}={'x' * 400}; Path=/" for n in range(60)]


def wall(stage: Stage) -> None:
    """A consent page: comes back with a cookie, or is sent round again."""
    ok = "consent=yes" in stage.request
    stage.send(answer(b"<p>in</p>") if ok else answer(b"", "302 Found", "Set-Cookie: consent=yes", Location=stage.path))


def cookie_loop(stage: Stage) -> None:
    """A wall that wants another cookie every time."""
    again = f"n={len(stage.web.requests)}"
    stage.send(answer(b"", "302 Found", f"Set-Cookie: {again}", Location=stage.path))


def reset(stage: Stage) -> None:
    stage.reset()


BEHAVIOURS = [
    Behaviour("one header of 1 MB", answer(b"a", "200 OK", "X-Long: " + "x" * 1_000_000), "connection_error"),
    Behaviour("1 MB of headers", answer(b"a", "200 OK", *[f"X-{n}: {'x' * 9000}" for n in range(90)]), "fetched"),
    Behaviour("2000 headers", answer(b"a", "200 OK", *[f"X-{n}: y" for n in range(2000)]), "connection_error"),
    Behaviour("headers that drip", lambda s: s.drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500), "timeout"),
    Behaviour("headers without end", lambda s: (s.send(b"HTTP/1.1 200 OK\r\n"), s.hang()), "timeout"),
    Behaviour("headers that never stop", lambda s: s.endless(b"X-Header: x\r\n" * 999), "connection_error"),
    Behaviour("a header without a colon", answer(b"a", "200 OK", "nonsense"), "fetched"),
    Behaviour("a header without a name", answer(b"a", "200 OK", ": value"), "fetched"),
    Behaviour("NUL in a header", answer(b"a", "200 OK", "X-Nul: a\x00b"), "fetched"),
    Behaviour("Latin-1 in a header", answer(b"a", "200 OK", "X-Caf\xe9: \xe9t\xe9"), "fetched"),
    Behaviour("a folded header", answer(b"a", "200 OK", "X-Fold: a\r\n b\r\n\tc"), "fetched"),
    Behaviour("mere line feeds", b"HTTP/1.1 200 OK\nContent-Type: text/html\n\nabc", "fetched", body=b"abc"),
    Behaviour("a wall of Set-Cookie", answer(b"a", "200 OK", *COOKIES), "fetched", body=b"a"),
    Behaviour("a cookie wall", wall, "fetched", body=b"<p>in</p>"),
    Behaviour("a cookie wall without end", cookie_loop, "redirect_loop"),
    Behaviour("cookies that are none", answer(b"a", "200 OK", "Set-Cookie: ;;=;=\x01;Max-Age=x"), "fetched"),
    Behaviour("an ETag of 60 kB", answer(b"a", "200 OK", f'ETag: "{"e" * 60_000}"'), "fetched"),
    Behaviour("no answer at all", lambda s: s.hang(), "timeout"),
    Behaviour("hung up on", lambda s: s.connection.close(), "connection_error"),
    Behaviour("reset at once", reset, "connection_error"),
    Behaviour("half a status line", b"HTTP/1.", "connection_error"),
]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_hostile_headers_end_well_defined(suffer, behaviour) -> None:
    suffer(behaviour)


def test_a_connection_kept_alive_may_be_gone_when_it_is_needed(web, make_fetcher, source) -> None:
    """Closed by the server after an answer that promised to keep it open."""
    web.routes |= {path: answer(b"a", Connection="keep-alive") for path in ("/a", "/b", "/c")}
    fetcher = make_fetcher(max_attempts=2)
    outcomes = [fetcher.get(web.url + path, source=source, purpose="article").outcome for path in ("/a", "/b", "/c")]
    assert outcomes == ["fetched"] * 3


def test_cookies_of_one_article_are_not_sent_with_the_next(web, make_fetcher, source) -> None:
    web.routes |= {path: answer(b"a", "200 OK", "Set-Cookie: reader=42; Path=/") for path in ("/a", "/b")}
    fetcher = make_fetcher()
    for path in ("/a", "/b"):
        fetcher.get(web.url + path, source=source, purpose="article")
    assert "reader=42" not in "".join(web.requests)


NAMES = [
    "Age",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Expires",
    "Last-Modified",
    "Link",
    "Location",
    "Retry-After",
    "Set-Cookie",
    "TDM-Reservation",
    "Transfer-Encoding",
    "X-Robots-Tag",
    ":status",
    "",
]
VALUES = (
    *("", "-1", "9" * 5000, "1e999", "*", "=", "a\x00b", "\xff\xfe", "x" * 60_000, "gzip, gzip", "br", "chunked, gzip"),
    *("Fri, 31 Dec 9999 23:59:59 -0100", "Mon, 23 Nov 2026 06:00:00 GMT", "a=b; max-age=" + "9" * 400, "max-age=1e9"),
    *("text/html; charset=\x00", "/other", "//[", "http://xn--a/", "?%ff%00", "noarchive, other: noai", "bytes 0-1/2"),
)
STATUSES = ("200 OK", "203 Other", "206 Part", "301 Moved", "304 Same", "404 None", "429 Slow", "503 Down", "999 What")
ANSWERS = (
    b"",
    b"<p>News</p>",
    b"\x1f\x8b",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"zz\r\n",
    b"<meta name=robots content=noarchive>",
)


@pytest.mark.filterwarnings("ignore:http.cookiejar bug")  # it says so of each cookie that it cannot read
@hypothesis_settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(STATUSES),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=5),
    st.sampled_from(ANSWERS),
)
def test_whatever_headers_come_every_fetch_ends(web, make_fetcher, source, status, headers, body) -> None:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), "Connection: close", "", ""]
    path = f"/{len(web.requests)}"
    web.routes[path] = "\r\n".join(lines).encode("latin-1") + body
    with make_fetcher() as fetcher:
        for purpose in ("article", "feed"):
            capture = fetcher.get(web.url + path, source=replace(source, rights="obey"), purpose=purpose)
            assert capture.outcome in KNOWN_OUTCOMES
            if capture.warc_file is not None:
                fetcher.response(capture)
