"""Dates of feeds and sitemaps, read strictly: RFC 822/5322, ISO 8601/W3CDTF and ctime, or None.

A moment needs a day, a time and a zone. Zone names that several countries share (IST, BST) are no zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone

_MAX_CHARS = 100  # the longest form, with day names and a comment, is under 60
_WESTERNMOST = timedelta(hours=-12)
_EASTERNMOST_MINUTES = 14 * 60

# RFC 5322 4.3 defines the North American ones; of the rest, names that one zone alone uses.
_ZONE_MINUTES = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT", "WET"), 0),
    **{"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420},
    **{"CET": 60, "CEST": 120, "WEST": 60, "EET": 120, "EEST": 180, "MSK": 180, "HKT": 480, "KST": 540, "JST": 540},
    **{"AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780},
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
_ZONE = r"(?P<zone>[A-Za-z]{1,5}|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?)"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:(?:[Tt]|\s+){_TIME}\s*{_ZONE}?)?",
    re.ASCII,
)
_RFC = re.compile(
    r"(?:[A-Za-z]{3,9}(?:\.?,\s*|\.?\s+))?(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3,9})\.?[\s-]+(?P<year>\d{4}|\d\d),?"
    rf"\s+{_TIME}\s*{_ZONE}?\s*(?:\([^()]*\))?",
    re.ASCII,
)

_CTIME = re.compile(
    rf"[A-Za-z]{{3}}\s+(?P<month>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+(?:{_ZONE}\s+)?(?P<year>\d{{4}})",
    re.ASCII,
)


def parse_date(raw: str | None) -> datetime | None:
    """The moment that `raw` states (UTC), or None when it does not state one in full."""
    match = _match(raw)
    if match is None or match["hour"] is None:
        return None
    offset = _offset(match["zone"])
    if offset is None:
        return None
    try:
        return _local(match).replace(tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def latest_reading(raw: str | None) -> datetime | None:
    """The last moment (UTC) that `raw` can mean: a bare day ends in the westernmost zone. To compare by, not keep."""
    moment = parse_date(raw)
    match = _match(raw)
    if moment is not None or match is None:
        return moment
    try:
        local = _local(match)
        if match["hour"] is None:
            local = datetime.combine(local, time.max)
        return local.replace(tzinfo=timezone(_WESTERNMOST)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _match(raw: str | None) -> re.Match[str] | None:
    if raw is None or len(raw) > _MAX_CHARS:
        return None
    text = raw.strip()
    return _ISO.fullmatch(text) or _RFC.fullmatch(text) or _CTIME.fullmatch(text)


def _local(match: re.Match[str]) -> datetime:
    """Raises ValueError for a day or time that does not exist."""
    fraction = (match["fraction"] or "").ljust(6, "0")[:6]
    clock = (int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0), int(fraction))
    return datetime(_year(match["year"]), _month(match["month"]), int(match["day"]), *clock)  # noqa: DTZ001 - zone follows


def _year(text: str) -> int:
    """Two digits are read as RFC 5322 4.3 says."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    if not _MONTH_NAME.fullmatch(text.lower()):
        raise ValueError(f"no such month: {text}")
    return _MONTHS.index(text[:3].lower()) + 1


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    minutes = _ZONE_MINUTES.get(zone.upper())
    if minutes is None:
        digits = re.search(r"([+-])(\d\d):?(\d\d)?$", zone)
        if digits is None or int(digits[3] or 0) > 59:
            return None
        minutes = (int(digits[2]) * 60 + int(digits[3] or 0)) * (-1 if digits[1] == "-" else 1)
    return timedelta(minutes=minutes) if abs(minutes) <= _EASTERNMOST_MINUTES else None
