"""Anomalies open incidents; people acknowledge, mute or resolve them; recovery resolves the rest.

One incident stands for one cause at one source. While it lasts, its checks may fail every day, and others of the same
cause beside them: nothing opens twice. Pure: incidents and check results in, incidents out.

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

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from newshouse.errors import ConfigError
from newshouse.ids import stable_id
from newshouse.records import CheckResult

Status = Literal["open", "acknowledged", "muted", "resolved"]
Action = Literal["ack", "mute", "resolve"]
MACHINE = "newshouse"

# What a check points at. Checks that see one break from several sides share a cause.
CAUSES: Mapping[str, str] = {
    **dict.fromkeys(("volume_drop", "freshness", "volume_bounds"), "delivery"),
    **dict.fromkeys(("volume_spike", "duplicate_share"), "flood"),
    **dict.fromkeys(
        (
            "empty_share", "rejected_share", "title_null_rate", "authors_null_rate", "published_at_null_rate", "length",
            "field_origin", "columns_filled", "provenance",
        ),
        "parser",
    ),
    "layout_drift": "layout",
    "time_zone": "dates",
    **dict.fromkeys(("section_vanished", "section_new"), "sections"),
    "quarantine_rate": "quarantine",
}  # fmt: skip
_NO_TEXT = ("empty_share", "rejected_share")
# Seen together, the first is the reason or the consequence of the second: one incident, of the second cause. The checks
# are those of the second that say so.
_JOINS = (
    ("layout", "parser", tuple(name for name, cause in CAUSES.items() if cause == "parser")),
    ("sections", "parser", _NO_TEXT),
    ("delivery", "parser", _NO_TEXT),
    ("delivery", "sections", ("section_vanished",)),
)
_BATCH_CAUSE = "batch"  # the suite of Great Expectations looks at all sources of a batch
_LEVELS = ("info", "warning", "critical")
_REOPENS_WITHIN = timedelta(days=3)  # a break that comes and goes is one break
_GIVEN_UP_AFTER = timedelta(days=14)  # two weekends: what no check could judge since then, none will


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


def advance(
    known: Iterable[Incident],
    results: Sequence[CheckResult],
    *,
    run_id: str,
    now: datetime,
    sources: Collection[str] | None = None,
) -> list[Incident]:
    """The incidents that an assessment opens or changes.

    A failing check of a cause opens an incident, or is added to the one that lasts; one that resolved itself less than
    three days ago goes on, muted or acknowledged as it was, and so does one whose mute has ended. When all checks of a
    lasting incident were made and passed, it is resolved; one that had too little to judge is no sign of that, but for
    14 days without a failure. Assessing the same run again changes nothing, and neither does an older run: what was
    seen before the last failure does not tell of a recovery.

    Args:
        results: of one assessment; a cause with no result at all is left as it is.
        now: UTC.
        sources: ids of those that are still watched; incidents of others are closed. None: nobody says.
    """
    known = list(known)
    latest = {(i.source_id, i.cause): i for i in sorted(known, key=lambda i: (i.lasts, i.opened_at, i.incident_id))}
    groups = _by_cause(results)
    _join(groups, latest)
    changed = []
    for key, checks in groups.items():
        before = latest.get(key)
        if before is not None and (before.last_run_id == run_id or _seen_at(checks) <= before.last_failed_at):
            continue
        after = _after(before, key, checks, run_id, now)
        if after is not None:
            changed.append(after)
    done = {incident.incident_id for incident in changed}
    rest = [incident for incident in known if incident.lasts and incident.incident_id not in done]
    return changed + list(_given_up(rest, results, run_id, now, sources))


def _given_up(
    lasting: Iterable[Incident],
    results: Iterable[CheckResult],
    run_id: str,
    now: datetime,
    sources: Collection[str] | None,
) -> Iterator[Incident]:
    """Those that no check will ever end. What fails today under another cause is none of them."""
    failing = {(check.source_id, check.check_name) for check in results if check.status != "pass"}
    for incident in lasting:
        if any((incident.source_id, name) in failing for name in incident.check_names):
            continue
        if sources is not None and incident.source_id is not None and incident.source_id not in sources:
            yield _resolved(incident, run_id, now, "source removed or disabled")
        elif now - incident.last_failed_at >= _GIVEN_UP_AFTER:
            yield _resolved(incident, run_id, now, f"not judged for {_GIVEN_UP_AFTER.days} days")


def _seen_at(checks: Iterable[CheckResult]) -> datetime:
    return max(check.checked_at for check in checks)


_Groups = dict[tuple[str | None, str], list[CheckResult]]


def _by_cause(results: Sequence[CheckResult]) -> _Groups:
    groups: _Groups = defaultdict(list)
    for result in results:
        cause = _BATCH_CAUSE if result.suite == "great_expectations" else CAUSES.get(result.check_name)
        if cause is not None and result.severity != "info":
            groups[result.source_id, cause].append(result)
    return groups


def _join(groups: _Groups, latest: dict[tuple[str | None, str], Incident]) -> None:
    """Put the checks of what is joined to another cause with those of that cause, in place.

    They stay together while the incident lasts. What had an incident of its own already goes on in that, under the
    other cause; but not if it is muted, because then nobody would hear of what is worse. Such a one gets its checks
    back as soon as those of the other cause itself pass.
    """
    for part, whole, signs in _JOINS:
        for source_id in {source_id for source_id, cause in groups if cause == part}:
            one, other = (source_id, part), (source_id, whole)
            checks, before, own = groups.get(other, ()), latest.get(other), latest.get(one)
            lasts, has_own = (incident is not None and incident.lasts for incident in (before, own))
            together = not _failing(checks).isdisjoint(signs)
            goes_on = before is not None and lasts and part in {CAUSES.get(name) for name in before.check_names}
            if before is not None and has_own and _is_over(before, checks):
                goes_on = False
            if not _failing(groups[one]) or not (together or goes_on):
                continue
            groups[other] = [*checks, *groups.pop(one)]
            if own is not None and has_own and own.status != "muted" and not lasts:
                latest[other] = replace(own, cause=whole)


def _failing(checks: Iterable[CheckResult]) -> set[str]:
    return {check.check_name for check in checks if check.status != "pass"}


def _after(
    before: Incident | None, key: tuple[str | None, str], checks: Sequence[CheckResult], run_id: str, now: datetime
) -> Incident | None:
    failing = sorted((c for c in checks if c.status != "pass"), key=lambda c: -_LEVELS.index(c.severity))
    lasting = before is not None and before.lasts
    if failing:
        if before is not None and (lasting or _comes_back(before, now)):
            return _gone_on(before, failing, run_id, now)
        return _opened(key, failing, run_id, now)
    if before is None or not lasting or not _is_over(before, checks):
        return None
    return _resolved(before, run_id, now, "all its checks pass")


def _is_over(incident: Incident, checks: Iterable[CheckResult]) -> bool:
    """All checks of its own cause pass, and those that it names were judged: a weekend with too little is no recovery.

    Checks that were joined to it are no matter: if they still fail, they go on by themselves.
    """
    own = [check for check in checks if CAUSES.get(check.check_name, incident.cause) == incident.cause]
    named = {name for name in incident.check_names if CAUSES.get(name, incident.cause) == incident.cause}
    return not _failing(own) and named <= {check.check_name for check in own if check.value is not None}


def _resolved(incident: Incident, run_id: str, now: datetime, why: str) -> Incident:
    after = replace(incident, status="resolved", resolved_at=now, last_run_id=run_id)
    return _with_event(after, now, MACHINE, "resolve", why)


def _comes_back(before: Incident, now: datetime) -> bool:
    """Resolved by recovery, and not long ago. What a person resolved is another matter when it happens again."""
    by_itself = bool(before.events) and before.events[-1].who == MACHINE
    return by_itself and before.resolved_at is not None and now - before.resolved_at <= _REOPENS_WITHIN


def _opened(key: tuple[str | None, str], failing: Sequence[CheckResult], run_id: str, now: datetime) -> Incident:
    source_id, cause = key
    return Incident(
        incident_id=stable_id("incident", source_id or "", cause, run_id)[:16],
        source_id=source_id,
        cause=cause,
        status="open",
        severity=failing[0].severity,
        summary=_words(failing[0]),
        check_names=tuple(dict.fromkeys(check.check_name for check in failing)),
        days=1,
        opened_at=now,
        opened_run_id=run_id,
        last_failed_at=_seen_at(failing),
        last_run_id=run_id,
        events=(Event(now, MACHINE, "open", _words(failing[0])),),
    )


def _gone_on(before: Incident, failing: Sequence[CheckResult], run_id: str, now: datetime) -> Incident:
    names = tuple(dict.fromkeys([*before.check_names, *(check.check_name for check in failing)]))
    severity = max(before.severity, failing[0].severity, key=_LEVELS.index)
    after = replace(
        before,
        severity=severity,
        check_names=names,
        days=before.days + 1,
        last_failed_at=_seen_at(failing),
        last_run_id=run_id,
        resolved_at=None,
    )
    if not before.lasts or _mute_ended(before, now):
        status, action = _status_again(before, now), "unmuted" if before.lasts else "reopen"
        until = before.muted_until if status == "muted" else None
        after = _with_event(replace(after, status=status, muted_until=until), now, MACHINE, action, _words(failing[0]))
    spread = before.cause not in {CAUSES.get(name, before.cause) for name in before.check_names}  # see `_join`
    if spread or severity != before.severity:
        return _with_event(after, now, MACHINE, "worse", _words(failing[0]))
    return after


def _status_again(before: Incident, now: datetime) -> Status:
    """One good day undoes nothing that a person has said."""
    if before.muted_until is not None and before.muted_until > now:
        return "muted"
    said = [event.action for event in before.events if event.action in ("ack", "mute")]
    return "acknowledged" if said[-1:] == ["ack"] else "open"


def _mute_ended(incident: Incident, now: datetime) -> bool:
    return incident.status == "muted" and incident.muted_until is not None and incident.muted_until <= now


def _words(check: CheckResult) -> str:
    measured = "" if check.value is None else f"{check.value:.4g}, expected {check.threshold}"
    return f"{check.check_name}: " + ("; ".join(filter(None, (measured, check.detail))) or check.status)


def _with_event(incident: Incident, at: datetime, who: str, action: str, why: str | None) -> Incident:
    return replace(incident, events=(*incident.events, Event(at, who, action, why)))


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
        return _with_event(changed, now, who, action, said)
    if action == "ack":
        return _with_event(replace(incident, status="acknowledged", muted_until=None), now, who, action, why)
    return _with_event(replace(incident, status="resolved", resolved_at=now), now, who, action, why)
