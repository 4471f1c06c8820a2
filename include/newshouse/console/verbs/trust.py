"""`newshouse quality | incidents | quarantine`: how far the data can be trusted, and what people do about it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from newshouse.console.terminal import OUT
from newshouse.console.verbs.grammar import Verbs
from newshouse.settings import Settings

_VERDICTS = {
    "release": "load the parsed row as it is, in spite of the rules",
    "reparse": "read the archived response again with today's parser and rules",
    "discard": "agree that it stays out",
}
_ACTIONS = {
    "ack": "say that somebody looks after it",
    "mute": "tell nobody of it until a time",
    "resolve": "close it; if it happens again, that is a new one",
}


def register(verbs: Verbs) -> None:
    """Add the verbs that say how far the data can be trusted."""
    text = "scores, targets and incidents; exit code 1 if a target is missed or something critical is open"
    command = verbs.add("quality", quality, text)
    command.add_argument("--source", help="only this source")
    group = verbs.group("incidents", "what is wrong with the sources, and who looks after it")
    command = group.add("list", incidents, "those that last")
    command.add_argument("--all", action="store_true", help="resolved ones too")
    command.add_argument("--source", help="only of this source")
    command = group.add("show", incidents, "one, with everything that was done to it")
    command.add_argument("id", help="its id, or the beginning of it")
    for name, text in _ACTIONS.items():
        command = group.add(name, incidents, text, [_by_whom()])
        command.add_argument("id", help="its id, or the beginning of it")
        if name == "mute":
            times = "3d, 12h, or 2026-12-01T08:00 (UTC)"
            command.add_argument("--until", required=True, type=_until, metavar="TIME", help=times)

    group = verbs.group("quarantine", "what was kept out, and why")
    command = group.add("list", quarantine, "what nobody has decided on yet")
    command.add_argument("--all", action="store_true", help="what was decided, too")
    command.add_argument("--source", help="only of this source")
    command.add_argument("--reason", help="only with this reason")
    command = group.add("show", quarantine, "one, the parse beside the archived response")
    command.add_argument("id", help="its id, or the beginning of it")
    for name, text in _VERDICTS.items():
        command = group.add(name, quarantine, text, [_by_whom()])
        command.add_argument("ids", nargs="+", metavar="id", help="its id, or the beginning of it; several for several")


def _by_whom() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--why", help="the reason, for others and for later")
    parser.add_argument("--who", help="your name (default: that of your login)")
    return parser


def _until(text: str) -> timedelta | datetime:
    number, unit = text[:-1], text[-1:]
    if number.isdigit() and unit in "hd":
        return timedelta(hours=int(number) * (24 if unit == "d" else 1))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: write 3d, 12h, or a time such as 2026-12-01T08:00") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def quality(arguments: argparse.Namespace, settings: Settings) -> int:
    """Scorecards."""
    from newshouse.console.quality import show_quality  # noqa: PLC0415

    return show_quality(settings, arguments.source, OUT, as_json=arguments.json)


def incidents(arguments: argparse.Namespace, settings: Settings) -> int:
    """Incidents, and what people do about them."""
    from newshouse.console.incidents import act_on, list_incidents, show_incident  # noqa: PLC0415

    if arguments.name == "list":
        return list_incidents(settings, arguments.source, OUT, resolved=arguments.all, as_json=arguments.json)
    if arguments.name == "show":
        return show_incident(settings, arguments.id, OUT, as_json=arguments.json)
    return act_on(
        settings,
        arguments.id,
        arguments.name,
        OUT,
        who=arguments.who,
        why=arguments.why,
        until=getattr(arguments, "until", None),
        as_json=arguments.json,
    )


def quarantine(arguments: argparse.Namespace, settings: Settings) -> int:
    """What was kept out, and what people decide on it."""
    from newshouse.console.quarantine import decide_on, list_rejections, show_rejection  # noqa: PLC0415

    if arguments.name == "list":
        wanted = {"source_id": arguments.source, "reason": arguments.reason}
        return list_rejections(settings, OUT, **wanted, decided=arguments.all, as_json=arguments.json)
    if arguments.name == "show":
        return show_rejection(settings, arguments.id, OUT, as_json=arguments.json)
    return decide_on(
        settings,
        arguments.ids,
        arguments.name,
        OUT,
        who=arguments.who,
        why=arguments.why,
        as_json=arguments.json,
    )
