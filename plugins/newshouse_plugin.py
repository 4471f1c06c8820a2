"""The dashboard in Airflow's UI: the same application as `newshouse dashboard`, behind Airflow's own login.

Every part of Airflow imports this file, each task as well, and only the API server shows pages: so the application is
made when the first request comes.
"""

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI

PREFIX = "/newshouse"
DAG_ID = "news_daily"


class DashboardApp:
    """The application, as Airflow mounts it (ASGI)."""

    def __init__(self) -> None:
        self._making = asyncio.Lock()
        self._made: FastAPI | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(make_app)
        await self._made(scope, receive, send)


def make_app() -> "FastAPI":
    """The dashboard: to read for whoever may see plugins, to act in for whoever may edit the DAG.

    Airflow does not put the apps of plugins behind its login; these two dependencies do.
    """
    from airflow.api_fastapi.auth.managers.models.base_user import BaseUser  # noqa: PLC0415
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView  # noqa: PLC0415 -- see above
    from airflow.api_fastapi.core_api.security import (  # noqa: PLC0415
        get_user,
        requires_access_dag,
        requires_access_view,
    )
    from airflow.configuration import conf  # noqa: PLC0415
    from fastapi import Depends, HTTPException, Request  # noqa: PLC0415

    from newshouse.dashboard.app import create_app  # noqa: PLC0415
    from newshouse.dashboard.frame import Dashboard  # noqa: PLC0415
    from newshouse.settings import Settings  # noqa: PLC0415

    settings = Settings.from_env()

    def known(request: Request, user: BaseUser = Depends(get_user)) -> None:  # noqa: B008 -- FastAPI's way
        request.state.reader = user

    edits = requires_access_dag("PUT", param_dag_id=DAG_ID)

    def may_act(request: Request) -> bool:
        try:
            edits(request, request.state.reader)
        except HTTPException:
            return False
        return True

    dashboard = Dashboard(
        settings,
        who=lambda request: str(request.state.reader.get_name()),
        may_act=may_act,
        airflow=urlsplit(conf.get("api", "base_url", fallback="")).path or "/",
    )
    return create_app(dashboard, [Depends(known), Depends(requires_access_view(AccessView.PLUGINS))])


class NewshousePlugin(AirflowPlugin):
    """Adds the dashboard under `PREFIX`, and an entry to the navigation."""

    name = "newshouse"
    fastapi_apps = [{"app": DashboardApp(), "url_prefix": PREFIX, "name": "Newshouse"}]  # noqa: RUF012 -- Airflow's way
    external_views = [  # noqa: RUF012 -- Airflow's way
        {
            "name": "Newshouse",
            "href": f"{PREFIX}/",
            "destination": "nav",
            "url_route": "newshouse",
            "nav_top_level": True,
        }
    ]
