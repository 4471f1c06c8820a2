"""Anomalies open incidents; people acknowledge, mute or resolve them; recovery resolves the rest.

One incident stands for one cause at one source. While it lasts, its checks may fail every day, and others of the same
cause beside them: nothing opens twice. Pure: incidents and check results in, incidents out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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


def advance(known: Iterable[Incident], results: Sequence[CheckResult], *, run_id: str, now: datetime) -> list[Incident]:
    """The incidents that an assessment opens or changes.

    A failing check of a cause opens an incident, or is added to the one that lasts; one that resolved itself less than
    three days ago goes on, and so does one whose mute has ended. When all checks of a lasting incident were made and
    passed, it is resolved; one that had too little to judge is no sign of that. Assessing the same run again changes
    nothing, and neither does an older run: what was seen before the last failure does not tell of a recovery.

    Args:
        results: of one assessment; a cause with no result at all is left as it is.
        now: UTC.
    """
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
    return changed


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
    other cause; but not if it is muted, because then nobody would hear of what is worse.
    """
    for part, whole, signs in _JOINS:
        for source_id in {source_id for source_id, cause in groups if cause == part}:
            one, other = (source_id, part), (source_id, whole)
            failing = _failing(groups[one])
            before = latest.get(other)
            lasts = before is not None and before.lasts
            together = not _failing(groups.get(other, ())).isdisjoint(signs)
            goes_on = before is not None and before.lasts and not failing.isdisjoint(before.check_names)
            if not failing or not (together or goes_on):
                continue
            groups[other] = [*groups.get(other, ()), *groups.pop(one)]
            own = latest.get(one)
            if own is not None and own.lasts and own.status != "muted" and not lasts:
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
    if before is None or not lasting or not all(_is_measured(c) for c in checks if c.check_name in before.check_names):
        return None
    after = replace(before, status="resolved", resolved_at=now, last_run_id=run_id)
    return _with_event(after, now, MACHINE, "resolve", "all its checks pass")


def _is_measured(check: CheckResult) -> bool:
    """A weekend with too few articles to judge is no recovery."""
    return check.value is not None


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
        return _with_event(replace(after, status="open", muted_until=None), now, MACHINE, "reopen", _words(failing[0]))
    spread = before.cause not in {CAUSES.get(name, before.cause) for name in before.check_names}  # see `_join`
    if spread or severity != before.severity:
        return _with_event(after, now, MACHINE, "worse", _words(failing[0]))
    return after


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
