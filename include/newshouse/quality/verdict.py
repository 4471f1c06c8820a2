"""Can the data be trusted today? One sentence, and the sources that are the exception.

The front page of the dashboard and the digest both ask here, so that they never differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_STALE = timedelta(hours=36)  # a daily run that is half a day late
_MOST_NAMED = 3
_RANKS = {"critical": 0, "warning": 1}


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that is wrong now.

    Attributes:
        source_id: None for what concerns all sources together.
        check_name: what fails.
        muted: somebody does not want to hear of it.
    """

    source_id: str | None
    severity: str
    check_name: str
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer.

    Attributes:
        level: good, care or bad.
        word: the answer in one word; `because` ends the sentence.
        exceptions: ids of the sources that the answer leaves out.
    """

    level: str
    word: str
    because: str
    exceptions: tuple[str, ...] = ()


def asks_publishers(run_id: str, stage: str) -> bool:
    """Whether a stage of a run looked at what is new. An import, or a decision on the quarantine, asks nobody."""
    return stage == "discover" and not run_id.startswith("import-")


def worst(concerns: Iterable[Concern]) -> dict[str, str]:
    """Source id -> the worst severity of its concerns, the worst first. What is muted is left out."""
    heard = [one for one in concerns if one.source_id is not None and not one.muted]
    found: dict[str, str] = {}
    for one in sorted(heard, key=lambda one: _RANKS.get(one.severity, 2)):
        found.setdefault(one.source_id or "", one.severity)
    return found


def judge(concerns: Iterable[Concern], sources: int, looked_at: datetime | None, now: datetime, lost: int) -> Verdict:
    """The verdict.

    Args:
        concerns: what is wrong now; what is muted does not count.
        sources: how many the last runs asked.
        looked_at: when a run last asked a publisher, UTC.
        lost: rows that a stage of the last run took in and did not account for.
    """
    if looked_at is None:
        return Verdict("bad", "No data yet", "no run has asked a publisher yet. Run news_daily once.")
    age = _age(now - looked_at)
    if lost:
        return Verdict("bad", "No", f"the last run does not balance: {lost} rows are not accounted for.")
    if now - looked_at > _STALE:
        return Verdict("bad", "Not for today", f"the last run was {age} ago, and nothing newer is here.")
    concerns = list(concerns)
    shared = {c.check_name for c in concerns if c.source_id is None and c.severity == "critical" and not c.muted}
    if shared:
        named = ", ".join(sorted(shared)[:_MOST_NAMED])
        return Verdict("bad", "No", f"a critical check of all sources together fails: {named}.")
    return _of_sources(worst(concerns), sources, age)


def _of_sources(states: Mapping[str, str], sources: int, age: str) -> Verdict:
    broken = tuple(source for source, severity in states.items() if severity == "critical")
    wary = sum(severity == "warning" for severity in states.values())
    if sources and len(broken) * 2 >= sources:
        return Verdict("bad", "No", f"{len(broken)} of {sources} sources fail a critical check:", broken)
    if broken:
        return Verdict("care", "Yes, with care", f"leave out {len(broken)} of {sources} sources for now:", broken)
    warned = f" With a warning: {wary}." if wary else ""  # not of these sources alone: imported texts may have one, too
    return Verdict("good", "Yes", f"all {sources} sources pass every critical check; last run {age} ago.{warned}")


def _age(passed: timedelta) -> str:
    minutes = max(int(passed.total_seconds() // 60), 0)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} days"
