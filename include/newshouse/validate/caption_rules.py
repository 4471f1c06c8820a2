"""Rules on what stood around the pictures and got into the body.

Half of the paragraphs that repeat a caption are the article's own words, so that nothing is taken out.
"""

from __future__ import annotations

import re

from newshouse.parse.words import letters
from newshouse.validate.row import SOUND_ROW, ParsedRow
from newshouse.validate.rule import Rule

_FEWEST_LETTERS = 15  # "Archive" may stand anywhere
_LONGEST_CREDIT = 250  # characters of a caption with its credit
_LONGEST_CREDIT_LINE = 120
# Of a text, past an opening quotation mark: looked for in the captions before letters are compared.
_PROBE = slice(3, 15)
_TEXT_KINDS = ("lead", "text")
_CREDIT = re.compile(
    r"(?:^|[\s(|.])(?:file photo|photo credit|image credit|(?:photo|image|picture|photograph|foto|bild|crédit photo"
    r"|写真|사진)(?: credit)? ?(?:by|courtesy of|:|=|/) ?['‘“]?[\w\"][^.!?\n]{1,80}['’”]?[.)]?)$"
    r"|\((?:AP|Reuters|AFP|EPA|Getty)(?: photo)?/[^)]{2,60}\)\.?$"
    r"|\bgetty images\)?\.?$|picture alliance(?: ?/ ?\w+)*\)?\.?$|© ?[\w .]{2,40}$",
    re.IGNORECASE,
)
# One of these is in every credit. Looking for them first spares most lines the pattern.
_SIGNS = ("photo", "image", "picture", "foto", "bild", "写真", "사진", "getty", "©", "(ap/", "reuters/", "afp/", "epa/")


def _caption_leak(row: ParsedRow) -> str | None:
    captions = "\n".join(row.captions)
    kinds = row.kinds or ("text",) * len(row.paragraphs)
    for text in (text for kind, text in zip(kinds, row.paragraphs, strict=True) if kind in _TEXT_KINDS):
        if text[_PROBE] in captions and _is_caption(text, row.captions):
            return f"a paragraph is a caption: {text[:80]!r}"
        if len(text) <= _LONGEST_CREDIT and _ends_with_credit(text[-_LONGEST_CREDIT_LINE:]):
            return f"a paragraph ends with a picture credit: {text[-80:]!r}"
    return None


def _ends_with_credit(line: str) -> bool:
    folded = line.casefold()
    return any(sign in folded for sign in _SIGNS) and bool(_CREDIT.search(line))


def _is_caption(text: str, captions: tuple[str, ...]) -> bool:
    """Tell whether the text is one of the captions, but for signs and spaces."""
    name = letters(text)
    return len(name) >= _FEWEST_LETTERS and any(name == letters(caption) for caption in captions)


RULES = (
    Rule(
        "caption_leak",
        "A paragraph is the caption or the credit of a picture.",
        "info",
        "tag",
        _caption_leak,
        fails={"paragraphs": (*SOUND_ROW.paragraphs, "The old harbour on Sunday. Photo: Ida Berg")},
        passes={"paragraphs": (*SOUND_ROW.paragraphs, "The photo shows the old harbour, she said.")},
    ),
)
