"""Signs of time zones that mean another clock elsewhere: EST is Eastern time in Australia as in America."""

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
}
_SIGNS = frozenset(sign for _, sign in _ELSEWHERE)
_REGION_CHARS = 2


def in_own_zone(moment: Moment, document: Document) -> Moment:
    """The moment in the zone that its sign means where the page comes from; as it was if it means no other."""
    sign = moment.raw[-3:].lower()
    if sign not in _SIGNS or moment.utc_offset_min is None:
        return moment
    last = document.host.rpartition(".")[2]
    region = last if len(last) == _REGION_CHARS else stated_locale(document)[1]
    zone = _ELSEWHERE.get((region, sign))
    if zone is None:
        return moment
    wall = moment.at.astimezone(UTC) + timedelta(minutes=moment.utc_offset_min)
    local = wall.replace(tzinfo=ZoneInfo(zone))
    return replace(moment, at=local.astimezone(UTC), utc_offset_min=minutes_east(local))
