"""What was kept out is released, read again or discarded from the page, by whoever may, with a reason."""

from __future__ import annotations

import getpass
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from newshouse import pipeline
from newshouse.archive.exchange import Exchange
from newshouse.dashboard.alone import alone
from newshouse.dashboard.app import close
from newshouse.dashboard.decisions import MOST_ROWS
from newshouse.dashboard.frame import Dashboard
from newshouse.desk import desk_for
from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.records import Candidate, Capture
from newshouse.report import Tally
from newshouse.schemas import REJECTIONS
from newshouse.settings import Settings
from newshouse.warehouse.tables import snapshot

from .conftest import NOW, TOKEN

LONGEST_SECONDS = 240  # for one decision on a slow machine: it imports Great Expectations
_SOURCE = """id: post
name: The Harbour Post
country: SE
language: en
timezone: Europe/Stockholm
homepage: https://harbour-post.example/
"""
_PAGE = """<!doctype html><html lang=en><head><title>{0}</title><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-22T18:30:00+01:00"></head>
<body><article><h1>{0}</h1><p>The {0} opens in spring.</p></article></body></html>"""
_PAGES = {
    **{name: _PAGE.format(f"ferry {name}") for name in ("north", "south", "east")},
    "gone": "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>",
}


def _url(name: str) -> str:
    return f"https://harbour-post.example/{name}"


@pytest.fixture(scope="module")
def kept_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run of pages that are all kept out: three are too short, one is no article."""
    root = tmp_path_factory.mktemp("kept-out")
    (root / "sources").mkdir()
    (root / "sources" / "post.yaml").write_text(_SOURCE)
    made = Settings(data=root / "data", sources=root / "sources")
    Manifest("r", NOW, {"00": ("post",)}).write(DataLayout(made.data).run("r").manifest)
    desk = desk_for(made, "r", "00")
    tally = {"post": Tally(in_count=len(_PAGES), out_count=len(_PAGES))}
    desk.finish_discover([Candidate("post", _url(name), _url(name), NOW) for name in _PAGES], [], [], tally)
    with desk.ledger("fetch") as ledger:
        captures = [ledger.record(_capture(name), [_answer(name, page)]) for name, page in _PAGES.items()]
    desk.finish_fetch(captures, [], tally)
    for step in (pipeline.parse, pipeline.validate):
        step(made, "r", "00")
    pipeline.load(made, "r")
    return root


def _capture(name: str) -> Capture:
    return Capture(
        fetch_id=stable_id("r", name), run_id="r", batch="00", source_id="post", purpose="article", url=_url(name),
        url_key=_url(name), final_url=_url(name), status=200, outcome="fetched", requested_at=NOW, attempts=1,
    )  # fmt: skip


def _answer(name: str, page: str) -> Exchange:
    return Exchange(_url(name), NOW, "/", (), "HTTP/1.1", 200, "OK", (("Content-Type", "text/html"),), page.encode())


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
    assert room.state.dashboard.decisions.get(str(answer.url).rsplit("/", 1)[1]).ended.wait(LONGEST_SECONDS)
    return desk.get(str(answer.url)).text


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


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"action": "release", "why": " "}, 400, "Give a reason"),
        ({"action": "discard"}, 400, "Give a reason"),
        ({"action": "delete", "why": "x"}, 400, "action="),
        ({"action": "release", "why": "x" * 501}, 422, ""),
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
    decisions, go_on = room.state.dashboard.decisions, threading.Event()
    started = decisions._start

    def late(*given: Any) -> Any:
        go_on.wait(60)
        return started(*given)

    monkeypatch.setattr("newshouse.dashboard.decisions._PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(decisions, "_start", late)
    answer = send(desk, id=ids(settings, "gone"), action="discard", why="no article")
    decision = decisions.get(str(answer.url).rsplit("/", 1)[1])

    assert 'http-equiv="refresh"' in answer.text and "0 of 1" in answer.text and "waiting" in answer.text
    go_on.set()
    assert decision.ended.wait(LONGEST_SECONDS)
    text = desk.get(str(answer.url)).text
    assert "refresh" not in text and "discarded: it stays out" in text


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
