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
        "politik wirtschaft kultur wissen gesundheit leben ausland inland panorama sankt nations union museum",
    )
)


def name_beside_date(document: Document) -> str | None:
    """The name, with the role that stands behind it in the same line; the date is before or behind it."""
    lines = [_line(block) for block in document.below_headline[:_LINES]]
    for before, line, behind in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        first, *others = map(str.strip, PARTS.split(line))
        is_name = _may_be_name(first, document.host) and any(map(_is_dated, others or (before, behind)))
        if is_name and not _is_spoken_of(first, document):
            return ", ".join((first, *(other for other in others[:1] if is_role(other))))
    return None


def _line(block: Block) -> str:
    is_line = len(block.text) <= _MAX_LINE_CHARS and not block.link_chars
    return block.text if is_line and block.element.nearest(_FORMS) is None else ""


def _may_be_name(text: str, host: str) -> bool:
    words = text.split()
    if len(words) not in _WORDS or not is_full(text) or text.isupper() or is_role(text) or is_headline(words):
        return False
    if is_place_name(text):
        return False
    return _JOINING.isdisjoint(words) and not any(letters(word) in host for word in words)


def _is_dated(line: str) -> bool:
    return any(moment.precision not in ("year", "month") for _, moment in moments_in(line, "text"))


def _is_spoken_of(name: str, document: Document) -> bool:
    """Whether the page tells that it is a topic or place: it says one of the words in small letters, or speaks of the
    whole in a sentence. "Real Estate", "Los Angeles".
    """
    words = [word.lower() for word in name.split() if len(word) > _PARTICLE_CHARS]
    shown = [block.text for block in document.blocks]
    small = re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '(?!)'})\b")
    if _PLACES_AND_TOPICS.intersection(words) or any(map(small.search, shown)):
        return True
    within = re.compile(rf"\b(?P<before>[^\W\dA-Z_]+),? [(“\"]?{re.escape(name)}\b")
    found = (match["before"] for text in shown if "@" not in text for match in within.finditer(text))
    return any(word not in _BY for word in found)
