"""Lines that name authors though the mark-up does not say so in English: by their words, by a label above them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from newshouse.parse.dates.day_order import stated_locale
from newshouse.parse.dates.statements import PARTS
from newshouse.parse.dom.apart import is_apart
from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import Block
from newshouse.parse.dom.furniture import Verdict
from newshouse.parse.people.byline_words import is_prefix
from newshouse.parse.people.lone_names import is_topic, may_be_name
from newshouse.parse.people.names import UPPER, is_organisation
from newshouse.parse.words import holds_any

_MAX_LINE_CHARS, _MAX_LABEL_CHARS = 100, 24
_BYLINE_TEXT = re.compile(
    # The date may stand before it, or the day and the clock.
    r"(?:.{0,30}\d{4}\W{1,3}|.{0,40}\d(?::|時|时|시 ?)\d\d(?:分|분)?(?:\s?น\.)?\s+)?"
    rf"(?P<byline>(?i:(?:written|posted|published|submitted|reported|story|words|text|article)\s+)?"
    rf"(?:by|By|BY)[\s:]+[{UPPER}]|"
    rf"(?:[Vv]on|Gespeichert von|Eingereicht von|[Pp]ar|[Pp]or|Author|Autor|Auteur)[\s:]+[{UPPER}]|"
    # Words that begin other lines as well: a name of two words behind them, or a colon.
    rf"(?:[Dd]i|[Dd]oor|[Aa]v|[Aa]f|Tekst|Texte?)(?:\s?:\s*[{UPPER}]|\s+[{UPPER}][\w'’.-]+\s(?:\w+\s)?[{UPPER}])|"
    rf"(?:Penulis|Reporter|Oleh|Laporan|Kirjoittaja|Skribent|Muhabir|Yazar|Haber)\s?:\s*[{UPPER}]|"
    r"מאת[\s:]+[א-ת]|Γράφ(?:ει|ουν)[\s:]+(?:(?:ο|η|οι)\s)?[\u0386-\u03ab]|"
    r"(?:Автор|Автори|Текст|Авторы)\s?:\s*[\u0400-\u042f]|"
    r"(?:كتب|كتبت|بقلم|إعداد|الكاتب|تحریر|نویسنده|خبرنگار)\s?:\s*[\u0600-\u06ff]|(?:लेखक|संवाददाता)\s?:\s*[\u0900-\u097f]|"
    r"(?=記者[\u4e00-\u9fff]{2,4}[／/])|(?:本[报報])?[记記]者[\s:：]+[\u4e00-\u9fff]{2,5}(?=\s|$)|"
    r"(?:โดย|ผู้สื่อข่าว|ผู้เขียน|เรื่อง)[\s:]+[\u0e00-\u0e7f]+\s[\u0e00-\u0e7f]+$|"
    # A name in the genitive, and nothing else in the line but the date.
    r"(?P<signed>(?:Του|Της|Των)\s[\u0386-\u03ab]\w+\s[\u0386-\u03ab]\w+(?=\s*(?:$|[|,•·/]))|"
    r"[\uac00-\ud7af]{2,4}\s\S{0,4}기자(?=\s|$|입력|승인|등록|발행))|(?P<taiwan>記者[\u4e00-\u9fff]{2,4}(?=[／/])))"
)
# What content systems of other languages call the element; last what is no company, nor of a petition, in a few alone.
_CALLED_AUTHOR = re.compile(
    r"(?:(?<![a-zA-Z])|(?<=[a-z])(?=[A-Z]))(?i:autor(?:e|es|en|in|i|a|as|zy)?|auteurs?|kirjoittaja|"
    r"skribent|forfatter|yazar|muhabir|redakteur|verfasser|journalist|penulis|(?P<sign>firmas?|firmante|signature))(?![a-z])"
)
# One of these is in each, in lower case.
_AUTHOR_STEMS = (
    "autor", "auteur", "kirjoitt", "skribent", "forfatter", "yazar", "muhabir", "redakteur", "verfasser", "journalist",
    "penulis", "firma", "signature",
)  # fmt: skip
_SIGN_LANGUAGES = frozenset(("es", "ca", "gl", "eu", "it", "pt", "fr"))
_LABEL = re.compile(  # of a text in lower case
    r"(?:(?:written|article|story|text|words|posted) by|about the authors?|author(?:s|\(s\))?|contributors?|"
    r"(?:artikel|text|beitrag) von|autor(?:in|en)?|über (?:den autor|die autorin)|auteur|"
    r"à propos de l['’]auteure?|sobre (?:el autor|la autora|[oa] autora?)|autore|l['’]autore|skribent|tekst)\s?:?"
)
_FIRST_OF_LABEL = frozenset("wastpcbülàWASTPCBÜLÀ")
# Beside these an author is that of a book.
_OF_BOOK = re.compile(
    r"isbn|publisher|pages|paperback|verlag|seiten|éditeur|editorial|páginas|casa editrice", re.IGNORECASE
)
_NEIGHBOURS = 6


def line_near_headline(document: Document) -> str | None:
    """The line that begins like a byline near the headline, whatever its mark-up says, or whose mark-up does."""
    headline = document.headline
    near = [(block, block.text) for block in document.near_headline]
    paragraphs = 0
    for (block, text), (_, following) in pairwise([*near, (None, "")]):
        line = None
        paragraphs += block is not None and block.size >= _PARAGRAPH_CHARS
        if len(text) <= _MAX_LINE_CHARS:
            line = next(filter(None, map(_signed, PARTS.split(text))), None)
        if (
            line is None
            and paragraphs < _FIRST_PARAGRAPHS
            and len(text) <= _MAX_LABEL_CHARS
            and len(following) <= _MAX_LINE_CHARS
        ):
            line = following if is_prefix(text) else None
        if line and block and headline and not is_apart(block, headline):
            return line
    return None


def _signed(part: str) -> str | None:
    match = _BYLINE_TEXT.match(part.strip())
    if match is None:
        return None
    return match["signed"] or match["taiwan"] or part.strip()[match.start("byline") :]


def byline_above_text(document: Document) -> str | None:
    """The line that says by whom it is, between the headline and the first paragraph."""
    headline = document.headline
    for at, block in enumerate(document.below_headline[:_LINES]):
        text = block.text
        if block.size >= _PARAGRAPH_CHARS and not block.is_heading:
            return None
        if len(text) > _MAX_LINE_CHARS or not text.startswith(_BY) or not _BYLINE_TEXT.match(text):
            continue
        is_other = (
            (block.is_heading and at > 0)  # "By Any Measure", between paragraphs
            or block.element.verdict is Verdict.CAPTION
            or "(" in text
            or _OF_BOOK.search(text) is not None
        )
        return text if headline and not is_other and not is_apart(block, headline) else None
    return None


_BY = ("By ", "by ", "BY ", "By:", "by:", "Written by ", "Von ", "von ", "Von:", "Par ", "par ", "Por ", "por ", "Por:")
_LINES, _PARAGRAPH_CHARS = 8, 150
_FIRST_PARAGRAPHS = 3  # further down, a label is as likely that of another article or of a book


def called_author(document: Document) -> list[str]:
    """The texts of the elements near the headline that are called author in another language than English."""
    headline = document.headline
    signs = stated_locale(document)[0] in _SIGN_LANGUAGES
    found = [
        block for block in document.near_headline if len(block.text) <= _MAX_LINE_CHARS and _is_called(block, signs)
    ]
    return [block.text for block in found if headline and not is_apart(block, headline)]


def _is_called(block: Block, signs: bool) -> bool:
    parent = block.element.parent
    around = [block.element, *([parent] if parent is not None and parent.chars <= _MAX_LINE_CHARS else [])]
    return any(_calls_author(element.names, signs) for element in around)


@lru_cache(maxsize=10_000)  # as in `apart.py`
def _calls_author(names: str, signs: bool) -> bool:
    called = _CALLED_AUTHOR.search(names) if holds_any(names.lower(), _AUTHOR_STEMS) else None
    return called is not None and (signs or called["sign"] is None)


def labelled_name(document: Document) -> str | None:
    """The full name right below a label as author boxes have it, anywhere on the page, if all labels name the same."""
    headline, blocks = document.headline, document.blocks
    found: dict[str, None] = {}
    for at, (label, block) in enumerate(pairwise(blocks)):
        text = label.text
        if len(text) > _MAX_LABEL_CHARS or text[0] not in _FIRST_OF_LABEL or not _LABEL.fullmatch(text.lower()):
            continue
        if not _is_persons(block.text):
            continue
        around = blocks[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
        if any(_OF_BOOK.search(other.text) for other in around if len(other.text) <= _MAX_LINE_CHARS):
            continue
        if any(other.is_linked_heading for other in blocks[max(0, at - _LINES_OF_TEASER) : at]):
            continue
        if (headline is None or not is_apart(block, headline)) and not is_topic(block.text, document):
            found[block.text] = None
    return next(iter(found)) if len(found) == 1 else None


_LINES_OF_TEASER = 3


def _is_persons(text: str) -> bool:
    name = text.partition(",")[0]
    return may_be_name(name, "") and not is_organisation(name)
