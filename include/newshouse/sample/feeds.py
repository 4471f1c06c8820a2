"""Feeds and sitemaps of a publisher on one day. They list what is on line and was not taken down, newest first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from newshouse.sample.blocks import plain
from newshouse.sample.content import Feed, FeedKind, Publisher, Story
from newshouse.sample.edition import Edition
from newshouse.sample.structured import image_path

FUTURE_DAYS = 10  # how far ahead a wrong date lies
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Item:
    """What a feed says about a story. `published` may lie."""

    url: str
    title: str
    summary: str
    published: datetime | None
    modified: datetime
    authors: tuple[str, ...]
    section: str
    image: str


def feed_body(edition: Edition, publisher: Publisher, feed: Feed) -> str:
    """The feed as text (UTF-8)."""
    return _WRITERS[feed.kind](publisher, feed, items(edition, publisher, feed))


def items(edition: Edition, publisher: Publisher, feed: Feed) -> list[Item]:
    """What the feed lists."""
    return [
        _item(edition, publisher, feed, s) for s in edition.listed(publisher) if s.listing.front or not feed.front_only
    ]


def _item(edition: Edition, publisher: Publisher, feed: Feed, story: Story) -> Item:
    version = edition.version(story)
    blocks = edition.blocks(story)
    return Item(
        url=listed_url(edition, publisher, story) + feed.query,
        title=version.title,
        summary=version.deck or (plain(blocks[0].texts[0]) if blocks else version.title),
        published=_stated(edition.published_at(story), publisher, story),
        modified=edition.changed_at(story),
        authors=tuple(writer.name for writer in story.authors) or ((story.agency,) if story.agency else ()),
        section=publisher.sections.get(story.section, story.section),
        image=f"http://{publisher.host}{image_path(story)}",
    )


def listed_url(edition: Edition, publisher: Publisher, story: Story) -> str:
    """The address that feeds give for the story."""
    if story.listing.path:
        return f"http://{publisher.host}{story.listing.path}"
    return edition.url(story) + ("/amp" if story.listing.amp else "")


def _stated(published: datetime, publisher: Publisher, story: Story) -> datetime | None:
    match story.listing.date:
        case "none":
            return None
        case "future":
            return published + timedelta(days=FUTURE_DAYS)
        case _:
            return published + timedelta(days=publisher.feed_shift_days)


def _rss(publisher: Publisher, feed: Feed, listed: list[Item]) -> str:
    entries = "".join(
        f"""
  <item>
    <title><![CDATA[{item.title}]]></title>
    <link>{escape(item.url)}</link>
    <guid isPermaLink="true">{escape(item.url)}</guid>
    {f"<pubDate>{format_datetime(item.published)}</pubDate>" if item.published else ""}
    {"".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in item.authors)}
    <category>{escape(item.section)}</category>
    <description><![CDATA[<p>{item.summary}</p>]]></description>
    <media:content url="{item.image}" medium="image" type="image/svg+xml"/>
  </item>"""
        for item in listed
    )
    return f"""{_XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>{escape(feed.title)}</title>
  <link>http://{publisher.host}/</link>
  <atom:link href="http://{publisher.host}{feed.path}" rel="self" type="application/rss+xml"/>
  <description>{escape(publisher.tagline)}</description>
  <language>{publisher.language}</language>{entries}
</channel>
</rss>
"""


def _atom(publisher: Publisher, feed: Feed, listed: list[Item]) -> str:
    home = f"http://{publisher.host}"
    entries = "".join(
        f"""
  <entry>
    <id>{escape(item.url)}</id>
    <title type="text">{escape(item.title)}</title>
    <link rel="alternate" type="text/html" href="{escape(item.url)}"/>
    {f"<published>{item.published.isoformat()}</published>" if item.published else ""}
    <updated>{item.modified.isoformat()}</updated>
    {"".join(f"<author><name>{escape(name)}</name></author>" for name in item.authors)}
    <category term="{escape(item.section)}"/>
    <summary type="text">{escape(item.summary)}</summary>
  </entry>"""
        for item in listed
    )
    updated = f"\n  <updated>{max(item.modified for item in listed).isoformat()}</updated>" if listed else ""
    return f"""{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publisher.language}">
  <id>{home}/</id>
  <title>{escape(feed.title)}</title>
  <link rel="self" type="application/atom+xml" href="{home}{feed.path}"/>
  <link rel="alternate" type="text/html" href="{home}/"/>{updated}{entries}
</feed>
"""


def _json_feed(publisher: Publisher, feed: Feed, listed: list[Item]) -> str:
    home = f"http://{publisher.host}"
    entries = [
        {
            "id": item.url,
            "url": item.url,
            "title": item.title,
            "summary": item.summary,
            **({"date_published": item.published.isoformat()} if item.published else {}),
            "date_modified": item.modified.isoformat(),
            "authors": [{"name": name} for name in item.authors],
            "tags": [item.section],
            "image": item.image,
        }
        for item in listed
    ]
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{home}/",
        "feed_url": f"{home}{feed.path}",
        "language": publisher.language,
        "items": entries,
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _rdf(publisher: Publisher, feed: Feed, listed: list[Item]) -> str:
    home = f"http://{publisher.host}"
    order = "".join(f'<rdf:li rdf:resource="{escape(item.url)}"/>' for item in listed)
    entries = "".join(
        f"""
<item rdf:about="{escape(item.url)}">
  <title>{escape(item.title)}</title>
  <link>{escape(item.url)}</link>
  <description>{escape(item.summary)}</description>
  {f"<dc:date>{item.published.isoformat()}</dc:date>" if item.published else ""}
  {"".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in item.authors)}
  <dc:subject>{escape(item.section)}</dc:subject>
