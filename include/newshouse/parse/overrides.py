"""What one publisher's pages need and no general rule gives them, each for the captures that it was made for.

A layout lives for some years: an override is chosen by the date of the capture, so that an old archive is read again as
it was meant. Write one only after the general rules have failed, and only for what a reader of the page would agree to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from newshouse.sources.model import Source


@dataclass(frozen=True, slots=True)
class Override:
    """How to read the pages of some sources.

    Attributes:
        sources: ids of the source files.
        since, until: dates of capture, UTC: the first, and the first one not any more. None is open.
        drop: CSS selectors; these elements are taken out before anything is read.
        title, byline: CSS selector of the element that holds it; where it matches nothing, the general rules hold.
    """

    sources: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    drop: tuple[str, ...] = ()
    title: str | None = None
    byline: str | None = None

    def covers(self, source_id: str, captured_at: datetime) -> bool:
        """Whether it is meant for this capture (aware)."""
        day = captured_at.astimezone(UTC).date()
        return source_id in self.sources and (self.since or day) <= day and (self.until is None or day < self.until)


OVERRIDES = (
    # Boxes with other stories carry an h1 of their own ("Top-Thema", "Weitere Themen").
    Override(("dw-de", "dw-en"), since=date(2023, 5, 1), until=date(2024, 1, 1), drop=("h1.headline",)),
    # The warning of the weather service above the page is an h1, too.
    Override(("asahi",), since=date(2024, 1, 1), drop=("h1:has(.Forecast-Kind-Name)",)),
)


def override_for(
    source: Source | None, captured_at: datetime, overrides: tuple[Override, ...] = OVERRIDES
) -> Override | None:
    """The first override for this source and day."""
    return next((o for o in overrides if source and o.covers(source.id, captured_at)), None)
