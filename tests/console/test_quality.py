from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newshouse import cli
from newshouse.layout import DataLayout
from newshouse.quality.advance import advance
from newshouse.quality.cards import score_day
from newshouse.quality.history import Day
from newshouse.records import CheckResult
from newshouse.sources.model import Slo
from newshouse.warehouse.incidents import change_incidents
from newshouse.warehouse.scorecards import latest_scorecards, load_scorecards

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
GOOD = Day(True, 40, pages=40, age_hours=2.0, loaded_hours=12.0)


def write(root: Path, source_id: str, today: Day, day: int = 0) -> DataLayout:
    layout = DataLayout(root)
    now = NOW + timedelta(days=day)
    card = score_day(source_id, today, 40.0, Slo(freshness_hours=24), run_id=f"daily-{day}", now=now)
    load_scorecards(layout, [card])
    return layout


def call(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["quality", *arguments, "--data", str(root)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_latest_card_of_each_source_counts_and_the_others_are_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, "post", Day(True, 0, age_hours=90.0))
    write(tmp_path, "post", GOOD, day=1)
    layout = write(tmp_path, "echo", GOOD)
    assert [(card.source_id, card.day) for card in latest_scorecards(layout)] == [
        ("echo", "2026-11-23"),
        ("post", "2026-11-24"),
    ]
    code, out, _ = call(capsys, tmp_path)
    assert code == 0
    assert [line.split()[:3] for line in out.splitlines()[1:3]] == [["echo", "11-23", "100"], ["post", "11-24", "100"]]


def test_a_missed_target_fails_a_build_and_names_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write(tmp_path, "post", Day(True, 40, pages=40, age_hours=36.0, loaded_hours=12.0))
    write(tmp_path, "echo", GOOD)
    code, out, _ = call(capsys, tmp_path)
    assert code == 1 and "target missed: post freshness_hours: 36 of 24" in out
    assert call(capsys, tmp_path, "--source", "echo")[0] == 0


def test_a_critical_incident_fails_a_build_until_somebody_looks_after_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    layout = write(tmp_path, "post", GOOD)
    drop = CheckResult("c", "r", "all", "post", "volume_drop", "history", "critical", "fail", NOW)
    (incident,) = change_incidents(layout, lambda known: advance(known, [drop], run_id="r", now=NOW))
    code, out, _ = call(capsys, tmp_path, "--json")
    told = json.loads(out)
    assert (code, told["incidents"][0]["cause"], told["scorecards"][0]["source_id"]) == (1, "delivery", "post")
    assert cli.main(["incidents", "ack", incident.incident_id, "--data", str(tmp_path)]) == 0
    assert call(capsys, tmp_path)[0] == 0


def test_without_a_scorecard_it_says_how_to_make_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = call(capsys, tmp_path, "--source", "post")
    assert (code, out) == (2, "")
    assert "source 'post' has no scorecard yet" in err and "newshouse assess" in err
