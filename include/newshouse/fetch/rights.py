"""What a publisher reserves, told before or with the bytes, so that a policy of `obey` keeps none of them.

TDM Reservation Protocol (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240202/): header, meta and
/.well-known/tdmrep.json. ai.txt: the syntax of robots.txt, for use by machines. Robots meta and X-Robots-Tag:
`noarchive` forbids to keep a copy (one page in sixteen says so, mostly to search engines, so `obey` costs much),
`noai` to learn from it. `noindex` reserves nothing: walls and error pages bear it,
and it speaks of search engines. All of it is recorded under either policy: files are archived, and the parser notes
what a page says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from newshouse.fetch import outcomes, robots
from newshouse.fetch.outcomes import End
from newshouse.fetch.robots import Robots
from newshouse.fetch.rules import Pattern, path_of
from newshouse.parse.dom.markup import bounded

TDMREP_PATH = "/.well-known/tdmrep.json"
AI_TXT_PATH = "/ai.txt"
_RESERVING = frozenset({"noarchive", "noai"})
_OTHER_AGENT = re.compile(r"\s*(?!unavailable_after\b|max-)([\w-]+)\s*:\s*(.*)", re.DOTALL | re.IGNORECASE)
_HEAD_BYTES = 256 * 1024
_MENTIONS = re.compile(rb"noarchive|noai|tdm-reservation", re.IGNORECASE)
_MAX_RULES = 1000


@dataclass(frozen=True, slots=True)
class SiteRights:
    """What the files of one origin reserve.

    Attributes:
        reservations: pattern of a path and whether it is reserved, in the order of the file.
        ai: the rules of ai.txt; None without one.
    """

    reservations: tuple[tuple[Pattern, bool], ...] = ()
    ai: Robots | None = None

    def refuse(self, url: str) -> End | None:
        """Why the policy of `obey` does not ask for this URL; None when it may."""
        path = path_of(url)
        for pattern, reserved in self.reservations:  # 6.2: the first that matches counts
            if pattern.matches(path):
                return End(outcomes.RIGHTS_RESERVED, f"{TDMREP_PATH} reserves it") if reserved else None
        if self.ai and self.ai.refuse(url):
            return End(outcomes.RIGHTS_RESERVED, "ai.txt disallows it")
        return None


def site_rights(tdmrep: bytes, ai_txt: bytes, agent: str) -> SiteRights:
    """Understand the two files; empty ones and what is no such file reserve nothing. Never raises."""
    is_page = ai_txt.lstrip()[:1] == b"<"  # many sites answer every address with their front page
    return SiteRights(tuple(_reservations(tdmrep)), robots.read(ai_txt, agent) if ai_txt and not is_page else None)


def page_rights(headers: Sequence[tuple[str, str]], body: bytes, agent: str) -> End | None:
    """What a response reserves by its headers or the metas of its head; None when nothing."""
    said = [("header", *one) for one in headers] + [("meta", *one) for one in _metas(body)]
    for where, name, value in said:
        if name.lower() == "tdm-reservation" and value.strip() == "1":
            return End(outcomes.RIGHTS_RESERVED, f"TDM-Reservation: 1 ({where})")
        ours = ("x-robots-tag",) if where == "header" else ("robots", agent.lower())
        words = _directives(value, agent) & _RESERVING if name.lower() in ours else None
        if words:
            return End(outcomes.RIGHTS_RESERVED, f"{', '.join(sorted(words))} ({where})")
    return None


def _directives(value: str, agent: str) -> set[str]:
    """The words of X-Robots-Tag or robots meta that speak to everybody or to us."""
    if named := _OTHER_AGENT.fullmatch(value):
        if named[1].lower() != agent.lower():
            return set()
        value = named[2]
    return {word.strip().lower() for word in value.split(",")}


def _metas(body: bytes) -> Iterator[tuple[str, str]]:
    head = body[:_HEAD_BYTES]
    if not _MENTIONS.search(head):  # nearly all pages: spares the parser
        return
    for node in LexborHTMLParser(bounded(head)).css("meta[name][content]"):
        yield (node.attributes.get("name") or "").strip(), node.attributes.get("content") or ""


def _reservations(tdmrep: bytes) -> Iterable[tuple[Pattern, bool]]:
    try:
        rules = json.loads(tdmrep)
    except (ValueError, RecursionError):
        return
    for rule in rules[:_MAX_RULES] if isinstance(rules, list) else ():
        location: Any = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and location:
            yield Pattern.read(location), rule.get("tdm-reservation") in (1, "1")
