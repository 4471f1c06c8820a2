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
_TEXT_KINDS = ("lead", "text")
_CREDIT = re.compile(
    r"(?:^|[\s(|.])(?:file photo|photo credit|image credit|(?:photo|image|picture|photograph|foto|bild|crédit photo"
    r"|写真|사진) ?(?:by|courtesy of|:|=|/) ?['‘“]?[\w\"][^.!?\n]{1,80}['’”]?[.)]?)$"
    r"|\((?:AP|Reuters|AFP|EPA|Getty)(?: photo)?/[^)]{2,60}\)\.?$"
    r"|\bgetty images\)?\.?$|picture alliance(?: ?/ ?\w+)*\)?\.?$|© ?[\w .]{2,40}$",
    re.IGNORECASE,
)


def _caption_leak(row: ParsedRow) -> str | None:
    known = {name for caption in row.captions if len(name := letters(caption)) >= _FEWEST_LETTERS}
    kinds = row.kinds or ("text",) * len(row.paragraphs)
    for kind, text in zip(kinds, row.paragraphs, strict=True):
        if kind not in _TEXT_KINDS or len(text) > _LONGEST_CREDIT * 2:
            continue
        if known and letters(text) in known:
            return f"a paragraph is a caption: {text[:80]!r}"
        if len(text) <= _LONGEST_CREDIT and _CREDIT.search(text[-_LONGEST_CREDIT_LINE:]):
            return f"a paragraph ends with a picture credit: {text[-80:]!r}"
    return None


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
