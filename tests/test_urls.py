from __future__ import annotations

import json
from pathlib import Path

import ada_url
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newshouse.hostnames import names_a_host
from newshouse.urls import absolute, host_of, registrable_domain, url_key

ODD_URLS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTPS://", "http:\\", "  http://u:p@"]),
    st.sampled_from(
        ["a.example", "A.example:80", "a.example.:443", "0x7f.1", "[::1]:8080", "münchen.example", "a.1.."]
    ),
    st.text(st.sampled_from("/.%2eE~é한 \\"), max_size=8).map(lambda s: "/" + s),
    st.text(st.sampled_from("?&=utm_idcx1%2b+;'\"é "), max_size=16),
    st.sampled_from(["", "#frag", "#!/a"]),
)


@given(st.one_of(ODD_URLS, st.text(), st.text().map("https://a.example/".__add__)))
@example("http://a.example/?%2%65")
@example("http://a.example/?\ud800")
def test_the_key_of_a_key_is_itself(url: str) -> None:
    try:
        key = url_key(url)
    except ValueError:
        return
    assert url_key(key) == key
    assert absolute(key, key) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://News.Example:80/a#top", "http://news.example/a"),
        ("https://news.example/a?utm_source=rss&id=7&fbclid=x", "https://news.example/a?id=7"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"),
        ("https://news.example/?20261123", "https://news.example/?20261123"),
        ("https://news.example/a?cid=4711", "https://news.example/a?cid=4711"),
        ("https://news.example/a?cid=social_x", "https://news.example/a"),
        ("https://user:secret@news.example./a", "https://news.example/a"),
        ("https://news.example/%ec%84%9c", "https://news.example/%EC%84%9C"),
        ("https://news.example/서울", "https://news.example/%EC%84%9C%EC%9A%B8"),
        ("https://www.news.example/a/", "https://www.news.example/a/"),
    ],
)
def test_the_key_drops_what_does_not_identify_and_keeps_what_does(url: str, key: str) -> None:
    assert url_key(url) == key


@pytest.mark.parametrize("url", ["", "ftp://a.example/", "/relative", "javascript:void(0)", "http://", "http://a b/"])
def test_what_is_not_http_is_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        url_key(url)


@pytest.mark.parametrize(
    ("url", "host", "domain"),
    [
        ("https://en.yna.co.kr/x", "en.yna.co.kr:443", "yna.co.kr"),
        ("http://daily.harbour.example/x", "daily.harbour.example:80", "harbour.example"),
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080", "127.0.0.1"),
        ("http://[::1]/x", "[::1]:80", "[::1]"),
        ("http://localhost:81/", "localhost:81", "localhost"),
        ("https://daily.harbour.example./x", "daily.harbour.example:443", "harbour.example"),
        ("https://co.uk/", "co.uk:443", "co.uk"),
    ],
)
def test_host_and_domain(url: str, host: str, domain: str) -> None:
    assert (host_of(url), registrable_domain(url)) == (host, domain)


def test_links_are_joined_to_their_page() -> None:
    assert absolute("../b?utm_source=x#y", "https://a.example/n/m/") == "https://a.example/n/b?utm_source=x"


def test_urls_parse_as_the_web_platform_tests_say(shared: Path) -> None:
    cases = json.loads((shared / "conformance/urltestdata/urltestdata.json").read_text(encoding="utf-8"))
    wrong = []
    for case in (c for c in cases if isinstance(c, dict)):
        try:
            parsed = ada_url.URL(case["input"], base=case["base"])
            href = parsed.href if names_a_host(parsed.hostname) else None
        except ValueError:
            href = None
        if href != case.get("href"):
            wrong.append(case["input"])
        if href and href.startswith(("http://", "https://")) and parsed.hostname[-1:].isalnum():
            assert url_key(url_key(href)) == url_key(href)
    assert wrong == []


@pytest.mark.parametrize("host", ["xn--", "xn--a", "a.b.c.xn--pokxncvks", "XN--pokxncvks.example", "xn--a-ecp.ru"])
def test_a_host_that_only_pretends_to_be_punycode_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="pretends to be Punycode"):
        url_key(f"http://{host}/news/412345")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://xn--brcke-lva.example/", "xn--brcke-lva.example:443"),
        ("https://BRÜCKE.example/", "xn--brcke-lva.example:443"),
        ("http://한국.example/", "xn--3e0b707e.example:80"),
        ("http://faß.example/", "xn--fa-hia.example:80"),  # IDNA 2008: not "fass"
        ("http://www.xn--fiqs8s.example。/", "www.xn--fiqs8s.example:80"),
    ],
)
def test_a_name_in_another_script_is_kept(url: str, host: str) -> None:
    assert host_of(url) == host


CLEAN_URLS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://"]),
    st.text(st.sampled_from("ab1-.xn_"), min_size=1, max_size=12).map(lambda host: f"{host}.example"),
    st.text(st.sampled_from("/.%2eEab~@:!$&()*+,;='^|"), max_size=12).map("/".__add__),
    st.text(st.sampled_from("?&=%2b+;'/@:.a|"), max_size=8),
)


@given(st.one_of(CLEAN_URLS, ODD_URLS))
@example("https://a.example/x/%2E%2e/y")
@example("https://a.example/x/.%2e/y")
@example("https://a-.b--c.example/x")
def test_an_address_that_needs_no_parsing_is_what_the_parser_makes_of_it(url: str) -> None:
    try:
        parsed = ada_url.URL(url.strip())
        parsed.hash = parsed.username = parsed.password = ""
        expected = parsed.href if names_a_host(parsed.hostname) else None
    except ValueError:
        expected = None
    try:
        assert absolute(url, "https://page.example/") == expected
    except ValueError:
        assert expected is None
