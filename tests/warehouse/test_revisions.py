"""What happened between two versions of an article."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newshouse.warehouse.revisions import change_kind

_TEXT = st.none() | st.sampled_from(["", "one", "two"])
_FIELDS = {"title": _TEXT, "body": _TEXT, "published_at": st.none() | st.datetimes(), "byline": _TEXT}
_CONTENT = st.fixed_dictionaries(_FIELDS)
_BEFORE = _CONTENT.flatmap(
    lambda content: st.sampled_from(["new", "title", "body", "time", "other", "restored", "vanished"]).map(
        lambda kind: content | {"change_kind": kind}
    )
)


def _after(content: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"vanished_at": None} | content | values


@given(_BEFORE, _CONTENT)
def test_the_kind_is_the_most_important_thing_that_changed(before: dict[str, Any], content: dict[str, Any]) -> None:
    kind = change_kind(before, _after(content))
    differs = [name for name in ("title", "body", "published_at") if before[name] != content[name]]
    if before["change_kind"] == "vanished":
        assert kind == "restored"
    elif not differs:
        assert kind == "other"
    else:
        assert kind == differs[0].replace("published_at", "time")


@given(st.none() | _BEFORE, _CONTENT, st.datetimes())
def test_a_vanished_article_is_vanished_whatever_else_it_is(before: Any, content: dict[str, Any], at: Any) -> None:
    assert change_kind(before, _after(content, vanished_at=at)) == "vanished"


@given(_CONTENT)
def test_nothing_is_guessed_where_the_version_before_is_lost(content: dict[str, Any]) -> None:
    assert change_kind(None, _after(content)) == "other"
