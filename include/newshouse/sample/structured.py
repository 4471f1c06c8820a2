"""What a page says about itself to machines: JSON-LD, Open Graph and plain meta elements."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from newshouse.sample.blocks import Block, plain
from newshouse.sample.content import Publisher, Story
from newshouse.sample.edition import Edition

_TYPES = {"opinion": "OpinionNewsArticle", "live": "LiveBlogPosting", "blog": "BlogPosting", "review": "Review"}


def json_ld(edition: Edition, publisher: Publisher, story: Story) -> str:
    """A script element with schema.org data."""
    version = edition.version(story)
    home = f"http://{publisher.host}"
    modified = edition.modified_at(story) or edition.published_at(story)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VideoObject" if story.page == "video_page" else _TYPES.get(story.genre, "NewsArticle"),
        "mainEntityOfPage": {"@type": "WebPage", "@id": edition.url(story)},
        "headline": version.title,
        "datePublished": edition.published_at(story).isoformat(),
        "dateModified": modified.isoformat(),
        "author": [_person(writer.name, writer.role) for writer in story.authors]
        or {"@type": "Organization", "name": story.agency or publisher.name},
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": publisher.name,
            "logo": {"@type": "ImageObject", "url": f"{home}/img/logo.svg"},
        },
        "image": [f"{home}{image_path(story)}"],
        "articleSection": publisher.sections.get(story.section, story.section),
        "inLanguage": publisher.language,
        "isAccessibleForFree": story.page != "paywall_stub",
    }
    if version.deck:
        data["description"] = version.deck
    if story.tags:
        data["keywords"] = list(story.tags)
    if story.page == "paywall_stub":
        data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".premium"}
    if story.page == "video_page":
        data |= {"name": version.title, "uploadDate": data["datePublished"], "duration": "PT2M14S"}
    if story.page == "live":
        data["liveBlogUpdate"] = _updates(edition, story)
    text = json.dumps(data, ensure_ascii=False, indent=2).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{text}\n</script>'


def _person(name: str, role: str | None) -> dict[str, str]:
    person = {"@type": "Person", "name": name}
    return person | {"jobTitle": role} if role else person


def _updates(edition: Edition, story: Story) -> list[dict[str, str]]:
    day = edition.published_at(story)
    return [
        {"@type": "BlogPosting", "headline": plain(block.texts[1]), "datePublished": live_time(day, block).isoformat()}
        for block in edition.blocks(story)
        if block.kind == "live_entry"
    ]


def live_time(day: Any, block: Block) -> Any:
    """The moment of a live entry, whose first text is ``HH:MM`` on the story's own day."""
    hour, minute = block.texts[0].split(":")
    return day.replace(hour=int(hour), minute=int(minute))


def open_graph(edition: Edition, publisher: Publisher, story: Story) -> str:
    """Open Graph and article: properties."""
    version = edition.version(story)
    modified = edition.modified_at(story)
    properties = [
        ("og:type", "video.other" if story.page == "video_page" else "article"),
        ("og:site_name", publisher.name),
        ("og:title", version.title),
        ("og:description", version.deck or plain(edition.blocks(story)[0].texts[0])[:160]),
        ("og:url", edition.url(story)),
        ("og:image", f"http://{publisher.host}{image_path(story)}"),
        ("article:published_time", edition.published_at(story).isoformat()),
        *([("article:modified_time", modified.isoformat())] if modified else []),
        ("article:section", publisher.sections.get(story.section, story.section)),
        *(("article:tag", tag) for tag in story.tags),
    ]
    return "\n".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in properties)


def image_path(story: Story) -> str:
    """Where the story's picture is served."""
    return f"/img/{story.number}.svg"
