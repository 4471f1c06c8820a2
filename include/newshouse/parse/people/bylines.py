"""One line or value that credits somebody -> people, the agency, and everybody as stated.

"By Lee Min-hyung, Kim Yoo-chul", "김하늘·박바다 기자", "Ines Falk, Political Editor", "dpa/AFP". The publisher's own
name and a desk ("Redaktion", "Staff") are credited and nobody's name; an agency is `Wire`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any

from newshouse.parse.dom.jsonld import types
from newshouse.parse.people.agencies import without_source
from newshouse.parse.people.byline_chunks import Named, from_chunk, is_place, is_signature, wire_of
from newshouse.parse.people.byline_words import undated, without_prefix, without_words_around
from newshouse.parse.people.names import (
    begins_as_organisation,
    is_full,
    is_organisation,
    is_role,
    with_asian_role,
    with_role,
)
from newshouse.parse.people.place_names import is_place_name
from newshouse.parse.words import letters, plain, tidy
from newshouse.records import Author, Wire

_MAX_LINE_CHARS = 400
MAX_PEOPLE = 40
"""As many lines or objects are read, and as many people kept, of one statement."""
_MAX_DESK_WORDS = 5
_SPLIT = re.compile(
    r"\s*(?:[;|•·●▪∙、，،\n]|\s(?:and|And|AND|und|et|y|och|og|en|ed|(?:im Gespräch |in conversation )?(?:with|mit)|"
    r"as told to|avec|con|com|ve|и|та|및|と)\s|&|\s(?:e|i)\s(?=[A-ZÀ-Þ])|\sو(?=\w))\s*",
)
_LISTED = re.compile(r"\s*[;|•·●▪∙、，،,]\s*")
_SLASH = re.compile(r"\s*[/／]\s*(?![^()（）]*[)）])")
# Who took the pictures wrote nothing: 写真・佐藤花子.
_PICTURED = re.compile(r"^(?:写真|撮影|摄影|攝影|사진)\s*[・:：/／=＝\s]")
_EMAIL = re.compile(r"[<(\[]?\b[\w.+-]+@[\w-]+\.[\w.]+\b[>)\]]?")
_HANDLE = re.compile(r"\s*\(?@\w+\)?")
_REPLY = re.compile(r"\b(?:says?|said|sagte?|schreibt|schrieb|dit|dice|escribió|wrote)\b\s*(?:[:,].*)?$")
_NOBODY = Named()


def split_byline(line: str, own: Iterable[str] = ()) -> Named:
    """Whom one printed line names, e.g. "By Lee Min-hyung, Kim Yoo-chul". `own`: the publisher's names."""
    return named_in([line], frozenset(letters(name) for name in own))


def named_in(values: Iterable[Any], own: frozenset[str]) -> Named:
    """Whom the first `MAX_PEOPLE` lines and schema.org objects name, each once.

    `own`: the publisher's names, letters only.
    """
    people: dict[str, Author] = {}
    credit: dict[str, str] = {}
    wire: Wire | None = None
    for value in islice(values, MAX_PEOPLE):
        found = _from_node(value, own) if isinstance(value, dict) else _from_line(plain(value) or "", own)
        wire = wire or found.wire
        for author in found.people:
            known = people.get(letters(author.name))
            if known is None or (known.role is None and author.role):
                people[letters(author.name)] = author
        for name in found.credit:
            credit.setdefault(letters(name), name)
    return Named(tuple(people.values()), wire, tuple(credit.values()))


def is_desk(line: str) -> bool:
    """Whether a line is signed by a house or one of its desks, and says nothing else."""
    bare = without_prefix(line)
    return len(bare.split()) <= _MAX_DESK_WORDS and is_organisation(bare) and bare[:1].isupper()


def _from_node(node: dict[str, Any], own: frozenset[str]) -> Named:
    name = node.get("name")
    line = "; ".join(filter(None, map(plain, name))) if isinstance(name, list) else plain(name)
    if not line:
        parts = (plain(node.get("givenName")), plain(node.get("familyName")))
        line = " ".join(filter(None, parts))
    if len(line) > _MAX_LINE_CHARS:
        return _NOBODY
    found = _from_line(line, own, is_person="person" in types(node))
    if types(node) & {"organization", "newsmediaorganization", "corporation"} and not found.wire:
        return Named(credit=(line,)) if line and is_signature(line) else _NOBODY
    employer = node.get("affiliation") or node.get("worksFor")
    role, organisation = (
        stated if stated and len(stated) <= _MAX_LINE_CHARS else None
        for stated in (
            plain(node.get("jobTitle")),
            plain(employer.get("name") if isinstance(employer, dict) else employer),
        )
    )
    if len(found.people) == 1:
        one = found.people[0]
        one = replace(one, role=one.role or role, organisation=one.organisation or organisation)
        return replace(found, people=(one,))
    return found


