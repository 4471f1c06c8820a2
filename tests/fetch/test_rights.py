from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.fetch.rights import page_rights, site_rights

PAGE = b"<html><head>%s</head><body><p>News</p></body></html>"


def stated(head: bytes = b"", **headers: str) -> str | None:
    end = page_rights([(name.replace("_", "-"), value) for name, value in headers.items()], PAGE % head, "Newshouse")
    return end.detail if end else None


@pytest.mark.parametrize(
    ("head", "headers", "detail"),
    [
        (b"", {"TDM_Reservation": "1"}, "TDM-Reservation: 1 (header)"),
        (b'<meta name="tdm-reservation" content="1">', {}, "TDM-Reservation: 1 (meta)"),
        (b'<META content="index, NoArchive" name=ROBOTS>', {}, "noarchive (meta)"),
        (b'<meta name="newshouse" content="noarchive">', {}, "noarchive (meta)"),
        (b"", {"X_Robots_Tag": "noindex, noai"}, "noai (header)"),
        (b"", {"x_robots_tag": "Newshouse: noarchive"}, "noarchive (header)"),
        (b"", {"X_Robots_Tag": "unavailable_after: 25 Jun 2026 15:00:00 GMT, noarchive"}, "noarchive (header)"),
    ],
)
def test_what_is_reserved_is_seen(head: bytes, headers: dict[str, str], detail: str) -> None:
    assert stated(head, **headers) == detail


@pytest.mark.parametrize(
    ("head", "headers"),
    [
        (b"", {"TDM_Reservation": "0"}),
        (b'<meta name="robots" content="noindex, nofollow">', {}),  # walls and error pages bear it
        (b'<meta name="googlebot" content="noarchive">', {}),  # said to somebody else
        (b'<!-- <meta name="robots" content="noarchive"> -->', {}),
        (b'<meta name="description" content="noarchive">', {}),
        (b"", {"X_Robots_Tag": "googlebot: noarchive, noai"}),
        (b"", {}),
    ],
)
def test_what_is_not_reserved_for_us_is_no_reservation(head: bytes, headers: dict[str, str]) -> None:
    assert stated(head, **headers) is None


@given(st.binary(max_size=200), st.lists(st.tuples(st.sampled_from(["X-Robots-Tag", "TDM-Reservation"]), st.text())))
def test_no_page_breaks_it(body: bytes, headers: list[tuple[str, str]]) -> None:
    page_rights(headers, b"noarchive" + body, "Newshouse")


TDMREP = json.dumps(
    [
        {"location": "/open/*", "tdm-reservation": 0},
        {"location": "/*.pdf$", "tdm-reservation": 1},
        {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://harbour.example/policy.json"},
    ]
).encode()


@pytest.mark.parametrize(
    ("path", "reserved"),
    [("/news/a", True), ("/open/news/a", False), ("/x/a.pdf", True), ("/x/a.pdf?b", False), ("/sport", False)],
)
def test_the_first_rule_that_matches_counts(path: str, reserved: bool) -> None:
    assert bool(site_rights(TDMREP, b"", "Newshouse").refuse(f"https://harbour.example{path}")) is reserved


def test_ai_txt_is_read_as_robots_txt_is() -> None:
    rights = site_rights(b"", b"User-Agent: *\nDisallow: /news/\n", "Newshouse")
    assert rights.refuse("https://harbour.example/news/a")
    assert rights.refuse("https://harbour.example/sport") is None


@pytest.mark.parametrize("ai_txt", [b"", b"<!doctype html>\nUser-Agent: *\nDisallow: /", b"\xff\x00"])
@pytest.mark.parametrize(
    "tdmrep",
    [
        b"",
        b"<html>",
        b"{}",
        b"[1, {}, null]",
        b'[{"location": 7, "tdm-reservation": 1}]',
        b'[{"location": "/\\ud800", "tdm-reservation": 1}]',
    ],
)
def test_what_is_no_such_file_reserves_nothing(tdmrep: bytes, ai_txt: bytes) -> None:
    assert site_rights(tdmrep, ai_txt, "Newshouse").refuse("https://harbour.example/") is None


@given(
    st.binary(max_size=200), st.lists(st.fixed_dictionaries({"location": st.text(st.sampled_from("/a*$"))})), st.text()
)
def test_no_file_breaks_it(ai_txt: bytes, rules: list[dict[str, str]], path: str) -> None:
    site_rights(json.dumps(rules).encode(), ai_txt, "Newshouse").refuse(f"https://harbour.example/{path}")


# --- in the fetcher


def test_of_a_reserved_page_the_headers_are_kept_and_no_bytes(site, make_fetcher, source, respond) -> None:
    fetcher = make_fetcher(rights="obey")
    site.routes["/a"] = respond(b"<p>Secret</p>", TDM_Reservation="1")
    capture = fetcher.get(f"{site.url}/a", source=source, purpose="article")
    assert (capture.outcome, capture.detail) == ("rights_reserved", "TDM-Reservation: 1 (header)")
    assert (capture.payload_digest, capture.body_bytes) == (None, 0)
    kept = fetcher.response(capture)
    assert (kept.body, kept.header("TDM-Reservation")) == (b"", "1")


@pytest.mark.parametrize("of_source", [True, False])
def test_under_the_other_policy_it_is_only_recorded(site, make_fetcher, source, respond, of_source) -> None:
    site.routes["/a"] = respond(b"<p>News</p>", TDM_Reservation="1")
    site.routes["/.well-known/tdmrep.json"] = respond(b'[{"location": "/", "tdm-reservation": 1}]')
    fetcher = make_fetcher(rights="obey" if of_source else "record", reads_site_rights=True)
    lenient = replace(source, rights="record" if of_source else None)
    assert fetcher.get(f"{site.url}/a", source=lenient, purpose="article").outcome == "fetched"
    assert site.paths == ["/robots.txt", "/.well-known/tdmrep.json", "/ai.txt", "/a"]


def test_a_site_that_reserves_all_is_not_asked_for_articles(site, make_fetcher, source, respond) -> None:
    site.routes["/ai.txt"] = respond(b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    fetcher = make_fetcher(reads_site_rights=True, rights="obey")
    got = [fetcher.get(f"{site.url}/{n}", source=source, purpose="article") for n in range(2)]
    assert [(c.outcome, c.attempts, c.detail) for c in got] == [("rights_reserved", 0, "ai.txt disallows it")] * 2
    assert site.paths == ["/robots.txt", "/.well-known/tdmrep.json", "/ai.txt"]
    feed = fetcher.get(f"{site.url}/feed", source=source, purpose="feed")
    assert feed.outcome == "gone"  # asked for: a feed is not yet use


def test_files_that_an_earlier_run_read_are_not_asked_for_again(site, make_fetcher, source, respond) -> None:
    site.routes["/robots.txt"] = respond(b"User-agent: *\nDisallow: /private")
    first = make_fetcher(reads_site_rights=True)
    first.get(f"{site.url}/a", source=source, purpose="article")
    files = {(c.purpose, c.url): c for c in first.ledger.captures() if c.purpose in ("robots", "rights")}
    asked = len(site.paths)
    again = make_fetcher(reads_site_rights=True, remembered=files, run_id="next")
    assert again.get(f"{site.url}/b", source=source, purpose="article").outcome == "gone"
    assert again.get(f"{site.url}/private", source=source, purpose="article").outcome == "robots_denied"
    assert site.paths[asked:] == ["/b"]
