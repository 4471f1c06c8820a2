"""Lines anywhere on a page that say when it was published: "Posted on 4 July 2026", "Dieser Beitrag wurde am …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from newshouse.parse.dates.moments import moments_in
from newshouse.parse.dom.elements import Block
from newshouse.parse.words import lower
from newshouse.records import Moment

MAX_LABEL_CHARS = 160
"""No longer is a line that gives a date."""
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?]\W{0,2}$")
_SENTENCE_END_CHARS = 6
_CHANGE_WORDS = (
    r"updat|modif|edited|revis|geändert|änderung|aktualis|bearbeitet|zuletzt|mis à jour|màj|actualiz|atualiz|aggiorna|"
    r"bijgewerkt|oppdater|uppdater|opdater|päivitet|aktualiz|frissít|обновлен|оновлен|ενημ[εέ]ρω|güncelle|تحديث|עודכן|"
    r"diperbarui|cập nhật|अपडेट|अद्यतन|อัปเดต|ปรับปรุง|수정|更新"
)
_CHANGED = re.compile(_CHANGE_WORDS)  # of a text in lower case, as `_VERB`
_WEEKDAY = (
    r"(?:mon|tue|wed|thu|fri|sat|sun|di|mi|do|fr|sa|so|lun|mar|mi[eé]|mer|jeu|jue|ven|vie|sam|s[aá]b|dim|dom|gio|seg|"
    r"ter|qua|qui|sex|ma|wo|vr|za|zo|mån|tis|ons|tor|fre|lör|lør|sön|søn|man|tir|пон|вто|сре|чет|пят|суб|вос|серед|п.ят|"
    r"нед|pon|wt|śr|czw|pt|sob|nie|paz|sal|çar|per|cum)\w{0,11}"
)
_LAST = (
    r"last|letzte|zuletzt|dernière|última|ultim[oa]|laatst|sist|senast|sidst|viimeksi|ostatni[ao]|son|artik[eo]l|"
    r"article|story|page|nota|terakhir"
)
CHANGED_ON = re.compile(
    rf"(?:(?:^|[^\w\s]|\d)\s*(?:(?:{_LAST})\s+)?|\s(?:{_LAST})\s+|(?<!next)\s(?=(?-i:[A-ZÀ-ÞА-Я]))|最終|最后|最後|최종|기사)"
    rf"(?:{_CHANGE_WORDS})(?!予定)\w*"
    r"(?:\s+(?:on|at|time|date|the|am|um|den|d\.|le|à|il|alle|em|el|op|om|den|kl\.?|tarihi|data|lúc|ngày|日|時|:))*\W*"
    rf"(?:{_WEEKDAY}\.?,?\s)?$",
    re.IGNORECASE,
)
"""Such a word right before a date, but for a day of the week, where a statement begins: not "Fahrplanänderung", not
"updated rules of", not "next update" or "prices updated".
"""
_MAX_STATED = 5
_DIGIT = re.compile(r"\d")
_STATEMENT_CHARS = 60  # words before the date
PARTS = re.compile(r"[|•·]")
"""What parts a line that gives several facts."""
_PUBLISHED_WORDS = (
    r"published|posted|erschienen|veröffentlicht|publiée?|publicad[oa]|pubblicat[oa]|gepubliceerd|publicerad|publisert|"
    r"udgivet|offentliggjort|julkaistu|opublikowano|publikováno|zveřejněno|vydáno|megjelent|közzétéve|publicat|"
    r"опубликован[оа]?|опубліковано|публикувано|δημοσίευση|δημοσιεύ(?:θηκε|τηκε)|yayın(?:lanma|landı)?(?: tarihi)?|"
    r"giriş|نشر|تاريخ النشر|פורסם|diterbitkan|tayang|đăng|प्रकाशित|เผยแพร่|입력|등록|발행|发布|發布|公開|掲載"
)
# Of a text in lower case, as that takes a fifth of the time.
_VERB = re.compile(rf"\b(?P<published>{_PUBLISHED_WORDS.replace('ı', '[ıi]')})\b|{_CHANGE_WORDS}")
SAYS_SO = re.compile(rf"\W*(?:(?:first|originally|zuerst|ursprünglich) )?(?:{_PUBLISHED_WORDS})\b", re.IGNORECASE)
"""What a line begins with that says when it was published."""
# "Erschienen am: 4.7.2026", behind other fields.
_FIELD = re.compile(rf"\b(?:{_PUBLISHED_WORDS})(?: \w{{2,6}})?\s?:\s*\d", re.IGNORECASE)
OF_THIS = re.compile(
    r"\W*(?:this|dies(?:er|es|e)|cet(?:te)?|est[ea]|quest[oa]|dit|deze|denna|detta|denne|dette)\s"
    r"(?:article|story|post|page|entry|column|artikel|beitrag|eintrag|text|seite|meldung|artículo|nota|entrada|artigo|"
    r"articolo|pagina|bericht|artikkel|inlägg)\b",
    re.IGNORECASE,
)
"""What a line begins with that says something of the page: "This article was", "Dieser Beitrag wurde"."""


def dates_of(text: str, zone: str | None, day_first: bool, short_years: bool) -> Iterator[Moment]:
    """The dates of a line; that of a change has the origin ``modified``."""
    at = 0
    for start, moment in moments_in(text, "text", zone, day_first=day_first, short_years=short_years):
        yield replace(moment, origin="modified") if tells_of_change(text[at:start]) else moment
        at = start + len(moment.raw)


def tells_of_change(text: str) -> bool:
    """Whether it holds a word for a change of the page."""
    return _CHANGED.search(lower(text)) is not None


def ends_as_prose(text: str) -> bool:
    """Whether a line ends as no line that gives a date does; a quotation mark may follow."""
    return _SENTENCE_END.search(text[-_SENTENCE_END_CHARS:]) is not None


def said_to_be_published(
    blocks: Iterable[Block], zone: str | None, day_first: bool, *, first: bool = False
) -> Iterator[Moment]:
    """The dates of the first few such lines; those of a change have the origin ``modified``.

    Args:
        blocks: where the lines stand.
        zone: IANA.
        day_first: as in `moments_in`.
        first: only those that say that it was published first, or originally, on that day, and not before there was a
            web: that was a book. So was what has a year alone.
    """
    lines = (line for line in _statements(blocks) if not first or _FIRST.search(line))
    for text in islice(lines, _MAX_STATED):
        moment = _moment_of(text, zone, day_first)
        if moment and moment.precision != "year" and (not first or moment.at.year >= _FIRST_YEAR):
            yield moment


_POSTED_BY = re.compile(r"\W*posted(?: on .{4,30})? by\s+[^\W\d_]", re.IGNORECASE)


def is_somebodys(line: str) -> bool:
    """Whether a line says that somebody posted: below the text that is as often the author of a comment."""
    return ("osted" in line or "OSTED" in line) and _POSTED_BY.match(line) is not None


_FIRST_YEAR = 1995
_FIRST = re.compile(r"\b(?:first|originally) published\b", re.IGNORECASE)


def _statements(blocks: Iterable[Block]) -> Iterator[str]:
    """Lines, or their parts, that may say when the page was published. A sentence that tells of a day is none."""
    for block in blocks:
        # Most lines have no digit, which is seen much quicker than that they have no verb.
        if len(block.text) <= MAX_LABEL_CHARS and _DIGIT.search(block.text) and _VERB.search(lower(block.text)):
            for part in map(str.strip, PARTS.split(block.text)):
                if OF_THIS.match(part) or (SAYS_SO.match(part) and not ends_as_prose(part)):
                    yield part
                elif label := _FIELD.search(part):
                    yield part[label.start() :]


def _moment_of(text: str, zone: str | None, day_first: bool) -> Moment | None:
    """The date of "Published on 4 July 2026" or "Dieser Beitrag wurde am 4. Juli 2026 veröffentlicht"."""
    at, moment = next(iter(moments_in(text, "text", zone, day_first=day_first, short_years=True)), (0, None))
    verb = _VERB.search(lower(text))
    if moment is None or verb is None or at > _STATEMENT_CHARS:
        return None
    is_change = tells_of_change(text[:at]) or not verb["published"]
    return replace(moment, origin="modified") if is_change else moment
