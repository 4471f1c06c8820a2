"""The front page: can the data be trusted today, and if not, where to look."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from newshouse.dashboard.concerns import concerns, judged
from newshouse.dashboard.frame import Ask, Asked
from newshouse.dashboard.pages.runs import all_runs, funnel
from newshouse.dashboard.pages.volume import volume_chart
from newshouse.dashboard.table import Row
from newshouse.quality.verdict import judge

router = APIRouter()
_RUNS_SHOWN = 7
_CONCERNS_SHOWN = 10


@router.get("/")
def page(ask: Ask) -> Response:
    """Today."""
    sources = ask.window.sources
    # The last runs are worth seeing whatever days the charts show.
    ever = all_runs(ask)
    last = next((row for row in ever.rows if row["looked"]), None)
    figures = ask.edition.once(("figures", sources), lambda: _figures(ask))
    wrong = [row for row in concerns(ask).rows if row["severity"] != "info"]
    chosen = judged(ask.edition, sources)
    return ask.page(
        "today.html",
        "today",
        "Today",
        verdict=judge(chosen, figures["sources"], ask.edition.looked_at, ask.now, last["lost"] if last else 0),
        concerns=concerns(ask),
        worst=wrong[:_CONCERNS_SHOWN],
        figures=figures,
        volume=volume_chart(ask),
        funnel=funnel(ask.about(run=last["run_id"])) if last else None,
        last=last,
        runs=ever,
        shown=_RUNS_SHOWN,
    )


def _figures(ask: Asked) -> Row:
    (row,) = ask.edition.rows(_FIGURES, {"sources": list(ask.window.sources)})
    return row


_FIGURES = """
SELECT
    count(*) AS sources,
    (SELECT coalesce(sum(articles), 0)::BIGINT FROM memory.arrivals
        WHERE len($sources) = 0 OR list_contains($sources, source_id)) AS articles,
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
