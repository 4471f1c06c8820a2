"""Words are counted no further than the question needs; spelling is letters and digits in lower case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.parse.words import ends_sentence, has_fewer_words, letters, lower, unescaped, word_count


@given(st.text(alphabet="ab -'.한字\n", max_size=300), st.integers(0, 60))
def test_a_short_text_is_compared_by_its_whole_count(text, count):
    expected = word_count(text) < count
    assert has_fewer_words(text, count) == expected or len(text) >= 40 * count


@pytest.mark.parametrize(("words", "fewer"), [(99, True), (100, False)])
def test_the_bound_holds_for_long_words_too(words, fewer):
    assert has_fewer_words(" ".join(["Hafenbehörde"] * words), 100) is fewer


@given(st.text(max_size=60) | st.text(alphabet="aZ9 .-_–„“ßÄöÉİΣς한字²Ⓐ\u0301", max_size=60))
def test_letters_are_those_that_unicode_calls_so_in_lower_case(text):
    assert letters(text) == "".join(char for char in text if char.isalnum()).lower()


@pytest.mark.parametrize(
    "text",
    [
        "It sails.",
        "Will it sail?”",
        "»Es fährt!«",
        "„Es fährt.“",
        "(It sails…)",
        "船が出る。」",
        "هل تبحر؟",
        "وہ آئے۔",
        "नाव चली।",
    ],
)
def test_a_sentence_may_end_in_any_script_and_be_closed_behind_its_sign(text):
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["", "”", "Ferries", "Ferries “sail”", "It sails, he said:", "by sea,"])
def test_a_quotation_mark_or_another_sign_alone_ends_no_sentence(text):
    assert not ends_sentence(text)


def test_another_sign_may_be_asked_for():
    assert ends_sentence("He said:", (":",)) and not ends_sentence("He said.", (":",))


def test_signs_that_were_escaped_twice_are_read_as_they_were_meant():
    assert unescaped("&ldquo;We&#8217;re closer,&rdquo; she&nbsp;said &amp;quot;") == '“We’re closer,” she said "'


@pytest.mark.parametrize(
    "text",
    ["Write &amp; for an ampersand", "The tag &lt;br&gt; ends a line", "Berg & Falk; Vos"],
)
def test_what_a_text_on_mark_up_shows_stays(text):
    assert unescaped(text) == text


@pytest.mark.parametrize("text", ["Write &quot; or (&nbsp;).", "The sign &ldquo; opens, and &rdquo; closes."])
def test_a_sign_that_a_text_names_is_not_put_in_its_place(text):
    assert unescaped(text) == text


@given(st.text(max_size=60) | st.text(alphabet="aZİIıßẞΣςǅŉ\u0130\u0307", max_size=60))
def test_in_lower_case_each_character_keeps_its_place(text):
    assert len(lower(text)) == len(text)
