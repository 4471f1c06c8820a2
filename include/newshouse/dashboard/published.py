"""The published database as the dashboard reads it. An edition is one published state, opened and counted.

A publish replaces the file. Whoever asks next starts the opening of the new one, and is served from the old one until
that is done: the old file stays open, and the data files that it names are kept for a week. So no request fails or
waits because of a publish.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from newshouse.dashboard.sql import sql
from newshouse.errors import ConfigError, NewshouseError, StorageError

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 0.15  # for a new edition; most are open by then, and a reader does not notice the wait
_KEPT_ANSWERS = 128  # a few MB each at most
_ROWS_AT_ONCE = 2048
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "memory_limit": "1GB",
    "threads": 2,
}
_T = TypeVar("_T")
Identity = tuple[int, int, int]


class NotPublishedError(ConfigError):
    """There is no published database yet."""


@dataclass(slots=True)
class Edition:
    """One published state of the warehouse.

    Attributes:
        published_at: UTC, of the file.
        looked_at: UTC, when a run last asked a publisher what is new; None before the first. Imports and decisions on
            the quarantine ask nobody.
        sources: id -> name, the id itself where the source file is gone.
    """

    identity: Identity
    published_at: datetime
    connection: duckdb.DuckDBPyConnection
    looked_at: datetime | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    answers: dict[Any, Any] = field(default_factory=dict)

    def rows(
        self, query: str, given: Mapping[str, Any] | None = None, *, longest_seconds: float | None = None
    ) -> list[dict[str, Any]]:
        """The result of one of our own queries. `memory.…` names the tables of board.sql. Times are UTC.

        Raises:
            StorageError: a data file is missing or damaged.
            duckdb.InterruptException: it took longer than `longest_seconds`.
        """
        with self.connection.cursor() as cursor, _stopping(cursor, longest_seconds):
            return list(_fetched(cursor, query, given))

    def stream(self, query: str, given: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """The same, row by row, for results that need not fit into memory."""
        with self.connection.cursor() as cursor:
            yield from _fetched(cursor, query, given)

    def once(self, key: Any, ask: Callable[[], _T]) -> _T:
        """The answer to a question that was asked of this edition before, or `ask()`. An edition never changes."""
        if key not in self.answers:
            if len(self.answers) >= _KEPT_ANSWERS:
                self.answers.clear()
            self.answers[key] = ask()
        answer: _T = self.answers[key]
        return answer

    def now(self, clock: datetime) -> datetime:
        """The time that ages are measured at, UTC: the clock's, but never before the newest run.

        The sample newsroom moves its clock by whole days, and its warehouse is looked at without that.
        """
        return max(clock, self.looked_at) if self.looked_at else clock


class Published:
    """Gives the edition of now."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.problem: str | None = None
        self._edition: Edition | None = None
        self._refused: Identity | None = None
        self._opening = threading.Lock()

    def edition(self) -> Edition:
        """The newest edition that could be opened.

        Raises:
            NotPublishedError: there is no database yet.
            StorageError: the first edition cannot be read.
        """
        known = self._edition
        if known is None:
            return self._first()
        identity = _identity(self.database)
        if identity in (None, known.identity, self._refused):
            return known
        opener = threading.Thread(target=self._renew, daemon=True)
        opener.start()
        opener.join(_PATIENCE_SECONDS)
        return self._edition or known

    def renew(self) -> None:
        """Open what is published now, if it is not open yet, and wait for it: for whoever knows of a publish."""
        with self._opening:
            known = self._edition
            if known is None or _identity(self.database) not in (known.identity, self._refused):
                self._open_newest()

    def close(self) -> None:
        """Let go of the edition."""
        with self._opening:
            if self._edition:
                self._edition.connection.close()
                self._edition = None

    def _first(self) -> Edition:
        with self._opening:
            if self._edition is None:
                self._edition = _open(self.database)
            return self._edition

    def _renew(self) -> None:
        if not self._opening.acquire(blocking=False):
            return  # somebody does it already
        try:
            self._open_newest()
        finally:
            self._opening.release()

    def _open_newest(self) -> None:
        try:
            opened = _open(self.database)
            self.problem = None  # first: whoever sees the new edition sees no old problem
            self._edition = opened
        except (NewshouseError, duckdb.Error) as error:
            self.problem = f"The newest publish cannot be read, and the one before is shown. {error}"
            self._refused = _identity(self.database)
            _LOG.warning("%s", self.problem)


def _fetched(
    cursor: duckdb.DuckDBPyConnection, query: str, given: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    cursor.execute("SET TimeZone = 'UTC'")
    cursor.execute("USE newshouse")
    try:
        found = cursor.execute(query, dict(given) if given else None)
        names = [column[0] for column in found.description]
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                yield dict(zip(names, row, strict=True))
    except duckdb.IOException as error:
        said = str(error).split("\n")[0]
        raise StorageError(f"{said}. `newshouse doctor` names every damaged file.") from error


@contextmanager
def _stopping(cursor: duckdb.DuckDBPyConnection, longest_seconds: float | None) -> Iterator[None]:
    """Stop what the cursor does when it takes too long."""
    if longest_seconds is None:
        yield
        return
    timer = threading.Timer(longest_seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _identity(database: Path) -> Identity | None:
    try:
        status = database.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _open(database: Path) -> Edition:
    identity = _identity(database)
    if identity is None:
        raise NotPublishedError(f"{database}: no database yet. `make run` makes one.")
    connection = duckdb.connect(config=_CONFIG)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET TimeZone = 'UTC'")
            # Data files never change: what a page read of their ends, the next need not. Within the limit of memory.
            cursor.execute("SET GLOBAL parquet_metadata_cache = true")
            cursor.execute(f"ATTACH '{str(database).replace(chr(39), chr(39) * 2)}' AS newshouse (READ_ONLY)")
            cursor.execute("USE newshouse")
            cursor.execute(sql("board"))
    except duckdb.Error as error:
        connection.close()
        said = str(error).split("\n")[0]
        raise StorageError(
            f"{database}: damaged, or of another version of Newshouse ({said}). Publish again: `newshouse publish`."
        ) from error
    edition = Edition(identity, datetime.fromtimestamp(identity[1] / 1e9, UTC), connection)
    edition.looked_at = edition.rows("SELECT max(finished_at) AS at FROM memory.stages WHERE looked")[0]["at"]
    named = edition.rows("SELECT id, coalesce(name, id) AS name FROM sources ORDER BY id")
    edition.sources = {row["id"]: row["name"] for row in named}
    return edition
