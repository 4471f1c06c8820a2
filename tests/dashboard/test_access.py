"""Who gets in, and what a request must bring."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Route

from newshouse.dashboard.alone import alone, read_token, token_to_use
from newshouse.dashboard.app import close
from newshouse.dashboard.defence import COOKIE, HEADER
from newshouse.dashboard.frame import Dashboard
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.settings import Settings

from .conftest import NOW, TOKEN

OPEN = {"/login"}
SCRIPTS = ("/sql/run", "/sql/stop", "/sql/save", "/sql/forget")
POSTS = (*SCRIPTS, "/sql/download", "/decisions", "/incidents/i1")
READING = {"/sql/run", "/sql/stop", "/sql/download", "/login"}
"""Routes that take a form and change nothing but what the reader has started."""


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and path, with something in the place of each parameter."""
    found = []
    for route in app.routes:
        assert isinstance(route, Route), f"{route} is no plain route: is it behind the guard?"
        found += [(method, re.sub(r"\{[^}]+\}", "x", route.path)) for method in route.methods or ()]
    return sorted(found)


def csrf(client: TestClient) -> str:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def test_every_route_asks_for_the_token(app: FastAPI, anonymous: TestClient) -> None:
    asked = [(method, path) for method, path in routes(app) if path not in OPEN]

    assert len(asked) > 20
    for method, path in asked:
        assert anonymous.request(method, path).status_code == 401, (method, path)


def test_a_wrong_token_opens_nothing(anonymous: TestClient) -> None:
    for token in ("", "x", "t" * 42, "t" * 44, "é"):
        assert anonymous.get("/login", params={"token": token}).status_code == 401
        assert anonymous.post("/login", data={"token": token}).status_code == 401
        assert anonymous.get("/", headers={"Authorization": f"Bearer {token}".encode()}).status_code == 401
    assert anonymous.get("/").status_code == 401


def test_the_token_is_exchanged_for_a_cookie_that_scripts_and_other_sites_cannot_use(anonymous: TestClient) -> None:
    answer = anonymous.get(f"/login?token={'t' * 43}", follow_redirects=False)

    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("newshouse-8090"))
    assert answer.status_code == 303 and answer.headers["location"] == "./"
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "t" * 43 not in cookie


def test_a_script_may_send_the_token_in_a_header(anonymous: TestClient) -> None:
    assert anonymous.get("/runs", headers={"Authorization": f"Bearer {'t' * 43}"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0:8090", "localhost.evil.example:8090"]
)
def test_a_foreign_host_name_is_refused_even_with_the_token(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_the_token_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "dashboard.token"

    token = read_token(path)

    assert len(token) == 43 and read_token(path) == token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="others can read it"):
        read_token(path)


def test_who_cannot_write_the_data_folder_gets_a_token_for_once(tmp_path: Path) -> None:
    path = tmp_path / "data" / "dashboard.token"
    (tmp_path / "data").write_text("a file stands where the folder should be, so that nothing can be written in it")

    (first, said), (second, _) = token_to_use(path), token_to_use(path)

    assert len(first) == 43 and first != second
    assert "for this time only" in said and str(tmp_path / "data") in said


@pytest.mark.parametrize(
    "path", ["/", "/sql", "/articles/herald-1-0", "/static/page.js", "/export/runs.csv", "/sources/none"]
)
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'" and policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_answer_to_an_anonymous_carries_it_too(anonymous: TestClient) -> None:
    assert "default-src 'none'" in anonymous.get("/").headers["content-security-policy"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: "x" * 43},
        {HEADER: "right", "Origin": "https://evil.example"},
        {HEADER: "right", "Origin": "null"},
        {HEADER: "right", "Sec-Fetch-Site": "cross-site"},
        {HEADER: "right", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_request_that_does_something_needs_the_token_of_our_page(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    right = csrf(client)
    sent = {name: right if value == "right" else value for name, value in headers.items()}
    body = {"query": "SELECT 1", "name": "a", "form": "csv", "csrf": sent.get(HEADER, ""), "action": "ack"}

    answer = client.post(path, **({"json": body} if path in SCRIPTS else {"data": body}), headers=sent)

    assert answer.status_code == 403, answer.text


def test_the_token_of_another_browser_does_not_help(client: TestClient) -> None:
    client.cookies.set(COOKIE, "y" * 43, domain="127.0.0.1", path="/")

    answer = client.post("/sql/run", json={"query": "SELECT 1", "name": "a"}, headers={HEADER: "x" * 43})

    assert answer.status_code == 403


def test_every_route_that_changes_something_is_shut_to_who_may_only_read(
    layout: DataLayout, client_of: Callable[[FastAPI], TestClient]
) -> None:
    app = alone(Dashboard(Settings(data=layout.root), lambda: NOW, may_act=lambda _: False), TOKEN)
    reader = client_of(app)
    changing = [(m, path) for m, path in routes(app) if m not in ("GET", "HEAD") and path not in READING]

    assert len(changing) >= 4
    for method, path in changing:
        body = {"csrf": csrf(reader), "action": "ack", "id": "r0", "why": "x", "name": "x", "query": "x"}
        for sent in ({"data": body}, {"json": body}):
            answer = reader.request(method, path, headers={HEADER: csrf(reader)}, **sent)  # type: ignore[arg-type]
            assert answer.status_code in (403, 422), (method, path, answer.text)
        assert 403 in (reader.request(method, path, headers={HEADER: csrf(reader)}, **s).status_code  # type: ignore[arg-type]
                       for s in ({"data": body}, {"json": body}))  # fmt: skip
    assert "Act on it" not in reader.get("/incidents/i1").text
    close(app)


def test_nothing_is_served_from_outside_the_static_folder(client: TestClient) -> None:
    for name in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "nothing.js"):
        assert client.get(f"/static/{name}").status_code in (404, 405)
