"""Headers too long, too many, malformed or meant to confuse; connections that misbehave."""

from __future__ import annotations

import pytest

from .web import Behaviour, Stage, answer

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
