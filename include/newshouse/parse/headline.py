"""Title without the publisher's name, subtitle, section, tags, genre."""

from __future__ import annotations

import re

from newshouse.parse.document import Document
from newshouse.parse.jsonld import types
from newshouse.parse.words import first, letters, plain, tidy
from newshouse.sources.model import Source

Origin = tuple[str, str]  # value, origin

_SEPARATOR = re.compile(r"\s+[|｜–—·•‹›«»~\-:]{1,2}\s+|\s*[|｜]\s*|\s+/{1,2}\s+")
_MAX_TITLE_CHARS = 500
_OPENING_CHARS = 4_000
_GENRES = {
    "opinionnewsarticle": "opinion", "reviewnewsarticle": "review", "review": "review",
    "analysisnewsarticle": "analysis", "backgroundnewsarticle": "background", "liveblogposting": "live",
    "advertisercontentarticle": "advertorial", "blogposting": "blog", "satiricalarticle": "satire",
    "newsarticle": "news", "reportagenewsarticle": "news",
}  # fmt: skip


def title(document: Document, source: Source | None = None) -> Origin | None:
    """The headline and its origin: what the publisher tells machines first, then what readers see."""
    node = document.article_node or {}
    names = (*document.site_names, *([source.name] if source else []))
    offers = [
        (plain(node.get("headline")) or plain(node.get("name")), "jsonld"),
        (document.meta_first("og:title", "twitter:title", "dc.title", "parsely-title"), "meta"),
        (_microdata(document), "microdata"),
        (first(document.h1), "html"),
        (document.title_tag, "html"),
    ]
    for text, origin in offers:
        if text and (bare := without_publisher(text[:_MAX_TITLE_CHARS], names, document.host, document.h1)):
            return bare, origin
    return None


def without_publisher(text: str, names: tuple[str, ...], host: str, headlines: tuple[str, ...] = ()) -> str | None:
    """`text` without leading or trailing parts that name the publisher. None if nothing else is left."""
    known = {letters(name) for name in names} | _host_names(host)
    known.discard("")
    heads = {letters(head) for head in headlines}
    while letters(text) not in heads:
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            break
        tail, head = text[cuts[-1].end() :], text[: cuts[0].start()]
        if _names(tail, known) or letters(text[: cuts[-1].start()]) in heads:
            text = text[: cuts[-1].start()]
        elif _names(head, known):
            text = text[cuts[0].end() :]
        else:
            break
    return None if letters(text) in known else text


def _names(part: str, known: set[str]) -> bool:
    spelled = letters(part)
    return (
        not spelled or spelled in known or any(len(k) >= 4 and spelled in (k + end for end in _ENDINGS) for k in known)
    )


_ENDINGS = ("com", "online", "news", "de", "net", "org")


def _host_names(host: str) -> set[str]:
    host = host.removeprefix("www.")
    parts = host.split(".")
    return {letters(host), letters(".".join(parts[-2:])), *(letters(part) for part in parts[:-1] if len(part) > 3)}


def subtitle(document: Document, headline: str | None, body: str) -> Origin | None:
    """The standfirst that the page states. The beginning of the text, cut off or not, is none."""
    node = document.article_node or {}
    opening = letters(body[:_OPENING_CHARS])
    offers = [
        (plain(node.get("alternativeHeadline")), "jsonld"),
        (plain(node.get("description")), "jsonld"),
        (document.meta_first("og:description", "description", "twitter:description"), "meta"),
    ]
    for text, origin in offers:
        spelled = letters(text)
        if text and spelled != letters(headline) and not _is_teaser(text, spelled, opening):
            return text, origin
    return None


def _is_teaser(text: str, spelled: str, opening: str) -> bool:
    return text.endswith(("...", "…", "[…]", "[...]")) or (len(spelled) > 40 and spelled in opening)


def section(document: Document) -> Origin | None:
    """The section as the publisher names it."""
    value = (document.article_node or {}).get("articleSection")
    named = first(plain(item) for item in (value if isinstance(value, list) else [value]))
    if named:
        return named, "jsonld"
    stated = document.meta_first(
        "article:section", "og:article:section", "section", "parsely-section", "cxenseparse:section"
    )
    return (stated, "meta") if stated else None


def tags(document: Document) -> tuple[tuple[str, ...], str] | None:
    """Keywords given by the publisher, in order, without repeats."""
    value = (document.article_node or {}).get("keywords")
    offers = [
        (_keywords(value if isinstance(value, list) else [value]), "jsonld"),
        (tuple(document.meta.get("article:tag", ())), "meta"),
        (_keywords([document.meta_first("news_keywords", "keywords", "parsely-tags")]), "meta"),
    ]
    return next(((words[:100], origin) for words, origin in offers if words), None)


def _keywords(values: list[object]) -> tuple[str, ...]:
    texts = (plain(v.get("name") if isinstance(v, dict) else v) for v in values[:200])
    parts = (tidy(part) for text in texts if text for part in re.split(r"[,;，、]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def genre(document: Document) -> Origin | None:
    """news, opinion, live, …, by the schema.org type that the publisher chose."""
    named = types(document.article_node or {})
    found = next((value for name, value in _GENRES.items() if name in named), None)
    return (found, "jsonld") if found else None


def _microdata(document: Document) -> str | None:
    node = document.itemprop("headline")
    if node is None:
        return None
    return plain(node.attributes.get("content") or "") or tidy(node.text(separator=" ")) or None
