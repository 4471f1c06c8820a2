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
OUTAGE = 9  # days ago: no run came, and the charts must show a hole
BROKEN = 7  # the source that has brought almost nothing for two days
_CHUNK = 100_000  # rows a commit: what fits into memory with bodies
_WORDS = [
    *("harbour", "council", "rain", "bridge", "vote", "market", "school", "river", "budget", "train", "nurse", "storm"),
    *("museum", "court", "island", "ferry", "border", "pilot", "harvest", "strike", "letter", "mayor", "engine"),
    *("water", "bakery", "garden", "union", "signal", "winter"),
]
_TOWNS = ("Elmport", "Ostervik", "Brackwater", "Saltmarsh", "Highfell", "Dunmere", "Larkhill", "Vellingen", "Corrie")
_PAPERS = ("Herald", "Courier", "Observer", "Gazette", "Echo")
_HOURS = [5, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 12, 13, 14, 15, 16, 16, 17, 17, 18, 19, 20, 21, 22]

# Each source has hours of its own, and half the news on a weekend.
_ARTICLES = """
SELECT
    md5('a' || i) AS article_id, source_id,
    'https://' || source_id || '.example/' || i AS url, source_id || '.example' AS domain,
    upper(w1[1]) || w1[2:] || ' and ' || w2 || ': the ' || w3 || ' of the ' || w4 || ', part ' || i % 9 + 1 AS title,
    CASE WHEN hash(i + 3) % 100 < 97 THEN seen - to_minutes(5 + (hash(i + 4) % 50)::INT) END AS published_at,
    'minute' AS published_at_precision,
    CASE WHEN hash(i + 5) % 100 < 80
        THEN [{'name': 'Ada Vale', 'role': NULL::VARCHAR, 'organisation': NULL::VARCHAR}] END AS authors,
    (SELECT string_agg(w || ' ' || (i % 977), ' ') FROM (SELECT unnest($words) AS w)) || repeat(' ' || w1, 60)
        AS body,
    250 + (hash(i + 6) % 500)::INT AS word_count,
    ['en', 'de', 'fr', 'ja'][1 + (hash(source_id) % 4)::INT] AS language,
    'free' AS access, CASE WHEN hash(i + 8) % 12 = 0 THEN 'trafilatura' ELSE 'newshouse' END AS extractor,
    '1' AS parser_version, md5('h' || i) AS content_hash, md5('b' || i) AS body_hash,
    CASE WHEN hash(i + 7) % 100 < 3 AND i > 0 THEN md5('a' || (i // 2)) END AS duplicate_of,
    seen AS fetched_at, seen AS first_seen_at, '2026/run.warc.gz' AS warc_file, i AS warc_offset,
    900::BIGINT AS warc_length, 'daily-' || strftime(seen, '%Y-%m-%d') AS run_id, 1 AS revision,
    strftime(seen, '%Y-%m') AS month
FROM (
    SELECT *,
        day + to_hours($hours[1 + ((hash(i + 9) % 24)::INT + source % 4) % 24]) + to_seconds((hash(i) % 3600)::INT)
            AS seen,
        'source-' || lpad(source::VARCHAR, 2, '0') AS source_id,
        $words[1 + (hash(i + 1) % len($words))::INT] AS w1, $words[1 + (hash(i + 2) % len($words))::INT] AS w2,
        $words[1 + (hash(i + 10) % len($words))::INT] AS w3, $words[1 + (hash(i + 11) % len($words))::INT] AS w4
    FROM (
        SELECT i, (hash(i) % $sources)::INT AS source,
            date_trunc('day', $start + to_seconds((i * $step)::BIGINT)) AS day
        FROM range($first, $last) AS r(i)
    )
    WHERE (isodow(day) < 6 OR hash(i + 12) % 2 = 0)
        AND day <> date_trunc('day', $now - to_days($outage))
        AND NOT (source = $broken AND day > $now - INTERVAL 3 DAYS AND hash(i + 13) % 10 > 0)
)
WHERE seen < $now
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
    CASE name WHEN 'volume' THEN 'critical' WHEN 'rejected_share' THEN 'critical' ELSE 'warning' END AS severity,
    CASE
        WHEN source = $broken AND name = 'volume' AND d > $days - 4 THEN 'fail'
        WHEN name <> 'volume' AND hash(day, source, name) % 211 = 0 THEN 'fail' ELSE 'pass'
    END AS status,
    CASE WHEN name = 'volume' THEN 3 + hash(day, source) % 9 ELSE hash(day, source) % 30 END::DOUBLE AS value,
    CASE name
        WHEN 'volume' THEN '24 to 180 new articles a day, 60 expected'
        WHEN 'freshness' THEN 'newest article at most 24 hours old'
        WHEN 'title_null_rate' THEN 'at most 15 % of new articles' ELSE 'at most 25 % of pages'
    END AS threshold,
    0 AS failed_count, 60 AS row_count, ended AS checked_at
FROM (
    SELECT d, ended, strftime(ended, '%Y-%m-%d') AS day
    FROM (SELECT d, date_trunc('day', $start + to_days(d::INT)) + INTERVAL 23 HOURS AS ended FROM range($days) AS r(d))
    WHERE ended < $now AND date_trunc('day', ended) <> date_trunc('day', $now - to_days($outage))
), range($sources) AS s(source),
    (SELECT unnest(['volume', 'freshness', 'title_null_rate', 'rejected_share']) AS name)
"""
_RUNS = """
WITH dropped AS (
    SELECT run_id, source_id, count(*) AS n, max(max(fetched_at)) OVER (PARTITION BY run_id) AS ended,
        count(*) FILTER (hash(url, 7) % 20 = 0 AND hash(url) % 3 = 0) AS gone,
        count(*) FILTER (hash(url, 7) % 20 = 0 AND hash(url) % 3 = 1) AS empty,
        count(*) FILTER (hash(url, 7) % 20 = 0 AND hash(url) % 3 = 2) AS short
    FROM articles GROUP BY run_id, source_id
),
staged AS (
    SELECT *,
        CASE stage WHEN 'fetch' THEN gone WHEN 'parse' THEN empty WHEN 'validate' THEN short ELSE 0 END AS drops,
        n + CASE stage WHEN 'load' THEN 0 WHEN 'validate' THEN short WHEN 'parse' THEN empty + short
            ELSE gone + empty + short END AS came
    FROM dropped, (SELECT unnest($stages) AS stage)
)
SELECT run_id, stage, lpad((hash(source_id) % 4)::VARCHAR, 2, '0') AS batch, source_id,
    came + CASE stage WHEN 'discover' THEN 3 * n ELSE 0 END AS in_count, came - drops AS out_count,
    CASE stage WHEN 'discover' THEN 3 * n ELSE 0 END AS duplicate_count, drops AS rejected_count,
    MAP {'dropped': drops} AS reasons, n * 40000 AS bytes, 40.0 + 60 * (hash(source_id) % 4) AS seconds,
    least(ended, $now) + to_minutes(4 * list_position($stages, stage)::INT) - INTERVAL 30 MINUTES AS finished_at
FROM staged
"""
_STAGES = ["discover", "fetch", "parse", "validate", "load"]


