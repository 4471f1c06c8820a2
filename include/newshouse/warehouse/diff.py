"""What changed between two versions of an article: which fields, and which words of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from newshouse.errors import ConfigError

Kind = Literal["same", "removed", "added"]
Piece = tuple[Kind, str]
Row = Mapping[str, Any]

FIELDS = ("title", "subtitle", "byline", "published_at", "modified_at")
# A word with the space behind it; of scripts without spaces, a character.
_DENSE = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_DENSE}]\s*|[^\s{_DENSE}]+\s*|\s+")
_ALIKE = 0.4  # paragraphs with less in common are told as one gone and one new


@dataclass(frozen=True, slots=True)
class Change:
    """What one version changed.

    Attributes:
        before, after: numbers of the revisions; `before` is None for the first version.
        kind: as in `revisions.change_kind`.
        at: UTC, when the version was captured.
        fields: name -> (before, after), of those that differ.
        body: the paragraphs that differ, each in pieces; unchanged ones are left out.
    """

    before: int | None
    after: int
    kind: str
    at: datetime
    fields: Mapping[str, tuple[Any, Any]]
    body: tuple[tuple[Piece, ...], ...]


def changes(history: Sequence[Row], first: int | None = None, last: int | None = None) -> list[Change]:
    """What each version changed, or all that changed between two of them.

    Args:
        history: rows of `revisions` of one article, in the order of time.
        first, last: numbers of two revisions to compare, whatever lies between; None for each with the one before.

    Raises:
        ConfigError: there is no such revision; the message lists those there are.
    """
    if first is None and last is None:
        return [_change(before, after) for before, after in zip([None, *history], history, strict=False)]
    by_number = {row["revision"]: row for row in history}
    wanted = [history[0]["revision"] if first is None else first, history[-1]["revision"] if last is None else last]
    for number in wanted:
        if number not in by_number:
            there = ", ".join(map(str, by_number))
            raise ConfigError(f"revision {number}: this article has no such revision. It has {there}.")
    return [_change(*(by_number[number] for number in wanted))]


def _change(before: Row | None, after: Row) -> Change:
    known = before or {}
    fields = {name: (known.get(name), after[name]) for name in FIELDS if known.get(name) != after[name]}
    body = tuple(_paragraphs(known.get("body") or "", after["body"] or "")) if before else ()
    number = before["revision"] if before else None
    return Change(number, after["revision"], after["change_kind"], after["fetched_at"], fields if before else {}, body)


def _paragraphs(before: str, after: str) -> Iterator[tuple[Piece, ...]]:
    old, new = before.split("\n\n"), after.split("\n\n")
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _pairs(old[a:b], new[c:d])


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Paragraphs that took the place of others: the likeliest successor of each is compared word by word."""
    done = 0
    for text in old:
        place = next((n for n in range(done, len(new)) if _alike(text, new[n])), None)
        if place is None:
            yield from _whole("removed", [text])
            continue
        yield from _whole("added", new[done:place])
        yield tuple(words(text, new[place]))
        done = place + 1
    yield from _whole("added", new[done:])


def _alike(old: str, new: str) -> bool:
    match = SequenceMatcher(None, _WORD.findall(old), _WORD.findall(new), autojunk=False)
    return match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE


def _whole(kind: Kind, texts: Iterable[str]) -> Iterator[tuple[Piece, ...]]:
    yield from (((kind, text),) for text in texts if text)


def words(before: str, after: str) -> Iterator[Piece]:
    """A text in pieces: what stayed, what went, what came."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(new[c:d])
            continue
        if a < b:
            yield "removed", "".join(old[a:b])
        if c < d:
            yield "added", "".join(new[c:d])
