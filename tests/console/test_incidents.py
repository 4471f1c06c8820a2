from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from newshouse import cli
from newshouse.console.incidents import list_incidents
from newshouse.layout import DataLayout
from newshouse.quality.advance import advance
from newshouse.quality.incidents import Incident
from newshouse.records import CheckResult
from newshouse.settings import Settings
from newshouse.warehouse.incidents import change_incidents, checks_of, read_incidents
from newshouse.warehouse.load import load_checks

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def check(name: str, source: str) -> CheckResult:
    return CheckResult(
        f"{source}-{name}", "r", "all", source, name, "history", "critical", "fail", NOW, value=2.0,
        threshold="9 or more", failing_ids=("a",),
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    layout = DataLayout(tmp_path / "data")
    load_checks(layout, [check("volume_drop", "post"), check("field_origin", "post"), check("length", "echo")])
    results = checks_of(layout, "r")
    change_incidents(layout, lambda known: advance(known, results, run_id="r", now=NOW))
    return layout.root


def call(capsys: pytest.CaptureFixture[str], data: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main([*arguments, "--data", str(data)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def delivery(data: Path) -> Incident:
    return next(i for i in read_incidents(DataLayout(data)) if i.cause == "delivery")


def test_incidents_come_back_from_the_table_as_they_were_written(data: Path) -> None:
    incidents = read_incidents(DataLayout(data))
    assert [(i.source_id, i.cause) for i in incidents].count(("post", "delivery")) == 1
    assert len(incidents) == 3
    assert checks_of(DataLayout(data), "r")[0].failing_ids == ("a",)
    assert change_incidents(DataLayout(data), lambda known: known) == incidents
    assert read_incidents(DataLayout(data)) == incidents


def test_list_shows_what_lasts_and_show_tells_its_story(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    one = delivery(data)
    code, out, _ = call(capsys, data, "incidents", "list", "--source", "post")
    assert code == 0 and "2 incidents" in out and one.incident_id[:8] in out
    code, out, _ = call(capsys, data, "incidents", "show", one.incident_id[:6])
    assert code == 0 and "volume_drop: 2, expected 9 or more" in out and "newshouse open" in out
    code, out, _ = call(capsys, data, "incidents", "list", "--json")
    assert {entry["cause"] for entry in json.loads(out)} == {"delivery", "parser"}


def test_in_a_narrow_window_the_list_cuts_no_id_and_no_cause(data: Path) -> None:
    out = StringIO()
    list_incidents(Settings(data=data), None, Console(file=out, width=60), resolved=False, as_json=False)

    assert delivery(data).incident_id[:8] in out.getvalue() and "…" not in out.getvalue()


def test_what_a_person_does_is_kept_with_name_and_reason_and_published(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    key = delivery(data).incident_id
    assert call(capsys, data, "incidents", "ack", key, "--who", "ada", "--why", "I call them")[0] == 0
    assert call(capsys, data, "incidents", "mute", key, "--until", "3d", "--who", "ada")[0] == 0
    code, out, _ = call(capsys, data, "incidents", "resolve", key, "--who", "ada", "--json")
    assert (code, json.loads(out)["status"]) == (0, "resolved")
    one = delivery(data)
    assert [(event.who, event.action) for event in one.events[1:]] == [(
        "ada", "ack"), ("ada", "mute"), ("ada", "resolve")]  # fmt: skip
    assert one.events[1].why == "I call them"
    assert one.muted_until is not None and one.muted_until - one.events[2].at == timedelta(days=3)
    _, out, _ = call(capsys, data, "sql", "SELECT count(*) AS n FROM incidents WHERE status = 'resolved'", "--json")
    assert json.loads(out) == {"n": 1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ack", "nosuch"), "no incident begins with 'nosuch'"),
        (("ack", ""), "no incident begins with ''"),
        (("mute", "{key}", "--until", "2020-01-01"), "until when"),
    ],
)
def test_a_wrong_argument_is_one_line(
    capsys: pytest.CaptureFixture[str], data: Path, arguments: tuple[str, ...], said: str
) -> None:
    filled = [text.format(key=delivery(data).incident_id) for text in arguments]
    code, out, err = call(capsys, data, "incidents", *filled)
    assert (code, out) == (2, "")
    assert said in err and "Traceback" not in err
