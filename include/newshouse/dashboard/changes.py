"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 6000  # the comparison is quadratic; longer texts are compared by paragraph
_CONTEXT = 12  # words shown on either side of a change


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text: `kept`, `added`, `removed`, or `left_out` for what stayed and is not shown."""

    kind: str
    text: str


def changes(old: str, new: str) -> list[Change]:
    """The pieces of both in order; long stretches that stayed are left out."""
    before, after = _pieces(old, new)
    found: list[Change] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += _kept(before[i:j])
            continue
        if i < j:
            found.append(Change("removed", "".join(before[i:j])))
        if k < m:
            found.append(Change("added", "".join(after[k:m])))
    return found


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        return old.splitlines(keepends=True), new.splitlines(keepends=True)
    return before, after


def _kept(pieces: list[str]) -> list[Change]:
    if len(pieces) <= 3 * _CONTEXT:
        return [Change("kept", "".join(pieces))]
    head, tail = "".join(pieces[:_CONTEXT]), "".join(pieces[-_CONTEXT:])
    return [Change("kept", head), Change("left_out", " … "), Change("kept", tail)]
