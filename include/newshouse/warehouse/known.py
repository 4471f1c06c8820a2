"""What the warehouse already knows about URLs: the frontier, the validators and the ages, with no second database."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from newshouse.layout import DataLayout
from newshouse.records import Capture, Original
from newshouse.rows import captures
from newshouse.schemas import ARTICLES, FETCHES, REJECTIONS, TIMESTAMP
from newshouse.warehouse.sql import sql
from newshouse.warehouse.tables import among, snapshot

LONGEST_PAUSE = timedelta(days=1)  # a server that asks for more is not heard in full
_REMEMBERED = timedelta(days=30)  # four times the longest rest of a dead feed
_EXCHANGE = ("url", "url_key", "source_id", "requested_at", "final_url", "outcome", "status", "etag", "last_modified")
_BODY = ("payload_digest", "warc_file", "warc_offset", "warc_length")
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
        etag, last_modified: of the last exchange that brought a body, for a conditional GET.
        validated_url: whose they are: where the redirects of that exchange ended.
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
    validated_url: str | None = None


_TIMES = ("first_seen_at", "last_fetched_at", "last_seen_at")
_ENTRY = pa.schema([(one.name, TIMESTAMP if one.name in _TIMES else pa.string()) for one in fields(KnownUrl)])


class KnownUrls(Mapping[str, KnownUrl]):
    """By URL key. A publisher's URLs of many years are kept as a table; an entry is made when it is asked for.

    Args:
        rows: the attributes of `KnownUrl`, sorted by URL key.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows.combine_chunks()
        self._keys = rows["url_key"].cast(pa.large_string()).combine_chunks()

    @classmethod
    def of(cls, *urls: KnownUrl) -> KnownUrls:
        """These."""
        rows = [asdict(url) for url in sorted(urls, key=lambda url: url.url_key)]
        return cls(pa.Table.from_pylist(rows, _ENTRY))

    def __getitem__(self, url_key: str) -> KnownUrl:
        place = bisect_left(range(len(self)), url_key, key=self._key)
        if place == len(self) or self._key(place) != url_key:
            raise KeyError(url_key)
        return KnownUrl(**self._rows.slice(place, 1).to_pylist()[0])

    def __iter__(self) -> Iterator[str]:
        return map(self._key, range(len(self)))

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def first_seen_since(self, moment: datetime) -> list[KnownUrl]:
        """Those that were first seen at a moment (UTC) or later, in the order of their keys."""
        young = pc.greater_equal(self._rows["first_seen_at"], pa.scalar(moment, TIMESTAMP))
        return [KnownUrl(**row) for row in self._rows.filter(young).to_pylist()]

    def _key(self, place: int) -> str:
        return str(self._keys[place])


@dataclass(frozen=True, slots=True)
class PollHistory:
    """How the last polls of one feed, sitemap or page went.

    Attributes:
        last: the last time it was asked for, whatever came of it.
        body: the last time that brought a body; it is what a 304 stands for.
        failures: polls in a row that failed, the last included.
        quiet: polls since `body` that said nothing changed.
    """

    last: Capture
    body: Capture | None = None
    failures: int = 0
    quiet: int = 0


def poll_histories(
    layout: DataLayout, source_ids: Collection[str], *, now: datetime, run_id: str = ""
) -> dict[tuple[str, str], PollHistory]:
    """How the feeds, sitemaps and pages of these sources did in the last weeks, by purpose and URL as asked for.

    Args:
        run_id: the run that asks; see `known_urls`.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    mine = _of_other_runs(source_ids, run_id)
    listings = mine & pc.field("purpose").isin(pa.array(["feed", "sitemap", "page"]))
    recent = listings & _in_the_last(_REMEMBERED, now)
    fetches = snapshot(layout, FETCHES).read(FETCHES.schema("parse").names, recent)
    if not fetches.num_rows:
        return {}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("fetches", fetches)
        polls = connection.sql(sql("poll_history")).to_arrow_table().to_pylist()
    times = pa.array([at for row in polls for at in (row["last_at"], row["body_at"]) if at], TIMESTAMP)
    exchanges = captures(fetches.filter(pc.is_in(fetches["requested_at"], times)))
    at = {(one.purpose, one.url, one.requested_at): one for one in exchanges}
    return {
        (row["purpose"], row["url"]): PollHistory(
            at[row["purpose"], row["url"], row["last_at"]],
            at.get((row["purpose"], row["url"], row["body_at"])),
            row["failures"],
            row["quiet"],
        )
        for row in polls
    }


def site_files(layout: DataLayout, *, now: datetime, run_id: str = "") -> dict[tuple[str, str], Capture]:
    """robots.txt of the last 24 hours (RFC 9309, 2.4) and rights files of the last week, by purpose and URL.

    Only answers count: what failed is asked again.

    Args:
        run_id: the run that asks; see `known_urls`.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    found: dict[tuple[str, str], Capture] = {}
    for purpose, lifetime in (("robots", timedelta(hours=24)), ("rights", timedelta(days=7))):
        of_others = (pc.field("purpose") == purpose) & (pc.field("run_id") != run_id)
        recent = of_others & _in_the_last(lifetime, now)
        rows = snapshot(layout, FETCHES).read(FETCHES.schema("parse").names, recent).sort_by("requested_at")
        found |= {(purpose, c.url): c for c in captures(rows) if c.outcome in ("fetched", "gone", "http_error")}
    return found


