"""Decisions on what was kept out: each is written down once, and told as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from deltalake.exceptions import CommitFailedError

from newshouse.errors import ConfigError
from newshouse.warehouse import commits
from newshouse.warehouse.quarantine import decide, pick


@pytest.fixture
def kept_out(desk: Any) -> str:
    """The id of one rejection."""
    desk.batch("r1", rejections=[desk.rejection("r1", "z")])
    desk.load("r1")
    return str(pick(desk.layout, desk.rejection("r1", "z").rejection_id)["rejection_id"])


def test_a_decision_whose_answer_was_lost_is_ours(desk: Any, kept_out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    log, lost = commits.log, iter(["once"])

    def log_and_lose(*values: Any) -> None:
        log(*values)
        for _ in lost:  # what a store says that was sent the same commit twice
            raise CommitFailedError

    monkeypatch.setattr(commits, "log", log_and_lose)
    row = decide(desk.layout, kept_out, "released", who="Ada", why=None, now=desk.day(1))
    assert (row["resolution"], row["released_at"]) == ("released", desk.day(1))
    assert [event["who"] for event in pick(desk.layout, kept_out)["events"]] == ["Ada"]


def test_a_decision_of_somebody_else_stands(desk: Any, kept_out: str) -> None:
    decide(desk.layout, kept_out, "discarded", who="Ada", why=None, now=desk.day(1))
    for who, action, day in (("Ben", "discarded", 1), ("Ada", "released", 1), ("Ada", "discarded", 2)):
        with pytest.raises(ConfigError, match="discarded already by Ada"):
            decide(desk.layout, kept_out, action, who=who, why=None, now=desk.day(day))
