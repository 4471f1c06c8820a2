"""`newshouse incidents`: what is wrong with the sources, and what people do about it."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.quality.incidents import Action, Incident, act
from newshouse.settings import Settings
from newshouse.warehouse.incidents import change_incidents, read_incidents

_STYLES = {"critical": "bold red", "warning": "yellow"}


def list_incidents(
    settings: Settings, source_id: str | None, console: Console, *, resolved: bool, as_json: bool
) -> int:
    """Print the incidents that last, or all. Returns the exit code."""
    found = [
        incident
        for incident in read_incidents(DataLayout(settings.data))
        if (resolved or incident.lasts) and source_id in (None, incident.source_id)
    ]
    if as_json:
        console.print_json(json.dumps([asdict(incident) for incident in found], default=str))
        return 0
    if found:
        console.print(_table(found))
    console.print(f"{len(found) or 'no'} incident{'' if len(found) == 1 else 's'}")
    return 0


def _table(incidents: Sequence[Incident]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("id", "since", "source", "cause", "status", "days", "found"):
        table.add_column(name, no_wrap=name in ("id", "since"), overflow="fold")
    for one in incidents:
        status = Text(one.status, _STYLES.get(one.severity, "") if one.lasts else "")
        since = f"{one.opened_at:%Y-%m-%d}"
        table.add_row(
            one.incident_id[:8], since, one.source_id or "all", one.cause, status, str(one.days), Text(one.summary)
        )
    return table


def show_incident(settings: Settings, wanted: str, console: Console, *, as_json: bool) -> int:
    """Print one incident with everything that was done to it. Returns the exit code.

    Raises:
        ConfigError: there is no such incident, or more than one.
    """
    incident = _pick(read_incidents(DataLayout(settings.data)), wanted)
    if as_json:
        console.print_json(json.dumps(asdict(incident), default=str))
        return 0
    console.print(Text(f"{incident.source_id or 'all sources'}: {incident.cause}", "bold"))
    for name in ("incident_id", "status", "severity", "summary", "days", "opened_at", "last_failed_at", "last_run_id"):
        console.print(f"{name:15}{getattr(incident, name)}", markup=False, soft_wrap=True)
    console.print(f"{'checks':15}{', '.join(incident.check_names)}", markup=False, soft_wrap=True)
    for event in incident.events:
        why = f": {event.why}" if event.why else ""
        console.print(f"{event.at:%Y-%m-%d %H:%M} {event.who} {event.action}{why}", markup=False, soft_wrap=True)
    return 0


def act_on(
    settings: Settings,
    wanted: str,
    action: Action,
    console: Console,
    *,
    who: str | None,
    why: str | None,
    until: timedelta | datetime | None,
    as_json: bool,
) -> int:
    """Acknowledge, mute or resolve one, and publish it. Returns the exit code.

    Args:
        who: None for the name of the login.
        until: UTC, or from now on; for a mute.

    Raises:
        ConfigError: there is no such incident, it is resolved already, or the mute has no end.
    """
    from newshouse import pipeline  # noqa: PLC0415 -- brings all rooms along, and a list needs none of them

    now = settings.now()
    end = now + until if isinstance(until, timedelta) else until
    by = who or getpass.getuser()

    def decide(known: Sequence[Incident]) -> list[Incident]:
        return [act(_pick(known, wanted), action, who=by, why=why, now=now, until=end)]

    (changed,) = change_incidents(DataLayout(settings.data), decide)
    pipeline.publish(settings)
    if as_json:
        console.print_json(json.dumps(asdict(changed), default=str))
    else:
        console.print(f"{changed.incident_id} {changed.source_id or 'all'} {changed.cause}: {changed.status}")
    return 0


def _pick(incidents: Sequence[Incident], wanted: str) -> Incident:
    found = [incident for incident in incidents if wanted and incident.incident_id.startswith(wanted)]
    if len(found) != 1:
        what = "no incident begins" if not found else f"{len(found)} incidents begin"
        raise ConfigError(f"{what} with {wanted!r}. See: newshouse incidents list --all")
    return found[0]
