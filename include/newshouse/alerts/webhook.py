"""A message as JSON, signed. docs/alerts.md describes the fields and how a receiver checks the signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from newshouse import __version__
from newshouse.alerts.message import Message
from newshouse.alerts.post import post

VERSION = 1  # of the body; it rises when a field changes its meaning or goes


def send(url: str, secret: str | None, message: Message, now: datetime) -> str:
    """Raises: as `post`."""
    body = json.dumps(render(message), ensure_ascii=False).encode("utf-8", "replace")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Newshouse/{__version__}",
        "X-Newshouse-Delivery": message.message_id,
    }
    if secret is not None:
        stamp = str(int(now.timestamp()))
        headers |= {"X-Newshouse-Timestamp": stamp, "X-Newshouse-Signature": signature(secret, stamp, body)}
    return post(url, body, headers, now)


def render(message: Message) -> dict[str, object]:
    """The body."""
    return {
        "version": VERSION,
        "id": message.message_id,
        "kind": message.kind,
        "severity": message.severity,
        "title": message.title,
        "at": message.at.isoformat(),
        "link": message.link,
        **message.data,
    }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``v1=`` and the HMAC-SHA256 of timestamp, a dot and the body, in hex.

    The timestamp is signed too, so that a receiver can refuse what somebody recorded and sends again.
    """
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"
