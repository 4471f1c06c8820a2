"""What discover learns from the warehouse: one entry a URL key, with the validators of the body that we hold."""

from __future__ import annotations

from typing import Any

from newshouse.warehouse.known import host_pauses, known_urls, originals, poll_histories, site_files


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
    assert (known.etag, known.last_modified) == ('"1"', "Mon")


def test_a_later_304_or_failure_keeps_the_validators_of_the_body(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "a", "fetched", etag='"1"')])
    desk.load("r1")
    for number, outcome in ((2, "unchanged"), (3, "timeout")):
        visit = desk.visit(f"r{number}", "a", outcome, day=number, status=304 if number == 2 else None)
        desk.batch(f"r{number}", visits=[visit])
        desk.load(f"r{number}")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.last_fetched_at, known.last_outcome) == (desk.day(3), "timeout")
    assert (known.first_seen_at, known.etag) == (desk.day(0), '"1"')


def test_validators_are_never_mixed_from_two_exchanges(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")], visits=[desk.visit("r1", "a", "fetched", etag='"1"', last_modified="Mon")])
    desk.load("r1")
    desk.batch("r2", [desk.article("a", day=1)], visits=[desk.visit("r2", "a", "fetched", day=1, last_modified="Tue")])
    desk.load("r2")
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.etag, known.last_modified) == (None, "Tue")


def test_validators_are_known_with_the_address_whose_they_are(desk: Any) -> None:
    visit = desk.visit("r1", "listed", "fetched", etag='"1"', final_url=desk.url("final"))
    later = desk.visit("r2", "listed", "timeout", day=1, final_url=desk.url("elsewhere"))
    for run, one in (("r1", visit), ("r2", later)):
        desk.batch(run, visits=[one])
        desk.load(run)
    (known,) = known_urls(desk.layout, ["herald"]).values()
    assert (known.etag, known.validated_url) == ('"1"', desk.url("final"))


def test_a_url_is_found_by_its_key_among_others(desk: Any) -> None:
    desk.batch("r1", visits=[desk.visit("r1", name, "fetched", day=day) for day, name in enumerate("dbc")])
    desk.load("r1")
    known = known_urls(desk.layout, ["herald"])
    assert list(known) == [desk.url("b"), desk.url("c"), desk.url("d")]
    assert [known[desk.url(name)].url for name in "bcd"] == list(known)
    assert [known.get(desk.url(name)) for name in ("a", "bb", "e")] == [None] * 3
    assert [url.url for url in known.first_seen_since(desk.day(1))] == [desk.url("b"), desk.url("c")]


def body(desk: Any, run: str, name: str, day: int, outcome: str = "fetched", **fields: Any) -> Any:
    usual = {"payload_digest": f"sha256:{run}", "warc_file": "w", "warc_offset": day, "warc_length": 2}
    return desk.visit(run, name, outcome, day=day, **usual | fields)


def test_what_a_capture_is_compared_with_is_the_last_body_of_its_url(desk: Any) -> None:
    visits = [
        [body(desk, "r0", "a", 0), body(desk, "r0", "b", 0), body(desk, "r0", "other", 0)],
        [body(desk, "r1", "a", 1, "unchanged", status=200), body(desk, "r1", "c", 1, payload_digest=None)],
        [body(desk, "r2", "a", 2, "unchanged", status=304), desk.visit("r2", "b", "timeout", day=2)],
    ]
    for number, given in enumerate(visits):
        desk.batch(f"r{number}", visits=given)
        desk.load(f"r{number}")
    keys = {desk.url(name) for name in ("a", "b", "c", "never")}
    held = originals(desk.layout, ["herald"], keys, run_id="r9")
    assert {key: (one.payload_digest, one.warc_offset) for key, one in held.items()} == {
        desk.url("a"): ("sha256:r1", 1),
        desk.url("b"): ("sha256:r0", 0),
    }
    assert originals(desk.layout, ["herald"], keys, run_id="r1")[desk.url("a")].payload_digest == "sha256:r0"
    assert originals(desk.layout, ["globe"], keys) == {}


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


def feed(desk: Any, run: str, day: float, outcome: str = "fetched", **fields: Any) -> Any:
    usual = {"purpose": "feed", "warc_file": "w", "warc_offset": 1, "warc_length": 2, "status": 200}
    return desk.visit(run, "feed.xml", outcome, day=day, **usual | fields)


def load_polls(desk: Any, *polls: dict[str, Any]) -> Any:
    """Load one poll a day, a run each; return what is known after it."""
    for day, poll in enumerate(polls):
        desk.batch(f"r{day}", visits=[feed(desk, f"r{day}", day, **poll)])
        desk.load(f"r{day}")
    return poll_histories(desk.layout, ["herald"], now=desk.day(len(polls)), run_id="now").get(
        ("feed", desk.url("feed.xml"))
    )


def test_no_poll_no_history(desk: Any) -> None:
    assert poll_histories(desk.layout, ["herald"], now=desk.day(0), run_id="now") == {}


