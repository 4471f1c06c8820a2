"""`newshouse …`: one verb a stage, the same functions that the DAGs call.

Results go to standard output, everything for the eye to standard error. Errors are one line without a traceback;
the exit code tells the class (see `errors.py`): 0 well, 1 problems found, 2 wrong setting or argument, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from newshouse import __version__, pipeline
from newshouse.console.bars import watching
from newshouse.errors import ConfigError, NewshouseError
from newshouse.launcher.newsroom import sample_newsroom
from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.report import StageReport
from newshouse.settings import Settings
from newshouse.summary import summarise, tell

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)

Verb = Callable[[argparse.Namespace, Settings], int]
STAGES: dict[str, Callable[..., StageReport]] = {
    "discover": pipeline.discover,
    "fetch": pipeline.fetch,
    "parse": pipeline.parse,
    "validate": pipeline.validate,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit code."""
    arguments = _parser().parse_args(argv)
    verb: Verb = arguments.verb
    try:
        return verb(arguments, _settings(arguments))
    except NewshouseError as error:
        ERR.print(Text.assemble(("error: ", "bold red"), str(error)), soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        ERR.print("interrupted; what was finished is kept, run the same command again to go on")
        return 130
    except BrokenPipeError:  # `newshouse … | head`: nobody reads on, and that is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = Settings.from_env()
    data, sources = (Path(p).expanduser().absolute() if p else None for p in (arguments.data, arguments.sources_folder))
    return replace(settings, data=data or settings.data, sources=sources or settings.sources)


def _run_id(arguments: argparse.Namespace, settings: Settings) -> str:
    if arguments.run and arguments.day:
        raise ConfigError("give --run or --day, not both.")
    return arguments.run or f"daily-{arguments.day or settings.now().date()}"


def _day_of(arguments: argparse.Namespace, settings: Settings) -> date:
    day: date | None = arguments.day
    return day or settings.now().date()


def _manifest(settings: Settings, run_id: str) -> Manifest:
    """What was planned; only `run` and `discover` plan, so that a mistyped run is an error and not a new run."""
    return Manifest.read(DataLayout(settings.data).run(run_id).manifest)


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    run_id = _run_id(arguments, settings)
    with sample_newsroom(settings, _day_of(arguments, settings)) as reachable, watching(ERR) as watch:
        since = reachable.now()
        summary = pipeline.run(reachable, run_id, watch)
    return tell(summary, OUT, since, as_json=arguments.json)


def _stage(arguments: argparse.Namespace, settings: Settings) -> int:
    run_id = _run_id(arguments, settings)
    if arguments.name != "discover":
        _manifest(settings, run_id)
    with sample_newsroom(settings, _day_of(arguments, settings)) as reachable, watching(ERR) as watch:
        if arguments.name == "discover":
            pipeline.plan(reachable, run_id)
        manifest = _manifest(reachable, run_id)
        if arguments.batch:
            manifest.sources_of(arguments.batch)  # an error, if there is no such batch
        for batch in [arguments.batch] if arguments.batch else manifest.batches:
            name = f"{arguments.name} {batch}"
            _say(arguments, STAGES[arguments.name](reachable, run_id, batch, watch(name)))
    return 0


def _load(arguments: argparse.Namespace, settings: Settings) -> int:
    run_id = _run_id(arguments, settings)
    _manifest(settings, run_id)
    with sample_newsroom(settings, _day_of(arguments, settings)) as reachable:
        _say(arguments, pipeline.load(reachable, run_id))
    return 0


def _publish(arguments: argparse.Namespace, settings: Settings) -> int:
    path = pipeline.publish(settings)
    if arguments.json:
        OUT.print_json(json.dumps({"database": str(path)}))
    else:
        OUT.print(str(path), markup=False, soft_wrap=True)
    return 0


def _report(arguments: argparse.Namespace, settings: Settings) -> int:
    summary = summarise(DataLayout(settings.data), _run_id(arguments, settings))
    return tell(summary, OUT, as_json=arguments.json)


def _assess(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.care import show_checks  # noqa: PLC0415

    run_id = _run_id(arguments, settings)
    _manifest(settings, run_id)
    with sample_newsroom(settings, _day_of(arguments, settings)) as reachable:
        results = pipeline.assess(reachable, run_id)
    return show_checks(results, OUT, as_json=arguments.json)


def _maintain(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.care import show_problems  # noqa: PLC0415

    return show_problems(pipeline.maintain(settings), OUT, as_json=arguments.json)


def _say(arguments: argparse.Namespace, report: StageReport) -> None:
    summary = report.summary()
    if arguments.json:
        OUT.print_json(json.dumps(summary))
        return
    OUT.print(
        f"{report.stage} {report.batch}: {summary['in_count']} in, {summary['out_count']} out, "
        f"{summary['duplicate_count']} known or unchanged, {summary['rejected_count']} rejected"
    )


def _sql(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.tables import write_result  # noqa: PLC0415 -- DuckDB takes a while to import

    if arguments.json and arguments.format not in (None, "json"):
        raise ConfigError(f"give --json or --format {arguments.format}, not both.")
    form = "json" if arguments.json else arguments.format
    write_result(DataLayout(settings.data), arguments.query, form, arguments.output, OUT)
    return 0


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.show import show_article, show_raw  # noqa: PLC0415 -- DuckDB takes a while to import

    layout = DataLayout(settings.data)
    if arguments.raw and arguments.json:
        raise ConfigError("give --raw or --json, not both.")
    if arguments.raw:
        sys.stdout.buffer.write(show_raw(layout, arguments.id))
        return 0
    show_article(layout, arguments.id, OUT, as_json=arguments.json)
    return 0


def _sources_list(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.sources import list_sources  # noqa: PLC0415

    return list_sources(settings.sources, OUT, as_json=arguments.json)


def _sources_check(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.sources import check_folder  # noqa: PLC0415

    return check_folder(settings.sources, OUT, as_json=arguments.json)


def _sources_add(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.sources import add_source  # noqa: PLC0415

    return add_source(settings, arguments.url, OUT, as_json=arguments.json)


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.importing import import_files  # noqa: PLC0415

    since = settings.now()
    with watching(ERR) as watch:
        summary = import_files(settings, [Path(p) for p in arguments.paths], arguments.source, watch)
    return tell(summary, OUT, since, as_json=arguments.json)


def _doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console.doctor import examine  # noqa: PLC0415

    return examine(settings, OUT, as_json=arguments.json)


def _archive(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.console import archive  # noqa: PLC0415

    if arguments.name == "verify":
        return archive.verify_archive(settings, arguments.day, OUT, ERR, as_json=arguments.json)
    if arguments.name == "list":
        return archive.list_archive(settings, arguments.day, arguments.url, OUT, as_json=arguments.json)
    if arguments.name == "extract":
        return archive.extract(settings, arguments.wanted, arguments.output, headers=arguments.headers)
    return archive.export_wacz(settings, arguments.wacz, arguments.day, arguments.run, OUT, as_json=arguments.json)


def _airflow_run(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.launcher.once import run_once  # noqa: PLC0415

    return run_once(settings, arguments.day, as_json=arguments.json)


def _airflow_up(arguments: argparse.Namespace, settings: Settings) -> int:
    from newshouse.launcher.standalone import serve  # noqa: PLC0415

    return serve(settings, arguments.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("newshouse", description="News into a warehouse you can trust.")
    parser.add_argument("--version", action="version", version=f"newshouse {__version__}")
    folders = argparse.ArgumentParser(add_help=False)
    folders.add_argument("--data", help="data folder (default: NEWSHOUSE_DATA, else ./data)")
    folders.add_argument(
        "--sources", dest="sources_folder", help="folder of source files (default: the sample newsroom)"
    )
    shared = argparse.ArgumentParser(add_help=False, parents=[folders])
    shared.add_argument("--json", action="store_true", help="print JSON for scripts")
    which_run = argparse.ArgumentParser(add_help=False)
    which_run.add_argument("--run", help="run id (default: daily-<day>)")
    which_run.add_argument("--day", type=_day, help="day of the run, YYYY-MM-DD (default: today, UTC)")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")

    def add(
        name: str, verb: Verb, text: str, parents: Sequence[argparse.ArgumentParser] = ()
    ) -> argparse.ArgumentParser:
        command = verbs.add_parser(name, help=text, description=text, parents=[shared, *parents])
        command.set_defaults(verb=verb, name=name)
        return command

    add("run", _run, "the whole corridor in this process", [which_run])
    for stage in STAGES:
        command = add(stage, _stage, f"the {stage} stage of a run, all batches or one", [which_run])
        command.add_argument("--batch", help="only this batch")
    add("load", _load, "commit the finished batches of a run to the warehouse", [which_run])
    add("publish", _publish, "write the DuckDB file over the committed tables")
    add("assess", _assess, "judge what is committed by its own history", [which_run])
    add("maintain", _maintain, "compact the tables, delete dead files, verify what is left")
    add("report", _report, "what a run did, source by source", [which_run])
    command = add("sql", _sql, "run one SELECT on the published warehouse")
    command.add_argument("query")
    formats = ("table", "csv", "json", "parquet")
    command.add_argument("--format", choices=formats, help="default: as --output is named, else table")
    command.add_argument("--output", type=Path, help="write to this file instead of standard output")
    command = add("show", _show, "one article with the origin of each field")
    command.add_argument("id", help="article id, the beginning of one, or its URL")
    command.add_argument("--raw", action="store_true", help="the archived response instead")
    _add_sources(verbs, shared)
    command = add("import", _import, "bring in plain-text or markdown article dumps")
    command.add_argument("paths", nargs="+", help="files or folders")
    command.add_argument("--source", help="id of the source they belong to (default: imported)")
    add("doctor", _doctor, "look for what would stop a run")
    _add_archive(verbs, shared, folders)
    _add_airflow(verbs, shared, folders)
    return parser


def _add_sources(verbs: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    group = verbs.add_parser("sources", help="list, check or add sources").add_subparsers(required=True, metavar="VERB")
    for name, verb, text in (
        ("list", _sources_list, "all sources"),
        ("check", _sources_check, "read all source files and say what is wrong"),
        ("add", _sources_add, "draft a source file from a homepage: finds feeds and sitemaps"),
    ):
        command = group.add_parser(name, help=text, description=text, parents=[shared])
        command.set_defaults(verb=verb, name=name)
        if name == "add":
            command.add_argument("url", help="the publisher's homepage")


def _add_archive(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    shared: argparse.ArgumentParser,
    folders: argparse.ArgumentParser,
) -> None:
    group = verbs.add_parser("archive", help="look into the WARC files").add_subparsers(required=True, metavar="VERB")
    for name, text in (
        ("verify", "read every record, and name file and offset of what is damaged"),
        ("list", "captured URLs, and where they lie"),
        ("extract", "one archived response"),
        ("export", "a day or a run as one WACZ file"),
    ):
        parent = folders if name == "extract" else shared
        command = group.add_parser(name, help=text, description=text, parents=[parent])
        command.set_defaults(verb=_archive, name=name)
        if name == "extract":
            command.add_argument("wanted", metavar="URL|FILE:OFFSET", help="the latest capture of a URL, or a place")
            command.add_argument("--headers", action="store_true", help="status and headers before the body")
            command.add_argument("--output", type=Path, help="write to this file instead of standard output")
            continue
        command.add_argument("--day", type=_day, help="only this day of the archive, YYYY-MM-DD")
        if name == "list":
            command.add_argument("--url", help="only URLs that begin like this one")
        if name == "export":
            command.add_argument("--run", help="only this run")
            command.add_argument("--wacz", type=Path, required=True, metavar="FILE", help="the file to write")


def _add_airflow(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    shared: argparse.ArgumentParser,
    folders: argparse.ArgumentParser,
) -> None:
    group = verbs.add_parser("airflow", help="run the DAGs under Airflow").add_subparsers(required=True, metavar="VERB")
    command = group.add_parser("run", help="run news_daily once and show what landed", parents=[shared])
    command.add_argument("--day", type=_day, help="day of the run, YYYY-MM-DD (default: today, UTC)")
    command.set_defaults(verb=_airflow_run, name="airflow run")
    command = group.add_parser("up", help="start Airflow and its UI on this machine", parents=[folders])
    command.add_argument("--port", type=int, default=8080)
    command.set_defaults(verb=_airflow_up, name="airflow up")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write YYYY-MM-DD") from error


if __name__ == "__main__":
    sys.exit(main())
