"""Terms and filters -> the best hits."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Order, Query

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.search.index import FIELDS, opened
from newshouse.search.passage import Piece, marked, passage
from newshouse.search.terms import Term, Terms, parse

_TITLE_COUNTS = 2.0  # a word of the headline says more than one of the text
_LAST_SECOND = 24 * 3600 - 1  # of a day
_MOST = 10_000  # hits of one query
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search.

    Attributes:
        since, until: UTC days of publication, both included; an article without a date is in none.
        sources, languages: any of them; empty for all.
        originals: leave out articles whose body appeared before.
        vanished: also articles whose page was taken down.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    originals: bool = False
    vanished: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One article.

    Attributes:
        score: how well it fits; only of use beside those of the same search.
        published_at, vanished_at: UTC.
        title, passage: in pieces, those that were asked for marked.
    """

    article_id: str
    score: float
    source_id: str
    language: str | None
    url: str | None
    published_at: datetime | None
    vanished_at: datetime | None
    revision: int
    duplicate_of: str | None
    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer.

    Attributes:
        hits: the best ones first, or the newest.
        total: how many articles fit.
        vanished: how many more would, but were taken down.
    """

    hits: tuple[Hit, ...]
    total: int
    vanished: int


def search(
    layout: DataLayout, text: str, filters: Filters = Filters(), *, limit: int = 10, newest: bool = False
) -> Found:
    """Look for articles.

    Args:
        text: see `terms.py`.
        newest: order by publication, the newest first, and not by how well they fit.

    Raises:
        ConfigError: the query cannot be read, no such source, the days are the wrong way round, or no index yet.
        StorageError: the index is damaged.
    """
    terms = parse(text)
    if not 1 <= limit <= _MOST:
        raise ConfigError(f"--limit {limit}: give a number from 1 to {_MOST}.")
    searcher = opened(layout).searcher()
    _check(searcher, filters)
    wanted = [*_text(terms), *_filters(filters)]
    hidden = (Occur.MustNot, Query.term_query(FIELDS, "vanished", True))
    query = Query.boolean_query(wanted if filters.vanished else [*wanted, hidden])
    order: dict[str, Any] = {"order_by_field": "published", "order": Order.Desc} if newest else {}
    answer = searcher.search(query, limit, **order)
    asked_for = [term for alternatives in terms.wanted for term in alternatives]
    hits = [_hit(searcher.doc(at), 0.0 if newest else score, asked_for) for score, at in answer.hits]
    gone = 0 if filters.vanished else _count(searcher, _vanished(wanted))
    return Found(tuple(sorted(hits, key=_rank)), int(answer.count), gone)  # type: ignore[attr-defined]  # not in the stubs


def _rank(hit: Hit) -> tuple[float, float, str]:
    """The best first, of equals the newest: the index itself leaves equals as its threads happened to write them."""
    return -hit.score, -hit.published_at.timestamp() if hit.published_at else 0.0, hit.article_id


def _count(searcher: tantivy.Searcher, query: Query) -> int:
    return int(searcher.search(query, 1).count)  # type: ignore[attr-defined]  # not in the stubs


def _check(searcher: tantivy.Searcher, filters: Filters) -> None:
    if filters.since and filters.until and filters.since > filters.until:
        raise ConfigError(f"--since {filters.since} is after --until {filters.until}.")
    for name, field, asked in (("source", "source_id", filters.sources), ("language", "language", filters.languages)):
        for value in asked:
            if not searcher.doc_freq(field, value):
                there = ", ".join(known for known, _ in searcher.terms_with_prefix(field, "", limit=50))
                raise ConfigError(f"--{name} {value}: no article has it. There are: {there or 'none yet'}")


def _text(terms: Terms) -> list[tuple[Occur, Query]]:
    wanted = [(Occur.Must, _any([_term(term) for term in alternatives])) for alternatives in terms.wanted]
    return [*wanted, *((Occur.MustNot, _term(term)) for term in terms.excluded)]


def _term(term: Term) -> Query:
    if term.field:
        return _in(term.field, term)
    return Query.disjunction_max_query([Query.boost_query(_in("title", term), _TITLE_COUNTS), _in("text", term)], 0.1)


def _in(field: str, term: Term) -> Query:
    words: list[str | tuple[int, str]] = [*term.words]
    if len(words) > 1:
        return (
            Query.phrase_prefix_query(FIELDS, field, words) if term.prefix else Query.phrase_query(FIELDS, field, words)
        )
    if term.prefix:
        return Query.regex_query(FIELDS, field, f"{re.escape(term.words[0])}.*")
    return Query.term_query(FIELDS, field, term.words[0])


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _filters(filters: Filters) -> list[tuple[Occur, Query]]:
    narrow = [
        Query.term_set_query(FIELDS, field, values)
        for field, values in (("source_id", filters.sources), ("language", filters.languages))
        if values
    ]
    if filters.since or filters.until:
        since = _seconds(filters.since) if filters.since else None
        until = _seconds(filters.until) + _LAST_SECOND if filters.until else None
        narrow.append(Query.range_query(FIELDS, "published", FieldType.Integer, since, until))
    copies = [(Occur.MustNot, Query.term_query(FIELDS, "copy", True))] if filters.originals else []
    return [*((Occur.Must, Query.const_score_query(query, 0.0)) for query in narrow), *copies]


def _vanished(wanted: list[tuple[Occur, Query]]) -> Query:
    return Query.boolean_query([*wanted, (Occur.Must, Query.term_query(FIELDS, "vanished", True))])


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _hit(document: tantivy.Document, score: float, terms: Sequence[Term]) -> Hit:
    row = json.loads(bytes(document["facts"][0]))
    asked_of_text = [term for term in terms if term.field is None]
    return Hit(
        article_id=row["article_id"],
        score=score,
        source_id=row["source_id"],
        language=row.get("language"),
        url=row.get("url"),
        published_at=_moment(row.get("published_at")),
        vanished_at=_moment(row.get("vanished_at")),
        revision=row["revision"],
        duplicate_of=row.get("duplicate_of"),
        title=tuple(marked(row.get("title") or "(no title)", [t for t in terms if t.field in (None, "title")])),
        passage=tuple(passage(_text_of(document), asked_of_text)),
    )


def _text_of(document: tantivy.Document) -> str:
    original = document.get_first("original")
    return str(document.get_first("text") or "") if original is None else bytes(original).decode()


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
