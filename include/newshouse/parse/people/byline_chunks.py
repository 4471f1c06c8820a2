"""One chunk of a byline: a name, with its role, house or place behind commas or dashes or in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from newshouse.parse.people.agencies import agencies_in, without_source
from newshouse.parse.people.byline_words import is_prefix, without_prefix
from newshouse.parse.people.names import (
    UPPER,
    is_degree,
    is_full,
    is_junior,
    is_organisation,
    is_placeholder,
    is_pronouns,
    is_role,
    name_in,
    with_asian_role,
    with_house,
    with_role,
)
from newshouse.parse.people.place_names import is_place_name
from newshouse.parse.words import letters, tidy
from newshouse.records import Author, Wire

_COMMA = re.compile(r"\s*,\s*")
_DASH = re.compile(r"\s+[-–—]+\s+")
_PARENTHESES = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{1,80})[)）\]】]\s*")
_PLACE = re.compile(r"\s*(?:,\s*|\s)(?:in|à|aus|en|from|reporting from)\s+[A-ZÀ-Þ][\w'’. -]{2,40}$")
# 港湾部 佐藤花子: the desk before the name.
_CJK = "[\u3040-\u30ff\u3400-\u9fff]"
_CJK_DESK = re.compile(rf"^{_CJK}{{1,6}}(?:部|局|支局|総局)\s+(?={_CJK}{{3,8}}$)")
_FOR = re.compile(r"(.+?)\s(?:[Ff]or|für)\s(?:[Tt]he\s)?[A-ZÀ-Þ]")
_ARTICLE = re.compile(r"^(?:the|der|die|das|le|la|les|el|los|il|lo|de|het)\s|^l['’]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom one statement names.

    Attributes:
        people: persons, with what it says about them.
        wire: the first agency.
        credit: everybody in order, as stated: people, desks, houses, agencies. A sign ("det/dpa") is one.
    """

    people: tuple[Author, ...] = ()
    wire: Wire | None = None
    credit: tuple[str, ...] = ()


def is_place(text: str) -> bool:
    """Whether a word behind a name can be where it was written: no sign of an editor, no agency, no house."""
    if text.isupper() and len(text) <= _MAX_SIGN_CHARS:
        return False
    return text[:1].isupper() and " " not in text and not agencies_in(text) and not is_organisation(text)


def from_chunk(chunk: str, own: frozenset[str], is_person: bool) -> Named:
    """One name, or a name with role or organisation after commas, or several names with commas between.

    `is_person`: the page states that it is one.
    """
    people: list[Author] = []
    wire: Wire | None = None
    if (inverted := _INVERTED.match(chunk)) and not any(map(_is_no_name, inverted.groups())):
        chunk = f"{inverted[2]} {inverted[1]}"
    for bracketed in _PARENTHESES.findall(chunk):
        if letters(bracketed) in own:
            return Named(credit=(tidy(chunk),))  # "Deutsche Welle (www.dw.com)"
        wire = wire or wire_of(bracketed)
    in_brackets = wire is not None
    aside = next((text for text in _PARENTHESES.findall(chunk) if not wire_of(text) and not is_pronouns(text)), None)
    houses: list[str] = []
    by_house = False
    for raw_part in _parts(_CJK_DESK.sub("", _PARENTHESES.sub(" ", chunk)), own):
        part = _PLACE.sub("", without_prefix(tidy(raw_part)).strip(" .:-–—"))
        part = _without_house(part, own)
        if part and not people and _is_own(part, own):
            by_house = True
            houses.append(part)
        elif (by_house and not is_full(part)) or (houses and not people and is_place(part)):
            continue  # "harbour-courier.example, Lisbon, Portugal" is an address
        elif agency := wire_of(part):
            wire = wire or agency
        elif signed := with_house(part):
            wire = wire or wire_of(signed[1])
            people.append(Author(signed[0], organisation=None if wire_of(signed[1]) else signed[1]))
        elif part and not _take(people, part, own, is_person) and is_signature(part):
            houses.append(part)
    if aside and len(people) == 1 and letters(aside) not in own and not people[0].role:
        field = "organisation" if is_organisation(aside) else "role"
        people[0] = Author(people[0].name, **{field: aside})
    if in_brackets and len(people) == 1 and " " not in people[0].name and people[0].name[0].isupper():
        people = []  # a place: "Velden (dpa)"
    agencies = [without_source(wire.evidence)] if wire else []
    if by_house and people:
        houses = []
    return Named(tuple(people), wire, (*(author.name for author in people), *houses, *agencies))


