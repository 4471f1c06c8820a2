"""Tables as charts. The server says what to draw, static/charts.js draws it; the table stays behind every chart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from newshouse.dashboard.table import Row, Table
from newshouse.dashboard.window import Window

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one colour of bars.

    Attributes:
        key: the column of its values.
        stack: series with the same name are piled up.
        dashed: drawn as a thin dashed line: an expectation rather than a measurement.
        colour: of the style sheet, where it means something; else the next one.
        usual: a level to compare it with, drawn dashed in its colour.
    """

    key: str
    label: str
    kind: str = "bar"
    stack: str | None = None
    dashed: bool = False
    colour: str | None = None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A table and how to draw it. `says` is the chart in one sentence, for those who do not see it."""

    table: Table
    title: str
    spec: dict[str, Any]
    says: str

    @property
    def json(self) -> str:
        """The spec for the script."""
        return json.dumps(self.spec, ensure_ascii=False, allow_nan=False, default=str)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(any(value is not None for value in series["values"]) for series in self.spec["series"])


def by_day(
    table: Table,
    window: Window,
    today: date,
    series: Sequence[Series],
    *,
    title: str = "",
    pivot: Sequence[Row] | None = None,
    unit: str = "",
    band: tuple[str, str] | None = None,
    marks: Sequence[tuple[date, str]] = (),
) -> Chart:
    """A chart over the calendar: every day of the window has its place, also those of which the table knows nothing.

    Args:
        today: its bar is hatched, because it is not over.
        title: of the chart, where it is not that of the table.
        pivot: one row a day with the columns of the series, where the table has several rows a day.
        unit: "" for counts, "%" for shares of 1, "h" for hours.
        band: the columns of the lowest and highest value that is no surprise.
        marks: days to point at, each with a word.
    """
    rows = {row["day"]: row for row in (table.rows if pivot is None else pivot)}
    title = title or table.title
    days = list(window.days())

    def values(key: str) -> list[Any]:
        return [_number(rows[day].get(key)) if day in rows else None for day in days]

    spec: dict[str, Any] = {
        "kind": "days",
        "days": [day.isoformat() for day in days],
        "partial": days.index(today) if today in days else None,
        "unit": unit,
        "series": [
            {
                "label": s.label,
                "kind": s.kind,
                "stack": s.stack,
                "dashed": s.dashed,
                "colour": s.colour,
                "usual": _number(s.usual),
                "values": values(s.key),
            }
            for s in series
        ],
        "marks": [{"day": day.isoformat(), "label": label} for day, label in marks],
    }
    if band:
        spec["band"] = {"low": values(band[0]), "high": values(band[1])}
    return Chart(table, title, spec, f"{title}, {window.first} to {window.last}, by UTC day. Its table follows.")


def hour_by_weekday(table: Table) -> Chart:
    """A heat map: `weekday` 1 (Monday) to 7, `hour` 0 to 23, `articles`, `delay_hours`."""
    cells: list[Any] = [
        [row["hour"], row["weekday"] - 1, row["articles"], _number(row["delay_hours"])] for row in table.rows
    ]
    spec = {"kind": "heat", "weekdays": WEEKDAYS, "series": [{"label": "Delay", "values": cells or [None]}]}
    return Chart(table, table.title, spec, f"{table.title}. Its table follows.")


def _number(value: Any) -> float | int | None:
    return round(value, 4) if isinstance(value, float) else value
