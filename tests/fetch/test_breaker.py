from __future__ import annotations

from dataclasses import replace

import pytest

from newshouse.discover.frontier import PASSING
from newshouse.fetch.breaker import DOWN_AFTER


@pytest.fixture
def shop(site, make_fetcher, source, respond):
    """A site whose robots.txt allows all, and a way to ask for its pages one after the other."""
    site.routes["/robots.txt"] = respond(b"", Content_Type="text/plain")

    def ask(*names: str, fetcher=None):
        fetcher = fetcher or make_fetcher(max_attempts=1)
        return [fetcher.get(f"{site.url}/{name}", source=source, purpose="article") for name in names]

    return ask


def hang_up(connection, _) -> None:
    connection.close()


def test_a_host_that_stops_answering_is_not_asked_again(site, shop) -> None:
    site.routes |= {f"/{name}": hang_up for name in "abcdef"}
    captures = shop(*"abcdef")
    assert DOWN_AFTER == 3
    assert [capture.outcome for capture in captures] == ["connection_error"] * 3 + ["host_down"] * 3
    assert [capture.attempts for capture in captures] == [1, 1, 1, 0, 0, 0]
    assert site.paths == ["/robots.txt", "/a", "/b", "/c"]
    assert "did not answer 3 times in a row" in captures[-1].detail


def test_an_answer_of_any_status_starts_the_count_again(site, shop, respond) -> None:
    site.routes |= {f"/{name}": hang_up for name in "abde"} | {"/c": respond(b"", "500 Oops")}
    assert [capture.outcome for capture in shop(*"abcde")].count("host_down") == 0


def test_a_stage_that_goes_on_remembers_who_is_down(site, shop, make_fetcher) -> None:
    site.routes |= {f"/{name}": hang_up for name in "abcd"}
    shop(*"abc")
    resumed = shop(*"abcd", fetcher=make_fetcher(max_attempts=1))
    assert [capture.outcome for capture in resumed][2:] == ["connection_error", "host_down"]


def test_one_url_asked_for_again_counts_once(site, shop, make_fetcher) -> None:
    site.routes |= {f"/{name}": hang_up for name in "ab"}
    assert "host_down" not in [capture.outcome for capture in shop("a", "a", "a", "a", "b")]


def test_another_host_is_still_asked(site, other_site, shop, make_fetcher, source, respond) -> None:
    site.routes |= {f"/{name}": hang_up for name in "abcd"}
    other_site.routes["/a"] = respond()
    fetcher = make_fetcher(max_attempts=1)
    assert shop(*"abcd", fetcher=fetcher)[-1].outcome == "host_down"
    assert fetcher.get(f"{other_site.url}/a", source=source, purpose="article").outcome == "fetched"


def test_what_was_not_sent_says_nothing_about_the_host(site, shop, make_fetcher, source) -> None:
    shut_out = replace(source, allow_private=False)
    fetcher = make_fetcher(max_attempts=1)
    for name in "abcd":
        assert fetcher.get(f"{site.url}/{name}", source=shut_out, purpose="article").outcome == "private_address"
    assert shop("e", fetcher=fetcher)[0].outcome == "gone"


def test_a_host_that_was_down_is_tried_again_by_the_next_run() -> None:
    assert "host_down" in PASSING
