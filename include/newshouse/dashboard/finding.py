"""Find articles: by source, day, language, and a regular expression in titles or texts (fulltext.py: by words).

Expressions are looked for in the text itself, without regard to case; a query that takes too long is stopped and says
so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import duckdb

from newshouse.dashboard.published import Edition
from newshouse.dashboard.window import Window
from newshouse.errors import ConfigError

_LONGEST_SECONDS = 10.0
_FIRST_LOOKS = (2, 14, 90)  # days
_SNIPPET = 90  # characters before and after what was found
_MARK = "\x02"
_WHERE = """
    (len($sources) = 0 OR list_contains($sources, source_id))
    AND ($language = '' OR language = $language)
    AND ($flag = '' OR list_contains(quality_flags, $flag))
    AND ($copies <> 'no' OR duplicate_of IS NULL)
    AND ($copies <> 'only' OR duplicate_of IS NOT NULL)
"""
_IN_TITLE = " AND regexp_matches(title, $q, 'i')"
_IN_TEXT = " AND (regexp_matches(title, $q, 'i') OR regexp_matches(body, $q, 'i'))"
# An article without a date has its place where it was first seen. Two halves, because a bound on one column lets DuckDB
# skip files and row groups and read long columns late, and one on coalesce() does not.
_BETWEEN = """
    {column} >= ($first::DATE)::TIMESTAMP AT TIME ZONE 'UTC'
    AND {column} < ($last::DATE + 1)::TIMESTAMP AT TIME ZONE 'UTC'
"""
_HALVES = (
    ("published_at", _BETWEEN.format(column="published_at")),
    ("first_seen_at", f"published_at IS NULL AND {_BETWEEN.format(column='first_seen_at')}"),
)
_LISTED = (
    "article_id, source_id, title, published_at, first_seen_at, language, word_count, duplicate_of, revision, "
    "vanished_at"
)
_KEPT = (
    "article_id, source_id, url, title, published_at, first_seen_at, language, word_count, duplicate_of, story_id, "
    "revision, vanished_at, warc_file, warc_offset"
)
_LATEST_FIRST = "ORDER BY coalesce(published_at, first_seen_at) DESC, article_id"


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes:
        q: what to find; empty for everything.
        place: where: `title` or `text` by a regular expression (RE2), `words` by the full-text index.
        copies: "" for all, no for first prints alone, only for copies alone.
    """

    q: str = ""
    place: str = "title"
    language: str = ""
    flag: str = ""
    copies: str = ""

    def where(self) -> str:
        """What has to hold beside the days."""
        return _WHERE + ("" if not self.q else _IN_TEXT if self.place == "text" else _IN_TITLE)

    def given(self, window: Window) -> dict[str, Any]:
        """The parameters of every query here."""
        words = {"q": self.q} if self.q else {}
        return window.sql(language=self.language, flag=self.flag, copies=self.copies, **words)


def count(edition: Edition, window: Window, search: Search) -> int:
    """How many fit.

    Raises:
        ConfigError: not a regular expression, or the search took too long.
    """
    query = _COUNT if not (search.q or search.flag) else _count(search)
    rows = edition.once(("count", window, search), lambda: _ask(edition, query, search.given(window)))
    return int(rows[0]["articles"])


# What was counted ahead answers what needs no look into the articles.
_COUNT = """
SELECT
    coalesce(sum(CASE $copies WHEN 'no' THEN articles - copies WHEN 'only' THEN copies ELSE articles END), 0)
        AS articles
FROM memory.placed
WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
    AND ($language = '' OR language = $language) AND $flag = ''
"""


def _count(search: Search) -> str:
    halves = (
        f"(SELECT count(*) FROM articles WHERE {days} AND {search.where()})"  # noqa: S608 -- our own text
        for _, days in _HALVES
    )
    return f"SELECT {' + '.join(halves)} AS articles"


def find(edition: Edition, window: Window, search: Search, limit: int, start: int) -> list[dict[str, Any]]:
    """The articles that fit, the latest first; with the words around what was found, if it was looked for in the text.

    Raises:
        ConfigError: not a regular expression, or the search took too long.
    """
    for days in _FIRST_LOOKS:  # the latest stand at the end: most questions are answered there
        end = replace(window, first=max(window.first, window.last - timedelta(days=days)))
        rows = _found(edition, end, search, limit, start)
        if len(rows) == limit or end.first == window.first:
            return rows
    return _found(edition, window, search, limit, start)


def _found(edition: Edition, window: Window, search: Search, limit: int, start: int) -> list[dict[str, Any]]:
    columns = f"{_LISTED}, {_snippet(search)} AS snippet"
    halves = (
        f"(SELECT {columns} FROM articles WHERE {days} AND {search.where()} "  # noqa: S608 -- our own text
        f"ORDER BY {at} DESC, article_id LIMIT $most)"
        for at, days in _HALVES
    )
    query = f"FROM ({' UNION ALL '.join(halves)}) {_LATEST_FIRST} LIMIT $limit OFFSET $start"
    return _ask(edition, query, search.given(window) | {"most": start + limit, "limit": limit, "start": start})


def everything(edition: Edition, window: Window, search: Search) -> Iterator[dict[str, Any]]:
    """All that fit, without bodies, as they come: for a file."""
    halves = (
        f"(SELECT {_KEPT} FROM articles WHERE {days} AND {search.where()})"  # noqa: S608 -- our own text
        for _, days in _HALVES
    )
    return edition.stream(f"FROM ({' UNION ALL '.join(halves)}) {_LATEST_FIRST}", search.given(window))


def by_ids(edition: Edition, ids: list[str]) -> Iterator[dict[str, Any]]:
    """These articles, in this order: for a file."""
    query = f"""
        SELECT {_KEPT} FROM articles
        JOIN (SELECT unnest($ids) AS article_id, generate_subscripts($ids, 1) AS place) USING (article_id)
        ORDER BY place
    """  # noqa: S608 -- our own text
    return edition.stream(query, {"ids": ids})


def snippet_parts(row: dict[str, Any], q: str) -> list[tuple[str, bool]]:
    """The snippet in pieces, each with whether it is what was looked for."""
    text = row["snippet"] or ""
    before, _, rest = text.partition(_MARK)
    hit, _, after = rest.partition(_MARK)
    return [(f"…{before}", False), (hit, True), (f"{after}…", False)] if hit and q else []


def _snippet(search: Search) -> str:
    if not search.q or search.place != "text":
        return "NULL"
    around = f"(?is)(.{{0,{_SNIPPET}}})(' || $q || ')(.{{0,{_SNIPPET}}})"
    return (
        f"CASE WHEN regexp_matches(body, $q, 'i') THEN "
        f"regexp_replace(regexp_extract(body, '{around}'), '(?i)(' || $q || ')', '{_MARK}\\1{_MARK}') END"
    )


def _ask(edition: Edition, query: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return edition.rows(query, given, longest_seconds=_LONGEST_SECONDS)
    except duckdb.InterruptException as error:
        raise ConfigError(
            f"the search took more than {_LONGEST_SECONDS:.0f} s. Ask for fewer days or sources, or only for titles."
        ) from error
    except duckdb.InvalidInputException as error:
        said = re.sub(r"^.*?Error: ", "", str(error).split("\n")[0])
        raise ConfigError(f"q={given.get('q')!r}: not a regular expression ({said}).") from error
