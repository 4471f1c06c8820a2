"""How an article is signed at its end: "(Reporting by Ines Falk; Editing by Tom Berg)", "— Reuters", "【山田太郎】"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import Block
from newshouse.parse.dom.furniture import Verdict
from newshouse.parse.people.agencies import agencies_in, known_agency, without_source
from newshouse.parse.people.lone_names import is_topic, may_be_name
from newshouse.parse.people.names import is_full, is_organisation
from newshouse.parse.words import ends_sentence
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
# （记者李海明、王小芳）, "(바다항=연합뉴스) 김하늘 기자 = "
_FIRST = re.compile(
    r"^.{0,40}?[（(](?:[\u4e00-\u9fff]{0,6}?)记者[\s:：]*(?P<chinese>[\u4e00-\u9fff]{2,4}(?:[、\s]+[\u4e00-\u9fff]{2,4}){0,4})[）)]|"
    r"^[(\[][^()\[\]]{2,20}=[^()\[\]]{2,12}[)\]]\s*"
    r"(?P<korean>[\uac00-\ud7af]{2,4}(?:\s?[·,]\s?[\uac00-\ud7af]{2,4}){0,4}\s?[\uac00-\ud7af]{0,4}기자)\s*="
)
_FIRST_CHARS = 120
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
        reporting = _REPORTING.match(line) if line[:1] in "(rwRWbtBT[" else None
        if reporting and reporting["names"][0].isupper() and " " in reporting["names"]:
            return reporting["names"]  # not "written by hand", "Bericht von der Küste"
        # Below a quotation it is the name of who said it.
        dashed = _DASHED.match(line) if line[:1] in "-–—" and not above.endswith(_QUOTES) else None
        if dashed and is_full(dashed["names"].partition(" and ")[0]) and not agencies_in(dashed["names"]):
            return dashed["names"]
        enclosed = _ENCLOSED.search(line) if line.endswith(("】", "］")) else None
        if enclosed and not _LABELS.search(enclosed["names"]):
            return enclosed["names"]
    return None


def signed_first(paragraph: str) -> str | None:
    """The names by which Chinese and Korean agencies sign in the dateline."""
    if paragraph.isascii() or not (match := _FIRST.match(paragraph[:_FIRST_CHARS])):
        return None
    return match["chinese"] or match["korean"]


_DPA = re.compile(r"dpa[\w-]*, dpa:\d{6}-\S+")  # the number of a dispatch: "© dpa-infocom, dpa:260704-99-123456/2"


def bold_name(document: Document, lines: tuple[str, ...]) -> str | None:
    """The full name that stands alone in bold type below the last sentence, and nowhere else: not spoken of there."""
    blocks = document.blocks
    for at in range(len(blocks) - 1, 0, -1):
        block, above = blocks[at], blocks[at - 1].text
        if (
            block.text not in lines
            or block.link_chars
            or not may_be_name(block.text, "")
            or is_organisation(block.text)
        ):
            continue
        if above.endswith(_QUOTES) or not ends_sentence(above) or not block.element.is_bold:
            continue
        if is_topic(block.text, document):
            continue  # "Related Articles"
        surname = block.text.rpartition(" ")[2]
        return None if any(surname in other.text for other in blocks if other is not block) else block.text
    return None


def source_lines(blocks: list[Block]) -> list[str]:
    """Of the lines near the headline those that may name the source, "Kaynak: AA", and not that of a picture."""
    lines = (b for b in blocks if len(b.text) <= _MAX_SIGN_CHARS and (":" in b.text or "：" in b.text))
    return [b.text for b in lines if b.element.verdict is not Verdict.CAPTION and not _is_of_picture(b)]


def _is_of_picture(block: Block) -> bool:
    """Whether it stands in a figure, below a picture, a chart or a table, or in what is called so."""
    element, around = block.element, block.element.parent
    boxes = [element, *([around] if around is not None and around.chars <= _MAX_SIGN_CHARS * 2 else [])]
    return (
        element.nearest(_FIGURES) is not None
        or element.holds_before(_SHOWN)
        or any(_CALLED_PICTURE.search(box.names) for box in boxes)
    )


_FIGURES = frozenset(("figure", "figcaption"))
_SHOWN = "img, picture, video, iframe, table, svg, canvas"
_CALLED_PICTURE = re.compile(r"image|img|photo|picture|foto|bild|chart|graph|grafik|video", re.IGNORECASE)


def closing_wire(lines: Iterable[str]) -> Wire | None:
    """The known agency that a line names which says nothing else: "Kaynak: AA", "(Reuters)", "— dpa"."""
    for line in lines:
        if "dpa:" in line and (signed := _DPA.search(line)):
            return Wire("dpa", signed[0])
        bare = line.strip("()[]【】 ") if len(line) <= _MAX_SIGN_CHARS else ""
        is_sign = bare != line or without_source(line) != line.strip(" .")
        if is_sign and (found := agencies_in(bare, known_agency)):
            return Wire("/".join(dict.fromkeys(found)), line)
    return None
