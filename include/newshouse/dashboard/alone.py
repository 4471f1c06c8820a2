"""`newshouse dashboard`: the dashboard without Airflow, for whoever sits at this machine.

It listens on loopback. But every user of the machine and every web page in the browser can reach a loopback port:
a token keeps the former out, and the check of the Host header those pages that point a name of theirs at 127.0.0.1.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import socket
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from rich.console import Console
from starlette.middleware.trustedhost import TrustedHostMiddleware

from newshouse.dashboard.app import close, create_app
from newshouse.dashboard.frame import Dashboard
from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.settings import Settings
from newshouse.storage.files import storage_errors

HOST = "127.0.0.1"
DEFAULT_PORT = 8090
_HOSTS = (HOST, "localhost")
_BEARER = "bearer "
_ENTRANCE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Newshouse</title>
<h1>Newshouse</h1><p>Open the address that <code>newshouse dashboard</code> printed, or give its token:</p>
<form method="post" action="/login">
<label>Token <input name="token" type="password" autocomplete="off" required></label>
<button>Open</button>
</form></html>"""


def serve(settings: Settings, port: int = DEFAULT_PORT) -> int:
    """Serve until Ctrl-C.

    Raises:
        ConfigError: the port is taken, or the token is damaged.
    """
    token, whereabouts = token_to_use(DataLayout(settings.data).dashboard_token)
    app = alone(Dashboard(settings, airflow=settings.airflow_url), token)
    listener = listen(port)
    terminal = Console(stderr=True, highlight=False)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    terminal.print(f"The dashboard, for you alone: {address}/login?token={token}", markup=False, soft_wrap=True)
    terminal.print(f"{whereabouts} Ctrl-C stops.", markup=False, soft_wrap=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        terminal.print("The dashboard has stopped.")
    finally:
        close(app)
    return 0


def alone(dashboard: Dashboard, token: str) -> FastAPI:
    """The application behind a token, with the way in."""
    session = hashlib.sha256(f"newshouse session {token}".encode()).hexdigest()

    def guard(request: Request) -> None:
        header = request.headers.get("Authorization", "")
        bearer = header[len(_BEARER) :] if header.lower().startswith(_BEARER) else ""
        if not (_same(request.cookies.get(_cookie(request), ""), session) or _same(bearer, token)):
            raise HTTPException(401, "token needed")

    app = create_app(dashboard, [Depends(guard)])
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_HOSTS), www_redirect=False)

    def enter(request: Request, given: str) -> Response:
        if not _same(given, token):
            raise HTTPException(401, "not the token")
        response = RedirectResponse("./", 303)
        response.set_cookie(_cookie(request), session, httponly=True, samesite="strict")
        return response

    @app.get("/login")
    def by_link(request: Request, token: str = "") -> Response:
        return enter(request, token)

    @app.post("/login")
    def by_form(request: Request, token: Annotated[str, Form()] = "") -> Response:
        return enter(request, token)

    @app.exception_handler(401)
    def ask_for_token(_request: Request, _error: Exception) -> Response:
        return HTMLResponse(_ENTRANCE, 401, {"WWW-Authenticate": "Bearer"})

    return app


def token_to_use(path: Path) -> tuple[str, str]:
    """A token, and what to say of it. Who may only read the data folder gets one that is not kept."""
    try:
        return read_token(path), f"The token is kept in {path}."
    except StorageError as error:
        return secrets.token_urlsafe(32), f"The token is for this time only, and nothing can be saved ({error})."


def read_token(path: Path) -> str:
    """The token of this data folder, made once; nobody else can read it.

    Raises:
        ConfigError: the file is empty or readable by others.
        StorageError: it cannot be written.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _known_token(path)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(token := secrets.token_urlsafe(32))
    return token


def _known_token(path: Path) -> str:
    token = path.read_text(encoding="ascii", errors="replace").strip()
    if path.stat().st_mode & 0o077 or len(token) < 32:
        raise ConfigError(f"{path}: damaged, or others can read it. Delete it; a new one is made at the next start.")
    return token


def listen(port: int) -> socket.socket:
    """A socket on loopback that takes connections already; 0 for any port that is free.

    Raises:
        ConfigError: the port is taken.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigError(f"port {port} on {HOST} cannot be used ({error}). Choose another: --port 8091") from error
    return listener


def _cookie(request: Request) -> str:
    """A name with the port: cookies do not tell two ports of one machine apart."""
    return f"newshouse-{request.url.port or 80}"


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
