"""Tell what is due, and note what was told: for the DAG `warehouse_quality`, its tasks that fail, and the command line.

A channel that fails is named and tried again by the next run; it never fails this one. What was told is noted after
each message: a crash in between at worst tells it again, and never loses it. On a disk that is full nothing is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from newshouse.alerts.deliver import Secret
from newshouse.alerts.digest import State, digest, digest_name
from newshouse.alerts.due import Told, alert_id, due
from newshouse.alerts.message import Message, News, about_failure, about_incidents, about_nothing, attempt, headline
from newshouse.alerts.office import Delivery, Office
from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.quality.incidents import Incident
from newshouse.quality.verdict import asks_publishers
from newshouse.records import CheckResult
from newshouse.settings import Settings, secret
from newshouse.sources.codes import nearest
from newshouse.storage.files import alone
from newshouse.warehouse.alerts import make_ready, read_told
from newshouse.warehouse.incidents import read_incidents
from newshouse.warehouse.runs import recent_stretches, silent_sources
from newshouse.warehouse.scorecards import latest_scorecards

_LOOK_BACK = timedelta(days=7)  # for the last look at publishers; only where there is none, all runs are read
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = timedelta(hours=36)  # a source that no assessment judged since is no longer read


def tell_incidents(settings: Settings, secret: Secret = secret) -> list[Delivery]:
    """Send what is due of incidents. Without alerts.yaml, nothing is.

    Raises:
        ConfigError: alerts.yaml or a source file is wrong.
        StorageError: the tables cannot be read or written.
    """
    if settings.alerts is None:
        return []
    office = Office(settings, secret)
    with alone(office.layout.telling):
        make_ready(office.layout)  # before anything is sent that could not be noted
        deliveries = [
            delivery
            for channel, news in _due(office).items()
            for part in _messages(news, office.alerts.most_messages)
            for delivery in office.tell(channel, _message(office, part), _told(channel, part, office))
        ]
        office.finish()
    return deliveries


def untold(settings: Settings) -> dict[str, list[Message]]:
    """What `tell_incidents` would send, by channel."""
    office = Office(settings, secret)
    return {
        channel: [_message(office, part) for part in _messages(news, office.alerts.most_messages)]
        for channel, news in _due(office).items()
    }


def _due(office: Office) -> dict[str, list[News]]:
    return due(read_incidents(office.layout), read_told(office.layout), office.sources, office.alerts)


def _messages(news: Sequence[News], most: int) -> list[list[News]]:
    """One message an incident; but a storm is one message."""
    return [[one] for one in news] if len(news) <= most else [list(news)]


def _message(office: Office, news: Sequence[News]) -> Message:
    return about_incidents(
        news,
        checks={one.incident.incident_id: _failing(office, one.incident) for one in news},
        sources=office.sources,
        dashboard=office.alerts.dashboard,
        now=office.settings.now(),
    )


def _failing(office: Office, incident: Incident) -> list[CheckResult]:
    """The checks of its last run that fail, the worst first."""
    failing = [
        check
        for check in office.checks(incident.last_run_id)
        if check.source_id == incident.source_id and check.check_name in incident.check_names and check.status != "pass"
    ]
    return sorted(failing, key=lambda check: (check.severity != "critical", check.check_name))


def _told(channel: str, news: Sequence[News], office: Office) -> list[Told]:
    now = office.settings.now()
    return [
        Told(
            alert_id=one.alert_id,
            channel=channel,
            kind=one.kind,
            incident_id=one.incident.incident_id,
            source_id=one.incident.source_id,
            severity=one.incident.severity,
            title=headline(one, office.sources),
            told_at=now,
        )
        for one in news
    ]


def tell_failure(
    settings: Settings, run: str, task: str, what: str, link: str | None, secret: Secret = secret, *, repairs: int = 0
) -> list[Delivery]:
    """Tell of a task that failed for good; once a run, however many fail in it, and once more after each repair.

    Args:
        run, task, what, link, repairs: as `about_failure`.

    Raises:
        ConfigError: alerts.yaml or a source file is wrong.
    """
    if settings.alerts is None:
        return []
    office = Office(settings, secret)
    now = settings.now()
    message = about_failure(run, task, what, link, repairs=repairs, now=now)
    deliveries = []
    with ExitStack() as held:
        known = _known_failures(office.layout, held)
        channels = [route.to for route in office.alerts.routes if route.whole]
        for channel in dict.fromkeys(name for names in channels for name in names):
            name = alert_id(channel, "failed", *attempt(run, repairs))
            told = Told(name, channel, "failed", None, None, "critical", message.title, now)
            if told.alert_id not in known:
                deliveries += office.tell(channel, message, [told])
    return deliveries


def _known_failures(layout: DataLayout, held: ExitStack) -> set[str]:
    """What was told, with the lock held. On a disk that is full or read-only: nothing.

    Such a disk is what people need to hear of most; better told once a task than not at all.
    """
    try:
        held.enter_context(alone(layout.telling))
        return {row.alert_id for row in read_told(layout)}
    except StorageError:
        return set()


def tell_digest(settings: Settings, secret: Secret = secret) -> list[Delivery]:
    """Send the digest of this UTC day to each channel that wants one and has none yet.

    Raises:
        ConfigError, StorageError: as `tell_incidents`.
    """
    if settings.alerts is None:
        return []
    office = Office(settings, secret)
    deliveries = []
    with alone(office.layout.telling):
        make_ready(office.layout)
        told = read_told(office.layout)
        known = {row.alert_id for row in told}
        for channel, message in _digests(office, told).items():
            if message.message_id not in known:
                row = (message.message_id, channel, message.kind, None, None, message.severity, message.title)
                deliveries += office.tell(channel, message, [Told(*row, message.at)])
        office.finish()
    return deliveries


def digests(settings: Settings) -> dict[str, Message]:
    """The digest of each channel that wants one, as it would be now."""
    office = Office(settings, secret)
    return _digests(office, read_told(office.layout))


def _digests(office: Office, told: Sequence[Told]) -> dict[str, Message]:
    now = office.settings.now()
    before = {row.channel: row.told_at for row in told if row.kind == "digest"}  # the oldest come first
    wanted = {
        channel: [route for route in office.alerts.routes if route.digest and channel in route.to]
        for channel in office.alerts.channels
    }
    if not any(wanted.values()):
        return {}
    state = _state(office.layout, min([now - _LOOK_BACK, *before.values()]))

    def taken_by(channel: str, source_id: str | None) -> bool:
        return any(route.takes(source_id, office.sources.get(source_id or "")) for route in wanted[channel])

    return {
        channel: digest(
            digest_name(channel, now),
            state,
            office.sources,
            lambda source_id, channel=channel: taken_by(channel, source_id),  # type: ignore[misc]
            office.alerts.dashboard,
            now,
            before.get(channel),
        )
        for channel, routes in wanted.items()
        if routes
    }


def _state(layout: DataLayout, since: datetime) -> State:
    stretches = recent_stretches(layout, since)
    if not any(asks_publishers(one.run_id, one.stage) for one in stretches):
        stretches = recent_stretches(layout, _EVER)
    every = latest_scorecards(layout)
    newest = max((card.scored_at for card in every), default=since)
    return State(
        incidents=read_incidents(layout),
        cards=[card for card in every if card.scored_at > newest - _LATEST],
        stretches=stretches,
        silent=silent_sources(layout, stretches),
    )


def try_channel(settings: Settings, channel: str, secret: Secret = secret) -> Delivery:
    """Send a test message over one channel.

    Raises:
        ConfigError: no alerts.yaml, or no such channel in it.
    """
    office = Office(settings, secret)
    if channel not in office.alerts.channels:
        near = nearest(channel, office.alerts.channels)
        hint = f"Did you mean {near!r}?" if near else f"Channels: {', '.join(office.alerts.channels) or 'none'}."
        raise ConfigError(f"{settings.alerts}: there is no channel {channel!r}. {hint}")
    message = about_nothing(channel, office.alerts.dashboard, now=settings.now())
    (delivery,) = office.tell(channel, message, [])
    return delivery
