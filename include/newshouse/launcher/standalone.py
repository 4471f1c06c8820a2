"""`make up`: all of Airflow on this machine, on loopback only, until Ctrl-C.

`airflow standalone` would listen on all interfaces, print its password once and leave its children behind; here each
part is a child of ours, and the log servers, which a single machine does not need, are left out.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
from time import monotonic, sleep

from rich.console import Console
from rich.markup import escape

from newshouse.errors import ConfigError
from newshouse.launcher.children import Children, children
from newshouse.launcher.home import AIRFLOW, DEFAULT_PORT, HOST, USER, AirflowHome
from newshouse.launcher.newsroom import sample_newsroom
from newshouse.settings import Settings

API_SERVER = "api-server"
FIRST_PARTS = {API_SERVER: (API_SERVER,), "dag-processor": ("dag-processor",)}
# Started once the API answers: a task that cannot reach it is killed, and tried again only minutes later.
LATER_PARTS = {
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
START_SECONDS = 240.0  # about 20 on an idle machine
_POLL_SECONDS = 1.0
_ANSWER_SECONDS = 5.0
_TAIL_LINES = 20


def serve(settings: Settings, port: int = DEFAULT_PORT) -> int:
    """Run Airflow until Ctrl-C or SIGTERM (exit code 0), or until one of its parts dies (1).

    Raises:
        ConfigError: the port is taken, or another launcher is at work in the same data folder.
        StorageError: the data folder cannot be written.
    """
    terminal = Console(stderr=True, highlight=False)
    home = AirflowHome.prepare(settings)
    with home.reserved() as lock, sample_newsroom(settings, settings.now().date()) as reachable:
        port = _free(port)
        home.make_password()
        try:
            with children(home.environment(reachable, port), lock) as family:
                terminal.print(f"Airflow is starting on http://{HOST}:{port} …")
                return _watch(family, home, port, terminal)
        except KeyboardInterrupt:
            terminal.print("Airflow has stopped.")
            return 0


def _watch(family: Children, home: AirflowHome, port: int, terminal: Console) -> int:
    deadline = monotonic() + START_SECONDS
    try:
        _migrate(family, home)
        _start(family, home, FIRST_PARTS)
        _wait(family, deadline, lambda: _health(port).get("metadatabase") == "healthy")
        _start(family, home, LATER_PARTS)
        _wait(family, deadline, lambda: healthy(port))
        _greet(home, port, terminal)
        _wait(family, inf, lambda: False)
    except _PartError as failure:
        return _report(str(failure), _log(home, failure.part), terminal)
    return 0


class _PartError(Exception):
    def __init__(self, part: str, what: str) -> None:
        super().__init__(what)
        self.part = part


def _migrate(family: Children, home: AirflowHome) -> None:
    if family.start("migrate", (*AIRFLOW, "db", "migrate"), _log(home, "migrate")).wait():
        raise _PartError("migrate", "the migration of Airflow's database failed")
    del family.running["migrate"]


def _start(family: Children, home: AirflowHome, parts: Mapping[str, tuple[str, ...]]) -> None:
    for name, command in parts.items():
        family.start(name, (*AIRFLOW, *command), _log(home, name))


def _wait(family: Children, deadline: float, ready: Callable[[], bool]) -> None:
    while not ready():
        if dead := family.dead():
            raise _PartError(dead, f"{dead} has ended by itself")
        if monotonic() > deadline:
            raise _PartError(API_SERVER, f"not ready after {START_SECONDS:.0f} s")
        sleep(_POLL_SECONDS)


def healthy(port: int) -> bool:
    """Whether the API answers and says that every part is well."""
    health = _health(port)
    return bool(health) and all(status == "healthy" for status in health.values())


def _health(port: int) -> dict[str, str | None]:
    """What the API says of each part, by name; nothing while it does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", "/api/v2/monitor/health")
        parts = json.loads(connection.getresponse().read())
        return {name: (part or {}).get("status") for name, part in parts.items()}
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        return {}
    finally:
        connection.close()


def _free(port: int) -> int:
    """The port, which nobody uses; for 0, one that nobody uses."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"port {port} on {HOST} cannot be used ({error}). Stop what uses it, or choose another: make up PORT=8090"
        ) from error


def _log(home: AirflowHome, name: str) -> Path:
    return home.logs / f"{name}.log"


def _greet(home: AirflowHome, port: int, terminal: Console) -> None:
    terminal.print(
        f"""
[bold]Airflow is ready:[/] http://{HOST}:{port}   (this machine only)
  user      {USER}
  password  in {escape(str(home.passwords))}
  logs      in {escape(str(home.logs))}

`news_daily` is paused, so that nothing is fetched unasked. Open it and press
Trigger for one run now; unpause it for one run a day, the first at once.
`warehouse_quality` follows each load by itself; the dashboard is *Newshouse* in
the navigation. Ctrl-C stops everything.""",
        soft_wrap=True,
    )


def _report(what: str, log: Path, terminal: Console) -> int:
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:]:
        terminal.print(f"   {line}", markup=False, soft_wrap=True)
    terminal.print(f"[bold red]error:[/] Airflow stops: {what}. The whole log: {escape(str(log))}", soft_wrap=True)
    return 1
