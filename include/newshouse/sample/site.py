"""Every address of the newsroom on one day, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from newshouse.ids import digest
from newshouse.sample.content import Publisher, Story, publishers
from newshouse.sample.edition import Edition
from newshouse.sample.feeds import CONTENT_TYPES, by_day, day_sitemap, feed_body, items
from newshouse.sample.page import amp_page, front_page, missing_page, story_page
from newshouse.sample.parts import parts_of
from newshouse.sample.structured import image_path

_TRACKING = re.compile(r"utm_|fbclid$|at_")
_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer.

    Attributes:
        modified_at: when the answer last became different; None when the server does not say.
        location: where a redirect points.
        fails_once: status that the first request of a day gets instead.
    """

    body: bytes
    content_type: str
    status: int = 200
    modified_at: datetime | None = None
    location: str | None = None
    fails_once: int | None = None

    @property
    def etag(self) -> str:
        """Differs exactly when the body does."""
        return f'"{digest(self.body)[7:23]}"'


Route = Callable[[], Resource]


def find(edition: Edition, host: str, target: str) -> Resource | None:
    """What `host` answers for a path and query; None for a host that is not ours."""
    publisher = next((p for p in publishers().values() if host in (p.host, p.host.removeprefix("www."))), None)
    if publisher is None:
        return None
    route = _routes(edition.epoch, edition.today, publisher.id).get(address(target))
    if route is None:
        return Resource(_encoded(publisher, missing_page(publisher)), _html_type(publisher), 404)
    return route()


def address(target: str) -> str:
    """Path and query in the form that routes are keyed by: decoded, without tracking parameters."""
    parts = urlsplit(target)
    query = [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.match(key)]
    return unquote(parts.path or "/") + (f"?{urlencode(query)}" if query else "")


@lru_cache(maxsize=64)
def _routes(epoch: date, today: date, publisher_id: str) -> Mapping[str, Route]:
    edition, publisher = Edition(epoch, today), publishers()[publisher_id]
    routes: dict[str, Route] = {"/robots.txt": lambda: _text(publisher.robots)}
    for section in (None, *publisher.sections):
        path = f"/section/{section}" if section else "/"
        routes[path] = lambda section=section: _front(edition, publisher, section)  # type: ignore[misc]
    for story in edition.online(publisher):
        routes |= _story_routes(edition, publisher, story)
    return routes | _feed_routes(edition, publisher)


def _story_routes(edition: Edition, publisher: Publisher, story: Story) -> dict[str, Route]:
    routes: dict[str, Route] = {}
    own = edition.path(story)
    if story.page != "section_front":  # that one is among the fronts already
        routes[address(own)] = lambda: _story(edition, publisher, story)
    if "amp" in parts_of(publisher.id):
        routes[address(own) + "/amp"] = lambda: _amp(edition, publisher, story)
    if story.listing.path:
        routes[address(story.listing.path)] = lambda: Resource(b"", _HTML, 301, location=edition.url(story))
    image = image_path(story)
    for path in (image, image.replace(".svg", "-2.svg")):
        routes[path] = lambda: Resource(_picture(story), "image/svg+xml")
    return routes


def _feed_routes(edition: Edition, publisher: Publisher) -> dict[str, Route]:
    routes: dict[str, Route] = {}
    modified = _feed_modified(edition, publisher)
    for feed in publisher.feeds:
        routes[feed.path] = lambda feed=feed: Resource(  # type: ignore[misc]
            feed_body(edition, publisher, feed).encode(), CONTENT_TYPES[feed.kind], modified_at=modified
        )
        if feed.kind == "sitemap_index":
            for path, listed in by_day(items(edition, publisher, feed)).items():
                routes[path] = lambda listed=listed: Resource(  # type: ignore[misc]
                    day_sitemap(listed).encode(), CONTENT_TYPES["sitemap"]
                )
    return routes


def _feed_modified(edition: Edition, publisher: Publisher) -> datetime:
    """The last publication, change or removal, as far as it has come on line."""
    changes = [edition.changed_at(story) for story in edition.online(publisher)]
    return max(changes, default=datetime.combine(edition.epoch, time(), UTC))


def _story(edition: Edition, publisher: Publisher, story: Story) -> Resource:
    changed = edition.changed_at(story)
    removal = edition.removal(story)
    if removal:
        status = 200 if removal.how == "soft_404" else int(removal.how)
        body = _encoded(publisher, missing_page(publisher))
        return Resource(body, _html_type(publisher), status, changed if status == 200 else None)
    page = story_page(edition, publisher, story)
    body = page.encode(story.bytes_in or publisher.charset, "xmlcharrefreplace")
    return Resource(body, _html_type(publisher), modified_at=changed, fails_once=story.fails_once)


def _amp(edition: Edition, publisher: Publisher, story: Story) -> Resource:
    body = _encoded(publisher, amp_page(edition, publisher, story))
    return Resource(body, _html_type(publisher), modified_at=edition.changed_at(story))


def _front(edition: Edition, publisher: Publisher, section: str | None) -> Resource:
    return Resource(_encoded(publisher, front_page(edition, publisher, section)), _html_type(publisher))


def _encoded(publisher: Publisher, page: str) -> bytes:
    return page.encode(publisher.charset, "xmlcharrefreplace")


def _html_type(publisher: Publisher) -> str:
    return f"{_HTML}; charset={publisher.charset}"


def _text(text: str) -> Resource:
    return Resource(text.encode(), "text/plain; charset=utf-8")


def _picture(story: Story) -> bytes:
    """A plain coloured rectangle, a different one for each story."""
    hue = story.number * 37 % 360
    size = 'xmlns="http://www.w3.org/2000/svg" width="640" height="360"'
    return f'<svg {size}><rect width="640" height="360" fill="hsl({hue} 40% 60%)"/></svg>'.encode()
