from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from newshouse.alerts.config import Alerts, Route, Slack
from newshouse.alerts.due import Told, due
from newshouse.quality.advance import advance
from newshouse.quality.incidents import Event, Incident, act
from newshouse.records import CheckResult

from .conftest import NOW

DAY = timedelta(days=1)


class Newsroom:
    """Assessments one a day, each followed by the telling of what is due."""

    def __init__(self, *routes: Route) -> None:
        slack = (Slack("desk", "DESK_URL"), Slack("pager", "PAGER_URL"))
        self.alerts = Alerts(routes or (Route(("desk",)),), slack=slack)
        self.known: dict[str, Incident] = {}
        self.told: list[Told] = []
        self.now: datetime = NOW - DAY

    def morning(self, *failing: str, severity: str = "warning", down: bool = False) -> list[tuple[str, str]]:
        """What is told: channel and kind. With `down`, no channel takes anything."""
        self.now += DAY
        names = {"volume_drop", "field_origin", *failing}
        checks = [
            CheckResult(
                n, "r", "all", "post", n, "history", severity, "fail" if n in failing else "pass", self.now, 1.0
            )
            for n in sorted(names)
        ]
        run = f"daily-{self.now:%d}"
        self.known |= {i.incident_id: i for i in advance(self.known.values(), checks, run_id=run, now=self.now)}
        return self.tell(down=down)

    def tell(self, *, down: bool = False) -> list[tuple[str, str]]:
        found = due(self.known.values(), self.told, {}, self.alerts)
        if not down:
            self.told += [
                Told(n.alert_id, channel, n.kind, n.incident.incident_id, "post", n.incident.severity, "", self.now)
                for channel, news in found.items()
                for n in news
            ]
        return [(channel, n.kind) for channel, news in sorted(found.items()) for n in news]

    def act(self, action: str, **options: object) -> None:
        (incident,) = (i for i in self.known.values() if i.lasts)
        done = act(incident, action, who="ada", why=None, now=self.now + timedelta(hours=1), **options)  # type: ignore[arg-type]
        self.known[done.incident_id] = done


@pytest.fixture
def room() -> Newsroom:
    return Newsroom()


def test_a_cause_is_told_once_however_long_it_lasts(room: Newsroom) -> None:
    assert room.morning("volume_drop") == [("desk", "opened")]
    assert room.tell() == []
    assert [room.morning("volume_drop") for _ in range(5)] == [[]] * 5
    assert room.morning("volume_drop", "freshness") == []  # another check of the same cause


def test_it_is_told_again_when_it_gets_worse_and_when_it_ends(room: Newsroom) -> None:
    room.morning("volume_drop")
    assert room.morning("volume_drop", severity="critical") == [("desk", "worse")]
    assert room.morning() == [("desk", "resolved")]
    assert room.morning() == []


def test_two_causes_are_two(room: Newsroom) -> None:
    assert room.morning("volume_drop", "field_origin") == [("desk", "opened")] * 2


def test_what_a_channel_could_not_take_is_due_in_the_next_run(room: Newsroom) -> None:
    assert room.morning("volume_drop", down=True) == [("desk", "opened")]
    assert room.morning("volume_drop") == [("desk", "opened")]
    assert room.morning("volume_drop") == []


def test_what_got_worse_before_it_was_told_is_told_once(room: Newsroom) -> None:
    room.morning("volume_drop", down=True)
    assert room.morning("volume_drop", severity="critical") == [("desk", "opened")]
    assert room.tell() == []


def test_the_end_of_what_nobody_was_told_of_is_not_told(room: Newsroom) -> None:
    room.morning("volume_drop", down=True)
    assert room.morning() == []


def test_what_somebody_looks_after_is_told_only_if_it_gets_worse(room: Newsroom) -> None:
    room.morning("volume_drop", down=True)
    room.act("ack")
    assert room.tell() == []
    assert room.morning("volume_drop") == []
    assert room.morning("volume_drop", severity="critical") == [("desk", "opened")]  # the first that desk hears of it


def test_what_somebody_looks_after_is_not_told_when_it_comes_back(room: Newsroom) -> None:
    room.morning("volume_drop")
    room.act("ack")
    assert room.morning() == [("desk", "resolved")]
    assert room.morning("volume_drop") == []


def test_a_muted_incident_is_silent_also_when_it_gets_worse_or_ends(room: Newsroom) -> None:
    room.morning("volume_drop")
    room.act("mute", until=room.now + 5 * DAY)
    assert room.morning("volume_drop", severity="critical") == []
    assert room.morning() == []


def test_the_end_of_a_mute_is_told_when_it_still_fails(room: Newsroom) -> None:
    room.morning("volume_drop")
    room.act("mute", until=room.now + DAY * 1.5)
    assert room.morning("volume_drop") == []
    assert room.morning("volume_drop") == [("desk", "unmuted")]
    assert room.morning("volume_drop") == []


def test_the_end_of_each_mute_is_told_and_counts_as_no_return(room: Newsroom) -> None:
    told = room.morning("volume_drop")
    (one,) = room.known.values()
    for action in ("unmuted", "unmuted", "unmuted", "reopen", "unmuted", "reopen", "reopen"):
        room.now += DAY
        one = replace(one, events=(*one.events, Event(room.now, "newshouse", action, None)))
        room.known[one.incident_id] = one
        told += room.tell()
    assert [kind for _, kind in told] == ["opened", *["unmuted"] * 3, "reopened", "unmuted", "reopened"]


def test_what_comes_and_goes_is_told_twice_more_and_then_left_to_the_digest(room: Newsroom) -> None:
    told = [room.morning(*(("volume_drop",) if day % 2 == 0 else ())) for day in range(10)]
    kinds = [kind for mornings in told for _, kind in mornings]
    assert kinds == ["opened", "resolved", "reopened", "resolved", "reopened", "resolved"]


def test_what_a_person_resolves_is_told_as_resolved(room: Newsroom) -> None:
    room.morning("volume_drop")
    room.act("resolve")
    assert room.tell() == [("desk", "resolved")]
    assert room.tell() == []


def test_a_channel_for_critical_things_hears_of_it_when_it_becomes_critical() -> None:
    room = Newsroom(Route(("desk",)), Route(("pager",), severity="critical", resolved=False))
    assert room.morning("volume_drop") == [("desk", "opened")]
    assert room.morning("volume_drop", severity="critical") == [("desk", "worse"), ("pager", "opened")]
    assert room.morning() == [("desk", "resolved")]


def test_a_channel_that_two_routes_name_is_told_once() -> None:
    room = Newsroom(Route(("desk",)), Route(("desk", "pager"), sources=("post",)))
    assert room.morning("volume_drop") == [("desk", "opened"), ("pager", "opened")]


def test_a_new_channel_hears_of_what_lasts(room: Newsroom) -> None:
    room.morning("volume_drop")
    room.alerts = replace(room.alerts, routes=(Route(("desk", "pager")),))
    assert room.morning("volume_drop") == [("pager", "opened")]
