"""The connections of `requests`, with two things added: the address guard and a limit on a whole exchange."""

from __future__ import annotations

import http.client
import math
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util.connection import create_connection

from newshouse.fetch.guard import resolve
from newshouse.fetch.watchdog import Watchdog

_MAX_INTERIM = 20
_WATCHDOG = Watchdog()


class Wire(HTTPAdapter):
    """A `requests` adapter for one host. Used by one thread at a time.

    Attributes:
        allow_private: connections to private addresses are fine.
        expired: the exchange under way, or the last one, was cut because it took too long.
        address: IP address of the connection in use; None through a proxy.
        received_bytes: of the body of the exchange under way, or the last one.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.expired = False
        self.address: str | None = None
        self.received_bytes = 0
        self._deadline = math.inf
        self._watched: socket.socket | None = None
        self._lock = threading.Lock()
        super().__init__(pool_connections=2, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Give the pools our connections."""
        super().init_poolmanager(*args, **kwargs)
        self._equip(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> PoolManager:
        """The same for the pools of a proxy."""
        manager: PoolManager = super().proxy_manager_for(proxy, **kwargs)
        self._equip(manager)
        return manager

    def _equip(self, manager: PoolManager) -> None:
        http = type("WirePool", (HTTPConnectionPool,), {"ConnectionCls": partial(_WireHTTP, wire=self)})
        https = type("WirePool", (HTTPSConnectionPool,), {"ConnectionCls": partial(_WireHTTPS, wire=self)})
        manager.pool_classes_by_scheme = {"http": http, "https": https}

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Shut the connection when the exchange inside takes longer: read time-outs alone let a server drip."""
        self.expired, self.received_bytes = False, 0
        self._deadline = time.monotonic() + seconds
        try:
            with _WATCHDOG.limit(seconds, self._cut):
                yield
        finally:
            with self._lock:
                self._let_go()

    @property
    def left_seconds(self) -> float:
        """What is left for the exchange under way; never 0, which would mean no waiting at all."""
        return max(0.001, self._deadline - time.monotonic())

    def watch(self, connected: socket.socket) -> None:
        """Note the socket of the exchange under way, by a handle of its own: TLS and keep-alive swap theirs."""
        with self._lock:
            self._let_go()
            if self.expired:
                raise TimeoutError("the exchange took too long to connect")
            self._watched = socket.socket(fileno=os.dup(connected.fileno()))

    def _cut(self) -> None:
        with self._lock:
            self.expired = True
            if self._watched:
                with suppress(OSError):
                    self._watched.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._watched:
            self._watched.close()
            self._watched = None


class _Reply(http.client.HTTPResponse):
    """Skips interim answers (RFC 9110, 15.2); the standard library knows only 100 Continue."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MAX_INTERIM):
            version, status, reason = super()._read_status()  # type: ignore[misc]  # not in the type stubs
            if not 100 <= status < 200 or status == http.client.SWITCHING_PROTOCOLS:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException(f"more than {_MAX_INTERIM} interim answers")


class _Wired(HTTPConnection):
    response_class = _Reply

    def __init__(self, *args: Any, wire: Wire, **kwargs: Any) -> None:
        self.wire = wire
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn() if self.proxy else self._connect()
        self.wire.watch(connected)  # from here on: a TLS handshake may drip as well
        return connected

    def _connect(self) -> socket.socket:
        limit_seconds = min(self.timeout or math.inf, self.wire.left_seconds)
        try:
            addresses = resolve(
                self.host, self.port, allow_private=self.wire.allow_private, limit_seconds=limit_seconds
            )
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except UnicodeError as error:  # a label is empty or too long
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        for address in addresses:
            limit_seconds = min(self.timeout or math.inf, self.wire.left_seconds)
            try:
                connected = create_connection((address, self.port), limit_seconds, socket_options=self.socket_options)
            except TimeoutError as error:
                failure: Exception = ConnectTimeoutError(self, f"{address}: no answer in {limit_seconds:.3g} s")
                failure.__cause__ = error
            except OSError as error:
                failure = NewConnectionError(self, f"{address}: {error}")
                failure.__cause__ = error
            else:
                self.wire.address = address
                return connected
        raise failure

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 itself declares it
        self.wire.watch(self.sock)
        return super().getresponse()


class _WireHTTP(_Wired):
    pass


class _WireHTTPS(_Wired, HTTPSConnection):
    pass
