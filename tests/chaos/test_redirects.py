"""Redirects that lead in circles, nowhere, or where nobody may go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .web import Behaviour, Stage, answer


def to(location: str, *headers: str) -> bytes:
    return answer(b"", "302 Found", *headers, Location=location)


def one_further(stage: Stage) -> None:
    following = f"/a{len(stage.web.requests)}"
    stage.web.routes.setdefault(following, one_further)  # before it is named: the next request may be quicker
    stage.send(to(following))


def huge(stage: Stage) -> None:
    stage.send(answer(b"", "302 Found", Location="/b", Content_Length="4000000000"))
    stage.endless(b"x" * 100_000)


BEHAVIOURS = [
    Behaviour("to itself", to("/a"), "redirect_loop"),
    Behaviour("without end", one_further, "redirect_loop", says="11 redirects"),
    Behaviour("to nowhere", answer(b"", "302 Found"), "http_error"),
    Behaviour("to an empty place", to(" "), "http_error"),
    Behaviour("to a file", to("file:///etc/passwd"), "bad_url"),
    Behaviour("to a mailbox", to("mailto:desk@harbour.example"), "bad_url"),
    Behaviour("to a script", to("javascript:alert(1)"), "bad_url"),
    Behaviour("to FTP", to("ftp://harbour.example/a"), "bad_url"),
    Behaviour("to no host", to("http://?x"), "bad_url"),
    Behaviour("to a port that is none", to("http://harbour.example:99999/"), "bad_url"),
    Behaviour("to a host of mere dots", to("http://../"), "bad_url"),
    Behaviour("to a host of 300 letters", to(f"http://{'a' * 300}.example/"), "bad_url"),
    Behaviour("to a host that pretends to be Punycode", to("http://xn--a.example/"), "bad_url"),
    Behaviour("to a page, relative", to("b?x=1#top"), "fetched", body=b"<p>b</p>"),
    Behaviour("to a page, without scheme", to("//{host}/b?x=1"), "fetched"),
    Behaviour("to a page, in UTF-8", to("/b?x=1&q=Br\xc3\xbccke"), "gone"),
    Behaviour("with a huge body", huge, "gone"),
    Behaviour("a Refresh header", answer(b"r", "200 OK", "Refresh: 0; url=/b"), "fetched", body=b"r"),
]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_a_redirect_ends_well_defined(suffer, web, behaviour) -> None:
    web.routes["/b?x=1"] = answer(b"<p>b</p>")
    reply = behaviour.reply
    if isinstance(reply, bytes):
        reply = reply.replace(b"{host}", f"127.0.0.1:{web.port}".encode())
    suffer(replace(behaviour, reply=reply))


def test_two_that_send_each_other_round(suffer, web) -> None:
    web.routes["/b"] = to("/a")
    suffer(Behaviour("ping", to("/b"), "redirect_loop"))


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1:1/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/",
        "http://192.168.1.1/", "http://metadata.google.internal/", "http://router.local/", "http://100.64.0.1/",
    ],
)  # fmt: skip
def test_a_redirect_never_leads_into_a_private_network(web, make_fetcher, source, names, monkeypatch, inside) -> None:
    """The page is on the open internet as far as the guard can tell; where it points is not."""
    from newshouse.fetch import guard

    public = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.77" or public(address))
    web.routes["/a"] = to(inside)
    names["harbour.example"] = [["127.0.0.77"]]
    names |= {"metadata.google.internal": [["169.254.169.254"]], "router.local": [["192.168.1.1"]]}
    monkeypatch.setattr("newshouse.fetch.wire.create_connection", _to(web))
    fetcher = make_fetcher()
    outside = replace(source, allow_private=False)
    capture = fetcher.get(f"http://harbour.example:{web.port}/a", source=outside, purpose="robots")
    assert (capture.outcome, len(capture.redirects)) == ("private_address", 1)
    assert web.requests[-1].startswith("GET /a ")


def _to(web):
    """Connect to the web whatever the address."""
    from urllib3.util.connection import create_connection

    return lambda address, *args, **kwargs: create_connection(("127.0.0.1", web.port), *args, **kwargs)
