"""`newshouse …`: one verb a stage, the same functions that the DAGs call. The verbs are in `console/verbs/`.

Results go to standard output, everything for the eye to standard error. Errors are one line without a traceback;
the exit code tells the class (see `errors.py`): 0 well, 1 problems found, 2 wrong setting or argument, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

from rich.text import Text

from newshouse import __version__
from newshouse.console.terminal import ERR
from newshouse.console.verbs import caring, corridor, groups, reading, telling, trust
from newshouse.console.verbs.grammar import Parser, Verb, Verbs
from newshouse.errors import ConfigError, NewshouseError
from newshouse.settings import Settings
from newshouse.storage.bucket import Bucket
from newshouse.storage.files import storage_errors


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that is not UTF-8 shows what it lacks as \\u3042
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
        verb: Verb = arguments.verb
        with storage_errors(Path("temporary files")):  # of libraries; ours, and what has a name, say which they are
            return verb(arguments, _at_work(arguments, _settings(arguments)))
    except NewshouseError as error:
        ERR.print(Text.assemble(("error: ", "bold red"), str(error)), soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # what DuckDB makes of Ctrl-C
            raise
        return _interrupted()
    except BrokenPipeError:  # `newshouse … | head`: nobody reads on, and that is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _interrupted() -> int:
    ERR.print("interrupted; what was finished is kept, run the same command again to go on")
    return 130


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = Settings.from_env(data=arguments.data)
    sources = arguments.sources_folder
    return replace(settings, sources=Path(sources).expanduser().absolute()) if sources else settings


def _at_work(arguments: argparse.Namespace, settings: Settings) -> Settings:
    """The settings of a verb whose data folder is there. Beside a bucket, an empty one is made again."""
    if arguments.begins or isinstance(settings.data, Bucket) or settings.data.exists():
        return settings
    raise ConfigError(f"{settings.data}: no such data folder. `make run` or `newshouse run` makes one.")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "newshouse",
        description="News into a warehouse you can trust.",
        epilog="To begin: newshouse run, then newshouse sql 'FROM daily_counts'. Of one verb: newshouse VERB --help",
    )
    parser.add_argument("--version", action="version", version=f"newshouse {__version__}")
    verbs = Verbs(parser)
    corridor.register(verbs)
    reading.register(verbs)
    caring.register(verbs)
    trust.register(verbs)
    telling.register(verbs)
    groups.register_sources(verbs)
    groups.register_archive(verbs)
    groups.register_dashboard(verbs)
    groups.register_airflow(verbs)
    return parser
