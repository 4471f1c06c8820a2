"""Sections of a source that stay away, and new ones with a good part of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from newshouse.quality.finding import Finding
from newshouse.quality.history import Day
from newshouse.quality.layout import SETTLING_DAYS

_RECENT_DAYS = 14
_MOST_DAYS = 10  # of 14, or twice as many of 28: a section that comes most days, also soon after it stayed away
_USUALLY = 0.75  # of the same weekdays: one week of a break does not become the rule
_WEEK = 7
_FEWEST_DAYS = 4
_EXPECTED = 8.0  # articles, of which chance leaves none once in 3,000 times
_FEWEST_NEW = 8  # articles; fewer are a story, not a section
_NEW_SHARE = 0.2
_FREE_TEXT = 0.1  # of articles in sections that no other day has: where that is usual, a new name says nothing


def sections(days: Sequence[Day], rests: Sequence[bool]) -> list[Finding]:
    """One finding on sections that vanished, and one on new ones.

    A section is missed when it came most days, and on this weekday. A new one fails for as long as it is new.

    Args:
        days: the latest first.
        rests: for each day, whether a holiday touches it.
    """
    with_news = [day for day in days[1:] if day.looked and day.articles]
    few = None if len(with_news) >= _FEWEST_DAYS else f"too little history to judge: {len(with_news)} of 4 days"
    free = None if few or not _is_free_text(with_news) else "sections are free text: new ones say nothing"
    vanished, unsure = ([], []) if few else _vanished(days, excused=rests[0])
    new = [] if few or free else _new(days)
    unjudged = None if vanished or not unsure else f"too few articles to miss {_listed(unsure)}"
    return [
        _finding("section_vanished", "vanished", vanished, few or unjudged),
        _finding("section_new", "new", new, few or free or (None if new else _too_quiet(days[0], excused=rests[0]))),
    ]


def _finding(check: str, what: str, names: Sequence[str], why: str | None) -> Finding:
    """One judgement; `why` it could not be made, if it could not."""
    value = None if why else len(names)
    return Finding(check, "warning", not names, value, f"no {what} section", detail=why or _listed(names))


def _too_quiet(today: Day, *, excused: bool) -> str | None:
    """Why a new section could go unseen today."""
    if excused:
        return "too quiet to judge: a public holiday"
    named = sum(today.sections.values())
    return f"too few articles to judge: {named} name a section" if named < _FEWEST_NEW else None


def _vanished(days: Sequence[Day], *, excused: bool) -> tuple[list[str], list[str]]:
    """Those that are missed, and those that stay away on a day that cannot tell why.

    Of a section that has its weekdays, or of a quiet day, absence says nothing: it is no fault, and no return either.
    """
    today, past = days[0], [day for day in days[1 : 1 + _RECENT_DAYS] if day.looked and day.articles]
    longer = [day for day in days[1 : 1 + 2 * _RECENT_DAYS] if day.looked and day.articles]
    volume = sum(day.articles for day in past)
    seen, on_days, most = Counter[str](), Counter[str](), Counter[str]()
    for day in past:
        seen.update(day.sections)
        on_days.update(day.sections.keys())
        most |= Counter(day.sections)
    same_weekday = [day for day in days[_WEEK::_WEEK] if day.looked and day.articles]
    missed, unsure = [], []
    for name, count in seen.items():
        if name in today.sections:
            continue
        most_days = on_days[name] >= min(_MOST_DAYS, len(past)) or _on(name, longer) >= 2 * _MOST_DAYS
        on_this_one = bool(same_weekday) and _on(name, same_weekday) >= _USUALLY * len(same_weekday)
        if most_days and on_this_one and not excused and today.articles * count / volume >= _EXPECTED:
            missed.append(name)
        elif 2 * on_days[name] >= len(past) and most[name] >= _EXPECTED:
            unsure.append(name)
    return missed, unsure


def _on(name: str, days: Sequence[Day]) -> int:
    return sum(name in day.sections for day in days)


def _new(days: Sequence[Day]) -> list[str]:
    """Names that no day had before the last few; a week of them, as some sections have their weekday.

    A source that never named a section begins to: good news.
    """
    today = days[0]
    settled = [day.sections for day in days[SETTLING_DAYS:] if day.sections]
    known = set().union(*settled) if len(settled) >= _WEEK else set()
    least = max(_FEWEST_NEW, _NEW_SHARE * sum(today.sections.values()))
    return [name for name, count in today.sections.items() if known and name not in known and count >= least]


def _is_free_text(past: Sequence[Day]) -> bool:
    on_days = Counter(name for day in past for name in day.sections)
    alone = [
        sum(count for name, count in day.sections.items() if on_days[name] == 1) / sum(day.sections.values())
        for day in past
        if day.sections
    ]
    return bool(alone) and median(alone) > _FREE_TEXT


def _listed(names: Sequence[str]) -> str | None:
    return ", ".join(sorted(names)[:10]) or None
