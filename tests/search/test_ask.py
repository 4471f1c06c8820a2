"""Searching: what is found, what is not, and what is shown of it."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.search.ask import search
from newshouse.search.index import opened

TEXTS = {
    "en": ("Talks resume", "The nuclear talks resumed in Geneva on Monday. Nobody expected talks so soon."),
    "swap": ("Order matters", "Talks about nuclear waste went on."),
    "de": ("Verhandlungen", "Die Atomverhandlungen gehen weiter. Müller wohnt in der Straße des Friedens."),
    "zh": ("核谈判重启", "伊朗与美国的核谈判将于周一在日内瓦重启。"),
    "ja": ("核協議", "イランとアメリカの核協議が月曜日に再開される。"),
    "ko": ("핵협상", "정부는 핵협상을 다시 시작한다고 밝혔다."),
    "ar": ("المفاوضات", "استؤنفت المُفاوضات النووية في جنيف."),
    "th": ("การเจรจา", "การเจรจานิวเคลียร์เริ่มต้นอีกครั้ง"),
}


@pytest.fixture
def asked(desk: Any) -> Any:
    languages = {"swap": "en"}
    desk.bring(
        "r1",
        [
            desk.article(name, title=title, body=body, language=languages.get(name, name), byline="Ada Vale")
            for name, (title, body) in TEXTS.items()
        ],
    )
    return desk


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("nuclear talks", ["en", "swap"]),
        ('"nuclear talks"', ["en"]),
        ("nuclear -geneva", ["swap"]),
        ("geneva OR waste", ["en", "swap"]),
        ("title:talks", ["en"]),
        ("author:vale verhandlungen", ["de"]),
        ("atomverhand*", ["de"]),
        ("muller strasse", ["de"]),
        ("MÜLLER", ["de"]),
        ("谈判", ["zh"]),
        ("核谈判", ["zh"]),
        ("核判谈", []),
        ("核", ["ja", "zh"]),
        ("启", ["zh"]),
        ("手", []),
        ("アメリカ", ["ja"]),
        ("협상", ["ko"]),
        ("المفاوضات", ["ar"]),
        ("نيوكلي", []),
        ("นิวเคลียร์", ["th"]),
        ("nosuchword", []),
    ],
)
def test_words_phrases_and_scripts_without_spaces_are_found(asked: Any, query: str, names: list[str]) -> None:
    assert asked.titles(query) == sorted(TEXTS[name][0] for name in names)


def test_hits_are_marked_in_title_and_passage(asked: Any) -> None:
    (hit,) = asked.ask('"nuclear talks" resume').hits
    assert [text for text, is_hit in hit.title if is_hit] == ["resume"] or hit.title[-1] == ("resume", True)
    assert [text for text, is_hit in hit.passage if is_hit] == ["nuclear talks"]
    (hit,) = asked.ask("谈判").hits
    assert [text for text, is_hit in hit.passage if is_hit] == ["谈判"]
    assert "".join(text for text, _ in hit.passage) == TEXTS["zh"][1]


@pytest.mark.parametrize("query", ["ガソリン価格", "ｶﾞｿﾘﾝ価格", '"カ\u3099ソリン価格"'])
def test_characters_in_another_form_are_found_and_marked_as_they_are_printed(desk: Any, query: str) -> None:
    desk.bring("r1", [desk.article("a", body="今週のｶﾞｿﾘﾝ価格は"), desk.article("b", body="今週の｢カソリン｣価格は")])
    (hit,) = desk.ask(query).hits
    assert [text for text, is_hit in hit.passage if is_hit] == ["ｶﾞｿﾘﾝ価格"]


@pytest.mark.parametrize(
    ("query", "shown"), [("カ", "カ"), ("ガ", "ｶﾞ"), ("犬", "犬"), ("が", "か\u3099"), ("한", "\u1112\u1161\u11ab")]
)
def test_of_one_character_all_that_stands_for_it_is_marked_and_no_more(desk: Any, query: str, shown: str) -> None:
    desk.bring("r1", [desk.article("a", body="犬とカソ、ｶﾞｿか\u3099た \u1112\u1161\u11ab\u1100\u116e\u11a8")])
    (hit,) = desk.ask(query).hits
    assert [text for text, is_hit in hit.passage if is_hit] == [shown]


def test_the_passage_is_the_place_where_most_words_stand_together(desk: Any) -> None:
    body = "talks " + "filler " * 300 + "the nuclear talks in Geneva " + "filler " * 300
    desk.bring("r1", [desk.article("a", body=body)])
    (hit,) = desk.ask("nuclear talks geneva").hits
    shown = "".join(text for text, _ in hit.passage)
    assert "nuclear talks in Geneva" in shown
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) < 260


@pytest.mark.parametrize(
    ("subtitle", "body", "shown"),
    [
        ("Tests at nine sites", "Tests at nine sites\n\nGrowers wait.", "Tests at nine sites\n\nGrowers wait."),
        ("Tests at nine sites", "Growers wait for tests.", "Tests at nine sites\n\nGrowers wait for tests."),
        (None, "Growers wait for tests.", "Growers wait for tests."),
    ],
)
def test_a_passage_does_not_say_a_subtitle_twice(desk: Any, subtitle: str | None, body: str, shown: str) -> None:
    desk.bring("daily-1", [desk.article("a", subtitle=subtitle, body=body)])

    (hit,) = desk.ask("tests").hits

    assert " ".join("".join(text for text, _ in hit.passage).split()) == " ".join(shown.split())


def test_filters_narrow_by_day_source_and_language(desk: Any) -> None:
    early, late = desk.morning - timedelta(days=5), desk.morning.replace(hour=23, minute=59)
    desk.bring(
        "r1",
        [
            desk.article("a", body="talks", published_at=early),
            desk.article("b", body="talks", published_at=late, source_id="globe", language="de"),
            desk.article("c", body="talks", published_at=None),
        ],
    )
    day = date(2026, 11, 23)
    assert desk.titles("talks") == ["Title of a", "Title of b", "Title of c"]
    assert desk.titles("talks", since=day, until=day) == ["Title of b"]
    assert desk.titles("talks", until=day - timedelta(days=1)) == ["Title of a"]
    assert desk.titles("talks", sources=("globe",)) == ["Title of b"]
    assert desk.titles("talks", languages=("en", "de"), since=date(2026, 1, 1)) == ["Title of a", "Title of b"]
    newest = search(desk.layout, "talks", newest=True).hits
    assert [hit.article_id for hit in newest] == [desk.id("b"), desk.id("a"), desk.id("c")]


def test_copies_can_be_left_out(desk: Any) -> None:
    desk.bring("r1", [desk.article("a", body="the same talks")])
    desk.bring("r2", [desk.article("b", body="the same talks", day=1)])
    assert desk.titles("talks") == ["Title of a", "Title of b"]
    assert desk.titles("talks", originals=True) == ["Title of a"]


def test_a_filter_that_fits_nothing_by_its_nature_is_an_error(asked: Any) -> None:
    with pytest.raises(ConfigError, match=r"--source globe: no article has it\. There are: herald"):
        asked.ask("talks", sources=("globe",))
    with pytest.raises(ConfigError, match="--language xx"):
        asked.ask("talks", languages=("xx",))
    with pytest.raises(ConfigError, match="is after --until"):
        asked.ask("talks", since=date(2026, 11, 24), until=date(2026, 11, 23))
    with pytest.raises(ConfigError, match="--limit 0"):
        search(asked.layout, "talks", limit=0)


def test_before_the_first_publish_the_message_says_what_to_do(desk: Any) -> None:
    with pytest.raises(ConfigError, match=r"no search index yet.*newshouse publish"):
        desk.ask("talks")


def test_who_may_only_read_the_folder_can_search_it(
    asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = DataLayout(tmp_path / "brought")  # where no thread of the writer still makes a lock file
    shutil.copytree(asked.layout.search, brought.search, ignore=shutil.ignore_patterns("*.lock"))
    there = sorted(brought.search.rglob("*"))
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and may(path, mode))
    assert search(brought, "nuclear talks").total == 2
    assert sorted(brought.search.rglob("*")) == there


def test_who_may_only_read_it_sees_one_state_and_writes_nothing(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.ask("nuclear talks")
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and may(path, mode))
    found = opened(asked.layout)
    monkeypatch.undo()
    asked.bring("r2", [asked.article("late", body="Nuclear talks went on.")])
    state = found.state()
    assert state is not None and found.searcher().num_docs == len(TEXTS) + 1  # and the marker
    with pytest.raises(StorageError, match="cannot be written"), found.writing(state, large=False):
        pass
    assert asked.titles("nuclear talks").count("Title of late") == 1
