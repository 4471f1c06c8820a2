"""What class names, ids and roles say about an element: the weakest of all witnesses, and asked once a spelling.

A verdict JUNK only proposes to leave an element out. `selection.py` takes it back where the element holds much of the
good text: "paywall", "sidebar" and "tag" stand on real wrappers too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from itertools import pairwise


class Verdict(Enum):
    """JUNK stands probably beside the text; CAPTION, BYLINE and DECK have columns of their own."""

    PLAIN = 0
    JUNK = 2
    CAPTION = 3
    BYLINE = 4
    DECK = 5
    BODY = 6


class _Words:
    """Words by a pattern, asked only for the alternatives that begin with the word's first letter."""

    def __init__(self, pattern: str) -> None:
        ways: dict[str, list[str]] = {}
        for way in re.findall(r"(?:[^|()]|\((?:[^()]|\([^()]*\))*\))+", pattern):
            ways.setdefault(way[0], []).append(way)
        groups = ways.pop("(", [])
        self._others = re.compile("|".join(groups) or "(?!)")
        self._by_letter = {letter: re.compile("|".join(some + groups)) for letter, some in ways.items()}

    def has(self, word: str) -> bool:
        """Whether the whole word (lower case, not empty) fits."""
        return self._by_letter.get(word[0], self._others).fullmatch(word) is not None


