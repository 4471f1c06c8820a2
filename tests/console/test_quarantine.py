"""What was kept out is seen, explained, and let in through the one door."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from newshouse import cli, pipeline
from newshouse.console.quarantine import list_rejections
from newshouse.ids import article_id
from newshouse.layout import DataLayout
from newshouse.quality import quarantine
from newshouse.schemas import ARTICLES, REJECTIONS, RUNS
from newshouse.settings import Settings
from newshouse.validate import stage
from newshouse.validate.row_json import load_row
from newshouse.warehouse.query import select
from newshouse.warehouse.tables import snapshot

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
_PAGE = """<!doctype html><html lang=en><head><title>{title}</title><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-22T18:30:00+01:00"></head>
<body><article><h1>{title}</h1>{body}</article></body></html>"""
_LINE = "The council voted on Sunday to open a ferry line between the old harbour and the northern shore of the bay. "
PAGES = {
    "sound": _PAGE.format(title="Ferry line opens in spring", body=f"<p>{_LINE * 3}</p><p>{_LINE * 2}</p>"),
    "brief": _PAGE.format(title="Ferry line opens", body="<p>The ferry line between both shores opens in spring.</p>"),
    "gone": "<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>Sorry.</p></body></html>",
}


def _url(name: str) -> str:
    return f"https://harbour-post.example/{name}"


@pytest.fixture
def settings(tmp_path: Path, loaded: Callable[..., Settings]) -> Settings:
    """One run of three pages: one is loaded, validate keeps one out, parse another."""
    return loaded(tmp_path, PAGES, AT, feed_authors=("Ida Berg",))


def call(capsys: pytest.CaptureFixture[str], settings: Settings, *arguments: str) -> tuple[int, str, str]:
    where = ("--data", str(settings.data), "--sources", str(settings.sources))
    code = cli.main(["quarantine", *arguments, *where])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def rejections(settings: Settings) -> list[dict[str, Any]]:
    return snapshot(DataLayout(settings.data), REJECTIONS).read(REJECTIONS.schema().names).to_pylist()


def rejection(settings: Settings, reason: str, run_id: str = "r") -> dict[str, Any]:
    (row,) = (row for row in rejections(settings) if row["reasons"] == [reason] and row["run_id"] == run_id)
    return row


def articles(settings: Settings) -> dict[str, dict[str, Any]]:
    rows = snapshot(DataLayout(settings.data), ARTICLES).read(ARTICLES.schema().names).to_pylist()
    return {row["url"].rsplit("/", 1)[1]: row for row in rows}


def test_list_names_reasons_and_can_be_narrowed(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    code, out, _ = call(capsys, settings, "list")
    assert code == 0 and "body_short" in out and "soft_404" in out and "2 kept out" in out
    _, out, _ = call(capsys, settings, "list", "--reason", "body_short", "--json")
    (row,) = json.loads(out)
    assert (row["url"], row["row_json"]["title"]) == (_url("brief"), "Ferry line opens")
    assert "nothing kept out" in call(capsys, settings, "list", "--source", "echo")[1]


def test_in_a_narrow_window_the_list_cuts_no_id_and_leaves_no_address_out(settings: Settings) -> None:
    out = StringIO()
    list_rejections(settings, Console(file=out, width=60), source_id=None, reason=None, decided=False, as_json=False)

    text = out.getvalue()
    assert all(row["rejection_id"][:12] in text for row in rejections(settings))
    assert "address" in text and "http" in text and "…" not in text


def test_show_explains_the_reason_and_puts_the_parse_beside_the_response(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    key = rejection(settings, "body_short")["rejection_id"]
    code, out, _ = call(capsys, settings, "show", key[:10])
    assert code == 0
    assert "body_short: The body is shorter than 20 words" in out
    assert "title: Ferry line opens" in out and "<!doctype html>" in out
    assert "no article was found" in call(capsys, settings, "show", rejection(settings, "soft_404")["rejection_id"])[1]


@pytest.mark.parametrize(("action", "reason"), [("release", "body_short"), ("reparse", "soft_404")])
def test_a_decision_is_a_run_that_begins_and_ends_for_openlineage(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str, reason: str
) -> None:
    told = tmp_path / "events.jsonl"
    transport = {"type": "file", "log_file_path": str(told), "append": True}
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT", json.dumps(transport))
    key = rejection(settings, reason)["rejection_id"]
    (done,) = quarantine.carry_out(settings, [key], action, who="ada", why="a real brief")  # type: ignore[arg-type]
    assert done.error is None
    events = [json.loads(line) for line in told.read_text().splitlines()]
    whole = [(event["eventType"], event["run"]["runId"]) for event in events if event["job"]["name"] == action]
    assert [state for state, _ in whole] == ["START", "COMPLETE"]
    parents = {
        event["run"]["facets"]["parent"]["run"]["runId"] for event in events if event["run"]["facets"].get("parent")
    }
    assert parents == {run for _, run in whole}


def test_release_loads_the_row_as_it_was_with_its_flags_and_says_by_whom(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    key = rejection(settings, "body_short")["rejection_id"]
    code, out, _ = call(capsys, settings, "release", key, "--who", "ada", "--why", "a real brief")
    assert code == 0 and "released" in out
    row = articles(settings)["brief"]
    assert row["title"] == "Ferry line opens" and row["article_id"] == article_id(_url("brief"))
    assert {"body_short", "released"} <= set(row["quality_flags"])
    decided = rejection(settings, "body_short")
    assert (decided["resolution"], decided["released_at"] is not None) == ("released", True)
    assert [(event["who"], event["action"], event["why"]) for event in decided["events"]] == [
        ("ada", "released", "a real brief")
    ]
    runs = snapshot(DataLayout(settings.data), RUNS).read(["run_id", "stage", "out_count"]).to_pylist()
    loads = [row["out_count"] for row in runs if row["run_id"].startswith("release-") and row["stage"] == "load"]
    assert loads == [1]
    code, out, err = call(capsys, settings, "discard", key, "--why", "no")
    assert (code, out) == (2, "") and "released already by ada" in err


def test_a_release_that_was_killed_before_it_was_written_down_is_finished_by_the_next(
    capsys: pytest.CaptureFixture[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rejection(settings, "body_short")["rejection_id"]

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("newshouse.quality.quarantine.decide", killed)
        assert call(capsys, settings, "release", key, "--why", "sound")[0] == 130
    assert rejection(settings, "body_short")["resolution"] is None
    assert call(capsys, settings, "release", key, "--why", "sound")[0] == 0
    assert sorted(articles(settings)) == ["brief", "sound"]
    assert rejection(settings, "body_short")["resolution"] == "released"


def test_a_page_without_a_parsed_row_cannot_be_released(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    code, _, err = call(capsys, settings, "release", rejection(settings, "soft_404")["rejection_id"], "--why", "sound")
    assert code == 2 and "newshouse quarantine reparse" in err


def test_reparse_tells_when_the_page_is_kept_out_again_and_loads_it_once_the_rules_let_it_in(
    capsys: pytest.CaptureFixture[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rejection(settings, "body_short")["rejection_id"]
    code, out, _ = call(capsys, settings, "reparse", key, "--who", "ada")
    assert code == 1 and "kept out again: body_short" in out
    assert rejection(settings, "body_short")["resolution"] == "superseded"
    assert rejection(settings, "body_short")["released_at"] is None
    assert "2 kept out" in call(capsys, settings, "list")[1]  # a page is listed once, with today's reasons
    key = rejection(settings, "body_short", f"reparse-{key[:16]}-0")["rejection_id"]
    lenient = stage.judge

    def judged(row: Any) -> Any:
        return replace(lenient(row), quarantined=(), detail=None)

    monkeypatch.setattr(stage, "judge", judged)
    code, out, _ = call(capsys, settings, "reparse", key, "--who", "bo", "--why", "rule mended")
    assert code == 0 and "reparsed" in out
    events = [row["events"] for row in rejections(settings) if row["reasons"] == ["body_short"]]
    assert sorted((event["who"], event["action"]) for (event,) in events) == [("ada", "superseded"), ("bo", "reparsed")]
    assert articles(settings)["brief"]["authors"][0]["name"] == "Ida Berg"  # what the feed said is not lost


def test_a_decision_does_not_count_as_a_look_at_the_source(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    def look() -> Any:
        pipeline.publish(settings)
        return select(DataLayout(settings.data), "SELECT last_run_id, last_run_at FROM source_scorecard").to_pylist()

    before, key = look(), rejection(settings, "body_short")["rejection_id"]
    assert before[0]["last_run_id"] == "r"
    assert call(capsys, settings, "reparse", rejection(settings, "soft_404")["rejection_id"])[0] == 1
    assert call(capsys, settings, "release", key, "--why", "sound")[0] == 0
    assert look() == before
    runs = snapshot(DataLayout(settings.data), RUNS).read(["run_id", "stage"]).to_pylist()
    assert {row["stage"] for row in runs if row["run_id"] != "r"} == {"parse", "validate", "load"}


def test_what_somebody_discarded_meanwhile_is_not_loaded(
    capsys: pytest.CaptureFixture[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rejection(settings, "body_short")

    def late(text: str) -> Any:
        quarantine.discard(settings, row, who="bo", why=None)
        return load_row(text)

    monkeypatch.setattr(quarantine, "load_row", late)
    code, _, err = call(capsys, settings, "release", row["rejection_id"], "--why", "sound")
    assert code == 2 and "discarded already by bo" in err
    assert sorted(articles(settings)) == ["sound"]


def test_what_is_discarded_leaves_the_list_and_stays_on_record(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    key = rejection(settings, "soft_404")["rejection_id"]
    assert call(capsys, settings, "discard", key, "--why", "gone for good")[0] == 0
    assert "1 kept out" in call(capsys, settings, "list")[1]
    assert "2 kept out" in call(capsys, settings, "list", "--all")[1]
    assert rejection(settings, "soft_404")["released_at"] is None


def test_what_only_a_person_can_judge_needs_a_reason(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    key = rejection(settings, "body_short")["rejection_id"]
    for action in ("release", "discard"):
        for reason in ((), ("--why", "  ")):
            code, _, err = call(capsys, settings, action, key, *reason)
            assert code == 2 and "--why" in err
    assert rejection(settings, "body_short")["resolution"] is None


def test_several_rows_are_decided_on_at_once_and_one_that_cannot_be_does_not_hold_up_the_others(
    capsys: pytest.CaptureFixture[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [rejection(settings, reason)["rejection_id"] for reason in ("soft_404", "body_short")]
    published: list[object] = []
    monkeypatch.setattr(pipeline, "publish", published.append)

    code, out, err = call(capsys, settings, "release", *keys, "none", "--why", "checked", "--json")

    said = [json.loads(line) for line in out.splitlines()]
    assert [line["resolution"] for line in said] == [None, "released", None]
    assert "none to release" in said[0]["error"] and "nothing in the quarantine begins" in said[2]["error"]
    assert code == 2 and "none to release" in err and "nothing in the quarantine begins" in err
    assert len(published) == 1
    assert "brief" in articles(settings)


def test_two_people_who_decide_on_one_row_take_turns(settings: Settings) -> None:
    key = rejection(settings, "body_short")["rejection_id"]
    with ThreadPoolExecutor(2) as people:
        both = people.map(
            lambda action: list(quarantine.carry_out(settings, [key], action, who=action, why="both at once")),
            quarantine.ACTIONS[::2],
        )
        outcomes = [outcome for (outcome,) in both]

    (won,) = (outcome for outcome in outcomes if outcome.row)
    (lost,) = (outcome for outcome in outcomes if outcome.error)
    assert won.row and "already by" in str(lost.error)
    assert ("brief" in articles(settings)) == (won.row["resolution"] == "released")
    assert len(rejection(settings, "body_short")["events"]) == 1
