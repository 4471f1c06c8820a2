"""The order of the loads loses nothing: a run that is loaded late brings its versions and the article's beginning."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import duckdb
import pytest

from newshouse.warehouse.maintenance import verify


def _load(desk: Any, day: float, words: dict[str, Any] | None = None, **batch: Any) -> Any:
    run_id = f"r{day}"
    accepted = [] if words is None else [desk.article("a", day=day, **words)]
    desk.batch(run_id, accepted, **batch)
    return desk.load(run_id)["herald"]


def test_an_older_capture_with_other_words_becomes_a_late_version(desk: Any) -> None:
    _load(desk, 40, {"title": "New words"})
    now = desk.row("a")
    tally = _load(desk, 2, {"title": "Old words"})
    assert (tally.in_count, tally.out_count, tally.duplicate_count) == (1, 1, 0)
    assert desk.row("a") == now | {"first_seen_at": desk.day(2)}
    assert now["month"] == "2027-01"  # and stays so: rows never move
    assert sorted(desk.history("a")) == [(0, "late"), (1, "new")]
    (late,) = (row for row in desk.rows("revisions") if row["change_kind"] == "late")
    assert (late["title"], late["fetched_at"], late["month"]) == ("Old words", desk.day(2), "2026-11")
    assert (late["run_id"], late["previous_hash"], late["warc_offset"]) == ("r2", None, 10)


def test_an_older_capture_with_the_same_words_only_moves_the_beginning(desk: Any) -> None:
    _load(desk, 2, {})
    now = desk.row("a")
    tally = _load(desk, 1, {})
    assert (tally.out_count, tally.duplicate_count) == (0, 1)
    assert desk.row("a") == now | {"first_seen_at": desk.day(1)}
    assert desk.history("a") == [(1, "new")]


def test_late_versions_are_told_in_the_order_of_time(desk: Any) -> None:
    for day, title in ((2, "Second"), (4, "Fourth"), (3, "Third"), (1, "First")):
        _load(desk, day, {"title": title})
    assert (desk.row("a")["revision"], desk.row("a")["title"]) == (2, "Fourth")
    desk.publish()
    with duckdb.connect(desk.layout.database, read_only=True) as connection:
        query = f"FROM revisions_of('{desk.id('a')}') SELECT title, revision, change_kind"
        told = connection.execute(query).fetchall()
    assert told == [("First", -1, "late"), ("Second", 1, "new"), ("Third", 0, "late"), ("Fourth", 2, "title")]
    third, second = (row for title in ("Third", "Second") for row in desk.rows("revisions") if row["title"] == title)
    assert third["previous_hash"] == second["content_hash"]


def test_a_late_version_from_before_a_page_was_gone_takes_no_number_of_another(desk: Any) -> None:
    _load(desk, 1, {})
    _load(desk, 3, visits=[desk.visit("r3", "a", "gone", day=3)])
    _load(desk, 4, {"title": "Back"})
    _load(desk, 2, {"title": "Before it was gone"})
    assert sorted(desk.history("a")) == [(0, "late"), (1, "new"), (2, "vanished"), (3, "restored")]
    assert [problem.table for problem in verify(desk.layout)] == ["articles"]  # that there is no archive here


def test_a_version_is_compared_with_the_one_on_record_which_a_late_feed_has_not_dated(desk: Any) -> None:
    undated = {"published_at": None, "field_origin": [("title", "jsonld")]}
    _load(desk, 2, undated)
    by_feed = {"published_at_origin": "feed", "field_origin": [("title", "jsonld"), ("published_at", "feed")]}
    _load(desk, 1, by_feed)
    _load(desk, 3, undated | {"byline": "By Ada Vale"})
    # As after a kill between two tables: then there is only the record to compare with.
    assert sorted(desk.history("a")) == [(0, "late"), (1, "new"), (2, "time")]


def test_loading_a_late_run_again_makes_no_commit_and_reports_the_same(desk: Any) -> None:
    _load(desk, 2, {"title": "New words"})
    first = _load(desk, 1, {"title": "Old words"})
    versions = desk.versions()
    assert desk.load("r1")["herald"] == first
    desk.load("r2")
    assert desk.versions() == versions


def test_a_run_of_the_past_loaded_again_in_order_adds_no_late_version(desk: Any) -> None:
    for day, title in ((1, "One"), (2, "Two"), (3, "One")):
        _load(desk, day, {"title": title})
    versions = desk.versions()
    for day in (1, 2, 3):
        desk.load(f"r{day}")
    assert desk.versions() == versions


def test_a_late_capture_from_before_the_page_vanished_is_what_the_page_last_said(desk: Any) -> None:
    _load(desk, 1, {"title": "First"})
    _load(desk, 3, visits=[desk.visit("r3", "a", "gone", day=3)])
    tally = _load(desk, 2, {"title": "Last"})
    assert (tally.out_count, tally.duplicate_count) == (1, 0)
    row = desk.row("a")
    assert (row["title"], row["fetched_at"], row["vanished_at"]) == ("Last", desk.day(2), desk.day(3))
    assert sorted(desk.history("a")) == [(0, "late"), (1, "new"), (2, "vanished"), (3, "vanished")]
    versions = desk.versions()
    desk.load("r2")
    assert desk.versions() == versions


@pytest.mark.parametrize(("outcome", "status"), [("fetched", 200), ("unchanged", 304)])
def test_a_late_visit_that_found_nothing_says_nothing_of_a_page_that_answered_since(
    desk: Any, outcome: str, status: int
) -> None:
    _load(desk, 1, {})
    again = {} if outcome == "fetched" else None
    _load(desk, 3, again, visits=[desk.visit("r3", "a", outcome, day=3, status=status)])
    _load(desk, 2, visits=[desk.visit("r2", "a", "gone", day=2)])
    assert (desk.row("a")["vanished_at"], desk.history("a")) == (None, [(1, "new")])
    _load(desk, 4, visits=[desk.visit("r4", "a", "gone", day=4)])
    assert desk.row("a")["vanished_at"] == desk.day(4)


def test_what_only_a_late_feed_said_is_kept(desk: Any) -> None:
    missing = {"published_at": None, "published_at_origin": None, "byline": None, "content_hash": "same"}
    _load(desk, 2, missing | {"quality_flags": ["date_missing", "short"]})
    origins = [("byline", "feed"), ("published_at", "feed")]
    said = {"published_at_origin": "feed", "byline": "By Ada Vale", "content_hash": "same", "field_origin": origins}
    _load(desk, 1, said)
    row = desk.row("a")
    assert (row["published_at"], row["byline"]) == (desk.article("a")["published_at"], "By Ada Vale")
    assert row["quality_flags"] == ["short"]
    assert dict(row["field_origin"]) == {"title": "jsonld", "body": "html", "byline": "feed", "published_at": "feed"}
    versions = desk.versions()
    desk.load("r1")
    assert desk.versions() == versions


@pytest.mark.parametrize("order", permutations(range(3)))
def test_any_order_of_loads_gives_all_versions_and_the_newest_words(desk: Any, order: tuple[int, ...]) -> None:
    texts = {f"a{number}": bodies for number, bodies in enumerate(product(["one", "two", "three", None], repeat=3))}
    for day in range(3):
        found = [desk.article(name, day=day, body=bodies[day], warc_file=None) for name, bodies in texts.items()]
        desk.batch(f"r{day}", [row for row in found if row["body"]])
    for day in order + order:  # the second time adds nothing
        desk.load(f"r{day}")
    assert verify(desk.layout) == []
    days = {name: [day for day in range(3) if bodies[day]] for name, bodies in texts.items() if any(bodies)}
    versions = {(row["article_id"], row["body"]) for row in desk.rows("revisions")}
    assert versions == {(desk.id(name), texts[name][day]) for name, seen in days.items() for day in seen}
    now = {row["article_id"]: (row["body"], row["first_seen_at"]) for row in desk.rows("articles")}
    assert now == {desk.id(name): (texts[name][seen[-1]], desk.day(seen[0])) for name, seen in days.items()}
