"""`newshouse sql | search | show | diff | export`: what is in the warehouse."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

from newshouse.console.terminal import ERR, OUT
from newshouse.console.verbs.grammar import Verbs, day
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.settings import Settings
from newshouse.sources.load import load_sources


def register(verbs: Verbs) -> None:
    """Add the verbs that read."""
    command = verbs.add("sql", sql, "run one SELECT on the published warehouse")
    command.add_argument("query")
    formats = ("table", "csv", "json", "parquet")
    command.add_argument("--format", choices=formats, help="default: as --output is named, else table")
    command.add_argument("--output", type=Path, help="write to this file instead of standard output")
    command.add_argument(
        "--as-of", type=day, metavar="DAY", help="ask the warehouse as it was at the end of this UTC day"
    )
    command = verbs.add(
        "search", search, 'full text: words, "phrases", -not NOT this, prefix*, a OR b, title:, author:'
    )
    command.add_argument("query", nargs="?", help="for example: 'nuclear talks -geneva'; begin with -- if it is -x y")
    command.add_argument("--since", type=day, help="published on this UTC day or later, YYYY-MM-DD")
    command.add_argument("--until", type=day, help="published on this UTC day or earlier, YYYY-MM-DD")
    command.add_argument("--source", action="append", default=[], help="only of this source; may be repeated")
    command.add_argument("--language", action="append", default=[], help="only in this language; may be repeated")
    command.add_argument("--limit", type=int, default=10, help="how many to show (default: 10)")
    command.add_argument("--newest", action="store_true", help="the newest first, not the best")
    command.add_argument("--originals", action="store_true", help="leave out copies of texts that appeared before")
    command.add_argument("--vanished", action="store_true", help="also those whose page was taken down")
    command.add_argument("--rebuild", action="store_true", help="first build the index anew from the tables")
    command = verbs.add("show", show, "one article with the origin of each field")
    command.add_argument("id", help="article id, the beginning of one, or its URL")
    command.add_argument("--raw", action="store_true", help="the archived response instead")
    command = verbs.add("diff", diff, "what changed in an article since it was first seen")
    command.add_argument("id", help="article id, the beginning of one, or its URL")
    command.add_argument("--from", dest="first", type=int, metavar="N", help="only from this revision")
    command.add_argument("--to", dest="last", type=int, metavar="N", help="to this one (default: the latest)")
    _add_export(verbs)


def _add_export(verbs: Verbs) -> None:
    command = verbs.add("export", export, "articles as a folder of files with a dataset card")
    command.add_argument("folder", type=Path, help="a new folder")
    command.add_argument("--format", choices=("parquet", "csv", "jsonl", "arrow"), default="parquet")
    command.add_argument("--since", type=day, help="published on this UTC day or later, YYYY-MM-DD")
    command.add_argument("--until", type=day, help="published on this UTC day or earlier, YYYY-MM-DD")
    command.add_argument("--source", action="append", default=[], help="only of this source; may be repeated")
    command.add_argument("--language", action="append", default=[], help="only in this language; may be repeated")
    command.add_argument("--licence", action="append", default=[], help="only under this licence; may be repeated")
    command.add_argument("--unreserved", action="store_true", help="leave out what publishers reserve (TDM, noai, …)")
    command.add_argument("--originals", action="store_true", help="leave out copies of texts that appeared before")
    command.add_argument("--present", action="store_true", help="leave out articles that were taken down")


def sql(arguments: argparse.Namespace, settings: Settings) -> int:
    """One SELECT."""
    from newshouse.console.tables import write_result  # noqa: PLC0415 -- DuckDB takes a while to import

    if arguments.json and arguments.format not in (None, "json"):
        raise ConfigError(f"give --json or --format {arguments.format}, not both.")
    form = "json" if arguments.json else arguments.format
    layout = DataLayout(settings.data)
    with _database(layout, arguments.as_of, settings) as database:
        write_result(layout, arguments.query, form, arguments.output, OUT, database=database)
    return 0


def _database(layout: DataLayout, as_of: date | None, settings: Settings) -> AbstractContextManager[Path]:
    if as_of is None:
        return nullcontext(layout.database)
    from newshouse.warehouse.timetravel import database_as_of, end_of  # noqa: PLC0415

    return database_as_of(layout, end_of(as_of), load_sources(settings.sources))


def search(arguments: argparse.Namespace, settings: Settings) -> int:
    """Full text."""
    from newshouse.console.search import rebuild, show_found  # noqa: PLC0415 -- tantivy is only needed here
    from newshouse.search.ask import Filters  # noqa: PLC0415
    from newshouse.search.ask import search as look_for  # noqa: PLC0415

    layout = DataLayout(settings.data)
    if arguments.rebuild:
        rebuild(layout, ERR)
    elif arguments.query is None:
        raise ConfigError("what to look for? For example: newshouse search 'nuclear talks'")
    if arguments.query is None:
        return 0
    filters = Filters(
        since=arguments.since,
        until=arguments.until,
        sources=tuple(arguments.source),
        languages=tuple(arguments.language),
        originals=arguments.originals,
        vanished=arguments.vanished,
    )
    found = look_for(layout, arguments.query, filters, limit=arguments.limit, newest=arguments.newest)
    return show_found(found, OUT, as_json=arguments.json)


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


def diff(arguments: argparse.Namespace, settings: Settings) -> int:
    """What changed in one article."""
    from newshouse.console.diff import show_diff  # noqa: PLC0415 -- DuckDB takes a while to import

    layout = DataLayout(settings.data)
    return show_diff(layout, arguments.id, arguments.first, arguments.last, OUT, as_json=arguments.json)


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """A folder of files."""
    from newshouse.console.export import export_articles  # noqa: PLC0415 -- DuckDB takes a while to import
    from newshouse.export.dataset import Choice  # noqa: PLC0415

    choice = Choice(
        since=arguments.since,
        until=arguments.until,
        sources=tuple(arguments.source),
        languages=tuple(arguments.language),
        licences=tuple(arguments.licence),
        unreserved=arguments.unreserved,
        originals=arguments.originals,
        present=arguments.present,
    )
    return export_articles(settings, arguments.folder, arguments.format, choice, OUT, ERR, as_json=arguments.json)
