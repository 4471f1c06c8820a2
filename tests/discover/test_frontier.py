from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from newshouse.discover.frontier import nothing_due_before, reason_to_fetch, revisits_due, still_waiting
from newshouse.warehouse.known import KnownUrl

Known = Callable[..., KnownUrl]
SCHEDULE = (1.0, 24.0, 168.0)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def test_a_url_that_nobody_knows_is_new(now: datetime) -> None:
    assert reason_to_fetch(None, None, SCHEDULE, now) == "new"


@pytest.mark.parametrize(
    "outcome",
    ["timeout", "server_error", "rate_limited", "dns_failure", "connection_error", "truncated", "tls_error",
     "robots_unavailable", "host_down", "over_budget"],
)  # fmt: skip
def test_a_url_whose_last_try_failed_for_a_reason_that_passes_is_new_again(
    outcome: str, known: Known, now: datetime
) -> None:
    assert reason_to_fetch(known(last_outcome=outcome, article_id=None), None, SCHEDULE, now) == "new"


def test_an_article_whose_last_revisit_failed_is_revisited_so_that_its_id_goes_along(
    known: Known, now: datetime
) -> None:
    assert reason_to_fetch(known(last_outcome="timeout"), None, SCHEDULE, now) == "revisit"


@pytest.mark.parametrize(
    "outcome",
    ["fetched", "unchanged", "robots_denied", "too_large", "redirect_loop", "private_address",
     "unsupported_type", "bad_url"],
)  # fmt: skip
def test_a_url_that_was_settled_is_left_alone(outcome: str, known: Known, now: datetime) -> None:
    assert reason_to_fetch(known(last_outcome=outcome, article_id=None), None, SCHEDULE, now) is None


@pytest.mark.parametrize("outcome", ["gone", "http_error"])
@pytest.mark.parametrize(
    ("age_hours", "since_last_try_hours", "is_asked_again"),
    [(0.9, 0.9, False), (1.0, 1.0, True), (5.0, 3.0, False), (25.0, 20.0, True), (200.0, 10.0, False)],
)
def test_a_listed_page_that_was_not_there_yet_is_asked_for_at_the_points_of_the_schedule(
    outcome: str, age_hours: float, since_last_try_hours: float, is_asked_again: bool, known: Known, now: datetime
) -> None:
    first, last = now - hours(age_hours), now - hours(since_last_try_hours)
    early = known(article_id=None, last_outcome=outcome, first_seen_at=first, last_fetched_at=last)
    assert reason_to_fetch(early, None, SCHEDULE, now) == ("new" if is_asked_again else None)
    assert still_waiting([early], SCHEDULE, now) == ([early] if is_asked_again else [])
    assert revisits_due([early], SCHEDULE, now) == []


def test_an_article_that_vanished_is_left_to_its_revisits(known: Known, now: datetime) -> None:
    assert reason_to_fetch(known(last_outcome="gone"), None, SCHEDULE, now) is None


def test_a_date_of_change_after_the_last_fetch_is_a_reason(known: Known, now: datetime) -> None:
    seen = known()
    assert reason_to_fetch(seen, seen.last_fetched_at + hours(0.5), SCHEDULE, now) == "updated"
    assert reason_to_fetch(seen, seen.last_fetched_at, SCHEDULE, now) is None
    assert reason_to_fetch(seen, seen.last_fetched_at - hours(1), SCHEDULE, now) is None


def test_a_date_of_change_in_the_future_is_a_lie_and_no_reason(known: Known, now: datetime) -> None:
    assert reason_to_fetch(known(), now + hours(1), SCHEDULE, now) is None


@pytest.mark.parametrize(
    ("age_hours", "since_last_fetch_hours", "is_due"),
    [
        (0.9, 0.9, False),  # the first point is not reached
        (1.0, 1.0, True),  # reached this moment
        (5.0, 3.0, False),  # passed, and looked at since
        (25.0, 20.0, True),  # the second point passed an hour ago
        (25.0, 0.5, False),
        (200.0, 100.0, True),  # the last point passed 32 hours ago
        (200.0, 10.0, False),
        (5000.0, 10.0, False),  # past the schedule for good
    ],
)
def test_a_revisit_is_due_when_a_point_passed_since_the_last_fetch(
    age_hours: float, since_last_fetch_hours: float, is_due: bool, known: Known, now: datetime
) -> None:
    seen = known(first_seen_at=now - hours(age_hours), last_fetched_at=now - hours(since_last_fetch_hours))
    assert bool(revisits_due([seen], SCHEDULE, now)) is is_due


