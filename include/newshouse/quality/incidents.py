"""Incidents, and what people do about them: acknowledge, mute or resolve. What Newshouse does to them: `advance.py`.

One incident stands for one cause at one source (`causes.py`). Pure: no clock, no tables.

What Newshouse itself writes into the events of an incident, for those who tell of it (`alerts/due.py`):

- ``open``: a cause fails for the first time.
- ``worse``: a more severe check fails, or the cause spreads. It may follow one of the next two at the same moment.
- ``reopen``: it had resolved itself and fails again. It is muted or acknowledged still if it was: then nobody is told.
- ``unmuted``: its mute is over and it still fails. It had not ended in between, so that this is no return; its status
  is ``open``, and whoever was told nothing during the mute is told now.
- ``resolve``: all its checks pass, nobody judged them for 14 days, or its source was removed or disabled.

People write ``ack``, ``mute`` and ``resolve``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from newshouse.errors import ConfigError

Status = Literal["open", "acknowledged", "muted", "resolved"]
Action = Literal["ack", "mute", "resolve"]
MACHINE = "newshouse"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to an incident. `at` is UTC."""

    at: datetime
    who: str
    action: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """One row of `incidents`."""

    incident_id: str
    source_id: str | None
    cause: str
    status: Status
    severity: str
    summary: str
    check_names: tuple[str, ...]
    days: int
    opened_at: datetime
    opened_run_id: str
    last_failed_at: datetime
    last_run_id: str
    muted_until: datetime | None = None
    resolved_at: datetime | None = None
    events: tuple[Event, ...] = ()

    @property
    def lasts(self) -> bool:
        """It is not resolved."""
        return self.status != "resolved"

    def with_event(self, at: datetime, who: str, action: str, why: str | None) -> Incident:
        """It, with one thing more that was done to it."""
        return replace(self, events=(*self.events, Event(at, who, action, why)))


def act(
    incident: Incident, action: Action, *, who: str, why: str | None, now: datetime, until: datetime | None = None
) -> Incident:
    """What a person does to an incident.

    Args:
        until: UTC, for ``mute``: from then on, a failing check opens it again.

    Raises:
        ConfigError: it is resolved already, or a mute without an end ahead of now.
    """
    if not incident.lasts:
        raise ConfigError(f"incident {incident.incident_id} is resolved since {incident.resolved_at:%Y-%m-%d %H:%M}.")
    if action == "mute":
        if until is None or until <= now:
            raise ConfigError(f"mute incident {incident.incident_id} until when? Give --until a time after now.")
        changed = replace(incident, status="muted", muted_until=until)
        said = f"until {until:%Y-%m-%d %H:%M} UTC" + (f": {why}" if why else "")
        return changed.with_event(now, who, action, said)
    if action == "ack":
        return replace(incident, status="acknowledged", muted_until=None).with_event(now, who, action, why)
    return replace(incident, status="resolved", resolved_at=now).with_event(now, who, action, why)
