"""Queries that readers keep for each other."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from newshouse.dashboard.app import close
from newshouse.dashboard.console import saved
from newshouse.dashboard.defence import HEADER
from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout

from .conftest import NOW, PAYLOADS, application


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queries.json"


def keep(path: Path, name: str, query: str = "SELECT 1") -> list[saved.SavedQuery]:
    return saved.save(path, name, query, who="ada", now=NOW)


def test_a_query_is_kept_with_its_name_and_who_saved_it_and_a_second_of_the_name_replaces_it(path: Path) -> None:
    keep(path, "beta  one", "SELECT 1")
    keep(path, "Alpha")
    last = saved.save(path, "beta one", " SELECT 2\n", who="bo", now=NOW)

    assert [(one.name, one.query, one.who) for one in last] == [
        ("Alpha", "SELECT 1", "ada"),
        ("beta one", "SELECT 2", "bo"),
    ]
    assert saved.read(path) == last and last[0].at == "2026-11-25T12:00:00+00:00"


@pytest.mark.parametrize(("name", "query"), [("a\ud800", "SELECT 1"), ("a", "SELECT '\udfff'")])
def test_half_a_character_is_refused(path: Path, name: str, query: str) -> None:
    with pytest.raises(ConfigError, match="half a character"):
        keep(path, name, query)
    assert not path.exists()


def test_what_is_forgotten_is_gone_and_what_is_not_there_is_told(path: Path) -> None:
    keep(path, "a")

    assert saved.forget(path, "a") == []
    with pytest.raises(ConfigError, match="no query is saved as 'a'"):
        saved.forget(path, "a")


@pytest.mark.parametrize(("name", "query"), [("", "SELECT 1"), (" ", "SELECT 1"), ("a", " "), ("x" * 81, "SELECT 1"),
                                             ("a", "x" * 20_001)])  # fmt: skip
def test_what_has_no_name_or_no_measure_is_not_kept(path: Path, name: str, query: str) -> None:
    with pytest.raises(ConfigError, match="Give a name"):
        keep(path, name, query)
    assert not path.exists()


def test_there_is_a_limit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST_QUERIES", 2)
    keep(path, "a")
    keep(path, "b")

    with pytest.raises(ConfigError, match="Forget one first"):
        keep(path, "c")
    assert len(keep(path, "b", "SELECT 2")) == 2


def test_nothing_is_lost_when_several_save_at_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as readers:
        list(readers.map(lambda number: keep(path, f"q{number}"), range(24)))

    assert len(saved.read(path)) == 24


@pytest.mark.parametrize("text", ["{", "[1]", '[{"name": "a"}]', '{"a": 1}'])
def test_a_damaged_file_is_named_and_not_written_over(path: Path, text: str) -> None:
    path.write_text(text)

    with pytest.raises(StorageError, match=r"queries\.json"):
        keep(path, "a")
    assert path.read_text() == text


@pytest.fixture
def reader(empty_layout: DataLayout, client_of: Callable[..., TestClient]) -> Iterator[TestClient]:
    app = application(empty_layout)
    yield client_of(app)
    close(app)


def post(reader: TestClient, what: str, **order: str) -> Any:
    token = re.search(r'name="csrf" content="([^"]+)"', reader.get("/sql").text)
    return reader.post(f"/sql/{what}", json=order, headers={HEADER: token[1] if token else ""})


def test_a_saved_query_stands_on_the_page_of_every_reader_and_is_never_mark_up(reader: TestClient) -> None:
    for number, payload in enumerate(PAYLOADS):
        answer = post(reader, "save", name=f"{number} {payload}", query=f"SELECT '{payload}'")
        assert answer.status_code == 200
        assert answer.json()["queries"][number]["who"] == getpass.getuser()

    text = reader.get("/sql").text

    assert text.count("data-query=") == len(PAYLOADS) and "<script>alert" not in text and "<img" not in text
    assert post(reader, "forget", name=f"0 {PAYLOADS[0]}").status_code == 200
    assert reader.get("/sql").text.count("data-query=") == len(PAYLOADS) - 1


def test_what_cannot_be_kept_is_told_to_the_script(reader: TestClient) -> None:
    answer = post(reader, "save", name="", query="SELECT 1")

    assert answer.status_code == 400 and "Give a name" in answer.json()["error"]
    assert post(reader, "forget", name="none").status_code == 400
