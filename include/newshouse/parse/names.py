"""What a name looks like: one line or value that credits somebody -> people and the agency.

"By Lee Min-hyung, Kim Yoo-chul", "김하늘·박바다 기자", "Ines Falk, Political Editor", "dpa/AFP". The publisher's own
name and a desk ("Redaktion", "Staff") are nobody; an agency is `Wire`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any

from newshouse.parse.agencies import agencies_in
from newshouse.parse.jsonld import types
from newshouse.parse.words import letters, plain, tidy
from newshouse.records import Author, Wire

_MAX_NAME_CHARS = 70
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
    r"by|von|par|por|di|da|door|av|af|przez|autor(?:en|in|es|a|e)?|auteurs?|autrice|authors?(?:\(s\))?|contributors?|"
    r"text|texte?|quelle|fotos? und text|redacci[óo]n|reporting by|escribe|escreve|"
    r"tekst|autore|kirjoittaja|skribent|journalist|journaliste|skrevet av|yazar|haber|muhabir|napsal[ai]?|szerző|"
    r"مقال|كتب|كتبت|بقلم|إعداد|الكاتب|المراسل|تحرير|文|撰文|글|取材・文|執筆|記者|编辑|作者|"
    r"автор|автори|текст)(?=[\s:：/／])\s*[:：/／]?\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[;|•·、，،/／\n]|\s(?:and|und|et|y|och|og|en|ed|with|mit|avec|con|com|ve|и|та|및|と)\s|&|\s(?:e|"
    r"i)\s(?=[A-ZÀ-Þ])|\sو(?=\w))\s*",
)
_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[<(\[]?\b[\w.+-]+@[\w-]+\.[\w.]+\b[>)\]]?")
_HANDLE = re.compile(r"\s*\(?@\w+\)?")
_WHEN = re.compile(
    r"(?<![\s,|·•–—-])[\s,|·•–—-]*(?:\b(?:on|am|le|el|il|published|updated|posted)\b[\s:]*)?(?:(?:mon|tues?|wed(?:nes)?|"
    r"thu(?:rs)?|fri|sat(?:ur)?|"
    r"sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?:day)?\.?,?\s+)?(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]{3,9}\.?,?\s+\d{4}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,9}\.?\s+\d{1,2}|\d{1,4}\s*min(?:ute)?s?\b).*$",
    re.IGNORECASE,
)
# What follows the names in the same line: who looked at it later, when it was changed, what else can be read.
_AFTER = re.compile(
    r"(?<=[^\s,.;|·•–—-])[\s,.;|·•–—-]+(?:last (?:updated|modified|reviewed)|first published|(?:re)?published|updated|"
    r"(?:medically )?reviewed by|edited by|fact[- ]checked|photos? by|photographs by|illustrat(?:ed|ions?) by|"
    r"fotos?\s*:|stand\s*:|"
    r"aktualisiert|veröffentlicht|mis à jour|publié|publicado|actualizado|bearbeitet|zuletzt|alle (?:artikel|beiträge)|"
    r"all posts|view (?:all|profile|bio)|read more|\d+ comments?)\b.*$",
    re.IGNORECASE,
)
_REPLY = re.compile(r"\b(?:says?|said|sagte?|schreibt|schrieb|dit|dice|escribió|wrote)\b\s*(?:[:,].*)?$", re.IGNORECASE)
_PARENTHESES = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{1,80})[)）\]】]\s*")
_ASIAN_ROLE = re.compile(
    r"^(?P<name>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·\s]{2,20}?)\s*(?P<role>(?:\S{0,8})?(?:기자|특파원|논설위원|선임기자|에디터|"
    r"PD|인턴기자|記者|特派員|編集委員|論説委員|记者|通讯员))$"
)
_ASIAN_ROLE_FIRST = re.compile(
    r"^(?P<role>(?:본지|本報|本报|本社|編集委員|特派員|記者|记者|기자))[\s・:：]*(?P<name>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,12})$"
)
_ROLE_WORDS = (
    r"editor|correspondent|reporter|writer|journalist|columnist|producer|contributor|critic|analyst|chief|bureau|"
    r"photographer|director|fellow|professor|author|presenter|specialist|founder|co-founder|manager|consultant|"
    r"coordinator|strategist|president|attorney|expert|head of|redakteur(?:in)?|chefredakteur(?:in)?|"
    r"korrespondent(?:in)?|journalistin|ressortleiter(?:in)?|reporterin|autorin|volontär(?:in)?|journaliste|"
    r"correspondante?|"
    r"r[ée]dact(?:eur|rice)|envoy[ée]e? sp[ée]ciale?|chroniqueu(?:r|se)|corresponsal|periodista|redactora?|giornalista|"
    r"inviat[oa]|redaktör|journalisten|مراسل|مراسلة|محرر|محررة|صحفي|كاتب|corrispondente|коррес\w+|журналіст\w*|"
    r"журналист\w*"
)
_ROLE = re.compile(rf"\b(?:{_ROLE_WORDS})\b", re.IGNORECASE)
_DEGREE = re.compile(
    r"^(?:Ph\.?D|M\.?D|M\.?A|M\.?S|B\.?A|B\.?S|R\.?N|R\.?D|R\.?D\.?N|D\.?D\.?S|D\.?V\.?M|M\.?P\.?H|M\.?B\.?A|J\.?D|"
    r"CFP|CPA|CFA|Ed\.?D|Psy\.?D|LCSW)\.?®?$"
)
_TRAILING_DEGREE = re.compile(r"\s(?:Ph\.?D|M\.D|MD|MBA|DVM|RDN?|CFP®?|CPP)\.?$")
# "Ines Falk Senior Reporter": a name, and what its bearer is, set apart by the layout alone.
_NAME_AND_ROLE = re.compile(
    r"^(?P<name>[A-ZÀ-Þ][\w'’.-]+(?:\s[A-ZÀ-Þ]\.)?(?:\s(?:de|da|van|von|der|den|la|le|el|bin|al|ter))*"
    rf"\s[A-ZÀ-Þ][\w'’-]+)\s+(?P<role>(?:[A-ZÀ-Þ&][\w&'’-]*\s+){{0,4}}(?i:{_ROLE_WORDS})\b.*)$"
)
_ORGANISATION = re.compile(
    r"\b(?:news|times|post|press|agency|agencies|staff|desk|newsroom|team|redaktion|redaction|rédaction|"
    r"redacci[óo]n|redazione|"
    r"redaktionen|redactie|redação|editorial|editors|zeitung|nachrichten|tagblatt|magazin|magazine|gmbh|inc|ltd|llc|"
    r"media|"
    r"network|radio|tv|television|online|digital|service|services|wire|wires|daily|herald|tribune|gazette|journal|"
    r"guardian|"
    r"chronicle|observer|institute|university|foundation|ministry|group|company|agence|agencia|agenzia|ajansı|haber|"
    r"correspondents|reporters|contributors|admin|administrator|webmaster|guest|autor|author|anonymous|unknown|"
    r"wikipedia|"
    r"newsletter|podcast|studio|council|association|society|centre|center|board|communications|www|com|blog|"
    r"partners?|verein|verband|stiftung|\w+stiftung|\w+verband\w*|\w+verein|\w+anstalt|\w+ministerium|bundesamt|"
    r"universität|hochschule|institut|verlag|pressestelle|\w+dienst|university|college|school|committee|union|"
    r"agenturen)\b|\be\.\s?V\b"
    r"|편집|취재팀|뉴스|신문|일보|新聞|編集部|編集局|通信|报|社$|هيئة التحرير|فريق|وكالات|وكالة|редакц",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(
    r"(?:Dr\.? )?[A-ZÀ-Þ][\w'’.\-]+(?: (?:[A-ZÀ-Þ]\.?|[A-ZÀ-Þ][\w'’.\-]+|de|da|do|dos|di|du|van|von|der|den|la|le|el|"
    r"bin|al|ter|y|zu|af|av)){0,3} (?:[a-z]['’])?[A-ZÀ-Þ][\w'’\-]+"
)
_PLACE = re.compile(r"\s*(?:,\s*|\s)(?:in|à|aus|en|from|reporting from)\s+[A-ZÀ-Þ][\w'’. -]{2,40}$")
_NAME = re.compile(r"^[^\W\d_][\w'’`´.\-‐‑\s\u00b7・]*$")
_TITLES = re.compile(r"^(?:mr|mrs|ms|herr|frau)\b\.?\s*", re.IGNORECASE)
_JUNIOR = re.compile(r"^(?:jr|sr|ii|iii|iv|esq)\.?$", re.IGNORECASE)
_NOT_NAMES = frozenset(
    re.findall(
        r"\S+",
        "published updated posted veröffentlicht aktualisiert stand publié publicado actualizado nachrichten "
        "quelle source written authors author edited reviewed photo foto more read about contact follow share "
        "comments home news and und et by von par por view all alle sign log name datum date tags kategorie",
    )
)
"""First words that no name begins with."""


def split_byline(line: str, own: Iterable[str] = ()) -> tuple[list[Author], Wire | None]:
    """People and agency of one printed line, e.g. "By Lee Min-hyung, Kim Yoo-chul". `own`: the publisher's names."""
    return people_in([line], frozenset(letters(name) for name in own))


