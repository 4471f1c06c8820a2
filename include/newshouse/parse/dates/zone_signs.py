"""Signs of time zones that mean another clock elsewhere: EST is Eastern time in Australia as in America, and IST is
that of India, Israel and Ireland.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from newshouse.parse.dates.day_order import stated_locale
from newshouse.parse.dates.moments import minutes_east
from newshouse.parse.dom.document import Document
from newshouse.records import Moment

# Region (of the address, else of the stated language) and sign to the zone that tells summer time from the other.
_ELSEWHERE = {
    ("au", "est"): "Australia/Sydney",
    ("au", "edt"): "Australia/Sydney",
    ("my", "mst"): "Asia/Kuala_Lumpur",
    ("mm", "mst"): "Asia/Yangon",
    ("ph", "pst"): "Asia/Manila",
    ("in", "ist"): "Asia/Kolkata",
    ("il", "ist"): "Asia/Jerusalem",
    ("ie", "ist"): "Europe/Dublin",
}
_REGION_OF = {**dict.fromkeys(("hi", "ta", "te", "kn", "ml", "mr", "gu"), "in"), "he": "il", "ga": "ie"}
_SIGNS = frozenset(sign for _, sign in _ELSEWHERE)
_REGION_CHARS = 2


def in_own_zone(moment: Moment, document: Document, known: str | None = None) -> Moment:
    """The moment in the zone that its sign means where the page comes from; as it was if it means no other.

    `known`: the zone in which a time without an offset was taken.
    """
    sign = moment.raw.rstrip(")")[-3:].lower()
    if sign not in _SIGNS or moment.precision == "day" or (moment.utc_offset_min is None and known):
        return moment
    last = document.host.rpartition(".")[2]
    code, stated = stated_locale(document)
    region = last if len(last) == _REGION_CHARS else stated or _REGION_OF.get(code, "")
    zone = _ELSEWHERE.get((region, sign))
    if zone is None:
        return moment
    wall = moment.at.astimezone(UTC) + timedelta(minutes=moment.utc_offset_min or 0)
    local = wall.replace(tzinfo=ZoneInfo(zone))
    return replace(moment, at=local.astimezone(UTC), utc_offset_min=minutes_east(local))
