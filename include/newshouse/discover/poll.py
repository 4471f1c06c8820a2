"""Read one feed, sitemap or page: from the network when it is due, else from what the archive holds of it.

What did not change is read again from the archive, so that an entry whose article failed last time is not hidden by
a 304 or by a feed that is not due.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from newshouse.archive.reader import ArchivedResponse
from newshouse.discover.listing import Hints
from newshouse.discover.polling import fresh_seconds, next_poll
from newshouse.errors import StorageError
from newshouse.ids import stable_id
from newshouse.records import Capture, Original, Purpose
from newshouse.sources.model import Source
from newshouse.urls import url_key
from newshouse.warehouse.known import KnownUrl, PollHistory

NOT_DUE = "not_due"

Polls = Mapping[tuple[str, str], PollHistory]


class Fetches(Protocol):
    """The part of `newshouse.fetch.client.Fetcher` that discovery needs."""

    run_id: str
    batch: str

    def get(
        self,
        url: str,
        *,
        source: Source,
        purpose: Purpose,
        held: Capture | None = None,
        original: Original | None = None,
    ) -> Capture:
        """One exchange; failures are outcomes, not exceptions."""

    def body(self, capture: Capture) -> bytes:
        """The decoded body, from the archive."""

    def response(self, capture: Capture) -> ArchivedResponse:
        """The same with its headers; the capture may be of an earlier run."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the warehouse knows: URLs by key, and polls by purpose and URL."""

    known: Mapping[str, KnownUrl]
    polls: Polls


@dataclass(frozen=True, slots=True)
class Polled:
    """What came of it.

    Attributes:
        capture: the exchange that brought the body, whenever that was; or the one that failed.
        body: None when there is none to read.
        problem: reason and detail when it was not read from the network, or failed.
        before: the body of the poll before; None where nothing is held, or nothing was asked for.
        bytes: that came over the network.
    """

    capture: Capture
    body: bytes | None
    problem: tuple[str, str] | None = None
    before: bytes | None = None
    bytes: int = 0


NOTHING_KNOWN = Past({}, {})
Judge = Callable[[ArchivedResponse, Capture], tuple[Hints, float]]
"""From the last body: what it says about polling, and the share of its entries that was known before it came."""


def poll(
    url: str, purpose: Purpose, source: Source, fetcher: Fetches, now: datetime, past: Past, judge: Judge
) -> Polled:
    """Read it when it is due.

    Raises:
        StorageError: the archive cannot be written.
    """
    history = past.polls.get((purpose, url))
    held = _held(history, fetcher)
    if history is not None:
        hints, share = judge(held, history.body) if held and history.body else (Hints(), 0.0)
        due = next_poll(
            history,
            hints,
            fresh_seconds(held.http_headers) if held else 0.0,
            (share + history.quiet) / (1 + history.quiet),
        )
        if now < due.at:
            problem = (NOT_DUE, f"{due.why}; next poll {due.at:%Y-%m-%d %H:%M} UTC")
            return Polled(_spoken_for(history.body or history.last, fetcher), held.body if held else None, problem)
    return ask(url, purpose, source, fetcher, history.body if history and held else None, held)


def ask(
    url: str,
    purpose: Purpose,
    source: Source,
    fetcher: Fetches,
    before: Capture | None = None,
    held: ArchivedResponse | None = None,
) -> Polled:
    """Read it from the network now.

    Args:
        before, held: the exchange whose body we hold, and that body; None to ask without a condition.

    Raises:
        StorageError: the archive cannot be written.
    """
    same = _original(before) if before else None
    capture = fetcher.get(url, source=source, purpose=purpose, held=before, original=same)
    size = capture.body_bytes or 0
    if capture.outcome not in ("fetched", "unchanged"):
        return Polled(capture, None, (capture.outcome, capture.detail or ""), bytes=size)
    if capture.warc_file is not None and capture.status != 304:
        return Polled(capture, fetcher.body(capture), bytes=size, before=held.body if held else None)
    if before is None or held is None:
        return Polled(capture, None, bytes=size)
    return Polled(replace(before, fetch_id=capture.fetch_id, run_id=capture.run_id, batch=capture.batch), held.body)


def _original(before: Capture) -> Original | None:
    return Original.of(before.payload_digest, before.warc_file, before.warc_offset, before.warc_length)


def _held(history: PollHistory | None, fetcher: Fetches) -> ArchivedResponse | None:
    if history is None or history.body is None:
        return None
    try:
        return fetcher.response(history.body)
    except StorageError:  # moved or pruned: then it is asked for anew, without a condition
        return None


def _spoken_for(capture: Capture, fetcher: Fetches) -> Capture:
    """An earlier exchange that stands for one of this run."""
    fetch_id = stable_id(fetcher.run_id, fetcher.batch, capture.purpose, capture.url, NOT_DUE)
    return replace(capture, fetch_id=fetch_id, run_id=fetcher.run_id, batch=fetcher.batch)


def known_share(links: list[str], before: datetime, known: Mapping[str, KnownUrl]) -> float:
    """The share of these links that had been fetched before a moment (UTC). 1 for none: nothing new is in nothing."""
    seen = [(entry := known.get(_key(link))) is not None and entry.first_seen_at < before for link in links]
    return sum(seen) / len(seen) if seen else 1.0


def _key(link: str) -> str:
    try:
        return url_key(link)
    except ValueError:
        return ""