def people_in(values: Iterable[Any], own: frozenset[str]) -> tuple[list[Author], Wire | None]:
    """People and agency of the first `MAX_PEOPLE` lines and schema.org objects.

    `own`: the publisher's names, letters only.
    """
    people: dict[str, Author] = {}
    wire: Wire | None = None
    for value in islice(values, MAX_PEOPLE):
        found, agency = _from_node(value, own) if isinstance(value, dict) else _from_line(plain(value) or "", own)
        wire = wire or agency
        for author in found:
            known = people.get(letters(author.name))
            if known is None or (known.role is None and author.role):
                people[letters(author.name)] = author
    return list(people.values()), wire


def is_full(name: str) -> bool:
    """Whether it looks like first name and surname, written as names are."""
    return _FULL_NAME.fullmatch(name) is not None


def is_desk(line: str) -> bool:
    """Whether a line is signed by a house or one of its desks, and says nothing else."""
    bare = PREFIX.sub("", line)
    return len(bare.split()) <= _MAX_DESK_WORDS and _ORGANISATION.search(bare) is not None and bare[:1].isupper()


def without_prefix(line: str) -> str:
    """A byline without its "By", "Von", "Par", …"""
    return PREFIX.sub("", line)


def _from_node(node: dict[str, Any], own: frozenset[str]) -> tuple[Sequence[Author], Wire | None]:
    name = node.get("name")
    line = ", ".join(filter(None, map(plain, name))) if isinstance(name, list) else plain(name)
    if not line:
        parts = (plain(node.get("givenName")), plain(node.get("familyName")))
        line = " ".join(filter(None, parts))
    people, wire = _from_line(line or "", own)
    if types(node) & {"organization", "newsmediaorganization", "corporation"} and not wire:
        return [], None
    role, employer = plain(node.get("jobTitle")), node.get("affiliation") or node.get("worksFor")
    organisation = plain(employer.get("name") if isinstance(employer, dict) else employer)
    if len(people) == 1:
        one = people[0]
        people = [replace(one, role=one.role or role, organisation=one.organisation or organisation)]
    return people, wire


