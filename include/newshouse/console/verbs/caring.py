"""`newshouse assess | maintain | verify | repair | forget | restore | import | doctor`: keeping the house in order."""

from __future__ import annotations

import argparse
from pathlib import Path

from newshouse.console.bars import watching
from newshouse.console.terminal import ERR, OUT
from newshouse.console.verbs.corridor import planned
from newshouse.console.verbs.grammar import Verbs, day, day_of, run_id, which_run
from newshouse.launcher.newsroom import sample_newsroom
from newshouse.settings import Settings
from newshouse.summary import tell


def register(verbs: Verbs) -> None:
    """Add the verbs that look after the data."""
    verbs.add("assess", assess, "judge what is committed by its own history", [which_run()])
    verbs.add(
        "maintain", maintain, "forget what is past its retention, compact, delete dead files, verify what is left"
    )
    verbs.add("verify", verify, "read everything once: files, checksums, archive pointers, histories, counts")
    verbs.add("repair", repair, "drop broken data files and load what was in them again from the runs")
    command = verbs.add("forget", forget, "remove articles everywhere, for good: they never come back")
    command.add_argument("wanted", nargs="+", metavar="URL|ID", help="article ids, beginnings of ids, or URLs")
    command.add_argument("--dry-run", action="store_true", help="only say what would go")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command = verbs.add("restore", restore, "commit the tables as they were at the end of a day")
    command.add_argument("--as-of", type=day, metavar="DAY", required=True, help="UTC day, YYYY-MM-DD")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command = verbs.add("import", import_, "bring in plain-text or markdown article dumps", begins=True)
    command.add_argument("paths", nargs="+", help="files or folders")
    command.add_argument("--source", help="id of the source they belong to (default: imported)")
    verbs.add("doctor", doctor, "look for what would stop a run", begins=True)


def assess(arguments: argparse.Namespace, settings: Settings) -> int:
    """History checks."""
    from newshouse import pipeline  # noqa: PLC0415 -- brings all rooms along
    from newshouse.console.care import show_checks  # noqa: PLC0415

    wanted = run_id(arguments, settings)
    planned(settings, wanted)
    with sample_newsroom(settings, day_of(arguments, settings)) as reachable:
        assessment = pipeline.assess(reachable, wanted)
    code = show_checks(assessment.results, OUT, as_json=arguments.json)
    ERR.print(f"The report: {assessment.report.absolute()}", markup=False, soft_wrap=True)
    return code


def maintain(arguments: argparse.Namespace, settings: Settings) -> int:
    """Care of the tables."""
    from newshouse import upkeep  # noqa: PLC0415 -- brings all rooms along
    from newshouse.console.care import show_problems  # noqa: PLC0415

    return show_problems(upkeep.maintain(settings), OUT, as_json=arguments.json)


def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Is the warehouse whole?"""
    from newshouse import upkeep  # noqa: PLC0415 -- brings all rooms along
    from newshouse.console.care import show_problems  # noqa: PLC0415

    return show_problems(upkeep.verify(settings), OUT, as_json=arguments.json)


def repair(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring back what can be brought back; the exit code says whether anything is still wrong."""
    from newshouse import upkeep  # noqa: PLC0415 -- brings all rooms along
    from newshouse.console.care import describe, show_problems  # noqa: PLC0415

    dropped, left = upkeep.repair(settings)
    if not arguments.json:
        for problem in dropped:
            OUT.print(f"dropped {describe(problem)}", markup=False, soft_wrap=True)
    return show_problems(left, OUT, as_json=arguments.json)


def forget(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remove articles for good."""
    from newshouse.console.forget import forget_articles  # noqa: PLC0415

    return forget_articles(
        settings, arguments.wanted, OUT, dry_run=arguments.dry_run, sure=arguments.yes, as_json=arguments.json
    )


def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Back to a day."""
    from newshouse.console.care import restore_day  # noqa: PLC0415

    return restore_day(settings, arguments.as_of, OUT, sure=arguments.yes, as_json=arguments.json)


def import_(arguments: argparse.Namespace, settings: Settings) -> int:
    """Article dumps."""
    from newshouse.importing import import_files  # noqa: PLC0415

    since = settings.now()
    with watching(ERR) as watch:
        summary = import_files(settings, [Path(p) for p in arguments.paths], arguments.source, watch)
    return tell(summary, OUT, since, as_json=arguments.json)


def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """What would stop a run."""
    from newshouse.console.doctor import examine  # noqa: PLC0415

    return examine(settings, OUT, as_json=arguments.json)
