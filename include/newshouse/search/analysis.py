"""Text to words: the same for what is indexed and for what is asked.

Words are runs of letters and digits, in lower case and without accents (Müller is muller, Straße is strasse). Scripts
that put no spaces between words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) are taken character by
character; a word of a query is then a phrase of characters, so it is found wherever it stands. Korean has spaces, but
particles stick to its words. Arabic letters that are written in several ways become one, and vowel signs go, as in
Lucene's ArabicNormalizer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import tantivy

_SEPARATOR = "\u200b"  # no letter, so words end there; itself invisible
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_ARABIC_VARIANTS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": ""}
_ARABIC = re.compile(f"[{''.join(_ARABIC_VARIANTS)}\u064b-\u0652]")
_LONGEST_WORD = 80  # bytes; what is longer is an address or damage

NAME = "news"
ANALYZER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.ascii_fold())
    .build()
)


class Word(NamedTuple):
    """A word of a text: its folded form, and where it stands in the text, characters. A tuple, as there are many."""

    folded: str
    start: int
    end: int


def prepared(text: str) -> str:
    """The text as the tokenizer wants it. Each character is treated on its own, whatever stands beside it."""
    if text.isascii():
        return text
    text = _UNSPACED.sub(_apart, text)
    return _ARABIC.sub(lambda match: _ARABIC_VARIANTS.get(match[0], ""), text)


def is_dense(text: str) -> bool:
    """Whether it is in a script without spaces, which says as much in half the characters."""
    return bool(_UNSPACED.search(text))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return list(ANALYZER.analyze(prepared(text)))


def placed_words(text: str) -> list[Word]:
    """The words with their places."""
    ready = prepared(text)
    places: Sequence[int] = range(len(text))
    if ready != text:
        places = [place for place, char in enumerate(text) for _ in (char if char < "\x80" else prepared(char))]
    tokens = ANALYZER.pre_tokenize(ready).tokens
    return [Word(t.text, places[t.char_offset_from], places[t.char_offset_to - 1] + 1) for t in tokens]


def _apart(match: re.Match[str]) -> str:
    return _SEPARATOR + (_SEPARATOR * 2).join(match[0]) + _SEPARATOR
