from __future__ import annotations

from dataclasses import replace

import pytest

from newshouse.errors import ConfigError
from newshouse.fetch.contact import require_contact


@pytest.mark.parametrize("contact", [None, "", "set-me@example.org", "https://desk.example/"])
def test_a_real_site_is_not_asked_without_a_contact_that_can_be_reached(source, settings, contact) -> None:
    with pytest.raises(ConfigError, match="NEWSHOUSE_CONTACT"):
        require_contact(
            "https://www.harbour.co.kr/a", replace(source, allow_private=False), replace(settings, contact=contact)
        )


@pytest.mark.parametrize("contact", ["desk@harbour.co.kr", "https://harbour.co.kr/about-our-crawler"])
def test_a_contact_opens_the_way(source, settings, contact) -> None:
    public = replace(source, allow_private=False)
    require_contact("https://www.harbour.co.kr/a", public, replace(settings, contact=contact))


@pytest.mark.parametrize(
    "url", ["http://daily.harbour.example/a", "https://example.com/", "http://a.test:80/x", "http://127.0.0.1/"]
)
def test_names_that_nobody_owns_need_none(source, settings, url) -> None:
    require_contact(url, replace(source, allow_private=False), settings)


def test_ones_own_network_needs_none(source, settings) -> None:
    require_contact("http://10.0.0.7/a", source, settings)


def test_the_fetcher_stops_before_its_first_request(site, make_fetcher, source, names) -> None:
    names["www.harbour.co.kr"] = ["127.0.0.1"]
    fetcher = make_fetcher(proxy=site.url)
    with pytest.raises(ConfigError, match=r"www\.harbour\.co\.kr is a real site"):
        fetcher.get("http://www.harbour.co.kr/a", source=replace(source, allow_private=False), purpose="article")
    assert site.requests == []


def test_a_redirect_out_of_the_sample_needs_one_too(site, make_fetcher, source, respond) -> None:
    site.routes["http://daily.harbour.example/a"] = respond(b"", "302 Found", Location="http://www.harbour.co.kr/a")
    fetcher = make_fetcher(proxy=site.url)
    with pytest.raises(ConfigError, match="real site"):
        fetcher.get("http://daily.harbour.example/a", source=replace(source, allow_private=False), purpose="article")
    assert not any("co.kr" in path for path in site.paths)
