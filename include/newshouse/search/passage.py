"""The passage of an article that answers a query best, with the words that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newshouse.search.analysis import Word, is_dense, placed_words, words
from newshouse.search.terms import Term

Piece = tuple[str, bool]  # text, and whether it was asked for

_WIDTH = 220  # characters: three lines of a terminal
_PIECES = 4  # of a passage; it may begin with each
_OVERLAP = 25  # characters: a word that a cut falls into is whole in the piece before
_READ = 20_000  # characters of a body that are looked at


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The whole text, cut where a hit begins or ends."""
    hits = [(start, end) for start, end, _ in _hits(placed_words(text), terms)]
    return list(_pieces(text, hits))


def passage(text: str, terms: Sequence[Term], width: int = _WIDTH) -> list[Piece]:
    """At most about `width` characters of the text: where most of the terms stand together, or its beginning."""
    text = " ".join(text[:_READ].split())
    width = width // 2 if is_dense(text) else width
    start = _best_start(text, terms, width // _PIECES)
    shown = text[start : start + width]
    more = start + width < len(text)
    if start:
        shown = shown.partition(" ")[2] if " " in shown[:_OVERLAP] else shown
    if more:
        shown = shown.rpartition(" ")[0] if " " in shown[-_OVERLAP:] else shown
    return [*([("… ", False)] if start else []), *marked(shown, terms), *([(" …", False)] if more else [])]


def _best_start(text: str, terms: Sequence[Term], step: int) -> int:
    """Where the passage begins that shows most terms, then most often; of equals the first. One piece stands before."""
    there = [_terms_in(text[at : at + step + _OVERLAP], terms) for at in range(0, len(text), step)]

    def worth(place: int) -> tuple[int, int, int]:
        shown = there[place : place + _PIECES - 1]
        return len(set().union(*shown)), sum(map(len, shown)), -place

    best = max(range(len(there)), key=worth, default=0)
    return max(0, best - 1) * step if there and worth(best)[0] else 0


def _terms_in(piece: str, terms: Sequence[Term]) -> set[int]:
    """Numbers of the terms whose words are all in a piece of text."""
    said = set(words(piece))
    return {number for number, term in enumerate(terms) if _said(said, term)}


def _said(said: set[str], term: Term) -> bool:
    whole = term.words[:-1] if term.prefix else term.words
    return said.issuperset(whole) and (not term.prefix or any(word.startswith(term.words[-1]) for word in said))


def _hits(placed: Sequence[Word], terms: Sequence[Term]) -> Iterator[tuple[int, int, int]]:
    """(start, end, number of the term) of every hit, in order."""
    begins = tuple(term.words[0] for term in terms)
    free = 0
    for place, word in enumerate(placed):
        if place < free or not word.folded.startswith(begins):
            continue
        fitting = next((n for n, term in enumerate(terms) if _fits(placed, place, term)), None)
        if fitting is not None:
            last = terms[fitting].words[-1]
            free = place + len(terms[fitting].words)
            end = placed[free - 1]
            half = is_dense(last) and len(last) < len(end.folded)  # one character was asked for, not the pair
            yield word.start, end.first_end if half else end.end, fitting


def _fits(placed: Sequence[Word], place: int, term: Term) -> bool:
    if place + len(term.words) > len(placed):
        return False
    *before, last = term.words
    if any(placed[place + n].folded != word for n, word in enumerate(before)):
        return False
    said = placed[place + len(before)].folded
    return said.startswith(last) if term.prefix else said == last


def _pieces(text: str, hits: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    start = 0
    for first, last in hits:
        if first < start:  # of the same characters, in another pair
            continue
        if first > start:
            yield text[start:first], False
        yield text[first:last], True
        start = last
    if len(text) > start:
        yield text[start:], False
