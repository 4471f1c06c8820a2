"""Years and months of other calendars: the Persian one, the Buddhist one of Thailand, the eras of Japan and Taiwan.

The lunar calendar is left alone: its months begin where the moon is seen, a day apart between countries.
"""

from __future__ import annotations

import re
from datetime import date

_BUDDHIST, _BUDDHIST_YEARS = 543, range(2483, 2643)
_THAI = re.compile("[\u0e01-\u0e4e]")
# The year before the first of each era. Taiwan counts from the founding of its republic.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
ERA = rf"(?P<era>{'|'.join(_ERAS)})\s*(?P<era_year>元|\d{{1,3}})"
"""A pattern for a year of an era: 令和8, 中華民國115."""
HAS_ERA = re.compile(ERA)
PERSIAN_MONTHS = (
    "فروردین فروردين", "اردیبهشت ارديبهشت", "خرداد", "تیر تير", "مرداد امرداد", "شهریور شهريور", "مهر", "آبان", "آذر",
    "دی دي", "بهمن", "اسفند",
)  # fmt: skip
"""Their spellings, with the letters of Persian and of Arabic, from the one that begins in spring."""
_PERSIAN_NAMES = frozenset(name for names in PERSIAN_MONTHS for name in names.split())
_PERSIAN_YEARS = range(1300, 1500)
# In digits alone, the years since there was a web: those of the lunar calendar are 1411 and later in that time.
_PERSIAN_DIGITS = range(1370, 1411)
_PRINTED_PERSIAN = re.compile(r"[^\x00-\x7f]|\d{4}([/-])\d\d\1\d\d(?!\d)")  # by its digits, or with all its zeros
_SPRING_1405 = date(2026, 3, 21).toordinal()
_LONG_MONTHS, _MONTHS = 6, 12


def year_of(era: str, year: str) -> int:
    """The common year of "令和" and "8", or of "元", the first one."""
    return _ERAS[era] + (1 if year == "元" else int(year))


def common_date(year: int, month: int, day: int, name: str | None, raw: str) -> tuple[int, int, int] | None:
    """Year, month and day of the common calendar; None if there is no such day.

    `name`: that of the month, if it is written out; `raw`: the whole date.
    """
    if name in _PERSIAN_NAMES:
        return _from_persian(year, month, day) if year in _PERSIAN_YEARS else None
    if name is None and year in _PERSIAN_DIGITS and _PRINTED_PERSIAN.match(raw):
        return _from_persian(year, month, day)
    if year in _BUDDHIST_YEARS and (name is None or _THAI.search(raw)):  # "4 August 2500 people marched"
        year -= _BUDDHIST
    return year, month, day


def _from_persian(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    """Six months of 31 days, five of 30, and a last one of 29 or 30; eight leap years in 33, as from 1343 to 1472."""
    if not 1 <= month <= _MONTHS or not 1 <= day <= (31 if month <= _LONG_MONTHS else 30):
        return None
    before = 31 * (month - 1) if month <= _LONG_MONTHS else 30 * (month - 1) + _LONG_MONTHS
    at = date.fromordinal(_first_day(year) + before + day - 1)
    return (at.year, at.month, at.day) if at.toordinal() < _first_day(year + 1) else None


def _first_day(year: int) -> int:
    """Its ordinal, as `date` counts."""
    leaps = (8 * year + 21) // 33 - (8 * 1405 + 21) // 33
    return _SPRING_1405 + 365 * (year - 1405) + leaps
