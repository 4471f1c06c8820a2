"""An S3 server on loopback for the tests: moto's, as a process of its own. Prints its port.

`GET /_puts` gives what was put under which condition, one line each: key, tab, the header If-None-Match.
`GET /_heads` gives the keys whose size was asked for by a request of its own, one line each.
`GET /_careless?BUCKET` makes it ignore that condition from now on in a bucket.
`GET /_lose?KEY` makes the next put of that key succeed, and its answer get lost: the client hears an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from threading import Lock
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

Environ = dict[str, Any]


class Quiet(WSGIRequestHandler):
    """Keeps connections open, and says nothing."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *args: Any) -> None:
        pass


def noting(app: Callable[[Environ, Any], Iterable[bytes]]) -> Callable[[Environ, Any], Iterable[bytes]]:
    """The server, which also remembers what was put."""
    puts: list[str] = []
    heads: list[str] = []
    lost: set[str] = set()
    careless: set[str] = set()
    one_at_a_time = Lock()

    def noted(environ: Environ, start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] in ("/_puts", "/_heads"):
            start("200 OK", [("Content-Type", "text/plain")])
            return ["\n".join(puts if environ["PATH_INFO"] == "/_puts" else heads).encode()]
        if environ["PATH_INFO"] == "/_lose":
            lost.add(f"/{environ['QUERY_STRING']}")
            start("200 OK", [])
            return []
        if environ["PATH_INFO"] == "/_careless":
            careless.add(environ["QUERY_STRING"])
            start("200 OK", [])
            return []
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"] in lost:
            lost.discard(environ["PATH_INFO"])
            list(app(environ, lambda *_: None))
            start("500 Internal Server Error", [("Content-Length", "0")])
            return []
        if environ["REQUEST_METHOD"] == "PUT":
            puts.append(f"{environ['PATH_INFO']}\t{environ.get('HTTP_IF_NONE_MATCH', '')}")
        if environ["REQUEST_METHOD"] == "HEAD":
            heads.append(environ["PATH_INFO"])
        if environ["PATH_INFO"].split("/")[1] in careless:
            environ.pop("HTTP_IF_NONE_MATCH", None)
        with one_at_a_time if "HTTP_IF_NONE_MATCH" in environ else nullcontext():  # moto looks, then puts
            return app(environ, start)

    return noted


if __name__ == "__main__":
    application = noting(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    print(server.server_port, flush=True)  # noqa: T201 -- whoever started it reads this
    server.serve_forever()
