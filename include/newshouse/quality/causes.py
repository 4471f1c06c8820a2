"""What checks point at: those that see one break from several sides share a cause, and so one incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from newshouse.quality.incidents import Incident
from newshouse.records import CheckResult

Key = tuple[str | None, str]  # source, cause
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
    ("quarantine", "parser", ("rejected_share",)),
    ("layout", "parser", tuple(name for name, cause in CAUSES.items() if cause == "parser")),
    ("sections", "parser", _NO_TEXT),
    ("delivery", "parser", _NO_TEXT),
    ("delivery", "sections", ("section_vanished",)),
)
_BATCH_CAUSE = "batch"  # the suite of Great Expectations looks at all sources of a batch


def by_cause(results: Sequence[CheckResult]) -> dict[Key, list[CheckResult]]:
    """The results of each cause at each source; of no cause, none.

    Mere information opens nothing. Where it is good news it counts: the check may have been more in an earlier version,
    and opened an incident that would else wait for it.
    """
    groups: dict[Key, list[CheckResult]] = defaultdict(list)
    for result in results:
        cause = _BATCH_CAUSE if result.suite == "great_expectations" else CAUSES.get(result.check_name)
        if cause is not None and (matters(result) or result.status == "pass"):
            groups[result.source_id, cause].append(result)
    return groups


def join(groups: dict[Key, list[CheckResult]], latest: dict[Key, Incident]) -> None:
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
            together = not failing(checks).isdisjoint(signs)
            goes_on = before is not None and lasts and part in {CAUSES.get(name) for name in before.check_names}
            if before is not None and has_own and is_over(before, checks):
                goes_on = False
            if not failing(groups[one]) or not (together or goes_on):
                continue
            groups[other] = [*checks, *groups.pop(one)]
            if own is not None and has_own and own.status != "muted" and not lasts:
                latest[other] = replace(own, cause=whole)


def matters(check: CheckResult) -> bool:
    """It is more than information."""
    return check.severity != "info"


def failing(checks: Iterable[CheckResult]) -> set[str]:
    """The names of the checks that do not pass."""
    return {check.check_name for check in checks if check.status != "pass"}


def is_over(incident: Incident, checks: Iterable[CheckResult]) -> bool:
    """All checks of its own cause pass, and those that it names were judged: a weekend with too little is no recovery.

    Checks that were joined to it are no matter: if they still fail, they go on by themselves.
    """
    own = [check for check in checks if CAUSES.get(check.check_name, incident.cause) == incident.cause]
    named = {name for name in incident.check_names if CAUSES.get(name, incident.cause) == incident.cause}
    return not failing(own) and named <= {check.check_name for check in own if check.value is not None}
