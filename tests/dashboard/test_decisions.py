"""What was kept out is released, read again or discarded from the page, by whoever may, with a reason."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from newshouse import pipeline
from newshouse.dashboard.alone import alone
from newshouse.dashboard.app import close
from newshouse.dashboard.decisions import MOST_ROWS, Decision, Decisions
from newshouse.dashboard.frame import Dashboard
from newshouse.dashboard.pages.rejections import PAGE_ROWS
from newshouse.layout import DataLayout
from newshouse.schemas import REJECTIONS
from newshouse.settings import PACKAGE_ROOT, Settings
from newshouse.storage.files import alone as alone_with
from newshouse.warehouse.tables import snapshot

from .conftest import NOW, TOKEN

LONGEST_SECONDS = 240  # for one decision on a slow machine: it imports Great Expectations
_PAGE = """<!doctype html><html lang=en><head><title>{0}</title><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-22T18:30:00+01:00"></head>
<body><article><h1>{0}</h1><p>The {0} opens in spring.</p></article></body></html>"""
_PAGES = {
    **{name: _PAGE.format(f"ferry {name}") for name in ("north", "south", "east")},
    "gone": "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>",
}


@pytest.fixture(scope="module")
def kept_out(tmp_path_factory: pytest.TempPathFactory, loaded: Callable[..., Settings]) -> Path:
    """One run of pages that are all kept out: three are too short, one is no article."""
    root = tmp_path_factory.mktemp("kept-out")
    loaded(root, _PAGES, NOW)
    return root


@pytest.fixture
def settings(kept_out: Path, tmp_path: Path) -> Settings:
    """A copy that a test may change."""
    shutil.copytree(kept_out, tmp_path / "house")
    made = Settings(data=tmp_path / "house" / "data", sources=tmp_path / "house" / "sources")
    pipeline.publish(made)
    return made


@pytest.fixture
def room(settings: Settings) -> Iterator[FastAPI]:
    made = alone(Dashboard(settings), TOKEN)
    yield made
    close(made)


@pytest.fixture
def desk(room: FastAPI, client_of: Callable[[FastAPI], TestClient]) -> TestClient:
    return client_of(room)


def rows(settings: Settings) -> dict[str, dict[str, Any]]:
    """Rejections of the first run by the name of their page."""
    found = snapshot(DataLayout(settings.data), REJECTIONS).read(REJECTIONS.schema().names).to_pylist()
    return {row["url"].rsplit("/", 1)[1]: row for row in found if row["run_id"] == "r"}


def ids(settings: Settings, *names: str) -> list[str]:
    known = rows(settings)
    return [known[name]["rejection_id"] for name in names]


def send(desk: TestClient, **form: Any) -> Any:
    token = re.search(r'name="csrf" content="([^"]+)"', desk.get("/rejections").text)
    assert token
    return desk.post("/decisions", data={"csrf": token[1], **form})


def ended(desk: TestClient, room: FastAPI, **form: Any) -> str:
    """The page with the outcome, once it is there."""
    answer = send(desk, **form)
    assert answer.status_code == 200 and "/decisions/" in str(answer.url), answer.text
    settled(room.state.dashboard.decisions, str(answer.url).rsplit("/", 1)[1])
    return desk.get(str(answer.url)).text


def settled(decisions: Decisions, name: str) -> Decision:
    """The decision, once it has ended."""
    for _ in range(10 * LONGEST_SECONDS):
        found = decisions.get(name)
        if found and not found.running:
            return found
        time.sleep(0.1)
    raise AssertionError("it does not end")


def test_a_released_row_is_an_article_and_the_page_says_by_whom_and_why(
    room: FastAPI, desk: TestClient, settings: Settings
) -> None:
    (key,) = ids(settings, "north")
    assert "Decide on it" in desk.get(f"/rejections/{key}").text

    text = ended(desk, room, id=key, action="release", why="a real <b>brief</b>")

    assert "released: it is in articles now" in text and "&lt;b&gt;brief" in text
    link = re.search(r'href="\.\./(articles/[0-9a-f]+)"', text)
    assert link and "ferry north" in desk.get(f"/{link[1]}").text
    page = desk.get(f"/rejections/{key}").text
    assert "<strong>released</strong>" in page and getpass.getuser() in page and "a real &lt;b&gt;brief" in page
    assert "it is in articles now" in page and "Decide on it" not in page
    assert rows(settings)["north"]["events"][0]["who"] == getpass.getuser()


def test_rows_that_are_ticked_are_decided_on_together_and_the_list_forgets_them(
    room: FastAPI, desk: TestClient, settings: Settings
) -> None:
    listed = desk.get("/rejections?decided=no").text
    assert listed.count('type="checkbox"') == len(_PAGES)

    text = ended(desk, room, id=ids(settings, "north", "gone", "south"), action="release", why="checked all")

    assert text.count("released: it is in articles now") == 2
    assert "nothing was done" in text and "parse found no article" in text
    left = re.findall(r'name="id" value="(\w+)"', desk.get("/rejections?decided=no").text)
    assert sorted(left) == sorted(ids(settings, "gone", "east"))
    decided = desk.get("/rejections?decided=yes").text
    assert "checkbox" not in decided and decided.count('class="state released"') == 2


def test_a_page_that_is_read_again_and_kept_out_again_says_for_which_reason(
    room: FastAPI, desk: TestClient, settings: Settings
) -> None:
    text = ended(desk, room, id=ids(settings, "north"), action="reparse")

    assert "still rejected: body short" in text and "with today’s reasons" in text
    page = desk.get(f"/rejections/{ids(settings, 'north')[0]}").text
    assert "superseded" in page and "The same page at other times" in page


def test_what_is_discarded_stays_out_and_cannot_be_decided_on_twice(
    room: FastAPI, desk: TestClient, settings: Settings
) -> None:
    (key,) = ids(settings, "gone")
    assert 'value="release"' not in desk.get(f"/rejections/{key}").text, "there is nothing to release"

    assert "discarded: it stays out" in ended(desk, room, id=key, action="discard", why="no article")
    assert "discarded already by" in ended(desk, room, id=key, action="discard", why="again")
    assert len(rows(settings)["gone"]["events"]) == 1


def test_all_that_a_page_of_the_list_shows_can_be_ticked() -> None:
    assert PAGE_ROWS <= MOST_ROWS


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"action": "release", "why": " "}, 400, "Give a reason"),
        ({"action": "discard"}, 400, "Give a reason"),
        ({"action": "delete", "why": "x"}, 400, "ction="),
        ({"action": "release", "why": "x" * 501}, 422, "hy: "),
        ({"action": "reparse", "id": []}, 400, "0 rows are ticked"),
        ({"action": "reparse", "id": [f"i{n}" for n in range(MOST_ROWS + 1)]}, 400, "are ticked"),
        ({"action": "reparse", "id": ["none"]}, 404, "o such rejection"),
        ({"action": "reparse", "id": ["--who=root"]}, 404, "o such rejection"),
        ({"action": "discard", "why": "x", "csrf": ""}, 403, "out of date"),
        ({"action": "discard", "why": "x", "csrf": "y" * 43}, 403, "out of date"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    desk: TestClient, settings: Settings, form: dict[str, Any], status: int, said: str
) -> None:
    answer = send(desk, **{"id": ids(settings, "north"), **form})

    assert answer.status_code == status and said in answer.text
    assert "<h1>That did not work</h1>" in answer.text, "a page for people, not JSON"
    assert not rows(settings)["north"]["resolution"]


def test_another_site_cannot_make_a_reader_decide(desk: TestClient, settings: Settings) -> None:
    token = re.search(r'name="csrf" content="([^"]+)"', desk.get("/rejections").text)
    assert token
    form = {"id": ids(settings, "north"), "action": "discard", "why": "x", "csrf": token[1]}

    assert desk.post("/decisions", data=form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert not rows(settings)["north"]["resolution"]


def test_who_may_only_read_sees_no_form_and_is_refused(
    settings: Settings, client_of: Callable[[FastAPI], TestClient]
) -> None:
    def reads_only(_request: Request) -> bool:
        return False

    app = alone(Dashboard(settings, may_act=reads_only), TOKEN)
    reader = client_of(app)
    (key,) = ids(settings, "north")

    assert "checkbox" not in reader.get("/rejections").text
    assert "Decide on it" not in reader.get(f"/rejections/{key}").text
    answer = send(reader, id=key, action="discard", why="x")
    assert answer.status_code == 403 and "may read" in answer.text
    assert not rows(settings)["north"]["resolution"]
    close(app)


def test_a_decision_that_takes_long_is_waited_for_on_a_page_of_its_own(
    room: FastAPI, desk: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newshouse.dashboard.decisions._PATIENCE_SECONDS", 0.01)
    with alone_with(DataLayout(settings.data).quarantine_lock):
        answer = send(desk, id=ids(settings, "gone"), action="discard", why="no article")

        assert 'http-equiv="refresh"' in answer.text and "0 of 1" in answer.text and "waiting" in answer.text
    settled(room.state.dashboard.decisions, str(answer.url).rsplit("/", 1)[1])
    text = desk.get(str(answer.url)).text
    assert "refresh" not in text and "discarded: it stays out" in text


_KILLED_DASHBOARD = """
import os, signal, sys
from newshouse.dashboard import decisions
from newshouse.settings import Settings
decisions._PATIENCE_SECONDS = 0
decisions.Decisions(Settings.from_env()).begin("release", sys.argv[1:], "ada", "checked")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_decision_goes_on_when_its_dashboard_is_killed_and_another_one_tells_of_it(
    settings: Settings, client_of: Callable[[FastAPI], TestClient]
) -> None:
    wanted = ids(settings, "north", "south", "east")
    with alone_with(DataLayout(settings.data).quarantine_lock):
        done = subprocess.run(
            [sys.executable, "-c", _KILLED_DASHBOARD, *wanted], check=False, capture_output=True, text=True,
            env={**os.environ, **settings.as_env(), "PYTHONPATH": str(PACKAGE_ROOT.parent)},
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        (path,) = DataLayout(settings.data).decision("x").parent.glob("*.jsonl")
        other = alone(Dashboard(settings), TOKEN)
        desk = client_of(other)
        assert "0 of 3" in desk.get(f"/decisions/{path.stem}").text

    assert len(settled(other.state.dashboard.decisions, path.stem).outcomes) == 3
    assert desk.get(f"/decisions/{path.stem}").text.count("released: it is in articles now") == 3
    close(other)


def test_what_was_decided_but_could_not_be_published_is_no_success(
    room: FastAPI, desk: TestClient, settings: Settings
) -> None:
    key, database = ids(settings, "north"), DataLayout(settings.data).database
    assert desk.get("/rejections").status_code == 200  # it is open
    database.unlink()
    database.mkdir()

    text = ended(desk, room, id=key, action="release", why="checked")

    assert rows(settings)["north"]["resolution"] == "released"
    assert "released: it is not published yet" in text and "in articles now" not in text
    assert re.search(rf'role="alert">{database}: [^<]+</p>', text), "the path as it is, underscores included"


def test_a_decision_that_takes_too_long_is_stopped_and_the_page_says_so(
    room: FastAPI, desk: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newshouse.dashboard.decisions.LONGEST_SECONDS", 6)
    with alone_with(DataLayout(settings.data).quarantine_lock):
        text = ended(desk, room, id=ids(settings, "north"), action="release", why="checked")

    assert "was stopped" in text and "nothing was done" in text


def test_names_in_an_error_keep_their_underscores(
    desk: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = ids(settings, "north")
    outcomes = {key: {"error": "/srv/A_b: full_stop", "reasons": [], "resolution": None}}
    told = Decision("release", (key,), "ada", "x", outcomes, running=False, problem=None)
    monkeypatch.setattr(Decisions, "get", lambda *_: told)

    assert desk.get("/decisions/any").text.count("othing was done: /srv/A_b: full_stop") == 2


def test_what_libraries_say_is_no_outcome_and_the_last_of_it_tells_why_a_process_died(
    desk: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "print('{\\'a\\': 1}\\n7\\n[]', end=''); raise SystemExit('out of_luck')"
    monkeypatch.setattr("newshouse.dashboard.decisions._COMMAND", (sys.executable, "-c", said))

    text = send(desk, id=ids(settings, "north"), action="release", why="checked").text

    assert "ended before it was done. out of_luck" in text.replace("[]", "") and "nothing was done" in text


def test_what_tells_how_it_went_is_swept_after_a_week(room: FastAPI, desk: TestClient, settings: Settings) -> None:
    ended(desk, room, id=ids(settings, "gone"), action="discard", why="no article")
    (old,) = DataLayout(settings.data).decision("x").parent.glob("*.jsonl")
    assert desk.get(f"/decisions/{old.stem}").status_code == 200
    os.utime(old, (0, 0))

    ended(desk, room, id=ids(settings, "north"), action="discard", why="no article")

    assert not old.exists() and desk.get(f"/decisions/{old.stem}").status_code == 404


def test_a_process_that_dies_is_told_of_and_leaves_the_row_as_it_was(
    room: FastAPI, desk: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.sources / "post.yaml").write_text("id: [")

    text = ended(desk, room, id=ids(settings, "north"), action="release", why="checked")

    assert "post.yaml" in text and "nothing was done" in text
    monkeypatch.setattr("newshouse.dashboard.decisions._COMMAND", ("/nonexistent",))
    assert "No such file" in ended(desk, room, id=ids(settings, "north"), action="release", why="checked")
    assert not rows(settings)["north"]["resolution"]


def test_a_decision_that_nobody_knows_is_not_found(desk: TestClient) -> None:
    answer = desk.get("/decisions/none")

    assert answer.status_code == 404 and "page of each row" in answer.text
    assert "To be decided on".lower() in desk.get("/decisions").text
