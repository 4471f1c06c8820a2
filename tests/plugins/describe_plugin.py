"""What Airflow's API server makes of the plugin: run in a process of its own, because Airflow reads its home on import.

Writes JSON: what importing the plugin loads, the navigation, and the status of each route for an anonymous and a user.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any


def main(answer: Path) -> None:
    from airflow import plugins_manager

    apps = [app for app in plugins_manager.get_fastapi_plugins()[0] if app["name"] == "Newshouse"]
    loaded = [name for name in ("duckdb", "newshouse.dashboard.app") if name in sys.modules]
    module: Any = inspect.getmodule(type(apps[0]["app"]))

    from airflow.api_fastapi.app import create_app
    from fastapi.testclient import TestClient

    client = TestClient(create_app())
    statuses = {}
    for route in module.make_app().routes:
        path = module.PREFIX + re.sub(r"\{[^}]+\}", "x", route.path)
        for method in route.methods:
            statuses[f"{method} {path}"] = client.request(method, path, follow_redirects=False).status_code
    views = [view for view in plugins_manager._get_ui_plugins()[0] if view["name"] == "Newshouse"]
    errors = plugins_manager.get_import_errors()
    found = {"loaded": loaded, "views": views, "errors": errors, "anonymous": statuses}
    roles = {role: _acting(client, module.PREFIX, role) for role in ("viewer", "user", "op", "admin")}
    answer.write_text(json.dumps(found | {"user": _as_user(client, module.PREFIX), "roles": roles}))


def _signed_in(role: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=f"the-{role}", role=role))
    return {"Authorization": f"Bearer {token}"}


def _acting(client: Any, prefix: str, role: str) -> dict[str, Any]:
    """What a role is answered on the front page and when it acts, and whether an incident has a form for it."""
    headers = _signed_in(role)
    page = client.get(f"{prefix}/incidents/i1", headers=headers)
    form = {"csrf": client.cookies["newshouse-csrf"], "action": "ack", "id": "none", "why": f"said by the {role}"}
    acted = client.post(f"{prefix}/incidents/i1", data=form, headers=headers, follow_redirects=False).status_code
    decided = client.post(f"{prefix}/decisions", data={**form, "action": "discard"}, headers=headers).status_code
    again = client.get(f"{prefix}/incidents/i1", headers=headers).text
    return {
        "front": client.get(f"{prefix}/", headers=headers).status_code,
        "form": "Act on it" in page.text,
        "acted": acted,
        "decided": decided,
        "signed": f"<td>the-{role}</td><td>ack</td><td>said by the {role}</td>" in again,
        "log": re.findall(r'href="(/dags/[^"]+)"', client.get(f"{prefix}/runs/r", headers=headers).text),
    }


def _as_user(client: Any, prefix: str) -> dict[str, int]:
    headers = _signed_in("admin")
    statuses = {path: client.get(prefix + path, headers=headers).status_code for path in ("/", "/static/page.js")}
    order = {"query": "SELECT 1", "name": "a"}
    token = {"X-Newshouse-CSRF": client.cookies["newshouse-csrf"]}
    statuses["query with the token"] = client.post(f"{prefix}/sql/run", json=order, headers=headers | token).status_code
    statuses["query without"] = client.post(f"{prefix}/sql/run", json=order, headers=headers).status_code
    return statuses


main(Path(sys.argv[1]))
