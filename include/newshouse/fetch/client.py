"""The fetcher: asks one URL politely, archives what came, and never raises for what the web does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType

from requests.cookies import RequestsCookieJar

from newshouse.archive.ledger import Ledger
from newshouse.archive.reader import ArchivedResponse, read_response
from newshouse.errors import PermanentError, StorageError
from newshouse.fetch import outcomes, robots
from newshouse.fetch.bandwidth import Bandwidth
from newshouse.fetch.breaker import Breaker
from newshouse.fetch.contact import require_contact
from newshouse.fetch.guard import check_target
from newshouse.fetch.hop import Answer, Ask
from newshouse.fetch.journey import Journey, retry_after_seconds, travel
from newshouse.fetch.lane import Clock, Lane, Sleep
from newshouse.fetch.outcomes import End
from newshouse.ids import digest, stable_id
from newshouse.records import Candidate, Capture, Original, Purpose
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.urls import absolute, host_of, url_key

_LONGEST_WAIT_SECONDS = 366 * 86400.0  # servers say 10^9 seconds as well; no run lives that long


@dataclass(frozen=True, slots=True)
class _Errand:
    """One call of `Fetcher.get`."""

    fetch_id: str
    url: str
    url_key: str
    source: Source
    purpose: Purpose
    held: Candidate | Capture | None
    original: Original | None


class Fetcher:
    """Fetches for one stage of one batch. Thread-safe: hosts in parallel, one request at a time to each.

    Args:
        settings: limits, pauses, proxy and clock.
        ledger: where exchanges are archived, and looked up before anything is asked again.
        run_id: goes into the captures and their ids.
        batch: the same.
        earlier: exchanges of a stage before; what it asked for already (robots.txt above all) is not asked again.
        pauses: hosts that asked an earlier run to be left alone, and until when (UTC).
        sleep: replaced by tests.
        clock: seconds that only go forward; replaced by tests.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        *,
        run_id: str,
        batch: str,
        earlier: Iterable[Capture] = (),
        pauses: Mapping[str, datetime] | None = None,
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
    ) -> None:
        self.settings, self.ledger, self.run_id, self.batch = settings, ledger, run_id, batch
        self._earlier = {capture.fetch_id: capture for capture in earlier}
        self._asked_at = _last_asked([*self._earlier.values(), *ledger.captures()])
        self._pauses = {_shared(host): until for host, until in sorted((pauses or {}).items())} | ledger.waits()
        self._sleep, self._clock = sleep, clock
        self._slots = threading.BoundedSemaphore(settings.threads)
        self._agent = settings.user_agent.partition("/")[0]
        self._bandwidth = Bandwidth(settings.max_bytes_a_second, sleep, clock)
        self._breaker = Breaker()
        self._lanes: dict[str, Lane] = {}
        self._robots: dict[str, robots.Robots] = {}
        self._robots_locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(
        self,
        url: str,
        *,
        source: Source,
        purpose: Purpose,
        candidate: Candidate | None = None,
        held: Capture | None = None,
        original: Original | None = None,
    ) -> Capture:
        """Fetch one URL, or give back what the ledger already holds for it.

        Args:
            url: http or https.
            source: on whose behalf: its politeness, and whether private addresses are fine.
            purpose: `robots` skips the robots check; `article` takes web pages and plain text only.
            candidate: its validators make the GET conditional; archived beside the response.
            held: the exchange whose body we hold; its validators do the same for a feed.
            original: the last capture; the same bytes again are `unchanged`, and are not stored twice.

        Raises:
            ConfigError: a real publisher, and no contact is set.
            StorageError: the archive cannot be written.
        """
        key, fetch_id = self._identity(url, purpose)
        if known := self.ledger.find(fetch_id) or self._earlier.get(fetch_id):
            self._heed(known)
            return known
        errand = _Errand(fetch_id, url, key, source, purpose, candidate or held, original)
        capture, journey = self._fetch(errand)
        same = original if capture.outcome == outcomes.UNCHANGED else None
        capture = self.ledger.record(capture, journey.exchanges, candidate, same)
        self._heed(capture)
        return capture

    def body(self, capture: Capture) -> bytes:
        """The decoded body, read back from the archive.

        Raises:
            StorageError: it has none, or the archive is damaged.
        """
        return self.response(capture).body

    def response(self, capture: Capture) -> ArchivedResponse:
        """The response with its headers, read back from the archive. The capture may be of an earlier run.

        Raises:
            StorageError: it has none, or the archive is damaged.
        """
        if capture.warc_file is None or capture.warc_offset is None or capture.warc_length is None:
            raise StorageError(f"{capture.url}: no response was archived ({capture.outcome}), so there is no body.")
        return read_response(self.ledger.archive, capture.warc_file, capture.warc_offset, capture.warc_length)

    def close(self) -> None:
        """Close all connections. The ledger is the caller's."""
        for lane in self._lanes.values():
            lane.close()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _identity(self, url: str, purpose: Purpose) -> tuple[str, str]:
        """The URL key, and the id. Feeds may differ in what looks like tracking, so only articles go by the key."""
        try:
            key, exact = url_key(url), absolute(url, url)
        except ValueError:
            key = exact = url
        return key, stable_id(self.run_id, self.batch, purpose, key if purpose == "article" else exact)

    def _fetch(self, errand: _Errand) -> tuple[Capture, Journey]:
        attempts = 0
        while True:
            journey, asked = self._try(errand)
            attempts += asked
            if not asked or not self._pause(journey, attempts):
                return self._capture(errand, journey, attempts), journey

    def _try(self, errand: _Errand) -> tuple[Journey, bool]:
        """One try, and whether anything was sent."""
        journey = Journey(errand.url, self.settings.now())
        try:
            journey.url = absolute(errand.url, errand.url)
        except ValueError as error:
            journey.end = End(outcomes.BAD_URL, str(error))
            return journey, False
        cookies = RequestsCookieJar()
        asked: list[tuple[datetime, float]] = []  # the waits before a request count for no one

        def ask(url: str, first: bool) -> Answer:
            validators = _validators(errand.held) if first else {}

            def question() -> Ask:
                self._bandwidth.wait()
                asked.append((self.settings.now(), self._clock()))
                return Ask(url, errand.purpose, validators, cookies, asked[-1][0])

            answer = self._lane(url).send(
                question, delay_seconds=self._delay(errand.source), allow_private=errand.source.allow_private
            )
            self._bandwidth.took(answer.received_bytes)
            if asked:
                journey.seconds += self._clock() - asked[-1][1]
            self._remember(url, answer)
            return answer

        travel(journey, ask, lambda url: self._refuse(url, errand))
        if asked:
            journey.requested_at = asked[0][0]
        return journey, bool(asked)

    def _remember(self, url: str, answer: Answer) -> None:
        """Note at once what the host asks for: after a crash the next process keeps it."""
        seconds = retry_after_seconds(answer.exchange) if answer.exchange else None
        if seconds and answer.exchange and answer.exchange.status in (429, 503):
            until = self.settings.now() + timedelta(seconds=min(seconds, _LONGEST_WAIT_SECONDS))
            self.ledger.note_wait(_lane_key(url), until)

    def _pause(self, journey: Journey, attempts: int) -> bool:
        """Whether to try again. The host's lane keeps the pause that it asked for, whatever URL comes next."""
        if journey.end.outcome not in outcomes.TRANSIENT:
            return False
        asked_for = retry_after_seconds(journey.last) if journey.last else None
        if asked_for is not None and asked_for > self.settings.max_retry_after_seconds:
            return False
        is_last = attempts == self.settings.max_attempts
        backoff = 0.0 if is_last else self.settings.backoff_seconds * 2 ** (attempts - 1)
        self._lane(journey.url).pause(backoff if asked_for is None else asked_for)
        return not is_last

    def _refuse(self, url: str, errand: _Errand) -> End | None:
        """Why nothing may be sent to this URL now."""
        try:
            check_target(url, allow_private=errand.source.allow_private)
        except PermanentError as error:
            return End(error.reason, error.detail)
        require_contact(url, errand.source, self.settings)
        if (seconds := self._lane(url).shut_seconds) > 0:
            return End(outcomes.RATE_LIMITED, f"{host_of(url)} asked to be left alone for another {seconds:.0f} s")
        if down := self._breaker.refuse(_lane_key(url)):
            return down
        return None if errand.purpose == "robots" else self._rules(url, errand.source).refuse(url)

    def _rules(self, url: str, source: Source) -> robots.Robots:
        """The robots rules of the URL's origin; asked for once."""
        address = absolute("/robots.txt", url)
        with self._lock:
            waiting = self._robots_locks.setdefault(address, threading.Lock())
        with waiting:
            if address not in self._robots:
                capture = self.get(address, source=source, purpose="robots")
                body = self.body(capture) if capture.outcome == outcomes.FETCHED else b""
                rules = robots.of_capture(capture, body, self._agent)
                lane = self._lane(url)
                lane.crawl_delay_seconds = max(lane.crawl_delay_seconds, rules.delay_seconds)
                self._robots[address] = rules
            return self._robots[address]

    def _lane(self, url: str) -> Lane:
        host = _lane_key(url)
        with self._lock:
            if host not in self._lanes:
                self._lanes[host] = lane = Lane(self.settings, self._sleep, self._clock, self._slots)
                if host in self._asked_at:  # by the stage before, or before a crash: the pause still counts
                    lane.rested((self.settings.now() - self._asked_at[host]).total_seconds())
                if host in self._pauses:
                    rest = (self._pauses[host] - self.settings.now()).total_seconds()
                    (lane.shut if rest > self.settings.max_retry_after_seconds else lane.pause)(rest)
            return self._lanes[host]

    def _delay(self, source: Source) -> float:
        own = source.politeness.delay_seconds
        return self.settings.delay_seconds if own is None else own

    def _heed(self, capture: Capture) -> None:
        """Leave alone a host that asked for a longer pause than we wait, or is down; also when the ledger tells so."""
        if capture.final_url is not None and capture.host is not None:
            self._breaker.note(_lane_key(capture.final_url), capture)
        pause = capture.retry_after_seconds
        if pause is None or pause <= self.settings.max_retry_after_seconds or capture.final_url is None:
            return
        if capture.outcome == outcomes.RATE_LIMITED:
            passed = (self.settings.now() - capture.requested_at).total_seconds()
            self._lane(capture.final_url).shut(pause - passed)

    def _capture(self, errand: _Errand, journey: Journey, attempts: int) -> Capture:
        last, end = journey.last, journey.end
        payload_digest = digest(journey.body) if end.outcome == outcomes.FETCHED else None
        if last and last.status == 304 and _validators(errand.held):
            end = End(outcomes.UNCHANGED, "304")
        elif payload_digest and errand.original and payload_digest == errand.original.payload_digest:
            end = End(outcomes.UNCHANGED, "the same bytes as last time")
        return Capture(
            fetch_id=errand.fetch_id,
            run_id=self.run_id,
            batch=self.batch,
            source_id=errand.source.id,
            purpose=errand.purpose,
            url=errand.url,
            url_key=errand.url_key,
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


def _lane_key(url: str) -> str:
    """What shares a lane: http and https of one name are one host to its owner."""
    return _shared(host_of(url))


def _shared(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name if port in ("80", "443") else host


def _last_asked(captures: Iterable[Capture]) -> dict[str, datetime]:
    """When the last answer of each lane ended (UTC)."""
    ends: dict[str, datetime] = {}
    for capture in captures:
        if capture.host and capture.attempts:
            end = capture.requested_at + timedelta(seconds=capture.duration_seconds or 0.0)
            key = _shared(capture.host)
            ends[key] = max(end, ends.get(key, end))
    return ends


def _validators(held: Candidate | Capture | None) -> dict[str, str]:
    """The headers of a conditional GET. What could not stand in a header is left out."""
    if held is None:
        return {}
    headers = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
    return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}
