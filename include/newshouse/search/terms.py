"""What a person types, as terms: words, "exact phrases", -excluded (or NOT excluded) ones, prefix*, a OR b, title:word,
author:name.

Words must all occur; OR binds its two neighbours, so `iran OR tehran talks` wants "talks" and one of the other two.
Everything else is text: `10:30`, `don't` and `AT&T` need no escaping.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newshouse.errors import ConfigError
from newshouse.search.analysis import is_dense, words

FIELDS = ("title", "author")
_OPTIONS = ("source", "language", "since", "until")
_OPERATORS = ("AND", "OR", "NOT")
_QUOTE = '"'
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", _QUOTE))
_ITEM = re.compile(r'(?P<minus>-)?(?:(?P<field>[A-Za-z]+):(?=["\w]))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for.

    Attributes:
        words: folded, one after the other.
        field: ``title``, ``author``, or None for title and text.
        prefix: the last word may go on.
    """

    words: tuple[str, ...]
    field: str | None = None
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A whole query: of each of `wanted` one alternative must occur, of `excluded` none may."""

    wanted: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...] = ()


def parse(text: str) -> Terms:
    """Read a query.

    Raises:
        ConfigError: a quote is not closed, OR or NOT has nothing to join, or there is nothing to look for; the message
            says where and what to do.
    """
    plain = text.translate(_QUOTES)
    if plain.count(_QUOTE) % 2:
        raise ConfigError(f"query: the quote at character {plain.rindex(_QUOTE) + 1} is not closed. Add another quote.")
    wanted: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    before = ""  # OR or NOT, as long as the term that it is about has not come
    last_is_out = False
    for item in _ITEM.finditer(plain):
        operator = item["word"] if item["word"] in _OPERATORS and not item["minus"] and not item["field"] else None
        is_out = bool(item["minus"]) or before == "NOT" or operator == "NOT"
        if (before == "OR" and is_out) or (operator == "OR" and last_is_out):
            raise ConfigError(f"query: OR cannot join what is excluded, at character {item.start() + 1}. Leave OR out.")
        if operator:
            if operator == "OR" and (not wanted or before):
                raise ConfigError(f"query: nothing stands before OR at character {item.start() + 1}.")
            before = before if operator == "AND" else operator
            continue
        term = _term(item)
        if term is None:
            continue
        last_is_out = is_out
        if is_out:
            excluded.append(term)
        elif before == "OR":
            wanted[-1] = (*wanted[-1], term)
        else:
            wanted.append((term,))
        before = ""
    if before:
        raise ConfigError(f"query: nothing stands after {before}. Add a word, or put {before} in quotes.")
    if not wanted:
        raise ConfigError(f"query {text!r}: it names no word that must occur. Give one, for example: 'nuclear talks'")
    return Terms(tuple(wanted), tuple(excluded))


def _term(item: re.Match[str]) -> Term | None:
    """None for punctuation."""
    field = (item["field"] or "").lower()
    said = item["phrase"] if item["phrase"] is not None else item["word"]
    if field in _OPTIONS:
        raise ConfigError(f"query: {item[0]!r}: write it as an option: --{field} {said}")
    if field and field not in FIELDS:
        said, field = f"{field} {said}", ""
    found = tuple(words(said))
    if not found:
        return None
    # A single character of a dense script is the beginning of pairs.
    return Term(found, field or None, said.endswith("*") or (len(found[-1]) == 1 and is_dense(found[-1])))
