"""One message, the same for every channel: a title, sections of facts, and the same as data for machines.

Foreign text is made inert here, once; the channels escape it for their own syntax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from newshouse.alerts.inert import inert
from newshouse.ids import stable_id
from newshouse.quality.incidents import Incident
from newshouse.records import CheckResult
from newshouse.sources.model import Source

Kind = Literal["opened", "worse", "reopened", "unmuted", "resolved", "failed", "digest", "test"]
_RANKS = {"critical": 0, "warning": 1, "info": 2}
_MOST_CHECKS = 5  # of one incident
_MOST_LISTED = 20  # incidents of one message
_MOST_EVENTS = 500  # characters of what went wrong in a task


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, facts by name, and where to read on."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is told.

    Attributes:
        message_id: the same when the same is told again, so that a receiver can tell.
        thread: messages of one incident share it.
        title: one line.
        at: UTC.
        data: the same for machines; JSON types only.
    """

    message_id: str
    thread: str
    kind: Kind
    severity: str
    title: str
    at: datetime
    sections: tuple[Section, ...]
    link: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class News:
    """Something about an incident that a channel is due to be told. `alert_id` names it once and for all."""

    alert_id: str
    kind: Kind
    incident: Incident


def about_incidents(
    news: Sequence[News],
    *,
    checks: Mapping[str, Sequence[CheckResult]],
    sources: Mapping[str, Source],
    dashboard: str | None,
    now: datetime,
) -> Message:
    """One incident at length, or several as a list.

    Args:
        checks: the failing checks of each incident, by its id.
    """
    ordered = sorted(news, key=lambda n: (_RANKS.get(n.incident.severity, 2), n.incident.opened_at, n.alert_id))
    shown = ordered[:_MOST_LISTED]
    sections = [_section(one, checks, sources, dashboard, alone=len(news) == 1) for one in shown]
    if len(ordered) > len(shown):
        sections.append(Section(f"And {len(ordered) - len(shown)} more", (("see", "newshouse incidents list"),)))
    first = ordered[0]
    together = stable_id("alerts", *sorted(one.alert_id for one in ordered))[:16]
    return Message(
        message_id=first.alert_id if len(ordered) == 1 else together,
        thread=f"incident-{first.incident.incident_id}" if len(ordered) == 1 else f"incidents-{together}",
        kind=first.kind,
        severity=first.incident.severity,
        title=headline(first, sources) if len(ordered) == 1 else _count(ordered),
        at=now,
        sections=tuple(sections),
        link=incident_link(dashboard, first.incident) if len(ordered) == 1 else page_link(dashboard, "checks"),
        data={"incidents": [_data(one, checks, sources, dashboard) for one in ordered]},
    )


def about_failure(run: str, task: str, what: str, link: str | None, *, repairs: int = 0, now: datetime) -> Message:
    """A task of a DAG that failed for good.

    Args:
        run: DAG and run, such as ``news_daily scheduled__2026-11-23``.
        what: class and text of what was raised.
        link: the task in Airflow's own pages.
        repairs: how often the run was cleared, so that what failed in it ran again.
    """
    said = inert(what, _MOST_EVENTS)
    name = stable_id("failed", *attempt(run, repairs))[:16]
    facts = (("run", inert(run)), ("task", inert(task)), ("said", said))
    return Message(
        message_id=name,
        thread=f"run-{name}",
        kind="failed",
        severity="critical",
        title=f"critical: {inert(run, 120)} failed in {inert(task, 80)}",
        at=now,
        sections=(Section("A task has failed", facts, link),),
        link=link,
        data={"failure": {"run": run, "task": task, "said": said}},
    )


def attempt(run: str, repairs: int) -> tuple[str, ...]:
    """What names one attempt at a run."""
    return (run, str(repairs)) if repairs else (run,)


def about_nothing(channel: str, dashboard: str | None, *, now: datetime) -> Message:
    """A message that shows that a channel works."""
    name = stable_id("test", channel, now.isoformat())[:16]
    facts = (("channel", channel), ("means", "messages of Newshouse arrive here. Nothing is wrong."))
    section = Section("A test", facts)
    title = "Newshouse: a test of this channel"
    return Message(name, f"test-{name}", "test", "info", title, now, (section,), page_link(dashboard, ""))


def bare(message: Message) -> Message:
    """The same without a word that is not ours, for a channel that refuses those."""
    said = "the text was refused by this channel. See the link, or `newshouse incidents list`."
    return replace(message, title=f"{message.severity}: {message.kind}; {said}", sections=(), data={})


