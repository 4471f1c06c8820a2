"""What is asked of publishers: who they are, what discover lists and what fetch exchanged."""

from __future__ import annotations

import pyarrow as pa

from newshouse.schemas.table import STRINGS, TIMESTAMP, Column, Table, provenance

REDIRECTS = pa.list_(pa.struct([("url", pa.string()), ("status", pa.int32()), ("location", pa.string())]))

SOURCES = Table(
    "sources",
    "The publishers, as their source files say; only the id of one that has articles but no file any more. "
    "Written anew by each publish.",
    key=("id",),
    columns=(
        Column("id", pa.string(), "The stem of its file in sources/; `source_id` everywhere else.", True),
        Column("name", pa.string(), "As readers know it."),
        Column("country", pa.string(), "ISO 3166-1 alpha-2 code."),
        Column("language", pa.string(), "ISO 639-1 code of most articles."),
        Column("timezone", pa.string(), "IANA name; for dates that state no zone."),
        Column("homepage", pa.string(), "URL of the front page."),
        Column("tags", STRINGS, "Free words to select sources by."),
        Column("owner", pa.string(), "Who answers for its quality."),
        Column("verified", pa.bool_(), "Somebody has run its addresses on line."),
    ),
)

CANDIDATES = Table(
    "candidates",
    "Stage file of discover: URLs worth fetching. Kept in data/runs/, not in the warehouse.",
    key=("source_id", "url_key"),
    columns=(
        Column("source_id", pa.string(), "The publisher.", True),
        Column("url", pa.string(), "As listed, made absolute.", True),
        Column("url_key", pa.string(), "Its normal form; decides sameness.", True),
        Column("discovered_at", TIMESTAMP, "UTC.", True),
        Column("reason", pa.string(), "new, updated or revisit.", True),
        Column("via", pa.string(), "Feed or sitemap that listed it."),
        Column("via_kind", pa.string(), "rss, atom, jsonfeed, news_sitemap, sitemap or revisit."),
        Column("feed_title", pa.string(), "Title in the feed."),
        Column("feed_published_raw", pa.string(), "Date in the feed, as written."),
        Column("feed_published_at", TIMESTAMP, "Date in the feed, UTC."),
        Column("feed_authors", STRINGS, "Authors in the feed."),
        Column("feed_language", pa.string(), "Language in the feed."),
        Column("article_id", pa.string(), "Set for a revisit."),
        Column("etag", pa.string(), "Validator of the last capture."),
        Column("last_modified", pa.string(), "Validator of the last capture."),
        Column("validated_url", pa.string(), "Whose the validators are: where the last capture's redirects ended."),
    ),
)

FETCHES = Table(
    "fetches",
    "Every HTTP exchange, feeds, sitemaps and robots files included. It is also the crawl state.",
    key=("fetch_id", "requested_at"),
    partition="month",
    columns=(
        Column("fetch_id", pa.string(), "Hash of run, batch, purpose and URL.", True),
        Column("run_id", pa.string(), "The run.", True),
        Column("batch", pa.string(), "The batch within the run.", True),
        Column("source_id", pa.string(), "The publisher.", True),
        Column("purpose", pa.string(), "article, feed, sitemap, robots, page, rights or import.", True),
        Column("url", pa.string(), "As asked for.", True),
        Column("url_key", pa.string(), "Its normal form; decides sameness.", True),
        Column("final_url", pa.string(), "After redirects."),
        Column("host", pa.string(), "Host and port that politeness counts against."),
        Column("status", pa.int32(), "Last HTTP status; NULL when no response came."),
        Column("outcome", pa.string(), "fetched, unchanged, gone, or the reason of the failure.", True),
        Column("detail", pa.string(), "What went wrong, in words."),
        Column("attempts", pa.int32(), "Tries, the last included; 0 when none was allowed.", True),
        Column("requested_at", TIMESTAMP, "When the last attempt began, UTC.", True),
        Column("duration_seconds", pa.float64(), "Of the last attempt, to the last byte."),
        Column("body_bytes", pa.int64(), "Size of the decoded body, bytes."),
        Column("content_type", pa.string(), "Content-Type header."),
        Column("etag", pa.string(), "ETag header, for the next conditional GET."),
        Column("last_modified", pa.string(), "Last-Modified header, as sent."),
        Column("retry_after_seconds", pa.float64(), "Retry-After, as seconds from requested_at."),
        Column("redirects", REDIRECTS, "Each hop: url, status, location."),
        Column("payload_digest", pa.string(), "sha256: of the decoded body, hex."),
        *provenance(),
        Column("month", pa.string(), "Partition: month of requested_at, YYYY-MM.", True, "load"),
    ),
)
