"""The lanes of a stage: one a host, each knowing what the host was asked for and promised before."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from newshouse.fetch.gate import Gate
from newshouse.fetch.lane import Clock, Lane, Sleep
from newshouse.layout import DataLayout
from newshouse.records import Capture
from newshouse.settings import Settings
from newshouse.urls import host_of


def lane_key(url: str) -> str:
    """What shares a lane: http and https of one name are one host to its owner."""
    return _shared(host_of(url))


class Lanes:
    """Thread-safe.

    Args:
        settings: limits, pauses and clock.
        past: exchanges of the stage before, or of this one before a crash: the pause counts from them.
        pauses: hosts (with port) that asked an earlier run to be left alone, and until when (UTC).
        layout: where processes leave word for each other; None where no other can come.
        sleep, clock: for the lanes.
        wall: seconds since the epoch.
        slots: held while a request is under way.
    """

    def __init__(
        self,
        settings: Settings,
        past: Iterable[Capture],
        pauses: Mapping[str, datetime],
        layout: DataLayout | None,
        sleep: Sleep,
        clock: Clock,
        wall: Clock,
        slots: AbstractContextManager[object],
    ) -> None:
        self._settings, self._layout, self.slots = settings, layout, slots
        self._sleep, self._clock, self._wall = sleep, clock, wall
        self._asked_at = _last_asked(past)
        self._pauses = {_shared(host): until for host, until in sorted(pauses.items(), key=lambda pause: pause[1])}
        self._lanes: dict[str, Lane] = {}
        self._lock = threading.Lock()

    def of(self, url: str) -> Lane:
        """The lane of the URL's host."""
        key = lane_key(url)
        with self._lock:
            if key not in self._lanes:
                self._lanes[key] = self._open(key)
            return self._lanes[key]

    def close(self) -> None:
        """Close all connections."""
        for lane in self._lanes.values():
            lane.close()

    def _open(self, key: str) -> Lane:
        gate = Gate(self._layout.host_gate(key) if self._layout else None, self._wall)
        lane, now = Lane(self._settings, gate, self._sleep, self._clock, self.slots), self._settings.now()
        if key in self._asked_at:
            lane.rested((now - self._asked_at[key]).total_seconds())
        if key in self._pauses:
            lane.rest((self._pauses[key] - now).total_seconds())
        return lane


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
