"""Asking the published database: one SELECT, or one article by whatever name the asker has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from newshouse.errors import ConfigError, StorageError
from newshouse.schemas import ARTICLES
from newshouse.warehouse.publish import is_of_today
from newshouse.warehouse.query import find_article, select
from newshouse.warehouse.tables import append_missing


@pytest.fixture
def published(desk: Any) -> Any:
    desk.batch("r1", [desk.article("a", url=desk.url("listed")), desk.article("b")])
    desk.load("r1")
    desk.publish()
    return desk


def test_a_select_gives_an_arrow_table_in_utc(published: Any) -> None:
    result = select(published.layout, "SELECT title, fetched_at FROM articles ORDER BY title")
    assert result["title"].to_pylist() == ["Title of a", "Title of b"]
    assert result["fetched_at"].to_pylist()[0] == published.morning
    assert str(result.schema.field("fetched_at").type) == "timestamp[us, tz=UTC]"


def test_macros_and_from_first_queries_are_selects_too(published: Any) -> None:
    assert select(published.layout, "FROM articles_on('2026-11-23') SELECT count(*) AS n")["n"].to_pylist() == [2]
    assert select(published.layout, "DESCRIBE articles").num_rows > 50


def test_before_the_first_run_the_message_says_what_to_do(desk: Any) -> None:
    with pytest.raises(ConfigError, match=r"newshouse\.duckdb: no database yet\. `make run` makes one"):
        select(desk.layout, "SELECT 1")


@pytest.mark.parametrize(
    "query", ["", "SELECT 1; SELECT 2", "DROP VIEW articles", "COPY articles TO 'x'", "SET threads = 1"]
)
def test_anything_but_one_select_is_refused(published: Any, query: str) -> None:
    with pytest.raises(ConfigError, match="exactly one SELECT"):
        select(published.layout, query)


@pytest.mark.parametrize(
    ("query", "message"), [("SELEKT 1", "syntax error"), ("SELECT titel FROM articles", '"title"')]
)
def test_a_mistake_in_sql_gives_duckdbs_own_message(published: Any, query: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        select(published.layout, query)


def test_a_column_that_an_older_version_did_not_show_is_explained(published: Any) -> None:
    database = published.layout.database
    assert is_of_today(database)
    with pytest.raises(ConfigError) as mistake:
        select(published.layout, "SELECT titel FROM articles")
    assert "newshouse publish" not in str(mistake.value)

    database.chmod(0o644)
    with duckdb.connect(database) as connection:
        connection.execute("UPDATE files.definitions SET digest = 'of an older version'")

    assert not is_of_today(database)
    with pytest.raises(ConfigError, match=r"(?s)titel.*another version of Newshouse: `newshouse publish`"):
        select(published.layout, "SELECT titel FROM articles")
    published.publish()
    assert is_of_today(database)


def test_a_data_file_that_is_gone_is_named(published: Any) -> None:
    for file in published.layout.table("articles").rglob("*.parquet"):
        file.unlink()
    with pytest.raises(StorageError, match=r"(?s)articles/month=2026-11.*newshouse publish"):
        select(published.layout, "SELECT title FROM articles")


def test_an_article_is_found_by_id_beginning_or_address(published: Any) -> None:
    key = published.id("a")
    tracked = published.url("a") + "?utm_source=feed#top"
    for wanted in (key, key[:8], published.url("a"), published.url("listed"), tracked):
        row = find_article(published.layout, wanted)
        assert row["article_id"] == key
        assert dict(row["field_origin"]) == {"title": "jsonld", "body": "html"}


def test_a_name_that_fits_no_article_or_several_says_so(published: Any) -> None:
    with pytest.raises(ConfigError, match="xyz: no such article"):
        find_article(published.layout, "xyz")
    for nothing in ("", " "):
        with pytest.raises(ConfigError, match="no article named"):
            find_article(published.layout, nothing)
    rows = [published.row("a") | {"article_id": f"0123abc{number}"} for number in range(9)]
    append_missing(published.layout, ARTICLES, ARTICLES.arrow(rows))
    published.publish()
    with pytest.raises(ConfigError, match=r"(?s)9 articles fit.*  0123abc0  Title of a\n.*0123abc4  [^\n]*\nGive more"):
        find_article(published.layout, "0123")


def test_only_the_columns_that_are_asked_for_are_read(published: Any) -> None:
    for wanted in (published.id("a"), published.id("a")[:8], published.url("a")):
        assert find_article(published.layout, wanted, ("title", "source_id")) == {
            "title": "Title of a",
            "source_id": "herald",
        }


def test_a_damaged_database_is_named(published: Any) -> None:
    published.layout.database.unlink()
    Path(published.layout.database).write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StorageError, match="not a valid DuckDB"):
        select(published.layout, "SELECT 1")
