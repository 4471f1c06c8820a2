"""One URL to be fetched: on whose behalf, what is held of it already, and the capture that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newshouse.fetch import outcomes
from newshouse.fetch.journey import Journey, retry_after_seconds
from newshouse.fetch.outcomes import End
from newshouse.ids import digest
from newshouse.records import Candidate, Capture, Original, Purpose
from newshouse.sources.model import Source
from newshouse.urls import absolute, host_of


@dataclass(frozen=True, slots=True)
class Errand:
    """One call of `Fetcher.get`.

    Attributes:
        held: what has the validators of the body that we hold.
        original: the last capture; the same bytes again are `unchanged`.
    """

    fetch_id: str
    run_id: str
    batch: str
    url: str
    url_key: str
    source: Source
    purpose: Purpose
    held: Candidate | Capture | None
    original: Original | None

    def validators(self, url: str) -> Mapping[str, str]:
        """The headers of a conditional GET, for the address that gave the body: a validator is of no other resource.

        What could not stand in a header is left out.
        """
        if self.held is None or url != self._gave_the_body:
            return {}
        headers = {"If-None-Match": self.held.etag, "If-Modified-Since": self.held.last_modified}
        return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}

    @property
    def _gave_the_body(self) -> str | None:
        """Where redirects ended the last time; where that is not known, where they begin."""
        if isinstance(self.held, Capture):
            return self.held.final_url
        return (self.held.validated_url if self.held else None) or absolute(self.url, self.url)

    def capture(self, journey: Journey, attempts: int) -> Capture:
        """What came of it, without its place in the archive."""
        last = journey.last
        payload_digest = digest(journey.body) if journey.end.outcome == outcomes.FETCHED else None
        end = self._unchanged(journey, payload_digest) or journey.end
        return Capture(
            fetch_id=self.fetch_id,
            run_id=self.run_id,
            batch=self.batch,
            source_id=self.source.id,
            purpose=self.purpose,
            url=self.url,
            url_key=self.url_key,
            outcome=end.outcome,
            requested_at=journey.requested_at,
            attempts=attempts,
            final_url=journey.url,
            host=None if end.outcome == outcomes.BAD_URL else host_of(journey.url),
            status=last.status if last else None,
            detail=end.detail,
            duration_seconds=round(journey.seconds, 6) if attempts else None,
            body_bytes=len(journey.body) if last else None,
            content_type=last.header("Content-Type") if last else None,
            etag=last.header("ETag") if last else None,
            last_modified=last.header("Last-Modified") if last else None,
            retry_after_seconds=retry_after_seconds(last) if last else None,
            redirects=tuple(journey.redirects),
            payload_digest=payload_digest,
        )

    def _unchanged(self, journey: Journey, payload_digest: str | None) -> End | None:
        if journey.last and journey.last.status == 304 and self.validators(journey.url):
            return End(outcomes.UNCHANGED, "304")
        if payload_digest and self.original and payload_digest == self.original.payload_digest:
            return End(outcomes.UNCHANGED, "the same bytes as last time")
        return None
