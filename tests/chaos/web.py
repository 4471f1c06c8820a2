"""A web server on loopback that does exactly what it is told, however wrong; it knows no HTTP of its own."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

_TLS = b"\x16"  # how a handshake begins

Play = Callable[["Stage"], None]
Reply = bytes | Play


@dataclass(frozen=True)
class Behaviour:
    """What a server does, and how a fetch of it must end.

    Attributes:
        reply: to the request, or replies to one after the other; the last one stays.
        outcome: expected of the capture.
        says: must occur in the detail of the capture.
        body: expected to be read back from the archive.
        attempts: expected number of tries.
        settings: changes.
    """

    name: str
    reply: Reply | list[Reply]
    outcome: str
    says: str = ""
    body: bytes | None = None
    attempts: int | None = None
    purpose: Any = "article"
    settings: dict[str, Any] = field(default_factory=dict)


def answer(body: bytes = b"<p>News</p>", status: str = "200 OK", *headers: str, **named: str) -> bytes:
    """A whole and correct response unless told otherwise: `Content_Length=""` leaves a header out."""
    usual = {"Content-Type": "text/html", "Content-Length": str(len(body)), "Connection": "close"}
    usual |= {name.replace("_", "-"): value for name, value in named.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in usual.items() if value), *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Stage:
    """The connection, as a reply sees it."""

    def __init__(self, connection: socket.socket, request: str, web: Web) -> None:
        self.connection, self.request, self.web = connection, request, web
        self.path = request.split(" ", 2)[1] if " " in request else ""

    def send(self, data: bytes) -> None:
        """Send it all."""
        self.connection.sendall(data)

    def drip(self, data: bytes, seconds: float = 0.02) -> None:
        """Send byte by byte until the other side has had enough."""
        for byte in data:
            if self.web.closed.wait(seconds):
                return
            self.send(bytes([byte]))

    def hang(self) -> None:
        """Say nothing until the web is closed, ten seconds at most."""
        self.web.closed.wait(10)

    def reset(self) -> None:
        """Break the connection off with RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def endless(self, piece: bytes) -> None:
        """The same piece again and again, until the other side has had enough or five seconds have passed."""
        until = time.monotonic() + 5
        while time.monotonic() < until and not self.web.closed.is_set():
            self.send(piece)


class Web:
    """One origin. `routes[path]` is what it does there; everything else is missing, robots.txt allows all."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Reply | list[Reply]] = {}
        self.requests: list[str] = []
        self.closed = threading.Event()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        paths = [request.split(" ", 2)[1] for request in self.requests]
        return [path for path in paths if not path.endswith("/robots.txt")]

    def close(self) -> None:
        """Let go of the port and of every reply that hangs."""
        self.closed.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection:
            speaking = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with speaking:
                head = b""
                while b"\r\n\r\n" not in head and head[:1] != _TLS and (more := speaking.recv(65536)):
                    head += more
                if head[:1] == _TLS:
                    speaking.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                elif head:
                    self._reply(Stage(speaking, head.decode("latin-1"), self))

    def _reply(self, stage: Stage) -> None:
        self.requests.append(stage.request)
        reply = self.routes.get(stage.path, answer(b"no such page", "404 Not Found"))
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if isinstance(reply, bytes):
            stage.send(reply)
        else:
            reply(stage)
