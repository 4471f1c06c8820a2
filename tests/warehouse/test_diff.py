"""What changed between the versions of an article, told by field, paragraph and word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import ConfigError
from newshouse.warehouse.diff import changes, words
from newshouse.warehouse.query import history


@pytest.fixture
def told(desk: Any) -> Any:
    first = "The council met on Monday.\n\nSeven voted for the plan, six against.\n\nThe mayor left early."
    second = "The council met on Monday.\n\nEight voted for the plan, five against.\n\nA new vote is due."
    desk.batch("r1", [desk.article("a", body=first)])
    desk.load("r1")
    desk.batch("r2", [desk.article("a", day=1, title="Council: eight votes", body=second)])
    desk.load("r2")
    desk.batch("r3", visits=[desk.visit("r3", "a", "gone", day=2)])
    desk.load("r3")
    desk.publish()
    return desk


def test_each_version_tells_what_it_changed(told: Any) -> None:
    first, second, third = changes(history(told.layout, told.id("a")))
    assert (first.before, first.kind, first.fields, first.body) == (None, "new", {}, ())
    assert second.fields == {"title": ("Title of a", "Council: eight votes")}
    voted, left, due = second.body
    assert [piece for piece in voted if piece[0] != "same"] == [
        ("removed", "Seven "), ("added", "Eight "), ("removed", "six "), ("added", "five "),
    ]  # fmt: skip
    assert (left, due) == ((("removed", "The mayor left early."),), (("added", "A new vote is due."),))
    assert (third.kind, third.fields, third.body) == ("vanished", {}, ())


def test_two_versions_of_choice_are_compared(told: Any) -> None:
    rows = history(told.layout, told.id("a"))
    (change,) = changes(rows, first=1)
    assert (change.before, change.after, len(change.body)) == (1, 3, 3)
    (back,) = changes(rows, first=2, last=1)
    assert back.fields == {"title": ("Council: eight votes", "Title of a")}
    with pytest.raises(ConfigError, match=r"revision 9: this article has no such revision\. It has 1, 2, 3\."):
        changes(rows, last=9)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a x c", [("same", "a "), ("removed", "b "), ("added", "x "), ("same", "c")]),
        ("核谈判重启", "核谈判结束", [("same", "核谈判"), ("removed", "重启"), ("added", "结束")]),
        ("", "new", [("added", "new")]),
        ("same", "same", [("same", "same")]),
    ],
)
def test_words_are_compared_and_characters_where_there_are_no_spaces(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    assert list(words(before, after)) == expected


@given(st.text(alphabet="ab 核谈\n"), st.text(alphabet="ab 核谈\n"))
def test_both_texts_can_be_put_together_from_the_pieces(before: str, after: str) -> None:
    pieces = list(words(before, after))
    assert "".join(text for kind, text in pieces if kind != "removed") == after
    assert len("".join(text for kind, text in pieces if kind != "added").split()) == len(before.split())
