"""Dates as newspapers print them, in six languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PLACEHOLDER = re.compile(r"\{(weekday|date)([+-]\d+)?\}")


@cache
def _styles() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "calendar.yaml").read_text(encoding="utf-8")
    styles: dict[str, Any] = yaml.safe_load(text)
    return styles


def _printed(form: str, moment: datetime, style: str) -> str:
    words = _styles()[style]
    text = words[form].format(
        weekday=words["weekdays"][moment.weekday()],
        month=words["months"][moment.month - 1],
        year=moment.year,
        day=moment.day,
        hour=moment.hour,
        hour12=moment.hour % 12 or 12,
        half="a.m." if moment.hour < 12 else "p.m.",
        minute=moment.minute,
    )
    return str(text).translate(str.maketrans("0123456789", words.get("digits", "0123456789")))


def printed_moment(moment: datetime, style: str) -> str:
    """A date with its time, as a style of `calendar.yaml` prints it, e.g. ``Freitag, 20. November 2026, 9.05 Uhr``."""
    return _printed("moment", moment, style)


def fill_dates(text: str, day: date, style: str) -> str:
    """Replace ``{weekday}``, ``{date}``, ``{weekday+2}`` and ``{date-1}``, counted in days from `day`."""

    def printed(match: re.Match[str]) -> str:
        named = day + timedelta(days=int(match[2] or 0))
        if match[1] == "weekday":
            return str(_styles()[style]["weekdays"][named.weekday()])
        return _printed("date", datetime.combine(named, time()), style)

    return _PLACEHOLDER.sub(printed, text)
