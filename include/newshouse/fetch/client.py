"""The fetcher: asks one URL politely, archives what came, and never raises for what the web does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType

from requests.cookies import RequestsCookieJar

from newshouse.archive.ledger import Ledger
from newshouse.archive.reader import ArchivedResponse, read_response
from newshouse.errors import PermanentError, StorageError
from newshouse.fetch import outcomes
from newshouse.fetch.bandwidth import Bandwidth
from newshouse.fetch.breaker import Breaker
from newshouse.fetch.contact import require_contact
from newshouse.fetch.errand import Errand
from newshouse.fetch.guard import check_target
from newshouse.fetch.hop import Answer, Ask
from newshouse.fetch.journey import Journey, retry_after_seconds, travel
from newshouse.fetch.lane import Clock, Sleep
from newshouse.fetch.lanes import Lanes, lane_key
from newshouse.fetch.outcomes import End
from newshouse.fetch.rights import page_rights
from newshouse.fetch.robots import Robots
from newshouse.fetch.site_files import SiteFiles
from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.records import Candidate, Capture, Original, Purpose
from newshouse.settings import Settings
from newshouse.sources.model import Source
from newshouse.urls import absolute, host_of, url_key


class Fetcher:
    """Fetches for one stage of one batch. Thread-safe: hosts in parallel, one request at a time to each.

    Args:
        settings: limits, pauses, proxy and clock.
        ledger: where exchanges are archived, and looked up before anything is asked again.
        run_id: goes into the captures and their ids.
        batch: the same.
        earlier: exchanges of a stage before; what it asked for already (robots.txt above all) is not asked again.
        pauses: hosts that asked an earlier run to be left alone, and until when (UTC).
        remembered: robots.txt and rights files of earlier runs that are fresh enough, by purpose and URL.
        reads_site_rights: whether tdmrep.json and ai.txt are read before the first article of a site.
        layout: the data folder where processes leave word for each other; None when there is only this one.
        sleep: replaced by tests.
        clock: seconds that only go forward; replaced by tests.
        wall: seconds since the epoch, the same in all processes; replaced by tests.
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
        remembered: Mapping[tuple[str, str], Capture] | None = None,
        reads_site_rights: bool = False,
        layout: DataLayout | None = None,
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
        wall: Clock = time.time,
    ) -> None:
        self.settings, self.ledger, self.run_id, self.batch = settings, ledger, run_id, batch
        self._earlier = {capture.fetch_id: capture for capture in earlier}
        self._reads_site_rights = reads_site_rights
        self._sleep, self._clock = sleep, clock
        past = [*self._earlier.values(), *ledger.captures()]
        slots = threading.BoundedSemaphore(settings.threads)
        self._lanes = Lanes(settings, past, pauses or {}, layout, sleep, clock, wall, slots)
        self._agent = settings.user_agent.partition("/")[0]
        self._site_files = SiteFiles(self._get_file, self.body, self._agent, remembered or {})
        self._bandwidth = Bandwidth(settings.max_bytes_a_second, layout.bandwidth if layout else None, sleep, wall)
        self._breaker = Breaker()

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
        errand = Errand(fetch_id, self.run_id, self.batch, url, key, source, purpose, candidate or held, original)
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
        self._lanes.close()

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

    def _fetch(self, errand: Errand) -> tuple[Capture, Journey]:
        attempts = 0
        while True:
            journey, asked = self._try(errand)
            attempts += asked
            if not asked or not self._pause(journey, attempts):
                return errand.capture(journey, attempts), journey

    def _try(self, errand: Errand) -> tuple[Journey, bool]:
        """One try, and whether anything was sent."""
        journey = Journey(errand.url, self.settings.now())
        try:
            journey.url = absolute(errand.url, errand.url)
        except ValueError as error:
            journey.end = End(outcomes.BAD_URL, str(error))
            return journey, False
        cookies = RequestsCookieJar()
        asked: list[tuple[datetime, float]] = []  # the waits before a request count for no one

        def ask(url: str) -> Answer:
            def question() -> Ask:
                asked.append((self.settings.now(), self._clock()))
                return Ask(url, errand.purpose, errand.validators(url), cookies, asked[-1][0])

            answer = self._lanes.of(url).send(
                question,
                ready=self._bandwidth.wait,
                delay_seconds=self._delay(errand.source),
                allow_private=errand.source.allow_private,
            )
            self._bandwidth.took(answer.received_bytes)
            if asked:
                journey.seconds += self._clock() - asked[-1][1]
            return answer

        travel(journey, ask, lambda url: self._refuse(url, errand))
        self._obey(journey, errand)
        if asked:
            journey.requested_at = asked[0][0]
        return journey, bool(asked)

    def _obey(self, journey: Journey, errand: Errand) -> None:
        """Of a page that is reserved keep the headers as evidence, and no bytes."""
        if journey.end.outcome == outcomes.FETCHED and self._obeys_rights(errand):
            last = journey.exchanges[-1]
            if end := page_rights(last.headers, journey.body, self._agent):
                journey.end, journey.body = end, b""
                journey.exchanges[-1] = replace(last, body=b"", truncated="unspecified")

    def _obeys_rights(self, errand: Errand) -> bool:
        return errand.purpose == "article" and (errand.source.rights or self.settings.rights) == "obey"

    def _pause(self, journey: Journey, attempts: int) -> bool:
        """Whether to try again. The host's lane keeps the pause that it asked for, whatever URL comes next."""
        if journey.end.outcome not in outcomes.TRANSIENT:
            return False
        asked_for = retry_after_seconds(journey.last) if journey.last else None
        if asked_for is not None and asked_for > self.settings.max_retry_after_seconds:
            return False
        is_last = attempts == self.settings.max_attempts
        backoff = 0.0 if is_last else self.settings.backoff_seconds * 2 ** (attempts - 1)
        self._lanes.of(journey.url).rest(backoff if asked_for is None else asked_for)
        return not is_last

    def _refuse(self, url: str, errand: Errand) -> End | None:
        """Why nothing may be sent to this URL now."""
        try:
            check_target(url, allow_private=errand.source.allow_private)
        except PermanentError as error:
            return End(error.reason, error.detail)
        require_contact(url, errand.source, self.settings)
        if (seconds := self._lanes.of(url).shut_seconds(self._delay(errand.source))) > 0:
            return End(outcomes.RATE_LIMITED, f"{host_of(url)} asked to be left alone for another {seconds:.0f} s")
        if down := self._breaker.refuse(lane_key(url)):
            return down
        if errand.purpose == "robots":
            return None
        return self._rules(url, errand.source).refuse(url) or self._reserved(url, errand)

    def _reserved(self, url: str, errand: Errand) -> End | None:
        if errand.purpose != "article" or not self._reads_site_rights:
            return None
        reserved = self._site_files.rights(url, errand.source).refuse(url)  # read, and so noted, under either policy
        return reserved if self._obeys_rights(errand) else None

    def _rules(self, url: str, source: Source) -> Robots:
        rules = self._site_files.robots(url, source)
        lane = self._lanes.of(url)
        lane.crawl_delay_seconds = max(lane.crawl_delay_seconds, rules.delay_seconds)
        return rules

    def _get_file(self, url: str, source: Source, purpose: Purpose) -> Capture:
        return self.get(url, source=source, purpose=purpose)

    def _delay(self, source: Source) -> float:
        own = source.politeness.delay_seconds
        return self.settings.delay_seconds if own is None else own

    def _heed(self, capture: Capture) -> None:
        """Leave alone a host that asked for a longer pause than we wait, or is down; also when the ledger tells so."""
        if capture.final_url is not None and capture.host is not None:
            self._breaker.note(lane_key(capture.final_url), capture)
        pause = capture.retry_after_seconds
        if pause is None or pause <= self.settings.max_retry_after_seconds or capture.final_url is None:
            return
        if capture.outcome == outcomes.RATE_LIMITED:
            passed = (self.settings.now() - capture.requested_at).total_seconds()
            self._lanes.of(capture.final_url).rest(pause - passed)
