"""The front page: can the data be trusted today, and if not, where to look."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from newshouse.dashboard.concerns import concerns, states
from newshouse.dashboard.frame import Ask
from newshouse.dashboard.pages.runs import funnel, runs
from newshouse.dashboard.pages.volume import volume_chart
from newshouse.dashboard.published import Edition
from newshouse.dashboard.window import Window
from newshouse.quality.verdict import judge

router = APIRouter()
_RUNS_SHOWN = 7


@router.get("/")
def page(ask: Ask) -> Response:
    """Today."""
    edition, window = ask.edition, ask.window
    ever = edition.once(("runs", window.sources), lambda: runs(edition, _ever(window)))
    last = next((row for row in ever.rows if row["looked"]), None)
    figures = edition.once(("figures", window.sources), lambda: _figures(edition, window))
    wrong = concerns(edition, window).rows
    chosen = {id_: state for id_, state in states(edition).items() if not window.sources or id_ in window.sources}
    return ask.page(
        "today.html",
        "today",
        "Today",
        verdict=judge(chosen, figures["sources"], edition.looked_at, ask.now, last["lost"] if last else 0),
        concerns=[row for row in wrong if row["severity"] != "info"],
        notes=sum(row["severity"] == "info" for row in wrong),
        figures=figures,
        volume=volume_chart(edition, window, ask.today),
        last=last,
        funnel=funnel(edition, window, last["run_id"]) if last else None,
        runs=ever,
        shown=_RUNS_SHOWN,
    )


def _ever(window: Window) -> Window:
    """The last runs are worth seeing whatever days the charts show."""
    return Window(window.first.min, window.last.max, window.sources)


def _figures(edition: Edition, window: Window) -> dict[str, Any]:
    (row,) = edition.rows(_FIGURES, {"sources": list(window.sources)})
    return row


_FIGURES = """
SELECT
    count(*) AS sources,
    coalesce(sum(articles), 0)::BIGINT AS articles,
    coalesce(sum(new_articles), 0)::BIGINT AS new_articles,
    coalesce(sum(quarantined), 0)::BIGINT AS quarantined,
    sum(accepted) / nullif(sum(accepted / nullif(pass_rate, 0)), 0) AS pass_rate,
    (SELECT max(newest_at) FROM memory.arrivals
        WHERE len($sources) = 0 OR list_contains($sources, source_id)) AS newest_at,
    count(*) FILTER (freshness_hours > 48) AS stale
FROM memory.scorecard
WHERE (len($sources) = 0 OR list_contains($sources, source_id))
    AND last_run_at > (SELECT max(last_run_at) FROM memory.scorecard) - INTERVAL 36 HOURS
"""