def _parts(chunk: str, own: frozenset[str]) -> Iterator[str]:
    """Parts between commas, and between dashes beside a name or a role: "Harbour Courier - Ines Falk".

    Behind a full name and a dash stands no second one, but a place: "Ana Souza — Rio de Janeiro".
    """
    named = False  # whether a full name stands before it
    for part in _COMMA.split(chunk):
        first, *others = sides = _DASH.split(part)
        is_name = is_full(first) and not _is_house(first, own) and not agencies_in(first)
        if others and (named or is_name):
            yield first
            yield from (o for o in others if not is_full(o) or is_role(o) or _is_house(o, own) or agencies_in(o))
        elif others and _UNCASED.fullmatch(part) and " " in first and not any(" " in other for other in others):
            yield first  # a name and a place in a script without capitals: إيناس الصقر - الميناء
        else:
            yield from sides if any(is_full(side) or is_role(side) for side in sides) else [part]
        named = named or is_name


_UNCASED = re.compile(r"[\s\-–—.\u0590-\u08ff\u0900-\u0dff\u0e00-\u0e7f]+")


def _take(people: list[Author], part: str, own: frozenset[str], is_person: bool) -> bool:
    """Add the person that `part` names, or what it says about the last one. False if it is a house or a desk."""
    last = people[-1] if people else None
    is_house = _is_house(part, own)
    about_last = is_house or is_role(part) or is_junior(part) or is_degree(part)
    if last and about_last and not with_asian_role(part):
        people[-1] = _told_more(last, part, is_house and not _is_own(part, own))
    elif author := with_asian_role(part) or with_role(part):
        people.append(author)
    elif is_house:
        return False
    elif is_degree(part) or (last and is_place_name(part)) or (last and _is_word_behind(last, part)):
        return True  # a place: "Von Anna Sleegers, Frankfurt", "Ana Souza, g1 — Rio de Janeiro"
    elif not is_role(part) and not is_prefix(part) and (name := name_in(part, is_person and last is None)):
        people.append(Author(name))
    return True


def _is_word_behind(last: Author, part: str) -> bool:
    return " " in last.name and " " not in part and part.isascii()


def _is_house(part: str, own: frozenset[str]) -> bool:
    return _is_own(part, own) or is_organisation(part)


# "O’Neill, Sean": two words, the surname first, as libraries and some content systems write names.
_INVERTED = re.compile(rf"^([{UPPER}][\w'’‑-]+),\s+([{UPPER}][\w'’‑-]+(?:\s[{UPPER}]\.)?)$")


def _is_no_name(text: str) -> bool:
    return text.isupper() or is_role(text) or is_organisation(text) or is_junior(text) or bool(agencies_in(text))


def _is_own(part: str, own: frozenset[str]) -> bool:
    return letters(part) in own or letters(_ARTICLE.sub("", part)) in own


def _without_house(part: str, own: frozenset[str]) -> str:
    """A name without its house: "Ines Falk for the Harbour Courier", "Ines Falk Harbour Courier Staff"."""
    if (match := _FOR.match(part)) and is_full(match[1]):
        return match[1]
    words = part.split()
    end = len(words) - (words[-1:] in (["staff"], ["Staff"], ["STAFF"]))
    for at in range(2, end):
        if letters(" ".join(words[at:end])) in own:
            return " ".join(words[:at])
    return part


def is_signature(part: str) -> bool:
    """Whether it signs as a house or desk does: a few words, none of them a placeholder like "admin"."""
    return len(part.split()) <= _MAX_HOUSE_WORDS and not is_placeholder(part)


_MAX_HOUSE_WORDS = 12
_MAX_SIGN_CHARS = 3  # "Harbour Courier /PP"
# "professor of hydraulics at Velden University"
_POST = re.compile(r"^(?P<role>.+?)\s+(?:at|bei|an der|am|beim|à l['’]|à la|en la|vid|ved)\s+(?:the\s)?(?P<house>.+)$")


def _told_more(author: Author, part: str, is_employer: bool) -> Author:
    if is_junior(part):
        return replace(author, name=f"{author.name} {part}")
    if is_employer and (post := _POST.match(part)) and is_role(post["role"]) and is_organisation(post["house"]):
        return replace(author, role=author.role or post["role"], organisation=author.organisation or post["house"])
    if is_employer and not is_role(part.rsplit(maxsplit=1)[-1]):
        return replace(author, organisation=author.organisation or part)
    return replace(author, role=author.role or part) if is_role(part) else author


@lru_cache(maxsize=2_000)  # the same names again and again
def wire_of(text: str) -> Wire | None:
    """The agencies of a sign like "dpa/AFP", behind "By" or alone; None if any part of it is something else."""
    found = agencies_in(without_prefix(text))
    return Wire("/".join(dict.fromkeys(found)), text) if found else None