def make(layout: DataLayout, size: int, now: datetime) -> None:
    """Write and publish a year of about `size` articles from 45 sources, with all that a year of runs leaves behind."""
    start = (now - timedelta(days=DAYS)).astimezone(UTC)
    more = int(size * 1.18)  # weekends leave out half of theirs, the outage a day
    days = {"start": start, "now": now, "outage": OUTAGE, "broken": BROKEN, "sources": SOURCES}
    given = {**days, "words": _WORDS, "hours": _HOURS, "step": DAYS * 86400 / more}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for first in range(0, more, _CHUNK):
            span = {"first": first, "last": min(first + _CHUNK, more)}
            articles = connection.sql(_ARTICLES, params=given | span).to_arrow_table()
            _put(layout, ARTICLES, articles)
            connection.register("articles", articles)
            for table, query in ((REVISIONS, _REVISIONS), (FETCHES, _FETCHES), (REJECTIONS, _REJECTIONS)):
                _put(layout, table, connection.sql(query).to_arrow_table())
            _put(layout, RUNS, connection.sql(_RUNS, params={"now": now, "stages": _STAGES}).to_arrow_table())
        checks = connection.sql(_CHECKS, params={**days, "days": DAYS + 1})
        _put(layout, CHECKS, checks.to_arrow_table())
    publish(layout, {source.id: source for source in map(_source, range(SOURCES))})


def _source(number: int) -> Source:
    name = f"{_TOWNS[number % len(_TOWNS)]} {_PAPERS[number // len(_TOWNS)]}"
    ident = f"source-{number:02d}"
    return Source(ident, f"The {name}", "GB", "en", "Europe/London", f"https://{ident}.example/")


def _put(layout: DataLayout, table: Table, rows: pa.Table) -> None:
    columns = [
        rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
        for field in table.schema()
    ]
    whole = pa.table(columns, names=table.schema().names)
    change(layout, table, lambda _: Change(append=whole))
