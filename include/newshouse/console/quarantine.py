"""`newshouse quarantine`: what was kept out and why, the parse beside the archived response."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newshouse.archive.reader import read_response
from newshouse.console.terminal import ERR
from newshouse.errors import DamagedRecordError
from newshouse.layout import DataLayout
from newshouse.settings import Settings
from newshouse.warehouse.quarantine import Row, kept_out, pick

if TYPE_CHECKING:
    from newshouse.quality.quarantine import Action

_SHOWN = (
    "title",
    "byline",
    "authors",
    "credit",
    "published_at",
    "language",
    "access",
    "word_count",
    "extractor",
    "body",
)
_RAW_CHARACTERS = 3000  # of the response, beside the parse
_VALUE_CHARACTERS = 1500


def list_rejections(
    settings: Settings, console: Console, *, source_id: str | None, reason: str | None, decided: bool, as_json: bool
) -> int:
    """Print what was kept out by parse and validate. Returns the exit code."""
    found = [
        row
        for row in kept_out(DataLayout(settings.data))
        if (decided or row["resolution"] is None)
        and source_id in (None, row["source_id"])
        and (reason is None or reason in row["reasons"])
    ]
    if as_json:
        console.print_json(json.dumps([_plain(row) for row in found], default=str))
        return 0
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("id", "day", "source", "reasons", "decided", "address"):
        table.add_column(name, no_wrap=name in ("id", "day"), overflow="fold")
    for row in found:
        day, reasons = f"{row['rejected_at']:%m-%d}", ", ".join(row["reasons"])
        table.add_row(
            row["rejection_id"][:12], day, row["source_id"], reasons, row["resolution"] or "", Text(row["url"] or "")
        )
    if found:
        console.print(table)
    console.print(f"{len(found) or 'nothing'} kept out")
    return 0


def show_rejection(settings: Settings, wanted: str, console: Console, *, as_json: bool) -> int:
    """Print one with its reasons explained, the parsed row beside the response. Returns the exit code.

    Raises:
        ConfigError: there is no such row, or more than one.
    """
    from newshouse.validate.reasons import explain  # noqa: PLC0415 -- brings all rules along, and an HTTP client

    layout = DataLayout(settings.data)
    row = pick(layout, wanted)
    if as_json:
        console.print_json(json.dumps(_plain(row), default=str))
        return 0
    console.print(Text(f"{row['source_id']} {row['url'] or ''}", "bold"), soft_wrap=True)
    console.print(f"{row['rejection_id']}, {row['stage']} of run {row['run_id']}", markup=False)
    for reason in row["reasons"]:
        console.print(f"{reason}: {explain(row['stage'], reason)}", markup=False, soft_wrap=True)
    if row["detail"]:
        console.print(row["detail"], markup=False, soft_wrap=True)
    for event in row["events"] or ():
        why = f": {event['why']}" if event["why"] else ""
        console.print(f"{event['at']:%Y-%m-%d %H:%M} {event['who']} {event['action']}{why}", markup=False)
    table = Table(show_lines=True)
    table.add_column("parsed", ratio=1, overflow="fold")
    table.add_column("archived response", ratio=1, overflow="fold")
    table.add_row(Text(_parsed(row)), Text(_response(layout, row)))
    console.print(table)
    return 0


def decide_on(
    settings: Settings,
    wanted: Sequence[str],
    action: Action,
    console: Console,
    *,
    who: str | None,
    why: str | None,
    as_json: bool,
) -> int:
    """Release, read again or discard. With `as_json`, a line an outcome. Returns 1 if a page is kept out again.

    Raises:
        ConfigError: no reason is given; or the first thing that stopped a row, after the others were decided on: there
            is no such row, somebody has decided already, or there is nothing to release or read.
    """
    from newshouse.quality import quarantine  # noqa: PLC0415 -- brings all rooms along, and a list needs none of them

    again, stopped = False, []
    for outcome in quarantine.carry_out(settings, wanted, action, who=who or getpass.getuser(), why=why):
        again = again or bool(outcome.reasons)
        if as_json:
            console.file.write(json.dumps(outcome.plain()) + "\n")
            console.file.flush()
        elif outcome.row:
            said = f"kept out again: {', '.join(outcome.reasons)}" if outcome.reasons else outcome.row["resolution"]
            text = f"{outcome.row['rejection_id'][:12]} {outcome.row['source_id']}: {said}"
            console.print(text, markup=False, soft_wrap=True)
        stopped += [outcome.error] if outcome.error else []
    for error in stopped[1:]:
        ERR.print(str(error), markup=False, soft_wrap=True)
    if stopped:
        raise stopped[0]
    return 1 if again else 0


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    parsed = json.loads(row["row_json"]) if row["row_json"] else None
    return {**row, "row_json": parsed}


def _parsed(row: Row) -> str:
    if row["row_json"] is None:
        return "no article was found"
    record = json.loads(row["row_json"])
    values = ((name, str(record.get(name))) for name in _SHOWN if record.get(name) not in (None, "", []))
    return "\n".join(f"{name}: {value[:_VALUE_CHARACTERS]}" for name, value in values)


def _response(layout: DataLayout, row: Row) -> str:
    if row["warc_file"] is None:
        return "not in the archive"
    try:
        response = read_response(layout.archive, row["warc_file"], row["warc_offset"], row["warc_length"])
    except DamagedRecordError as error:
        return str(error)
    text = response.body[: 4 * _RAW_CHARACTERS].decode("utf-8", "replace")
    return text[:_RAW_CHARACTERS] + ("…" if len(response.body) > len(text[:_RAW_CHARACTERS].encode()) else "")
