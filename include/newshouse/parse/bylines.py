"""One line or value that credits somebody -> people, the agency, and everybody as stated.

"By Lee Min-hyung, Kim Yoo-chul", "김하늘·박바다 기자", "Ines Falk, Political Editor", "dpa/AFP". The publisher's own
name and a desk ("Redaktion", "Staff") are credited and nobody's name; an agency is `Wire`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from newshouse.parse.agencies import agencies_in, without_source
from newshouse.parse.jsonld import types
from newshouse.parse.names import (
    UPPER,
    begins_as_organisation,
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
from newshouse.parse.words import letters, plain, tidy
from newshouse.records import Author, Wire

_MAX_LINE_CHARS = 400
MAX_PEOPLE = 40
"""As many lines or objects are read, and as many people kept, of one statement."""
_MAX_DESK_WORDS = 5
PREFIX = re.compile(
    r"^(?:(?:(?:this|ein|eine|an?|un|une|uma?) )?(?:(?:view |see |zeige )?(?:all|more|alle?|mehr|read more|"
    r"plus|tous les|ver (?:todas?|más))\s?)?"
    r"(?:(?:written|reported|posted|published|created|authored|compiled|contributed|submitted|story|words|text|"
    r"article|post|posts|articles|analysis|opinion|exclusive|review|report|recipe|interview|column|guest post)\s+"
    r"(?:was written )?by|"
    r"(?:verfasst|geschrieben|erstellt|eingestellt|ver[öo]ffentlicht|gepostet|publiziert|beitr[aä]ge?|artikel|"
    r"gastbeitrag|kommentar|analyse|bericht|reportage|interview|protokoll)\s+von|"
    r"eine? \w{4,20} von|mehr\s+von|more\s+(?:by|from)|"
    r"(?:écrit|publié|rédigé|posté|propos recueillis|article|articles|texte|tribune)\s+(?:le .{4,20} )?par|"
    r"(?:escrito|publicado|redactado|texto|enviado|postado|entradas)\s+por|(?:scritto|pubblicato)\s+da|a cura di|"
    r"(?:geschreven|geplaatst|gepubliceerd|tekst)\s+door|(?:skrevet|skriven|publicerad|publisert|tekst|text)\s+a[vf])|"
    r"about the author|by|von|par|por|di|da|door|av|af|przez|autor(?:en|in|es|a|e)?|auteurs?|autrice|authors?"
    r"(?:\(s\))?|contributors?|(?:texte?|tekst|quelle|fotos? und text|redacci[óo]n|haber|interview|reportage|protokoll|"
    r"analyse|analysis|bericht|words|story|report)(?=\s*[:：])|reporting by|"
    r"escribe|escreve|autore|kirjoittaja|skribent|journalist|journaliste|skrevet av|yazar|muhabir|napsal[ai]?|szerző|"
    r"مقال|كتب|كتبت|بقلم|إعداد|الكاتب|المراسل|تحرير|מאת|(?:取材[・と])?文(?:[・と]写真)?|撰文|글|執筆|記者|编辑|作者|"
    r"(?:γράφ(?:ει|ουν)|ρεπορτάζ|επιμέλεια|κείμενο|συντάκτ(?:ης|ρια))(?:\s?:)?(?:\s(?:ο|η|οι|του|της|των))?|του|της|των|"
    r"автор|автори|текст)(?:(?=[\s:：/／])\s*[:：/／]?|(?<=[\u3040-\u9fff])・)\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[;|•·●▪∙、，،\n]|\s(?:and|And|AND|und|et|y|och|og|en|ed|(?:im Gespräch |in conversation )?(?:with|mit)|"
    r"as told to|avec|con|com|ve|и|та|및|と)\s|&|\s(?:e|i)\s(?=[A-ZÀ-Þ])|\sو(?=\w))\s*",
)
_LISTED = re.compile(r"\s*[;|•·●▪∙、，،,]\s*")
# The field of the author in a line of several: "Date: 19.11.2026 Author: Ines Falk Source: Harbour Courier".
_LABELLED = re.compile(
    r"\s(?:author|autor(?:in)?|auteure?|autore|text|by|von|par|por)\s?:\s*(?P<names>[^:]{3,80}?)(?=\s+[^\W\d_]+\s?:|$)",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s*[/／]\s*(?![^()（）]*[)）])")
# 本报记者 王小明 李华: Chinese names hold no spaces, so these part them.
_CHINESE = re.compile(
    r"^(?:本[报報刊网網台社]|[\u3400-\u9fff]{2,6}[社网報报])?(?:特约|见习|实习)?[记記]者[\s:：]+(?P<names>[\u3400-\u9fff]{2,4}(?:\s+[\u3400-\u9fff]{2,4})+)$"
)
_ENCLOSED = re.compile(r"^[【［]\s*([^【】［］]{2,80})\s*[】］]$")
# A woman's first name in the genitive, "Της Μαρίας", loses the ending; her surname has none.
_HER = re.compile(r"^[Ττ]ης\s(\w{2,}[αη])ς\s")
# "Karin Vos Ms. Vos teaches hydraulic engineering": the line below the name.
_TOLD_OF = re.compile(
    rf"^((?:[{UPPER}][\w'’.-]+\s){{1,3}}?([{UPPER}][\w'’-]+))\s(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|M)\.?\s\2\b.*$"
)
# Who took the pictures wrote nothing: 写真・佐藤花子.
_PICTURED = re.compile(r"^(?:写真|撮影|摄影|攝影|사진)\s*[・:：/／=＝\s]")
_COMMA = re.compile(r"\s*,\s*")
_DASH = re.compile(r"\s+[-–—]+\s+")
_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[<(\[]?\b[\w.+-]+@[\w-]+\.[\w.]+\b[>)\]]?")
_HANDLE = re.compile(r"\s*\(?@\w+\)?")
_WHEN = re.compile(
    r"(?<![\s,|·•–—-])[\s,|·•–—-]*(?:\b(?:on|am|le|el|il|published|updated|posted)\b[\s:]*)?(?:(?:mon|tues?|wed(?:nes)?|"
    r"thu(?:rs)?|fri|sat(?:ur)?|"
    r"sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?:day)?\.?,?\s+)?(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]{3,9}\.?,?\s+\d{4}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,9}\.?\s+\d{1,2}|\d{1,2}\.\s\d{1,2}\.\s\d{4}|\d{1,4}\s*min(?:ute)?s?\b|@?\s?\d{1,2}:\d\d\b).*$",
    re.IGNORECASE,
)
# What follows the names in the same line: who looked at it later, when it was changed, what else can be read.
_AFTER = re.compile(
    r"(?<=[^\s,.;|·•–—-])[\s,.;|·•–—-]+(?:last (?:updated|modified|reviewed)|first published|(?:re)?published|updated|"
    r"(?:medically )?reviewed by|edited by|fact[- ]checked|photos? by|photographs by|illustrat(?:ed|ions?) by|"
    r"fotos?\s*:|stand\s*:|"
    r"aktualisiert|veröffentlicht|mis à jour|publié|publicado|actualizado|bearbeitet|zuletzt|alle (?:artikel|beiträge)|"
    r"all posts|view (?:all|profile|bio)|read more|\d+ comments?)(?!\w).*$",
    re.IGNORECASE,
)
_REPLY = re.compile(r"\b(?:says?|said|sagte?|schreibt|schrieb|dit|dice|escribió|wrote)\b\s*(?:[:,].*)?$")
_PARENTHESES = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{1,80})[)）\]】]\s*")
_PLACE = re.compile(r"\s*(?:,\s*|\s)(?:in|à|aus|en|from|reporting from)\s+[A-ZÀ-Þ][\w'’. -]{2,40}$")
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
    bare = PREFIX.sub("", line)
    return len(bare.split()) <= _MAX_DESK_WORDS and is_organisation(bare) and bare[:1].isupper()


def without_prefix(line: str) -> str:
    """A byline without its "By", "Von", "Par", …"""
    return PREFIX.sub("", line)


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
    signed = _undated(line)
    if signed.startswith(("http:", "https:", "www.")) or _REPLY.search(signed):
        return _NOBODY
    wire = _wire(signed)
    if wire:
        return Named((), wire, tuple(_LISTED.split(without_source(PREFIX.sub("", signed)))))
    line = _without_words_around(line)
    pieces = _SPLIT.split(line)
    if _is_one_organisation(line, pieces):
        return Named(credit=(line,))
    people: list[Author] = []
    credit: list[str] = []
    for piece in pieces:
        if _PICTURED.match(piece):
            continue
        if len(people) == 1 and not people[0].role and (role := _role_alone(piece, own)):
            people[0] = replace(people[0], role=role)
            continue
        chunks = [_from_chunk(chunk, own, is_person and len(pieces) == 1) for chunk in _chunks(piece)]
        people += (author for found in chunks for author in found.people)
        wire = wire or next((found.wire for found in chunks if found.wire), None)
        named = [name for found in chunks for name in found.credit]
        is_sign = len(chunks) > 1 and not any(is_full(name) for name in named)
        credit += [tidy(piece)] if is_sign and named else named
    if credit and not people and not _LISTED.search(line):
        credit = [line]  # houses joined by words are one signature: "Le Courrier et AFP"
    return Named(tuple(people), wire, tuple(credit))


# "Aug. 4, 2026, 9:30 AM EDT / Updated Aug. 5, 2026 By Ines Falk"
_DATED_BEFORE = re.compile(rf"^.{{4,120}}?\d{{4}}.{{0,30}}?\s(?=(?:By|BY|Von|Par|Por|Door|Af|Av)\s[{UPPER}])")


def _without_words_around(line: str) -> str:
    """The names of a line, without what introduces them and what follows."""
    if _DIGIT.search(line):
        line = _DATED_BEFORE.sub("", line)
    if enclosed := _ENCLOSED.match(line):
        line = enclosed[1]
    if chinese := _CHINESE.match(line):
        line = "、".join(chinese["names"].split())
    if line.startswith(("Της ", "της ")):
        line = _HER.sub(r"\1 ", line)
    line = _TOLD_OF.sub(r"\1", PREFIX.sub("", line))
    if labelled := _LABELLED.search(line):
        line = labelled["names"]
    return _undated(_AFTER.sub("", line))


def _undated(line: str) -> str:
    return (_WHEN.sub("", line) if _DIGIT.search(line) else line).strip(" ,|-–—")


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
    return [first, *(other for other in others if not (is_name and _is_place(other)))]


def _is_place(text: str) -> bool:
    if text.isupper() and len(text) <= _MAX_SIGN_CHARS:
        return False
    return text[:1].isupper() and " " not in text and not agencies_in(text) and not is_organisation(text)


def _from_chunk(chunk: str, own: frozenset[str], is_person: bool) -> Named:
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
        wire = wire or _wire(bracketed)
    in_brackets = wire is not None
    aside = next((text for text in _PARENTHESES.findall(chunk) if not _wire(text) and not is_pronouns(text)), None)
    houses: list[str] = []
    by_house = False
    for raw_part in _parts(_PARENTHESES.sub(" ", chunk), own):
        part = _PLACE.sub("", PREFIX.sub("", tidy(raw_part)).strip(" .:-–—"))
        part = _without_house(part, own)
        if part and not people and _is_own(part, own):
            by_house = True
            houses.append(part)
        elif (by_house and not is_full(part)) or (houses and not people and _is_place(part)):
            continue  # "harbour-courier.example, Lisbon, Portugal" is an address
        elif agency := _wire(part):
            wire = wire or agency
        elif signed := with_house(part):
            wire = wire or _wire(signed[1])
            people.append(Author(signed[0], organisation=None if _wire(signed[1]) else signed[1]))
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
    for part in _COMMA.split(chunk):
        first, *others = sides = _DASH.split(part)
        if others and is_full(first) and not _is_house(first, own) and not agencies_in(first):
            yield first
            yield from (o for o in others if not is_full(o) or is_role(o) or _is_house(o, own) or agencies_in(o))
        else:
            yield from sides if any(is_full(side) or is_role(side) for side in sides) else [part]


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
    elif is_degree(part) or (last and " " in last.name and " " not in part and part.isascii()):
        return True  # a place: "Von Anna Sleegers, Frankfurt"
    elif not is_role(part) and not PREFIX.fullmatch(f"{part} ") and (name := name_in(part, is_person and last is None)):
        people.append(Author(name))
    return True


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
def _wire(text: str) -> Wire | None:
    found = agencies_in(PREFIX.sub("", text))
    return Wire("/".join(dict.fromkeys(found)), text) if found else None