def test_a_feed_that_did_not_change_is_quiet_and_its_body_is_the_last_one(desk: Any) -> None:
    unchanged = {"outcome": "unchanged", "status": 304}
    same_bytes = {"outcome": "unchanged", "status": 200}
    history = load_polls(desk, {"etag": '"0"'}, {"etag": '"1"'}, unchanged, same_bytes)
    assert (history.failures, history.quiet) == (0, 2)
    assert (history.body.run_id, history.body.etag, history.last.run_id) == ("r1", '"1"', "r3")
    assert history.body.requested_at == desk.day(1)


def test_failures_are_counted_from_the_last_answer(desk: Any) -> None:
    down = {"outcome": "timeout", "status": None, "warc_file": None}
    history = load_polls(desk, {}, down, {"outcome": "unchanged", "status": 304}, down, down)
    assert (history.failures, history.body.run_id, history.last.outcome) == (2, "r0", "timeout")


def test_a_feed_that_never_answered_has_no_body(desk: Any) -> None:
    history = load_polls(desk, *[{"outcome": "gone", "status": 404}] * 3)
    assert (history.failures, history.body, history.quiet) == (3, None, 0)


def test_a_poll_that_was_never_sent_because_of_a_pause_is_none(desk: Any) -> None:
    history = load_polls(desk, {}, {"outcome": "rate_limited", "attempts": 0, "status": None, "warc_file": None})
    assert (history.failures, history.last.run_id) == (0, "r0")


def test_a_feed_not_asked_for_in_a_month_is_forgotten(desk: Any) -> None:
    load_polls(desk, {})
    assert poll_histories(desk.layout, ["herald"], now=desk.day(31), run_id="now") == {}


def test_a_pause_that_a_host_asked_for_is_kept_until_it_is_over(desk: Any) -> None:
    asked = {"outcome": "rate_limited", "status": 429, "host": "herald.example:443", "retry_after_seconds": 3600.0}
    desk.batch("r0", visits=[feed(desk, "r0", 0, **asked)])
    desk.load("r0")
    assert host_pauses(desk.layout, now=desk.day(0.01), run_id="now") == {"herald.example:443": desk.day(1 / 24)}
    assert host_pauses(desk.layout, now=desk.day(0.05), run_id="now") == {}


def test_a_pause_of_a_year_is_cut_to_a_day(desk: Any) -> None:
    asked = {"outcome": "rate_limited", "status": 503, "host": "herald.example:443", "retry_after_seconds": 3e7}
    desk.batch("r0", visits=[feed(desk, "r0", 0, **asked)])
    desk.load("r0")
    assert host_pauses(desk.layout, now=desk.day(0.5), run_id="now") == {"herald.example:443": desk.day(1)}


def test_site_files_are_remembered_as_long_as_they_may_be(desk: Any) -> None:
    desk.batch(
        "r0",
        visits=[
            desk.visit("r0", "robots.txt", "fetched", purpose="robots"),
            desk.visit("r0", "ai.txt", "gone", purpose="rights"),
            desk.visit("r0", "tdmrep.json", "timeout", purpose="rights"),
        ],
    )
    desk.load("r0")
    robots, ai = ("robots", desk.url("robots.txt")), ("rights", desk.url("ai.txt"))
    assert set(site_files(desk.layout, now=desk.day(0.9), run_id="now")) == {robots, ai}
    assert set(site_files(desk.layout, now=desk.day(1), run_id="now")) == {ai}
    assert set(site_files(desk.layout, now=desk.day(7), run_id="now")) == set()


def test_what_the_run_itself_did_does_not_count(desk: Any) -> None:
    asked = {"outcome": "rate_limited", "status": 429, "host": "herald.example:443", "retry_after_seconds": 3600.0}
    robots = desk.visit("r0", "robots.txt", "fetched", purpose="robots")
    desk.batch("r0", visits=[feed(desk, "r0", 0, **asked), robots])
    desk.load("r0")
    now = desk.day(0.01)
    assert poll_histories(desk.layout, ["herald"], now=now, run_id="r0") == {}
    assert host_pauses(desk.layout, now=now, run_id="r0") == {}
    assert site_files(desk.layout, now=now, run_id="r0") == {}


def test_what_a_clock_that_ran_ahead_left_shuts_nothing(desk: Any) -> None:
    asked = {"outcome": "rate_limited", "status": 429, "host": "herald.example:443", "retry_after_seconds": 3600.0}
    robots = desk.visit("r400", "robots.txt", "fetched", purpose="robots", day=400)
    desk.batch("r400", visits=[feed(desk, "r400", 400, **asked), robots])
    desk.load("r400")
    assert poll_histories(desk.layout, ["herald"], now=desk.day(1), run_id="now") == {}
    assert host_pauses(desk.layout, now=desk.day(1), run_id="now") == {}
    assert site_files(desk.layout, now=desk.day(1), run_id="now") == {}
