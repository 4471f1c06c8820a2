"""The date printed below the headline, where it is older than what machines are told: some content systems tell them
the day of the last version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from newshouse.parse.dates.day_order import day_comes_first
from newshouse.parse.dates.moments import moments_in
from newshouse.parse.dates.printed_dates import said_times
from newshouse.parse.dates.statements import MAX_LABEL_CHARS, PARTS, SAYS_SO, dates_of
from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import HEADINGS, Block
from newshouse.parse.dom.furniture import Verdict
from newshouse.parse.words import size
from newshouse.records import Moment

_BARE_CHARS = 32  # a line that holds a date and hardly anything beside it
_COARSE = ("month", "year")
_ZONES = timedelta(hours=14)
_TOP_BLOCKS = 7
_TEXT_CHARS = 70  # of a paragraph: what stands below it is no line of the headline
_LATE_VERSION = timedelta(days=366)
_OTHERS = frozenset((*HEADINGS, "dd", "td", "tr", "figcaption"))  # of something else, or another field says of what
_WORDS = re.compile(r"[^\W\d_]+")
_WEB = datetime(1995, 1, 1, tzinfo=UTC)
_READING_TIME = re.compile(r"\b\d+ ?min(?:\.|ut\w+)?(?: read\b|$)", re.IGNORECASE)
_BESIDE_DATES = frozenset(
    word
    for words in (
        "on am den le el il em uhr stand mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri",
        "friday sat saturday sun sunday mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag",
        "sonnabend so sonntag lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche",
        "lunes martes mié miércoles jue jueves vie viernes sáb sábado dom domingo lunedì martedì mercoledì",
        "giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira maandag dinsdag woensdag",
        "donderdag vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag",
        "lørdag søndag pazartesi salı çarşamba perşembe cuma cumartesi pazar понедельник вторник среда четверг",
        "пятница суббота воскресенье",
    )
    for word in words.split()
)


def printed_earlier(first: Moment, document: Document, zone: str | None) -> Moment | None:
    """The date that stands alone between headline and text, if it is of an earlier day than what machines are told:
    some content systems tell them the day of the last version.
    """
    top = document.below_headline[:_TOP_BLOCKS]
    for block, above in zip(top, [None, *top], strict=False):
        if len(block.text) > _BARE_CHARS or block.link_chars or not any(map(str.isdigit, block.text)):
            continue
        labelled = above is not None and above.text.endswith(":") and SAYS_SO.match(above.text) is not None
        alone = block.tag not in _OTHERS and _is_above_text(block, top)
        for part in PARTS.split(block.text):
            says_so = labelled or (block.tag not in _OTHERS and SAYS_SO.match(part) is not None)
            for moment in dates_of(part, zone, day_comes_first(document), short_years=False):
                believed = says_so or (alone and _stands_alone(moment, part) and moment.at > _earliest(first, top))
                if believed and _is_publication(moment) and _is_before(moment, first):
                    return moment
    said = (moment for moment in said_times(document, zone) if _is_before(moment, first))
    return next(said, None)


def printed_too(told: Moment, first: Moment, document: Document) -> bool:
    """Whether the day of a second statement to machines, not that of the first, stands alone near the headline."""
    day = told.at.date()
    if abs(day - first.at.date()) < timedelta(days=2):  # the same day in some time zone
        return False
    lines = (block.text for block in document.near_headline if not block.link_chars)
    shown = {moment.at.date() for line in lines for moment in dates_alone(line, document)}
    return day in shown and first.at.date() not in shown


def _earliest(first: Moment, top: list[Block]) -> datetime:
    """No date before that is believed without a word for it. Where the time to read is told, all since the web is."""
    return _WEB if any(_READING_TIME.search(block.text) for block in top) else first.at - _LATE_VERSION


def _is_publication(moment: Moment) -> bool:
    return moment.origin == "text" and moment.precision not in _COARSE


def _is_above_text(block: Block, top: list[Block]) -> bool:
    """Whether no paragraph stands above it, as one does above the days of a diary; or it is named as a byline."""
    first = next((b.position for b in top if size(b.text) >= _TEXT_CHARS and b.tag not in HEADINGS), None)
    return first is None or block.position < first or block.element.verdict is Verdict.BYLINE


def dates_alone(line: str, document: Document) -> Iterator[Moment]:
    """The dates of a short line whose parts say nothing else."""
    for part in PARTS.split(line) if len(line) <= MAX_LABEL_CHARS else ():
        found = moments_in(part, "text", day_first=day_comes_first(document))
        yield from (moment for _, moment in found if _stands_alone(moment, part))


def _stands_alone(moment: Moment, line: str) -> bool:
    """Whether a line says nothing else; a weekday may stand beside the date."""
    return all(word in _BESIDE_DATES for word in _WORDS.findall(line.replace(moment.raw, " ", 1).lower()))


def _is_before(printed: Moment, told: Moment) -> bool:
    """Whether it is earlier in every time zone."""
    if "day" not in (printed.precision, told.precision):
        return printed.at + _ZONES < told.at
    days = 0 if told.precision == "day" else 1
    return printed.at.date() + timedelta(days=days) < told.at.date()
