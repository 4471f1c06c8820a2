"""Rules on who wrote it."""

from __future__ import annotations

import re
from dataclasses import replace

from newshouse.validate.row import ParsedRow
from newshouse.validate.rule import Rule

_LONGEST_NAME = 60  # characters; longer "names" are sentences or lists
_LONGEST_BYLINE = 200
_NOT_A_NAME = re.compile(r"[@|<>{}\d]|https?:|www\.|\n")
_LEADS = ("by ", "updated", "published", "posted", "written by", "share", "follow", "photo", "read more")
_FURNITURE = ("min read", "minute read", "share this", "follow us", "http://", "https://", "add to", "sign up", "<")
_NOT_IN_NAMES = re.compile(r"[\W_]+")


def _byline_pollution(row: ParsedRow) -> str | None:
    bad = next((name for name in row.authors if not _is_a_name(name)), None)
    if bad is not None:
        return f"the author {bad[:100]!r} is no name"
    return (
        f"the byline {row.byline[:100]!r} holds more than names" if row.byline and _is_furnished(row.byline) else None
    )


def _only_names(row: ParsedRow) -> ParsedRow:
    """Without the authors that are none, and without a byline that holds more: a null beats a guess."""
    byline = None if row.byline and _is_furnished(row.byline) else row.byline
    authors = tuple(filter(_is_a_name, row.authors))
    credit = tuple(name for name in row.credit if name in authors or name not in row.authors)
    return replace(row, byline=byline, authors=authors, credit=credit)


def _is_a_name(name: str) -> bool:
    return not (len(name) > _LONGEST_NAME or _NOT_A_NAME.search(name) or name.casefold().startswith(_LEADS))


def _is_furnished(byline: str) -> bool:
    folded = byline.casefold()
    return len(byline) > _LONGEST_BYLINE or any(words in folded for words in _FURNITURE)


def _author_is_source(row: ParsedRow) -> str | None:
    own_names = {_bare(row.source_name), _bare(_host_of(row.source_homepage)), _bare(row.source_id)} - {""}
    clash = next((name for name in row.authors if _bare(name) in own_names), None)
    return None if clash is None else f"the author {clash!r} is the publisher"


def _bare(name: str | None) -> str:
    """A name without case, spaces, punctuation and a leading article."""
    return _NOT_IN_NAMES.sub("", (name or "").casefold()).removeprefix("www").removeprefix("the")


def _host_of(homepage: str | None) -> str:
    return (homepage or "").partition("://")[2].partition("/")[0].partition(":")[0]


RULES = (
    Rule(
        "byline_pollution",
        "The byline or an author holds addresses, dates or page furniture; what is no name is taken out.",
        "info",
        "repair",
        _byline_pollution,
        repair=_only_names,
        fails={"authors": ("Mara Lindqvist", "Updated 18:30")},
        passes={"authors": ("Mara Lindqvist", "Jean-Luc d'Arc", "김현우")},
    ),
    Rule(
        "author_is_source",
        "An author is the publisher itself.",
        "info",
        "tag",
        _author_is_source,
        fails={"authors": ("Harbour Post",)},
        passes={"authors": ("Posty Harbour",)},
    ),
)
