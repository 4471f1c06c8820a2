"""The newsroom's YAML as records: publishers, their stories, and the versions that a story goes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml

_HERE = Path(__file__).parent
LAST_DAY = 5  # articles belong to the days 0 to 5

PageKind = Literal[
    "article", "live", "paywall_stub", "consent_wall", "bot_wall", "soft_404", "video_page", "section_front"
]
FeedKind = Literal["rss", "atom", "jsonfeed", "rdf", "news_sitemap", "sitemap", "sitemap_index"]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote it."""

    name: str
    role: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A story as it stood from `day` on; `time` is local. Version 0 is the first publication."""

    day: int
    time: time
    title: str
    deck: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Removal:
    """From `day` on the address answers 404, 410, or 200 with a page that says it is gone."""

    day: int
    how: Literal["404", "410", "soft_404"]


@dataclass(frozen=True, slots=True)
class Listing:
    """How the feeds present a story, when not truthfully.

    Attributes:
        path: listed instead of the story's own address, e.g. one that redirects to it.
        amp: the AMP address is listed instead.
        date: ``none`` leaves the date out, ``future`` states one ten days ahead.
        front: listed in feeds of the front page too.
    """

    path: str | None = None
    amp: bool = False
    date: Literal["none", "future"] | None = None
    front: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One story of one publisher.

    Attributes:
        number: unique within the publisher, for addresses that carry one.
        copy_of: ``publisher/slug`` of the agency story whose text this is.
        fails_once: the first request a day is answered with this status (500, or 429 with Retry-After).
        bytes_in: the real character set of the page, when the declared one is wrong.
        path: the address, when it does not follow the publisher's pattern.
    """

    publisher_id: str
    number: int
    slug: str
    section: str
    versions: tuple[Version, ...]
    page: PageKind = "article"
    genre: str = "news"
    authors: tuple[Writer, ...] = ()
    agency: str | None = None
    dateline: str | None = None
    picture: tuple[str, str, str] | None = None  # caption, credit, description
    tags: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    removal: Removal | None = None
    listing: Listing = field(default_factory=Listing)
    copy_of: str | None = None
    fails_once: int | None = None
    bytes_in: str | None = None
    path: str | None = None

    @property
    def day(self) -> int:
        """The day it is published on, counted from the epoch."""
        return self.versions[0].day


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed or sitemap. `front_only` lists front stories; `query` is added to each address that it lists."""

    path: str
    kind: FeedKind
    title: str = ""
    front_only: bool = False
    query: str = ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher.

    Attributes:
        url: pattern of a story's address; may use year, month, day, section, slug and number.
        byline: pattern with ``{names}``; `joiners` stand between names, the last one before the last name.
        date_style: a key of `calendar.yaml`.
        charset: of its pages, rightly declared.
        feed_shift_days: its feeds state dates that are wrong by this much.
    """

    id: str
    name: str
    language: str
    zone: ZoneInfo
    host: str
    tagline: str
    url: str
    byline: str
    joiners: tuple[str, str]
    date_style: str
    sections: Mapping[str, str]
    feeds: tuple[Feed, ...]
    robots: str
    stories: tuple[Story, ...]
    charset: str = "utf-8"
    direction: str = "ltr"
    feed_shift_days: int = 0
    compresses: bool = False


@cache
def publishers() -> Mapping[str, Publisher]:
    """All publishers by id."""
    return {path.stem: _publisher(path) for path in sorted((_HERE / "sources").glob("*.yaml"))}


def story(reference: str) -> Story:
    """The story that ``publisher/slug`` names."""
    publisher_id, slug = reference.split("/")
    return next(s for s in publishers()[publisher_id].stories if s.slug == slug)


def _publisher(source_file: Path) -> Publisher:
    facts = yaml.safe_load(source_file.read_text(encoding="utf-8"))
    folder = _HERE / "articles" / source_file.stem
    given = yaml.safe_load((folder / "publisher.yaml").read_text(encoding="utf-8"))
    return Publisher(
        id=facts["id"],
        name=facts["name"],
        language=facts["language"],
        zone=ZoneInfo(facts["timezone"]),
        host=str(urlsplit(facts["homepage"]).hostname),
        stories=_stories(folder),
        **given | {"feeds": tuple(Feed(**feed) for feed in given["feeds"]), "joiners": tuple(given["joiners"])},
    )


def _stories(folder: Path) -> tuple[Story, ...]:
    found = []
    for day in range(LAST_DAY + 1):
        page = folder / f"day-{day}.yaml"
        entries = yaml.safe_load_all(page.read_text(encoding="utf-8")) if page.exists() else ()
        found += [_story(folder.name, day, place, entry) for place, entry in enumerate(entries)]
    return tuple(found)


def _story(publisher_id: str, day: int, place: int, entry: dict[str, Any]) -> Story:
    first = Version(day, _time(entry.pop("time")), entry.pop("title"), entry.pop("deck", None), entry.pop("text", ""))
    versions = [first]
    for change in entry.pop("revisions", ()):
        before = versions[-1]
        text = change.get("text", before.text) + "\n" + change.get("append", "")
        versions.append(
            Version(
                change["day"],
                _time(change["time"]),
                change.get("title", before.title),
                change.get("deck", before.deck),
                text,
            )
        )
    return Story(
        publisher_id=publisher_id,
        number=1040 + day * 100 + place * 7,
        versions=tuple(versions),
        authors=tuple(Writer(**w) if isinstance(w, dict) else Writer(w) for w in entry.pop("authors", ())),
        picture=tuple(entry.pop("picture")) if "picture" in entry else None,
        tags=tuple(entry.pop("tags", ())),
        comments=tuple((name, said) for name, said in entry.pop("comments", ())),
        removal=Removal(**entry.pop("removal")) if "removal" in entry else None,
        listing=Listing(**entry.pop("listing", {})),
        **entry,
    )


def _time(text: str) -> time:
    return time.fromisoformat(text)
