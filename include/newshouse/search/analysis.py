"""Text to words: the same for what is indexed and for what is asked.

Words are runs of letters and digits, in lower case and without accents (Müller is muller, Straße is strasse). Scripts
that put no spaces between words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) are taken in pairs of
neighbouring characters: 核谈判 is 核谈 and 谈判, one after the other, so that it is found wherever it stands.
Korean has spaces, but particles stick to its words. Arabic letters that are written in several ways become one, and
vowel signs go, as in Lucene's ArabicNormalizer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import tantivy

_SEPARATOR = "\u200b"  # no letter, so words end there; itself invisible
_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3041-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_ARABIC_VARIANTS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": ""}
_ARABIC = re.compile(f"[{''.join(_ARABIC_VARIANTS)}\u064b-\u0652]")
# One character of Arabic or of a dense script: the rest of a text needs no preparation.
_SPECIAL = f"{_DENSE.pattern.removesuffix(']+')}{''.join(_ARABIC_VARIANTS)}\u064b-\u0652]"
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


def special(texts: pa.Array) -> pa.Array:
    """Whether each text is indexed in other characters than it has. Never null."""
    return pc.fill_null(pc.match_substring_regex(texts, _SPECIAL), False)


def indexed(text: str) -> str:
    """A text as the tokenizer wants it. One that is not `special` stays as it is.

    The last character of each dense run is added at the end, so that a single one is found by the pairs it begins.
    """
    runs = [letters for letters in map(_letters, _DENSE.findall(text)) if len(letters) > 1]
    return _SEPARATOR.join([_prepared(text), *sorted({letters[-1] for letters in runs})])


def words(text: str) -> list[str]:
    """The folded words of a query, in order."""
    return list(ANALYZER.analyze(_prepared(text)))


def placed_words(text: str) -> list[Word]:
    """The words of a text with their places."""
    found: list[Word] = []
    done = 0
    for match in () if text.isascii() else _DENSE.finditer(text):
        found += _spaced_words(text[done : match.start()], done)
        places = [place for place in range(*match.span()) if _is_letter(text[place])]
        found += (Word(text[a] + text[b], a, b + 1) for a, b in pairwise(places))
        found += [Word(text[place], place, place + 1) for place in places[:1] if len(places) == 1]
        done = match.end()
    return found + _spaced_words(text[done:], done)


def is_dense(text: str) -> bool:
    """Whether some of it is in a script without spaces, which says as much in half the characters."""
    return bool(_DENSE.search(text))


def _prepared(text: str) -> str:
    return text if text.isascii() else _ARABIC.sub(_one_variant, _DENSE.sub(_in_pairs, text))


def _spaced_words(text: str, start: int) -> list[Word]:
    ready = _ARABIC.sub(_one_variant, text)
    places: Sequence[int] = range(len(text))
    if len(ready) != len(text):
        places = [place for place, char in enumerate(text) for _ in _ARABIC.sub(_one_variant, char)]
    tokens = ANALYZER.pre_tokenize(ready).tokens
    return [Word(t.text, start + places[t.char_offset_from], start + places[t.char_offset_to - 1] + 1) for t in tokens]


def _in_pairs(match: re.Match[str]) -> str:
    run = _letters(match[0])
    pairs = map(add, run, run[1:]) if len(run) > 1 else run
    return _SEPARATOR + _SEPARATOR.join(pairs) + _SEPARATOR


def _letters(run: str) -> str:
    return run if run.isalpha() else "".join(filter(_is_letter, run))


@cache
def _is_letter(char: str) -> bool:
    """Tone marks, for example, are none: the tokenizer drops them."""
    return bool(ANALYZER.analyze(char))


def _one_variant(match: re.Match[str]) -> str:
    return _ARABIC_VARIANTS.get(match[0], "")
