"""Title without the publisher's name, subtitle, section, tags, genre."""

from __future__ import annotations

import re

from newshouse.parse.dates.moments import moments_in
from newshouse.parse.dom.document import Document, text_in
from newshouse.parse.dom.elements import Block, Element
from newshouse.parse.dom.jsonld import types
from newshouse.parse.facts.crumbs import linked_tags, section_in_trail
from newshouse.parse.facts.site_names import MIN_TITLE_CHARS, WHOLE_TITLE_CHARS, host_names, without_publisher
from newshouse.parse.words import first, letters, plain, spells, tidy
from newshouse.sources.model import Source

Origin = tuple[str, str]  # value, origin

_MAX_TITLE_CHARS = 500
_OPENING_CHARS = 4_000
_GENRES = {
    "opinionnewsarticle": "opinion", "reviewnewsarticle": "review", "review": "review",
    "analysisnewsarticle": "analysis", "backgroundnewsarticle": "background", "liveblogposting": "live",
    "advertisercontentarticle": "advertorial", "blogposting": "blog", "satiricalarticle": "satire",
    "newsarticle": "news", "reportagenewsarticle": "news",
}  # fmt: skip


def title(document: Document, source: Source | None = None) -> Origin | None:
    """The headline and its origin.

    Each place that states a title has a vote, spelling aside; news pages are believed for what they tell machines,
    other pages for what readers see. The weights were found on the development corpora.
    """
    node = document.article_node or {}
    names = (*document.site_names, *([source.name] if source else []))
    offers = (
        (plain(node.get("headline")) or plain(node.get("name")), "jsonld"),
        (document.meta_first("og:title", "dc.title", "parsely-title"), "meta"),
        (_printed(document), "html"),
        (document.meta_first("twitter:title"), "meta"),
        (document.title_tag, "html"),
        (_microdata(document), "microdata"),
    )
    known = (frozenset(letters(name) for name in names) | host_names(document.host)) - {""}
    heads = frozenset(letters(head) for head in document.h1)
    # Most places state the same.
    cut = {text: without_publisher(text[:_MAX_TITLE_CHARS], known, heads) for text, _ in offers if text}
    bare = [cut[text] if text else None for text, _ in offers]
    ballots: dict[str, list[tuple[str, str, float]]] = {}
    for text, (_, origin), weight in zip(bare, offers, _weights(document, bare), strict=True):
        if text:
            ballots.setdefault(letters(text), []).append((text, origin, weight))
    if not ballots:
        return None
    elected = max(ballots.values(), key=lambda votes: sum(weight for _, _, weight in votes))
    text, origin = elected[0][:2]
    if document.article_node is None:  # of other pages, the spelling that most places use
        spellings = [spelling for spelling, _, _ in elected]
        text, origin = max(elected, key=lambda vote: spellings.count(vote[0]))[:2]
    shared = bare[_SHARED_AT]
    if shared and _is_kicker(text, shared):
        return shared, "meta"
    shown = bare[_SHOWN_AT]
    if shown and _is_cut(text, shown, document):
        return shown, "html"
    return _as_printed(text, shown, document) or text, origin


def _is_cut(text: str, shown: str, document: Document) -> bool:
    """Whether it is only the beginning of the printed headline, which `<title>` gives whole: a quotation mark that is
    not escaped ends an attribute.
    """
    return (
        len(shown) > len(text) and shown.startswith((f'{text} "', f'{text}"')) and shown in (document.title_tag or "")
    )


def _as_printed(text: str, shown: str | None, document: Document) -> str | None:
    """The spelling of the printed headline: its dashes, quotation marks and capitals.

    Not its apostrophes, which are typed in both ways; and nothing where type stands for spelling, or the parts of
    the headline are told apart by the layout alone.
    """
    if not shown or shown == text or shown.isupper() or shown.islower() or not spells(shown, letters(text)):
        return None
    block = document.headline
    is_whole = block is not None and block.text.endswith(shown) and " :" not in shown
    return shown if is_whole and shown.replace("’", "'") != text.replace("’", "'") else None


def _weights(document: Document, bare: list[str | None]) -> tuple[float, ...]:
    """The weight of each vote on this page."""
    weights = _NEWS_WEIGHTS if document.article_node else _OTHER_WEIGHTS
    told, shared, shown = (letters(bare[at]) for at in (0, _SHARED_AT, _SHOWN_AT))
    if not shared or not shown or shown == shared:
        return weights
    titles = f"{document.title_tag} {bare[_SHARED_AT]}"
    if _is_label(bare[_SHOWN_AT] or "", titles) or _is_of_other(bare[_SHOWN_AT] or "", titles, document.url):
        return _with(weights, _LABEL_WEIGHT)
    if document.article_node:
        # Machines are told twice the title made for them, readers see another one. Newsrooms tell both the headline.
        apart = told == shared and shown not in shared and shared not in shown
        apart = apart and "newsarticle" not in types(document.article_node)
        return _with(weights, _SHOWN_ALONE) if apart else weights
    page_title = letters(document.title_tag)
    kicked = shown.endswith(shared) and len(shared) >= MIN_TITLE_CHARS and shown not in page_title
    return _with(weights, 0.0) if kicked and shared in page_title else weights


