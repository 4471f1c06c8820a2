"""What is wrong now. The one place that knows where trouble is written: checks, scorecard, incidents."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from newshouse.dashboard.published import Edition
from newshouse.dashboard.sql import sql
from newshouse.dashboard.table import SOURCE, Column, Row, question
from newshouse.quality.verdict import Concern, worst

if TYPE_CHECKING:
    from newshouse.dashboard.frame import Asked


@question(
    "concerns",
    "What is wrong now",
    (
        Column("severity", "severity", "severity"),
        SOURCE,
        Column("check_name", "check", "check"),
        Column("value", "measured", "number"),
        Column("threshold", "expected"),
        Column("detail", "in words"),
        Column("since_at", "since", "time"),
        Column("incident_status", "incident", "incident"),
    ),
    empty="Nothing: every check passes.",
)
def concerns(ask: Asked) -> list[Row]:
    """One row a failing check, the worst first. Of the window only its sources matter: this is about now."""
    sources = ask.window.sources
    return [row for row in _all(ask.edition) if not sources or row["source_id"] in sources]


def states(edition: Edition) -> dict[str, str]:
    """Source id -> the worst severity of its concerns; a source without any is missing. What is muted is left out."""
    return worst(judged(edition))


def judged(edition: Edition, sources: Collection[str] = ()) -> list[Concern]:
    """The concerns as the verdict takes them; with `sources`, theirs alone."""
    return [
        Concern(row["source_id"], row["severity"], row["check_name"], row["incident_status"] == "muted")
        for row in _all(edition)
        if not sources or row["source_id"] in sources
    ]


def _all(edition: Edition) -> list[Row]:
    return edition.once("concerns", lambda: edition.rows(sql("concerns")))
