"""Public holidays, where the country's are known: a quiet day that is no drop."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from newshouse.sources.model import Source


def rested(source: Source, end: datetime) -> bool:
    """Tell whether most of the 24 hours before `end` (UTC) lie on a public holiday where the source is."""
    middle = end - timedelta(hours=12)
    return _is_holiday(source.country, middle.astimezone(ZoneInfo(source.timezone)).date())


@cache
def _is_holiday(country: str, day: date) -> bool:
    known = _holidays(country, day.year)
    return known is not None and day in known


@cache
def _holidays(country: str, year: int) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country, years=year)
    except NotImplementedError:  # a country that the list does not know
        return None
