"""The newsroom over HTTP/1.1 on 127.0.0.1: a proxy for the fictional hosts, or reached by Host header."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from newshouse.sample.content import publishers
from newshouse.sample.edition import Edition
from newshouse.sample.site import Resource, address, find

RETRY_AFTER_SECONDS = 1
IDLE_SECONDS = 30.0  # a kept connection that says nothing for so long is closed


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was answered. `at` is the newsroom's clock, UTC."""

    host: str
    path: str
    status: int
    at: datetime


@dataclass(slots=True)
class RunningNewsroom:
    """A newsroom that is being served.

    Attributes:
        log: every request answered so far, oldest first.
    """

    epoch: date
    clock: Callable[[], datetime]
    port: int = 0
    log: list[Exchange] = field(default_factory=list)
    failed: set[tuple[str, str, date]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def proxy_url(self) -> str:
        """What to set as HTTP proxy."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, host: str, target: str) -> Resource:
        """What the newsroom answers now. The first request a day for a flaky page fails."""
        today = self.clock().astimezone(UTC).date()
        found = find(Edition(self.epoch, today), host, target)
        if found is None:
            return _stranger(host, target)
        with self.lock:
            key = (host, address(target), today)
            if found.fails_once and key not in self.failed:
                self.failed.add(key)
                return Resource(b"Please try again.\n", "text/plain", found.fails_once)
        return found


@contextmanager
def serve(epoch: date, clock: Callable[[], datetime], port: int = 0) -> Iterator[RunningNewsroom]:
    """Serve the newsroom in a thread until the block ends. Port 0 takes a free one.

    Args:
        epoch: the date of day 0.
        clock: gives the current time (aware); its UTC date decides what is on line.
        port: on 127.0.0.1.
    """
    newsroom = RunningNewsroom(epoch, clock)
    handler = type("Handler", (_Handler,), {"newsroom": newsroom})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False  # idle kept-alive connections must not hold up the end
        newsroom.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield newsroom
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    newsroom: RunningNewsroom
    protocol_version = "HTTP/1.1"
    server_version = "SampleNewsroom"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        host, target = self._asked()
        resource = self.newsroom.answer(host, target)
        status = 304 if resource.status == 200 and self._is_known(resource) else resource.status
        self.newsroom.log.append(Exchange(host, target, status, self.newsroom.clock().astimezone(UTC)))
        self._send(host, status, resource)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _asked(self) -> tuple[str, str]:
        """Host name without port, and path with query, from an absolute URI or the Host header."""
        if self.path.startswith("/"):
            return self.headers.get("Host", "").split(":")[0].lower(), self.path
        parts = urlsplit(self.path)
        return (parts.hostname or "").lower(), (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _is_known(self, resource: Resource) -> bool:
        tags = self.headers.get("If-None-Match")
        if tags is not None:  # it takes precedence over the date (RFC 9110, 13.1.3)
            return resource.etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or resource.modified_at is None:
            return False
        try:
            return resource.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def _send(self, host: str, status: int, resource: Resource) -> None:
        body = resource.body if status != 304 else b""
        headers = [("Content-Type", resource.content_type)] if status != 304 else []
        if status in (200, 304):
            headers.append(("ETag", resource.etag))
            if resource.modified_at:
                stamp = format_datetime(resource.modified_at.astimezone(UTC), usegmt=True)
                headers.append(("Last-Modified", stamp))
        if resource.location:
            headers.append(("Location", resource.location))
        if status == 429:
            headers.append(("Retry-After", str(RETRY_AFTER_SECONDS)))
        if body and _compresses(host) and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header follows the newsroom's clock."""
        return format_datetime(self.newsroom.clock().astimezone(UTC) + timedelta(seconds=timestamp or 0), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """The log is a list, not the terminal."""


def _compresses(host: str) -> bool:
    return any(p.compresses and p.host == host for p in publishers().values())


def _stranger(host: str, target: str) -> Resource:
    """The index of publishers at the server's own address; 502 for a host that only the real web knows."""
    if host not in ("", "localhost", "127.0.0.1"):
        return Resource(f"{host} is not in the sample newsroom.\n".encode(), "text/plain; charset=utf-8", 502)
    if urlsplit(target).path != "/":
        return Resource(b"Not found.\n", "text/plain; charset=utf-8", 404)
    rows = "\n".join(f"<li><b>{escape(p.name)}</b> ({p.language}) http://{p.host}/</li>" for p in publishers().values())
    head = '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>The sample newsroom</title>'
    page = f"{head}\n<ul>\n{rows}\n</ul>"
    return Resource(page.encode(), "text/html; charset=utf-8")
