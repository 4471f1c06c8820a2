"""The views and macros for analysts: counted right, whatever the script, and wherever the reader sits."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import duckdb
import pytest


def ask(desk: Any, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(desk.layout.database, read_only=True) as connection:
        connection.execute("SET TimeZone = 'America/Bogota'")  # no answer may depend on where the reader sits
        return connection.execute(query).fetchall()


def test_every_column_of_every_view_says_what_it_means(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    desk.publish()
    query = "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
    silent = ask(desk, f"{query} AND coalesce(comment, '') = ''")
    assert silent == []
    assert len(ask(desk, query)) > 150


def test_authors_have_a_row_an_article_and_counts_leave_copies_apart(desk: Any) -> None:
    ada, bo = (
        {"name": name, "role": role, "organisation": None} for name, role in (("Ada Vale", "reporter"), (" ", None))
    )
    desk.batch(
        "r1",
        [
            desk.article("a", authors=[ada, bo], word_count=10),
            desk.article("b", authors=[ada], word_count=20, body="Body of a.", published_at=desk.day(1)),
            desk.article("c", authors=[]),
        ],
    )
    desk.load("r1")
    desk.publish()
    assert ask(desk, "SELECT name, role, title FROM authors ORDER BY title") == [
        ("Ada Vale", "reporter", "Title of a"),
        ("Ada Vale", "reporter", "Title of b"),
    ]
    counted = "SELECT name, articles, originals, words, last_published_at = '2026-11-24 06:00+00' FROM author_counts"
    assert ask(desk, counted) == [("Ada Vale", 2, 1, 30, True)]


def test_search_takes_the_words_as_they_are_and_puts_headlines_first(desk: Any) -> None:
    desk.batch(
        "r1",
        [
            desk.article("a", title="Rates", body="C++ (and more) costs 5.5%"),
            desk.article("b", title="About c++ (AND more)", body="nothing"),
            desk.article("c", title=None, body="C and more"),
        ],
    )
    desk.load("r1")
    desk.publish()
    assert ask(desk, "SELECT title, in_title FROM search('C++ (and')") == [
        ("About c++ (AND more)", True),
        ("Rates", False),
    ]
    assert ask(desk, "SELECT count(*) FROM search('5_5%')") == [(0,)]


def test_a_story_is_told_by_its_own_id_and_by_each_of_its_articles(desk: Any) -> None:
    rows = [desk.article(name, published_at=desk.day(day), body="the same") for day, name in enumerate("ab")]
    desk.batch("r1", [*rows, desk.article("c", body="another")])
    desk.load("r1")
    desk.publish()
    story = {key: [found for found, *_ in ask(desk, f"FROM story('{desk.id(key)}')")] for key in "abcd"}
    (told,) = ask(desk, "SELECT DISTINCT story_id FROM articles WHERE body = 'the same'")
    assert story["a"] == story["b"] == [desk.id("a"), desk.id("b")]
    assert [found for found, *_ in ask(desk, f"FROM story('{told[0]}')")] == story["a"]
    assert (story["c"], story["d"]) == ([desk.id("c")], [])


@pytest.fixture
def news(desk: Any) -> Any:
    """Four weeks of two headlines a day, and a day on which a dam breaks."""
    rows = []
    for day in range(-28, 1):
        at = desk.day(day)
        rows.append(
            desk.article(f"council{day}", title="Council meets about the budget", published_at=at, body=f"c{day}")
        )
        rows.append(desk.article(f"zh{day}", title="市议会讨论预算", published_at=at, body=f"z{day}", language="zh"))
    rows += [
        desk.article(
            f"dam{number}", title=f"Dam breaks above Elm: {number}", published_at=desk.day(0), body=f"d{number}"
        )
        for number in range(4)
    ]
    rows += [
        desk.article(f"copy{number}", title="Wire story repeated", published_at=desk.day(0), body="the same")
        for number in range(4)
    ]
    rows += [
        desk.article(f"flood{number}", title="水库溃坝", published_at=desk.day(0), body=f"f{number}", language="zh")
        for number in range(3)
    ]
    desk.batch("r1", rows)
    desk.load("r1")
    desk.publish()
    return desk


def test_what_is_trending_rises_above_its_own_baseline(news: Any) -> None:
    found = ask(news, "SELECT term, articles, language FROM trending('2026-11-23') ORDER BY score DESC LIMIT 9")
    assert {term for term, _, language in found if language == "en"} >= {"dam", "breaks", "elm"}
    assert {term for term, _, language in found if language == "zh"} == {"水库", "库溃", "溃坝"}
    terms = {term for term, *_ in ask(news, "FROM trending('2026-11-23')")}
    assert not terms & {"council", "budget", "the", "repeated", "1", "市议"}


def test_of_headlines_of_one_moment_the_example_is_always_the_same(desk: Any) -> None:
    rows = [desk.article(f"a{n}", title=f"Quake number {n}", published_at=desk.day(0)) for n in range(6)]
    desk.batch("r1", rows)
    desk.load("r1")
    desk.publish()
    last = max(rows, key=lambda row: row["article_id"])
    assert ask(desk, "SELECT example FROM trending('2026-11-23') WHERE term = 'quake'") == [(last["title"],)]


def test_a_quiet_day_and_an_empty_one_have_no_trend(news: Any) -> None:
    assert ask(news, "FROM trending('2026-11-20')") == []
    assert ask(news, "FROM trending('2020-01-01', window_days := 7)") == []


def test_the_window_and_baseline_can_be_chosen(news: Any) -> None:
    day = (news.morning + timedelta(days=2)).date()
    assert "dam" not in {term for term, *_ in ask(news, f"FROM trending('{day}')")}
    assert "dam" in {term for term, *_ in ask(news, f"FROM trending('{day}', window_days := 3, baseline_days := 20)")}


def test_headline_words_are_counted_once_an_article_and_pairs_stand_for_words_without_spaces(desk: Any) -> None:
    desk.batch(
        "r1",
        [
            desk.article("a", title="Rain, rain and AB 2026 rain"),
            desk.article("b", title="東京は雨 tokyo 42 ab 2026 東京 Tokyo"),
            desk.article("c", title="雨"),
            desk.article("d", title="4x4 G20 2026"),
        ],
    )
    desk.load("r1")
    desk.publish()
    words = {desk.id(name): set() for name in "abd"}
    for article_id, term in ask(desk, "SELECT article_id, term FROM headline_words"):
        words[article_id].add(term)
    said = {"a": {"and", "rain"}, "b": {"東京", "京は", "は雨", "tokyo"}, "d": {"4x4", "g20"}}
    assert words == {desk.id(name): terms for name, terms in said.items()}
    assert ask(desk, "SELECT count(*) FROM headline_words") == [(8,)]


def test_what_is_trending_is_read_from_the_months_it_is_about(desk: Any) -> None:
    for number in range(4):
        long_ago = {"fetched_at": desk.day(-31 * number), "published_at": desk.day(-31 * number)}
        desk.batch(f"r{number}", [desk.article(f"a{number}", **long_ago), desk.article(f"b{number}", **long_ago)])
        desk.load(f"r{number}")
    desk.publish()
    ((_, plan),) = ask(desk, "EXPLAIN ANALYZE FROM trending('2026-11-23', baseline_days := 7)")
    groups = re.findall(r"Row Groups Scanned: (\d+) / (\d+)", plan)
    assert groups
    assert all((int(read), int(there)) == (1, 4) for read, there in groups)
