"""Pictures that stand in no `<figure>`: a line called caption beside one, a paragraph that holds one and a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from selectolax.lexbor import LexborNode

from newshouse.parse.dom.apart import apart_at, names_of
from newshouse.parse.dom.document import Document, text_in
from newshouse.parse.words import holds_any

_MAX_NODES = 300
_MAX_LINE_CHARS = 500
_MAX_SIBLINGS = 3
_MAX_ANCESTORS = 30
_LEVELS = 3
_PARAGRAPH_CHARS, _FEWEST_PARAGRAPHS, _MAX_PARAGRAPHS = 120, 4, 40
_NOT_CONTENT = frozenset(("aside", "nav", "footer", "header", "figure"))
_IMAGES = frozenset(("img", "amp-img"))
_SOUGHT = "[class*=caption i], img, amp-img, iframe[src]"
_CALLED_IMAGE = ("img", "image", "photo", "picture", "foto", "bild")
_VIDEO = ("youtube", "player.vimeo", "dailymotion")
_SMALL = frozenset(("em", "i", "small"))
_PERSON_STEMS = ("author", "byline", "avatar", "bio", "portrait", "profile")  # one is in each
_PERSON = re.compile(r"author|byline|avatar|(?<![a-z])bio(?![a-z])|portrait|profile", re.IGNORECASE)


def pictures(document: Document) -> Iterator[tuple[LexborNode, LexborNode | None, LexborNode | None]]:
    """(picture or video, its caption, the element that holds both) in page order, none of a `<figure>`."""
    for node in document.tree.css(_SOUGHT)[:_MAX_NODES]:
        image: LexborNode | None = node
        caption = _line_beside(node) if node.tag in _IMAGES else None
        if node.tag not in _IMAGES and node.tag != "iframe":
            image, caption = _image_beside(node), node
        holder = caption.parent if caption is node and caption is not None else caption
        if image is None or (caption is None and not _is_video(image)):
            continue
        if is_content(image, document, _NOT_CONTENT) and not _is_teaser(image, caption) and not _is_pixel(image):
            yield image, caption, holder


def _is_video(node: LexborNode) -> bool:
    return node.tag == "iframe" and holds_any(node.attrs.get("src") or "", _VIDEO)


def is_content(node: LexborNode, document: Document, tags: frozenset[str]) -> bool:
    """Whether a picture belongs to the article: in no teaser, comment or frame of the site; no author's portrait."""
    if _is_inside(node, tags, document.frames) or document.is_of_next(node):
        return False
    if not document.frames:
        return True
    apart = apart_at(node, document.frames, tags)
    return (apart is None or _is_body(apart)) and not _is_portrait(node, document)


def _is_inside(node: LexborNode, tags: frozenset[str], frames: Mapping[int, int]) -> bool:
    """Whether one of its nearest ancestors is such an element, but for a header that holds the headline as well."""
    at = node.parent
    for _ in range(_MAX_ANCESTORS):
        if at is None:
            return False
        if at.tag in tags:
            return not (at.tag == "header" and at.mem_id in frames and _is_lead(node))
        at = at.parent
    return False


def _is_lead(node: LexborNode) -> bool:
    """Whether a picture beside the headline may be that of the article: it leads nowhere else, and is no logo or
    advertisement.
    """
    link = _link_around(node)
    if link is not None and not _IMAGE_FILE.search(link.attrs.get("href") or ""):
        return False
    at: LexborNode | None = node
    for _ in range(_LEVELS):
        if at is None or at.tag == "header":
            return True
        if _NAMES_OTHER.search(names_of(at)):
            return False
        at = at.parent
    return True


_NAMES_OTHER = re.compile(
    r"(?<![a-zA-Z])(?:(?:site|brand)?-?logo|icon|ads?|advert\w*|banner|sponsor\w*|anzeige|werbung)(?![a-zA-Z])",
    re.IGNORECASE,
)


def _is_body(element: LexborNode) -> bool:
    """Whether an element holds paragraphs as the text does, whatever it is called: some call their text teaser."""
    return sum(len(text_in(p)) >= _PARAGRAPH_CHARS for p in element.css("p")[:_MAX_PARAGRAPHS]) >= _FEWEST_PARAGRAPHS


def _is_teaser(image: LexborNode, caption: LexborNode | None) -> bool:
    """Whether a picture leads to another page, not to itself in large, or its caption is a link or heading."""
    links = (_link_around(image), _link_around(caption) if caption is not None else None)
    if any(link is not None and not _IMAGE_FILE.search(link.attrs.get("href") or "") for link in links):
        return True
    return caption is not None and caption.css_first("h2, h3, h4") is not None


def _link_around(node: LexborNode) -> LexborNode | None:
    at = node.parent
    for _ in range(_LEVELS):
        if at is None or at.tag == "a":
            return at
        at = at.parent
    return None


def _is_pixel(image: LexborNode) -> bool:
    return "1" in (image.attrs.get("width"), image.attrs.get("height"))


_IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b|^#|^$|^javascript:", re.IGNORECASE)


def _is_portrait(node: LexborNode, document: Document) -> bool:
    at: LexborNode | None = node
    for _ in range(_LEVELS + 1):
        if at is None or at.mem_id in document.frames or at.tag in ("article", "main"):
            return False
        if _names_person(names_of(at)):
            return True
        at = at.parent
    return False


@lru_cache(maxsize=10_000)  # as `apart.py` does, for the same reason
def _names_person(names: str) -> bool:
    return holds_any(names.lower(), _PERSON_STEMS) and _PERSON.search(names) is not None


def _line_beside(image: LexborNode) -> LexborNode | None:
    """The element around a picture whose only text is a short line: in small print, or called a picture itself."""
    parent = image.parent
    if parent is None or not (parent.tag == "p" or _is_called_image(parent)):
        return None
    if parent.css_first("[class*=caption i]") is not None:
        return None
    text = text_in(parent)
    if not 0 < len(text) <= _MAX_LINE_CHARS:
        return None
    if any(text_in(link) for link in parent.css("a")):
        return None  # a teaser
    small = next((text_in(child) for child in parent.iter() if child.tag in _SMALL), None)
    return parent if small == text or (parent.tag != "p" and small) else None


def _is_called_image(element: LexborNode) -> bool:
    return holds_any((element.attributes.get("class") or "").lower(), _CALLED_IMAGE)


def _image_beside(caption: LexborNode) -> LexborNode | None:
    """The picture just above a caption, or below it where there is none above."""
    at: LexborNode | None = caption
    for _ in range(_LEVELS):
        if at is None or at.tag in ("body", "article", "main"):
            return None
        if found := _among(at, "prev") or _among(at, "next"):
            return found
        at = at.parent
    return None


def _among(node: LexborNode, way: str) -> LexborNode | None:
    at: LexborNode | None = getattr(node, way)
    seen = 0
    while at is not None and seen < _MAX_SIBLINGS:
        if at.tag in _IMAGES:
            return at
        if not (at.tag or "").startswith("-"):
            seen += 1
            inner: LexborNode | None = at.css_first("img, amp-img") if at.tag != "p" else None
            if inner is not None:
                return inner
            if at.tag == "p" and text_in(at):
                return None  # a paragraph of the text lies between
        at = getattr(at, way)
    return None
