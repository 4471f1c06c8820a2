"""The home of a local Airflow: its folder, its secrets, and the environment that makes any `airflow` command use it.

Everything is set by environment variables, which outrank airflow.cfg, so that the home needs no editing and an
Airflow that the user has elsewhere is neither used nor disturbed.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newshouse.errors import ConfigError
from newshouse.settings import PREFIX, Settings
from newshouse.storage.files import storage_errors

HOST = "127.0.0.1"
DEFAULT_PORT = 8080
USER = "admin"
PROJECT = Path(__file__).resolve().parents[3]
AIRFLOW = (sys.executable, "-m", "airflow")

# Each waits mostly for the disk or for a publisher; more would only fight over SQLite's one writer.
PARALLEL_TASKS = max(2, min(4, os.cpu_count() or 2))


@dataclass(frozen=True, slots=True)
class AirflowHome:
    """A folder that exists and is ours."""

    path: Path

    @classmethod
    def prepare(cls, settings: Settings) -> AirflowHome:
        """Make the folder `airflow` in the data folder.

        Raises:
            ConfigError: the DAGs are not where they should be.
            StorageError: the data folder cannot be written.
        """
        if not (PROJECT / "dags").is_dir():
            raise ConfigError(f"{PROJECT}/dags: not there. Airflow runs from a clone: pip install -e . in one.")
        path = settings.folder.absolute() / "airflow"
        with storage_errors(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)  # secrets, and logs that may quote some
            (path / "logs").mkdir(exist_ok=True)
        return cls(path)

    @property
    def logs(self) -> Path:
        """Log files, Airflow's own and those of the launcher."""
        return self.path / "logs"

    @property
    def database(self) -> Path:
        """Airflow's metadata (SQLite)."""
        return self.path / "airflow.db"

    @property
    def passwords(self) -> Path:
        """User name -> password, mode 0600."""
        return self.path / "passwords.json"

    @contextmanager
    def reserved(self) -> Iterator[int]:
        """Hold the home for one launcher. Gives the descriptor of the lock: a child that inherits it holds on as well.

        Raises:
            ConfigError: another launcher, or a child that outlived one, is using it.
        """
        path = self.path / "lock"
        with storage_errors(path):
            lock = path.open("a+", encoding="ascii")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise ConfigError(
                    f"{self.path} is in use by another `make run` or `make up` (process {lock.read() or 'unknown'}, or "
                    "what it has started). Stop that first, or use another data folder (DATA=…)."
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield lock.fileno()

    def environment(self, settings: Settings, port: int = DEFAULT_PORT) -> dict[str, str]:
        """The whole environment of a child: ours is passed on, not read; less foreign settings, plus what it needs."""
        foreign = (PREFIX, "AIRFLOW__", "AIRFLOW_HOME", "AIRFLOW_CONFIG", "PYTHONPATH")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        return inherited | settings.as_env() | self._airflow(port) | self._secrets()

    def _airflow(self, port: int) -> dict[str, str]:
        url = f"http://{HOST}:{port}"
        return {
            "AIRFLOW_HOME": str(self.path),
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": str(PARALLEL_TASKS),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.passwords),
            # Every task calls the execution API; the three must name the same port or each task fails.
            "AIRFLOW__API__HOST": HOST,
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": url,
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.database}",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.logs),
            "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(self.logs / "dag_processor"),
            "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
            "GX_ANALYTICS_ENABLED": "false",
            "PYTHONPATH": str(PROJECT / "include"),
            "PYTHONUNBUFFERED": "1",
        }

    def _secrets(self) -> dict[str, str]:
        """What signs tokens and encrypts connections: made once, kept in a file of mode 0600."""
        return _made_once(
            self.path / "secrets.json",
            {
                "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
                "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(48),
                "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            },
        )

    def make_password(self) -> None:
        """Give the user a password, unless there is one."""
        _made_once(self.passwords, {USER: secrets.token_urlsafe(15)})


def _made_once(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    """Read the JSON file, or write `fresh` into it: never readable by others, not even for a moment.

    Raises:
        ConfigError: the file is damaged.
    """
    with storage_errors(path):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _read(path)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(fresh, file)
    return fresh


def _read(path: Path) -> dict[str, str]:
    try:
        return {str(key): str(value) for key, value in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError) as error:
        raise ConfigError(f"{path}: damaged ({error}). Delete it; a new one is made at the next start.") from error
