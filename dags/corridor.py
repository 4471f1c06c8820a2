"""What the DAG files share: the door into Newshouse, where the error's class decides the task's fate.

It lies beside the DAGs because Airflow puts a bundle's folder, and nothing else of the project, on `sys.path` of the
dag-processor, the worker and `airflow dags test` alike; `.airflowignore` keeps it from being read as a DAG file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from airflow.sdk import Asset, get_current_context
from airflow.sdk.exceptions import AirflowFailException

from alarm import Alarm

if TYPE_CHECKING:
    from types import ModuleType

    from newshouse.settings import Settings
    from newshouse.summary import RunSummary

ARTICLES = Asset("articles")

# At 1, 2 and 4 minutes: longer than a restart of the database or a network hiccup, shorter than a person's patience.
# A task that was killed is tried again as well, so every task keeps at least one retry.
RETRIES = {
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
    "on_failure_callback": Alarm(),
}


@contextmanager
def corridor() -> Iterator[tuple["ModuleType", "Settings"]]:
    """Give `newshouse.pipeline` and the settings of this process; both are imported when a task runs, not before.

    Raises:
        AirflowFailException: the settings, the data or a promise are broken, so trying again is in vain.
            Everything else (a host, a disk, a bug) passes unchanged and is retried.
    """
    from newshouse.errors import ConfigError, ContractError, PermanentError  # noqa: PLC0415 -- see above

    try:
        from newshouse import pipeline  # noqa: PLC0415 -- takes a second; the dag-processor need not pay it
        from newshouse.settings import Settings  # noqa: PLC0415

        yield pipeline, replace(Settings.from_env(), task_log=log_of_this_task())
    except (ConfigError, ContractError, PermanentError) as error:
        raise AirflowFailException(f"{type(error).__name__}: {error}") from error


def log_of_this_task() -> str | None:
    """The page of Airflow's UI with the log of this try, as a path below `[api] base_url`.

    None under `make run`: all tasks write into one file there, which the conf of the run names, and the page is empty.
    """
    context = get_current_context()
    if "log" in (context["dag_run"].conf or {}):
        return None
    task = context["ti"]
    mapped = f"/mapped/{task.map_index}" if task.map_index is not None and task.map_index >= 0 else ""
    run_id = quote(task.run_id, safe="")
    return f"dags/{task.dag_id}/runs/{run_id}/tasks/{task.task_id}{mapped}?try_number={task.try_number}"


def put_in_log(summary: "RunSummary") -> None:
    """Print the summary of a run: Airflow takes what a task prints into the task's log."""
    from rich.console import Console  # noqa: PLC0415

    from newshouse.summary import show  # noqa: PLC0415 -- see above

    show(summary, Console(width=100))
