"""Words: folded the same way in articles and queries, and placed where they stand in the text."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.search.analysis import ANALYZER, indexed, placed_words, special, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Nuclear TALKS", ["the", "nuclear", "talks"]),
        ("Müller, Straße, Čapek", ["muller", "strasse", "capek"]),
        ("核谈判", ["核谈", "谈判"]),
        ("核", ["核"]),
        ("iPhone手机13", ["iphone", "手机", "13"]),
        ("핵협상을", ["핵협", "협상", "상을"]),
        ("ราคาน้ำ", ["รา", "าค", "คา", "าน", "นำ"]),  # a tone mark is no letter
        ("أُمّة ٱلسّلام إلى", ["امه", "السلام", "الي"]),
        ("ｶﾞｿﾘﾝとガソリン", ["ガソ", "ソリ", "リン", "ンと", "とガ", "ガソ", "ソリ", "リン"]),
        ("Mu\u0308ller, А\u0306, か\u3099, \u1112\u1161\u11ab", ["muller", "ӑ", "が", "한"]),
        ("ﻣﻔﺎوﺿﺎت ﻻ, ا\u0654مة", ["مفاوضات", "لا", "امه"]),
        ("don't 10:30", ["don", "t", "10", "30"]),
        ("", []),
    ],
)
def test_words_are_folded(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(
    st.text(
        alphabet=st.one_of(
            st.characters(codec="utf-8"),
            st.sampled_from("核谈判한국 アーน้ำأةٱ\u064bßｶﾞﾊﾟｱﾞﻻﰲ\u0308\u3099\u1112\u1161\u11ab"),
        )
    )
)
def test_the_words_of_a_text_are_those_of_the_same_query_each_where_it_stands(text: str) -> None:
    placed = placed_words(text)
    assert [word.folded for word in placed] == words(text)
    for word in placed:
        assert words(text[word.start : word.end]) == [word.folded]
    assert [word.start for word in placed] == sorted(word.start for word in placed)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_what_is_indexed_begins_with_the_words_of_a_query(text: str) -> None:
    assert list(ANALYZER.analyze(indexed(text)))[: len(words(text))] == words(text)


@pytest.mark.parametrize("text", ["犬とネコ", "犬とﾈｺ", "ﾀﾝｺﾞ", "んか\u3099", "\u1112\u1161\u11ab\u1100\u116e\u11a8"])
def test_the_last_character_of_a_dense_run_is_indexed_as_a_query_has_it(text: str) -> None:
    last = placed_words(text)[-1].folded[-1]
    assert list(ANALYZER.analyze(indexed(text)))[-1:] == words(last)


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("aｶﾞﻻأ\u0308\u3099\u1112\u1161豈"))))
def test_a_text_that_is_not_special_is_indexed_as_it_is(text: str) -> None:
    assert special(pa.array([text])).to_pylist() == [True] or indexed(text) == text
