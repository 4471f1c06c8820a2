"""`newshouse sql | show`: what is in the warehouse."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from newshouse.console.terminal import OUT
from newshouse.console.verbs.grammar import Verbs
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.settings import Settings


def register(verbs: Verbs) -> None:
    """Add the verbs that read."""
    command = verbs.add("sql", sql, "run one SELECT on the published warehouse")
    command.add_argument("query")
    formats = ("table", "csv", "json", "parquet")
    command.add_argument("--format", choices=formats, help="default: as --output is named, else table")
    command.add_argument("--output", type=Path, help="write to this file instead of standard output")
    command = verbs.add("show", show, "one article with the origin of each field")
    command.add_argument("id", help="article id, the beginning of one, or its URL")
    command.add_argument("--raw", action="store_true", help="the archived response instead")


def sql(arguments: argparse.Namespace, settings: Settings) -> int:
    """One SELECT."""
    from newshouse.console.tables import write_result  # noqa: PLC0415 -- DuckDB takes a while to import

    if arguments.json and arguments.format not in (None, "json"):
        raise ConfigError(f"give --json or --format {arguments.format}, not both.")
    form = "json" if arguments.json else arguments.format
    write_result(DataLayout(settings.data), arguments.query, form, arguments.output, OUT)
    return 0


def show(arguments: argparse.Namespace, settings: Settings) -> int:
    """One article."""
    from newshouse.console.show import show_article, show_raw  # noqa: PLC0415 -- DuckDB takes a while to import

    layout = DataLayout(settings.data)
    if arguments.raw and arguments.json:
        raise ConfigError("give --raw or --json, not both.")
    if arguments.raw:
        sys.stdout.buffer.write(show_raw(layout, arguments.id))
        return 0
    show_article(layout, arguments.id, OUT, as_json=arguments.json)
    return 0
