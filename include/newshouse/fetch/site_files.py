"""The files that speak for a whole origin (robots.txt, tdmrep.json, ai.txt): read once, before anything else of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from newshouse.errors import StorageError
from newshouse.fetch import outcomes, robots
from newshouse.fetch.rights import AI_TXT_PATH, TDMREP_PATH, SiteRights, site_rights
from newshouse.records import Capture, Purpose
from newshouse.sources.model import Source
from newshouse.urls import absolute

Get = Callable[[str, Source, Purpose], Capture]
Body = Callable[[Capture], bytes]


class SiteFiles:
    """What the origins of one stage allow. Thread-safe: one thread asks, the others wait for its answer.

    Args:
        get, body: of the fetcher.
        agent: the name that the files know us by.
        remembered: files that earlier runs read and that are fresh enough, by purpose and URL.
    """

    def __init__(self, get: Get, body: Body, agent: str, remembered: Mapping[tuple[str, str], Capture]) -> None:
        self._get, self._body, self._agent, self._remembered = get, body, agent, remembered
        self._robots: dict[str, robots.Robots] = {}
        self._rights: dict[str, SiteRights] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def robots(self, url: str, source: Source) -> robots.Robots:
        """The robots rules of the URL's origin."""
        address = absolute("/robots.txt", url)
        with self._alone(address):
            if address not in self._robots:
                self._robots[address] = robots.of_capture(*self._read(address, source, "robots"), self._agent)
            return self._robots[address]

    def rights(self, url: str, source: Source) -> SiteRights:
        """What the files of the URL's origin reserve."""
        origin = absolute("/", url)
        with self._alone(origin):
            if origin not in self._rights:
                _, tdmrep = self._read(absolute(TDMREP_PATH, url), source, "rights")
                _, ai_txt = self._read(absolute(AI_TXT_PATH, url), source, "rights")
                self._rights[origin] = site_rights(tdmrep, ai_txt, self._agent)
            return self._rights[origin]

    def _alone(self, key: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def _read(self, address: str, source: Source, purpose: Purpose) -> tuple[Capture, bytes]:
        if capture := self._remembered.get((purpose, address)):
            with suppress(StorageError):  # moved or pruned: then it is asked for anew
                return capture, self._text(capture)
        capture = self._get(address, source, purpose)
        return capture, self._text(capture)

    def _text(self, capture: Capture) -> bytes:
        return self._body(capture) if capture.outcome == outcomes.FETCHED else b""
