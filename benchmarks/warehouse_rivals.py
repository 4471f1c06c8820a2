"""The same questions to DuckDB through our views, to Polars and to chdb, over the same Parquet files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

Question = Callable[[], int]  # asks, and tells the number of rows that came back

WANTED = {
    "id lookup": "SELECT title, body FROM articles WHERE article_id = '{id}'",
    "latest 50": "SELECT article_id, title, published_at FROM articles ORDER BY published_at DESC LIMIT 50",
    "one source over a year": "SELECT published_at, title FROM articles WHERE source_id = '{source}' ORDER BY 1",
    "counts by source and day": "SELECT source_id, {day} AS day, count(*) AS n FROM articles GROUP BY 1, 2",
    "duplicates": "SELECT body_hash, count(*) AS n FROM articles GROUP BY 1 HAVING count(*) > 1",
    "keyword in a week": "SELECT article_id FROM articles WHERE published_at >= {since} AND published_at < {until} "
    "AND {contains}",
    "keyword in a year": "SELECT article_id FROM articles WHERE {contains}",
}


def ours(database: Path, asked: Mapping[str, Any]) -> dict[str, Question]:
    """Through the published views."""
    return _through(duckdb.connect(database, read_only=True), asked)


def footers_kept(database: Path, asked: Mapping[str, Any]) -> dict[str, Question]:
    """The same, in a session that keeps what it read of the ends of data files, as the dashboard's does."""
    connection = duckdb.connect()  # not of the database itself: DuckDB would take the connection of `ours`
    connection.execute("SET GLOBAL parquet_metadata_cache = true")
    connection.execute(f"ATTACH '{database}' AS newshouse (READ_ONLY)")
    connection.execute("USE newshouse")
    return _through(connection, asked)


def _through(connection: duckdb.DuckDBPyConnection, asked: Mapping[str, Any]) -> dict[str, Question]:
    connection.execute("SET TimeZone = 'UTC'")
    words = {
        "day": "epoch_us(published_at) // 86400000000",
        "since": f"TIMESTAMPTZ '{asked['since']:%Y-%m-%d %H:%M:%S+00}'",
        "until": f"TIMESTAMPTZ '{asked['until']:%Y-%m-%d %H:%M:%S+00}'",
        "contains": f"contains(body, '{asked['word']}')",
    }

    def ask(query: str) -> int:
        return connection.sql(query).to_arrow_table().num_rows

    return {name: _bound(ask, query.format(**asked | words)) for name, query in WANTED.items()}


def chdb(files: Path, asked: Mapping[str, Any]) -> dict[str, Question]:
    """ClickHouse in the process, over a folder of the files."""
    from chdb import session

    there = session.Session()
    words = {
        "day": "toDate(published_at, 'UTC')",
        "since": f"toDateTime('{asked['since']:%Y-%m-%d %H:%M:%S}', 'UTC')",
        "until": f"toDateTime('{asked['until']:%Y-%m-%d %H:%M:%S}', 'UTC')",
        "contains": f"position(body, '{asked['word']}') > 0",
    }

    def ask(query: str) -> int:
        found = there.query(query.replace("FROM articles", f"FROM file('{files}/*.parquet', Parquet)"), "Arrow")
        return int(found.rows_read() and _arrow_rows(found.bytes()))

    return {name: _bound(ask, query.format(**asked | words)) for name, query in WANTED.items()}


def polars(files: Path, asked: Mapping[str, Any]) -> dict[str, Question]:
    """Lazy scans with the streaming engine, as its manual advises for files."""
    import polars as pl

    def scan() -> pl.LazyFrame:
        return pl.scan_parquet(f"{files}/*.parquet")

    at, has = pl.col("published_at"), pl.col("body").str.contains(asked["word"], literal=True)
    week = (at >= asked["since"]) & (at < asked["until"])
    frames: dict[str, Callable[[], pl.LazyFrame]] = {
        "id lookup": lambda: scan().filter(pl.col("article_id") == asked["id"]).select("title", "body"),
        "latest 50": lambda: scan().select("article_id", "title", "published_at").top_k(50, by="published_at"),
        "one source over a year": lambda: (
            scan().filter(pl.col("source_id") == asked["source"]).select("published_at", "title").sort("published_at")
        ),
        "counts by source and day": lambda: (
            scan().group_by("source_id", at.dt.date().alias("day")).agg(pl.len().alias("n"))
        ),
        "duplicates": lambda: scan().group_by("body_hash").agg(pl.len().alias("n")).filter(pl.col("n") > 1),
        "keyword in a week": lambda: scan().filter(week & has).select("article_id"),
        "keyword in a year": lambda: scan().filter(has).select("article_id"),
    }
    return {
        name: _bound(lambda make: make().collect(engine="streaming").height, frame) for name, frame in frames.items()
    }


def _bound(ask: Callable[[Any], int], what: Any) -> Question:
    return lambda: ask(what)


def _arrow_rows(data: bytes) -> int:
    import pyarrow as pa

    return int(pa.ipc.open_file(pa.BufferReader(data)).read_all().num_rows) if data else 0


def week_of(day: datetime) -> tuple[datetime, datetime]:
    """Seven days that end with this one, UTC."""
    until = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    return until - timedelta(days=7), until
