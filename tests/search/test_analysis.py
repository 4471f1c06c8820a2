"""Words: folded the same way in articles and queries, and placed where they stand in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.search.analysis import placed_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Nuclear TALKS", ["the", "nuclear", "talks"]),
        ("Müller, Straße, Čapek", ["muller", "strasse", "capek"]),
        ("核谈判", ["核", "谈", "判"]),
        ("iPhone手机13", ["iphone", "手", "机", "13"]),
        ("핵협상을", ["핵", "협", "상", "을"]),
        ("ราคาน้ำ", ["ร", "า", "ค", "า", "น", "ำ"]),  # a tone mark is no letter
        ("أُمّة ٱلسّلام إلى", ["امه", "السلام", "الي"]),
        ("don't 10:30", ["don", "t", "10", "30"]),
        ("", []),
    ],
)
def test_words_are_folded(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_every_word_is_placed_where_it_stands(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    placed = placed_words(text)
    assert [word.folded for word in placed] == words(text)
    for word in placed:
        assert words(text[word.start : word.end]) == [word.folded]
    assert [word.start for word in placed] == sorted(word.start for word in placed)
