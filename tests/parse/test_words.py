"""Words are counted no further than the question needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.parse.words import has_fewer_words, word_count


@given(st.text(alphabet="ab -'.한字\n", max_size=300), st.integers(0, 60))
def test_a_short_text_is_compared_by_its_whole_count(text, count):
    expected = word_count(text) < count
    assert has_fewer_words(text, count) == expected or len(text) >= 40 * count


@pytest.mark.parametrize(("words", "fewer"), [(99, True), (100, False)])
def test_the_bound_holds_for_long_words_too(words, fewer):
    assert has_fewer_words(" ".join(["Hafenbehörde"] * words), 100) is fewer
