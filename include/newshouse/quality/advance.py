"""Anomalies open incidents, and recovery resolves them.

While an incident lasts, its checks may fail every day, and others of the same cause beside them: nothing opens twice.
Pure: incidents and check results in, incidents out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from newshouse.ids import stable_id
from newshouse.quality.causes import CAUSES, Key, by_cause, is_over, join, matters
from newshouse.quality.incidents import MACHINE, Event, Incident, Status
from newshouse.records import CheckResult

_LEVELS = ("info", "warning", "critical")
_REOPENS_WITHIN = timedelta(days=3)  # a break that comes and goes is one break
_GIVEN_UP_AFTER = timedelta(days=14)  # two weekends: what no check could judge since then, none will


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
    groups = by_cause(results)
    join(groups, latest)
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
    failing = {(check.source_id, check.check_name) for check in results if check.status != "pass" and matters(check)}
    for incident in lasting:
        if any((incident.source_id, name) in failing for name in incident.check_names):
            continue
        if sources is not None and incident.source_id is not None and incident.source_id not in sources:
            yield _resolved(incident, run_id, now, "source removed or disabled")
        elif now - incident.last_failed_at >= _GIVEN_UP_AFTER:
            yield _resolved(incident, run_id, now, f"not judged for {_GIVEN_UP_AFTER.days} days")


def _seen_at(checks: Iterable[CheckResult]) -> datetime:
    return max(check.checked_at for check in checks)


def _after(
    before: Incident | None, key: Key, checks: Sequence[CheckResult], run_id: str, now: datetime
) -> Incident | None:
    failing = sorted((c for c in checks if c.status != "pass"), key=lambda c: -_LEVELS.index(c.severity))
    lasting = before is not None and before.lasts
    if failing:
        if before is not None and (lasting or _comes_back(before, now)):
            return _gone_on(before, failing, run_id, now)
        return _opened(key, failing, run_id, now)
    if before is None or not lasting or not is_over(before, checks):
        return None
    return _resolved(before, run_id, now, "all its checks pass")


def _resolved(incident: Incident, run_id: str, now: datetime, why: str) -> Incident:
    after = replace(incident, status="resolved", resolved_at=now, last_run_id=run_id)
    return after.with_event(now, MACHINE, "resolve", why)


def _comes_back(before: Incident, now: datetime) -> bool:
    """Resolved by recovery, and not long ago. What a person resolved is another matter when it happens again."""
    by_itself = bool(before.events) and before.events[-1].who == MACHINE
    return by_itself and before.resolved_at is not None and now - before.resolved_at <= _REOPENS_WITHIN


def _opened(key: Key, failing: Sequence[CheckResult], run_id: str, now: datetime) -> Incident:
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
        after = replace(after, status=status, muted_until=until)
        after = after.with_event(now, MACHINE, action, _words(failing[0]))
    spread = before.cause not in {CAUSES.get(name, before.cause) for name in before.check_names}  # see `causes.join`
    if spread or severity != before.severity:
        return after.with_event(now, MACHINE, "worse", _words(failing[0]))
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
