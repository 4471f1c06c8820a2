"""`newshouse sources list | check`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newshouse.sources.load import check_sources, load_sources
from newshouse.sources.model import Source


def list_sources(folder: Path, console: Console, *, as_json: bool) -> int:
    """Print all sources. Returns the exit code."""
    sources = load_sources(folder).values()
    if as_json:
        console.print_json(json.dumps([asdict(source) for source in sources]))
        return 0
    table = Table(title=Text(str(folder)), title_justify="left", box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("id", no_wrap=True)
    for name in ("name", "country", "language", "feeds", "sitemaps", "state"):
        table.add_column(name, overflow="fold")
    for s in sources:
        counts = (str(len(s.feeds)), str(len(s.sitemaps)))
        table.add_row(s.id, Text(s.name), s.country, s.language, *counts, _state(s))
    console.print(table)
    return 0


def _state(source: Source) -> str:
    if not source.enabled:
        return "disabled"
    return "verified" if source.verified else "unverified"


def check_folder(folder: Path, console: Console, *, as_json: bool) -> int:
    """Print every problem of the folder's files. Returns the exit code: 1 if there is any."""
    problems = check_sources(folder)
    if as_json:
        console.print_json(json.dumps(problems))
    elif problems:
        for problem in problems:
            console.print(problem, markup=False, soft_wrap=True)
    else:
        count = len(load_sources(folder))
        console.print(f"{folder}: {count} source{'' if count == 1 else 's'}, no problem", markup=False, soft_wrap=True)
    return 1 if problems else 0
