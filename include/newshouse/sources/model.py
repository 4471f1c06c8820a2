"""What a source file says: facts about one publisher, and bounds to judge its days by.

These records are the one list of keys: the reader takes names, types, rules and defaults from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from newshouse.sources.rules import (
    Count,
    Country,
    Day,
    Days,
    Hours,
    Language,
    Line,
    Percent,
    Positive,
    RightsPolicy,
    Seconds,
    Selector,
    Slug,
    Url,
    Zone,
)


@dataclass(frozen=True, slots=True)
class Politeness:
    """How gently this publisher wants to be read.

    Attributes:
        delay_seconds: least time between two requests to a host; None for the setting's default.
        max_articles: articles fetched per run; None for the setting's default.
    """

    delay_seconds: Seconds | None = None
    max_articles: Positive | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a normal day looks like.

    Attributes:
        min_articles_a_day, max_articles_a_day: outside of them a check warns.

    Raises:
        ValueError: the least is more than the most.
    """

    min_articles_a_day: Count = 0
    max_articles_a_day: Count = 2000

    def __post_init__(self) -> None:
        if self.min_articles_a_day > self.max_articles_a_day:
            least, most = self.min_articles_a_day, self.max_articles_a_day
            raise ValueError(f"min_articles_a_day ({least}) is more than max_articles_a_day ({most}).")


@dataclass(frozen=True, slots=True)
class Slo:
    """What readers may count on: targets for the scorecard of each day.

    Attributes:
        min_score, min_completeness, min_validity: least values of the scorecard, 0 to 100.
        freshness_hours: most hours since the newest publication.
        timeliness_hours: most hours from publication to the warehouse, of the middle article; what was out before the
            source was first asked does not count.
    """

    min_score: Percent = 70.0
    min_completeness: Percent = 0.0
    min_validity: Percent = 0.0
    freshness_hours: Hours = 48.0
    timeliness_hours: Hours = 48.0


@dataclass(frozen=True, slots=True)
class Override:
    """What this publisher's pages need and no general rule gives them, for the captures that it was made for.

    A layout lives for some years: an override is chosen by the day of the capture, so that an old archive is read
    again as it was meant.

    Attributes:
        since, until: days of capture, UTC: the first, and the first one not any more. None is open.
        drop: CSS selectors; these elements are taken out before anything is read.
        title, subtitle, byline, published: CSS selector of the element that holds it; where it matches nothing, the
            general rules hold.

    Raises:
        ValueError: it ends before it begins.
    """

    since: Day | None = None
    until: Day | None = None
    drop: tuple[Selector, ...] = ()
    title: Selector | None = None
    subtitle: Selector | None = None
    byline: Selector | None = None
    published: Selector | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"since ({self.since}) must be before until ({self.until}).")

    def covers(self, captured_at: datetime) -> bool:
        """Whether it is meant for a capture of this time (aware)."""
        day = captured_at.astimezone(UTC).date().isoformat()
        return (self.since or day) <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher.

    Attributes:
        id: the file's stem; lower-case letters, digits and '-'.
        country: ISO 3166-1 alpha-2, upper case.
        language: ISO 639-1, lower case: the language most articles are in.
        timezone: IANA name; used for dates that state no zone.
        feeds, sitemaps: absolute URLs. The kind of a feed is told by its content, not by its address.
            A source that names none of the four is read from its homepage.
        lists: absolute URLs of URL lists: plain text, or GDELT article lists; entries of other publishers are left out.
        sections: pages whose links of article shape are taken.
        rights: ``obey`` or ``record`` what the publisher reserves; None for the setting.
        retention_days: articles are forgotten so many days after they were first seen; None to keep them.
        tags: free words to select sources by.
        owner: who answers for its quality; a word that routes of alerts name, such as a person or a desk.
        verified: somebody has run these addresses on line.
        allow_private: the publisher may live on a private or loopback address (an intranet, a test).
        enabled: False keeps the file but skips the source.
        overrides: how its pages are read where the general rules fail; the first that covers the day of capture holds.
        path: the file it was read from, for messages.
    """

    id: Slug
    name: Line
    country: Country
    language: Language
    timezone: Zone
    homepage: Url
    feeds: tuple[Url, ...] = ()
    sitemaps: tuple[Url, ...] = ()
    lists: tuple[Url, ...] = ()
    sections: tuple[Url, ...] = ()
    rights: RightsPolicy | None = None
    politeness: Politeness = Politeness()
    bounds: Bounds = Bounds()
    retention_days: Days | None = None
    slo: Slo = Slo()
    tags: tuple[Line, ...] = ()
    owner: Line | None = None
    verified: bool = False
    allow_private: bool = False
    enabled: bool = True
    overrides: tuple[Override, ...] = ()
    path: str | None = field(default=None, metadata={"in_file": False})

    def override(self, captured_at: datetime) -> Override | None:
        """How pages captured at this time (aware) are read, if the general rules do not do."""
        return next((one for one in self.overrides if one.covers(captured_at)), None)
