"""A day of the sample newsroom with faults in it, the dashboard over it, and Chromium in front."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from newshouse import pipeline
from newshouse.dashboard.alone import HOST, alone, listen
from newshouse.dashboard.app import close
from newshouse.dashboard.frame import Dashboard
from newshouse.layout import DataLayout
from newshouse.sample.server import serve
from newshouse.settings import SAMPLE_SOURCES, Settings
from newshouse.validate import stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
TOKEN = "b" * 43
PATIENCE_MS = 120_000  # for whatever the browser does: a slow machine is no fault of the page
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
# What the policy keeps an archived page from doing, and what was refused: the console says both.
_WANTED = (
    "img-src data:", "font-src data:", "style-src 'unsafe-inline'", "sandboxed", "status of 400", "status of 403",
)  # fmt: skip
# A publisher that nobody reaches.
_BROKEN = """id: broken-bugle
name: The Broken Bugle
country: GB
language: en
timezone: Europe/London
homepage: http://www.brokenbugle.example/
feeds:
  - http://www.brokenbugle.example/feed.xml
politeness:
  delay_seconds: 0
tags: [sample]
"""


_MISJUDGED = "vale-courier"
"""A source of which a faulty rule keeps three articles out."""


@dataclass(frozen=True, slots=True)
class House:
    """A running dashboard."""

    url: str
    layout: DataLayout


def _faulty(judge: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Row rules with one that is wrong about three articles."""
    struck: list[str] = []

    def judged(row: Any) -> Any:
        found = judge(row)
        if row.source_id != _MISJUDGED or len(struck) >= 3 or found.quarantined:
            return found
        struck.append(row.url)
        return replace(found, quarantined=("boilerplate",), detail="half of the body is promotion")

    return judged


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One run over the sample newsroom, with a publisher that does not answer and a rule that is wrong."""
    root = tmp_path_factory.mktemp("browser")
    sources = root / "sources"
    shutil.copytree(SAMPLE_SOURCES, sources)
    (sources / "broken-bugle.yaml").write_text(_BROKEN)
    today = datetime.now(UTC).date()
    with (
        serve(today - timedelta(days=4), lambda: datetime.now(UTC)) as newsroom,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(stage, "judge", _faulty(stage.judge))
        settings = Settings(
            data=root / "data", sources=sources, proxy=newsroom.proxy_url, batches=1, delay_seconds=0.0,
            backoff_seconds=0.01,
        )  # fmt: skip
        pipeline.run(settings, f"daily-{_day(today)}")
        pipeline.assess(settings, f"daily-{_day(today)}")
        pipeline.publish(settings)
    return settings


def _day(day: date) -> str:
    return day.isoformat()


@pytest.fixture(scope="session")
def house(sample_settings: Settings) -> Iterator[House]:
    """The dashboard alone, on a port of its own."""
    app = alone(Dashboard(sample_settings), TOKEN)
    listener = listen(0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
    thread.start()
    yield House(f"http://{HOST}:{listener.getsockname()[1]}", DataLayout(sample_settings.data))
    server.should_exit = True
    thread.join(10)
    close(app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as playing:
        launched = playing.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """A page that is let in, and that fails the test when it complains or asks for anything from elsewhere."""
    # Nothing fades: what a test reads off the page is what stays.
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, accept_downloads=True, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(f"{house.url}/login?token={TOKEN}")
    yield opened
    context.close()
    elsewhere = [url for url in asked if not url.startswith((f"{house.url}/", f"blob:{house.url}/"))]
    assert not elsewhere
    assert not [text for text in complaints if not any(wanted in text for wanted in _WANTED)]


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core 4.14.1 (MPL-2.0), for the tests alone."""
    return (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
