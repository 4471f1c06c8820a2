from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.urls import registrable_domain, url_key

ARTICLE = "https://www.harbour.co.kr/news/bridge-reopens-on-friday"


@pytest.mark.parametrize(
    "variant",
    [
        "https://www.harbour.co.kr/amp/news/bridge-reopens-on-friday",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday/amp",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday/amp/",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday.amp",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday?amp",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday?amp=1&utm_source=x",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday?outputType=amp",
        "https://m.harbour.co.kr/news/bridge-reopens-on-friday",
        "https://mobile.harbour.co.kr/news/bridge-reopens-on-friday",
        "https://amp.harbour.co.kr/news/bridge-reopens-on-friday?amp=true",
        "https://m.harbour.co.kr/amp/news/bridge-reopens-on-friday/print?view=print",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday/print",
        "https://www.harbour.co.kr/print/news/bridge-reopens-on-friday",
        "https://www.harbour.co.kr/news/bridge-reopens-on-friday?print=yes",
    ],
)
def test_the_variants_of_an_article_share_its_key(variant: str) -> None:
    assert url_key(variant) == ARTICLE


@pytest.mark.parametrize(
    ("variant", "key"),
    [
        ("https://m.sport.harbour.co.kr/view/20261123001", "https://sport.harbour.co.kr/view/20261123001"),
        ("https://m.harbour.co.kr/view.php?idxno=412345", "https://www.harbour.co.kr/view.php?idxno=412345"),
        ("https://www.harbour.co.kr/a/412345.amp.html", "https://www.harbour.co.kr/a/412345.html"),
        ("http://m.daily.example:8080/one-two-three", "http://www.daily.example:8080/one-two-three"),
    ],
)
def test_numbers_and_sections_fold_too(variant: str, key: str) -> None:
    assert url_key(variant) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # what is left would name a list, not an article
        ("https://harbour.co.kr/tag/amp", "https://harbour.co.kr/tag"),
        ("https://harbour.co.kr/amp/", "https://harbour.co.kr/"),
        ("https://harbour.co.kr/print/2026", "https://harbour.co.kr/2026"),
        ("https://harbour.co.kr/glossary/print", "https://harbour.co.kr/glossary"),
        ("https://m.harbour.co.kr/", "https://www.harbour.co.kr/"),
        ("https://m.harbour.co.kr/sport", "https://www.harbour.co.kr/sport"),
        # words that only begin or end like a variant
        ("https://harbour.co.kr/news/3d-print-your-own-home", "https://harbour.co.kr/news/3d-your-own-home"),
        ("https://harbour.co.kr/amplifier/review-of-the-year", "https://harbour.co.kr/review-of-the-year"),
        ("https://harbour.co.kr/news/review-of-the-amp", "https://harbour.co.kr/news/review-of-the"),
        ("https://harbour.co.kr/print-edition/rise-of-tides", "https://harbour.co.kr/rise-of-tides"),
        # a section in the middle of the path
        ("https://harbour.co.kr/companies/amp/results-for-2026", "https://harbour.co.kr/companies/results-for-2026"),
        # values that are no switch
        ("https://harbour.co.kr/view?id=412345&print=2", "https://harbour.co.kr/view?id=412345"),
        ("https://harbour.co.kr/view?id=412345&type=photo", "https://harbour.co.kr/view?id=412345"),
        # blogs and domains of their own
        ("https://m.blogspot.com/2026/11/rise-of-tides.html", "https://www.blogspot.com/2026/11/rise-of-tides.html"),
        ("https://m.co.kr/view/412345", "https://www.co.kr/view/412345"),
        ("https://amp.dev/news/rise-of-the-tides", "https://www.dev/news/rise-of-the-tides"),
        ("https://max.harbour.co.kr/view/412345", "https://www.harbour.co.kr/view/412345"),
        ("https://mobile-harbour.co.kr/view/412345", "https://harbour.co.kr/view/412345"),
        # editions, languages and the bare domain are the publisher's to redirect
        ("https://en.harbour.co.kr/view/412345", "https://www.harbour.co.kr/view/412345"),
        ("https://harbour.co.kr/view/412345", "https://www.harbour.co.kr/view/412345"),
        ("http://m/view/412345", "http://www/view/412345"),
    ],
)
def test_two_articles_are_never_merged(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


HOSTS = st.lists(st.sampled_from(["m", "amp", "mobile", "www", "harbour", "co", "kr", "example", "blogspot", "com"]))
PATHS = st.lists(st.sampled_from(["amp", "print", "news", "412345", "one-two-three", "x.amp", "y.print.html", ""]))
PAIRS = st.lists(st.sampled_from(["amp", "amp=1", "print=1", "view=print", "id=7", "no=412345", "output=amp"]))


@given(HOSTS, PATHS, PAIRS)
def test_folding_ends_and_stays_within_the_publisher(labels: list[str], segments: list[str], pairs: list[str]) -> None:
    url = f"https://{'.'.join(labels) or 'a.example'}/{'/'.join(segments)}?{'&'.join(pairs)}"
    try:
        key = url_key(url)
    except ValueError:
        return
    assert url_key(key) == key
    assert registrable_domain(key) == registrable_domain(url)


@dataclass(frozen=True)
class Address:
    """An article as its publisher numbers it."""

    scheme: str
    host: str
    section: str
    article: str
    page: str

    @property
    def plain(self) -> str:
        return f"{self.scheme}://{self.host}/{self.section}/{self.article}?id={self.page}"


ADDRESSES = st.builds(
    Address,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["www.harbour.example", "www.daily.co.kr", "sport.daily.co.kr", "www.m.example", "www.amp.news"]),
    st.sampled_from(["news", "2026/11/23", "amp-reports", "print", "m"]),
    st.sampled_from(
        ["412345", "412346", "ferry-sails-again", "ferry-sails-again-2", "article-412345.html", "view-412345-amp"]
    ),
    st.sampled_from(["1", "2", "412345"]),
)


@st.composite
def dressed(draw: st.DrawFn, address: Address) -> str:
    """The same article as links write it: mobile host, AMP or print, tracking, capitals, parameters in any order."""
    host = draw(st.sampled_from(["m.", "mobile.", "amp.", "www."])) + address.host.removeprefix("www.")
    if not address.host.startswith("www."):
        host = draw(st.sampled_from(["", "m."])) + address.host
    pairs = [f"id={address.page}"]
    pairs += draw(
        st.lists(st.sampled_from(["utm_source=x", "fbclid=Ab1", "amp=1", "print", "outputType=amp"]), max_size=4)
    )
    end = draw(st.sampled_from(["", "/amp", "/print"]))
    front = draw(st.sampled_from(["", "/amp"]))
    port = draw(st.sampled_from(["", {"http": ":80", "https": ":443"}[address.scheme]]))
    spelled = draw(st.sampled_from([host, host.upper(), f"{host}."]))
    query = "&".join(draw(st.permutations(pairs)))
    fragment = draw(st.sampled_from(["", "#comments"]))
    return f"{address.scheme}://{spelled}{port}{front}/{address.section}/{address.article}{end}?{query}{fragment}"


@given(ADDRESSES.flatmap(lambda address: st.tuples(st.just(address), dressed(address))))
def test_however_a_link_is_written_the_article_is_the_same(case: tuple[Address, str]) -> None:
    address, link = case
    assert url_key(link) == url_key(address.plain)


@given(ADDRESSES, ADDRESSES, st.data())
def test_no_writing_makes_two_articles_one(one: Address, other: Address, data: st.DataObject) -> None:
    keys = [url_key(data.draw(dressed(address))) for address in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)
