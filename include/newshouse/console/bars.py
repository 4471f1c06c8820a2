"""Progress bars on standard error; silent when nobody watches (a pipe, a log)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from newshouse.progress import Progress


@contextmanager
def watching(console: Console) -> Iterator[Callable[[str], Progress | None]]:
    """Give a function that opens one bar by name and returns what moves it."""
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:

        def open_bar(name: str) -> Progress:
            bar = bars.add_task(name, total=None)
            return lambda done, total: bars.update(bar, completed=done, total=total)

        yield open_bar
