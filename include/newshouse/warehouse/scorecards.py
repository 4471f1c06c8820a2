"""The table of scorecards: written once a run and source, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from newshouse.layout import DataLayout
from newshouse.quality.cards import Card
from newshouse.schemas import SCORECARDS
from newshouse.warehouse.tables import append_missing, snapshot


def load_scorecards(layout: DataLayout, cards: Sequence[Card]) -> None:
    """Commit the cards of an assessment. Known ones are left as they are."""
    append_missing(layout, SCORECARDS, SCORECARDS.arrow(map(asdict, cards)))


def latest_scorecards(layout: DataLayout) -> list[Card]:
    """The newest card of each source, by source id.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    latest: dict[str, Card] = {}
    for row in snapshot(layout, SCORECARDS).read(SCORECARDS.schema().names).to_pylist():
        card = Card(**row | {"slo_missed": tuple(row["slo_missed"])})
        known = latest.get(card.source_id)
        if known is None or (card.scored_at, card.run_id) > (known.scored_at, known.run_id):
            latest[card.source_id] = card
    return [latest[source_id] for source_id in sorted(latest)]
