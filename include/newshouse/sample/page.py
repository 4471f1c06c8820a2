"""One story as its publisher's HTML."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from newshouse.sample.blocks import plain
from newshouse.sample.body import body_html, figure_html
from newshouse.sample.content import Publisher, Story
from newshouse.sample.edition import Edition
from newshouse.sample.parts import Parts, parts_of
from newshouse.sample.printed import printed_moment
from newshouse.sample.structured import image_path, json_ld, open_graph

RELATED_COUNT = 4


def story_page(edition: Edition, publisher: Publisher, story: Story) -> str:
    """The page at the story's address."""
    parts = parts_of(publisher.id)
    values = _values(edition, publisher, story)
    if story.page in ("consent_wall", "bot_wall"):  # these stand before the site, without its frame
        return parts.fill(story.page, **values)
    name = story.page if story.page in parts else "article"
    return parts.fill("page", **values, main=parts.fill(name, **values))


def amp_page(edition: Edition, publisher: Publisher, story: Story) -> str:
    """The AMP variant, which names the story's own address as canonical."""
    return parts_of(publisher.id).fill("amp", **_values(edition, publisher, story))


def missing_page(publisher: Publisher) -> str:
    """The page that says there is nothing here, whatever the status beside it claims."""
    parts = parts_of(publisher.id)
    values = _frame(publisher) | dict.fromkeys(("machine", "canonical"), "") | {"title": parts.fill("missing_title")}
    return parts.fill("page", **values, main=parts.fill("soft_404", **values))


def front_page(edition: Edition, publisher: Publisher, section: str | None = None) -> str:
    """The home page, or the front of a section."""
    parts = parts_of(publisher.id)
    stories = [s for s in edition.listed(publisher) if section in (None, s.section)]
    title = escape(publisher.sections[section] if section else publisher.tagline)
    values = _frame(publisher) | {
        "title": title,
        "headline": title,
        "canonical": f"http://{publisher.host}/" + (f"section/{section}" if section else ""),
        "machine": _front_machine(publisher),
    }
    teasers = "\n".join(_teaser(edition, parts, s) for s in stories)
    return parts.fill("page", **values, main=parts.fill("section_front", **values, teasers=teasers))


def _teaser(edition: Edition, parts: Parts, story: Story) -> str:
    version = edition.version(story)
    return parts.fill(
        "teaser", path=edition.path(story), headline=escape(version.title), deck=escape(version.deck or "")
    )


def _front_machine(publisher: Publisher) -> str:
    types = {"rss": "application/rss+xml", "atom": "application/atom+xml", "jsonfeed": "application/feed+json"}
    types["rdf"] = "application/rss+xml"
    links = "\n".join(
        f'<link rel="alternate" type="{types[feed.kind]}" title="{escape(feed.title)}" href="{feed.path}">'
        for feed in publisher.feeds
        if feed.kind in types
    )
    return f'<meta property="og:type" content="website">\n{links}'


def _frame(publisher: Publisher) -> dict[str, str]:
    nav = "\n".join(
        f'<li><a href="/section/{quote(key)}">{escape(name)}</a></li>' for key, name in publisher.sections.items()
    )
    return {
        "site": escape(publisher.name),
        "tagline": escape(publisher.tagline),
        "language": publisher.language,
        "direction": publisher.direction,
        "charset": publisher.charset,
        "nav": nav,
    }


def _values(edition: Edition, publisher: Publisher, story: Story) -> dict[str, str]:
    parts = parts_of(publisher.id)
    version = edition.version(story)
    picture = edition.picture(story)
    published, modified = edition.published_at(story), edition.modified_at(story)
    texts = {
        "title": version.title,
        "headline": version.title,
        "canonical": edition.url(story),
        "section": publisher.sections.get(story.section, story.section),
        "section_key": story.section,
        "published_iso": published.isoformat(),
        "published_printed": printed_moment(published, publisher.date_style),
        "modified_iso": (modified or published).isoformat(),
        "summary": version.deck or plain(edition.blocks(story)[0].texts[0] if version.text else version.title)[:160],
        "keywords": ", ".join(story.tags),
        "byline": byline(publisher, story),
        "names": _joined(publisher, [writer.name for writer in story.authors]),
        "number": str(story.number),
        "image": image_path(story),
        "share": quote(edition.url(story), safe=""),
    }
    blocks = {
        "open_graph": open_graph(edition, publisher, story) if version.text else "",
        "json_ld": json_ld(edition, publisher, story) if version.text else "",
        "deck": parts.fill("deck", text=escape(version.deck)) if version.deck else "",
        "updated": _updated(edition, publisher, story),
        "authors": _authors(publisher, story),
        "picture": figure_html(parts, picture, image_path(story)) if picture else "",
        "body": body_html(edition, publisher, story),
        "barrier": parts.fill("paywall") if story.page == "paywall_stub" else "",
        "tags": " ".join(f'<a rel="tag" href="/tag/{quote(tag)}">{escape(tag)}</a>' for tag in story.tags),
        "related": _related(edition, publisher, story),
        "comments": "\n".join(parts.fill("comment", name=escape(n), text=escape(t)) for n, t in story.comments),
    }
    values = _frame(publisher) | {key: escape(text) for key, text in texts.items()} | blocks
    return values | {"machine": parts.fill("machine", **values)}


def byline(publisher: Publisher, story: Story) -> str:
    """The line of authors as printed, e.g. ``By Ada Pell and Tom Quick``; the agency's name when there is none."""
    return _signed(publisher, [writer.name for writer in story.authors]) or story.agency or ""


def _signed(publisher: Publisher, names: list[str]) -> str:
    return publisher.byline.format(names=_joined(publisher, names)) if names else ""


def _joined(publisher: Publisher, names: list[str]) -> str:
    first, last = publisher.joiners
    return last.join([first.join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _authors(publisher: Publisher, story: Story) -> str:
    """The same line with each name marked up."""
    parts = parts_of(publisher.id)
    names = [
        parts.fill("author", name=escape(w.name), role=escape(f", {w.role}") if w.role else "", slug=quote(w.name))
        for w in story.authors
    ]
    return _signed(publisher, names) or (parts.fill("agency", text=escape(story.agency)) if story.agency else "")


def _updated(edition: Edition, publisher: Publisher, story: Story) -> str:
    modified = edition.modified_at(story)
    if modified is None:
        return ""
    text = printed_moment(modified, publisher.date_style)
    return parts_of(publisher.id).fill("updated", text=text, iso=modified.isoformat())


def _related(edition: Edition, publisher: Publisher, story: Story) -> str:
    """Stories published before this one: they never change with the day, so the page does not either."""
    parts = parts_of(publisher.id)
    place = publisher.stories.index(story)
    return "\n".join(
        parts.fill("related_link", path=edition.path(other), headline=escape(other.versions[0].title))
        for other in publisher.stories[max(0, place - RELATED_COUNT) : place]
    )
