"""Free, metered or paid, and the words on the page that say so."""

from __future__ import annotations

from typing import Any

from newshouse.parse.dom.document import Document
from newshouse.records import Access

_META = (
    "article:content_tier",
    "content_tier",
    "og:article:content_tier",
    "cxenseparse:access",
    "access",
    "is_premium",
    "paywall",
    "article:opinion_tier",
)
_PAID_WORDS = frozenset(
    ("locked", "premium", "paid", "subscriber", "subscribers", "true", "closed", "abo", "plus", "restricted")
)
_METERED_WORDS = frozenset(("metered", "hybrid", "registered", "registration"))
_FREE_WORDS = frozenset(("free", "open", "false", "public", "frei"))


def access(document: Document) -> tuple[Access, str | None]:
    """The access class and its evidence; ("unknown", None) when the page is silent."""
    flags = _stated(document)
    closed = next((path for path, free in flags if not free), None)
    tier = document.meta_first(*_META)
    # Search engines ask metered pages to state that they are not free; the tier says what that means.
    if closed and (tier or "").strip().lower() not in _METERED_WORDS:
        return "paid", f"{closed}: false"
    if tier:
        word = tier.strip().lower()
        for words, answer in ((_PAID_WORDS, "paid"), (_METERED_WORDS, "metered"), (_FREE_WORDS, "free")):
            if word in words:
                return answer, f"content tier: {tier}"  # type: ignore[return-value]
    if flags:
        return "free", f"{flags[0][0]}: true"
    return "unknown", None


def is_closed(document: Document) -> bool:
    """Whether the page states that some of it is not free, metered pages among them."""
    return any(not free for _, free in _stated(document))


def _stated(document: Document) -> list[tuple[str, bool]]:
    flags = list(_flags(document.article_node or {}, "isAccessibleForFree"))
    for other in document.nodes:
        if not flags and not other.get("_other"):
            flags = list(_flags(other, "isAccessibleForFree"))
    return flags


def _flags(node: dict[str, Any], path: str) -> list[tuple[str, bool]]:
    found = [(path, value)] if (value := _truth(node.get("isAccessibleForFree"))) is not None else []
    parts = node.get("hasPart")
    for part in (parts if isinstance(parts, list) else [parts])[:20]:
        if isinstance(part, dict) and (value := _truth(part.get("isAccessibleForFree"))) is not None:
            found.append(("hasPart.isAccessibleForFree", value))
    return found


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower().rsplit("/", 1)[-1] if value is not None else ""
    return True if word in ("true", "1", "yes") else False if word in ("false", "0", "no") else None