def incident_link(dashboard: str | None, incident: Incident) -> str | None:
    """Its page of the dashboard."""
    return page_link(dashboard, f"incidents/{quote(incident.incident_id, safe='')}")


def page_link(dashboard: str | None, path: str) -> str | None:
    """A page of the dashboard; None where nobody said where it is."""
    return None if dashboard is None else f"{dashboard.rstrip('/')}/{path}"


def headline(one: News, sources: Mapping[str, Source]) -> str:
    """The title of a message about one incident."""
    incident = one.incident
    return f"{_word(one)}: {_name(incident, sources)}, {incident.cause}"


def _word(one: News) -> str:
    """The severity, or what has happened where that is more than being there."""
    severity = one.incident.severity
    words = {"resolved": "resolved", "worse": f"now {severity}"}
    words |= {"reopened": f"{severity} again", "unmuted": f"{severity} still"}
    return words.get(one.kind, severity)


def _count(ordered: Sequence[News]) -> str:
    begun = [one for one in ordered if one.kind != "resolved"]
    critical = sum(one.incident.severity == "critical" for one in begun)
    parts = [f"{len(begun)} incidents, {critical} of them critical"] if begun else []
    if len(ordered) > len(begun):
        parts.append(f"{len(ordered) - len(begun)} resolved")
    return "; ".join(parts)


def _name(incident: Incident, sources: Mapping[str, Source]) -> str:
    if incident.source_id is None:
        return "all sources"
    source = sources.get(incident.source_id)
    return f"{inert(source.name, 80)} ({incident.source_id})" if source else inert(incident.source_id, 80)


def _section(
    one: News,
    checks: Mapping[str, Sequence[CheckResult]],
    sources: Mapping[str, Source],
    dashboard: str | None,
    *,
    alone: bool,
) -> Section:
    incident = one.incident
    source = sources.get(incident.source_id or "")
    facts = [("severity", incident.severity), ("found", inert(incident.summary))] if alone else []
    if alone:
        facts += [(inert(check.check_name, 80), _measured(check)) for check in _of(one, checks)]
    else:
        facts.append((_word(one), inert(incident.summary, 160)))
    facts.append(("since", _since(incident)))
    if one.kind == "resolved":
        facts.append(("resolved", _end(incident)))
    if source and source.owner:
        facts.append(("owner", source.owner))
    if alone and one.kind != "resolved":
        facts.append(("do", f"newshouse incidents ack {incident.incident_id[:8]}, or mute it: it is told once"))
    return Section(f"{_name(incident, sources)}: {incident.cause}", tuple(facts), incident_link(dashboard, incident))


def _of(one: News, checks: Mapping[str, Sequence[CheckResult]]) -> Sequence[CheckResult]:
    if one.kind == "resolved":
        return ()
    return checks.get(one.incident.incident_id, ())[:_MOST_CHECKS]


def _measured(check: CheckResult) -> str:
    value = "not measured" if check.value is None else f"{check.value:.4g}"
    expected = f", expected {check.threshold}" if check.threshold else ""
    return inert(f"{value}{expected}" + (f"; {check.detail}" if check.detail else ""))


def _since(incident: Incident) -> str:
    days = f", failed in {incident.days} assessments" if incident.days > 1 else ""
    return f"{incident.opened_at:%Y-%m-%d %H:%M} UTC{days}"


def _end(incident: Incident) -> str:
    last = incident.events[-1]
    when = f"{incident.resolved_at or last.at:%Y-%m-%d %H:%M} UTC"
    return inert(f"{when} by {last.who}" + (f": {last.why}" if last.why else ""))


def _data(
    one: News,
    checks: Mapping[str, Sequence[CheckResult]],
    sources: Mapping[str, Source],
    dashboard: str | None,
) -> dict[str, Any]:
    incident = one.incident
    source = sources.get(incident.source_id or "")
    return {
        "alert_id": one.alert_id,
        "kind": one.kind,
        "incident_id": incident.incident_id,
        "source_id": incident.source_id,
        "owner": source.owner if source else None,
        "cause": incident.cause,
        "severity": incident.severity,
        "status": incident.status,
        "summary": incident.summary,
        "opened_at": incident.opened_at.isoformat(),
        "resolved_at": incident.resolved_at.isoformat() if incident.resolved_at else None,
        "days": incident.days,
        "link": incident_link(dashboard, incident),
        "checks": [
            {"name": check.check_name, "value": check.value, "expected": check.threshold, "detail": check.detail}
            for check in _of(one, checks)
        ],
    }