def test_several_missed_points_are_made_up_by_one_revisit(known: Known, now: datetime) -> None:
    seen = known(first_seen_at=now - hours(200), last_fetched_at=now - hours(200))
    assert revisits_due([seen], SCHEDULE, now) == [seen]


def test_an_article_that_vanished_stays_on_the_schedule(known: Known, now: datetime) -> None:
    vanished = known(first_seen_at=now - hours(30), last_fetched_at=now - hours(25), last_outcome="gone")
    assert revisits_due([vanished], SCHEDULE, now) == [vanished]


def test_a_look_that_failed_does_not_use_up_its_point(known: Known, now: datetime) -> None:
    failed = known(first_seen_at=now - hours(30), last_fetched_at=now - hours(2), last_outcome="server_error")
    assert revisits_due([failed], SCHEDULE, now) == [failed]


@pytest.mark.parametrize("outcome", ["timeout", "over_budget", "host_down"])
def test_a_url_that_never_answered_waits_even_if_its_feed_dropped_it(outcome: str, known: Known, now: datetime) -> None:
    waiting = known(article_id=None, last_outcome=outcome)
    assert still_waiting([waiting], SCHEDULE, now) == [waiting]


def test_a_url_is_given_up_after_a_week_and_a_settled_one_does_not_wait(known: Known, now: datetime) -> None:
    old = known(article_id=None, last_outcome="timeout", first_seen_at=now - hours(7 * 24))
    assert still_waiting([old, known(article_id=None, last_outcome="too_large"), known()], SCHEDULE, now) == []


def test_a_url_that_never_became_an_article_is_not_revisited(known: Known, now: datetime) -> None:
    assert revisits_due([known(article_id=None)], SCHEDULE, now) == []


def test_a_text_from_a_file_is_not_revisited(known: Known, now: datetime) -> None:
    text = replace(known(), url="file:bridge.txt", url_key="urn:sha256:0")
    assert revisits_due([text], SCHEDULE, now) == []


def test_an_article_imported_from_an_old_archive_is_not_fetched_all_over(known: Known, now: datetime) -> None:
    a_year_ago = now - timedelta(days=365)
    assert revisits_due([known(first_seen_at=a_year_ago, last_fetched_at=a_year_ago)], SCHEDULE, now) == []


def test_an_article_that_two_urls_lead_to_is_due_once(known: Known, now: datetime) -> None:
    old = known("https://www.harbour-post.example/a", last_fetched_at=now - hours(30), first_seen_at=now - hours(30))
    new = known("https://www.harbour-post.example/b", last_fetched_at=now - hours(25), first_seen_at=now - hours(30))
    assert revisits_due([old, new], SCHEDULE, now) == [new]


def test_an_article_that_was_just_fetched_under_another_url_is_not_due(known: Known, now: datetime) -> None:
    old = known("https://www.harbour-post.example/a", first_seen_at=now - hours(30), last_fetched_at=now - hours(30))
    new = known("https://www.harbour-post.example/b", first_seen_at=now - hours(30), last_fetched_at=now)
    assert revisits_due([old, new], SCHEDULE, now) == []


def test_an_empty_schedule_means_no_revisits(known: Known, now: datetime) -> None:
    assert revisits_due([known()], (), now) == []


def test_revisits_come_in_the_order_of_their_keys(known: Known, now: datetime) -> None:
    pages = [known(f"https://www.harbour-post.example/{name}", article_id=name) for name in "cab"]
    assert [seen.url_key[-1] for seen in revisits_due(pages, SCHEDULE, now)] == ["a", "b", "c"]


@pytest.mark.parametrize("schedule", [(), SCHEDULE, (24.0 * 365,)])
@pytest.mark.parametrize("article", [None, "article-of-a"])
def test_nothing_is_due_that_was_first_seen_before_the_horizon(
    known: Known, now: datetime, schedule: tuple[float, ...], article: str | None
) -> None:
    horizon = nothing_due_before(schedule, now)
    for seconds in range(0, 40 * 86_400, 7_200):
        first = horizon - timedelta(seconds=seconds + 1)
        url = known(article_id=article, first_seen_at=first, last_fetched_at=first, last_outcome="timeout")
        assert revisits_due([url], schedule, now) + still_waiting([url], schedule, now) == []
    late = known(first_seen_at=horizon + timedelta(seconds=1), last_seen_at=horizon)
    assert (revisits_due([late], schedule, now) == [late]) == bool(schedule)