@lru_cache(maxsize=200)  # a page says the same name in many places
def _from_line(line: str, own: frozenset[str]) -> tuple[Sequence[Author], Wire | None]:
    if len(line) > _MAX_LINE_CHARS:
        return (), None  # before any pattern: some need the square of what they are given
    if "@" in line:
        line = _HANDLE.sub(",", _EMAIL.sub("", line))
    signed = _undated(line)
    if signed.startswith(("http:", "https:", "www.")) or _REPLY.search(signed):
        return (), None
    wire = _wire(signed)
    if wire:
        return (), wire
    people: list[Author] = []
    line = _undated(_AFTER.sub("", PREFIX.sub("", line)))
    chunks = _SPLIT.split(line)
    if _is_one_organisation(line, chunks):
        return (), None
    for chunk in chunks:
        found, agency = _from_chunk(chunk, own)
        people += found
        wire = wire or agency
    return tuple(people), wire


def _undated(line: str) -> str:
    return (_WHEN.sub("", line) if _DIGIT.search(line) else line).strip(" ,|-–—")


def _is_one_organisation(line: str, chunks: list[str]) -> bool:
    """Whether "and" and the like stand inside a name: "Center for Drug Evaluation and Research"."""
    return len(chunks) > 1 and "," not in line and _ORGANISATION.match(chunks[0]) is not None


