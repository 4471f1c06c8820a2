"""Text to words: the same for what is indexed and for what is asked.

Words are runs of letters and digits, in lower case and without accents (Müller is muller, Straße is strasse). Scripts
that put no spaces between words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) are taken in pairs of
neighbouring characters: 核谈判 is 核谈 and 谈判, one after the other, so that it is found wherever it stands.
Korean has spaces, but particles stick to its words. Arabic letters that are written in several ways become one, and
vowel signs go, as in Lucene's ArabicNormalizer.

Before that, characters get their ordinary form, as in Unicode's NFKC: ｶﾞｿﾘﾝ in half width is ガソリン, Müller whose
dots are a character of their own is Müller, and Arabic letters in the shape of their place are letters.
"""

from __future__ import annotations

import re
import unicodedata
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
_VOWEL_SIGNS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_ARABIC = str.maketrans("أإآٱىة", "اااايه", f"ـ{_VOWEL_SIGNS}")
# Han, Arabic and half-width kana that Unicode keeps for the sake of older character sets, and what they stand for.
_SHAPES = [*range(0xF900, 0xFB00), *range(0xFB50, 0xFDF0), *range(0xFE70, 0xFEFD), *range(0xFF65, 0xFFA0)]
_ORDINARY = {shape: unicodedata.normalize("NFKC", chr(shape)) for shape in _SHAPES}
_MARKS = "\u0300-\u0345\u0653-\u0655\u3099\u309a\uff9e\uff9f"  # one character with the one before
_VARIANTS = "".join(map(chr, _ARABIC)) + "\uf900-\ufaff\ufb50-\ufdef\ufe70-\ufefc\uff65-\uff9f"
_HANGUL_PARTS = "[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
_VARIANT = re.compile(f"[{_VARIANTS}][{_MARKS}]*|{_HANGUL_PARTS}|.[{_MARKS}]+", re.DOTALL)
_MAYBE_VARIANT = re.compile(f"[{_VARIANTS}{_MARKS}\u1161-\u1175]")  # quick to look for
# One character that is replaced, or of a dense script: the rest of a text needs no preparation.
_SPECIAL = f"{_DENSE.pattern.removesuffix(']+')}{_VARIANTS}{_MARKS}]"
_LONGEST_WORD = 80  # bytes; what is longer is an address or damage

NAME = "news"
ANALYZER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.ascii_fold())
    .build()
)


_Place = tuple[str, int, int]  # folded, from where to where in ordinary characters


class Word(NamedTuple):
    """A word of a text: its folded form, and where it stands in the text, characters. A tuple, as there are many.

    Attributes:
        first_end: where its first character ends: of a pair, half of it.
    """

    folded: str
    start: int
    end: int
    first_end: int


def special(texts: pa.Array) -> pa.Array:
    """Whether each text is indexed in other characters than it has. Never null."""
    return pc.fill_null(pc.match_substring_regex(texts, _SPECIAL), False)


def indexed(text: str) -> str:
    """A text as the tokenizer wants it. One that is not `special` stays as it is.

    The last character of each dense run is added at the end, so that a single one is found by the pairs it begins.
    """
    if text.isascii():
        return text
    ready = _in_ordinary_characters(text)
    runs = [letters for letters in map(_letters, _DENSE.findall(ready)) if len(letters) > 1]
    return _SEPARATOR.join([_DENSE.sub(_in_pairs, ready), *sorted({letters[-1] for letters in runs})])


def words(text: str) -> list[str]:
    """The folded words of a query, in order."""
    return list(ANALYZER.analyze(_DENSE.sub(_in_pairs, _in_ordinary_characters(text))))


def placed_words(text: str) -> list[Word]:
    """The words of a text with their places."""
    found: list[_Place] = []
    done = 0
    ready, spans = _placed(text)
    for match in () if ready.isascii() else _DENSE.finditer(ready):
        found += _spaced_words(ready[done : match.start()], done)
        places = [place for place in range(*match.span()) if _is_letter(ready[place])]
        found += ((ready[a] + ready[b], a, b + 1) for a, b in pairwise(places))
        found += [(ready[place], place, place + 1) for place in places[:1] if len(places) == 1]
        done = match.end()
    found += _spaced_words(ready[done:], done)
    return [Word(folded, spans[start][0], spans[end - 1][1], spans[start][1]) for folded, start, end in found]


def is_dense(text: str) -> bool:
    """Whether some of it is in a script without spaces, which says as much in half the characters."""
    return bool(_DENSE.search(text))


def _in_ordinary_characters(text: str) -> str:
    return _VARIANT.sub(_ordinary, text) if _MAYBE_VARIANT.search(text) else text


def _placed(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text in ordinary characters, and for each of them from where to where it stands in `text`."""
    ready, spans, done = "", [], 0
    for match in _VARIANT.finditer(text):
        ready += text[done : match.start()] + (ordinary := _ordinary(match))
        spans += [(at, at + 1) for at in range(done, match.start())] + [match.span()] * len(ordinary)
        done = match.end()
    return ready + text[done:], spans + [(at, at + 1) for at in range(done, len(text))]


def _spaced_words(text: str, start: int) -> list[_Place]:
    tokens = ANALYZER.pre_tokenize(text).tokens
    return [(token.text, start + token.char_offset_from, start + token.char_offset_to) for token in tokens]


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


def _ordinary(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0].translate(_ORDINARY)).translate(_ARABIC)