def _is_label(heading: str, titles: str) -> bool:
    """Whether a heading names a part of the site ("Navigation"): short, and none of its words in the page's titles."""
    words = heading.lower().split()
    return len(words) <= _LABEL_WORDS and heading.isascii() and set(words).isdisjoint(titles.lower().split())


def _is_of_other(heading: str, titles: str, url: str) -> bool:
    """Whether a heading is that of something else, an advertisement or a teaser: it shares no word of four letters and
    more with the titles of the page, while the last part of its address shares at least three of them with these.
    """
    slug = set(_SLUG_WORDS.findall(url.rstrip("/").rpartition("/")[2].lower()))
    said, told = (set(_SLUG_WORDS.findall(text.lower())) for text in (heading, titles))
    return len(slug & told) >= _FEWEST_SHARED and said.isdisjoint(told) and said.isdisjoint(slug)


_SLUG_WORDS = re.compile(r"[^\W_]{4,}")
_FEWEST_SHARED = 3


def _with(weights: tuple[float, ...], shown: float) -> tuple[float, ...]:
    return (*weights[:_SHOWN_AT], shown, *weights[_SHOWN_AT + 1 :])


def _printed(document: Document) -> str | None:
    """The headline that readers see, without the kicker that may stand in the same heading."""
    block = document.headline
    if block is None:
        return first(document.h1)
    return _without_day(_as_whole(block, document), document)


def _without_day(head: str, document: Document) -> str:
    """A heading without the day before or behind the headline, which `<title>` does not repeat."""
    if not (head[:1].isdigit() or head[-1:].isdigit()) or head in (document.title_tag or ""):
        return head
    for at, moment in moments_in(head, "text"):
        rest = head[len(moment.raw) :] if at == 0 else head[:at] if head.endswith(moment.raw) else ""
        if len(rest := rest.strip(" ,|·•–-")) >= WHOLE_TITLE_CHARS and moment.precision not in ("year", "month"):
            return rest
    return head


def _as_whole(block: Block, document: Document) -> str:
    head = next((head for head in document.h1 if block.letters.endswith(letters(head))), block.text)
    # Where an element ends inside a word, or within the headline, only another place tells whether a blank is there.
    elsewhere = f"{document.title_tag} {document.meta_first('og:title')}"
    return block.text if block.text in elsewhere and head not in elsewhere else head


def _is_kicker(text: str, headline: str) -> bool:
    """Whether `text` is the headline behind a kicker: "Talks in the harbour: Pilots return to work"."""
    kicker = text.removesuffix(headline)
    return len(headline) >= MIN_TITLE_CHARS and kicker != text and _AFTER_KICKER.search(kicker) is not None


_SHARED_AT = 1  # og:title: the headline as it stands alone, without the kicker above it
_SHOWN_AT = 2  # the heading that readers see
_SHOWN_ALONE = 1.7
_LABEL_WEIGHT = 0.3
_LABEL_WORDS = 4
_AFTER_KICKER = re.compile(r"\w\S*(?:\s*[:：|]\s*|\s+[-–—]\s+)$")
_NEWS_WEIGHTS = (0.8, 0.6, 0.5, 0.1, 0.1, 0.3)
_OTHER_WEIGHTS = (0.0, 0.6, 1.0, 0.3, 0.1, 0.5)


def subtitle(document: Document, headline: str | None, body: str, *, shown: bool = True) -> Origin | None:
    """The standfirst that the page states. The beginning of the text, cut off or not, is none.

    `shown`: of a page without JSON-LD, only a description that it prints outside the header of the site.
    """
    node = document.article_node or {}
    head, opening = letters(headline), letters(body[:_OPENING_CHARS])
    offers = [
        (plain(node.get("alternativeHeadline")), "jsonld"),
        (plain(node.get("description")), "jsonld"),
        (document.meta_first("og:description", "description", "twitter:description"), "meta"),
    ]
    for text, origin in offers:
        if text and (spelled := letters(text)) != head and not _is_teaser(text, spelled, opening):
            # A site that describes no article to machines describes itself: its slogan is no standfirst.
            if shown and origin == "meta" and document.article_node is None and not _is_shown(spelled, document):
                continue
            return text, origin
    return None


def _is_shown(spelled: str, document: Document) -> bool:
    """Whether the page prints this text outside the header of the site."""
    same = (block for block in document.blocks if len(block.text) >= len(spelled) and spells(block.text, spelled))
    return any(_in_article(block.element) for block in same)


def _in_article(element: Element) -> bool:
    header = element.nearest(frozenset(("header",)))
    return header is None or header.nearest(frozenset(("article", "main"))) is not None


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
    return (stated, "meta") if stated else section_in_trail(document)


def tags(document: Document) -> tuple[tuple[str, ...], str] | None:
    """Keywords given by the publisher, in order, without repeats."""
    value = (document.article_node or {}).get("keywords")
    offers = [
        (_keywords(value if isinstance(value, list) else [value]), "jsonld"),
        (tuple(document.meta.get("article:tag", ())), "meta"),
        (_keywords([document.meta_first(*_TAG_META)]), "meta"),
    ]
    told = next(((words[:100], origin) for words, origin in offers if words), None)
    return told or ((linked, "html") if (linked := linked_tags(document)) else None)


_TAG_META = ("news_keywords", "keywords", "parsely-tags", "dc.subject", "dcterms.subject")


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
    return plain(node.attributes.get("content") or "") or text_in(node) or None
