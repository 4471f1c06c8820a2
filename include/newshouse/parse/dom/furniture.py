"""What class names, ids and roles say about an element: the weakest of all witnesses, and asked once a spelling.

A verdict JUNK only proposes to leave an element out. `outside.py` takes it back where the element holds much of the
good text: "paywall", "sidebar" and "tag" stand on real wrappers too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import pairwise


class Verdict(Enum):
    """JUNK stands probably beside the text; CAPTION, BYLINE and DECK have columns of their own.

    The lower of two is the stronger.
    """

    CAPTION = 0
    DECK = 1
    JUNK = 2
    BYLINE = 3
    BODY = 4
    PLAIN = 5


@dataclass(slots=True)
class Said:
    """What the names of an element say.

    Attributes:
        word: the name that said it (lower case; the tag or attribute if none did).
        is_out: it stands beside the text, or has a column of its own.
        is_never: it stands among comments, notices or the like, whatever it holds.
        is_junk, is_deck: the verdict is this one. Asked of most elements; to name a member of an Enum is slow.
    """

    verdict: Verdict
    word: str = ""
    is_out: bool = field(init=False)
    is_never: bool = field(init=False)
    is_junk: bool = field(init=False)
    is_deck: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_out = self.verdict in _OUT
        self.is_never = self.is_out and self.word.startswith(_NEVER_TEXT)
        self.is_junk = self.verdict is Verdict.JUNK
        self.is_deck = self.verdict is Verdict.DECK


_OUT = (Verdict.JUNK, Verdict.CAPTION, Verdict.BYLINE)
# Numbers, as an Enum is slow to ask for its own.
_RANKS = {verdict.name: verdict.value for verdict in Verdict}
_VERDICTS = tuple(Verdict)
_PLAIN = Verdict.PLAIN.value
_MAX_KNOWN = 50_000  # words, and spellings of names, whose verdict is kept


class _Ranks(dict[str, int]):
    """Word (lower case) to the place in `Verdict` of the strongest whose pattern fits the whole of it.

    Each word is judged once: the same ones come back on every page. Whole words lie in one table; the patterns are
    asked only where they begin with the word's first letter.
    """

    def __init__(self, *patterns: tuple[Verdict, str]) -> None:
        self._whole: dict[str, int] = {}
        ways: dict[str, dict[Verdict, list[str]]] = {}
        for verdict, pattern in patterns:
            for way in re.findall(r"(?:[^|()]|\((?:[^()]|\([^()]*\))*\))+", pattern):
                if way.isalpha():
                    self._whole.setdefault(way, verdict.value)
                else:
                    ways.setdefault(way[0], {}).setdefault(verdict, []).append(way)
        groups = ways.pop("(", {})
        self._others = _either(groups)
        self._by_letter = {letter: _either(some, groups) for letter, some in ways.items()}

    def __missing__(self, word: str) -> int:
        if len(self) >= _MAX_KNOWN:
            self.clear()
        rank = self[word] = self._rank(word) if word.replace("-", "").isalpha() else _PLAIN  # or a generated name
        return rank

    def _rank(self, word: str) -> int:
        whole = self._whole.get(word, _PLAIN)
        match = self._by_letter.get(word[0], self._others).fullmatch(word)
        return min(whole, _RANKS[match.lastgroup]) if match and match.lastgroup else whole


def _either(*several: dict[Verdict, list[str]]) -> re.Pattern[str]:
    """One pattern whose group, named after the verdict, is the first that fits."""
    ways = {verdict: [way for some in several for way in some.get(verdict, ())] for verdict in Verdict}
    return re.compile("|".join(f"(?P<{v.name}>{'|'.join(some)})" for v, some in ways.items() if some) or "(?!)")


_JUNK = (
    r"related\w*|relat|recommend\w*|reco|promo\w*|newsletter\w*|social\w*|shar(?:e|ing|er)\w*|"
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
    r"call-to-action|gallery\w*|slideshow|carousel|slider|swiper|timestamp|dateline-?date|pubdate|date|datum|"
    r"reading-?time|readtime|duration|sr-only|visually-?hidden|visuallyhidden|screen-?reader\w*|hidden|noprint|"
    r"no-print|"
    r"ticaret|onetrust|paging|topbar|masthead|site-?header|kicker|overline|eyebrow|roofline|dachzeile|rubric|category|"
    r"categories|cat-links|correction-?link|widgets|crosslink\w*|zum-thema|mehr-zum-thema|verwandte\w*|lire-aussi|"
    r"relacionad\w*|leia|leggi|infobox-?links|embed-?link|shariff|addthis\w*|whatsapp|telegram|facebook|twitter"
)
# On a paragraph or heading only the plainest words count: a text block is named after its neighbours or its page.
_TEXT_JUNK = (
    r"related|recommend\w*|promo\w*|newsletter\w*|social\w*|shar(?:e|ing)|advert\w*|ads?|sponsor\w*|"
    r"teasers?|tags?|cookie\w*|copyright|disclaimer|readmore|read-?also|read-?next|kicker|overline|eyebrow|"
    r"category|categories|timestamp|published|pubdate|date|datum|sr-only|visually-?hidden|visuallyhidden|"
    r"screen-?reader\w*|pull-?quotes?|twitter-tweet|instagram-media|tiktok-embed|bluesky-embed"
)
_TEXT_TAGS = frozenset(
    re.findall(
        r"\S+",
        "p h1 h2 h3 h4 h5 h6 li blockquote span strong em b i a small font mark time",
    )
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CAPTION = (
    r"captions?|figcaption|credits?|photo-?credit|image-?credit|copyright|bildunterschrift|legende|"
    r"image-?(?:caption|text|description|info)|(?:img|picture|photo|foto|bild|lightbox|gallery|"
    r"figure)\w*-(?:description|desc|text|info|meta|subtitle|legend)|picture-?(?:caption|text)|photo-?(?:caption|"
    r"info|text|by)|wp-caption-text|imgdesc|foto-?info|"
    r"media-?(?:caption|info|meta)|pie-?(?:de-?)?foto|lead-?image|img-?caption"
)
_BYLINE = (
    r"by-?lines?|authors?|autore?n?|auteurs?|writers?|reporters?|journalists?|redakteur|verfasser|firma|"
    r"author-?names?|article-?(?:author|meta|info|date|details)|post-?meta|entry-?meta|meta-?(?:info|data)?|"
    r"metadata|info"
)
_DECK = (
    r"stand-?first|preamble|decks?|dek|sub-?titles?|sub-?head(?:s|line|er)?|summary|abstract|intro|lede?|"
    r"lead-?(?:text|paragraph)|teaser-?text|field-teaser|excerpt|chapo|"
    r"vorspann|einleitung|anriss|sapo|ingress|manchet\w*|perex|sommario|entradilla|bajada|chapeau|"
    r"article-?(?:intro|lead|summary|subtitle|excerpt|perex|deck)"
)
_BODY = (
    r"(?:article|story|post|entry|content|news|text|page|main)-?_?-?(?:body|content|text|copy|inner|wrap\w*|"
    r"main)|articlebody|"
    r"storybody|bodytext|body-?copy|richtext|rich-?text|story|article|entry|paywall|post"
)
# WordPress writes the terms of a post into its class: category-sport, tag-newsletter.
# And of what is hidden, only the whole name says that it is: not label-hidden, overflow-hidden or hidden-xs.
_TERMS = re.compile(
    r"\b(?:category|tag)-[\w-]+|(?<!\S)(?!(?:is|visually)-hidden(?!\S))[\w-]*-hidden(?!\S)|\bhidden-[\w-]+"
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")  # of a style in lower case
# What React sends later in the stream waits in such an element until a script puts it in its place.
_STREAMED = re.compile(r"S:[0-9a-f]+")
_NEVER_TEXT = ("comment", "kommentar", "coment", "respond", "disqus", "repl", "footer", "cookie", "consent")
_JUNK_ROLES = re.findall(
    r"\S+", "navigation complementary banner contentinfo dialog alertdialog search menu toolbar tablist button"
)


def said(tag: str, attributes: Mapping[str, str | None]) -> Said:
    """What tag and attributes of one element say."""
    if not attributes:
        return _BY_TAG.get(tag, _NOTHING)
    if len(attributes) == 1 and "class" in attributes:  # as most have
        return _by_class(tag, attributes["class"])
    style = attributes.get("style")
    # Paywalls hide the very text with these, so hidden is only a suspicion.
    if "hidden" in attributes or (style and _hides(style)):
        return _NOTHING if _STREAMED.fullmatch(attributes.get("id") or "") else _HIDDEN
    role = attributes.get("role")
    if role and role in _BY_ROLE:
        return _BY_ROLE[role]
    if attributes.get("itemprop") == "articleBody":
        return _ARTICLE_BODY
    own = attributes.get("id") or ""
    # The id of a heading is made of its own words, id="related-cases", and one with digits of chance: n1AdJl.
    if own and tag in _TEXT_TAGS and (tag in _HEADINGS or not own.replace("-", "").isalpha()):
        own = ""
    return _by_name(tag, f"{attributes.get('class') or ''} {own}"[:_MAX_CHARS])


def _hides(style: str) -> bool:
    small = style.lower()
    return ("none" in small or "hidden" in small) and _HIDDEN_STYLE.search(small) is not None


@lru_cache(maxsize=_MAX_KNOWN)
def _by_class(tag: str, named: str | None) -> Said:
    return _by_name(tag, f"{named or ''} "[:_MAX_CHARS])


@lru_cache(maxsize=_MAX_KNOWN)
def _by_name(tag: str, named: str) -> Said:
    by_tag = _BY_TAG.get(tag, _NOTHING)
    if tag == "figcaption" or tag in _FRAMES or named == " ":
        return by_tag  # content systems write an article's sections and tags into the class of its frame
    if not named.islower():
        named = _HUMPS.sub("-", named)
    if "category-" in named or "tag-" in named or "hidden" in named:
        named = _TERMS.sub("", named)
    words = named.lower().replace("-", " ").replace("_", " ").split() or [""]
    if not _STARTERS.isdisjoint(words):
        words += [f"{one}-{two}" for one, two in pairwise(words) if one in _STARTERS]
    ranks = [*map((_ON_TEXT if tag in _TEXT_TAGS else _ON_OTHERS).__getitem__, words)]
    strongest = min(ranks)
    if strongest == _PLAIN or (by_tag is not _NOTHING and strongest >= _WEAK):
        return by_tag
    return Said(_VERDICTS[strongest], words[ranks.index(strongest)])


_ON_OTHERS, _ON_TEXT = (
    _Ranks(
        (Verdict.CAPTION, _CAPTION),
        (Verdict.DECK, _DECK),
        (Verdict.JUNK, junk),
        (Verdict.BYLINE, _BYLINE),
        (Verdict.BODY, _BODY),
    )
    for junk in (_JUNK, _TEXT_JUNK)
)
_MAX_CHARS = 400
_WEAK = Verdict.BODY.value  # weaker than what the tag itself says
# First words of the two-word names above.
_STARTERS = frozenset(
    re.findall(
        r"\S+",
        "aboutauthor addthis alert also article author bluesky body bild by call cat content correction credit "
        "crosslink dateline donate embed entry expandable fact field figure figcaption foto further gallery imgdesc "
        "image img info inline instagram key lead leia lightbox link links lire main mehr media meta more most "
        "news no page photo picture pie post pull read reading recommended rich screen see side site sr stand "
        "story sub support teaser text tiktok twitter visually wp zum",
    )
)
_NOTHING = Said(Verdict.PLAIN)
NEWSLETTER = Said(Verdict.JUNK, "newsletter")
"""What an element says that asks for an e-mail address."""
_HIDDEN = Said(Verdict.JUNK, "hidden")
_ARTICLE_BODY = Said(Verdict.BODY, "articlebody")
_BY_ROLE = {role: Said(Verdict.JUNK, role) for role in _JUNK_ROLES}
_FRAMES = frozenset(("article", "main", "body"))
_BY_TAG = {
    "aside": Said(Verdict.JUNK, "aside"),
    "form": Said(Verdict.JUNK, "form"),
    "figcaption": Said(Verdict.CAPTION, "figcaption"),
    "figure": Said(Verdict.CAPTION, "figure"),
    "address": Said(Verdict.BYLINE, "address"),
}
