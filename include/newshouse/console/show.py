"""`newshouse show`: one article, and where each of its values came from."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newshouse.archive.reader import read_response
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.warehouse.query import find_article

# Long or structural columns have their own place below the table.
_BELOW = {"body", "paragraphs", "field_origin"}
# Whose origin decides for a column that is not named in field_origin itself.
_MOMENTS = ("published_at", "modified_at")


def show_article(layout: DataLayout, wanted: str, console: Console, *, as_json: bool = False) -> None:
    """Print one article: a line a field with its origin, then the body.

    Args:
        wanted: article id, the beginning of one, or a URL.

    Raises:
        ConfigError: nothing or more than one article fits.
    """
    row = find_article(layout, wanted)
    if as_json:
        console.print_json(json.dumps(row, default=_plain))
        return
    origins: dict[str, str] = dict(row["field_origin"] or {})
    table = Table(show_edge=False, title=Text(row["title"] or "(no title)"), title_justify="left", title_style="bold")
    for name in ("field", "value", "origin"):
        table.add_column(name, overflow="fold")
    for name, value in row.items():
        if name not in _BELOW and value is not None and (text := _text(value)):
            table.add_row(name, Text(text), _origin(name, row, origins))
    console.print(table)
    console.print()
    for paragraph in row["paragraphs"] or []:
        marker = "" if paragraph["kind"] == "text" else f"[{paragraph['kind']}] "
        console.print(marker + paragraph["text"] + "\n", markup=False)


def show_raw(layout: DataLayout, wanted: str) -> bytes:
    """The archived response of an article: status line and headers as sent, an empty line, the decoded body.

    Raises:
        ConfigError: the article is unknown or has no archived response.
        StorageError: the archive is damaged; the message names file and offset.
    """
    row = find_article(layout, wanted, ("article_id", "warc_file", "warc_offset", "warc_length"))
    if row["warc_file"] is None:
        raise ConfigError(f"{row['article_id']}: this article has no archived response.")
    response = read_response(layout.archive, row["warc_file"], row["warc_offset"], row["warc_length"])
    head = [f"HTTP {response.status}"] if response.status else []
    head += [f"{name}: {value}" for name, value in response.http_headers]
    return "\r\n".join([*head, "", ""]).encode() + response.body


def _origin(name: str, row: dict[str, Any], origins: dict[str, str]) -> str:
    if name in _MOMENTS:
        return str(row[f"{name}_origin"] or "")
    return origins.get(name, "")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items() if item is not None)
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else str(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
