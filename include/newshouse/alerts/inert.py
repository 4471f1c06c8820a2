"""Foreign text in our messages: what a publisher wrote may be read there, and do nothing else.

Section names, titles and addresses come from pages. Somebody could write a line break to forge a header, turn the
direction of the text to disguise an address, or call everybody in a channel.
"""

from __future__ import annotations

import re
import unicodedata

_CALLS = re.compile(r"@(?=\w)")
_UNSEEN = {"Cs", "Co", "Cn", "Cc", "Cf", "Zl", "Zp"}  # surrogates, private, unassigned, controls, formats, separators
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # letters of many scripts need them


def inert(text: str, most: int = 300) -> str:
    """One line without control or direction characters, at most so many characters, that calls nobody."""
    line = " ".join("".join(" " if _unseen(sign) else sign for sign in text[: 4 * most]).split())
    line = _CALLS.sub("@\N{WORD JOINER}", line)
    return line if len(line) <= most else line[: most - 1] + "…"


def _unseen(sign: str) -> bool:
    return sign not in _JOINERS and unicodedata.category(sign) in _UNSEEN
