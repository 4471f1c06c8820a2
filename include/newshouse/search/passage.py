"""The passage of an article that answers a query best, with the words that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newshouse.search.analysis import Word, is_dense, placed_words
from newshouse.search.terms import Term

Piece = tuple[str, bool]  # text, and whether it was asked for

_WIDTH = 220  # characters: three lines of a terminal
_BEFORE = 60  # of them before the first hit
_READ = 20_000  # characters of a body that are looked at


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The whole text, cut where a hit begins or ends."""
    hits = [(start, end) for start, end, _ in _hits(placed_words(text), terms)]
    return list(_pieces(text, 0, len(text), hits))


def passage(text: str, terms: Sequence[Term], width: int = _WIDTH) -> list[Piece]:
    """At most about `width` characters of the text: where most of the terms stand together, or its beginning."""
    text = " ".join(text[:_READ].split())
    width = width // 2 if is_dense(text) else width
    words = placed_words(text)
    hits = list(_hits(words, terms))
    first = max(range(len(hits)), key=lambda place: (_worth(hits, place, width), -place), default=None)
    start = max(0, hits[first][0] - _BEFORE) if first is not None else 0
    start = _word_start(words, start)
    end = _word_end(words, start + width, len(text))
    pieces = list(_pieces(text, start, end, [(a, b) for a, b, _ in hits if a >= start and b <= end]))
    return [*([("… ", False)] if start else []), *pieces, *([(" …", False)] if end < len(text) else [])]


def _worth(hits: Sequence[tuple[int, int, int]], place: int, width: int) -> tuple[int, int]:
    """How many terms, and how many hits, a passage shows that begins at this one."""
    shown = [term for start, _, term in hits[place:] if start < hits[place][0] + width - _BEFORE]
    return len(set(shown)), len(shown)


def _hits(words: Sequence[Word], terms: Sequence[Term]) -> Iterator[tuple[int, int, int]]:
    """(start, end, number of the term) of every hit, in order."""
    begins = tuple(term.words[0] for term in terms)
    free = 0
    for place, word in enumerate(words):
        if place < free or not word.folded.startswith(begins):
            continue
        fitting = next((n for n, term in enumerate(terms) if _fits(words, place, term)), None)
        if fitting is not None:
            last = terms[fitting].words[-1]
            free = place + len(terms[fitting].words)
            end = words[free - 1]
            yield word.start, end.start + len(last) if is_dense(last) else end.end, fitting


def _fits(words: Sequence[Word], place: int, term: Term) -> bool:
    if place + len(term.words) > len(words):
        return False
    *before, last = term.words
    if any(words[place + n].folded != word for n, word in enumerate(before)):
        return False
    said = words[place + len(before)].folded
    return said.startswith(last) if term.prefix else said == last


def _pieces(text: str, start: int, end: int, hits: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    for first, last in hits:
        if first < start:  # of the same characters, in another pair
            continue
        if first > start:
            yield text[start:first], False
        yield text[first:last], True
        start = last
    if end > start:
        yield text[start:end], False


def _word_start(words: Sequence[Word], place: int) -> int:
    return next((word.start for word in words if word.start >= place), 0) if place else 0


def _word_end(words: Sequence[Word], place: int, most: int) -> int:
    return most if place >= most else max((word.end for word in words if word.end <= place), default=place)
