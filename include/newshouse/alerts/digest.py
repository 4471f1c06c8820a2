"""The message of each morning: the state in one sentence, and what is behind it. Pure: records in, message out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newshouse.alerts.inert import inert
from newshouse.alerts.message import Message, Section, page_link
from newshouse.ids import stable_id
from newshouse.quality.cards import Card
from newshouse.quality.incidents import Incident
from newshouse.quality.verdict import Concern, Verdict, asks_publishers, judge
from newshouse.sources.model import Source
from newshouse.warehouse.runs import Stretch

_DAY = timedelta(days=1)
_STAGES = ("discover", "fetch", "parse", "validate", "load")
_MOST_INCIDENTS = 15
_MOST_SOURCES = 5
_POOR = 85.0  # a score that is worth a line; below it the quality report stops calling a source good
_SEVERITIES = ("critical", "warning")


@dataclass(frozen=True, slots=True)
class State:
    """What a digest is made of.

    Attributes:
        incidents: all.
        cards: the latest of each source; none that are older than the others by days.
        stretches: of the last days.
        silent: sources that answered nothing to the last run that asked them.
    """

    incidents: Sequence[Incident]
    cards: Sequence[Card]
    stretches: Sequence[Stretch]
    silent: Sequence[str] = ()


def digest(
    name: str,
    state: State,
    sources: Mapping[str, Source],
    takes: Callable[[str | None], bool],
    dashboard: str | None,
    now: datetime,
    since: datetime | None = None,
) -> Message:
    """The digest of the sources that `takes` takes.

    Args:
        name: of the message: the same for the same channel and day.
        takes: called with a source id, or None for what concerns no single source.
        now: UTC.
        since: when the digest before was told, UTC; None for a day ago.
    """
    begun = since or now - _DAY
    # What was removed or disabled is no concern any more.
    asked = {source_id for source_id, source in sources.items() if source.enabled and takes(source_id)} | {None}
    cards = [card for card in state.cards if card.source_id in asked]
    incidents = [one for one in state.incidents if takes(one.source_id) and one.source_id in asked]
    looks = [one for one in state.stretches if takes(one.source_id)]
    silent = [source_id for source_id in state.silent if source_id in asked]
    verdict = _verdict(incidents, silent, len(cards), looks, _looked_at(state.stretches), now)
    stretches = [one for one in looks if one.finished_at > begun]
    lasting = sorted((one for one in incidents if one.lasts), key=_by_weight)
    new = [one for one in incidents if one.opened_at > begun]
    over = [one for one in incidents if one.resolved_at and one.resolved_at > begun]
    sections = [
        Section("Open incidents", tuple(_counts(lasting)) + tuple(_lines(lasting))),
        Section(f"Since {begun:%d %B %H:%M} UTC", (("new", _named(new)), ("resolved", _named(over)))),
        Section("The way since then", tuple(_funnel(stretches))),
        Section("Lowest scores", tuple(_worst(cards, sources))),
    ]
    return Message(
        message_id=name,
        thread=f"digest-{name}",
        kind="digest",
        severity={"bad": "critical", "care": "warning"}.get(verdict.level, "info"),
        title=inert(f"{now:%d %B}: can the news be trusted today? {_sentence(verdict)}"),
        at=now,
        sections=tuple(section for section in sections if section.facts),
        link=page_link(dashboard, ""),
        data={"digest": _data(verdict, lasting, new, over, stretches, cards, now) | {"since": begun.isoformat()}},
    )


def _verdict(
    incidents: Iterable[Incident],
    silent: Iterable[str],
    sources: int,
    stretches: Sequence[Stretch],
    looked_at: datetime | None,
    now: datetime,
) -> Verdict:
    """As the front page of the dashboard judges; there the concerns are the checks themselves."""
    concerns = [
        Concern(one.source_id, one.severity, ", ".join(one.check_names), one.status == "muted")
        for one in sorted(incidents, key=_by_weight)
        if one.lasts
    ]
    concerns += (Concern(source_id, "critical", "answers") for source_id in silent)
    last = next((one.run_id for one in reversed(stretches) if asks_publishers(one.run_id, one.stage)), None)
    lost = sum(s.in_count - s.out_count - s.duplicate_count - s.rejected_count for s in stretches if s.run_id == last)
    return judge(concerns, sources, looked_at, now, lost)


def _looked_at(stretches: Iterable[Stretch]) -> datetime | None:
    """When a run last asked a publisher, UTC; None where none did lately."""
    return max((one.finished_at for one in stretches if asks_publishers(one.run_id, one.stage)), default=None)


def _by_weight(one: Incident) -> tuple[bool, datetime, str]:
    return (one.severity != "critical", one.opened_at, one.incident_id)


def _sentence(verdict: Verdict) -> str:
    left_out = f" {', '.join(verdict.exceptions)}." if verdict.exceptions else ""
    return f"{verdict.word}: {verdict.because}{left_out}"


def _counts(lasting: Sequence[Incident]) -> Iterable[tuple[str, str]]:
    return [(severity, str(sum(one.severity == severity for one in lasting))) for severity in _SEVERITIES]


def _lines(lasting: Sequence[Incident]) -> Iterable[tuple[str, str]]:
    for one in lasting[:_MOST_INCIDENTS]:
        status = "" if one.status == "open" else f" ({one.status})"
        said = f"{inert(one.summary, 120)}, since {one.opened_at:%d %B}{status}"
        yield f"{inert(one.source_id or 'all sources', 80)}, {one.cause}", said
    if len(lasting) > _MOST_INCIDENTS:
        yield f"and {len(lasting) - _MOST_INCIDENTS} more", "newshouse incidents list"


def _named(incidents: Sequence[Incident]) -> str:
    if not incidents:
        return "none"
    names = [f"{inert(one.source_id or 'all sources', 80)} ({one.cause})" for one in incidents]
    more = f" and {len(names) - _MOST_INCIDENTS} more" if len(names) > _MOST_INCIDENTS else ""
    return f"{len(names)}: {', '.join(names[:_MOST_INCIDENTS])}{more}"


def _totals(stretches: Iterable[Stretch]) -> dict[str, dict[str, int]]:
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("in", "out", "known", "dropped"), 0))
    for one in stretches:
        sums = totals[one.stage]
        sums["in"] += one.in_count
        sums["out"] += one.out_count
        sums["known"] += one.duplicate_count
        sums["dropped"] += one.rejected_count
    return {stage: totals[stage] for stage in _STAGES if stage in totals}


def _funnel(stretches: Iterable[Stretch]) -> Iterable[tuple[str, str]]:
    for stage, sums in _totals(stretches).items():
        yield stage, f"{sums['in']} in, {sums['out']} on, {sums['known']} known, {sums['dropped']} dropped"


def _poor(cards: Iterable[Card]) -> list[Card]:
    scored = [card for card in cards if card.score is not None and (card.score < _POOR or card.slo_missed)]
    return sorted(scored, key=lambda card: (card.score, card.source_id))[:_MOST_SOURCES]


def _worst(cards: Iterable[Card], sources: Mapping[str, Source]) -> Iterable[tuple[str, str]]:
    for card in _poor(cards):
        source = sources.get(card.source_id)
        owner = f"; {source.owner}" if source and source.owner else ""
        missed = f", misses {'; '.join(card.slo_missed)}" if card.slo_missed else ""
        yield card.source_id, f"{card.score:.0f} of 100{missed}{owner}"


def _data(
    verdict: Verdict,
    lasting: Sequence[Incident],
    new: Sequence[Incident],
    over: Sequence[Incident],
    stretches: Sequence[Stretch],
    cards: Sequence[Card],
    now: datetime,
) -> dict[str, object]:
    return {
        "day": f"{now:%Y-%m-%d}",
        "level": verdict.level,
        "sentence": _sentence(verdict),
        "open": [
            {
                "incident_id": one.incident_id,
                "source_id": one.source_id,
                "cause": one.cause,
                "severity": one.severity,
                "status": one.status,
                "summary": one.summary,
                "opened_at": one.opened_at.isoformat(),
            }
            for one in lasting
        ],
        "new": [one.incident_id for one in new],
        "resolved": [one.incident_id for one in over],
        "funnel": _totals(stretches),
        "lowest_scores": [{"source_id": card.source_id, "score": card.score} for card in _poor(cards)],
    }


def digest_name(channel: str, now: datetime) -> str:
    """One a channel and UTC day."""
    return stable_id("alert", channel, "digest", f"{now:%Y-%m-%d}")[:16]
