"""The publisher's own clock, where a time is stated in UTC: the page often shows the same minute on a local one.

"2026-07-05T01:25:54Z" beside "July 4, 2026, 9:25 p.m." was written four hours west of Greenwich, on the fourth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from newshouse.parse.dates.day_order import day_comes_first
from newshouse.parse.dates.earlier import dates_alone
from newshouse.parse.dates.moments import minutes_east, moment_in_url, moments_in, read_moment
from newshouse.parse.dates.statements import MAX_LABEL_CHARS, tells_of_change
from newshouse.parse.dom.apart import stands_apart
from newshouse.parse.dom.document import Document, text_in
from newshouse.records import Moment

_NOON, _MIDNIGHT = 12, 24
_WITH_MINUTES = ("second", "minute")
_MAX_HITS, _MAX_TIMES = 200, 10
_DAY_AND_HOUR_CHARS = len("2026-07-04T21:")
# Its name, in the same element or object.
_NAMED = re.compile(rb"(?:publ|created)[^,{}]{0,70}$", re.IGNORECASE)
_NAME_BYTES = 100
_PAIR_AT = 1  # "5:" of "25:54", which is rarer than pairs of digits
_WRITTEN = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?P<zone>[+-]\d\d:?\d\d)?(?![\d:.]|Z)")
_MINUTES = re.compile(r"(?=\d\s?[:.hH]\s?(\d\d)(?!\d))")
# Clocks of the world, in minutes east of UTC: more would let chance hits in.
_CLOCKS = frozenset((*range(-11 * 60, 14 * 60 + 1, 60), -570, -210, 210, 270, 330, 345, 390, 570, 630)) - {0}

# Countries of one clock, east of Greenwich, whose addresses are used in the country itself.
_CLOCKS_OF = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "bg": "Europe/Sofia", "ch": "Europe/Zurich", "cz": "Europe/Prague",
    "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "ee": "Europe/Tallinn", "fi": "Europe/Helsinki",
    "fr": "Europe/Paris", "gr": "Europe/Athens", "hr": "Europe/Zagreb", "hu": "Europe/Budapest",
    "ie": "Europe/Dublin", "il": "Asia/Jerusalem", "it": "Europe/Rome", "jp": "Asia/Tokyo", "kr": "Asia/Seoul",
    "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo", "pl": "Europe/Warsaw", "ro": "Europe/Bucharest", "rs": "Europe/Belgrade",
    "se": "Europe/Stockholm", "si": "Europe/Ljubljana", "sk": "Europe/Bratislava", "th": "Asia/Bangkok",
    "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "ua": "Europe/Kyiv", "uk": "Europe/London", "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg",
}  # fmt: skip


def on_local_clock(moment: Moment, document: Document) -> Moment:
    """The moment with the offset that the page shows for this very minute; as it was where it shows none."""
    if moment.utc_offset_min != 0 or moment.precision not in _WITH_MINUTES:
        return moment
    shown = (offset for other in _same_minute(moment, document) if (offset := _offset(moment, other)))
    offset = next(shown, None) or _midnight(moment, document)
    return replace(moment, utc_offset_min=offset) if offset else moment


def _same_minute(moment: Moment, document: Document) -> Iterator[Moment]:
    """Times of the page that have the same minute: those with an offset first, then those in print by the headline."""
    # Of times on the minute there are many, so that one without a zone must be called the publication.
    texts = dict.fromkeys(_written(f"{moment.at:%M:%S}".encode(), document.markup, named=not moment.at.second))
    written = [other for text in texts if (other := read_moment(text, ""))]
    yield from (other for other in written if other.utc_offset_min is not None)
    minutes = {f"{(moment.at.minute + off) % 60:02}" for off in (0, 30)}  # half an hour off as in India
    yield from _printed((block.text for block in document.near_headline), minutes, document)
    yield from (other for other in written if other.utc_offset_min is None)
    ours = (node for node in document.found.dated[:_MAX_TIMES] if not stands_apart(node, document.frames))
    yield from _printed(map(text_in, ours), minutes, document)  # where they are taken for furniture


def _printed(lines: Iterable[str], minutes: set[str], document: Document) -> Iterator[Moment]:
    for text in lines:
        if len(text) <= MAX_LABEL_CHARS and not minutes.isdisjoint(_MINUTES.findall(text)):
            printed = moments_in(text, "", day_first=day_comes_first(document))
            yield from (other for at, other in printed if not tells_of_change(text[:at]))


def _midnight(moment: Moment, document: Document) -> int | None:
    """Minutes east of UTC, if the moment is the midnight that begins the day which the page shows, or a midnight of the
    country of its address: content systems keep bare days so.
    """
    at = moment.at
    if at.hour < _NOON or at.minute or at.second:
        return None
    country = _CLOCKS_OF.get(document.host.rpartition(".")[2])
    local = at.astimezone(ZoneInfo(country)) if country else None
    if local is not None and local.hour == 0:
        return minutes_east(local)
    day = at.date() + timedelta(days=1)
    shown = [other for block in document.near_headline for other in dates_alone(block.text, document)]
    shown += [other for other in [moment_in_url(document.url)] if other]
    is_shown = any(other.precision == "day" and other.at.date() == day for other in shown)
    return (_MIDNIGHT - at.hour) * 60 if is_shown else None


def _written(clock: bytes, markup: bytes, named: bool) -> Iterator[str]:
    """ISO times that end with these minutes and seconds.

    `named`: of those without a zone only such as are named after a publication.
    """
    for at in _places(clock, markup)[:_MAX_HITS]:
        start = max(0, at - _DAY_AND_HOUR_CHARS)
        match = _WRITTEN.match(markup, start)
        if match and (not named or match["zone"] or _NAMED.search(markup[max(0, start - _NAME_BYTES) : start])):
            yield match[0].decode()


def _places(clock: bytes, markup: bytes) -> list[int]:
    """Where these five bytes stand. Two of them are compared at once, in less than half the time of `bytes.find`."""
    pair = np.frombuffer(clock, np.uint16, 1, _PAIR_AT)[0]
    found: list[int] = []
    for start in range(min(2, len(markup))):
        pairs = np.frombuffer(markup, np.uint16, (len(markup) - start) // 2, start)
        found += (2 * np.flatnonzero(pairs == pair) + (start - _PAIR_AT)).tolist()
    return sorted(at for at in found if at >= 0 and markup.startswith(clock, at))


def _offset(moment: Moment, other: Moment) -> int | None:
    """Minutes east of UTC, if `other` is the same minute on another clock."""
    if other.precision not in _WITH_MINUTES:
        return None
    if other.utc_offset_min is not None:
        return other.utc_offset_min if abs(other.at - moment.at) < timedelta(minutes=1) else None
    minutes, rest = divmod(other.at.replace(second=0) - moment.at.replace(second=0), timedelta(minutes=1))
    return minutes if not rest and minutes in _CLOCKS else None
