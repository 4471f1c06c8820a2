"""Which days and which sources an address asks for: `?from=2026-11-01&to=2026-11-25&source=a&source=b`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from newshouse.errors import ConfigError

DAYS = 28  # four whole weeks: enough to see a weekday's habit
MOST_DAYS = 3660  # a chart of ten years is drawn in a second; more is a typing error
_YEARS = range(1900, 2201)  # some questions look back, or on, from there
PRESETS = (("7 days", 7), ("28 days", 28), ("90 days", 90), ("a year", 365))


@dataclass(frozen=True, slots=True)
class Window:
    """UTC days `first` to `last`, both included; of all sources where none is named."""

    first: date
    last: date
    sources: tuple[str, ...] = ()
    given: bool = False

    def days(self) -> Iterator[date]:
        """Every day of the calendar, whether anything happened on it or not."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)

    def sql(self, **more: Any) -> dict[str, Any]:
        """As the parameters `first`, `last` and `sources` of a query."""
        return {"first": self.first, "last": self.last, "sources": list(self.sources), **more}

    def of(self, source_id: str) -> Window:
        """The same days of one source."""
        return replace(self, sources=(source_id,))

    def earlier(self, days: int) -> Window:
        """From so many days before, for what the past says about the first of the days."""
        return replace(self, first=self.first - timedelta(days=days))

    def query(self, **more: str | None) -> str:
        """As the query of an address, with its question mark; days that were not asked for stay open."""
        days = [("from", self.first.isoformat()), ("to", self.last.isoformat())] if self.given else []
        pairs = [*days, *(("source", source) for source in self.sources)]
        pairs += [(key, value) for key, value in more.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""


def read_window(query: Mapping[str, str], sources: Sequence[str], today: date) -> Window:
    """What the query of an address asks for. Without days: the last four weeks.

    Raises:
        ConfigError: not days, far from any news, or in the wrong order; the message says how to write them.
    """
    last = _day(query, "to") or today
    first = _day(query, "from") or last - timedelta(days=DAYS - 1)
    if first > last:
        raise ConfigError(f"from={first} is after to={last}: exchange them.")
    if (last - first).days > MOST_DAYS:
        raise ConfigError(f"from={first} to={last}: more than ten years. Ask for fewer days.")
    chosen = tuple(dict.fromkeys(source for source in sources if source))
    return Window(first, last, chosen, given=bool(query.get("from") or query.get("to")))


def _day(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{name}={text!r}: not a day. Write it as 2026-11-25.") from error
    if day.year not in _YEARS:
        raise ConfigError(f"{name}={text}: ask for a day of the years {_YEARS[0]} to {_YEARS[-1]}.")
    return day