</item>"""
        for item in listed
    )
    return f"""{_XML}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xml:lang="{publisher.language}">
<channel rdf:about="{home}{feed.path}">
  <title>{escape(feed.title)}</title>
  <link>{home}/</link>
  <description>{escape(publisher.tagline)}</description>
  <items><rdf:Seq>{order}</rdf:Seq></items>
</channel>{entries}
</rdf:RDF>
"""


def _news_sitemap(publisher: Publisher, feed: Feed, listed: list[Item]) -> str:
    entries = "".join(
        f"""
<url>
  <loc>{escape(item.url)}</loc>
  <lastmod>{item.modified.isoformat()}</lastmod>
  <news:news>
    <news:publication><news:name>{escape(publisher.name)}</news:name>\
<news:language>{publisher.language}</news:language></news:publication>
    {f"<news:publication_date>{item.published.isoformat()}</news:publication_date>" if item.published else ""}
    <news:title>{escape(item.title)}</news:title>
  </news:news>
</url>"""
        for item in listed
    )
    return f"""{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" \
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}
</urlset>
"""


def day_sitemap(listed: list[Item]) -> str:
    """A plain sitemap, one of those that a sitemap index lists."""
    entries = "".join(
        f"\n<url><loc>{escape(item.url)}</loc><lastmod>{item.modified.isoformat()}</lastmod></url>" for item in listed
    )
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}\n</urlset>\n'


def by_day(listed: list[Item]) -> dict[str, list[Item]]:
    """Items by the path of their day's sitemap."""
    days: dict[str, list[Item]] = {}
    for item in listed:
        if item.published:
            days.setdefault(f"/sitemaps/{item.published.date().isoformat()}.xml", []).append(item)
    return days


def _sitemap_index(publisher: Publisher, feed: Feed, listed: list[Item]) -> str:
    entries = "".join(
        f"\n<sitemap><loc>http://{publisher.host}{path}</loc>"
        f"<lastmod>{max(item.modified for item in found).isoformat()}</lastmod></sitemap>"
        for path, found in by_day(listed).items()
    )
    return f'{_XML}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}\n</sitemapindex>\n'


_WRITERS: Mapping[FeedKind, Callable[[Publisher, Feed, list[Item]], str]] = {
    "rss": _rss,
    "atom": _atom,
    "jsonfeed": _json_feed,
    "rdf": _rdf,
    "news_sitemap": _news_sitemap,
    "sitemap": lambda _publisher, _feed, listed: day_sitemap(listed),
    "sitemap_index": _sitemap_index,
}
CONTENT_TYPES: Mapping[FeedKind, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "jsonfeed": "application/feed+json; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "news_sitemap": "application/xml; charset=utf-8",
    "sitemap": "application/xml; charset=utf-8",
    "sitemap_index": "application/xml; charset=utf-8",
}
