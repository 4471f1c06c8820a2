"""What every question gives: rows with named, typed columns. A page shows it, a chart draws it, a file keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newshouse.dashboard.frame import Asked
    from newshouse.dashboard.window import Window

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        kind: how a page writes it: text, number, share (0 to 1), hours, seconds, bytes, time, day, source, run, check,
            article, rejection, incident, log, reason, reasons, status, severity, spark (a list of numbers) or choice (a
            box to tick).
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

    @property
    def filed(self) -> bool:
        """Whether it stands in the file of its table."""
        return self.kind not in ("spark", "choice", "log")


ARTICLE = Column("title", "article", "article")
SOURCE = Column("source_id", "source", "source")
PUBLISHED = Column("published_at", "published", "time")
DAY = Column("day", "day", "day")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, each with a value for every column (and more that links need).

    Attributes:
        empty: what a page says when there is no row.
        file: where its CSV is, below `export/`; None where it has none of its own.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row]
    empty: str = "Nothing in these days."
    file: str | None = None


Question = Callable[["Asked"], Table]
QUESTIONS: dict[str, Question] = {}


def question(
    name: str,
    title: str,
    columns: tuple[Column, ...],
    *,
    keys: Sequence[str] = (),
    empty: str = "Nothing in these days.",
    kept: bool = True,
) -> Callable[[Callable[[Asked], list[Row]]], Question]:
    """Make a table of a function that gives its rows. The answer is kept, and `/export/NAME.csv` gives all of it.

    Args:
        keys: the parameters of the address that the answer hangs on, beside days and sources.
        kept: False where it hangs on the time of the question, too.
    """

    def made(rows_of: Callable[[Asked], list[Row]]) -> Question:
        @wraps(rows_of)
        def answer(ask: Asked) -> Table:
            given = {key: ask.parameter(key) for key in keys}

            def table() -> Table:
                return Table(name, title, columns, rows_of(ask), empty, f"{name}.csv{ask.window.query(**given)}")

            return ask.edition.once((name, ask.window, ask.today, *given.values()), table) if kept else table()

        QUESTIONS[name] = answer
        return answer

    return made


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list that is too long for one, and what the address narrows the list by.

    Attributes:
        name: of its CSV, which has the whole list.
        start: number of the first row of this page, from 0.
    """

    name: str
    rows: list[Row]
    total: int
    start: int
    page_rows: int
    window: Window
    filters: Mapping[str, str]

    def query(self, page: int | None = None) -> str:
        """The address of a page of this list; without a number, of the whole."""
        return self.window.query(**self.filters, page=str(page) if page and page > 1 else None)

    @property
    def newer(self) -> str | None:
        """The page before, if there is one."""
        return self.query(self.start // self.page_rows) or "?" if self.start else None

    @property
    def older(self) -> str | None:
        """The page after, if there is one."""
        return self.query(self.start // self.page_rows + 2) if self.start + self.page_rows < self.total else None
