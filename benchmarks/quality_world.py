"""A newsroom over sixty simulated days, with faults at known places: rows as parse and load leave them.

The publishers are those of the sample newsroom, several times over with other sizes, rhythms and habits: country,
language, time zone and headlines are theirs. Rows carry what the history checks read, and no bodies.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from newshouse.settings import SAMPLE_SOURCES
from newshouse.sources.load import load_sources
from newshouse.sources.model import Bounds, Source

FIRST_NOW = datetime(2026, 4, 6, 6, tzinfo=UTC)  # a Monday; Easter, May and Ascension lie ahead
DAYS = 60
WARM_UP = 21
GAP = 2  # days between two faults of a source
SECTIONS = ("Local", "World", "Business", "Culture", "Sport", "Opinion", "Science", "Travel", "Weather", "Law")
FIELDS = ("title", "authors", "published_at")
_PAGE = "div.page>main>article.article>div.article.body"
MAKES = (
    {_PAGE: 1.0},
    {_PAGE: 0.95, "div.page>main>div.container": 0.04, "div.page>main": 0.01},  # live blogs and what is odd
    {_PAGE: 0.8, "div.page>main>article.video": 0.2},
    {_PAGE: 0.5, "div.page>main>article.article>section.content": 0.5},  # two versions side by side, for good
)


@dataclass(frozen=True)
class Habit:
    """How one publisher behaves on ordinary days.

    Attributes:
        makes: templates of its pages, by weight.
        trial: for four days from this one on, so many of its pages are made another way: a trial, and no fault.
        free_sections: every article names a section of its own.
        weekday_section: rests at weekends.
    """

    source: Source
    rate: float
    week: tuple[float, ...]
    holiday: float
    trend: float
    nulls: dict[str, float]
    sections: dict[str, float]
    words: float
    copies: float
    paywall: float
    empty: float
    states_utc: bool
    origins: dict[str, str]
    columns: dict[str, float]
    hours: tuple[float, float]
    makes: dict[str, float]
    trial: tuple[int, float]
    free_sections: bool
    weekday_section: str | None

    def expected(self, day: int) -> float:
        """New articles on a day without noise."""
        now = FIRST_NOW + timedelta(days=day)
        rate = self.rate * (1 + self.trend * day / DAYS) * self.week[(now - timedelta(hours=12)).weekday()]
        return rate * (self.holiday if self.rests(day) else 1.0)

    def rests(self, day: int) -> bool:
        """Whether the day is a public holiday where the publisher is."""
        middle = FIRST_NOW + timedelta(days=day) - timedelta(hours=12)
        return middle.astimezone(ZoneInfo(self.source.timezone)).date() in holidays.country_holidays(
            self.source.country, years=2026
        )


@dataclass(frozen=True)
class Fault:
    """Something that breaks: where, from when, how long, and which causes may be blamed for it.

    Attributes:
        causes: an incident of one of these finds it.
        wake: an incident of one of these is its consequence, and no false alarm.
    """

    kind: str
    source_id: str
    start: int
    days: int
    hard: bool
    causes: frozenset[str]
    wake: frozenset[str]
    strength: float

    @property
    def subject(self) -> str:
        """Whom its incident is about: its source, or the whole batch."""
        return "" if "batch" in self.causes else self.source_id

    def holds(self, day: int, after: int = 0) -> bool:
        """Whether it acts on the day."""
        return self.start <= day < self.start + self.days + after

    def acts(self, day: int) -> bool:
        """Whether it is broken on the day: what comes and goes holds on between."""
        return self.holds(day) and (day - self.start) % KINDS[self.kind].every == 0


@dataclass
class DayPlan:
    """The chances of one source and day, for faults to change."""

    articles: int
    habit: Habit
    nulls: dict[str, float]
    words: float
    copies: float
    empty: float
    origins: dict[str, str]
    columns: dict[str, float]
    sections: dict[str, float]
    reader: str
    makes: dict[str, float]
    offset_min: int | None
    shift_hours: float = 0.0
    old_days: float = 0.0
    touched: float = 1.0
    kept_out: float = 0.01
    vanished: float = 0.0
    usual: dict[str, Any] = field(default_factory=dict)


Change = Callable[[DayPlan, Fault, random.Random], None]


def _scaled(low: float, high: float) -> Change:
    def change(plan: DayPlan, fault: Fault, _: random.Random) -> None:
        plan.articles = round(plan.articles * (low + (high - low) * fault.strength))

    return change


def _outage(plan: DayPlan, _: Fault, __: random.Random) -> None:
    plan.articles = 0


def _kept_out(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.kept_out = 0.4 + 0.5 * fault.strength


def _vanished(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.vanished = 0.02 + 0.2 * fault.strength


def _empty(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.empty = 0.6 + 0.4 * fault.strength


def _lost(name: str) -> Change:
    def change(plan: DayPlan, fault: Fault, _: random.Random) -> None:
        plan.nulls[name] = 0.7 + 0.3 * fault.strength

    return change


def _shorter(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.words *= 0.15 + 0.25 * fault.strength


def _copied(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.copies = 0.4 + 0.4 * fault.strength


def _origin(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    name = ("title", "published_at")[round(fault.strength * 100) % 2]
    plan.origins = plan.origins | {name: "text" if plan.origins[name] != "text" else "meta"}
    plan.touched = 0.6 + 0.4 * fault.strength


def _zone(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    hours = 5 + 6 * fault.strength
    plan.shift_hours = hours if round(fault.strength * 100) % 2 else -hours
    kind = round(fault.strength * 1000) % 3
    if kind == 0:
        plan.offset_min = None
    elif kind == 1:
        plan.offset_min = (plan.offset_min or 0) + round(plan.shift_hours) * 60


def _provenance(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.reader = f"{plan.reader}-new-{fault.start}"
    plan.touched = 0.7 + 0.3 * fault.strength


def _redesign(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    """Other mark-up, and the parser reads it as well as before. On its first days the old one may still be about."""
    new = {f"{name}>div.new.{fault.start}": weight for name, weight in plan.makes.items()}
    left = 0.35 * (1 - fault.strength)
    plan.makes = {**{name: weight * left for name, weight in plan.makes.items()}, **new}


def _redesigned(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.makes = {f"{name}>div.new.{fault.start}": weight for name, weight in plan.makes.items()}


def _broken_redesign(plan: DayPlan, fault: Fault, chance: random.Random) -> None:
    """Other mark-up, in which the parser finds less, or nothing on many pages."""
    _redesign(plan, fault, chance)
    kind = round(fault.strength * 1000) % 3
    if kind == 0:
        _empty(plan, fault, chance)
    elif kind == 1:
        _shorter(plan, fault, chance)
    else:
        _lost("authors")(plan, fault, chance)
        plan.touched = 0.9


def _new_section(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    total = sum(plan.sections.values())
    plan.sections = plan.sections | {f"Special {fault.start}": total * (0.5 + fault.strength)}


def _column(plan: DayPlan, _: Fault, __: random.Random) -> None:
    name = max(plan.columns, key=lambda name: plan.columns[name])
    plan.columns = plan.columns | {name: 0.0}


def _section(plan: DayPlan, _: Fault, __: random.Random) -> None:
    name = max(plan.sections, key=lambda name: plan.sections[name])
    plan.articles = round(plan.articles * (1 - plan.sections[name] / sum(plan.sections.values())))
    plan.sections = {key: value for key, value in plan.sections.items() if key != name}


def _stale(plan: DayPlan, fault: Fault, _: random.Random) -> None:
    plan.old_days = 4 + 10 * fault.strength


@dataclass(frozen=True)
class Kind:
    """One kind of fault: what it changes, and the volume that it needs to be seen at all.

    Attributes:
        leaves: what stays changed after it.
        every: acts on each n-th day only.
        rest: begins on the eve of a weekend or holiday and lasts until the second working day after it.
    """

    change: Change
    causes: frozenset[str]
    least: float
    hard: bool = False
    wake: frozenset[str] = frozenset()
    leaves: Change | None = None
    every: int = 1
    rest: bool = False


def _causes(*names: str) -> frozenset[str]:
    return frozenset(names)


KINDS: dict[str, Kind] = {
    "outage": Kind(_outage, _causes("delivery"), 9, True, _causes("flood", "dates")),
    "volume drop": Kind(_scaled(0.05, 0.3), _causes("delivery"), 25, False, _causes("sections")),
    "volume spike": Kind(_scaled(4, 8), _causes("flood"), 9),
    "stale feed": Kind(_stale, _causes("delivery", "dates"), 15),
    "parser break": Kind(_empty, _causes("parser"), 15, True, _causes("delivery", "sections")),
    "title lost": Kind(_lost("title"), _causes("parser"), 15, True),
    "authors lost": Kind(_lost("authors"), _causes("parser"), 15),
    "date lost": Kind(_lost("published_at"), _causes("parser"), 15, False, _causes("dates", "delivery")),
    "field origin": Kind(_origin, _causes("parser"), 15),
    "length": Kind(_shorter, _causes("parser"), 20),
    "time zone": Kind(_zone, _causes("dates"), 20, True, _causes("delivery")),
    "provenance": Kind(_provenance, _causes("parser"), 15),
    "layout": Kind(_redesign, _causes("layout"), 15, leaves=_redesigned),
    "layout, parser breaks": Kind(
        _broken_redesign, _causes("parser", "layout"), 20, True, _causes("delivery", "sections"), leaves=_redesigned
    ),
    "column lost": Kind(_column, _causes("parser"), 20),
    "section vanished": Kind(_section, _causes("sections"), 40, False, _causes("delivery")),
    "section new": Kind(_new_section, _causes("sections"), 30),
    "duplicates": Kind(_copied, _causes("flood"), 15),
    "outage over days of rest": Kind(
        _outage, _causes("delivery"), 9, True, _causes("flood", "dates", "sections"), rest=True
    ),
    "section, over days of rest": Kind(_section, _causes("sections"), 40, False, _causes("delivery"), rest=True),
    "parser, on and off": Kind(_empty, _causes("parser"), 15, True, _causes("delivery", "sections"), every=2),
    "quarantine": Kind(_kept_out, _causes("quarantine", "parser"), 25, False, _causes("delivery", "sections")),
    "rows vanish before they are judged": Kind(_vanished, _causes("batch"), 9, True),
}


def newsroom(chance: random.Random, count: int) -> list[Habit]:
    """Publishers of all sizes, the smallest with four articles a day."""
    models = list(load_sources(SAMPLE_SOURCES).values())
    return [_habit(models[number % len(models)], number, count, chance) for number in range(count)]


def _habit(model: Source, number: int, count: int, chance: random.Random) -> Habit:
    rate = 4 * (200 / 4) ** ((number + chance.random()) / count)
    weekend = chance.choice((0.2, 0.35, 0.6, 0.85, 1.0))
    week = (*(chance.uniform(0.9, 1.1) for _ in range(5)), weekend, weekend * chance.uniform(0.9, 1.1))
    names = chance.sample(SECTIONS, chance.randint(4, 8))
    return Habit(
        source=replace(model, id=f"{model.id}-{number:02d}", bounds=Bounds()),
        rate=rate,
        week=week,
        holiday=chance.uniform(0.25, 0.8),
        trend=chance.uniform(-0.2, 0.2),
        nulls={
            "title": 0.0,
            "authors": chance.choice((0.02, 0.1, 0.2, 0.4)),
            "published_at": chance.choice((0, 0, 0.03)),
        },
        sections={name: 1 / (place + 1) for place, name in enumerate(names)},
        words=chance.uniform(200, 750),
        copies=chance.choice((0.0, 0.0, 0.02, 0.08)),
        paywall=chance.choice((0.0, 0.0, 0.1, 0.4)),
        empty=chance.choice((0.0, 0.01, 0.03)),
        states_utc=chance.random() < 0.25,
        origins={name: chance.choice(("jsonld", "jsonld", "meta", "html")) for name in ("title", "published_at")},
        columns={name: chance.choice((0.05, 0.5, 0.95)) for name in ("subtitle", "tags", "byline")} | {"media": 0.9},
        hours=(chance.uniform(5, 9), chance.uniform(18, 23)),
        makes=chance.choice(MAKES),
        trial=(chance.randrange(WARM_UP, DAYS), chance.choice((0.0, 0.1, 0.2, 0.3))),
        free_sections=chance.random() < 0.1,
        weekday_section=names[1] if chance.random() < 0.3 else None,
    )


def plant(habits: list[Habit], count: int, chance: random.Random) -> list[Fault]:
    """So many faults, each kind about as often, two days apart at a source, on days with enough volume to be seen."""
    faults: list[Fault] = []
    names = [name for _ in range(count) for name in chance.sample(list(KINDS), len(KINDS))][:count]
    # Those that need a weekend choose first, then those that need much volume.
    for name in sorted(names, key=lambda name: (not KINDS[name].rest, -KINDS[name].least)):
        kind = KINDS[name]
        for _ in range(5000):
            habit = chance.choice(habits)
            start, days = chance.randrange(WARM_UP, DAYS - 3), chance.choice((1, 2, 2, 3))
            if kind.every > 1:
                days = 3
            if kind.rest and not (days := _over_rest(habit, start)):
                continue
            if habit.expected(start) < kind.least or habit.rests(start) or _is_near(faults, habit, start, days):
                continue
            if kind.change is _section and habit.expected(start) * _largest(habit) < 12:
                continue
            if name.startswith("section") and habit.free_sections:
                continue
            faults.append(Fault(name, habit.source.id, start, days, kind.hard, kind.causes, kind.wake, chance.random()))
            break
        else:
            raise RuntimeError(f"no room for another {name}")
    return faults


def _over_rest(habit: Habit, start: int) -> int:
    """Days from the last working day to the second one after the rest; 0 where the next day is none of rest."""
    if _is_rest(habit, start) or not _is_rest(habit, start + 1):
        return 0
    back = next(day for day in range(start + 1, DAYS) if not _is_rest(habit, day))
    return back + 2 - start if back + 2 < DAYS else 0


def _is_rest(habit: Habit, day: int) -> bool:
    return (FIRST_NOW + timedelta(days=day, hours=-12)).weekday() >= 5 or habit.rests(day)


def _largest(habit: Habit) -> float:
    return max(habit.sections.values()) / sum(habit.sections.values())


def _is_near(faults: list[Fault], habit: Habit, start: int, days: int) -> bool:
    return any(
        fault.source_id == habit.source.id
        and start - GAP < fault.start + fault.days
        and fault.start - GAP < start + days
        for fault in faults
    )


def rows(habits: list[Habit], faults: list[Fault], chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """("articles", "runs" or "judged", row) of all sources and days."""
    for habit in habits:
        backlog = 0
        own = sorted((fault for fault in faults if fault.source_id == habit.source.id), key=lambda fault: fault.start)
        for day in range(DAYS):
            plan = _plan(habit, day, chance)
            plan.articles += backlog
            backlog, usual = 0, plan.articles
            for fault in own:
                leaves = KINDS[fault.kind].leaves
                if leaves and day >= fault.start + fault.days:
                    leaves(plan, fault, chance)
                if fault.acts(day):
                    KINDS[fault.kind].change(plan, fault, chance)
                    # After an outage, a feed still lists part of what was missed.
                    backlog = round(usual * 0.4) if KINDS[fault.kind].change is _outage else 0
            yield from _day(plan, day, chance)


def _plan(habit: Habit, day: int, chance: random.Random) -> DayPlan:
    noise = math.exp(chance.gauss(0, 0.12)) * (1.5 if chance.random() < 0.02 else 1.0)  # now and then, big news
    now = FIRST_NOW + timedelta(days=day)
    offset = now.astimezone(ZoneInfo(habit.source.timezone)).utcoffset() or timedelta(0)
    return DayPlan(
        articles=_poisson(habit.expected(day) * noise, chance),
        habit=habit,
        nulls=dict(habit.nulls),
        words=habit.words * math.exp(chance.gauss(0, 0.05)),
        copies=habit.copies,
        empty=habit.empty,
        origins=dict(habit.origins),
        columns={name: min(1.0, max(0.0, share + chance.gauss(0, 0.03))) for name, share in habit.columns.items()},
        sections=_sections(habit, now, chance),
        reader="fast",
        makes=_makes(habit, day),
        offset_min=0 if habit.states_utc else round(offset.total_seconds() / 60),
    )


def _makes(habit: Habit, day: int) -> dict[str, float]:
    start, share = habit.trial
    if not start <= day < start + 4:
        return dict(habit.makes)
    return {name: weight * (1 - share) for name, weight in habit.makes.items()} | {f"{_PAGE}.trial": share}


def _sections(habit: Habit, now: datetime, chance: random.Random) -> dict[str, float]:
    rests = (now - timedelta(hours=12)).weekday() >= 5
    shares = {name: share * math.exp(chance.gauss(0, 0.2)) for name, share in habit.sections.items()}
    return {name: share for name, share in shares.items() if not (rests and name == habit.weekday_section)}


def _poisson(mean: float, chance: random.Random) -> int:
    if mean > 200:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _day(plan: DayPlan, day: int, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    habit = plan.habit
    at = FIRST_NOW + timedelta(days=day, minutes=-30)
    pages = plan.articles
    paywalled = sum(chance.random() < habit.paywall for _ in range(round(pages * habit.paywall * 2)))
    empty = sum(chance.random() < plan.empty for _ in range(pages))
    lost = math.ceil((pages - empty) * plan.vanished)
    judged = pages - empty - lost
    kept_out = sum(chance.random() < plan.kept_out for _ in range(judged))
    for number in range(judged - kept_out):
        yield "articles", _article(plan, day, number, at, chance)
    yield "judged", {"day": day, "source_id": habit.source.id, "rows": judged, "kept_out": kept_out, "lost": lost}
    reasons = [(name, count) for name, count in (("paywall_stub", paywalled), ("empty_page", empty)) if count]
    total = pages + paywalled
    for stage, taken, rejected in (
        ("discover", total, 0),
        ("parse", total, paywalled + empty),
        ("validate", judged, kept_out),
    ):
        yield (
            "runs",
            {
                "run_id": f"daily-{day:02d}",
                "stage": stage,
                "batch": "00",
                "source_id": habit.source.id,
                "in_count": taken,
                "out_count": taken - rejected,
                "duplicate_count": 0,
                "rejected_count": rejected,
                "reasons": reasons if stage == "parse" else [],
                "bytes": 0,
                "seconds": 1.0,
                "finished_at": at,
            },
        )


def _article(plan: DayPlan, day: int, number: int, at: datetime, chance: random.Random) -> dict[str, Any]:
    habit = plan.habit
    touched = chance.random() < plan.touched
    origins = plan.origins if touched else habit.origins
    reader = plan.reader if touched else "fast"
    first, last = habit.hours
    zone = ZoneInfo(habit.source.timezone)
    local = (at - timedelta(days=1)).astimezone(zone)
    published = local + timedelta(hours=chance.random() * 24)
    if not first <= published.hour <= last and chance.random() < 0.85:  # newsrooms sleep, a little
        published = local.replace(hour=round(first)) + timedelta(hours=chance.uniform(0, last - first))
        published += timedelta(days=-1 if published > at else 0)
    seen = at + timedelta(minutes=chance.uniform(0, 20))
    published_at = (
        min(published.astimezone(UTC), seen) + timedelta(hours=plan.shift_hours) - timedelta(days=plan.old_days)
    )
    absent = {name for name, share in plan.nulls.items() if chance.random() < share}
    given = {name for name, share in plan.columns.items() if chance.random() < share}
    section = chance.choices(list(plan.sections), list(plan.sections.values()))[0]
    if habit.free_sections:
        section = f"{section} {day}-{number // 2}"
    known = {"title": origins["title"], "published_at": origins["published_at"], "authors": "meta", "body": reader}
    return {
        "article_id": f"{habit.source.id}-{day}-{number}",
        "source_id": habit.source.id,
        "title": None if "title" in absent else f"Story {number} of day {day}",
        "authors": [] if "authors" in absent else [{"name": "Mara Lindqvist"}],
        "published_at": None if "published_at" in absent else published_at,
        "published_at_precision": None if "published_at" in absent else "second",
        "published_at_utc_offset_min": None if "published_at" in absent else plan.offset_min,
        "section": section,
        "subtitle": "A deck" if "subtitle" in given else None,
        "tags": ["harbour"] if "tags" in given else [],
        "byline": "By Mara Lindqvist" if "byline" in given else None,
        "media": [{"type": "image"}] if "media" in given else [],
        "language": habit.source.language,
        "word_count": max(20, round(plan.words * math.exp(chance.gauss(0, 0.6)))),
        "extractor": reader,
        "parser_version": "1",
        "template": chance.choices(list(plan.makes), list(plan.makes.values()))[0],
        "field_origin": sorted((name, origin) for name, origin in known.items() if name not in absent),
        "duplicate_of": "another" if chance.random() < plan.copies else None,
        "first_seen_at": seen,
        "fetched_at": seen,
        "run_id": f"daily-{day:02d}",
        "month": f"{seen:%Y-%m}",
    }
