"""How values are written for people. Times are UTC, and say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

_KILO = 1024
_NONE = "–"


def number(value: float | None) -> str:
    """1,234 or 0.25."""
    if value is None:
        return _NONE
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:,.2f}"


def share(value: float | None) -> str:
    """A share of 1 as per cent; never 0 % or 100 % when it is not quite that."""
    if value is None:
        return _NONE
    percent = 100 * value
    if 0 < percent < 0.1:
        return "<0.1 %"
    if 99.9 < percent < 100:
        return ">99.9 %"
    return f"{percent:.0f} %" if percent in (0, 100) else f"{percent:.1f} %"  # one decimal, so that columns line up


def hours(value: float | None) -> str:
    """A span of hours, as coarse as a person would say it."""
    if value is None:
        return _NONE
    if value < 0:  # a publisher's clock, or a date that is to come
        return f"{hours(-value)} ahead"
    if value < 1:
        return f"{value * 60:.0f} min"
    return f"{value:.0f} h" if value < 72 else f"{value / 24:.0f} days"


def seconds(value: float | None) -> str:
    """A duration."""
    if value is None:
        return _NONE
    if value < 1:
        return f"{1000 * value:.0f} ms"
    return f"{value:.1f} s" if value < 60 else f"{value / 60:.1f} min"


def size(value: float | None) -> str:
    """A number of bytes."""
    if value is None:
        return _NONE
    for unit in ("B", "kB", "MB", "GB"):
        if value < _KILO:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= _KILO
    return f"{value:.1f} TB"


def moment(value: datetime | None) -> str:
    """To the minute, in UTC."""
    return _NONE if value is None else f"{value:%Y-%m-%d %H:%M}"


def day(value: date | None) -> str:
    """A day with its weekday."""
    return _NONE if value is None else f"{value:%a %Y-%m-%d}"


def ago(value: datetime | None, now: datetime) -> str:
    """How long before now."""
    if value is None:
        return _NONE
    passed = (now - value).total_seconds() / 3600
    return hours(passed) if passed < 0 else f"{hours(passed)} ago"


def words(value: str | None) -> str:
    """A machine-readable name for people: soft_404 becomes soft 404."""
    return _NONE if value is None else value.replace("_", " ")


def web_address(value: str | None) -> str | None:
    """The address if a browser may follow it: http or https and nothing else."""
    if value is None:
        return None
    try:
        return value if urlsplit(value).scheme.lower() in ("http", "https") else None
    except ValueError:
        return None


def segment(value: str) -> str:
    """A value as one segment of an address."""
    return quote(value, safe="")


def spark(values: Sequence[float | None]) -> str:
    """The path of a line in a box of 100 by 20; where values are missing, so is the line."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    top, width = max(known) or 1, max(len(values) - 1, 1)
    steps = []
    for place, value in enumerate(values):
        if value is not None:
            begins = place == 0 or values[place - 1] is None
            steps.append(f"{'M' if begins else 'L'}{100 * place / width:.1f},{19 - 18 * value / top:.1f}")
            alone = begins and (place + 1 == len(values) or values[place + 1] is None)
            steps += ["h.1"] if alone else []  # a day between two holes is a point
    return "".join(steps)


def spark_said(values: Sequence[float | None]) -> str:
    """The same for those who do not see it."""
    known = [value for value in values if value is not None]
    return f"{len(known)} days, last {number(known[-1])}, most {number(max(known))}" if known else "nothing"


def percent(value: float, whole: float) -> str:
    """A length in a drawing: the share of `whole`, as `12.3%`."""
    return f"{100 * value / whole if whole else 0:.2f}%"


def plain(value: Any) -> str:
    """Any value of a row as text, nested ones a line an item."""
    match value:
        case None:
            return ""
        case list():
            return "\n".join(plain(item) for item in value)
        case dict():
            return ", ".join(f"{key}: {plain(item)}" for key, item in value.items() if item is not None)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S} UTC"
        case float():
            return f"{value:g}"
    return str(value)


def written(value: Any, kind: str) -> str:
    """A value of a plain column (see `table.Column`)."""
    if value is None:
        return _NONE
    return _KINDS[kind](value) if kind in _KINDS else str(value)


_KINDS: Mapping[str, Callable[[Any], str]] = {
    "number": number,
    "share": share,
    "hours": hours,
    "seconds": seconds,
    "bytes": size,
    "day": day,
}
FILTERS: Mapping[str, Callable[..., Any]] = {
    "number": number,
    "share": share,
    "hours": hours,
    "seconds": seconds,
    "size": size,
    "moment": moment,
    "day": day,
    "ago": ago,
    "words": words,
    "web_address": web_address,
    "segment": segment,
    "spark": spark,
    "percent": percent,
    "plain": plain,
    "written": written,
    "spark_said": spark_said,
}
