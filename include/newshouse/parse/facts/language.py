"""Language: declared by the page, else told by its text with a confidence."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newshouse.parse.dom.document import Document
from newshouse.parse.facts.small_words import reads_as
from newshouse.parse.words import plain

_CODE = re.compile(r"([a-zA-Z]{2,3})(?:[-_][\w-]+)?")
_SAMPLE_CHARS = 1_500  # more told no language otherwise, and the model takes 0.2 µs a byte
_CHECK_CHARS = 400
_ENGLISH_CHARS = (_CHECK_CHARS, 1_500)  # names and titles may fill the beginning; the model costs a hundred times more
_SURE = 0.99  # a text this clearly in another language overrules a template's lang attribute
_ENOUGH_CHARS = 200
_FEWEST_LETTERS = 20
_THREE_LETTERS = {
    "eng": "en",
    "kor": "ko",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "ara": "ar",
    "jpn": "ja",
    "spa": "es",
}
_UNDECLARED = frozenset(("un", "xx", "zxx", "und", "mul"))
_LIKE = ({"nb", "nn", "no", "da"}, {"hr", "sr", "bs"}, {"id", "ms"}, {"cs", "sk"}, {"gl", "pt", "es"}, {"nl", "af"})


def language(document: Document, body: str) -> tuple[str, float | None, str] | None:
    """(ISO 639-1 code, confidence or None when declared, origin); None when nothing tells."""
    node = document.article_node or {}
    html = document.tree.css_first("html")
    offers = (
        ((html.attributes.get("lang") or html.attributes.get("xml:lang")) if html is not None else None, "html"),
        (plain(node.get("inLanguage")), "jsonld"),
        (document.meta_first("og:locale", "content-language", "language", "dc.language"), "meta"),
        (document.headers.get("content-language"), "header"),
    )
    declared = next(((code, origin) for value, origin in offers if (code := _code(value))), None)
    # A check of what is declared needs less text than a guess from nothing.
    # Wrong declarations are nearly always an English template around another language.
    if declared and declared[0] != "en":
        return declared[0], None, declared[1]
    if declared and (len(body) < _ENOUGH_CHARS or any(reads_as(body[:chars], "en") for chars in _ENGLISH_CHARS)):
        return declared[0], None, declared[1]
    told, confidence = told_language(body[:_CHECK_CHARS] if declared else body)
    if declared and (not told or told == declared[0] or confidence < _SURE or _alike(told, declared[0])):
        return declared[0], None, declared[1]
    return (told, confidence, "text") if told else None


def told_language(text: str) -> tuple[str | None, float]:
    """(code, probability) by the text alone; (None, 0.0) for too little text."""
    sample = text[:_SAMPLE_CHARS]
    if len(list(islice(filter(str.isalpha, sample), _FEWEST_LETTERS))) < _FEWEST_LETTERS:
        return None, 0.0
    code, probability = _identifier().classify(sample)
    return str(code), round(float(probability), 4)


@cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _code(value: str | None) -> str | None:
    match = _CODE.fullmatch((value or "").strip().split(",")[0].strip())
    code = match[1].lower() if match else ""
    code = _THREE_LETTERS.get(code, code)
    return code if len(code) == 2 and code not in _UNDECLARED else None


def _alike(one: str, other: str) -> bool:
    """Languages that the identifier mixes up."""
    return any(one in group and other in group for group in _LIKE)
