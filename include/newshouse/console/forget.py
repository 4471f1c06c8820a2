"""`newshouse forget`: say what would go, ask, and remove it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.text import Text

from newshouse import upkeep
from newshouse.errors import ConfigError
from newshouse.forget.target import Target, gather
from newshouse.forget.tombstones import buried
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES
from newshouse.settings import Settings
from newshouse.urls import url_key
from newshouse.warehouse.query import find_article
from newshouse.warehouse.tables import snapshot

_FEWEST_CHARACTERS = 8  # what a slip of the finger cannot be


def forget_articles(
    settings: Settings, wanted: Sequence[str], console: Console, *, dry_run: bool, sure: bool, as_json: bool
) -> int:
    """Forget articles by id or URL. Returns the exit code: 1 if the answer was no.

    Raises:
        ConfigError: an id fits no article or several, or nobody is there to ask and `--yes` is missing.
        StorageError: see `newshouse.forget.job`.
    """
    layout = DataLayout(settings.data)
    ids, addresses = _named(layout, wanted)
    target = gather(layout, ids, addresses)
    if not as_json:
        _tell(layout, target, console)
    if dry_run:
        return _done(
            console, {"would_remove": target.rows, "captures": len(target.places)}, "nothing was removed", as_json
        )
    if not sure and not _agreed(console):
        console.print("nothing was removed")
        return 1
    done = upkeep.forget(settings, target)
    told = (
        f"forgotten: {sum(target.rows.values())} rows, {done.records} archive records, {done.stage_rows} rows of stage "
        f"files; {done.tombstones} tombstones"
    )
    return _done(console, {"removed": target.rows} | asdict(done), told, as_json)


def _named(layout: DataLayout, wanted: Sequence[str]) -> tuple[set[str], set[str]]:
    """Article ids, and URLs. A URL that nobody ever fetched is forgotten beforehand."""
    ids, addresses = set(), set()
    for name in wanted:
        try:
            url_key(name)
            addresses.add(name)
        except ValueError:
            ids.add(_id(layout, name))
    return ids, addresses


def _id(layout: DataLayout, name: str) -> str:
    """The id that begins like this. What is forgotten can be forgotten once more, by all of its id."""
    if name in buried(layout):
        return name
    if len(name) < _FEWEST_CHARACTERS:
        raise ConfigError(f"{name}: too short to forget by. Give {_FEWEST_CHARACTERS} characters of the id, or all.")
    return str(find_article(layout, name, ("article_id",))["article_id"])


def _tell(layout: DataLayout, target: Target, console: Console) -> None:
    articles = snapshot(layout, ARTICLES)
    here = articles.read(["article_id", "source_id", "title", "body_hash", "revision"], _in("article_id", target.ids))
    for row in here.to_pylist():
        console.print(
            Text.assemble((row["title"] or "(no title)", "bold"), f"  {row['source_id']} · {row['article_id']}")
        )
    if not here.num_rows:
        console.print("No article goes by this name; what is known of the address goes, and it will not be fetched.")
    rows = ", ".join(f"{number} of {name}" for name, number in target.rows.items() if number)
    console.print(f"Rows: {rows or 'none'}. Archived captures: {len(target.places)}.")
    copies = articles.read(
        ["article_id", "url", "body_hash"], _in("body_hash", set(here["body_hash"].to_pylist()) - {None})
    )
    for row in copies.to_pylist():
        if row["article_id"] not in target.ids:
            console.print(
                Text(f"The same text stays at {row['url']} ({row['article_id'][:12]})", "yellow"), soft_wrap=True
            )


def _agreed(console: Console) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError("forgetting cannot be undone: add --yes if you mean it, or --dry-run to see what would go.")
    return console.input("This cannot be undone. Type [bold]forget[/bold] to go on: ").strip() == "forget"


def _done(console: Console, row: dict[str, Any], told: str, as_json: bool) -> int:
    if as_json:
        console.print_json(json.dumps(row))
    else:
        console.print(told)
    return 0


def _in(column: str, values: set[str]) -> pc.Expression:
    return pc.field(column).isin(pa.array(sorted(values), pa.string()))
