"""The captures of a batch -> article rows and rejections, each counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from newshouse.archive.reader import ArchivedResponse, read_response
from newshouse.archive.shelf import Archive
from newshouse.errors import DamagedRecordError, ForgottenRecordError
from newshouse.ids import article_id, digest, stable_id
from newshouse.parse.columns import columns
from newshouse.parse.dumps.dump import parse_dump
from newshouse.parse.page import parse_page
from newshouse.progress import Progress
from newshouse.records import Article, Candidate, Capture, NoArticle, Purpose, Rejection
from newshouse.report import Tally, tallies
from newshouse.schemas import ARTICLES
from newshouse.sources.model import Source
from newshouse.urls import registrable_domain, url_key

STAGE = "parse"
_READ: frozenset[Purpose] = frozenset(("article", "import"))
_DUMP_TYPES = ("text/plain", "text/markdown", "text/x-markdown")


@dataclass(frozen=True, slots=True)
class ParseResult:
    """What the batch gave.

    Attributes:
        table: one row an article, as `schemas.ARTICLES.schema("parse")`, in the order of the captures.
        tallies: per source; in = out + duplicates + rejected.
    """

    table: pa.Table
    rejections: list[Rejection]
    tallies: dict[str, Tally]


def parse_captures(
    captures: Sequence[Capture],
    candidates: Mapping[str, Candidate],
    sources: Mapping[str, Source],
    archive: Archive,
    *,
    run_id: str,
    batch: str,
    now: datetime,
    progress: Progress | None = None,
) -> ParseResult:
    """Read each fetched article back from the archive and parse it.

    Captures of feeds, robots and the like, and those without a body, are none of this stage's business and are not
    counted. Pure: the same archive gives the same rows.

    Args:
        candidates: by `url_key`: what the feed said.
        archive: folder that `warc_file` is relative to.
        now: UTC; stamped on rejections only.
    """
    wanted = [capture for capture in captures if _has_article(capture)]
    counts = tallies([*sources, *(capture.source_id for capture in wanted)])
    rows: dict[str, dict[str, Any]] = {}
    rejections: list[Rejection] = []
    for done, capture in enumerate(wanted, 1):
        tally = counts[capture.source_id]
        tally.in_count += 1
        found, body_bytes = _parsed(capture, candidates.get(capture.url_key), sources.get(capture.source_id), archive)
        tally.bytes += body_bytes
        if isinstance(found, NoArticle):
            tally.reject(found.reason)
            rejections.append(_rejection(capture, found, run_id, batch, now))
        elif found["article_id"] in rows:
            tally.duplicate_count += 1
        else:
            tally.out_count += 1
            rows[found["article_id"]] = found | {"run_id": run_id}
        if progress:
            progress(done, len(wanted))
    return ParseResult(ARTICLES.arrow(rows.values(), filled_by="parse"), rejections, counts)


def _has_article(capture: Capture) -> bool:
    return capture.outcome == "fetched" and capture.purpose in _READ and capture.warc_file is not None


def _parsed(
    capture: Capture, candidate: Candidate | None, source: Source | None, archive: Archive
) -> tuple[dict[str, Any] | NoArticle, int]:
    """(row or the reason for none, body bytes)."""
    try:
        response = read_response(archive, capture.warc_file or "", capture.warc_offset or 0, capture.warc_length or 0)
    except ForgottenRecordError as error:
        return NoArticle("forgotten", str(error)), 0
    except DamagedRecordError as error:
        return NoArticle("archive_corrupt", str(error)), 0
    is_import = capture.purpose == "import"
    if is_import and _content_type(response).startswith(_DUMP_TYPES):
        name = capture.url.rsplit("/", 1)[-1]
        zone = source.timezone if source else None
        article = parse_dump(response.body, name, capture.requested_at, timezone=zone)
    else:
        url = response.url if is_import else capture.final_url or capture.url
        article = parse_page(
            response.body, url, capture.requested_at, _headers(response), candidate=candidate, source=source
        )
    if isinstance(article, NoArticle):
        return article, len(response.body)
    return _row(article, capture, _addresses(article, capture), response), len(response.body)


def _addresses(article: Article, capture: Capture) -> tuple[str | None, str | None]:
    """(url, final URL). An imported file has only the address that it states itself."""
    if capture.purpose == "import":
        return article.canonical_url, article.canonical_url
    return capture.url, capture.final_url or capture.url


def _row(
    article: Article, capture: Capture, addresses: tuple[str | None, str | None], response: ArchivedResponse
) -> dict[str, Any]:
    url, final_url = addresses
    return {
        "article_id": _article_id(final_url, capture, response),
        "source_id": capture.source_id,
        "url": url,
        "final_url": final_url,
        "domain": _domain(final_url),
        **columns(article),
        "fetched_at": capture.requested_at,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "warc_length": capture.warc_length,
    }


def _article_id(final_url: str | None, capture: Capture, response: ArchivedResponse) -> str:
    """By address; for a dump that states none, by its source and bytes."""
    key = _key(final_url)
    return article_id(key) if key else stable_id("dump", capture.source_id, digest(response.body))


def _key(url: str | None) -> str | None:
    try:
        return url_key(url) if url else None
    except ValueError:
        return None


def _domain(url: str | None) -> str | None:
    try:
        return registrable_domain(url) if url else None
    except ValueError:
        return None


def _rejection(capture: Capture, found: NoArticle, run_id: str, batch: str, now: datetime) -> Rejection:
    return Rejection(
        rejection_id=stable_id(run_id, STAGE, capture.fetch_id),
        run_id=run_id,
        batch=batch,
        source_id=capture.source_id,
        stage=STAGE,
        reasons=(found.reason,),
        rejected_at=now,
        detail=found.detail[:2000],
        url=capture.final_url or capture.url,
        url_key=capture.url_key,
        warc_file=capture.warc_file,
        warc_offset=capture.warc_offset,
        warc_length=capture.warc_length,
    )


def _content_type(response: ArchivedResponse) -> str:
    return (response.header("content-type") or "").strip().lower()


def _headers(response: ArchivedResponse) -> dict[str, str]:
    """Repeated headers joined by a comma (RFC 9110, section 5.3)."""
    joined: dict[str, str] = {}
    for name, value in response.http_headers:
        lower = name.lower()
        joined[lower] = f"{joined[lower]}, {value}" if lower in joined else value
    return joined
