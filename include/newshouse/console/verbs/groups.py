"""`newshouse sources …`, `newshouse archive …` and `newshouse airflow …`."""

from __future__ import annotations

import argparse
from pathlib import Path

from newshouse.console.terminal import ERR, OUT
from newshouse.console.verbs.grammar import Verbs, day
from newshouse.settings import Settings


def register_sources(verbs: Verbs) -> None:
    """Add `newshouse sources …`."""
    group = verbs.group("sources", "list, check or add sources, and how their addresses do")
    group.add("list", sources, "all sources", begins=True)
    group.add("check", sources, "read all source files and say what is wrong", begins=True)
    group.add("health", sources, "the addresses that moved, are gone or fail, as the last runs found them")
    text = "draft a source file from a homepage: finds feeds and sitemaps"
    command = group.add("add", sources, text, begins=True)
    command.add_argument("url", help="the publisher's homepage")


def register_archive(verbs: Verbs) -> None:
    """Add `newshouse archive …`."""
    group = verbs.group("archive", "look into the WARC files")
    group.add("verify", archive, "read every record, and name file and offset of what is damaged", [_on_day()])
    command = group.add("list", archive, "captured URLs, and where they lie", [_on_day()])
    command.add_argument("--url", help="only URLs that begin like this one")
    command = group.add("extract", archive, "one archived response", speaks_json=False)
    command.add_argument("wanted", metavar="URL|FILE:OFFSET", help="the latest capture of a URL, or a place")
    command.add_argument("--headers", action="store_true", help="status and headers before the body")
    command.add_argument("--output", type=Path, help="write to this file instead of standard output")
    command = group.add("export", archive, "a day or a run as one WACZ file", [_on_day()])
    command.add_argument("--run", help="only this run")
    command.add_argument("--wacz", type=Path, required=True, metavar="FILE", help="the file to write")


def register_dashboard(verbs: Verbs) -> None:
    """Add `newshouse dashboard`."""
    command = verbs.add("dashboard", dashboard, "the dashboard, on this machine only", speaks_json=False)
    command.add_argument("--port", type=int, default=8090, help="default: 8090; 0 for any that is free")


def register_airflow(verbs: Verbs) -> None:
    """Add `newshouse airflow …`."""
    group = verbs.group("airflow", "run the DAGs under Airflow")
    command = group.add("run", airflow_run, "run news_daily once and show what landed", begins=True)
    command.add_argument("--day", type=day, help="day of the run, YYYY-MM-DD (default: today, UTC)")
    command = group.add("up", airflow_up, "start Airflow and its UI on this machine", speaks_json=False, begins=True)
    command.add_argument("--port", type=int, default=8080, help="default: 8080; 0 for any that is free")


def _on_day() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--day", type=day, help="only this day of the archive, YYYY-MM-DD")
    return parser


def sources(arguments: argparse.Namespace, settings: Settings) -> int:
    """The source files."""
    from newshouse.console.sources import check_folder, list_sources  # noqa: PLC0415

    if arguments.name == "list":
        return list_sources(settings.sources, OUT, as_json=arguments.json)
    if arguments.name == "check":
        return check_folder(settings.sources, OUT, as_json=arguments.json)
    if arguments.name == "health":
        from newshouse.console.health import tell_health  # noqa: PLC0415

        return tell_health(settings, OUT, as_json=arguments.json)
    from newshouse.console.drafting import add_source  # noqa: PLC0415 -- brings an HTTP client along

    return add_source(settings, arguments.url, OUT, as_json=arguments.json)


def archive(arguments: argparse.Namespace, settings: Settings) -> int:
    """The WARC files."""
    from newshouse.console import archive as shelves  # noqa: PLC0415

    if arguments.name == "verify":
        return shelves.verify_archive(settings, arguments.day, OUT, ERR, as_json=arguments.json)
    if arguments.name == "list":
        return shelves.list_archive(settings, arguments.day, arguments.url, OUT, as_json=arguments.json)
    if arguments.name == "extract":
        return shelves.extract(settings, arguments.wanted, arguments.output, headers=arguments.headers)
    return shelves.export_wacz(settings, arguments.wacz, arguments.day, arguments.run, OUT, as_json=arguments.json)


def dashboard(arguments: argparse.Namespace, settings: Settings) -> int:
    """The dashboard without Airflow."""
    from newshouse.dashboard.alone import serve  # noqa: PLC0415 -- the web framework takes a second to import

    return serve(settings, arguments.port)


def airflow_run(arguments: argparse.Namespace, settings: Settings) -> int:
    """One run of news_daily."""
    from newshouse.launcher.once import run_once  # noqa: PLC0415

    return run_once(settings, arguments.day, as_json=arguments.json)


def airflow_up(arguments: argparse.Namespace, settings: Settings) -> int:
    """Airflow with its UI."""
    from newshouse.launcher.standalone import serve  # noqa: PLC0415

    return serve(settings, arguments.port)
