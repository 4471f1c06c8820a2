"""What is due: each cause is told once to a channel, when it opens, when it gets worse, and when it ends.

Pure. It looks at how things are and at what was told, not at what has just happened: what a channel could not take
yesterday is due today, as long as it is still true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newshouse.alerts.config import Alerts, Route
from newshouse.alerts.message import Kind, News
from newshouse.ids import stable_id
from newshouse.quality.incidents import Event, Incident
from newshouse.sources.model import Source

_KINDS: Mapping[str, Kind] = {
    "open": "opened",
    "worse": "worse",
    "reopen": "reopened",
    "unmuted": "unmuted",  # it outlasted its mute: no return, so each is told
    "resolve": "resolved",
}
_MOST_RETURNS = 2  # what comes and goes more often is told by the digest alone, unless it gets worse


@dataclass(frozen=True, slots=True)
class Told:
    """One row of `alerts`. Its fields are described there."""

    alert_id: str
    channel: str
    kind: Kind
    incident_id: str | None
    source_id: str | None
    severity: str
    title: str
    told_at: datetime


def due(
    incidents: Iterable[Incident], told: Sequence[Told], sources: Mapping[str, Source], alerts: Alerts
) -> dict[str, list[News]]:
    """What each channel is due to be told, by its name; a channel with nothing is missing."""
    past: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for row in sorted(told, key=lambda row: row.told_at):
        if row.incident_id:
            past[row.channel, row.incident_id].append(row)
    found: dict[str, list[News]] = defaultdict(list)
    for incident in incidents:
        for channel, routes in _ways(incident, sources.get(incident.source_id or ""), alerts).items():
            if news := _news(incident, channel, routes, past[channel, incident.incident_id]):
                found[channel].append(news)
    return dict(found)


def alert_id(channel: str, *what: str) -> str:
    """The name of one thing told to one channel."""
    return stable_id("alert", channel, *what)[:16]


def _ways(incident: Incident, source: Source | None, alerts: Alerts) -> dict[str, list[Route]]:
    """The channels that hear of it, each with the routes that lead there."""
    ways: dict[str, list[Route]] = defaultdict(list)
    for route in alerts.routes:
        if route.hears(incident.severity) and route.takes(incident.source_id, source):
            for channel in route.to:
                ways[channel].append(route)
    return ways


def _news(incident: Incident, channel: str, routes: Sequence[Route], past: Sequence[Told]) -> News | None:
    place = max((i for i, event in enumerate(incident.events) if event.action in _KINDS), default=None)
    if place is None:
        return None
    event, later = incident.events[place], incident.events[place + 1 :]
    name = alert_id(channel, incident.incident_id, event.action, event.at.isoformat())
    if any(row.alert_id == name for row in past) or _hushed(incident, event, later):
        return None
    kind = _KINDS[event.action]
    alarmed = bool(past) and past[-1].kind != "resolved"
    if kind == "resolved":
        return News(name, kind, incident) if alarmed and any(route.resolved for route in routes) else None
    if kind == "reopened" and sum(row.kind == "reopened" for row in past) >= _MOST_RETURNS:
        return None
    return News(name, kind if past else "opened", incident)


def _hushed(incident: Incident, event: Event, later: Sequence[Event]) -> bool:
    """Muted, or somebody looks after it already."""
    if event.action == "resolve":
        return incident.muted_until is not None and event.at < incident.muted_until
    looked_after = incident.status == "acknowledged" and event.action == "reopen"
    return incident.status == "muted" or looked_after or any(one.action == "ack" for one in later)
