"""What surrounds every page: where the data is, what the address asks for, and the template around the answer."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from newshouse import __version__
from newshouse.dashboard import writing
from newshouse.dashboard.concerns import states
from newshouse.dashboard.decisions import Decisions
from newshouse.dashboard.defence import csrf_token
from newshouse.dashboard.published import Edition, Published
from newshouse.dashboard.table import Listing, Row
from newshouse.dashboard.window import PRESETS, Window, read_window
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.settings import Settings
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
        clock: the current time, UTC, where it is not that of the settings.
        who: the reader's name, for what he or she does.
        may_act: whether the reader may change anything, or only read.
        airflow: where Airflow's UI is, so that its pages can be linked; None without one.
    """

    settings: Settings
    clock: Callable[[], datetime] | None = None
    who: Callable[[Request], str] = lambda _request: getpass.getuser()
    may_act: Callable[[Request], bool] = lambda _request: True
    airflow: str | None = None
    layout: DataLayout = field(init=False)
    published: Published = field(init=False)
    decisions: Decisions = field(init=False)

    def __post_init__(self) -> None:
        self.airflow = self.airflow and f"{self.airflow.rstrip('/')}/"
        self.layout = DataLayout(self.settings.data)
        self.published = Published(self.layout.database)
        self.decisions = Decisions(self.settings)

    def now(self) -> datetime:
        """The current time, UTC."""
        return self.clock() if self.clock else self.settings.now()

    def publish(self) -> None:
        """Publish what was just committed, and show it.

        Raises:
            StorageError: the database cannot be written.
        """
        publish(self.layout, load_sources(self.settings.sources))
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
    given: Mapping[str, str]

    @property
    def today(self) -> date:
        """The UTC day that is not over yet."""
        return self.now.date()

    def parameter(self, name: str) -> str:
        """One value of the query, without blanks around it; empty where there is none."""
        return self.given.get(name, "").strip()

    def about(self, **given: str) -> Asked:
        """The same with these parameters: a page about one run asks what `/export/…?run=` asks."""
        return replace(self, given={**self.given, **given})

    def of(self, window: Window) -> Asked:
        """The same for other days or sources."""
        return replace(self, window=window)

    @property
    def may_act(self) -> bool:
        """Whether the reader may change anything."""
        return self.dashboard.may_act(self.request)

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

    def listing(self, name: str, rows: list[Row], total: int, page_rows: int, filters: Mapping[str, str]) -> Listing:
        """The page of a long list that the address asks for."""
        return Listing(name, rows, total, self.offset(page_rows), page_rows, self.window, filters)

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
            "may_act": self.may_act,
        }
        return render(self.request, template, status, **frame, **values)


def ask(request: Request, dashboard: House) -> Asked:
    """The request with its edition and its window.

    Raises:
        NotPublishedError, StorageError: see `Published.edition`.
        ConfigError: the query cannot be read.
    """
    edition = dashboard.published.edition()
    now = edition.now(dashboard.now())
    window = read_window(request.query_params, request.query_params.getlist("source"), now.date())
    return Asked(request, dashboard, edition, now, window, dict(request.query_params))


Ask = Annotated[Asked, Depends(ask)]


def _actor(request: Request, dashboard: House) -> str:
    if not dashboard.may_act(request):
        raise HTTPException(403, "You may read this, but not change anything. In Airflow, whoever may edit the DAG "
                                 "news_daily may.")  # fmt: skip
    return dashboard.who(request)


Actor = Annotated[str, Depends(_actor)]
"""The name of a reader who may change things; every route that does needs it."""


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template, with links that are relative: the same under any prefix."""
    below = request.scope["path"].removeprefix(request.scope.get("root_path", "")).removeprefix("/")
    up = "../" * below.count("/") or "./"
    frame: Mapping[str, Any] = {
        "nav": NAV,
        "link": lambda path: up + path,
        "static": lambda name: f"{up}static/{name}?{fingerprint(name)}",
        "csrf": csrf_token(request),
        "airflow": request.app.state.dashboard.airflow,
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
