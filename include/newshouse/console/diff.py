"""`newshouse diff`: the versions of an article, what each changed, red and green."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newshouse.layout import DataLayout
from newshouse.warehouse.diff import Change, Kind, Piece, changes, words
from newshouse.warehouse.query import find_article, history

_STYLES = {"same": "", "removed": "red strike", "added": "green"}
# Also told where there are no colours.
_SIGNS = {"removed": ("[-", "-]"), "added": ("{+", "+}")}
_SAID = {
    "new": "first seen",
    "vanished": "taken down",
    "restored": "back",
    "late": "an older capture, loaded later",
}
_CONTEXT = 12  # words around a change


def show_diff(
    layout: DataLayout, wanted: str, first: int | None, last: int | None, console: Console, *, as_json: bool
) -> int:
    """Print what each version changed, or what lies between two. Returns the exit code.

    Raises:
        ConfigError: no such article or revision.
    """
    article = find_article(layout, wanted, ("article_id", "title", "source_id"))
    found = changes(history(layout, article["article_id"]), first, last)
    if as_json:
        for change in found:
            row = {"article_id": article["article_id"]} | asdict(change)
            console.print(json.dumps(row, default=_plain, ensure_ascii=False), markup=False, soft_wrap=True)
        return 0
    console.print(Text(article["title"] or "(no title)", "bold"))
    console.print(Text(f"{article['source_id']} · {article['article_id']}", "cyan"))
    for change in found:
        _show(change, console)
    return 0


def _show(change: Change, console: Console) -> None:
    number = f"revision {change.after}" if change.before is None else f"revision {change.before} → {change.after}"
    said = _SAID.get(change.kind, f"changed: {', '.join(_changed(change)) or 'something that is not kept here'}")
    console.print(Text.assemble("\n", (number, "bold"), f" · {change.at:%Y-%m-%d %H:%M} UTC · {said}"))
    for name, (before, after) in change.fields.items():
        if isinstance(before, str) and isinstance(after, str):
            pieces: Iterable[Piece] = words(before, after)
        else:
            pieces = [*_told("removed", before), *_told("added", after)]
        console.print(Padding(Text.assemble(f"{name}: ", _text(pieces, console)), (0, 0, 0, 2), expand=False))
    for paragraph in change.body:
        console.print(Padding(_text(_cut(paragraph), console), (0, 0, 1, 2), expand=False))


def _told(kind: Kind, value: Any) -> list[Piece]:
    return [] if value is None else [(kind, _plain(value))]


def _changed(change: Change) -> list[str]:
    return [*change.fields, *(["body"] if change.body else [])]


def _text(pieces: Iterable[Piece], console: Console) -> Text:
    """In colours; without them (a file, NO_COLOR), in signs."""
    text = Text()
    for kind, words_of_it in pieces:
        body = words_of_it.rstrip()
        before, after = _SIGNS.get(kind, ("", "")) if console.color_system is None or console.no_color else ("", "")
        text.append(before + body + after, _STYLES[kind])
        text.append(words_of_it[len(body) :])
        if kind == "removed" and body == words_of_it:
            text.append(" ")
    return text


def _cut(paragraph: Iterable[Piece]) -> Iterable[Piece]:
    """Long stretches that stayed are shortened to the words next to a change."""
    pieces = list(paragraph)
    for place, (kind, text) in enumerate(pieces):
        said = text.split(" ")
        if kind == "same" and len(said) > 2 * _CONTEXT + 1:
            head = said[:_CONTEXT] if place else []
            tail = said[-_CONTEXT:] if place < len(pieces) - 1 else []
            yield kind, " ".join([*head, "…", *tail])
        else:
            yield kind, text


def _plain(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else str(value)
