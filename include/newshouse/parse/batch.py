"""Many pages at once: an Arrow record batch of captures -> one of articles, for engines that speak Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from newshouse.errors import ContractError
from newshouse.parse.columns import columns
from newshouse.parse.page import parse_page
from newshouse.records import NoArticle
from newshouse.schemas import ARTICLES, TIMESTAMP
from newshouse.sources.model import Source

PAGES = pa.schema(
    [
        ("url", pa.string()),
        ("captured_at", TIMESTAMP),
        ("headers", pa.map_(pa.string(), pa.string())),
        ("body", pa.binary()),
        ("source_id", pa.string()),
    ]
)
"""What `parse_batch` reads; `headers` and `source_id` may be absent or null, other columns are ignored."""

_NAMES = frozenset(PAGES.names) - {"headers", "source_id"}
_FILLED = (
    "canonical_url", "title", "subtitle", "section", "tags", "genre", "published_at", "published_at_raw",
    "published_at_precision", "published_at_utc_offset_min", "published_at_origin", "modified_at", "modified_at_raw",
    "modified_at_precision", "modified_at_utc_offset_min", "modified_at_origin", "byline", "authors", "credit",
    "dateline", "media", "wire", "body", "paragraphs", "language", "language_confidence", "word_count", "access",
    "access_evidence", "rights", "extractor", "confidence", "template", "link_density", "parser_version",
    "field_origin", "content_hash",
    "quality_flags",
)  # fmt: skip
PARSED = pa.schema(
    [
        pa.field("url", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("detail", pa.string()),
        *(ARTICLES.schema("parse").field(name).with_nullable(True) for name in _FILLED),
    ]
)
"""What `parse_batch` gives back: a row a page, in order. `reason` says why a page is no article; null if it is one."""


def parse_batch(batch: pa.RecordBatch, sources: Mapping[str, Source] | None = None) -> pa.RecordBatch:
    """Read each page of a batch (`PAGES`) into a row of `PARSED`. Pure, and never raises on foreign bytes.

    Args:
        sources: publishers by `source_id`: their names, time zones and overrides help to read their pages.

    Raises:
        ContractError: a column is missing, or a row has no address or time.
    """
    if missing := _NAMES - set(batch.schema.names):
        names = ", ".join(sorted(missing))
        raise ContractError(f"parse_batch: the batch lacks {names}; see newshouse.parse.batch.PAGES")
    return pa.RecordBatch.from_pylist([_parsed(row, sources or {}) for row in _rows(batch)], schema=PARSED)


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """One at a time, so that no page but one is held twice."""
    columns_read = {name: batch.column(name) for name in PAGES.names if name in batch.schema.names}
    for at in range(batch.num_rows):
        yield {name: column[at].as_py() for name, column in columns_read.items()}


def _headers(pairs: Any) -> dict[str, str]:
    """Of a map column, or of one that engines without maps make of it: structs of key and value."""
    return dict(tuple(pair.values()) if isinstance(pair, Mapping) else pair for pair in pairs or ())


def _parsed(row: Mapping[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    url, captured_at = row["url"], row["captured_at"]
    if url is None or not isinstance(captured_at, datetime):
        raise ContractError(f"parse_batch: url {url!r} captured_at {captured_at!r}: each page needs both")
    aware = captured_at if captured_at.tzinfo else captured_at.replace(tzinfo=UTC)
    source = sources.get(row.get("source_id") or "")
    found = parse_page(row["body"] or b"", url, aware, _headers(row.get("headers")), source=source)
    if isinstance(found, NoArticle):
        return {"url": url, "reason": found.reason, "detail": found.detail}
    return {"url": url, **columns(found)}
