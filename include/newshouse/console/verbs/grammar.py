"""What verbs are made of: the options that many share, and how a day is written."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, NoReturn

from newshouse.errors import ConfigError
from newshouse.settings import Settings

Verb = Callable[[argparse.Namespace, Settings], int]


class Parser(argparse.ArgumentParser):
    """Of a verb or option that is none, it names the nearest one. (Python does so itself from 3.14 on.)"""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and leave; without any verb, say which there are."""
        if message.endswith("required: VERB"):
            self.print_help(sys.stderr)
            self.exit(2)
        if wrong := re.search(r"argument VERB: invalid choice: '(.+)' \(choose from (.+)\)", message):
            nearest = _nearest(wrong[1], re.findall(r"[\w-]+", wrong[2]))
            message = f"there is no verb {wrong[1]!r}{nearest or f'. See: {self.prog} --help'}"
        elif wrong := re.search(r"invalid choice: '(.+)' \(choose from (.+)\)", message):
            message += _nearest(wrong[1], re.findall(r"[\w-]+", wrong[2]))
        super().error(message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """What is left over is told by the parser of the verb, which knows its options."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            nearest = _nearest(unknown[0].partition("=")[0], self._option_string_actions)
            self.error(f"unrecognized arguments: {' '.join(unknown)}{nearest}")
        return found, unknown


def _nearest(wrong: str, known: Iterable[str]) -> str:
    near = get_close_matches(wrong, list(known), n=1)
    return f". Did you mean {near[0]}?" if near else ""


class Verbs:
    """The verbs of one level: the first one, or those of a group such as `newshouse archive …`."""

    def __init__(self, parser: argparse.ArgumentParser, title: str = "verbs") -> None:
        self._parsers = parser.add_subparsers(title=title, required=True, metavar="VERB")

    def add(
        self,
        name: str,
        verb: Verb,
        text: str,
        parents: Sequence[argparse.ArgumentParser] = (),
        *,
        speaks_json: bool = True,
        begins: bool = False,
    ) -> argparse.ArgumentParser:
        """Add a verb; options of its own go onto what this returns.

        Args:
            begins: whether it may begin a data folder. For all others, one that is not there is a mistyped one.
        """
        shared = [with_json()] if speaks_json else []
        command = self._parsers.add_parser(name, help=text, description=text, parents=[folders(), *shared, *parents])
        command.set_defaults(verb=verb, name=name, begins=begins)
        return command

    def group(self, name: str, text: str) -> Verbs:
        """Add a verb that has verbs of its own."""
        return Verbs(self._parsers.add_parser(name, help=text, description=text))


def folders() -> argparse.ArgumentParser:
    """Where to read and write: every verb takes these."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--data", metavar="FOLDER", help="data folder, or s3://bucket/prefix (default: NEWSHOUSE_DATA, else ./data)"
    )
    parser.add_argument(
        "--sources",
        metavar="FOLDER",
        dest="sources_folder",
        help="folder of source files (default: NEWSHOUSE_SOURCES, else the sample)",
    )
    return parser


def with_json() -> argparse.ArgumentParser:
    """`--json`, of every verb that prints something a script may want."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    return parser


def which_run() -> argparse.ArgumentParser:
    """`--run` and `--day`, of verbs that work on one run."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--run", help="run id (default: daily-<day>)")
    parser.add_argument("--day", type=day, help="day of the run, YYYY-MM-DD (default: today, UTC)")
    return parser


def run_id(arguments: argparse.Namespace, settings: Settings) -> str:
    """The run that `--run` or `--day` mean.

    Raises:
        ConfigError: both are given.
    """
    if arguments.run and arguments.day:
        raise ConfigError("give --run or --day, not both.")
    return arguments.run or f"daily-{day_of(arguments, settings)}"


def day_of(arguments: argparse.Namespace, settings: Settings) -> date:
    """`--day`, or today (UTC)."""
    given: date | None = arguments.day
    return given or settings.now().date()


def day(text: str) -> date:
    """A day on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write YYYY-MM-DD") from error
