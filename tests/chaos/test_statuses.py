"""Every status there is, and some that there are not."""

from __future__ import annotations

import pytest

from .web import Behaviour, answer

OUTCOMES = {
    "200 OK": "fetched",
    "203 Non-Authoritative Information": "fetched",
    "404 Not Found": "gone",
    "410 Gone": "gone",
    "429 Too Many Requests": "rate_limited",
    "503 Service Unavailable": "rate_limited",
}
ERRORS = """201 Created|202 Accepted|206 Partial Content|300 Multiple Choices|301 Moved Permanently|302 Found|
305 Use Proxy|306 Unused|400 Bad Request|401 Unauthorized|402 Payment Required|403 Forbidden|405 Method Not Allowed|
406 Not Acceptable|407 Proxy Authentication Required|409 Conflict|411 Length Required|
412 Precondition Failed|413 Too Large|414 URI Too Long|415 Unsupported|416 Range|417 Expectation Failed|
418 I'm a teapot|421 Misdirected|422 Unprocessable|423 Locked|426 Upgrade Required|
428 Precondition Required|431 Header Too Large|444 No Response|451 Unavailable For Legal Reasons|
499 Client Closed""".replace("\n", "").split("|")
BROKEN = """408 Request Timeout|425 Too Early|
500 Oops|501 Not Implemented|502 Bad Gateway|504 Gateway Timeout|505 Version|507 Insufficient Storage|
508 Loop Detected|511 Network Authentication Required|520 Unknown|522 Connection Timed Out|525 TLS|530 Frozen|599 None|
999 Request denied""".replace("\n", "").split("|")
OUTCOMES |= dict.fromkeys(ERRORS, "http_error") | dict.fromkeys(BROKEN, "server_error")


@pytest.mark.parametrize("status", OUTCOMES)
def test_a_status_has_one_outcome(suffer, status) -> None:
    capture = suffer(Behaviour(status, answer(b"<p>Hm</p>", status), OUTCOMES[status]))
    assert capture.status == int(status[:3])


BEHAVIOURS = [
    Behaviour("204 without a body", answer(b"", "204 No Content", Content_Length=""), "http_error", says="204"),
    Behaviour("205 with a body", answer(b"x", "205 Reset Content"), "http_error"),
    Behaviour("304 that nobody asked for", answer(b"", "304 Not Modified"), "http_error"),
    Behaviour("304 with a body", answer(b"<p>x</p>", "304 Not Modified"), "http_error"),
    Behaviour("100 before the answer", b"HTTP/1.1 100 Continue\r\n\r\n" + answer(b"a"), "fetched", body=b"a"),
    Behaviour(
        "103 early hints before the answer",
        b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n" + answer(b"a"),
        "fetched",
        body=b"a",
    ),
    Behaviour("102 without end", b"HTTP/1.1 102 Processing\r\n\r\n" * 5000, "connection_error"),
    Behaviour("no reason phrase", b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\na", "fetched", body=b"a"),
    Behaviour("a reason phrase of 60 kB", answer(b"a", "200 " + "O" * 60_000), "fetched", body=b"a"),
    Behaviour("a status line of 1 MB", b"HTTP/1.1 200 " + b"O" * 1_000_000 + b"\r\n\r\n", "connection_error"),
    Behaviour("a status of two digits", b"HTTP/1.1 20 OK\r\n\r\n", "connection_error"),
    Behaviour("a status in words", b"HTTP/1.1 fine\r\n\r\n", "connection_error"),
    Behaviour("HTTP 0.9", b"<html>old</html>", "connection_error"),
    Behaviour("HTTP 9.9", b"HTTP/9.9 200 OK\r\n\r\n", "connection_error"),
    Behaviour("HTTP 1.0 until the end", b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\na", "fetched", body=b"a"),
    Behaviour("an SSH server", b"SSH-2.0-OpenSSH_9.6\r\n", "connection_error"),
    Behaviour("a mail server", b"220 mail.harbour.example ESMTP\r\n", "connection_error"),
]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_a_strange_status_ends_well_defined(suffer, behaviour) -> None:
    suffer(behaviour)
