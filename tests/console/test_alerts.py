from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newshouse import cli
from newshouse.alerts import deliver
from newshouse.layout import DataLayout
from newshouse.quality.incidents import Event, Incident
from newshouse.warehouse.incidents import change_incidents

WHEN = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one incident, and an alerts.yaml for a server that is not there."""
    monkeypatch.setattr(deliver, "BACKOFF_SECONDS", 0.001)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    text = f"""
slack: [{{name: desk, url_from: DESK_URL}}]
webhook: [{{name: pager, url: "http://127.0.0.1:{port}/"}}]
routes: [{{to: [pager], digest: true}}, {{to: [desk], sources: [vale-currier]}}]
"""
    (tmp_path / "alerts.yaml").write_text(text)
    monkeypatch.setenv("NEWSHOUSE_ALERTS", str(tmp_path / "alerts.yaml"))
    monkeypatch.setenv("NEWSHOUSE_DATA", str(tmp_path / "data"))
    event = Event(WHEN, "newshouse", "open", "volume_drop: 0")
    one = Incident(
        "abcdef0123456789", "vale-courier", "delivery", "open", "critical", "volume_drop: 0, expected 9 or more",
        ("volume_drop",), 1, WHEN, "daily-0", WHEN, "daily-0", events=(event,),
    )  # fmt: skip
    change_incidents(DataLayout(tmp_path / "data"), lambda _: [one])
    return tmp_path / "data"


@pytest.mark.usefixtures("data")
def test_check_lists_channels_and_routes_and_names_what_would_go_unnoticed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["alerts", "check"]) == 1
    out = capsys.readouterr().out
    assert "channel desk: slack" in out
    assert "route to pager: warning and worse of everything, and the digest" in out
    assert "problem: channel desk: DESK_URL is not set" in out
    assert "problem: routes[1].sources: no source file knows 'vale-currier'. Did you mean 'vale-courier'?" in out


@pytest.mark.usefixtures("data")
def test_a_dry_run_prints_what_is_due_and_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["alerts", "send", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("to pager:\ncritical: Vale Courier (vale-courier), delivery")
    assert cli.main(["alerts", "send", "--dry-run", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["channel"], told["kind"]) == ("pager", "opened")


@pytest.mark.usefixtures("data")
def test_the_digest_can_be_read_before_it_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["alerts", "digest", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "can the news be trusted today?" in out
    assert "vale-courier, delivery: volume_drop: 0, expected 9 or more, since 23 November" in out


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("verb", [["test", "pager"], ["send"], ["digest"]])
def test_a_channel_that_fails_is_named_and_gives_exit_code_1(
    verb: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["alerts", *verb]) == 1
    assert "NOT SENT: connection: 127.0.0.1 cannot be reached" in capsys.readouterr().out


@pytest.mark.parametrize("verb", [["check"], ["test", "desk"], ["send"], ["digest"], ["send", "--dry-run"]])
def test_without_a_file_every_verb_says_what_to_set(
    verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["alerts", *verb, "--data", str(tmp_path)]) == 2
    assert "NEWSHOUSE_ALERTS is not set" in capsys.readouterr().err
