"""`newshouse search`: hits for the eye, or a line of JSON each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newshouse.console.bars import watching
from newshouse.layout import DataLayout
from newshouse.search.ask import Found, Hit
from newshouse.search.passage import Piece

_MARK = "bold yellow"
_ID_CHARACTERS = 12  # enough for `newshouse show`


def rebuild(layout: DataLayout, console: Console) -> None:
    """Build the index anew from the tables, with a progress bar."""
    from newshouse.search.update import update  # noqa: PLC0415 -- Delta takes a while to import

    with watching(console) as watch:
        count = update(layout, rebuild=True, progress=watch("index"))
    console.print(f"{count} articles indexed")


def show_found(found: Found, console: Console, *, as_json: bool) -> int:
    """Print the hits. Returns the exit code: 1 if there is none, as grep does."""
    if as_json:
        for hit in found.hits:
            console.print(json.dumps(_row(hit), ensure_ascii=False), markup=False, soft_wrap=True)
    else:
        for hit in found.hits:
            _show(hit, console)
        console.print(_told(found), style="dim", soft_wrap=True)
    return 0 if found.hits else 1


def _show(hit: Hit, console: Console) -> None:
    console.print(_text(hit.title, "bold"))
    when = f"{hit.published_at:%Y-%m-%d %H:%M} UTC" if hit.published_at else "no date"
    facts = [when, hit.source_id, hit.language or "?", hit.article_id[:_ID_CHARACTERS]]
    facts += [f"revision {hit.revision}"] if hit.revision > 1 else []
    facts += ["a copy"] if hit.duplicate_of else []
    line = Text(" · ".join(facts), "cyan")
    if hit.vanished_at:
        line.append(f" · taken down, seen {hit.vanished_at:%Y-%m-%d}", "red")
    console.print(line)
    if hit.passage:
        console.print(Padding(_text(hit.passage), (0, 0, 0, 2), expand=False))
    if hit.url:
        console.print(Text(f"  {hit.url}", "dim"), soft_wrap=True)
    console.print()


def _text(pieces: Iterable[Piece], style: str = "") -> Text:
    return Text.assemble(*((text, f"{style} {_MARK}" if is_hit else style) for text, is_hit in pieces))


def _told(found: Found) -> str:
    shown = f", {len(found.hits)} shown" if len(found.hits) < found.total else ""
    gone = f"; {found.vanished} more taken down since (--vanished shows them)" if found.vanished else ""
    return f"{found.total} article{'' if found.total == 1 else 's'}{shown}{gone}"


def _row(hit: Hit) -> dict[str, Any]:
    row = asdict(hit) | {
        name: moment.isoformat() if (moment := getattr(hit, name)) else None for name in ("published_at", "vanished_at")
    }
    for name in ("title", "passage"):
        row[name] = "".join(text for text, _ in row[name])
    return row | {"matches": [text for text, is_hit in (*hit.title, *hit.passage) if is_hit]}
