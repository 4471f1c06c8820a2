"""Rules on the body: is it there, is it whole, is it the article's own text?"""

from __future__ import annotations

import re

from newshouse.parse.words import word_count
from newshouse.validate.phrases import BOILERPLATE, LINK_LEADS, PAYWALL
from newshouse.validate.row import ParsedRow
from newshouse.validate.rule import Rule

# The shortest true article of the development corpora has 50 words; an agency's one-sentence flash about 20.
_FEWEST_WORDS = 20
_STUB_WORDS = 150  # a teaser before a paywall; whole articles with a "subscribe" line are longer
_WALL_CHARACTERS = 500  # the wall stands below the teaser
_PAID_STUB_WORDS = 80  # a page that says "paid" needs no phrase to be taken for a teaser
_CUT = re.compile(
    r"(?:\.\.\.|…|\[\+\d+ chars\]|,|\b(?:read|see|show) more|continue reading|weiterlesen|lire la suite|leer más"
    r"|続きを読む|더 ?보기|阅读全文|閱讀全文|اقرأ المزيد)[\s\]\)»”\".]*$",
    re.IGNORECASE,
)
_BARE_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# A body of mostly furniture is short; a longer one is not searched for it.
_LONGEST_FURNITURE = 3000
_CHARACTERS_A_PHRASE = 250
# Of 1,895 sound pages the most linked one has .34, all but four less than .20; lists of stories have .45 to 1.
_MOST_LINKED = 0.4


def _body_empty(row: ParsedRow) -> str | None:
    return None if any(map(str.isalnum, row.body)) else "the body holds no letter"


def _body_short(row: ParsedRow) -> str | None:
    if _body_empty(row) or not row.has_fewer_words_than(_FEWEST_WORDS):
        return None
    return f"the body has {word_count(row.body)} words"


def _paywall_stub(row: ParsedRow) -> str | None:
    if not row.has_fewer_words_than(_STUB_WORDS):
        return None
    end = row.body[-_WALL_CHARACTERS:].casefold()
    phrase = next((phrase for phrase in PAYWALL if phrase in end), None)
    if phrase is not None:
        return f"the body has {word_count(row.body)} words and says {phrase!r}"
    if row.access == "paid" and row.has_fewer_words_than(_PAID_STUB_WORDS):
        return f"the page is paid and the body has {word_count(row.body)} words"
    return None


def _truncated(row: ParsedRow) -> str | None:
    end = row.body[-60:]
    return f"the body ends with {end[-30:]!r}" if _CUT.search(end) else None


def _boilerplate(row: ParsedRow) -> str | None:
    if row.link_density is not None and row.link_density >= _MOST_LINKED:
        return f"{row.link_density:.0%} of the body lies in links"
    texts = row.paragraphs or (row.body,)
    size = sum(map(len, texts))
    if not 0 < size <= _LONGEST_FURNITURE:
        return None
    furniture = sum(len(text) for text in texts if _is_link(text) or _is_furniture(text))
    return f"{furniture / size:.0%} of the body is page furniture" if furniture * 2 >= size else None


def _is_furniture(text: str) -> bool:
    """A sentence of an article may name a newsletter; furniture does so in few words, or names many such things."""
    folded = text.casefold()
    if len(text) <= _CHARACTERS_A_PHRASE:
        return any(phrase in folded for phrase in BOILERPLATE)
    return sum(phrase in folded for phrase in BOILERPLATE) * _CHARACTERS_A_PHRASE >= len(text)


def _link_residue(row: ParsedRow) -> str | None:
    link = next(filter(_is_link, row.paragraphs), None)
    return None if link is None else f"a paragraph is a link: {link[:80]!r}"


def _is_link(text: str) -> bool:
    return text[:40].casefold().startswith(LINK_LEADS) or (len(text) < 300 and bool(_BARE_URL.fullmatch(text)))


_TEASER = "The council voted on Sunday to open a ferry line between the old harbour and the northern shore of the bay. "

RULES = (
    Rule(
        "body_empty",
        "The body holds no text.",
        "critical",
        "quarantine",
        _body_empty,
        fails={"body": " \n\n* * *", "paragraphs": ()},
        passes={"body": "ニュース" * 20},
    ),
    Rule(
        "body_short",
        "The body is shorter than 20 words (40 characters of Chinese, Japanese or Korean).",
        "warning",
        "quarantine",
        _body_short,
        fails={"body": "Photo gallery: the new ferry."},
        passes={"body": "市議会は日曜日、旧港と北岸を結ぶ渡し船の航路を来春に開くことを決めた。運賃は路面電車と同じ。"},
    ),
    Rule(
        "paywall_stub",
        "Only a teaser of a paid article.",
        "warning",
        "quarantine",
        _paywall_stub,
        fails={"body": _TEASER + "Subscribe to continue reading."},
        passes={"body": _TEASER * 11 + "Subscribe to continue reading."},
    ),
    Rule(
        "truncated",
        "The body breaks off.",
        "warning",
        "warn",
        _truncated,
        fails={"body": _TEASER + "Two electric boats will… [Read more]"},
        passes={"body": _TEASER + "“We waited ... for years.”"},
    ),
    Rule(
        "boilerplate",
        "At least half of the body is consent, navigation or promotion, or 40 % of it lies in links.",
        "warning",
        "quarantine",
        _boilerplate,
        fails={
            "paragraphs": (
                "We use cookies and similar technologies to show you content that fits.",
                "Sign up for our newsletter and follow us on every channel.",
                "The council voted on Sunday.",
            )
        },
        passes={"paragraphs": (_TEASER, _TEASER, "Sign up for our newsletter.")},
    ),
    Rule(
        "link_residue",
        "A paragraph is a link to another article.",
        "info",
        "tag",
        _link_residue,
        fails={"paragraphs": (_TEASER, "Read also: Tram fares to rise")},
        passes={"paragraphs": (_TEASER, "Readers also asked https://harbour-post.example/ about the fares.")},
    ),
)
