"""robots.txt by RFC 9309: robotspy gives the verdict, Protego the pauses that the RFC does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protego import Protego
from robots import RobotsParser

from newshouse.fetch import outcomes
from newshouse.fetch.outcomes import End
from newshouse.records import Capture

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
# The parsers are quadratic in the length of a line and in the number of groups. Honest files stay far below.
_MAX_LINE_CHARS = 2083
_MAX_GROUPS = 1000
_LINE_END = re.compile(r"\r\n?|\n")
_MAX_DELAY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """What one origin allows to one crawler.

    Attributes:
        rules: None when everything is allowed, or nothing because of `refusal`.
        refusal: why nothing at all may be fetched.
        delay_seconds: least pause between two requests, at most 60.
    """

    agent: str
    rules: RobotsParser | None = None
    refusal: End | None = None
    delay_seconds: float = 0.0

    def refuse(self, url: str) -> End | None:
        """Why this URL may not be fetched; None when it may."""
        if self.refusal or self.rules is None or self.rules.can_fetch(self.agent, url):
            return self.refusal
        return End(outcomes.ROBOTS_DENIED, f"robots.txt disallows it for {self.agent}")


def read(body: bytes, agent: str) -> Robots:
    """Understand a robots.txt: its first 500 KiB and 1000 groups, UTF-8, whatever the line ends."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").lstrip("\ufffd")  # half a byte order mark
    text = "\n".join(_lines(text))
    return Robots(agent, rules=RobotsParser.from_string(text), delay_seconds=_delay(text, agent))


def _lines(text: str) -> Iterator[str]:
    groups = 0
    for line in _LINE_END.split(text):
        short = " ".join(line[:_MAX_LINE_CHARS].split())
        groups += short[:4].lower() == "user"
        if groups > _MAX_GROUPS:
            return
        yield short


def of_capture(capture: Capture, body: bytes, agent: str) -> Robots:
    """What the answer to /robots.txt means (RFC 9309, 2.3.1): gone allows all, broken allows nothing."""
    if capture.outcome == outcomes.FETCHED:
        return read(body, agent)
    if capture.outcome in (outcomes.GONE, outcomes.HTTP_ERROR):
        return Robots(agent)
    is_no_host = capture.outcome == outcomes.BAD_URL and not capture.redirects
    out_of_reach = is_no_host or capture.outcome in outcomes.HOST_IS_OUT_OF_REACH
    outcome = capture.outcome if out_of_reach else outcomes.ROBOTS_UNAVAILABLE
    return Robots(agent, refusal=End(outcome, f"robots.txt: {capture.outcome}: {capture.detail or capture.status}"))


def _delay(text: str, agent: str) -> float:
    robots = Protego.parse(text)
    rate = robots.request_rate(agent)
    between = rate.seconds / rate.requests if rate and rate.requests else 0.0
    return min(max(robots.crawl_delay(agent) or 0.0, between), _MAX_DELAY_SECONDS)
