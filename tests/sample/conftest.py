from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
import requests

from newshouse.sample.content import publishers
from newshouse.sample.edition import Edition
from newshouse.sample.server import RunningNewsroom, serve
from newshouse.sample.site import Resource, find

EPOCH = date(2026, 11, 19)
FIRST_RUN, SECOND_RUN, THIRD_RUN = (EPOCH + timedelta(days=n) for n in (4, 5, 6))

Get = Callable[[date, str], Resource]


class Clock:
    """Noon (UTC) of a day that a test can change."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> datetime:
        return datetime.combine(self.day, time(12), UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(FIRST_RUN)


@pytest.fixture
def newsroom(clock: Clock) -> Iterator[RunningNewsroom]:
    with serve(EPOCH, clock) as running:
        yield running


@pytest.fixture
def session(newsroom: RunningNewsroom) -> Iterator[requests.Session]:
    """A client that reaches the fictional hosts through the newsroom."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": newsroom.proxy_url}
        session.headers["Accept-Encoding"] = "identity"
        yield session


@pytest.fixture
def get() -> Get:
    """What a URL answers on a day, without a server between."""

    def answer(today: date, url: str) -> Resource:
        host, target = url.removeprefix("http://").split("/", 1)
        found = find(Edition(EPOCH, today), host, "/" + target)
        assert found is not None
        return found

    return answer


def feed_urls(kind: str | None = None) -> list[tuple[str, str]]:
    """(kind, URL) of every feed and sitemap."""
    return [
        (feed.kind, f"http://{publisher.host}{feed.path}")
        for publisher in publishers().values()
        for feed in publisher.feeds
        if kind in (None, feed.kind)
    ]
