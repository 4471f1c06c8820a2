"""`newshouse quality`: how far the data can be trusted, a line a source. The exit code is for CI."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.quality.cards import WEIGHTS, Card
from newshouse.quality.incidents import Incident
from newshouse.settings import Settings
from newshouse.warehouse.incidents import read_incidents
from newshouse.warehouse.scorecards import latest_scorecards

# Short enough for a terminal of 80 columns.
_HEADS = {
    "completeness": "complete",
    "validity": "valid",
    "freshness": "fresh",
    "uniqueness": "unique",
    "volume": "volume",
    "timeliness": "timely",
}


def show_quality(settings: Settings, source_id: str | None, console: Console, *, as_json: bool) -> int:
    """Print the latest scorecard of each source, and what lasts.

    Returns:
        The exit code: 1 if a target is missed, or something critical is open that nobody looks after.

    Raises:
        ConfigError: nothing was assessed yet.
    """
    layout = DataLayout(settings.data)
    cards = [card for card in latest_scorecards(layout) if source_id in (None, card.source_id)]
    lasting = [i for i in read_incidents(layout) if i.lasts and source_id in (None, i.source_id)]
    if not cards:
        what = f"source {source_id!r} has" if source_id else "there is"
        raise ConfigError(f"{what} no scorecard yet. Make one: newshouse assess --run RUN")
    if as_json:
        told = {"scorecards": [asdict(card) for card in cards], "incidents": [asdict(i) for i in lasting]}
        console.print_json(json.dumps(told, default=str))
    else:
        _tell(cards, lasting, console)
    alarming = any(i.severity == "critical" and i.status == "open" for i in lasting)
    return 1 if alarming or any(card.slo_missed for card in cards) else 0


def _tell(cards: Sequence[Card], lasting: Sequence[Incident], console: Console) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("source", overflow="fold")
    for head in ("day", "score", *(_HEADS[name] for name in WEIGHTS)):
        table.add_column(head, justify="right", overflow="fold")
    for card in cards:
        score = Text(_number(card.score), "bold red" if card.slo_missed else "bold")
        table.add_row(card.source_id, card.day[5:], score, *(_number(getattr(card, name)) for name in WEIGHTS))
    console.print(table)
    for card in cards:
        for missed in card.slo_missed:
            console.print(f"target missed: {card.source_id} {missed}", markup=False, soft_wrap=True)
    for one in lasting:
        console.print(
            f"{one.severity} {one.status} since {one.opened_at:%Y-%m-%d}: {one.source_id or 'all'} {one.summary}",
            markup=False,
            soft_wrap=True,
        )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
