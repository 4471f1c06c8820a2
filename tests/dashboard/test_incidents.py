"""Incidents: shown where they matter, and changed by people."""

from __future__ import annotations

import getpass
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from newshouse.dashboard.app import close
from newshouse.layout import DataLayout
from newshouse.warehouse.incidents import read_incidents
from newshouse.warehouse.publish import publish

from .conftest import SOURCES, application

PAGE = "/incidents/i1"


@pytest.fixture
def own(tmp_path: Path, layout: DataLayout) -> DataLayout:
    """A copy of the warehouse that a test may change."""
    made = DataLayout(tmp_path / "data")
    shutil.copytree(layout.warehouse, made.warehouse)
    publish(made, SOURCES)
    return made


@pytest.fixture
def reader(own: DataLayout, client_of: Callable[..., TestClient]) -> TestClient:
    return client_of(application(own))


def send(reader: TestClient, **form: str) -> int:
    token = re.search(r'name="csrf" value="([^"]+)"', reader.get(PAGE).text)
    answer = reader.post(PAGE, data={"csrf": token[1] if token else "", **form}, follow_redirects=False)
    return int(answer.status_code)


def verdict(reader: TestClient) -> str:
    text = reader.get("/").text
    return text[text.index('class="verdict') : text.index("</section>")]


def test_a_concern_names_its_incident(reader: TestClient) -> None:
    assert 'href="./incidents/i1"' in reader.get("/").text
    assert 'href="./incidents/i1"' in reader.get("/checks").text


def test_what_is_done_is_committed_and_shown_at_once(own: DataLayout, reader: TestClient) -> None:
    assert send(reader, action="ack", why="the publisher moves house") == 303

    (incident,) = read_incidents(own)
    assert incident.status == "acknowledged"
    assert (incident.events[-1].who, incident.events[-1].why) == (getpass.getuser(), "the publisher moves house")
    text = reader.get(PAGE).text
    assert "acknowledged" in text and "the publisher moves house" in text


def test_a_muted_incident_no_longer_counts_against_its_source(reader: TestClient) -> None:
    assert "sources/bugle" in verdict(reader)

    assert send(reader, action="mute", days="3") == 303

    assert "sources/bugle" not in verdict(reader)
    assert "incident muted" in reader.get("/").text, "it is still listed"


def test_a_resolved_incident_can_be_changed_no_more(own: DataLayout, reader: TestClient) -> None:
    assert send(reader, action="resolve") == 303

    assert "Act on it" not in reader.get(PAGE).text
    token = re.search(r'name="csrf" content="([^"]+)"', reader.get(PAGE).text)
    assert token and reader.post(PAGE, data={"csrf": token[1], "action": "ack"}).status_code == 400
    assert read_incidents(own)[0].status == "resolved"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"action": "delete"}, 400),
        ({"action": "mute", "days": "0"}, 422),
        ({"action": "mute", "days": "91"}, 422),
        ({"action": "ack", "why": "x" * 501}, 422),
        ({"action": "ack", "csrf": ""}, 403),
        ({"action": "ack", "csrf": "y" * 43}, 403),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    own: DataLayout, reader: TestClient, form: dict[str, str], status: int
) -> None:
    assert send(reader, **form) == status
    assert read_incidents(own)[0].status == "open"


def test_an_incident_that_is_not_there_is_not_found(reader: TestClient) -> None:
    assert reader.get("/incidents/none").status_code == 404
    close(reader.app)  # type: ignore[arg-type]
