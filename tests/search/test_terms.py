"""Queries as people type them, and what is said when one cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import ConfigError
from newshouse.search.terms import Term, Terms, parse


def word(*words: str, **values: object) -> Term:
    return Term(words, **values)  # type: ignore[arg-type] -- a short way to write them


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nuclear talks", Terms(((word("nuclear"),), (word("talks"),)))),
        ('"nuclear talks"', Terms(((word("nuclear", "talks"),),))),
        ("“nuclear talks” -geneva", Terms(((word("nuclear", "talks"),),), (word("geneva"),))),
        ("port NOT strike", Terms(((word("port"),),), (word("strike"),))),
        ("port AND NOT strike", Terms(((word("port"),),), (word("strike"),))),
        ("iran OR tehran talks", Terms(((word("iran"), word("tehran")), (word("talks"),)))),
        ("a AND b", Terms(((word("a"),), (word("b"),)))),
        ("verhand*", Terms(((word("verhand", prefix=True),),))),
        (
            'title:talks author:"Ada Vale"',
            Terms(((word("talks", field="title"),), (word("ada", "vale", field="author"),))),
        ),
        ("10:30 AT&T", Terms(((word("10", "30"),), (word("at", "t"),)))),
        ("http://x.example/a", Terms(((word("http", "x", "example", "a"),),))),
        ("核谈判", Terms(((word("核谈", "谈判"),),))),
        ("核", Terms(((word("核", prefix=True),),))),
        ("foo:bar", Terms(((word("foo", "bar"),),))),
    ],
)
def test_a_query_is_read_as_meant(text: str, expected: Terms) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('talks "geneva', "quote at character 7 is not closed"),
        ("talks NOT", "nothing stands after NOT"),
        ("port OR -strike", "OR cannot join what is excluded, at character 9"),
        ("port OR NOT strike", "OR cannot join what is excluded, at character 9"),
        ("port -strike OR boat", "OR cannot join what is excluded, at character 14"),
        ("port NOT strike OR boat", "OR cannot join what is excluded, at character 17"),
        ("OR talks", "nothing stands before OR at character 1"),
        ("a OR OR b", "nothing stands before OR at character 6"),
        ("talks OR", "nothing stands after OR"),
        ("-talks", "no word that must occur"),
        ("  ", "no word that must occur"),
        ("&& ?!", "no word that must occur"),
        ("source:herald talks", "--source herald"),
    ],
)
def test_a_query_that_cannot_be_read_says_where_and_what_to_do(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(text)


@given(st.text(alphabet=st.sampled_from('ab -"*:()ORtitle核\u202e\u200b')))
def test_any_text_is_a_query_or_a_clear_error(text: str) -> None:
    try:
        assert parse(text).wanted
    except ConfigError as error:
        assert str(error).startswith("query")
