"""Paragraphs that many articles of a source repeat: the publisher's own furniture, in whatever words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from newshouse.validate.row import SOUND_ROW, ParsedRow
from newshouse.validate.rule import Rule

COLUMNS = ("source_id", "paragraphs")
_SHARE = 0.3  # of a source's articles in the batch
_FEWEST_ARTICLES = 10  # of which a share is taken; three articles of one story may share their background
_MOST_ARTICLES = 500  # that are looked at of one source: enough for a share of this size, and bounds the memory


@dataclass(slots=True)
class _Seen:
    bodies: set[int] = field(default_factory=set)
    paragraphs: Counter[int] = field(default_factory=Counter)


def repeated_paragraphs(pieces: Iterable[pa.Table]) -> Mapping[str, frozenset[int]]:
    """By source, the hashes (of this process) of the texts that stand in 30 % of its articles or more.

    Articles with the same body count as one: they are copies, and no furniture.

    Args:
        pieces: tables with `COLUMNS`.
    """
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for piece in pieces:
        for source_id, paragraphs in zip(*(piece[name].to_pylist() for name in COLUMNS), strict=True):
            known = seen[source_id]
            texts = [p["text"] for p in paragraphs or () if p and p["text"]]
            body = hash(tuple(texts))
            if texts and body not in known.bodies and len(known.bodies) < _MOST_ARTICLES:
                known.bodies.add(body)
                known.paragraphs.update(set(map(hash, texts)))
    return {source_id: found for source_id, known in seen.items() if (found := _often(known))}


def _often(seen: _Seen) -> frozenset[int]:
    if len(seen.bodies) < _FEWEST_ARTICLES:
        return frozenset()
    fewest = _SHARE * len(seen.bodies)
    return frozenset(text for text, count in seen.paragraphs.items() if count >= fewest)


def _repeated(row: ParsedRow) -> str | None:
    if not row.repeated:
        return None
    text = next((text for text in row.paragraphs if hash(text) in row.repeated), None)
    return None if text is None else f"many articles of the source hold the paragraph {text[:80]!r}"


def _without_repeats(row: ParsedRow) -> ParsedRow:
    return replace(row, paragraphs=tuple("" if hash(text) in row.repeated else text for text in row.paragraphs))


RULES = (
    Rule(
        "repeated_paragraph",
        "A paragraph stands in 30 % of the source's articles or more (of ten in the batch); it is taken out.",
        "warning",
        "repair",
        _repeated,
        repair=_without_repeats,
        fails={
            "paragraphs": (*SOUND_ROW.paragraphs, "Write to the desk."),
            "repeated": frozenset({hash("Write to the desk.")}),
        },
        passes={"repeated": frozenset({hash("Write to the desk.")})},
    ),
)
