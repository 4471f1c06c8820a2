"""`newshouse doctor`: look for what would stop a run, and say what to do."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from uuid import uuid4

from rich.console import Console
from rich.text import Text

from newshouse.alerts.config import load_alerts
from newshouse.errors import ConfigError, NewshouseError, StorageError
from newshouse.layout import DataLayout
from newshouse.settings import SAMPLE_SOURCES, Settings
from newshouse.sources.load import load_sources
from newshouse.storage.bucket import Bucket, opened
from newshouse.storage.files import storage_errors
from newshouse.storage.folders import BucketFolder

_NEEDED_BYTES = 1 << 30  # a day of a hundred publishers, with room for Airflow's own files
_MOST_TOLD = 5


def examine(settings: Settings, console: Console, *, as_json: bool) -> int:
    """Print one line a check. Returns the exit code: 1 if anything would stop a run."""
    findings = [_finding(name, check, settings) for name, check in CHECKS]
    if as_json:
        console.print_json(json.dumps([{"check": n, "ok": ok, "detail": detail} for n, ok, detail in findings]))
    else:
        for name, ok, detail in findings:
            mark = ("ok  ", "green") if ok else ("stop", "red")
            console.print(Text.assemble(mark, f" {name}: {detail}"), soft_wrap=True)
    return 0 if all(ok for _, ok, _ in findings) else 1


def _finding(name: str, check: Callable[[Settings], str], settings: Settings) -> tuple[str, bool, str]:
    try:
        return name, True, check(settings)
    except NewshouseError as error:
        return name, False, str(error)


def _python(_: Settings) -> str:
    return sys.version.split()[0]


def _packages(_: Settings) -> str:
    names = ("apache-airflow", "deltalake", "duckdb", "great-expectations", "pyarrow", "requests")
    try:
        return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    except importlib.metadata.PackageNotFoundError as error:
        raise ConfigError(f"{error.name} is not installed: pip install -r requirements.txt") from error


def _data_folder(settings: Settings) -> str:
    with storage_errors(settings.folder):
        settings.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.folder):
            pass
    return f"{settings.folder.absolute()} is writable"


def _object_store(settings: Settings) -> str:
    if not isinstance(settings.data, Bucket):
        return "none: all is in the data folder"
    here, name = settings.folder / "doctor", uuid4().hex
    probe = BucketFolder(settings.data, "doctor", here, here)
    with probe.writing(name) as stream:
        stream.write(b"newshouse")
    probe.delete(name)
    from newshouse.storage.condition import check_condition  # noqa: PLC0415 -- Delta takes a while to import

    check_condition(settings.data, opened(settings.data))
    return f"{settings.data.url} at {settings.data.store} can be listed and written, by two at once"


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(_existing(settings.folder.absolute())).free
    if free < _NEEDED_BYTES:
        raise ConfigError(f"{settings.folder}: only {free >> 20} MiB free, a run wants {_NEEDED_BYTES >> 20} MiB.")
    return f"{free >> 30} GiB free"


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _sources(settings: Settings) -> str:
    sources = load_sources(settings.sources).values()
    return f"{sum(source.enabled for source in sources)} of {len(sources)} enabled in {settings.sources}"


def _contact(settings: Settings) -> str:
    if settings.sources == SAMPLE_SOURCES:
        return "the sample newsroom asks for none"
    if settings.contact is None:
        raise ConfigError(
            f"{settings.sources} holds real publishers, and NEWSHOUSE_CONTACT is not set: "
            "set it to an e-mail address or URL, so that they can reach you."
        )
    return settings.contact


def _alerts(settings: Settings) -> str:
    if settings.alerts is None:
        return "nobody is told of incidents: NEWSHOUSE_ALERTS is not set"
    alerts = load_alerts(settings.alerts)
    return f"{len(alerts.channels)} channels and {len(alerts.routes)} routes in {settings.alerts}"


def _database(settings: Settings) -> str:
    layout = DataLayout(settings.data)
    if not layout.database.exists():
        return "none yet: `make run` makes one"
    from newshouse.warehouse.publish import is_of_today  # noqa: PLC0415 -- DuckDB takes a while to import
    from newshouse.warehouse.query import select  # noqa: PLC0415

    articles = select(layout, "SELECT count(*) AS n FROM articles").column("n")[0].as_py()
    old = (
        ""
        if is_of_today(layout.database)
        else "; of another version of Newshouse, or made elsewhere: newshouse publish"
    )
    return f"{layout.database.absolute()}: {articles} articles{old}"


def _warehouse(settings: Settings) -> str:
    from newshouse.console.care import describe  # noqa: PLC0415 -- Delta takes a while to import
    from newshouse.warehouse.maintenance import verify  # noqa: PLC0415

    problems = verify(DataLayout(settings.data))
    if problems:
        told = [describe(problem) for problem in problems[:_MOST_TOLD]]
        more = [f"and {len(problems) - _MOST_TOLD} more: newshouse maintain"] if len(problems) > _MOST_TOLD else []
        raise StorageError("; ".join([*told, *more]))
    if not DataLayout(settings.data).warehouse.exists():
        return "none yet"
    return "every file, archived response and revision is whole"


CHECKS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("python", _python),
    ("packages", _packages),
    ("data folder", _data_folder),
    ("object store", _object_store),
    ("disk", _disk),
    ("sources", _sources),
    ("contact", _contact),
    ("alerts", _alerts),
    ("database", _database),
    ("warehouse", _warehouse),
)