@lru_cache(maxsize=200)  # a page says the same name in many places
def _from_line(line: str, own: frozenset[str], is_person: bool = False) -> Named:
    if len(line) > _MAX_LINE_CHARS:
        return _NOBODY  # before any pattern: some need the square of what they are given
    if "@" in line:
        line = _HANDLE.sub(",", _EMAIL.sub("", line))
    signed = undated(line)
    if signed.startswith(("http:", "https:", "www.")) or _REPLY.search(signed):
        return _NOBODY
    wire = wire_of(signed)
    if wire:
        return Named((), wire, tuple(_LISTED.split(without_source(without_prefix(signed)))))
    line = without_words_around(line)
    if letters(line) in own:
        return Named(credit=(line,))
    pieces = _rejoined(line, own)
    if _is_one_organisation(line, pieces):
        return Named(credit=(line,))
    people: list[Author] = []
    credit: list[str] = []
    for piece in pieces:
        if _PICTURED.match(piece) or (people and _is_place_apart(piece, line)):
            continue
        if len(people) == 1 and not people[0].role and (role := _role_alone(piece, own)):
            people[0] = replace(people[0], role=role)
            continue
        chunks = [from_chunk(chunk, own, is_person and len(pieces) == 1) for chunk in _chunks(piece)]
        people += (author for found in chunks for author in found.people)
        wire = wire or next((found.wire for found in chunks if found.wire), None)
        named = [name for found in chunks for name in found.credit]
        is_sign = len(chunks) > 1 and not any(is_full(name) for name in named)
        credit += [tidy(piece)] if is_sign and named else named
    if len(people) > 1 and people[-1].role in _SHARED_ROLES:  # 김하늘·박바다 기자
        people = [one if one.role or one.name.isascii() else replace(one, role=people[-1].role) for one in people]
    if credit and not people and not _LISTED.search(line):
        credit = [line]  # houses joined by words are one signature: "Le Courrier et AFP"
    return Named(tuple(people), wire, tuple(credit))


_SHARED_ROLES = frozenset(("기자", "記者", "记者"))


def _rejoined(line: str, own: frozenset[str]) -> list[str]:
    """The parts of a line of several, but for what is split in vain: the publisher's "Bread & Tide", and roles."""
    pieces: list[str] = []
    end = 0
    for cut in [*_SPLIT.finditer(line), None]:
        start, piece = end, line[end : cut.start() if cut else len(line)]
        end = cut.end() if cut else len(line)
        last = pieces[-1] if pieces else ""
        joined = line[line.rfind(last, 0, start) : start + len(piece)] if last else ""
        if last and (_names_own(joined, own) or _goes_on(last, piece)):
            pieces[-1] = joined
        else:
            pieces.append(piece)
    return pieces


def _names_own(text: str, own: frozenset[str]) -> bool:
    return letters(_FOR.sub("", text)) in own


_FOR = re.compile(r"^(?:for|für)\s(?:the\s)?", re.IGNORECASE)


def _goes_on(last: str, piece: str) -> bool:
    """Whether a piece goes on with what the one before says of somebody: "…, Head of Content & Marketing"."""
    name, comma, told = last.partition(",")
    if not comma or not is_full(name.strip()) or with_asian_role(piece):
        return False
    first, before = piece.partition(",")[0].strip(), told.rpartition(",")[2].strip()
    if is_role(first):
        return with_role(first) is None
    is_listed = is_full(first) or is_full(before) or wire_of(first) or wire_of(before)
    return not is_listed and first[:1].isupper()


def _is_place_apart(piece: str, line: str) -> bool:
    """Whether it is a place behind a bar, "Inés Falcón | Puerto Vale"; behind "and" stands somebody called so."""
    is_place = is_place_name(piece) and not (is_role(piece) or is_organisation(piece))
    return is_place and re.search(rf"[|•·]\s*{re.escape(piece)}", line) is not None


def _is_one_organisation(line: str, pieces: list[str]) -> bool:
    """Whether "and" and the like stand inside a name: "Center for Drug Evaluation and Research"."""
    return len(pieces) > 1 and "," not in line and begins_as_organisation(pieces[0])


def _role_alone(piece: str, own: frozenset[str]) -> str | None:
    """What the one before is, where a piece says nothing else: "Ines Falk | Harbour Courier Staff Writer"."""
    if not is_role(piece) or "," in piece or with_asian_role(piece):
        return None
    if author := with_role(piece):
        return author.role if letters(author.name) in own else None
    last = " ".join(piece.split()[-2:])
    return None if is_full(last) and not is_role(last) else piece  # "Reporter Ines Falk"


def _chunks(piece: str) -> list[str]:
    """Parts between slashes. One word behind a full name is where it was written: "Ahmet Yılmaz / İstanbul"."""
    first, *others = _SLASH.split(piece)
    is_name = bool(others) and is_full(first)
    return [first, *(other for other in others if not (is_name and is_place(other)) and not _FILED.fullmatch(other))]


_FILED = re.compile(r"[\u4e00-\u9fff]+(?:報導|报道|報道)")  # 記者李海明／維爾港報導: where it was filed
