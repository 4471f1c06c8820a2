"""What protects a reader of hostile pages: headers on every answer, and a token on every request that does something.

Titles and bodies come from the web. Templates escape them, and if one ever slipped through, the content policy would
not run it: no inline script, nothing from elsewhere, no request that leaves this origin.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.responses import Response

COOKIE = "newshouse-csrf"
HEADER = "X-Newshouse-CSRF"
PAGE_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
# An archived page: an origin of its own, no script, no form, no request; only the style that it carries itself.
ARCHIVED_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_SAFE_SITES = ("same-origin", "none")
_TOKEN_LENGTH = 43  # 32 random bytes, base64


async def protect(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    """Middleware: the headers on every answer, errors included, and the cookie that `check_csrf` compares with."""
    token = request.cookies.get(COOKIE, "")
    fresh = len(token) != _TOKEN_LENGTH
    request.state.csrf = secrets.token_urlsafe(32) if fresh else token
    response = await proceed(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    if fresh:
        path = request.scope.get("root_path") or "/"
        response.set_cookie(
            COOKIE,
            request.state.csrf,
            path=path,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
    return response


def csrf_token(request: Request) -> str:
    """What the page has to send back."""
    token: str = request.state.csrf
    return token


def check_csrf(request: Request, sent: str) -> None:
    """Refuse a request that another site may have made its reader send.

    Raises:
        HTTPException: 403, another site sent it, or the token is not that of the cookie.
    """
    # What the browser itself says counts most: behind a proxy the Host may be another than the reader's.
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if foreign if site is None else site not in _SAFE_SITES:
        raise HTTPException(403, "This request came from another site.")
    if not hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), sent.encode()) or not sent:
        raise HTTPException(403, "This form is out of date. Load the page again.")
