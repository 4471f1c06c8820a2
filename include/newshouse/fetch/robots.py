"""What a robots.txt allows (RFC 9309); the pauses, which the RFC does not know, are read by Protego."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from protego import Protego

from newshouse.fetch import outcomes
from newshouse.fetch.outcomes import End
from newshouse.fetch.rules import EVERYBODY, PAUSE_OR_RULE, Rules, lines_for
from newshouse.records import Capture

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
_MAX_LINE_CHARS = 2083  # as Google's parser; Protego takes quadratic time for longer ones
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
    rules: Rules | None = None
    refusal: End | None = None
    delay_seconds: float = 0.0

    def refuse(self, url: str) -> End | None:
        """Why this URL may not be fetched; None when it may."""
        if self.refusal or self.rules is None or self.rules.allow(url):
            return self.refusal
        return End(outcomes.ROBOTS_DENIED, f"robots.txt disallows it for {self.agent}")


def read(body: bytes, agent: str) -> Robots:
    """Understand a robots.txt: its first 500 KiB, UTF-8, whatever the line ends."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").lstrip("\ufffd")  # half a byte order mark
    lines = (" ".join(line[:_MAX_LINE_CHARS].partition("#")[0].split()) for line in _LINE_END.split(text))
    said = [line for line in lines if line]
    rules, pause = Rules.read(lines_for(agent, said)), _delay(lines_for(agent, said, PAUSE_OR_RULE))
    return Robots(agent, rules=rules, delay_seconds=pause)


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


def _delay(said: Sequence[str]) -> float:
    """The pause that the groups ask for which count. Protego gets these alone: it takes other names for ours."""
    robots = Protego.parse("\n".join((f"User-agent: {EVERYBODY}", *said)))
    rate = robots.request_rate(EVERYBODY)
    between = rate.seconds / rate.requests if rate and rate.requests else 0.0
    return min(max(robots.crawl_delay(EVERYBODY) or 0.0, between), _MAX_DELAY_SECONDS)