def host_pauses(layout: DataLayout, *, now: datetime, run_id: str = "") -> dict[str, datetime]:
    """Hosts that asked for a pause which is not over, and until when (UTC): a promise outlives the run that heard it.

    Args:
        run_id: the run that asks; see `known_urls`.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    of_others = (pc.field("run_id") != run_id) & _in_the_last(LONGEST_PAUSE, now)
    asked = of_others & (pc.field("retry_after_seconds") > 0)
    rows = snapshot(layout, FETCHES).read(["host", "outcome", "requested_at", "retry_after_seconds"], asked).to_pylist()
    pauses: dict[str, datetime] = {}
    for row in rows:
        until = row["requested_at"] + min(timedelta(seconds=row["retry_after_seconds"]), LONGEST_PAUSE)
        if row["host"] and row["outcome"] == "rate_limited" and until > now:
            pauses[row["host"]] = max(until, pauses.get(row["host"], until))
    return pauses


def known_urls(layout: DataLayout, source_ids: Collection[str], *, run_id: str = "") -> KnownUrls:
    """What is known about the URLs of these sources. Empty for an empty warehouse.

    Args:
        run_id: the run that asks. What it brought itself counts as unknown, so that a run that is gone through again
            finds the same.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    drops = _of_other_runs(source_ids, run_id) & (pc.field("stage") == "fetch")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("fetches", snapshot(layout, FETCHES).read(_EXCHANGE, _pages(source_ids, run_id)))
        connection.register("drops", snapshot(layout, REJECTIONS).read(_DROP, drops))
        connection.register("articles", snapshot(layout, ARTICLES).read(_ARTICLES, _of(source_ids)))
        return KnownUrls(connection.sql(sql("known_urls")).to_arrow_table())


def originals(
    layout: DataLayout, source_ids: Collection[str], url_keys: Collection[str], *, run_id: str = ""
) -> dict[str, Original]:
    """What a new capture of these URLs is compared with, by URL key: the last exchange of each that brought a body.

    Args:
        run_id: the run that asks; see `known_urls`.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    outcome, status = pc.field("outcome"), pc.field("status")
    with_body = (outcome == "fetched") | ((outcome == "unchanged") & (status == 200))
    wanted = _pages(source_ids, run_id) & with_body & among("url_key", url_keys)
    rows = snapshot(layout, FETCHES).read(["url_key", "requested_at", *_BODY], wanted).sort_by("requested_at")
    found = {row["url_key"]: Original.of(*(row[name] for name in _BODY)) for row in rows.to_pylist()}
    return {key: original for key, original in found.items() if original}


def _pages(source_ids: Collection[str], run_id: str) -> pc.Expression:
    return _of_other_runs(source_ids, run_id) & pc.field("purpose").isin(pa.array(["article", "import"]))


def _in_the_last(age: timedelta, now: datetime) -> pc.Expression:
    """Younger than `age`, and not of a clock that ran ahead: that would hold until the time comes."""
    at = pc.field("requested_at")
    return (at > pa.scalar(now - age, TIMESTAMP)) & (at <= pa.scalar(now, TIMESTAMP))


def _of(source_ids: Collection[str]) -> pc.Expression:
    return pc.field("source_id").isin(pa.array(sorted(source_ids), pa.string()))


def _of_other_runs(source_ids: Collection[str], run_id: str) -> pc.Expression:
    return _of(source_ids) & (pc.field("run_id") != run_id)
