"""Dates as publishers write them -> Moment. What the text does not say is not added.

Read are ISO 8601 and its many near misses, RFC 2822, epoch numbers, and printed dates with a month name or in the
Chinese, Japanese and Korean order, with the digits of any script. Month names: `months.py`, other calendars:
`calendars.py`. A date that reads differently in two countries (04/07/2024) is left alone, unless the page says which
country it is, or the date the day of the week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newshouse.parse.dates.calendars import HAS_ERA, common_date, year_of
from newshouse.parse.dates.months import month_number
from newshouse.parse.dates.patterns import (
    CLOCK_BEFORE,
    EPOCH,
    ISO_DAY,
    LABEL,
    PATTERNS,
    SHORT_YEAR,
    SHORT_YEAR_AND_CLOCK,
    SLASHED,
    URL_DATE,
    URL_DAY_FIRST,
    URL_LATE_DAY_FIRST,
    URL_NAMED,
    URL_SHORT,
    WEEKDAY,
    WEEKDAYS,
)
from newshouse.parse.words import tidy
from newshouse.records import Moment, Precision

_EARLIEST_YEAR, _LATEST_YEAR = 1850, 2100
_MAX_CHARS = 120
_FIND_WITHIN_CHARS = 300
_CENTURY = 2000  # of a year in two digits: the web is younger
_HOUR_DIGITS = 2
_YEAR_DIGITS, _DOTTED_DAY = re.compile(r"\d{4}"), re.compile(r"\d\.\s?\d{1,2}\.\d\d")
_CROATIAN = re.compile(r"\d\.\s*listopada", re.IGNORECASE)  # October there; in Polish, without the full stop, November
# Arabic, Persian, of India from Hindi to Malayalam, Thai, Burmese, full-width: each to that of ASCII.
_DIGITS = {
    zero + digit: str(digit)
    for zero in (0x660, 0x6F0, *range(0x966, 0xD67, 0x80), 0xE50, 0x1040, 0xFF10)
    for digit in range(10)
}

# Offsets, minutes. Only names that mean one thing in the news.
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "kst": 540, "jst": 540,
    "msk": 180, "мск": 180, "trt": 180, "eat": 180, "sast": 120, "pkt": 300, "npt": 345, "irst": 210, "ict": 420,
    "myt": 480, "pht": 480, "awst": 480, "acst": 570, "acdt": 630, "nzst": 720, "nzdt": 780, "brt": -180, "hst": -600,
    "akst": -540, "akdt": -480,
    "aest": 600, "aedt": 660, "eet": 120, "eest": 180, "wib": 420, "wita": 480, "sgt": 480, "hkt": 480,
    "bst": 60,
}  # fmt: skip
_BRITISH_SUMMER, _SUMMER_MONTHS = "bst", range(4, 11)  # Bangladesh uses the same sign all year
# Signs that stand for both halves of the year.
_REGIONS = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_AFTERNOON = frozenset(("pm", "오후", "午後", "下午", "μμ", "م", "مساء", "مساءا"))
_MORNING = frozenset(("am", "오전", "午前", "上午", "πμ", "ص", "صباح", "صباحا"))
_IN_HALF = str.maketrans("", "", ". \u064b")  # "a. m.", "صباحًا"


def read_moment(raw: str | None, origin: str, timezone_name: str | None = None) -> Moment | None:
    """The time that `raw` states, or None if it states none.

    A time without a zone is taken in `timezone_name` (IANA), or in UTC; `utc_offset_min` is None then. A day without
    a clock stays that calendar day at 00:00 UTC. Never raises.
    """
    raw = tidy(raw or "")
    if not raw or len(raw) > _MAX_CHARS:
        return None
    if match := EPOCH.fullmatch(raw):
        return Moment(datetime.fromtimestamp(int(match["seconds"]), UTC), raw, "second", 0, origin)
    for text in _readings(raw if raw.isascii() else raw.translate(_DIGITS)):
        for pattern in (*PATTERNS, SHORT_YEAR):
            match = pattern.fullmatch(text.rstrip(" |,;"))
            if match and (moment := _moment(match, raw, origin, timezone_name)):
                return moment
    return None


def _readings(raw: str) -> Iterator[str]:
    """It as it stands, then without a label, then without the day of the week too."""
    yield raw
    bare = LABEL.sub("", raw)
    if bare != raw:
        yield bare
    if (dayless := WEEKDAY.sub("", bare)) not in (bare, raw):
        yield dayless


def moments_in(
    text: str, origin: str, timezone_name: str | None = None, *, day_first: bool = False, short_years: bool = False
) -> list[tuple[int, Moment]]:
    """Where each whole date of a text begins, and what it states; in order, none inside another.

    Args:
        text: only the first few hundred characters are read.
        origin: as in `Moment`.
        timezone_name: as in `read_moment`.
        day_first: 04/07/2026 is the fourth of July; without it, such a date is left alone.
        short_years: 4.7.26 is a date; without it, it may as well be a version or a paragraph of a law.
    """
    whole = text = text[:_FIND_WITHIN_CHARS]
    if not text.isascii():
        text = text.translate(_DIGITS)
    # A year may have two digits, or one: 4.7.26, 令和8年.
    if not _YEAR_DIGITS.search(text) and not _may_be_short(text):
        return []
    found: list[tuple[int, int, Moment]] = []
    doubtful = (SHORT_YEAR if short_years else SHORT_YEAR_AND_CLOCK, *((SLASHED,) if day_first else ()))
    for pattern in (ISO_DAY, *PATTERNS[2:], *doubtful):
        for match in pattern.finditer(text):
            apart = all(match.end() <= start or match.start() >= end for start, end, _ in found)
            if not apart:
                continue
            clock = CLOCK_BEFORE.search(text[: match.start()]) if not match.groupdict().get("hour") else None
            if clock and (
                not (clock["half"] or len(clock["hour"]) == _HOUR_DIGITS)
                or any(start <= clock.start() < end for start, end, _ in found)
            ):
                clock = None  # how long a video is, or the clock of the date before
            start = clock.start() if clock else match.start()
            if moment := _moment(match, tidy(whole[start : match.end()]), origin, timezone_name, clock):
                found.append((start, match.end(), moment))
    return [(start, moment) for start, _, moment in sorted(found, key=lambda item: item[0])]


def _may_be_short(text: str) -> bool:
    """Whether a text without a year of four digits may hold a date all the same."""
    if _DOTTED_DAY.search(text) is not None:
        return True
    return not text.isascii() and HAS_ERA.search(text) is not None


def moment_in_url(url: str, *, day_first: bool = False) -> Moment | None:
    """The day that an address carries, as in ``/2024/07/04/``, ``/2024/july/04/`` or ``/24-07-2024``.

    `day_first`: as in `moments_in`, of ``/04-07-2024``.
    """
    path = url.split("?", maxsplit=1)[0]
    for pattern in (URL_DATE, URL_SHORT, URL_NAMED, URL_DAY_FIRST if day_first else URL_LATE_DAY_FIRST):
        match = pattern.search(path)
        if match and (moment := _moment(match, match[0].strip("/-_."), "url", None)):
            return moment
    return None


def _moment(
    match: re.Match[str], raw: str, origin: str, timezone_name: str | None, clock: re.Match[str] | None = None
) -> Moment | None:
    """`clock`: that of the day, where it stands before it."""
    part = match.groupdict() | (clock.groupdict() if clock else {})
    hour = _hour(part)
    stated_day = _day(part, raw)
    if stated_day is None or hour is None:
        return None
    year, month, day = stated_day
    precision = _precision(part)
    has_clock = precision in ("hour", "minute", "second")
    stated = (part.get("zone") or "").lower() if has_clock else ""
    if stated == _BRITISH_SUMMER and month not in _SUMMER_MONTHS:
        stated = ""
    offset = _offset(stated)
    zone = _zone(_REGIONS.get(stated, timezone_name)) if has_clock else UTC
    try:
        if offset is not None:
            zone = timezone(timedelta(minutes=offset))
        local = datetime(
            year, month, day, hour % 24, int(part.get("minute") or 0),
            min(59, int(part.get("second") or 0)), tzinfo=zone,
        )  # fmt: skip
        if stated in _REGIONS:
            offset = minutes_east(local)
        return Moment((local + timedelta(days=hour // 24)).astimezone(UTC), raw, precision, offset, origin)
    except (ValueError, OverflowError):
        return None


def _day(part: dict[str, str | None], raw: str) -> tuple[int, int, int] | None:
    """Year, month and day of the common calendar; None if they are none that a publication can have."""
    name = part.get("name")
    month = month_number(name) if name else int(part.get("month") or 1)
    if era := part.get("era"):
        year = year_of(era, part.get("era_year") or "")
    else:
        year = int(part["year"] or 0) if "year" in part else _CENTURY + int(part["short"] or 0)
    if not month or _CROATIAN.search(raw):
        return None
    found = common_date(year, month, int(part.get("day") or 1), name, raw)
    if found and (weekday := part.get("weekday")):
        found = _on_weekday(*found, weekday.lower())
    return found if found and _EARLIEST_YEAR <= found[0] <= _LATEST_YEAR else None


def _on_weekday(year: int, one: int, other: int, weekday: str) -> tuple[int, int, int] | None:
    """The date of two numbers that falls on that day of the week, if only one of the two that they may be does."""
    found = set()
    for month, day in ((one, other), (other, one)):
        try:
            if date(year, month, day).weekday() == WEEKDAYS.index(weekday):
                found.add((year, month, day))
        except ValueError:
            continue
    return found.pop() if len(found) == 1 else None


def _precision(part: dict[str, str | None]) -> Precision:
    names: tuple[Precision, ...] = ("second", "minute", "hour", "day", "month")
    return next((name for name in names if part.get(name) or (name == "month" and part.get("name"))), "year")


def _hour(part: dict[str, str | None]) -> int | None:
    hour = int(part.get("hour") or 0)
    half = (part.get("half") or part.get("half2") or "").lower().translate(_IN_HALF)
    if half in _AFTERNOON:
        return hour + 12 if hour < 12 else hour
    if half in _MORNING:
        return hour % 12 if hour <= 12 else None
    return hour if hour < 24 or not part.get("minute") or int(part["minute"] or 0) == 0 else None


def minutes_east(local: datetime) -> int | None:
    """The offset of a local time from UTC; None where it has no zone."""
    offset = local.utcoffset()
    return None if offset is None else int(offset.total_seconds()) // 60


def _offset(zone: str) -> int | None:
    """Minutes of "+02:00", "GMT+7" or "CEST" (lower case)."""
    if zone[:3] in ("utc", "gmt") and zone[3:]:
        zone = zone[3:].strip()
        hours, colon, rest = zone[1:].partition(":")
        zone = f"{zone[0]}{hours.zfill(2)}{colon}{rest}"
    if zone[:1] in ("+", "-", "−"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return minutes if zone[0] == "+" else -minutes
    return _ZONES.get(zone)


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
