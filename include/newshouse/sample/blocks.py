"""The little mark-up of the sample's texts: blocks set apart by blank lines.

## A subhead            > A quote            - a list item            1. a numbered item
!figure caption | credit | description       !correction what was wrong
@ 14:05 | Headline of a live entry           anything else is a paragraph, with [links](/path) and *stress*
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Literal

BlockKind = Literal["paragraph", "subhead", "quote", "ul", "ol", "figure", "correction", "live_entry"]
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_STRESS = re.compile(r"\*([^*\n]+)\*")
_ONE_TEXT: dict[str, BlockKind] = {"##": "subhead", ">": "quote", "!correction": "correction"}
_COLUMNS: dict[str, BlockKind] = {"!figure": "figure", "@": "live_entry"}
_NUMBER = re.compile(r"\d+\. ")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its texts still carry links and stress. A figure has caption, credit, alt; a list its items."""

    kind: BlockKind
    texts: tuple[str, ...]


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Split a text into its blocks."""
    return tuple(_block(part.strip()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def _block(part: str) -> Block:
    mark, _, rest = part.partition(" ")
    if mark in _ONE_TEXT:
        return Block(_ONE_TEXT[mark], (rest,))
    if mark in _COLUMNS:
        return Block(_COLUMNS[mark], tuple(column.strip() for column in rest.split("|")))
    if mark == "-":
        return Block("ul", tuple(line.removeprefix("- ") for line in part.splitlines()))
    if _NUMBER.match(part):
        return Block("ol", tuple(_NUMBER.sub("", line, count=1) for line in part.splitlines()))
    return Block("paragraph", (part.replace("\n", " "),))


def inline_html(text: str) -> str:
    """The text as HTML, links and stress marked up."""
    linked = _LINK.sub(r'<a href="\2">\1</a>', escape(text, quote=False))
    return _STRESS.sub(r"<em>\1</em>", linked)


def plain(text: str) -> str:
    """The text as a reader sees it."""
    return _STRESS.sub(r"\1", _LINK.sub(r"\1", text))