def _from_chunk(chunk: str, own: frozenset[str]) -> tuple[list[Author], Wire | None]:
    """One name, or a name with role or organisation after commas, or several names with commas between."""
    people: list[Author] = []
    wire: Wire | None = None
    for bracketed in _PARENTHESES.findall(chunk):
        if letters(bracketed) in own:
            return [], None  # "Deutsche Welle (www.dw.com)"
        wire = wire or _wire(bracketed)
    aside = next((text for text in _PARENTHESES.findall(chunk) if not _wire(text)), None)
    for raw_part in re.split(r"\s*,\s*", _PARENTHESES.sub(" ", chunk)):
        part = _PLACE.sub("", PREFIX.sub("", tidy(raw_part)).strip(" .:-–—"))
        if part and not people and letters(part) in own:
            return [], wire  # "hessenschau.de, Frankfurt, Germany" is an address
        if agency := _wire(part):
            wire = wire or agency
        elif part:
            _take(people, part, own)
    if aside and len(people) == 1 and letters(aside) not in own and not people[0].role:
        field = "organisation" if _ORGANISATION.search(aside) else "role"
        people[0] = Author(people[0].name, **{field: aside})
    return people, wire


def _take(people: list[Author], part: str, own: frozenset[str]) -> None:
    """Add the person that `part` names, or what it says about the last one."""
    last = people[-1] if people else None
    is_organisation = letters(part) in own or _ORGANISATION.search(part) is not None
    about_last = is_organisation or _ROLE.search(part) or _JUNIOR.match(part) or _DEGREE.match(part)
    if last and about_last and not _asian(part):
        people[-1] = _told_more(last, part, is_organisation and letters(part) not in own)
    elif author := _asian(part) or _with_role(part):
        people.append(author)
    elif is_organisation or _DEGREE.match(part):
        return
    elif last and " " in last.name and " " not in part and part.isascii():
        return  # a place: "Von Anna Sleegers, Frankfurt"
    elif not _ROLE.search(part) and (name := _name(part)):
        people.append(Author(name))


def _told_more(author: Author, part: str, is_organisation: bool) -> Author:
    if _JUNIOR.match(part):
        return replace(author, name=f"{author.name} {part}")
    if is_organisation:
        return replace(author, organisation=author.organisation or part)
    return replace(author, role=author.role or part) if _ROLE.search(part) else author


def _wire(text: str) -> Wire | None:
    found = agencies_in(PREFIX.sub("", text))
    return Wire("/".join(dict.fromkeys(found)), text) if found else None


def _asian(part: str) -> Author | None:
    match = _ASIAN_ROLE.match(part) or _ASIAN_ROLE_FIRST.match(part)
    return Author(tidy(match["name"]), role=match["role"]) if match else None


def _with_role(part: str) -> Author | None:
    match = _NAME_AND_ROLE.match(part)
    if not match or _ROLE.search(match["name"]) or _ORGANISATION.search(match["name"]) or not part[0].isupper():
        return None
    name = _name(match["name"])
    return Author(name, role=match["role"]) if name else None


def _name(part: str) -> str | None:
    part = _TRAILING_DEGREE.sub("", _TITLES.sub("", part) or part)
    words = part.split()
    if not words or letters(words[0]) in _NOT_NAMES:
        return None
    if (
        not 1 <= len(words) <= 6
        or PREFIX.fullmatch(f"{part} ")
        or len(part) > _MAX_NAME_CHARS
        or not _NAME.match(part)
        or len(letters(part)) < 2
    ):
        return None
    return part.title() if part.isupper() and len(part) > 4 else part
