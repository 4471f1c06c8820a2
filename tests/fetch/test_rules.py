from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.fetch.robots import read
from newshouse.fetch.rules import Pattern, Rules, lines_for, path_of


def matches(pattern: str, path: str) -> bool:
    return Pattern.read(pattern).matches(path_of(f"https://harbour.example{path}"))


BLOCKLIST = "".join(f"User-agent: bot-{'abcdefghij'[n % 10] * (n // 10 + 1)}\nDisallow: /\n\n" for n in range(1500))


def allows(robots: str, path: str) -> bool:
    return read(robots.encode(), "Newshouse").refuse(f"https://harbour.example{path}") is None


# --- whose groups count


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("User-agent: a\nUser-agent: newshouse\nDisallow: /x", "/x", False),
        ("User-agent: newshouse\nDisallow: /x\n\nUser-agent: *\nDisallow: /y", "/y", True),
        ("User-agent: newshouse\nAllow:/\nUser-agent: b\nDisallow:/\nUser-agent: newshouse\nDisallow: /y", "/y", False),
        ("User-agent: newshouse\nUser-agent: b\nSitemap: /s.xml\nDisallow: /x", "/x", False),
        ("User-agent: newshouse\n\nUser-agent: *\nDisallow: /", "/x", False),  # blank lines part no group
        ("User-agent: newshouse\nDisallow:\n\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: newshousekeeper\nDisallow: /", "/x", True),
        ("User-agent: NEWSHOUSE/2.0 (the reader of news; +https://desk.example/s)\nDisallow: /x", "/x", False),
        ("User-agent: Sosbot/2.0 (+https://sos.example)\nDisallow: /\nUser-agent: *\nDisallow: /x", "/y", True),
        ("User-agent: *\nDisallow: /x\nUser-agent: Sosbot/2.0 (+https://sos.example)\nDisallow: /", "/y", True),
        ("User-agent: *\nDisallow: /x\nUser-agent: 360Spider\nDisallow: /", "/y", True),
        ("User-agent: *\nDisallow: /x\nUser-agent:\nDisallow: /", "/y", True),
        ("User-agent: *\nDisallow: /x\nUser-agent: Паук\nDisallow: /", "/y", True),
        ("User-agent: *bot\nDisallow: /", "/y", True),
        ("User-agents: newshouse\nDisallow: /x", "/x", False),
        ("user agent newshouse\ndisallow /x", "/x", False),
        ("Disallow: /x", "/x", True),  # said to nobody
        (f"{BLOCKLIST}User-agent: *\nDisallow: /x", "/x", False),
        ("User-agent: *\nDisallow: /x\nUser-agent: *\nUser-agent: newshouse\nAllow: /", "/x", True),
    ],
)  # fmt: skip
def test_the_groups_that_name_us_count_or_else_those_of_everybody(robots: str, path: str, allowed: bool) -> None:
    assert allows(robots, path) == allowed


def test_a_pause_that_is_asked_of_another_crawler_is_not_ours() -> None:
    slow = b"User-agent: slowbot\nCrawl-delay: 50\nUser-agent: *\nDisallow: /x"
    assert read(slow, "Newshouse").delay_seconds == 0


# --- which paths a rule speaks of (the table of RFC 9309, 2.2.2, the examples of 2.2.3, and what others get wrong)


