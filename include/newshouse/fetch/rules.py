"""The rules of a robots.txt for one crawler, and which of them decides about a path (RFC 9309, 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

EVERYBODY = "*"
# A colon may be missing, and of a name such as `Newshouse/1.0 (+https://…)` the product counts.
_AGENT = re.compile(r"user[- ]?agent\s*:?\s*(\*|[a-z_-]+)", re.IGNORECASE)
_RULE = re.compile(r"(allow|dis?s?all?[ao]w|diasllow)(?:\s*:\s*|\s+)(\S.*)?$|(?:dis)?allow$", re.IGNORECASE)
_AFTER_HOST = re.compile(r"[^/?#]*//[^/?#]*")


def lines_for(agent: str, lines: Sequence[str]) -> list[str]:
    """What the file says to one crawler: all groups that name it, else all that name everybody (2.2.1)."""
    wanted = agent.lower()
    return _said_to(wanted, lines) if wanted in _named(lines) else _said_to(EVERYBODY, lines)


def _named(lines: Iterable[str]) -> set[str]:
    return {match[1].lower() for line in lines if (match := _AGENT.match(line))}


def _said_to(agent: str, lines: Iterable[str]) -> list[str]:
    said = []
    is_meant = has_rules = False
    for line in lines:
        if match := _AGENT.match(line):
            is_meant = match[1].lower() == agent or (is_meant and not has_rules)
            has_rules = False
        else:
            has_rules = has_rules or _RULE.match(line) is not None
            if is_meant:
                said.append(line)
    return said


@dataclass(frozen=True, slots=True)
class Pattern:
    """The paths that a rule speaks of: those that begin with it, where `*` is anything and a last `$` the end (2.2.3).

    Compared are octets, so `/%7Ejoe` is `/~joe`, and `%2A` is a star to be found (2.2.2).
    """

    pieces: tuple[bytes, ...]
    is_whole: bool

    @classmethod
    def read(cls, text: str) -> Pattern:
        """Understand it as written."""
        return cls(tuple(map(unquote_to_bytes, text.removesuffix("$").split("*"))), text.endswith("$"))

    def matches(self, path: bytes) -> bool:
        """Whether it speaks of a path (see `path_of`). By hand, because a regular expression could run for ever."""
        first, *others = self.pieces
        if not path.startswith(first):
            return False
        at = len(first)
        for piece in others:  # each as early as it fits
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return not self.is_whole or at == len(path) or (bool(others) and path.endswith(others[-1]))


def path_of(url: str) -> bytes:
    """What rules look at: path and query of an absolute URL, decoded."""
    path = _AFTER_HOST.sub("", url, count=1).partition("#")[0]
    return unquote_to_bytes(path if path.startswith("/") else f"/{path}")


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns and whether each allows, in the order they are asked: the longest first, of equal ones what allows."""

    rules: tuple[tuple[Pattern, bool], ...]

    @classmethod
    def read(cls, lines: Iterable[str]) -> Rules:
        """Understand the lines of the groups that count, without comments; what is no rule is passed over."""
        by_weight = sorted(_rules(lines), key=lambda rule: (len(rule[0].encode()), rule[1]), reverse=True)
        return cls(tuple((Pattern.read(text), allows) for text, allows in by_weight))

    def allow(self, url: str) -> bool:
        """Whether an absolute URL may be fetched."""
        path = path_of(url)
        return next((allows for pattern, allows in self.rules if pattern.matches(path)), True)


def _rules(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for line in lines:
        match = _RULE.match(line)
        if match and match[2]:  # an empty one says nothing
            yield match[2].strip(), match[1].lower() == "allow"
