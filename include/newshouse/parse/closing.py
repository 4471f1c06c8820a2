"""How an article is signed at its end: "(Reporting by Ines Falk; Editing by Tom Berg)", "— Reuters", "【山田太郎】"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newshouse.parse.agencies import agencies_in, known_agency, without_source
from newshouse.parse.blocks import Block
from newshouse.records import Wire

_MAX_LINES = 4
_MAX_SIGN_CHARS = 60
_MAX_REPORTING_CHARS = 300
_REPORTING = re.compile(
    r"^[(\[]?\s*(?:(?:reporting|reported|written|writing|text|reportage)(?: and writing)? by|"
    r"bericht(?:et)? von|reportage (?:de|von)|text:? (?:von|de|av))\s+"
    r"(?P<names>[^;()\[\].]{3,200}?)\s*(?:[;.)\]]|,?\s(?:editing|writing|additional)\b|$)",
    re.IGNORECASE,
)
_ENCLOSED = re.compile(
    r"^[【［]\s*(?P<names>[\u3040-\u30ff\u3400-\u9fff]{2,8}(?:[、・\s][\u3040-\u30ff\u3400-\u9fff]{2,8}){0,3})\s*[】］]$"
)
_REPORTER = re.compile(
    r"^[/■▶=\s]*(?P<names>[\uac00-\ud7af]{2,4}\s?\S{0,4}기자)\s*(?:[(<\[]?[\w.+-]+@[\w.-]+[)>\]]?)?$"
)
_SIGNATURES = ((_REPORTING, "(rwRWbtBT["), (_ENCLOSED, "【［"))


def closing_lines(blocks: list[Block], last: str) -> tuple[str, ...]:
    """The last paragraph of the text and the few blocks that follow it."""
    at = next((at for at in range(len(blocks) - 1, -1, -1) if blocks[at].text == last), None)
    return (last,) if at is None else tuple(block.text for block in blocks[at : at + _MAX_LINES])


def signature(lines: Iterable[str]) -> str | None:
    """The names by which an article is signed at its end."""
    for line in lines:
        if len(line) > _MAX_REPORTING_CHARS:
            continue
        if (line.endswith(("기자", ">", ")", "]")) or "@" in line) and (match := _REPORTER.match(line)):
            return match["names"]
        for pattern, begins in _SIGNATURES:
            if line[:1] in begins and (match := pattern.match(line)):
                return match["names"]
    return None


def closing_wire(lines: Iterable[str]) -> Wire | None:
    """The known agency that a line names which says nothing else: "Kaynak: AA", "(Reuters)", "— dpa"."""
    for line in lines:
        bare = line.strip("()[]【】 ") if len(line) <= _MAX_SIGN_CHARS else ""
        is_sign = bare != line or without_source(line) != line.strip(" .")
        if is_sign and (found := agencies_in(bare, known_agency)):
            return Wire("/".join(dict.fromkeys(found)), line)
    return None
