"""A stand of papers without a network: addresses and what lies there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from newshouse.archive.reader import ArchivedResponse
from newshouse.errors import StorageError
from newshouse.ids import digest, stable_id
from newshouse.records import Capture, Original, Purpose
from newshouse.sources.model import Source
from newshouse.urls import url_key
from newshouse.warehouse.known import KnownUrl

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Newsstand:
    """Stands in for the fetcher: `pages[url]` is a body, or the name of a failed outcome; the rest is gone."""

    run_id, batch = "run", "00"

    def __init__(self) -> None:
        self.pages: dict[str, bytes | str] = {}
        self.redirects: dict[str, str] = {}
        self.archive: dict[str, ArchivedResponse] = {}
        self.conditions: dict[str, str | None] = {}
        self.asked: list[tuple[str, Purpose]] = []
        self._bodies: dict[str, bytes] = {}

    def get(
        self,
        url: str,
        *,
        source: Source,
        purpose: Purpose,
        held: Capture | None = None,
        original: Original | None = None,
    ) -> Capture:
        self.asked.append((url, purpose))
        if held:
            self.conditions[url] = held.etag
        page = self.pages.get(url, "gone")
        outcome, body = (page, b"") if isinstance(page, str) else ("fetched", page)
        fetch_id = stable_id("run", "00", purpose, url)
        self._bodies[fetch_id] = body
        fetched = outcome == "fetched"
        return Capture(
            fetch_id=fetch_id,
            run_id="run",
            batch="00",
            source_id=source.id,
            purpose=purpose,
            url=url,
            url_key=url_key(url),
            outcome=outcome,
            requested_at=NOW,
            attempts=1,
            final_url=self.redirects.get(url, url),
            status=200 if fetched else None,
            body_bytes=len(body) if fetched else None,
            payload_digest=digest(body) if fetched else None,
            warc_file="day/run-00-discover.warc.gz" if fetched else None,
            warc_offset=int(fetch_id[:6], 16) if fetched else None,
            warc_length=1 if fetched else None,
        )

    def response(self, capture: Capture) -> ArchivedResponse:
        if capture.fetch_id not in self.archive:
            raise StorageError("pruned")
        return self.archive[capture.fetch_id]

    def body(self, capture: Capture) -> bytes:
        return self._bodies[capture.fetch_id]


@pytest.fixture
def newsstand() -> Newsstand:
    return Newsstand()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def source() -> Callable[..., Source]:
    """A publisher of https://www.harbour-post.example/ with these facts changed."""

    def make(**facts: object) -> Source:
        usual: dict[str, object] = {
            "id": "harbour-post",
            "name": "Harbour Post",
            "country": "GB",
            "language": "en",
            "timezone": "Europe/London",
            "homepage": "https://www.harbour-post.example/",
        }
        return Source(**(usual | facts))  # type: ignore[arg-type]

    return make


@pytest.fixture
def known() -> Callable[..., KnownUrl]:
    """An article of the harbour post, fetched an hour ago for the first time, with these facts changed."""

    def make(url: str = "https://www.harbour-post.example/a", **facts: object) -> KnownUrl:
        an_hour_ago = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
        usual: dict[str, object] = {
            "url": url,
            "url_key": url_key(url),
            "source_id": "harbour-post",
            "article_id": "article-of-a",
            "first_seen_at": an_hour_ago,
            "last_fetched_at": an_hour_ago,
            "last_outcome": "fetched",
        }
        answered = facts.get("last_outcome", "fetched") in ("fetched", "unchanged", "gone")
        usual["last_seen_at"] = facts.get("last_fetched_at", an_hour_ago) if answered else None
        return KnownUrl(**(usual | facts))  # type: ignore[arg-type]

    return make
