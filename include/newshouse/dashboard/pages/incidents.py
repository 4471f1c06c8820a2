"""The incidents: what lasts, and what people do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from newshouse.dashboard.defence import check_csrf
from newshouse.dashboard.frame import Actor, Ask, Asked
from newshouse.dashboard.published import Edition
from newshouse.dashboard.table import SOURCE, Column, Row, question
from newshouse.quality.incidents import Action, Incident, act
from newshouse.warehouse.incidents import change_incidents

router = APIRouter()
_ACTIONS: dict[str, Action] = {"ack": "ack", "mute": "mute", "resolve": "resolve"}
_LONGEST_MUTE_DAYS = 90
_MOST_WHY = 500  # characters


@question(
    "incidents",
    "Incidents",
    (
        Column("severity", "severity", "severity"),
        SOURCE,
        Column("cause", "cause"),
        Column("summary", "what was found"),
        Column("days", "failed", "number", "assessments in which one of its checks failed"),
        Column("opened_at", "opened", "time"),
        Column("resolved_at", "resolved", "time"),
        Column("incident_status", "incident", "incident"),
    ),
    empty="None is open, and none was in these days.",
)
def incidents(ask: Asked) -> list[Row]:
    """Those that last, and those that were open in the days shown; the ones that last first."""
    return ask.edition.rows(
        """
        SELECT *, status AS incident_status FROM incidents
        WHERE (len($sources) = 0 OR list_contains($sources, source_id))
            AND (status <> 'resolved'
                OR (opened_at AT TIME ZONE 'UTC')::DATE <= $last AND (resolved_at AT TIME ZONE 'UTC')::DATE >= $first)
        ORDER BY status = 'resolved', severity = 'critical' DESC, opened_at DESC, incident_id
        """,
        ask.window.sql(),
    )


@router.get("/incidents/{incident_id}")
def incident_page(ask: Ask, incident_id: str) -> Response:
    """One incident, with everything that was done to it."""
    return ask.page("incident.html", "checks", "Incident", row=_one(ask.edition, incident_id))


@router.post("/incidents/{incident_id}")
def act_on(
    ask: Ask,
    who: Actor,
    incident_id: str,
    action: Annotated[str, Form()],
    csrf: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=_MOST_WHY)] = "",
    days: Annotated[int, Form(ge=1, le=_LONGEST_MUTE_DAYS)] = 3,
) -> Response:
    """Acknowledge, mute or resolve it, and publish that."""
    check_csrf(ask.request, csrf)
    _one(ask.edition, incident_id)
    if action not in _ACTIONS:
        raise HTTPException(400, f"action={action!r}: {', '.join(_ACTIONS)}")
    clock = ask.dashboard.now()
    until = clock + timedelta(days=days) if action == "mute" else None

    def decide(known: Sequence[Incident]) -> list[Incident]:
        (found,) = (incident for incident in known if incident.incident_id == incident_id)
        return [act(found, _ACTIONS[action], who=who, why=why.strip() or None, now=clock, until=until)]

    change_incidents(ask.dashboard.layout, decide)
    ask.dashboard.publish()
    return RedirectResponse(f"./{incident_id}", 303)


def _one(edition: Edition, incident_id: str) -> Row:
    found = edition.rows("SELECT * FROM incidents WHERE incident_id = $id", {"id": incident_id})
    if not found:
        raise HTTPException(404, "no such incident")
    return found[0]
