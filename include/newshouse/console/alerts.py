"""`newshouse alerts`: who is told what, and whether it arrives."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict

from rich.console import Console

from newshouse.alerts import job, mail, webhook
from newshouse.alerts.config import Alerts, Channel, Email, Slack, kind_of
from newshouse.alerts.message import Message
from newshouse.alerts.office import Delivery, alerts_of
from newshouse.settings import Settings, secret
from newshouse.sources.codes import nearest
from newshouse.sources.load import load_sources
from newshouse.sources.model import Source


def check(settings: Settings, console: Console, *, as_json: bool) -> int:
    """Print channels, routes and what is wrong with them. Returns the exit code: 1 if something is.

    Raises:
        ConfigError: no alerts.yaml, or one that cannot be read.
    """
    alerts, sources = alerts_of(settings), load_sources(settings.sources)
    problems = [*_missing_secrets(alerts), *_strangers(alerts, sources)]
    if as_json:
        channels = [{"name": name, "kind": kind_of(channel)} for name, channel in alerts.channels.items()]
        routes = [asdict(route) for route in alerts.routes]
        console.print_json(json.dumps({"channels": channels, "routes": routes, "problems": problems}))
        return 1 if problems else 0
    for line in (*_lines(alerts), *(f"problem: {problem}" for problem in problems)):
        console.print(line, markup=False, soft_wrap=True)
    return 1 if problems else 0


def _lines(alerts: Alerts) -> Iterator[str]:
    for name, channel in alerts.channels.items():
        yield f"channel {name}: {kind_of(channel)}"
    for route in alerts.routes:
        limits = (("owners", route.owners), ("sources", route.sources), ("tags", route.tags))
        only = "; ".join(f"{key} {', '.join(values)}" for key, values in limits if values) or "everything"
        extra = ", and the digest" if route.digest else ""
        yield f"route to {', '.join(route.to)}: {route.severity} and worse of {only}{extra}"


def _missing_secrets(alerts: Alerts) -> Iterator[str]:
    for name, channel in alerts.channels.items():
        for variable in filter(None, _secrets(channel)):
            if secret(variable) is None:
                yield f"channel {name}: {variable} is not set here; in Airflow a connection of that name serves, too."


def _secrets(channel: Channel) -> tuple[str | None, ...]:
    if isinstance(channel, Slack):
        return (channel.url_from,)
    return (channel.password_from,) if isinstance(channel, Email) else (channel.url_from, channel.secret_from)


def _strangers(alerts: Alerts, sources: Mapping[str, Source]) -> Iterator[str]:
    """What routes name and no source file knows: they would take nothing, and nobody would notice."""
    owners = {source.owner for source in sources.values() if source.owner}
    tags = {tag for source in sources.values() for tag in source.tags}
    for number, route in enumerate(alerts.routes):
        for key, named, known in (
            ("sources", route.sources, set(sources)),
            ("owners", route.owners, owners),
            ("tags", route.tags, tags),
        ):
            yield from (_stranger(f"routes[{number}].{key}", name, known) for name in named if name not in known)
    if not any(route.whole for route in alerts.routes):
        yield "no route takes everything: nobody is told of failed tasks, and of what concerns no single source."


def _stranger(key: str, name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f"{key}: no source file knows {name!r}." + (f" Did you mean {near!r}?" if near else "")


def test(settings: Settings, channel: str, console: Console, *, as_json: bool) -> int:
    """Send a test message and print what happened. Returns the exit code: 1 if it did not arrive."""
    return _report([job.try_channel(settings, channel)], console, as_json=as_json)


def send(settings: Settings, console: Console, *, dry_run: bool, as_json: bool) -> int:
    """Send what is due of incidents, or print it. Returns the exit code: 1 if a channel failed."""
    if dry_run:
        due = [(channel, message) for channel, messages in job.untold(settings).items() for message in messages]
        return _show(due, console, as_json=as_json)
    alerts_of(settings)
    return _report(job.tell_incidents(settings), console, as_json=as_json)


def digest(settings: Settings, console: Console, *, dry_run: bool, as_json: bool) -> int:
    """Send the digest of this day where it is due, or print it. Returns the exit code: 1 if a channel failed."""
    if dry_run:
        return _show(list(job.digests(settings).items()), console, as_json=as_json)
    alerts_of(settings)
    return _report(job.tell_digest(settings), console, as_json=as_json)


def _show(messages: Sequence[tuple[str, Message]], console: Console, *, as_json: bool) -> int:
    if as_json:
        told = [{"channel": channel, **webhook.render(message)} for channel, message in messages]
        console.print_json(json.dumps(told))
        return 0
    for channel, message in messages:
        console.print(f"to {channel}:\n{mail.plain(message)}", markup=False, soft_wrap=True)
    if not messages:
        console.print("nothing is due")
    return 0


def _report(deliveries: Sequence[Delivery], console: Console, *, as_json: bool) -> int:
    if as_json:
        console.print_json(json.dumps([asdict(delivery) for delivery in deliveries]))
    else:
        for delivery in deliveries:
            console.print(str(delivery), markup=False, soft_wrap=True)
        if not deliveries:
            console.print("nothing is due")
    return 1 if any(delivery.failure for delivery in deliveries) else 0
