"""What every question gives: rows with named, typed columns. A page shows it, a chart draws it, a file keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from newshouse.dashboard.published import Edition
from newshouse.dashboard.window import Window


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        kind: how a page writes it: text, number, share (0 to 1), hours, seconds, bytes, time, day, source, run, check,
            article, rejection, incident, reason, reasons, status, severity, url or spark (a list of numbers).
        note: what it means, where the label does not say it.
    """

    key: str
    label: str
    kind: str = "text"
    note: str = ""

    @property
    def numeric(self) -> bool:
        """Whether it is set flush right."""
        return self.kind in ("number", "share", "hours", "seconds", "bytes")

    @property
    def plain(self) -> bool:
        """Whether its values are written as text alone, without a link or a mark."""
        return self.numeric or self.kind in ("text", "day")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, each with a value for every column (and more that links need)."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]


Question = Callable[[Edition, Window], Table]
