"""What surrounds every page: where the data is, what the address asks for, and the template around the answer."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from newshouse import __version__
from newshouse.dashboard import writing
from newshouse.dashboard.concerns import states
from newshouse.dashboard.defence import csrf_token
from newshouse.dashboard.published import Edition, Published
from newshouse.dashboard.window import PRESETS, Window, read_window
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.settings import SAMPLE_SOURCES
from newshouse.sources.load import load_sources
from newshouse.warehouse.publish import publish

_MOST_PAGES = 10_000
NAV = (
    ("today", "", "Today"),
    ("sources", "sources", "Sources"),
    ("checks", "checks", "Checks"),
    ("rejections", "rejections", "Rejections"),
    ("articles", "articles", "Articles"),
    ("runs", "runs", "Runs"),
    ("sql", "sql", "SQL"),
)


@dataclass(slots=True)
class Dashboard:
    """One running dashboard.

    Attributes:
        sources: the folder of source files, for a publish.
        clock: the current time, UTC.
        who: the reader's name, for what he or she does.
        in_airflow: mounted in Airflow's UI, so that Airflow's own pages can be linked.
    """

    layout: DataLayout
    clock: Callable[[], datetime]
    sources: Path = SAMPLE_SOURCES
    who: Callable[[Request], str] = lambda _request: getpass.getuser()
    in_airflow: bool = False
    published: Published = field(init=False)

    def __post_init__(self) -> None:
        self.published = Published(self.layout.database)

    def publish(self) -> None:
        """Publish what was just committed, and show it.

        Raises:
            StorageError: the database cannot be written.
        """
        publish(self.layout, load_sources(self.sources))
        self.published.renew()


def _dashboard(request: Request) -> Dashboard:
    found: Dashboard = request.app.state.dashboard
    return found


House = Annotated[Dashboard, Depends(_dashboard)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: of whom, when, and for which days and sources."""

    request: Request
    dashboard: Dashboard
    edition: Edition
    now: datetime
    window: Window

    @property
    def today(self) -> date:
        """The UTC day that is not over yet."""
        return self.now.date()

    def parameter(self, name: str) -> str:
        """One value of the query, without blanks around it; empty where there is none."""
        return self.request.query_params.get(name, "").strip()

    def _last(self, days: int) -> Window:
        return Window(self.today - timedelta(days=days - 1), self.today, self.window.sources, given=True)

    def offset(self, page_rows: int) -> int:
        """Where the page of a long table begins, in rows.

        Raises:
            ConfigError: `page` is not a number of 1 or more.
        """
        text = self.parameter("page") or "1"
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_PAGES):
            raise ConfigError(f"page={text!r}: write a number from 1 to {_MOST_PAGES}.")
        return (int(text) - 1) * page_rows

    def page(self, template: str, here: str, title: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page. `here` is the entry of the navigation that it belongs to."""
        frame = {
            "here": here,
            "title": title,
            "window": self.window,
            "presets": [(label, self._last(days)) for label, days in PRESETS],
            "now": self.now,
            "today": self.today,
            "edition": self.edition,
            "problem": self.dashboard.published.problem,
            "states": states(self.edition),
        }
        return render(self.request, template, status, **frame, **values)


def ask(request: Request, dashboard: House) -> Asked:
    """The request with its edition and its window.

    Raises:
        NotPublishedError, StorageError: see `Published.edition`.
        ConfigError: the query cannot be read.
    """
    edition = dashboard.published.edition()
    now = edition.now(dashboard.clock())
    window = read_window(request.query_params, request.query_params.getlist("source"), now.date())
    return Asked(request, dashboard, edition, now, window)


Ask = Annotated[Asked, Depends(ask)]


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template, with links that are relative: the same under any prefix."""
    below = request.scope["path"].removeprefix(request.scope.get("root_path", "")).removeprefix("/")
    up = "../" * below.count("/") or "./"
    frame: Mapping[str, Any] = {
        "nav": NAV,
        "link": lambda path: up + path,
        "static": lambda name: f"{up}static/{name}?{fingerprint(name)}",
        "csrf": csrf_token(request),
        "in_airflow": request.app.state.dashboard.in_airflow,
        "version": __version__,
    }
    text = _templates().get_template(template).render({**frame, **values})
    return HTMLResponse(text, status)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("newshouse.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(writing.FILTERS)
    return environment


@cache
def static_file(name: str) -> bytes | None:
    """The bytes of a file of static/; None if there is no such file."""
    folder = files("newshouse.dashboard") / "static"
    known = {entry.name: entry for entry in folder.iterdir() if entry.is_file()}
    return known[name].read_bytes() if name in known else None


@cache
def fingerprint(name: str) -> str:
    """What changes when the file changes, so that browsers may keep it for ever."""
    return hashlib.sha256(static_file(name) or b"").hexdigest()[:12]
