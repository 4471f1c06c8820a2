from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.fetch.robots import MAX_BYTES, read


def allows(robots: bytes, path: str) -> bool:
    return read(robots, "Newshouse").refuse(f"https://harbour.example{path}") is None


# --- what a file says


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        (b"", "/a", True),
        (b"User-agent: *\nDisallow: /private/", "/private/a", False),
        (b"User-agent: *\nDisallow: /private/", "/news/a", True),
        (b"User-agent: *\rDisallow: /private/\r", "/private/a", False),
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", "/a", False),
        (b"User-agent: *\nDisallow: /\nUser-agent: newshouse\nAllow: /", "/a", True),
        (b"User-agent: *\nDisallow: /a\nAllow: /a/open", "/a/open/1", True),
        (b"User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        (b"User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        (b"<html><body>Not found</body></html>", "/a", True),
        (b"\x00\xff\xfe garbage", "/a", True),
    ],
)
def test_a_rule_is_kept(robots: bytes, path: str, allowed: bool) -> None:
    assert allows(robots, path) == allowed


def test_what_stands_after_500_kib_is_not_read() -> None:
    padding = b"# " + b"x" * 998 + b"\n"
    rule = b"User-agent: *\nDisallow: /\n"
    assert not allows(padding * (MAX_BYTES // 1001 - 1) + rule, "/a")
    assert allows(padding * (MAX_BYTES // 1001 + 1) + rule, "/a")


@pytest.mark.parametrize(
    "line",
    [b"User-agent: a" + b" " * 2000 + b"]\n", b"User-agent: *\nDisallow: /x\n", b"Disallow: /" + b"a*" * 900 + b"b\n"],
    ids=["long lines", "thousands of groups", "stars"],
)
@pytest.mark.timeout(20)
def test_a_hostile_file_is_read_quickly(line: bytes) -> None:
    read(line * (MAX_BYTES // len(line)), "Newshouse").refuse("https://harbour.example/" + "a" * 1500)


@pytest.mark.parametrize(
    ("robots", "seconds"),
    [
        (b"User-agent: *\nCrawl-delay: 7", 7.0),
        (b"User-agent: *\nRequest-rate: 1/12s", 12.0),
        (b"User-agent: *\nCrawl-delay: 86400", 60.0),
        (b"User-agent: *\nCrawl-delay: soon", 0.0),
        (b"User-agent: newshouse\nCrawl-delay: 3\nUser-agent: *\nCrawl-delay: 9", 3.0),
        (b"User-agent: Newshouse/1.0 (reads the news)\nCrawl-delay: 3\nUser-agent: *\nCrawl-delay: 9", 3.0),
        (b"User-agent: *\nDisallow: /x\nUser-agent: 360Spider\nCrawl-delay: 9", 0.0),
        (b"User-agent: news\nCrawl-delay: 9", 0.0),
        (b"User-agent: a\nUser-agent: *\nDisallow: /x\nCrawl-delay: 9\nUser-agent: b\nCrawl-delay: 20", 9.0),
    ],
)
def test_a_pause_is_understood_and_capped(robots: bytes, seconds: float) -> None:
    assert read(robots, "Newshouse").delay_seconds == seconds


@given(st.binary(), st.text())
def test_any_bytes_are_a_robots_file(robots: bytes, path: str) -> None:
    assert 0 <= read(robots, "Newshouse").delay_seconds <= 60
    allows(b"User-agent: *\nDisallow: /" + robots, "/" + path)


# Cases of Google's parser that we answer otherwise, and why. All follow RFC 9309 rather than that parser.
DIFFERENT = {
    # Google takes "Allow: /x/index.html" for "/x/" as well. The RFC does not; refusing is the safe side.
    "http://foo.com/allowed-slash/": "index-page.textproto",
    # Google compares as written and leaves it to the caller to escape; the RFC (2.2.2) compares what is decoded.
    "http://foo.bar/foo/bar/ツ": "non-ascii-paths.textproto",
    "http://foo.bar/foo/bar/baz": "non-ascii-paths.textproto",
}


def test_the_published_cases_are_met_but_for_four_that_are_known(shared: Path) -> None:
    cases = json.loads((shared / "conformance/robots_spec/cases.json").read_text(encoding="utf-8"))
    missed = [
        (case["url"], case["file"])
        for case in cases
        if (read(base64.b64decode(case["robots_b64"]), case["user_agent"]).refuse(case["url"]) is None)
        != case["allowed"]
    ]
    assert len(cases) == 400
    assert len(missed) == 4
    assert set(missed) == set(DIFFERENT.items())


# --- what the answer to /robots.txt means


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("404 Not Found", "fetched"),
        ("403 Forbidden", "fetched"),
        ("429 Too Many Requests", "robots_unavailable"),
        ("500 Oops", "robots_unavailable"),
        ("503 Busy", "robots_unavailable"),
    ],
)
def test_missing_rules_allow_and_broken_ones_forbid(site, fetcher, source, respond, status, outcome) -> None:
    site.routes["/robots.txt"] = respond(b"", status)
    site.routes["/a"] = respond()
    capture = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert capture.outcome == outcome
    assert ("/a" in site.paths) == (outcome == "fetched")


def test_a_disallowed_page_is_not_asked_for_and_the_rules_are_asked_for_once(site, fetcher, source, respond) -> None:
    site.routes["/robots.txt"] = respond(b"User-agent: *\nDisallow: /private/", Content_Type="text/plain")
    site.routes["/a"] = respond()
    outcomes = [
        fetcher.get(site.url + path, source=source, purpose="article").outcome
        for path in ("/private/1", "/private/2", "/a")
    ]
    assert outcomes == ["robots_denied", "robots_denied", "fetched"]
    assert site.paths == ["/robots.txt", "/a"]
    assert [c.purpose for c in fetcher.ledger.captures()] == ["robots", "article", "article", "article"]


def test_rules_may_lie_behind_a_redirect(site, other_site, fetcher, source, respond) -> None:
    site.routes["/robots.txt"] = respond(b"", "301 Moved", Location=f"{other_site.url}/rules")
    other_site.routes["/rules"] = respond(b"User-agent: *\nDisallow: /")
    assert fetcher.get(f"{site.url}/a", source=source, purpose="article").outcome == "robots_denied"


def test_a_redirect_does_not_lead_around_the_rules(site, other_site, fetcher, source, respond) -> None:
    site.routes["/a"] = respond(b"", "302 Found", Location=f"{other_site.url}/private")
    other_site.routes["/robots.txt"] = respond(b"User-agent: *\nDisallow: /private")
    capture = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert (capture.outcome, capture.final_url) == ("robots_denied", f"{other_site.url}/private")
    assert other_site.paths == ["/robots.txt"]


def test_a_repeated_stage_reads_the_rules_from_the_archive(site, make_fetcher, source, respond) -> None:
    site.routes["/robots.txt"] = respond(b"User-agent: *\nDisallow: /")
    make_fetcher().get(f"{site.url}/a", source=source, purpose="article")
    assert make_fetcher().get(f"{site.url}/b", source=source, purpose="article").outcome == "robots_denied"
    assert site.paths == ["/robots.txt"]