@pytest.mark.parametrize(
    ("pattern", "path", "match"),
    [
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", True),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https://foo.bar", True),
        ("/*baz=https%3a%2f%2ffoo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", True),
        ("/*//", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False),
        ("/a%2Fb", "/a/b", False),
        ("/a/b", "/a%2fb", False),
        ("/a%2Fb", "/a%2fb", True),
        ("/*?", "/who-won%3F", False),
        ("/*&", "/rock-%26-roll", False),
        ("/a%25b", "/a%25b", True),
        ("/a%2541", "/aA", False),
        ("/100%", "/100%-sure", True),
        ("/a|b", "/a%7Cb", True),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", True),
        ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", True),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", True),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", True),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", False),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/path/foo-%24", "/path/foo-$/more", True),
        ("/path/foo-%24", "/path/foo-", False),
        ("*.gif$", "/a/b.gif", True),
        ("*.gif$", "/a/b.gif?x", False),
        ("/*.gif$", "/a.gif.gif", True),
        ("/example", "/example/x", True),
        ("/publications/", "/publications", False),
        ("/this/*/exactly", "/this/path/exactly", True),
        ("/this/*/exactly", "/this/path/more/exactly?and", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/*?print=$", "/a?print=", True),
        ("/*?print=$", "/a/print=", False),
        ("/list[1]*", "/list[1]/a", True),
        ("/list[1]*", "/list1/a", False),
        ("//", "//a", True),
        ("/a b", "/a%20b", True),
        ("*", "/", True),
        ("/a", "/A", False),
        ("private", "/private", False),
    ],
)  # fmt: skip
def test_a_pattern_is_compared_by_octets(pattern: str, path: str, match: bool) -> None:
    assert matches(pattern, path) == match


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/b?c#d", "/b?c"),
        ("https://a.example", "/"),
        ("https://a.example?c", "/?c"),
        ("https://a.example/b?u=http://c.example/d", "/b?u=http://c.example/d"),
        ("https://a.example//b", "//b"),
        ("https://a.example/b?", "/b?"),
        ("https://a.example/%7Eb", "/~b"),
    ],
)
def test_rules_look_at_path_and_query(url: str, path: bytes) -> None:
    assert path_of(url) == path


def test_the_longest_rule_decides_and_of_equal_ones_the_one_that_allows() -> None:
    rules = Rules.read(
        ["Disallow: /a", "Allow: /a", "Allow: /b", "Disallow: /b/*/c", "Disallow:", "Allow", "Noindex: /"]
    )
    verdicts = {path: rules.allow(f"https://x.example{path}") for path in ("/a", "/b/1", "/b/1/c", "/", "/d")}
    assert verdicts == {"/a": True, "/b/1": True, "/b/1/c": False, "/": True, "/d": True}


@pytest.mark.timeout(20)
def test_many_addresses_against_thousands_of_wild_rules_take_seconds() -> None:
    rules = read(b"User-agent: *\n" + b"".join(b"Disallow: /*/%d/*x$\n" % n for n in range(2_000)), "Newshouse")
    assert all(rules.refuse(f"https://a.example/b/{n}") is None for n in range(200))


def test_one_path_written_in_two_ways_weighs_the_same() -> None:
    for rule in ("Disallow: /%7Ejoe", "Disallow: /ツ"):
        allow = rule.replace("Disallow", "Allow").replace("%7E", "~").replace("ツ", "%e3%83%84")
        assert Rules.read([rule, allow]).allow(f"https://x.example{rule.removeprefix('Disallow: ')}/1")


LINES = st.lists(st.sampled_from(["User-agent: *", "User-agent: a", "User-agent: b", "Allow: /x", "Disallow: /", ""]))
PATHS = st.text("/ab?*$%", max_size=12).map(lambda text: f"/{text}")


@given(LINES)
def test_what_another_crawler_is_told_never_changes_what_we_are(lines: list[str]) -> None:
    others = [line.replace(": b", ": another") for line in lines]
    assert lines_for("a", lines) == lines_for("a", others)


@given(PATHS)
def test_a_path_matches_itself_and_all_of_its_beginnings(path: str) -> None:
    plain = path.replace("%", "%25").replace("*", "%2A").replace("$", "%24")
    asked = path.replace("%", "%25")
    assert matches(plain, asked)
    assert matches("/*", asked)
    assert matches(f"{plain}$", asked)
    assert not matches(f"{plain}x", asked)


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_text_breaks_it(pattern: str, url: str) -> None:
    Rules.read([f"Disallow: {pattern}", pattern]).allow(url)
