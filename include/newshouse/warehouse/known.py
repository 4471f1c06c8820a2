"""What the warehouse already knows about URLs: the frontier, the validators and the ages, with no second database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from newshouse.layout import DataLayout


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """One URL that was fetched before: the last word of `fetches`, and of `articles` where it became one.

    Attributes:
        article_id: the article it led to; None when it never became one (rejected, or never answered).
        first_seen_at: UTC, first fetch, or the article's first capture where that is earlier.
        last_fetched_at: UTC, when the last attempt began, whatever came of it.
        last_outcome: outcome of that attempt (`newshouse.fetch.outcomes`).
        etag, last_modified, payload_digest: of the last exchange that brought a body, for a conditional GET.
        content_hash: of the article's latest revision.
        vanished_at: UTC, when the article was first seen to be taken down; None while it stands.
    """

    url: str
    url_key: str
    source_id: str
    article_id: str | None
    first_seen_at: datetime
    last_fetched_at: datetime
    last_outcome: str
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None
    content_hash: str | None = None
    vanished_at: datetime | None = None


def known_urls(layout: DataLayout, source_ids: Collection[str]) -> dict[str, KnownUrl]:
    """What is known about the URLs of these sources, by URL key. Empty for an empty warehouse."""
    return {}
