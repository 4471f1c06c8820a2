"""What discover learns from the warehouse: one entry a URL key, with the validators of the body that we hold."""

from __future__ import annotations

from typing import Any

from newshouse.warehouse.known import known_urls


def test_an_empty_warehouse_knows_nothing(desk: Any) -> None:
    assert known_urls(desk.layout, ["herald"]) == {}


def test_a_fetched_article_is_known_with_its_validators(desk: Any) -> None:
    visit = desk.visit("r1", "a", "fetched", etag='"1"', last_modified="Mon", payload_digest="sha256:1")
    desk.batch("r1", [desk.article("a", day=0.1)], visits=[visit])
    desk.load("r1")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.url, known.url_key, known.source_id) == (desk.url("a"), desk.url("a"), "herald")
    assert known.article_id == desk.id("a")
    assert (known.first_seen_at, known.last_fetched_at, known.last_outcome) == (desk.day(0), desk.day(0), "fetched")
    assert (known.etag, known.last_modified, known.payload_digest) == ('"1"', "Mon", "sha256:1")


def test_a_later_304_or_failure_keeps_the_validators_of_the_body(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "a", "fetched", etag='"1"', payload_digest="d1")])
    desk.load("r1")
    for number, outcome in ((2, "unchanged"), (3, "timeout")):
        visit = desk.visit(f"r{number}", "a", outcome, day=number, status=304 if number == 2 else None)
        desk.batch(f"r{number}", visits=[visit])
        desk.load(f"r{number}")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.last_fetched_at, known.last_outcome) == (desk.day(3), "timeout")
    assert (known.first_seen_at, known.etag, known.payload_digest) == (desk.day(0), '"1"', "d1")


def test_validators_are_never_mixed_from_two_exchanges(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "a", "fetched", etag='"1"', last_modified="Mon")])
    desk.load("r1")
    desk.batch("r2", [desk.article("a", day=1)], visits=[desk.visit("r2", "a", "fetched", day=1, last_modified="Tue")])
    desk.load("r2")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.etag, known.last_modified) == (None, "Tue")


def test_a_url_that_never_became_an_article_is_known_without_one(desk: Any) -> None:
    desk.batch("r1", visits=[desk.visit("r1", "a", "timeout")], rejections=[desk.rejection("r1", "a")])
    desk.load("r1")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.article_id, known.last_outcome, known.etag) == (None, "timeout", None)


def test_a_redirected_address_leads_to_its_article(desk: Any) -> None:
    visit = desk.visit("r1", "listed", "fetched", final_url=desk.url("final"))
    desk.batch("r1", [desk.article("final", url=desk.url("listed"))], visits=[visit])
    desk.load("r1")
    assert known_urls(desk.layout, ["herald"])[desk.url("listed")].article_id == desk.id("final")


def test_a_vanished_article_is_known_with_its_end(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "a", "fetched")])
    desk.load("r1")
    desk.batch("r2", visits=[desk.visit("r2", "a", "gone", day=1)])
    desk.load("r2")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.article_id, known.last_outcome, known.last_seen_at) == (desk.id("a"), "gone", desk.day(1))


def test_feeds_robots_files_and_other_sources_are_left_out(desk: Any) -> None:
    visits = [
        desk.visit("r1", "feed.xml", "fetched", purpose="feed"),
        desk.visit("r1", "robots.txt", "fetched", purpose="robots"),
        desk.visit("r1", "other", "fetched", source_id="globe"),
        desk.visit("r1", "imported", "fetched", purpose="import"),
    ]
    desk.batch("r1", visits=visits)
    desk.load("r1")
    assert set(known_urls(desk.layout, ["herald"])) == {desk.url("imported")}
    assert set(known_urls(desk.layout, ["globe"])) == {desk.url("other")}


def test_the_last_look_that_told_how_the_page_stands_is_known_apart_from_the_last_attempt(desk: Any) -> None:
    for number, outcome in enumerate(["timeout", "fetched", "unchanged", "gone", "server_error"]):
        desk.batch(f"r{number}", visits=[desk.visit(f"r{number}", "a", outcome, day=number)])
        desk.load(f"r{number}")
        (known,) = known_urls(desk.layout, ["herald"]).values()
        assert known.last_fetched_at == desk.day(number)
        assert known.last_seen_at == (None if number == 0 else desk.day(min(number, 3)))


def test_a_url_that_every_run_put_off_is_known_since_the_first_of_them(desk: Any) -> None:
    for number in (1, 2):
        drop = desk.rejection(f"r{number}", "a", "fetch", "over_budget", url_key=desk.url("a"), day=number)
        desk.batch(f"r{number}", rejections=[drop])
        desk.load(f"r{number}")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.url, known.url_key, known.source_id) == (desk.url("a"), desk.url("a"), "herald")
    assert (known.first_seen_at, known.last_fetched_at) == (desk.day(1), desk.day(2))
    assert (known.last_outcome, known.last_seen_at, known.article_id) == ("over_budget", None, None)
    assert known_urls(desk.layout, ["globe"]) == {}


def test_a_url_that_was_put_off_and_asked_for_has_the_word_of_its_exchange(desk: Any) -> None:
    for number in (1, 3):
        drop = desk.rejection(f"r{number}", "a", "fetch", "over_budget", url_key=desk.url("a"), day=number)
        desk.batch(f"r{number}", rejections=[drop])
        desk.load(f"r{number}")
    desk.batch("r2", visits=[desk.visit("r2", "a", "timeout", day=2)])
    desk.load("r2")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.first_seen_at, known.last_fetched_at, known.last_outcome) == (desk.day(2), desk.day(2), "timeout")


def test_a_url_that_fetch_dropped_for_another_reason_is_not_waiting(desk: Any) -> None:
    drops = [desk.rejection("r1", "a", "fetch", "bad_url", url_key=desk.url("a")), desk.rejection("r1", "b", "parse")]
    desk.batch("r1", rejections=drops)
    desk.load("r1")
    assert known_urls(desk.layout, ["herald"]) == {}
