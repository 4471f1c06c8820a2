"""White space, entities and the comparison of texts that are printed differently."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

SENTENCE_ENDS = tuple(".!?…。！？؟۔।။។።")
"""The signs that end a sentence, in all scripts that are read."""
CLOSING = "\"”“’'»«」』)]"
"""What may stand behind such a sign. German and Danish close with “ and «."""
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{25}")
"""Thai, Lao, Burmese and Khmer have no blanks between words: so many letters in a row are no label."""
_OF_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_FEWEST_UNSPACED = 20
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\x00\ud800-\udfff]")
_TAGS = re.compile(r"<[/a-zA-Z!][^<>]{0,2000}>")
# Signs that nobody writes about; "&amp;" and "&lt;" stand in texts on HTML.
_ESCAPED = re.compile(
    r"&(?:amp;)?(?:[lr][sd]quo|[lr]aquo|quot|apos|nbsp|hellip|[mn]dash|[a-z]uml|#x?[0-9a-f]{2,5});", re.IGNORECASE
)
# "Write &quot; for a quotation mark": a sign on its own, where none would stand.
_WRITTEN_OF = re.compile(
    r"(?<!\S)[(“\"'‘]?&(?:amp;)?(?:[lr][sd]quo|quot|apos|nbsp|[a-z]uml|#x?[0-9a-f]{2,5});(?=[\s,.;:)”\"'’])",
    re.IGNORECASE,
)
_LOWER = bytes(range(256)).lower()
_ASCII = bytes(range(128))
_PUNCTUATION = re.compile(rb"\xe2\x80.", re.DOTALL)  # U+2000 to U+203F in UTF-8: dashes, quotation marks and the like
_ASCII_OTHERS = bytes(code for code in range(128) if not chr(code).isalnum())
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_NOT_CJK_BYTES = bytes({*range(256)} - {*range(0xE3, 0xEE), 0xEF})  # these begin the characters above in UTF-8
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_USUAL_WORD, _LONGEST_MEAN_WORD = 10, 40  # characters with the space behind; a text with more for each word has enough


def tidy(text: str) -> str:
    """One line: white space collapsed, invisible characters and lone surrogates gone."""
    text = text.strip()
    if text.isprintable() and "  " not in text:
        return text  # as most is: the blank is the only white space that counts as printable
    line = " ".join(text.split())
    if (line.isascii() and "\0" not in line) or line.isprintable():
        return line
    return " ".join(_INVISIBLE.sub("", text).split())


def plain(value: Any) -> str | None:
    """A metadata value as text: entities resolved (some systems escape twice or thrice), tags off. None if empty."""
    if isinstance(value, str):  # first, as nearly all are
        text = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)
    else:
        return None
    if "&" in text:
        text = html.unescape(html.unescape(text))
        if "&#" in text:
            text = html.unescape(text)
    return tidy(_TAGS.sub("", text) if "<" in text else text) or None


def unescaped(text: str, is_heading: bool = False) -> str:
    """A printed text that a content system escaped twice, so that readers see "&ldquo;", as it was meant."""
    if "&" not in text or not (is_heading or (_ESCAPED.search(text) and not _WRITTEN_OF.search(text))):
        return text
    return tidy(html.unescape(html.unescape(text)))


def letters(text: str | None) -> str:
    """Letters and digits only, lower case: two spellings of one name or headline are equal."""
    if not text:
        return ""
    # Bytes first: most of what goes is ASCII, and this is twenty times quicker than a pattern.
    if text.isascii():
        return text.encode().translate(_LOWER, _ASCII_OTHERS).decode()
    spelled = _PUNCTUATION.sub(b"", text.encode("utf-8", "surrogatepass"))
    rest = spelled.translate(_LOWER, _ASCII_OTHERS).decode("utf-8", "surrogatepass")
    if rest.isascii():
        return rest
    if rest.isalnum():
        return rest.lower()
    others = spelled.translate(None, _ASCII).decode("utf-8", "surrogatepass")  # few, in most texts
    for sign in set(others):
        if not sign.isalnum():
            rest = rest.replace(sign, "")
    return rest if others.islower() else rest.lower()


def spells(text: str, spelled: str) -> bool:
    """Whether a text has these letters (of `letters`) and no others. Most do not even begin with the first of them."""
    head = text[:1].lower()
    return (not head.isalnum() or spelled.startswith(head)) and letters(text) == spelled


def ends_sentence(text: str, ends: tuple[str, ...] = SENTENCE_ENDS) -> bool:
    """Whether a tidy text ends with one of these signs, or with one that quotation marks and brackets close behind."""
    return text.rstrip(CLOSING).endswith(ends)


def is_unspaced(text: str) -> bool:
    """Whether it may be a sentence of a script that has neither signs at its end nor blanks between words."""
    return not text.isascii() and len(_OF_UNSPACED.findall(text)) >= _FEWEST_UNSPACED


def lower(text: str) -> str:
    """In lower case, each character in its place, as Turkish capitals are meant: "GİRİŞ" has no dots to spare."""
    return text.replace("İ", "i").lower()


def first(values: Iterable[str | None]) -> str | None:
    """The first value that is not empty."""
    return next((value for value in values if value), None)


def holds_any(small: str, stems: Iterable[str]) -> bool:
    """Whether a text in lower case holds one of these: asked before a pattern that takes a hundred times longer."""
    return any(map(small.__contains__, stems))


def size(text: str) -> int:
    """Characters; those of Chinese, Japanese and Korean count for more, as they say more."""
    return len(text) + int(1.2 * _count_cjk(text))


def word_count(text: str) -> int:
    """Words; Chinese, Japanese and Korean characters count half a word each."""
    cjk = _count_cjk(text)
    return len(_WORD.findall(_CJK.sub(" ", text) if cjk else text)) + (cjk + 1) // 2


def has_fewer_words(text: str, count: int) -> bool:
    """Whether a text has fewer words than that. Those of a long one are not counted to the end."""
    if len(text) >= count * _LONGEST_MEAN_WORD:
        return False
    opening = text[: count * _USUAL_WORD]
    if not _count_cjk(opening) and sum(part[0].isalnum() for part in opening.split()) >= count:
        return False  # each such part holds a word at least
    return word_count(opening) < count and word_count(text) < count


def _count_cjk(text: str) -> int:
    if text.isascii() or not text.encode("utf-8", "surrogatepass").translate(None, _NOT_CJK_BYTES):
        return 0
    return len(_CJK.findall(text))
