"""Stable identifiers: the same input gives the same id on every machine and in every run."""

from __future__ import annotations

import hashlib

_SEPARATOR = "\x1f"  # cannot occur in a URL, an id or a headline


def stable_id(*parts: str) -> str:
    """32 hex digits (128 bits of SHA-256) of the parts. Collisions need about 2**64 rows."""
    return hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def text_id(kind: str, utf8: bytes | memoryview) -> str:
    """`stable_id(kind, text)` of a text that is encoded already."""
    hashed = hashlib.sha256(f"{kind}{_SEPARATOR}".encode())
    hashed.update(utf8)
    return hashed.hexdigest()[:32]


def article_id(url_key: str) -> str:
    """The id of the article at this URL key."""
    return stable_id("article", url_key)


def digest(data: bytes) -> str:
    """``sha256:`` and the hex digest of `data`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
