"""robots.txt as a weapon: too large, too slow, garbage, or a bomb."""

from __future__ import annotations

import gzip

import pytest

from .web import answer

SHUT = b"User-agent: *\nDisallow: /\n"
OPEN = b"User-agent: *\nAllow: /\n"
GROUPS = b"".join(b"User-agent: b%d\nDisallow: /\n\n" % n for n in range(20_000))


def text(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    return answer(body, status, **({"Content_Type": "text/plain"} | headers))


ROBOTS = {
    "10 MB whose first lines shut": (text(SHUT + b"# pad\n" * 1_700_000), "robots_denied", {"max_body_bytes": 2**25}),
    "10 MB whose last lines shut": (text(b"# pad\n" * 1_700_000 + SHUT), "fetched", {"max_body_bytes": 2**25}),
    "larger than any body may be": (text(b"# pad\n" * 400_000), "robots_unavailable", {}),
    "that hangs": (lambda s: s.hang(), "robots_unavailable", {}),
    "that drips": (lambda s: s.drip(text(SHUT * 50)), "robots_unavailable", {}),
    "that is reset": (lambda s: s.reset(), "robots_unavailable", {}),
    "that breaks off": (text(SHUT, Content_Length="999"), "robots_unavailable", {}),
    "with status 500": (text(OPEN, "500 Oops"), "robots_unavailable", {}),
    "with status 503": (text(OPEN, "503 Busy"), "robots_unavailable", {}),
    "with status 429": (text(OPEN, "429 Busy"), "robots_unavailable", {}),
    "with status 403": (text(SHUT, "403 Forbidden"), "fetched", {}),
    "with status 401": (text(SHUT, "401 Unauthorized"), "fetched", {}),
    "that redirects to itself": (answer(b"", "302 Found", Location="/robots.txt"), "robots_unavailable", {}),
    "that redirects to nowhere on the web": (answer(b"", "302 Found", Location="ftp://x/"), "robots_unavailable", {}),
    "that is a web page": (answer(b"<html><h1>Welcome</h1></html>"), "fetched", {}),
    "of NUL bytes": (text(bytes(10_000)), "fetched", {}),
    "of one endless line": (text(b"User-agent: " + b"x" * 900_000), "fetched", {}),
    "with a byte order mark": (text(b"\xef\xbb\xbf" + SHUT), "robots_denied", {}),
    "with mere carriage returns": (text(SHUT.replace(b"\n", b"\r")), "robots_denied", {}),
    "with NUL inside": (text(b"\x00\n" + SHUT), "robots_denied", {}),
    "in gzip": (text(gzip.compress(SHUT), Content_Encoding="gzip"), "robots_denied", {}),
    "that is a bomb": (text(gzip.compress(bytes(40_000_000)), Content_Encoding="gzip"), "robots_unavailable", {}),
    "with 20,000 groups": (
        text(b"".join(b"User-agent: b%d\nDisallow: /\n\n" % n for n in range(20_000))),
        "fetched",
        {},
    ),
    "with wild patterns": (text(b"User-agent: *\nDisallow: " + b"/*a" * 500 + b"$\n"), "fetched", {}),
    "with a delay of a year": (text(OPEN + b"Crawl-delay: 31536000\n"), "fetched", {}),
    "with a delay that is none": (text(OPEN + b"Crawl-delay: -1e999\nCrawl-delay: NaN\n"), "fetched", {}),
}


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robots_file(web, make_fetcher, source, name) -> None:
    reply, outcome, settings = ROBOTS[name]
    web.routes |= {"/robots.txt": reply, "/a": answer()}
    capture = make_fetcher(**settings).get(f"{web.url}/a", source=source, purpose="article")
    assert capture.outcome == outcome, capture
    assert web.paths == (["/a"] if outcome == "fetched" else [])
