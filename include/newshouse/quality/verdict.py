"""Can the data be trusted today? One sentence, and the sources that are the exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_STALE = timedelta(hours=36)  # a daily run that is half a day late


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


def judge(states: Mapping[str, str], sources: int, looked_at: datetime | None, now: datetime, lost: int) -> Verdict:
    """The verdict.

    Args:
        states: source id -> the worst severity of what is wrong with it.
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
    broken = tuple(source for source, severity in states.items() if severity == "critical")
    wary = sum(severity == "warning" for severity in states.values())
    if sources and len(broken) * 2 >= sources:
        return Verdict("bad", "No", f"{len(broken)} of {sources} sources fail a critical check:", broken)
    if broken:
        return Verdict("care", "Yes, with care", f"leave out {len(broken)} of {sources} sources for now:", broken)
    warned = f" {wary} of them with a warning." if wary else ""
    return Verdict("good", "Yes", f"all {sources} sources pass every critical check; last run {age} ago.{warned}")


def _age(passed: timedelta) -> str:
    minutes = max(int(passed.total_seconds() // 60), 0)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} days"
