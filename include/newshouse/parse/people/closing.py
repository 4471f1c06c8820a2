"""How an article is signed at its end: "(Reporting by Ines Falk; Editing by Tom Berg)", "— Reuters", "【山田太郎】"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newshouse.parse.dom.elements import Block
from newshouse.parse.people.agencies import agencies_in, known_agency, without_source
from newshouse.parse.people.names import is_full
from newshouse.records import Wire

# "— Ines Falk", "-- Ines Falk and Tom Berg"
_DASHED = re.compile(r"^[-–—]{1,2}\s?(?P<names>\w[^.!?@:|]{3,60})$")
_QUOTES = ("”", '"', "“", "»", "«", "」", "’")
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
    r"(?:^|(?<=[。」]))\s*[【［]\s*(?P<names>[\u3040-\u30ff\u3400-\u9fff]{2,8}(?:[、・\s][\u3040-\u30ff\u3400-\u9fff]{2,8}){0,3})\s*[】］]$"
)
# What such brackets hold elsewhere: labels of links and pictures.
_LABELS = re.compile(
    r"関連|写真|動画|映像|画像|速報|続報|詳報|図解|図表|資料|参考|注目|特集|連載|解説|独自|号外|訂正|追記|更新|一覧|記事|"
    r"リンク|グラフ|ランキング|アンケート|もっと|相关|相關|视频|視頻|图片|圖片|專題|专题"
)
_REPORTER = re.compile(
    r"^[/■▶=\s]*(?P<names>[\uac00-\ud7af]{2,4}\s?\S{0,4}기자)\s*(?:[(<\[]?[\w.+-]+@[\w.-]+[)>\]]?)?$"
)


def closing_lines(blocks: list[Block], last: str) -> tuple[str, ...]:
    """The last paragraph of the text and the few blocks that follow it, but for labels in brackets."""
    at = next((at for at in range(len(blocks) - 1, -1, -1) if blocks[at].text == last), None)
    if at is None:
        return (last,)
    after = enumerate(blocks[at + 1 : at + _MAX_LINES])
    return (last, *(b.text for place, b in after if not _is_label(b, place == 0 and _is_beside(b, blocks[at]))))


def _is_label(block: Block, goes_on: bool) -> bool:
    """Whether it is a word in brackets that may be anything. `goes_on`: it ends the text as its last paragraph does."""
    enclosed = _ENCLOSED.match(block.text) if block.text[:1] in "【［" else None
    if enclosed is None or agencies_in(enclosed["names"]):
        return False
    return not goes_on or _LABELS.search(enclosed["names"]) is not None


def _is_beside(block: Block, last: Block) -> bool:
    ours, theirs = block.element, last.element
    return ours is theirs or (ours.parent is theirs.parent and block.tag == last.tag and not block.link_chars)


def signature(lines: Iterable[str]) -> str | None:
    """The names by which an article is signed at its end. `lines`: see `closing_lines`."""
    before = ""
    for line in lines:
        above, before = before, line
        if len(line) > _MAX_REPORTING_CHARS:
            continue
        if (line.endswith(("기자", ">", ")", "]")) or "@" in line) and (match := _REPORTER.match(line)):
            return match["names"]
        if line[:1] in "(rwRWbtBT[" and (match := _REPORTING.match(line)):
            return match["names"]
        # Below a quotation it is the name of who said it.
        dashed = _DASHED.match(line) if line[:1] in "-–—" and not above.endswith(_QUOTES) else None
        if dashed and is_full(dashed["names"].partition(" and ")[0]) and not agencies_in(dashed["names"]):
            return dashed["names"]
        enclosed = _ENCLOSED.search(line) if line.endswith(("】", "］")) else None
        if enclosed and not _LABELS.search(enclosed["names"]):
            return enclosed["names"]
    return None


def closing_wire(lines: Iterable[str]) -> Wire | None:
    """The known agency that a line names which says nothing else: "Kaynak: AA", "(Reuters)", "— dpa"."""
    for line in lines:
        bare = line.strip("()[]【】 ") if len(line) <= _MAX_SIGN_CHARS else ""
        is_sign = bare != line or without_source(line) != line.strip(" .")
        if is_sign and (found := agencies_in(bare, known_agency)):
            return Wire("/".join(dict.fromkeys(found)), line)
    return None
