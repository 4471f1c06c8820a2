"""What a feed or a sitemap says, in one shape: entries, as written, with nothing guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MAX_ENTRIES = 10_000  # a hundred times a long feed; keeps a hostile one from filling memory and tables

ListingKind = Literal["rss", "atom", "jsonfeed", "news_sitemap", "sitemap", "front", "list"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a feed or sitemap lists.

    Attributes:
        link: absolute; as written where it cannot be made absolute; None when the entry has none.
        published_raw, updated_raw: the dates exactly as written, even if they lie.
        published_at, updated_at: the same (UTC); None unless the text states a full moment with its zone.
        language: as written.
    """

    kind: ListingKind
    link: str | None
    title: str | None = None
    published_raw: str | None = None
    published_at: datetime | None = None
    updated_raw: str | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a feed says once for all entries that do not say it themselves."""

    authors: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """When a feed wants to be read (https://www.rssboard.org/rss-specification, and RSS 1.0's syndication module).

    Attributes:
        rest_seconds: least time between two polls; None when it says nothing.
        skip_hours: hours of the day (UTC) in which nothing new comes.
        skip_days: days of the week (UTC) in which nothing new comes, Monday is 0.
    """

    rest_seconds: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that could be read.

    Attributes:
        kind: RDF counts as ``rss``.
        entries: in its own order; may be empty. At most `MAX_ENTRIES`.
        damage: why entries are missing at the end; None when none are.
        hints: when it wants to be read.
        older: address of the page with the entries before these (RFC 5005; `next_url` of a JSON Feed); None when it
            names none.
    """

    kind: ListingKind
    entries: tuple[Entry, ...]
    damage: str | None = None
    hints: Hints = Hints()
    older: str | None = None


@dataclass(frozen=True, slots=True)
class NotAFeed:
    """The answer for bytes that are no feed: a named reason, and what gave it away."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Part:
    """One sitemap that an index points at. `changed_raw` is its lastmod as written."""

    url: str
    changed_raw: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or an index that could be read, as far as it could.

    Attributes:
        entries: in the order of the file.
        parts: what an index points at.
        damage: why reading stopped before the end (truncated, too long); None when it did not.
    """

    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class NotASitemap:
    """The answer for bytes that are no sitemap."""

    reason: str
    detail: str
