"""The articles: a list with filters, and a page that traces one to the bytes it was made from."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from newshouse.dashboard import finding, fulltext
from newshouse.dashboard.archived import archived_page
from newshouse.dashboard.export import stream
from newshouse.dashboard.finding import Search
from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.published import Edition
from newshouse.dashboard.table import ARTICLE, PUBLISHED, SOURCE, Column, Row, question
from newshouse.dashboard.writing import plain
from newshouse.warehouse.diff import changes

router = APIRouter()
PAGE_ROWS = 50
_LATEST = 20
_FILE_COLUMNS = (
    "article_id", "source_id", "url", "title", "published_at", "first_seen_at", "language", "word_count",
    "duplicate_of", "story_id", "revision", "vanished_at", "warc_file", "warc_offset",
)  # fmt: skip
# Long or structural columns have a place of their own.
_ELSEWHERE = {"body", "paragraphs", "field_origin", "warc_file", "warc_offset", "warc_length", "month"}
_MOMENTS = ("published_at", "modified_at")
_Snippets = dict[str, list[tuple[str, bool]]]


@question(
    "latest",
    "Latest articles",
    (
        ARTICLE,
        SOURCE,
        PUBLISHED,
        Column("language", "language"),
        Column("word_count", "words", "number"),
        Column("revision", "revision", "number"),
    ),
    empty="None in these days.",
)
def latest(ask: Asked) -> list[Row]:
    """The newest articles of the window."""
    return finding.find(ask.edition, ask.window, Search(), _LATEST, 0)


@question("copies", "Told elsewhere", (Column("relation", "relation"), ARTICLE, SOURCE, PUBLISHED), keys=("article",))
def copies(ask: Asked) -> list[Row]:
    """Articles with the same body as one, or of the same story."""
    row = _one(ask.edition, ask.parameter("article"), "article_id, duplicate_of, story_id")
    return ask.edition.rows(
        """
        WITH found AS (
            SELECT article_id, 'same body' AS relation FROM articles WHERE article_id = $first
            UNION ALL
            SELECT article_id, 'same body' FROM articles WHERE duplicate_of = $first
            UNION ALL
            SELECT article_id, 'same story' FROM articles WHERE story_id = $story
        ),
        others AS (
            SELECT article_id, min(relation) AS relation FROM found WHERE article_id <> $id GROUP BY ALL
        )
        SELECT relation, article_id, title, source_id, published_at
        FROM articles JOIN others USING (article_id)
        ORDER BY published_at NULLS LAST, article_id
        """,
        {"id": row["article_id"], "first": row["duplicate_of"] or row["article_id"], "story": row["story_id"]},
    )


@router.get("/export/articles.csv")
def whole(ask: Ask) -> Response:
    """Every article that the filters of the address leave, not only those of one page."""
    search = _search(ask)
    if search.place == "words":
        ids = fulltext.ids(ask.dashboard.layout, ask.edition, ask.window, search)
        return stream("articles", _FILE_COLUMNS, finding.by_ids(ask.edition, ids))
    finding.count(ask.edition, ask.window, search)  # a wrong expression is told before the file begins
    return stream("articles", _FILE_COLUMNS, finding.everything(ask.edition, ask.window, search))


def _search(ask: Asked) -> Search:
    """What the address asks for. Words are looked for in the full-text index, where there is one."""
    asked, indexed = ask.parameter("in"), fulltext.has_index(ask.dashboard.layout)
    place = asked if asked in ("title", "text") else "words" if indexed else "title"
    search = Search(
        ask.parameter("q"), place, ask.parameter("language"), ask.parameter("flag"), ask.parameter("copies")
    )
    return search if search.q or place != "words" else replace(search, place="title")


@router.get("/articles")
def list_page(ask: Ask) -> Response:
    """The articles that the filters leave."""
    search, start = _search(ask), ask.offset(PAGE_ROWS)
    key = ("find", ask.window, search, start)
    rows, total, snippets = _by_words(ask, search, start) if search.place == "words" else ask.edition.once(
        key, lambda: _by_time(ask, search, start)
    )  # fmt: skip
    filters = {name: ask.parameter(name) for name in ("q", "in", "language", "flag", "copies")}
    return ask.page(
        "articles.html",
        "articles",
        "Articles",
        list=ask.listing("articles", rows, total, PAGE_ROWS, filters),
        snippets=snippets,
        search=search,
        indexed=fulltext.has_index(ask.dashboard.layout),
        languages=ask.edition.once("languages", lambda: ask.edition.rows(_LANGUAGES)),
    )


def _by_time(ask: Asked, search: Search, start: int) -> tuple[list[Row], int, _Snippets]:
    rows = finding.find(ask.edition, ask.window, search, PAGE_ROWS, start)
    snippets = {row["article_id"]: finding.snippet_parts(row, search.q) for row in rows}
    return rows, finding.count(ask.edition, ask.window, search), snippets


def _by_words(ask: Asked, search: Search, start: int) -> tuple[list[Row], int, _Snippets]:
    found = fulltext.look_for(ask.dashboard.layout, ask.edition, ask.window, search, start + PAGE_ROWS)
    hits = found.hits[start:]
    snippets = {hit.article_id: list(hit.passage) for hit in hits}
    return [fulltext.row(hit) for hit in hits], min(found.total, fulltext.MOST), snippets


_LANGUAGES = "SELECT DISTINCT language FROM memory.placed WHERE language IS NOT NULL ORDER BY language"


@router.get("/articles/{article_id}")
def article_page(ask: Ask, article_id: str) -> Response:
    """One article."""
    row = _one(ask.edition, article_id)
    revisions = _revisions(ask.edition, article_id)
    return ask.page(
        "article.html",
        "articles",
        row["title"] or "(no title)",
        row=row,
        fields=_fields(row),
        changed=list(zip(revisions, changes(revisions), strict=True))[::-1],
        copies=copies(ask.about(article=article_id)),
    )


@router.get("/articles/{article_id}/archived")
def archived(ask: Ask, article_id: str) -> Response:
    """The page as it was captured for the latest revision."""
    return archived_page(ask.dashboard.layout, _one(ask.edition, article_id))


def _one(edition: Edition, article_id: str, columns: str = "*") -> Row:
    found = edition.rows(f"SELECT {columns} FROM articles WHERE article_id = $id", {"id": article_id})  # noqa: S608 - ours
    if not found:
        raise HTTPException(404, "no such article")
    return found[0]


def _fields(row: Row) -> list[Row]:
    """Name, value and origin of every field that has a value."""
    origins = dict(row["field_origin"] or {})
    origins |= {name: row[f"{name}_origin"] for name in _MOMENTS if row[f"{name}_origin"]}
    return [
        {"name": name, "value": value, "origin": origins.get(name, "")}
        for name, value in row.items()
        if name not in _ELSEWHERE and plain(value)
    ]


def _revisions(edition: Edition, article_id: str) -> list[Row]:
    return edition.rows("SELECT * EXCLUDE (month) FROM revisions_of($id)", {"id": article_id})
