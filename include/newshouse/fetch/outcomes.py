"""How an exchange can end, and which ends are worth another try."""

from __future__ import annotations

from dataclasses import dataclass

FETCHED = "fetched"
UNCHANGED = "unchanged"  # 304, or the same bytes as last time
GONE = "gone"  # 404, 410
HTTP_ERROR = "http_error"  # any other status that is not an answer
SERVER_ERROR = "server_error"  # 5xx; 408 and 425, which say: try again
RATE_LIMITED = "rate_limited"  # 429, 503, or a host that asked for a pause longer than we wait
ROBOTS_DENIED = "robots_denied"
ROBOTS_UNAVAILABLE = "robots_unavailable"
TIMEOUT = "timeout"
DNS_FAILURE = "dns_failure"
CONNECTION_REFUSED = "connection_refused"
CONNECTION_ERROR = "connection_error"
TLS_ERROR = "tls_error"
TOO_LARGE = "too_large"
REDIRECT_LOOP = "redirect_loop"
PRIVATE_ADDRESS = "private_address"
TRUNCATED = "truncated"
UNSUPPORTED_TYPE = "unsupported_type"
BAD_URL = "bad_url"
OVER_BUDGET = "over_budget"  # not asked: the source had its share of this run
HOST_OVER_BUDGET = "host_over_budget"  # not asked: the host had its share of this run
RIGHTS_RESERVED = "rights_reserved"  # the publisher reserves use, and the policy is to obey
HOST_DOWN = "host_down"  # not asked: it did not answer several times in a row in this run

TRANSIENT = frozenset(
    {SERVER_ERROR, RATE_LIMITED, TIMEOUT, DNS_FAILURE, CONNECTION_REFUSED, CONNECTION_ERROR, TRUNCATED}
)
# When robots.txt fails in one of these ways no page of that host can do better: the page gets the exact reason.
HOST_IS_OUT_OF_REACH = frozenset({DNS_FAILURE, CONNECTION_REFUSED, TLS_ERROR, PRIVATE_ADDRESS})


@dataclass(frozen=True, slots=True)
class End:
    """An outcome and, in words, why."""

    outcome: str
    detail: str | None = None


def of_status(status: int) -> str:
    """The outcome of a final status, redirects already followed."""
    if status in (200, 203):
        return FETCHED
    if status in (404, 410):
        return GONE
    if status in (429, 503):
        return RATE_LIMITED
    return SERVER_ERROR if status >= 500 or status in (408, 425) else HTTP_ERROR
