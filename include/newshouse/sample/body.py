"""A story's blocks as its publisher marks them up."""

from __future__ import annotations

from html import escape

from newshouse.sample.blocks import Block, inline_html
from newshouse.sample.content import Publisher, Story
from newshouse.sample.edition import Edition
from newshouse.sample.parts import Parts, parts_of
from newshouse.sample.structured import image_path, live_time


def figure_html(parts: Parts, picture: tuple[str, ...], image: str) -> str:
    """A picture with caption, credit and description (in this order in `picture`)."""
    caption, credit, alt = (escape(text) for text in picture)
    return parts.fill("figure", caption=caption, credit=credit, alt=alt, image=image)


INTERLUDE_AFTER = 3  # blocks before the box (newsletter, advertisement) that breaks the text


def body_html(edition: Edition, publisher: Publisher, story: Story) -> str:
    """All blocks of the story, the dateline inside its first paragraph."""
    parts = parts_of(publisher.id)
    filled: list[str] = []
    dateline = edition.dateline(story)
    opening = parts.fill("dateline", text=escape(dateline)) if dateline else ""
    for entry, blocks in _entries(edition.blocks(story)):
        inner: list[str] = []
        for block in blocks:
            if len(inner) == INTERLUDE_AFTER and entry is None and "interlude" in parts:
                inner.append(parts.fill("interlude"))
            inner.append(_block(parts, block, image_path(story), opening if block.kind == "paragraph" else ""))
            opening = "" if block.kind == "paragraph" else opening
        text = "\n".join(inner)
        if entry:
            moment = live_time(edition.published_at(story), entry)
            headline = inline_html(entry.texts[1])
            text = parts.fill("live_entry", time=entry.texts[0], iso=moment.isoformat(), headline=headline, text=text)
        filled.append(text)
    return "\n".join(filled)


def _entries(blocks: tuple[Block, ...]) -> list[tuple[Block | None, list[Block]]]:
    """Blocks grouped under the live entry that they belong to."""
    groups: list[tuple[Block | None, list[Block]]] = [(None, [])]
    for block in blocks:
        if block.kind == "live_entry":
            groups.append((block, []))
        else:
            groups[-1][1].append(block)
    return groups


def _block(parts: Parts, block: Block, image: str, opening: str) -> str:
    match block.kind:
        case "figure":
            return figure_html(parts, block.texts, image.replace(".svg", "-2.svg"))
        case "ul" | "ol":
            items = "".join(f"<li>{inline_html(item)}</li>" for item in block.texts)
            return f"<{block.kind}>{items}</{block.kind}>"
        case _:
            return parts.fill(block.kind, text=opening + inline_html(block.texts[0]))
