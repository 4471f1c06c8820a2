"""A full name that stands alone right below the headline, beside the date; places and topics stand there as well."""

from __future__ import annotations

import re

from newshouse.parse.dates.moments import moments_in
from newshouse.parse.dates.statements import PARTS
from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import Block
from newshouse.parse.people.names import is_full, is_headline, is_role
from newshouse.parse.people.place_names import is_place_name
from newshouse.parse.words import letters

_LINES = 5
# "4 July 2026 - Ines Falk", "Ines Falk / 4 July 2026"
_FIELDS = re.compile(rf"\s*{PARTS.pattern}\s*|\s+[-–—/]\s+")
_FOR_SOMEBODY = re.compile(r"\s(?:on behalf of|im Auftrag)\s.*$")
_FORMS = frozenset(("form",))
_JOINING = frozenset(("and", "und", "et", "y", "e", "og", "och", "en"))
_MAX_LINE_CHARS, _WORDS, _PARTICLE_CHARS = 90, (2, 3), 3
_BY = frozenset(("by", "von", "par", "por", "door", "av", "af", "di", "da", "de", "author", "contact"))
# Words of places and sections, whether the text repeats them or not.
_PLACES_AND_TOPICS = frozenset(
    re.findall(
        r"\w+",
        "south north east west southern northern eastern western central middle united saudi angeles francisco diego "
        "aires lumpur kong salvador aviv africa america asia europe korea arabia states kingdom republic city county "
        "league cup formula court house senate parliament climate weather health care estate markets business finance "
        "economy politics science technology tech culture arts entertainment lifestyle travel education environment "
        "energy sports football soccer world local national international breaking latest featured top press release "
        "report reports review reviews video videos photos story stories guide analysis opinion blog feature "
        "features interview special exclusive live morning evening daily weekly rights summary study studies case "
        "market watch research events games intelligence domain access privacy security article "
        "related recent popular articles topics posts comments newsletter contact subscribe "
        "images pictures tickets hours information informationen info dates terms book buy read reading learn watch "
        "listen happy christmas regards birthday public safety home relations resources machine learning coast guard "
        "fact check source friday leggi anche lea también lire aussi weitere mehr artikel beiträge lesezeit minister "
        "prime bank bahn any only measure request appointment "
        "politik wirtschaft kultur wissen gesundheit leben ausland inland panorama sankt nations union museum",
    )
)


def name_beside_date(document: Document) -> str | None:
    """The name, with the role that stands behind it in the same line; the date is before or behind it."""
    lines = [_line(block) for block in document.below_headline[:_LINES]]
    for before, line, behind in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        name, *others = _name_first(line, document.host)
        said = [other for other in others if not is_role(other)]
        dated = name and any(map(_is_dated, said or (before, behind)))
        if dated and not _is_site(name, document) and not _is_spoken_of(name, document):
            return ", ".join((name, *(other for other in others[:1] if is_role(other))))
    return _name_above(document)


def _is_site(name: str, document: Document) -> bool:
    return letters(name) in {letters(site) for site in document.site_names}


def _name_above(document: Document) -> str | None:
    """The same in the line right above the headline, if that has the date too."""
    at = document.headline.position if document.headline else 0
    line = _line(document.blocks[at - 1]) if 0 < at <= len(document.blocks) else ""
    name, *others = _name_first(line, document.host)
    dated = name and any(map(_is_dated, others)) and not _is_site(name, document)
    return name if dated and not _is_spoken_of(name, document) else None


def _name_first(line: str, host: str) -> list[str]:
    """The parts of a line, of which the first may be a name; behind a date the name may be the last one."""
    if not line:
        return [""]
    parts = [_FOR_SOMEBODY.sub("", part.strip()) for part in _FIELDS.split(line)]
    named = [part for part in parts if may_be_name(part, host)]
    if not named or (named[0] != parts[0] and (len(named) > 1 or not _is_dated(parts[0]))):
        return [""]
    return [named[0], *(part for part in parts if part != named[0])]


def _line(block: Block) -> str:
    is_line = len(block.text) <= _MAX_LINE_CHARS and not block.link_chars
    return block.text if is_line and block.element.nearest(_FORMS) is None else ""


def may_be_name(text: str, host: str) -> bool:
    """Whether it is written as a full name of two or three words, and is no role, place or word of the address."""
    words = text.split()
    if len(words) not in _WORDS or not is_full(text) or text.isupper() or is_role(text) or is_headline(words):
        return False
    if is_place_name(text):
        return False
    return _JOINING.isdisjoint(words) and not any(letters(word) in host for word in words)


def _is_dated(line: str) -> bool:
    return any(moment.precision not in ("year", "month") for _, moment in moments_in(line, "text"))


def is_topic(name: str, document: Document) -> bool:
    """Whether one of its words is that of a topic or place, or the page says it in small letters too."""
    words = [word.lower() for word in name.split() if len(word) > _PARTICLE_CHARS]
    if not _PLACES_AND_TOPICS.isdisjoint(words):
        return True
    # Few texts hold them at all, and a pattern for each name costs more than to look.
    holding = [block.text for block in document.blocks if any(word in block.text for word in words)]
    return any(re.search(rf"\b{re.escape(word)}\b", text) for text in holding for word in words)


def _is_spoken_of(name: str, document: Document) -> bool:
    """Whether the page tells that it is a topic or place: it says one of the words in small letters, or speaks of the
    whole in a sentence. "Real Estate", "Los Angeles".
    """
    shown = [block.text for block in document.blocks]
    if is_topic(name, document):
        return True
    within = re.compile(rf"\b(?P<before>[^\W\dA-Z_]+),? [(“\"]?{re.escape(name)}\b")
    found = (match["before"] for text in shown if "@" not in text for match in within.finditer(text))
    return any(word not in _BY for word in found)
