"""A record batch of pages becomes a record batch of articles, row by row."""

from __future__ import annotations

import pyarrow as pa
import pytest
from parse_pages import CAPTURED, EN, URL, ld, page

from newshouse.errors import ContractError
from newshouse.parse.batch import PAGES, PARSED, parse_batch
from newshouse.sources.model import Override, Source

PAGE = page(jsonld=ld(datePublished="2026-07-04T08:15:00Z"))


def row(body: bytes, **more) -> dict:
    return {"url": URL, "captured_at": CAPTURED, "headers": [("content-type", "text/html")], "body": body} | more


def test_each_page_has_its_row_in_order_and_a_reason_where_it_is_no_article():
    batch = pa.RecordBatch.from_pylist([row(PAGE), row(b""), row(PAGE, headers=None)], schema=PAGES)
    parsed = parse_batch(batch)
    assert parsed.schema == PARSED
    first, second, third = parsed.to_pylist()
    assert (first["body"], first["reason"]) == ("\n\n".join(EN), None)
    assert (second["body"], second["reason"], second["title"]) == (None, "empty_page", None)
    assert first["content_hash"] == third["content_hash"]
    assert dict(first["field_origin"])["published_at"] == "jsonld"


def test_an_empty_batch_gives_an_empty_batch():
    assert parse_batch(pa.RecordBatch.from_pylist([], schema=PAGES)).num_rows == 0


def test_a_missing_column_is_named():
    with pytest.raises(ContractError, match="lacks body, captured_at"):
        parse_batch(pa.RecordBatch.from_pydict({"url": [URL]}))


def test_the_publisher_of_a_row_helps_to_read_it():
    source = Source("courier", "Courier", "PT", "en", "Europe/Lisbon", URL, overrides=(Override(title=".real"),))
    body = page("<p class=real>Pilots stay ashore</p>", jsonld=ld(datePublished="2026-07-04T08:15:00"))
    rows = [row(body, source_id="courier"), row(body, source_id=None)]
    mine, others = parse_batch(pa.RecordBatch.from_pylist(rows, schema=PAGES), {"courier": source}).to_pylist()
    assert (mine["title"], mine["published_at"].hour) == ("Pilots stay ashore", 7)  # Lisbon's summer
    assert (others["title"], others["published_at"].hour) == ("Ferry strike talks resume", 8)


def test_headers_may_come_as_a_list_of_keys_and_values():
    pairs = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))
    schema = PAGES.set(2, pa.field("headers", pairs))
    rows = [row(PAGE, headers=[{"key": "content-type", "value": "application/pdf"}])]
    assert parse_batch(pa.RecordBatch.from_pylist(rows, schema=schema)).to_pylist()[0]["reason"] == "not_html"
