"""A warehouse of any size to measure the dashboard against: made by SQL, committed and published as a load would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, CHECKS, FETCHES, REJECTIONS, REVISIONS, RUNS, Table
from newshouse.sources.model import Source
from newshouse.warehouse.publish import publish
from newshouse.warehouse.tables import Change, change

SOURCES = 45
DAYS = 365
_CHUNK = 100_000  # rows a commit: what fits into memory with bodies
_WORDS = [
    *("harbour", "council", "rain", "bridge", "vote", "market", "school", "river", "budget", "train", "nurse", "storm"),
    *("museum", "court", "island", "ferry", "border", "pilot", "harvest", "strike", "letter", "mayor", "engine"),
    *("water", "bakery", "garden", "union", "signal", "winter"),
]

_ARTICLES = """
SELECT
    md5('a' || i) AS article_id,
    'source-' || lpad((hash(i) % $sources)::VARCHAR, 2, '0') AS source_id,
    'https://source-' || (hash(i) % $sources) || '.example/' || i AS url,
    'source-' || (hash(i) % $sources) || '.example' AS domain,
    'The ' || $words[1 + (hash(i + 1) % len($words))::INT] || ' and the '
        || $words[1 + (hash(i + 2) % len($words))::INT] || ', number ' || i AS title,
    CASE WHEN hash(i + 3) % 100 < 97 THEN seen - to_minutes((hash(i + 4) % 600)::INT) END AS published_at,
    'minute' AS published_at_precision,
    CASE WHEN hash(i + 5) % 100 < 80
        THEN [{'name': 'Ada Vale', 'role': NULL::VARCHAR, 'organisation': NULL::VARCHAR}] END AS authors,
    (SELECT string_agg(w || ' ' || (i % 977), ' ') FROM (SELECT unnest($words) AS w)) || repeat(' ' || title, 8)
        AS body,
    250 + (hash(i + 6) % 500)::INT AS word_count,
    ['en', 'de', 'fr', 'ja'][1 + (hash(i) % 4)::INT] AS language,
    'free' AS access, 'own' AS extractor, '1' AS parser_version,
    md5('h' || i) AS content_hash, md5('b' || i) AS body_hash,
    CASE WHEN hash(i + 7) % 100 < 3 AND i > 0 THEN md5('a' || (i // 2)) END AS duplicate_of,
    seen AS fetched_at, seen AS first_seen_at, '2026/run.warc.gz' AS warc_file, i AS warc_offset,
    900::BIGINT AS warc_length,
    'daily-' || strftime(seen, '%Y-%m-%d') AS run_id, 1 AS revision, strftime(seen, '%Y-%m') AS month
FROM (SELECT i, $start + to_seconds((i * $step)::BIGINT) AS seen FROM range($first, $last) AS r(i))
"""
_REVISIONS = """
SELECT article_id, revision, source_id, 'new' AS change_kind, content_hash, title, left(body, 200) AS body,
    published_at, fetched_at, warc_file, warc_offset, warc_length, run_id, parser_version, month
FROM articles
"""
_FETCHES = """
SELECT md5('f' || url) AS fetch_id, run_id, '00' AS batch, source_id, 'article' AS purpose, url,
    url AS url_key, domain AS host,
    CASE WHEN hash(url) % 50 = 0 THEN 503 ELSE 200 END AS status,
    CASE WHEN hash(url) % 50 = 0 THEN 'server_error' ELSE 'fetched' END AS outcome,
    1 AS attempts, fetched_at AS requested_at, 0.2 AS duration_seconds, 40000 AS body_bytes, month
FROM articles
"""
_REJECTIONS = """
SELECT md5('r' || url) AS rejection_id, run_id, '00' AS batch, source_id,
    ['fetch', 'parse', 'validate'][1 + (hash(url) % 3)::INT] AS stage,
    [['gone', 'soft_404', 'body_short'][1 + (hash(url) % 3)::INT]] AS reasons,
    'not an article' AS detail, url || '-x' AS url, fetched_at AS rejected_at
FROM articles WHERE hash(url, 7) % 20 = 0
"""
_CHECKS = """
SELECT md5(day || source || name) AS check_id, 'daily-' || day AS run_id, 'all' AS batch,
    'source-' || lpad(source::VARCHAR, 2, '0') AS source_id, name AS check_name, 'history' AS suite,
    'critical' AS severity,
    CASE WHEN hash(day, source, name) % 97 = 0 THEN 'fail' ELSE 'pass' END AS status,
    (hash(day, source) % 100)::DOUBLE AS value, '10 to 90' AS threshold, 0 AS failed_count, 60 AS row_count,
    ($start + to_days(d::INT) + INTERVAL 5 HOURS) AS checked_at
FROM (SELECT d, strftime($start + to_days(d::INT), '%Y-%m-%d') AS day FROM range($days) AS r(d)),
    range($sources) AS s(source), (SELECT unnest(['volume', 'freshness', 'title_null_rate', 'rejected_share']) AS name)
"""
_RUNS = """
SELECT run_id, stage, '00' AS batch, source_id, n AS in_count, n - dropped AS out_count, 0 AS duplicate_count,
    dropped AS rejected_count, MAP {'gone': dropped} AS reasons, n * 40000 AS bytes, 30.0 AS seconds,
    ended AS finished_at
FROM (
    SELECT run_id, source_id, count(*) AS n, (count(*) // 20) AS dropped, max(fetched_at) + INTERVAL 1 HOUR AS ended
    FROM articles GROUP BY ALL
), (SELECT unnest(['discover', 'fetch', 'parse', 'validate', 'load']) AS stage)
"""


def make(layout: DataLayout, size: int, now: datetime) -> None:
    """Write and publish a year of `size` articles from 45 sources, with all that a year of runs leaves behind."""
    start = (now - timedelta(days=DAYS)).astimezone(UTC)
    given = {"sources": SOURCES, "words": _WORDS, "start": start, "step": DAYS * 86400 / size}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for first in range(0, size, _CHUNK):
            span = {"first": first, "last": min(first + _CHUNK, size)}
            articles = connection.sql(_ARTICLES, params=given | span).to_arrow_table()
            _put(layout, ARTICLES, articles)
            connection.register("articles", articles)
            for table, query in (
                (REVISIONS, _REVISIONS),
                (FETCHES, _FETCHES),
                (REJECTIONS, _REJECTIONS),
                (RUNS, _RUNS),
            ):
                _put(layout, table, connection.sql(query).to_arrow_table())
        checks = connection.sql(_CHECKS, params={"start": start, "days": DAYS + 1, "sources": SOURCES})
        _put(layout, CHECKS, checks.to_arrow_table())
    publish(layout, {source.id: source for source in map(_source, range(SOURCES))})


def _source(number: int) -> Source:
    name = f"source-{number:02d}"
    return Source(name, f"The {name.title()}", "GB", "en", "Europe/London", f"https://{name}.example/")


def _put(layout: DataLayout, table: Table, rows: pa.Table) -> None:
    columns = [
        rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
        for field in table.schema()
    ]
    whole = pa.table(columns, names=table.schema().names)
    change(layout, table, lambda _: Change(append=whole))
