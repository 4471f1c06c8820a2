"""Name what went wrong on the network: from an exception, however deeply wrapped, to an outcome."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import LocationParseError, ReadTimeoutError, SSLError

from newshouse.fetch import outcomes
from newshouse.fetch.outcomes import End

# The first that occurs anywhere in the chain of causes wins. A broken proxy says nothing about the publisher.
_KINDS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((requests.exceptions.ProxyError,), outcomes.CONNECTION_ERROR),
    ((socket.gaierror,), outcomes.DNS_FAILURE),
    ((TimeoutError, ReadTimeoutError), outcomes.TIMEOUT),
    ((ssl.SSLError, ssl.CertificateError, SSLError), outcomes.TLS_ERROR),
    ((ConnectionRefusedError,), outcomes.CONNECTION_REFUSED),
    (
        (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema,
            LocationParseError,
            UnicodeError,
        ),
        outcomes.BAD_URL,
    ),
)
_OBJECTS = re.compile(r"^_?Wire\w+\(.*?\): ")  # urllib3 begins its messages with the connection


def classify(error: BaseException) -> End:
    """The outcome of a request that got no response."""
    chain = list(_chain(error))
    for kinds, outcome in _KINDS:
        for cause in chain:
            if isinstance(cause, kinds):
                return End(outcome, _words(cause))
    return End(outcomes.CONNECTION_ERROR, _words(chain[-1]))


def classify_body(error: BaseException) -> End:
    """The outcome of a response that broke off: what is not a time-out or TLS is a body that ended early."""
    end = classify(error)
    return end if end.outcome in (outcomes.TIMEOUT, outcomes.TLS_ERROR) else End(outcomes.TRUNCATED, end.detail)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        near = (getattr(one, "reason", None), one.__cause__, one.__context__, *one.args)
        waiting += [cause for cause in near if isinstance(cause, BaseException)]


def _words(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return _OBJECTS.sub("", text).strip() or type(error).__name__
