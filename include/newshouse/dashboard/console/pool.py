"""The processes that run the queries. A process answers one query and is never used again; one waits in reserve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from newshouse.layout import DataLayout
from newshouse.settings import PACKAGE_ROOT

GRID_SECONDS = 30.0
FILE_SECONDS = 600.0
_GRACE_SECONDS = 2.0  # DuckDB stops by itself at its limit; after that the process is killed
_SIDE_BY_SIDE = 2
_WAITING = 4
_PATIENCE_SECONDS = 5.0
_CHUNK_BYTES = 64 * 1024
_COMMAND = (sys.executable, "-P", "-m", "newshouse.dashboard.console.worker")


class QueryError(Exception):
    """The query gave no result. The text is for whoever wrote it."""


class BusyError(QueryError):
    """Too many queries are under way."""


@dataclass(slots=True)
class Query:
    """One query under way."""

    process: subprocess.Popen[bytes]
    timer: threading.Timer
    seconds: float
    ended: str | None = None
    first: bytes = b""

    def chunks(self) -> Iterator[bytes]:
        """The result as it comes.

        Raises:
            QueryError: it ended before it was whole.
        """
        output = _stream(self.process.stdout)
        chunk = self.first
        while chunk:
            yield chunk
            chunk = output.read1(_CHUNK_BYTES)  # type: ignore[attr-defined]
        self.settle()

    def settle(self) -> None:
        """Wait for the end.

        Raises:
            QueryError: what went wrong.
        """
        said = _stream(self.process.stderr).read()
        code = self.process.wait()
        if self.ended:
            raise QueryError(self.ended)
        if code:
            raise QueryError(_message(said, code))

    def stop(self, why: str) -> None:
        """End it now."""
        self.ended = self.ended or why
        self.process.kill()


@dataclass(slots=True)
class Pool:
    """At most two queries side by side; a few may wait a moment."""

    layout: DataLayout
    running: dict[str, Query] = field(default_factory=dict)
    _places: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_SIDE_BY_SIDE))
    _waiting: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_WAITING))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _reserve: subprocess.Popen[bytes] | None = None

    def warm(self) -> None:
        """Have a process in reserve: the next query then starts at once."""
        with self._lock:
            if self._reserve is None or self._reserve.poll() is not None:
                self._reserve = _start()

    def ask(self, name: str, text: str, form: str) -> Iterator[bytes]:
        """The result in `form` (grid, csv or parquet), piece by piece; the first is there when this returns.

        Args:
            name: to stop it by.

        Raises:
            BusyError: too many queries are under way.
            QueryError: the query was refused, is wrong, or took too much; later also from the iterator.
        """
        self._enter()
        try:
            query = self._begin(text, form, GRID_SECONDS if form == "grid" else FILE_SECONDS)
        except BaseException:
            self._places.release()
            raise
        self.running[name] = query
        pieces = self._pieces(name, query)
        next(pieces)  # everything that can be refused is refused before the answer begins
        return pieces

    def stop(self, name: str) -> bool:
        """End a query by its name. False if it has ended already."""
        query = self.running.get(name)
        if query:
            query.stop("Stopped.")
        return query is not None

    def close(self) -> None:
        """End everything."""
        with self._lock:
            if self._reserve:
                self._reserve.kill()
                self._reserve.wait()
                self._reserve = None
        for query in list(self.running.values()):
            query.stop("The dashboard has stopped.")

    def _enter(self) -> None:
        if not self._waiting.acquire(blocking=False):
            raise BusyError("Too many queries are waiting. Try again in a moment.")
        try:
            if not self._places.acquire(timeout=_PATIENCE_SECONDS):
                raise BusyError(f"{_SIDE_BY_SIDE} queries are running already. Stop one, or try again in a moment.")
        finally:
            self._waiting.release()

    def _begin(self, text: str, form: str, seconds: float) -> Query:
        with self._lock:
            process, self._reserve = self._reserve, None
        if process is None or process.poll() is not None:
            process = _start()
        order = {
            "database": str(self.layout.database.absolute()),
            "warehouse": str(self.layout.warehouse.absolute()),
            "query": text,
            "form": form,
            "seconds": seconds,
        }
        why = f"The query took longer than {seconds:.0f} s and was ended. Ask for fewer days or sources."
        timer = threading.Timer(seconds + _GRACE_SECONDS, lambda: query.stop(why))
        timer.daemon = True
        query = Query(process, timer, seconds)
        timer.start()
        with suppress(BrokenPipeError):  # it died already, and `settle` says why
            _stream(process.stdin).write(json.dumps(order).encode() + b"\n")
            _stream(process.stdin).flush()
        return query

    def _pieces(self, name: str, query: Query) -> Iterator[bytes]:
        """First an empty piece, once the result has begun; then the result."""
        try:
            query.first = _stream(query.process.stdout).read1(_CHUNK_BYTES)  # type: ignore[attr-defined]
            if not query.first:
                query.settle()
            yield b""
            yield from query.chunks()
        finally:
            query.timer.cancel()
            query.process.kill()
            query.process.wait()
            for stream in (query.process.stdin, query.process.stdout, query.process.stderr):
                with suppress(OSError):
                    _stream(stream).close()
            if self.running.get(name) is query:
                del self.running[name]
            self._places.release()


def _start() -> subprocess.Popen[bytes]:
    """A worker without anything of our environment: no secret of Airflow, no setting."""
    return subprocess.Popen(  # noqa: S603 -- our own command, no shell
        _COMMAND,
        cwd="/",
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(PACKAGE_ROOT.parent),
            "LC_ALL": "C.UTF-8",
            "MALLOC_ARENA_MAX": "2",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:  # never: each is a pipe
        raise QueryError("The process has no pipes.")
    return stream


def _message(said: bytes, code: int) -> str:
    try:
        return str(json.loads(said.splitlines()[-1])["error"])
    except (ValueError, KeyError, TypeError, IndexError):
        memory = "It needed too much memory or nested too deep." if code < 0 else ""
        return f"The query ended its process (code {code}). {memory} Ask for less.".replace("  ", " ")
