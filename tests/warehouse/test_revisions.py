"""What happened between two versions of an article."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newshouse.schemas import ARTICLES, REVISIONS
from newshouse.warehouse.maintenance import verify
from newshouse.warehouse.query import select
from newshouse.warehouse.revisions import change_kind, record
from newshouse.warehouse.tables import snapshot

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


def _on_record(desk: Any) -> list[tuple[str, int]]:
    rows = snapshot(desk.layout, REVISIONS).read(["article_id", "revision"])
    return sorted(zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True))


def _shown(desk: Any) -> list[tuple[str, int]]:
    desk.publish()
    rows = select(desk.layout, "SELECT article_id, revision FROM revisions ORDER BY ALL")
    return list(zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True))


def _problems(desk: Any) -> list[Any]:
    return [problem for problem in verify(desk.layout) if "warc" not in problem.message]


def test_a_first_version_is_written_down_when_it_is_overwritten_and_shown_from_the_beginning(desk: Any) -> None:
    desk.batch("r1", [desk.article("a"), desk.article("b")])
    desk.load("r1")
    first = sorted([(desk.id("a"), 1), (desk.id("b"), 1)])
    assert (_on_record(desk), _shown(desk)) == ([], first)
    desk.batch("r2", [desk.article("a", day=1, title="New words"), desk.article("b", day=1)])
    desk.load("r2")
    both = [(desk.id("a"), 1), (desk.id("a"), 2)]
    assert (_on_record(desk), _shown(desk)) == (both, sorted([*both, (desk.id("b"), 1)]))
    assert _problems(desk) == []


def test_a_first_version_shown_from_articles_has_the_values_that_it_gets_on_record(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    desk.publish()
    before = select(desk.layout, "FROM revisions").to_pylist()
    articles = snapshot(desk.layout, ARTICLES)
    record(desk.layout, articles, {desk.id("a"): desk.row("a")}, {desk.id("a")})
    desk.publish()
    assert _on_record(desk) == [(desk.id("a"), 1)]
    assert select(desk.layout, "FROM revisions").to_pylist() == before


def test_a_first_version_that_a_killed_load_wrote_down_is_shown_and_counted_once(desk: Any) -> None:
    desk.batch("r1", [desk.article("a")])
    counts = desk.load("r1")
    record(desk.layout, snapshot(desk.layout, ARTICLES), {desk.id("a"): desk.row("a")}, {desk.id("a")})
    assert (_shown(desk), _problems(desk)) == ([(desk.id("a"), 1)], [])
    assert desk.load("r1") == counts