_JUNK = _Words(
    r"related|relat(?:ed)?|recommend\w*|reco|promo\w*|newsletter\w*|social\w*|shar(?:e|ing|er)\w*|"
    r"comment(?!ary)\w*|kommentar\w*|commentaires|comentarios|respond|disqus\w*|reply|replies|"
    r"sidebar|side-?bar|footer\w*|nav\w*|breadcrumbs?|menu\w*|advert\w*|ads?|adbox|adslot|banner\w*|sponsor\w*|"
    r"teasers?|tags?|"
    r"taglist|topics?|keywords?|login|signin|signup|register|subscri\w*|abo|cookie\w*|consent\w*|popup\w*|"
    r"modal\w*|overlay|"
    r"widget\w*|outbrain|taboola\w*|toolbar\w*|tools|print\w*|copyright|disclaimer|trending|popular|most-?read|"
    r"mostread|"
    r"player|rating|poll|quiz|pagination|pager|prev|next|skip|alert-?bar|toc|readmore|read-?also|read-?next|"
    r"more-?(?:on|from|stories|news|links|articles)|"
    r"further|also|info-?box\w*|fact-?box\w*|expandable-?box\w*|pull-?quotes?|twitter-tweet|instagram-media|"
    r"tiktok-embed|bluesky-embed|embed(?:ded)?|key-?points?|links?-?list|linkbox|see-?also|inline-?links?|"
    r"author-?(?:bio|box|info|card|details)|bio|aboutauthor|"
    r"follow\w*|donat\w*|support-?us|appeal|contribut\w*|feedback|survey|jobs?|weather|stock|ticker|livescore|cta|"
    r"call-to-action|gallery\w*|slideshow|carousel|slider|swiper|timestamp|dateline-?date|published|pubdate|date|datum|"
    r"reading-?time|readtime|duration|sr-only|visually-?hidden|visuallyhidden|screen-?reader\w*|hidden|noprint|"
    r"no-print|"
    r"ticaret|onetrust|paging|topbar|masthead|site-?header|kicker|overline|eyebrow|roofline|dachzeile|rubric|category|"
    r"categories|cat-links|correction-?link|widgets|crosslink\w*|zum-thema|mehr-zum-thema|verwandte\w*|lire-aussi|"
    r"relacionad\w*|leia|leggi|infobox-?links|embed-?link|shariff|addthis\w*|whatsapp|telegram|facebook|twitter"
)
# On a paragraph or heading only the plainest words count: a text block is named after its neighbours or its page.
_TEXT_JUNK = _Words(
    r"related|recommend\w*|promo\w*|newsletter\w*|social\w*|shar(?:e|ing)|advert\w*|ads?|sponsor\w*|"
    r"teasers?|tags?|cookie\w*|copyright|disclaimer|readmore|read-?also|read-?next|kicker|overline|eyebrow|"
    r"category|categories|timestamp|published|pubdate|date|datum|sr-only|visually-?hidden|visuallyhidden|"
    r"screen-?reader\w*"
)
_TEXT_TAGS = frozenset(
    re.findall(
        r"\S+",
        "p h1 h2 h3 h4 h5 h6 li blockquote span strong em b i a small font mark time",
    )
)
_CAPTION = _Words(
    r"captions?|figcaption|credits?|photo-?credit|image-?credit|copyright|bildunterschrift|legende|"
    r"image-?(?:caption|text|description|info)|(?:img|picture|photo|foto|bild|lightbox|gallery|"
    r"figure)\w*-(?:description|desc|text|info|meta|subtitle|legend)|picture-?(?:caption|text)|photo-?(?:caption|"
    r"info|text|by)|wp-caption-text|imgdesc|foto-?info|"
    r"media-?(?:caption|info|meta)|pie-?(?:de-?)?foto|lead-?image|img-?caption"
)
_BYLINE = _Words(
    r"by-?lines?|authors?|autore?n?|auteurs?|writers?|reporters?|journalists?|redakteur|verfasser|firma|"
    r"author-?names?|article-?(?:author|meta|info|date|details)|post-?meta|entry-?meta|meta-?(?:info|data)?|"
    r"metadata|info"
)
_DECK = _Words(
    r"stand-?first|preamble|decks?|dek|sub-?titles?|sub-?heads?(?:line)?|summary|abstract|intro|lede?|"
    r"lead-?text|teaser-?text|excerpt|chapo|"
    r"vorspann|einleitung|anriss|sapo|ingress|manchet\w*|perex|sommario|entradilla|bajada|chapeau|"
    r"article-?(?:intro|lead|summary|subtitle|excerpt|perex|deck)"
)
_BODY = _Words(
    r"(?:article|story|post|entry|content|news|text|page|main)-?_?-?(?:body|content|text|copy|inner|wrap\w*|"
    r"main)|articlebody|"
    r"storybody|bodytext|body-?copy|richtext|rich-?text|story|article|entry|paywall|post"
)
# WordPress writes the terms of a post into its class: category-sport, tag-newsletter.
_TERMS = re.compile(r"\b(?:category|tag)-[\w-]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_JUNK_TAGS = frozenset(("aside",))
_JUNK_ROLES = frozenset(
    [
        "navigation",
        "complementary",
        "banner",
        "contentinfo",
        "dialog",
        "alertdialog",
        "search",
        "menu",
        "toolbar",
        "tablist",
        "button",
    ]
)


def verdict(tag: str, attributes: Mapping[str, str | None]) -> tuple[Verdict, str]:
    """What the attributes of one element say, and the word that said it (lower case; the tag or attribute if none)."""
    if not attributes:
        return _BY_TAG.get(tag, _PLAIN)
    style = attributes.get("style")
    # Paywalls hide the very text with these, so hidden is only a suspicion.
    if "hidden" in attributes or (style and _HIDDEN_STYLE.search(style)):
        return Verdict.JUNK, "hidden"
    role = attributes.get("role")
    if role and role in _JUNK_ROLES:
        return Verdict.JUNK, role
    if attributes.get("itemprop") == "articleBody":
        return Verdict.BODY, "articlebody"
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return _by_name(tag, named[:400])


@lru_cache(maxsize=50_000)
def _by_name(tag: str, named: str) -> tuple[Verdict, str]:
    if tag == "figcaption" or not named.strip():
        return _BY_TAG.get(tag, _PLAIN)
    if tag in _FRAMES:
        return _PLAIN  # content systems write an article's sections and tags into its class
    if not named.islower():
        named = _HUMPS.sub("-", named)
    if "category-" in named or "tag-" in named:
        named = _TERMS.sub("", named)
    tokens = _NOT_WORD.split(named.lower())
    pairs = [f"{one}-{two}" for one, two in pairwise(tokens) if one in _STARTERS]
    on_text = tag in _TEXT_TAGS
    said = [(found, word) for word in (*tokens, *pairs) if (found := _by_word(word, on_text))]
    strongest = min(said, key=lambda verdict: _PRIORITY[verdict[0]]) if said else _PLAIN
    by_tag = _BY_TAG.get(tag)
    return by_tag if by_tag and strongest[0] in (Verdict.PLAIN, Verdict.BODY) else strongest


@lru_cache(maxsize=50_000)
def _by_word(word: str, on_text: bool) -> Verdict | None:
    """What one word, or two joined by a hyphen, say. The same words come back on every page."""
    if not word.replace("-", "").isalpha():
        return None  # generated names
    patterns = (
        (_CAPTION, Verdict.CAPTION),
        (_DECK, Verdict.DECK),
        (_TEXT_JUNK if on_text else _JUNK, Verdict.JUNK),
        (_BYLINE, Verdict.BYLINE),
        (_BODY, Verdict.BODY),
    )
    return next((found for pattern, found in patterns if pattern.has(word)), None)


_PRIORITY = {Verdict.CAPTION: 0, Verdict.DECK: 1, Verdict.JUNK: 2, Verdict.BYLINE: 3, Verdict.BODY: 4}
_NOT_WORD = re.compile(r"[\s_-]+")
# First words of the two-word names above.
_STARTERS = frozenset(
    re.findall(
        r"\S+",
        "aboutauthor addthis alert also article author bluesky body bild by call cat content correction credit "
        "crosslink dateline donate embed entry expandable fact figure figcaption foto further gallery imgdesc "
        "image img info inline instagram key lead leia lightbox link links lire main mehr media meta more most "
        "news no page photo picture pie post pull read reading recommended rich screen see side site sr stand "
        "story sub support teaser text tiktok twitter visually wp zum",
    )
)
_PLAIN = (Verdict.PLAIN, "")
_FRAMES = frozenset(("article", "main", "body"))
_BY_TAG = {
    "aside": (Verdict.JUNK, "aside"),
    "form": (Verdict.JUNK, "form"),
    "figcaption": (Verdict.CAPTION, "figcaption"),
    "figure": (Verdict.CAPTION, "figure"),
    "address": (Verdict.BYLINE, "address"),
}
