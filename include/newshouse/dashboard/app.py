"""The application. Who may use it is decided by whoever makes it: Airflow's login, or the token of `alone.py`."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from newshouse.dashboard import defence
from newshouse.dashboard.console import routes as console
from newshouse.dashboard.console.pool import Pool
from newshouse.dashboard.frame import Dashboard, fingerprint, render, static_file
from newshouse.dashboard.pages import articles, checks, decisions, exports, incidents, rejections, runs, sources, today
from newshouse.dashboard.published import NotPublishedError
from newshouse.errors import ConfigError, NewshouseError

_PAGES = (today, sources, checks, incidents, decisions, rejections, articles, runs, console, exports)
_FOR_EVER = "private, max-age=31536000, immutable"  # where the address has the fingerprint of the content
_ASK_AGAIN = "private, no-cache"  # modules that import each other know no fingerprints


def create_app(dashboard: Dashboard, guards: Sequence[Any]) -> FastAPI:
    """The dashboard behind `guards`, which are asked before every route: FastAPI dependencies that raise 401 or 403."""
    app = FastAPI(title="Newshouse", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.dashboard = dashboard
    app.state.pool = Pool(dashboard.layout)
    app.middleware("http")(defence.protect)
    app.exception_handler(NewshouseError)(_told)
    for status in (400, 403, 404, 413, 429):
        app.exception_handler(status)(_missing)
    app.exception_handler(RequestValidationError)(_unreadable)
    for page in _PAGES:
        app.include_router(page.router, dependencies=guards)
    app.include_router(_files, dependencies=guards)
    return app


def close(app: FastAPI) -> None:
    """End what the application has started: queries, and the open edition."""
    app.state.pool.close()
    app.state.dashboard.published.close()


_files = APIRouter()


@_files.get("/static/{name}")
def _static(request: Request, name: str) -> Response:
    body = static_file(name)
    if body is None:
        raise HTTPException(404, "no such file")
    tag = fingerprint(name)
    headers = {"Cache-Control": _FOR_EVER if request.url.query == tag else _ASK_AGAIN, "ETag": f'"{tag}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(body, media_type=kind, headers=headers)


def _missing(request: Request, error: Exception) -> Response:
    detail = str(error.detail) if isinstance(error, StarletteHTTPException) else ""
    status = error.status_code if isinstance(error, StarletteHTTPException) else 404
    return _said(request, status, f"{detail[:1].upper()}{detail[1:].removesuffix('.')}.", detail)


def _unreadable(request: Request, error: Exception) -> Response:
    """What a form or a script sent is not what it may send."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    said = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in found)
    return _missing(request, HTTPException(422, said))


def _told(request: Request, error: Exception) -> Response:
    """What went wrong, in the words of the error: they are meant for people."""
    if isinstance(error, NotPublishedError):
        return render(request, "empty.html", 503, message=str(error))
    status = 400 if isinstance(error, ConfigError) else 503
    return _said(request, status, str(error), str(error))


def _said(request: Request, status: int, sentence: str, detail: str) -> Response:
    if _by_script(request):
        return JSONResponse({"error": detail}, status)
    if request.url.path.endswith("/archived"):  # in a frame, where neither our styles nor a link would work
        return PlainTextResponse(sentence, status)
    return render(request, "error.html", status, message=sentence)


def _by_script(request: Request) -> bool:
    """Whether a script of ours asked, and not a person."""
    return any("application/json" in request.headers.get(name, "") for name in ("Content-Type", "Accept"))
