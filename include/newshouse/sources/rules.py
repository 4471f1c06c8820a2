"""What a value in a source file must be. `model.py` pins a rule to a field, `strict.py` applies it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

import ada_url
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from newshouse.hostnames import names_a_host
from newshouse.settings import RIGHTS_POLICIES
from newshouse.sources import codes


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value of the right type must be.

    Attributes:
        expected: the rest of the sentence "expected …", with an example.
        accepts: tells whether a value is right.
        choices: all right values, where they can be listed, so that the nearest can be named.
    """

    expected: str
    accepts: Callable[[Any], bool]
    choices: Callable[[], Collection[str]] | None = None

    def nearest(self, value: object) -> str | None:
        """The right value that looks most like this one, if any does."""
        return codes.nearest(str(value), self.choices()) if self.choices else None


def _is_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is not None


def _is_line(text: str) -> bool:
    return bool(text.strip()) and re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", text) is None


def _is_url(text: str) -> bool:
    if not _is_line(text) or re.search(r"\s", text):
        return False
    try:
        parts = urlsplit(text)
        plain = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        host = ada_url.URL(text).hostname
    except ValueError:  # a port that is no number, a broken IP address, a sign that no name has
        return False
    return plain and bool(host.strip(".")) and names_a_host(host)


def _is_selector(text: str) -> bool:
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


Slug = Annotated[str, Rule("lower-case letters and digits joined by '-', such as 'korea-times'", _is_slug)]
Line = Annotated[str, Rule("one line of text", _is_line)]
Url = Annotated[str, Rule("an absolute http(s) address, such as 'https://example.com/rss.xml'", _is_url)]
Country = Annotated[
    str,
    Rule("an ISO 3166-1 code of two capital letters, such as 'KR'", lambda v: v in codes.countries(), codes.countries),
]
Language = Annotated[
    str,
    Rule("an ISO 639-1 code of two small letters, such as 'ko'", lambda v: v in codes.languages(), codes.languages),
]
Day = Annotated[str, Rule("a day, such as 2026-11-24", _is_day)]
Selector = Annotated[str, Rule("a CSS selector, such as 'h1.headline'", _is_selector)]
Zone = Annotated[str, Rule("an IANA time zone, such as 'Asia/Seoul'", lambda v: v in codes.zones(), codes.zones)]
RightsPolicy = Annotated[str, Rule("'obey' or 'record'", lambda v: v in RIGHTS_POLICIES, lambda: RIGHTS_POLICIES)]
Seconds = Annotated[float, Rule("a number of seconds, 0 to 86400", lambda v: 0 <= v <= 86_400)]
Hours = Annotated[float, Rule("a number of hours above 0", lambda v: v > 0)]
Percent = Annotated[float, Rule("a number from 0 to 100", lambda v: 0 <= v <= 100)]
Count = Annotated[int, Rule("a whole number, 0 or more", lambda v: v >= 0)]
Days = Annotated[int, Rule("a number of days, 1 to 36500", lambda v: 1 <= v <= 36_500)]
Positive = Annotated[int, Rule("a whole number, 1 or more", lambda v: v >= 1)]
