"""The rules of a robots.txt for one crawler, and which of them decides about a path (RFC 9309, 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

EVERYBODY = "*"
# A colon may be missing, and of a name such as `Newshouse/1.0 (+https://…)` the product counts. One that is none, such
# as `360Spider`, is nobody's: its group must not join the one before.
_AGENT = re.compile(r"user[- ]?agent[^\s:]*(?:\s*:\s*|\s+|$)(\*(?!\S)|[a-z_-]*)", re.IGNORECASE)
_RULE = re.compile(r"(allow|dis?s?all?[ao]w|diasllow)(?:\s*:\s*|\s+)(\S.*)?$|(?:dis)?allow$", re.IGNORECASE)
PAUSE_OR_RULE = re.compile(rf"(?:crawl-delay|request-rate)\s*:|{_RULE.pattern}", re.IGNORECASE)
_RESERVED = ":/?#[]@!&'()+,;="  # RFC 3986, 2.2, without `*` and `$`, which a rule can only look for encoded
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")
_AFTER_HOST = re.compile(r"[^/?#]*//[^/?#]*")


def lines_for(agent: str, lines: Sequence[str], rule: re.Pattern[str] = _RULE) -> list[str]:
    """What the file says to one crawler: all groups that name it, else all that name everybody (2.2.1).

    Args:
        rule: lines that end the names of a group. Others may stand between two names.
    """
    wanted = agent.lower()
    return _said_to(wanted if wanted in _named(lines) else EVERYBODY, lines, rule)


def _named(lines: Iterable[str]) -> set[str]:
    return {match[1].lower() for line in lines if (match := _AGENT.match(line))}


def _said_to(agent: str, lines: Iterable[str], rule: re.Pattern[str]) -> list[str]:
    said = []
    is_meant = has_rules = False
    for line in lines:
        if match := _AGENT.match(line):
            is_meant = match[1].lower() == agent or (is_meant and not has_rules)
            has_rules = False
        else:
            has_rules = has_rules or rule.match(line) is not None
            if is_meant:
                said.append(line)
    return said


@dataclass(frozen=True, slots=True)
class Pattern:
    """The paths that a rule speaks of: those that begin with it, where `*` is anything and a last `$` the end (2.2.3).

    Compared are octets, so `/%7Ejoe` is `/~joe`. What separates parts of an address is not what stands encoded within
    one: `%2F` is no slash, and `/*?` does not speak of a slug that asks (`%3F`). `%2A` is a star to be found. So say
    RFC 9309, 2.2.2, and Google's parser; the RFC's second example, a URL within a query, is at odds with both.

    Attributes:
        pieces: what stands between the stars, as `_octets` gives it.
        is_whole: whether the path must end with the last of them.
    """

    pieces: tuple[str, ...]
    is_whole: bool

    @classmethod
    def read(cls, text: str) -> Pattern:
        """Understand it as written."""
        return cls(tuple(map(_octets, text.removesuffix("$").split("*"))), text.endswith("$"))

    @property
    def weight(self) -> int:
        """How many octets it has: the rule with the most decides."""
        return sum(map(len, self.pieces)) + len(self.pieces) - 1 + self.is_whole

    def matches(self, path: str) -> bool:
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


def path_of(url: str) -> str:
    """What rules look at: path and query of an absolute URL, in the form of a pattern's pieces."""
    path = _AFTER_HOST.sub("", url, count=1).partition("#")[0]
    return _octets(path if path.startswith("/") else f"/{path}")


def _octets(text: str) -> str:
    """All but reserved and unreserved characters percent-encoded, unreserved ones not (RFC 3986, 6.2.2.2)."""
    encoded = quote(text, safe=f"{_RESERVED}%", errors="surrogatepass")
    return _ENCODED.sub(lambda match: _plainest(match[0]), encoded)


def _plainest(encoded: str) -> str:
    character = chr(int(encoded[1:], 16))
    return character if _UNRESERVED.fullmatch(character) else encoded.upper()


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns and whether each allows, in the order they are asked: the longest first, of equal ones what allows."""

    rules: tuple[tuple[Pattern, bool], ...]

    @classmethod
    def read(cls, lines: Iterable[str]) -> Rules:
        """Understand the lines of the groups that count, without comments; what is no rule is passed over."""
        rules = [(Pattern.read(text), allows) for text, allows in _rules(lines)]
        return cls(tuple(sorted(rules, key=lambda rule: (rule[0].weight, rule[1]), reverse=True)))

    def allow(self, url: str) -> bool:
        """Whether an absolute URL may be fetched."""
        path = path_of(url)
        return next((allows for pattern, allows in self.rules if pattern.matches(path)), True)


def _rules(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for line in lines:
        match = _RULE.match(line)
        if match and match[2]:  # an empty one says nothing
            yield match[2].strip(), match[1].lower() == "allow"
