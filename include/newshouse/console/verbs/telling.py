"""`newshouse alerts …`: who is told what, and whether it arrives."""

from __future__ import annotations

import argparse

from newshouse.console.terminal import OUT
from newshouse.console.verbs.grammar import Verbs
from newshouse.settings import Settings


def register(verbs: Verbs) -> None:
    """Add `newshouse alerts …`."""
    group = verbs.group("alerts", "tell people of incidents, over Slack, e-mail or a webhook")
    group.add("check", alerts, "channels and routes, and what is wrong with them", begins=True)
    command = group.add("test", alerts, "send a test message, and say what happened", begins=True)
    command.add_argument("channel", help="its name in alerts.yaml")
    for name, text in (("send", "tell what is due of incidents"), ("digest", "the state of the day, once a day")):
        command = group.add(name, alerts, text)
        command.add_argument("--dry-run", action="store_true", help="print it, and send nothing")


def alerts(arguments: argparse.Namespace, settings: Settings) -> int:
    """Alerts."""
    from newshouse.console import alerts as office  # noqa: PLC0415 -- Delta takes a while to import

    if arguments.name == "check":
        return office.check(settings, OUT, as_json=arguments.json)
    if arguments.name == "test":
        return office.test(settings, arguments.channel, OUT, as_json=arguments.json)
    act = office.send if arguments.name == "send" else office.digest
    return act(settings, OUT, dry_run=arguments.dry_run, as_json=arguments.json)
