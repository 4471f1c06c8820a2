"""What the warehouse already knows about URLs: the frontier, the validators and the ages, with no second database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from newshouse.ids import article_id
from newshouse.layout import DataLayout
from newshouse.records import Original
from newshouse.schemas import ARTICLES, FETCHES, REJECTIONS
from newshouse.warehouse.sql import sql
from newshouse.warehouse.tables import snapshot

_EXCHANGE = ("url", "url_key", "source_id", "requested_at", "outcome", "status")
_VALIDATORS = ("etag", "last_modified", "payload_digest", "warc_file", "warc_offset", "warc_length")
_DROP = ("url", "url_key", "source_id", "reasons", "rejected_at")
_ARTICLES = ("article_id", "url", "first_seen_at")


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """One URL that was met before: the last word of `fetches`, and of `articles` where it became one.

    One that every run so far put off (``over_budget``) has no exchange: its times are those of the runs that did.

    Attributes:
        article_id: the article it led to; None when it never became one (rejected, or never answered).
        first_seen_at: UTC, first attempt, or the article's first capture where that is earlier.
        last_fetched_at: UTC, when the last attempt began, whatever came of it.
        last_outcome: outcome of that attempt (`newshouse.fetch.outcomes`), or ``over_budget``.
        last_seen_at: UTC, when the last attempt began that told how the page stands (``fetched``, ``unchanged`` or
            ``gone``); None if none did.
        etag, last_modified, payload_digest: of the last exchange that brought a body, for a conditional GET.
        warc_file, warc_offset, warc_length: where the archive holds that exchange.
    """

    url: str
    url_key: str
    source_id: str
    article_id: str | None
    first_seen_at: datetime
    last_fetched_at: datetime
    last_outcome: str
    last_seen_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None

    @property
    def original(self) -> Original | None:
        """What a new capture is compared with; None when no body was archived yet."""
        return Original.of(self.payload_digest, self.warc_file, self.warc_offset, self.warc_length)


def known_urls(layout: DataLayout, source_ids: Collection[str]) -> dict[str, KnownUrl]:
    """What is known about the URLs of these sources, by URL key. Empty for an empty warehouse.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    mine = pc.field("source_id").isin(pa.array(sorted(source_ids), pa.string()))
    pages = mine & pc.field("purpose").isin(pa.array(["article", "import"]))
    fetches = snapshot(layout, FETCHES).read([*_EXCHANGE, *_VALIDATORS], pages)
    drops = snapshot(layout, REJECTIONS).read(_DROP, mine & (pc.field("stage") == "fetch"))
    if not fetches.num_rows + drops.num_rows:
        return {}
    met = pa.concat_tables([drops.select(["url", "url_key"]), fetches.select(["url", "url_key"])])
    articles = snapshot(layout, ARTICLES).read(_ARTICLES, mine)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("fetches", fetches)
        connection.register("drops", drops)
        connection.register("articles", _with_keys(articles, met))
        rows = connection.sql(sql("known_urls")).to_arrow_table().to_pylist()
    return {row["url_key"]: KnownUrl(**row) for row in rows}


def _with_keys(articles: pa.Table, met: pa.Table) -> pa.Table:
    """One row a URL key that leads to an article: the address itself, or the one it was listed under."""
    by_id = {article_id(key): key for key in pc.unique(met["url_key"]).drop_null().to_pylist()}
    by_url = dict(zip(met["url"].to_pylist(), met["url_key"].to_pylist(), strict=True))
    rows = []
    for row in articles.to_pylist():
        keys = {by_id.get(row["article_id"]), by_url.get(row["url"])} - {None}
        rows += [{**row, "url_key": key, "own": by_id.get(row["article_id"]) == key} for key in keys]
    types = [*(ARTICLES.schema().field(name) for name in _ARTICLES), ("url_key", pa.string()), ("own", pa.bool_())]
    return pa.Table.from_pylist(rows, pa.schema(types))
