"""Plain-text and markdown dumps of articles -> Article. What the dump does not say stays None."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from newshouse.parse.dates.moments import read_moment
from newshouse.parse.dom.charset import decode
from newshouse.parse.dumps.front_matter import front_matter, texts
from newshouse.parse.facts.dateline import read_dateline, wire_in
from newshouse.parse.facts.language import told_language
from newshouse.parse.media.captions import split_caption
from newshouse.parse.people.byline_chunks import Named
from newshouse.parse.people.bylines import split_byline
from newshouse.parse.words import SENTENCE_ENDS, ends_sentence, letters, tidy
from newshouse.records import Article, Media, Moment, NoArticle, Paragraph, ParagraphKind
from newshouse.urls import absolute

_MAX_CHARS = 4_000_000
_MAX_LINES = 50_000
# No text in brackets holds another bracket, and no search goes past the next mark: a line of `![![` is read once.
_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]]{0,2000}+)\]\((?P<url>(?:[^)\s!]|!(?!\[)){0,4000}+)(?:\s+\"(?P<title>[^\"]{0,2000})\")?\)"
)
_IMAGE_ROW = re.compile(r"\|?\s*" + _IMAGE.pattern + r"\s*\|?\s*(?P<rest>.*)")
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|da|door|av|af)\s+[^\W\d_].{2,150}|[\uac00-\ud7af·, ]{2,40}\s?(?:기자|특파원)(?:\s+\S+@\S+)?|"
    r"(?:記者|文)[:：・/／\s].{2,40}|بقلم[:\s].{2,80}",
    re.IGNORECASE,
)
_TITLE = re.compile(r"#\s+(?P<title>.*[^#\s])[#\s]*")
_SUBHEAD = re.compile(r"#{2,6}\s+(?P<text>.*[^#\s])[#\s]*")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s+(?P<text>.+)")
_QUOTE = re.compile(r">\s?(?P<text>.+)")
_TABLE_RULE = re.compile(r"[|\s:-]+")
_LINK = re.compile(r"\[([^\[\]]{1,1000}+)\]\((?:[^()\s]|\([^()\s]*\)){1,4000}(?:\s+\"[^\"]*\")?\)")
_STRONG = tuple((re.compile(rf"{mark}(?=\S)"), re.compile(rf"(?<=\S){mark}")) for mark in (r"\*\*", "__"))
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_]{1,500}?)(?<=\S)\1(?![\w*])")
_UNDERLINE = re.compile(r"(?:=|-){3,}")
_FENCE = re.compile(r"`{3,}\w*|~{3,}\w*")  # the fence of a code block
# What only parts one text from the next, in a text of any kind: `* * *`, `====`, the `###` below a press release, ◆◆◆.
_ORNAMENT = re.compile(r"(?:[-‐-―─━═=*_~#+•·●○■□◆◇★☆※❖]\s*)+")
_WHOLE_EMPHASIS = re.compile(r"([*_])(?!\1)(?P<text>[^*_]{2,600})\1")
_APART = ("#", "- ", "* ", "+ ", ">", "|", "![")  # a line that begins so goes on with nothing
_TOLERANCE = timedelta(days=1)
_CAPTION_CHARS = 600
# Of lines above a rule. Fewer than end a sentence: headlines are quotations, and end with ！ and ？ in Chinese.
_NO_HEADING_ENDS = tuple(".!?…。")


class _Reader:
    """Goes down the lines once and sorts each into its place."""

    def __init__(self, markdown: bool) -> None:
        self.markdown = markdown
        self.title: str | None = None
        self.byline: str | None = None
        self.media: list[Media] = []
        self.paragraphs: list[Paragraph] = []
        self._open_image = False

    def take(self, line: str) -> None:
        """One non-empty line."""
        if match := _IMAGE_ROW.fullmatch(line):
            caption, credit = split_caption(match["rest"] or match["title"])
            self.media.append(Media("image", _address(match["url"]), tidy(match["alt"]) or None, caption, credit))
            self._open_image = not caption
            return
        was_open, self._open_image = self._open_image, False
        if _ORNAMENT.fullmatch(line) or (self.markdown and _FENCE.fullmatch(line)):
            return
        below = _WHOLE_EMPHASIS.fullmatch(line) if was_open else None
        if below or (not self.paragraphs and not was_open and _credits_a_picture(line)):
            self._caption(below["text"] if below else line)
        elif (
            (was_open or not self.paragraphs)
            and line.endswith(("|", "｜"))
            and not line.startswith("|")
            and len(line) <= _CAPTION_CHARS
        ):
            self._caption(line)
        elif not self.title and not self.paragraphs and (match := _TITLE.fullmatch(line)):
            self.title = _bare(match["title"])
        elif not self.byline and len(self.paragraphs) < 2 and _is_byline(line):
            self.byline = tidy(line.strip("*_ "))
        else:
            self._paragraph(line)

    def _caption(self, line: str) -> None:
        caption, credit = split_caption(line)
        last = self.media[-1] if self.media else None
        if last and last.caption is None and not (last.credit and credit):
            self.media[-1] = Media(last.type, last.url, last.alt, caption, credit or last.credit)
        else:
            self.media.append(Media("image", caption=caption, credit=credit))

    def _paragraph(self, line: str) -> None:
        kind: ParagraphKind = "text"
        if self.markdown or line.startswith("#"):
            for pattern, named in _LINE_KINDS:
                if match := pattern.fullmatch(line):
                    kind, line = named, match["text"]
                    break
            if kind == "text" and line.startswith("|") and line.endswith("|"):
                if _TABLE_RULE.fullmatch(line):
                    return
                kind, line = "table", line.strip("| ")
        if text := _bare(line):
            self.paragraphs.append(Paragraph(kind, text))


_LINE_KINDS: tuple[tuple[re.Pattern[str], ParagraphKind], ...] = (
    (_SUBHEAD, "subhead"),
    (_ITEM, "list"),
    (_QUOTE, "quote"),
)


def parse_dump(body: bytes, name: str, captured_at: datetime, *, timezone: str | None = None) -> Article | NoArticle:
    """Read one text dump: picture rows with caption and credit, a byline, then one paragraph a line.

    Markdown (by `name` or by its signs) may begin with front matter giving title, url, date and author. Title,
    address and date that the dump does not give stay None. Pure; never raises on foreign bytes.

    Args:
        captured_at: aware; a stated date later than this plus a day is not believed.
        timezone: IANA name for stated times without a zone.
    """
    if b"\x00" in body[:4096] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return NoArticle("not_text", f"{name}: holds zero bytes")
    text = decode(body).text[:_MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n")
    front, text = front_matter(text)
    markdown = (
        bool(front)
        or name.lower().endswith((".md", ".markdown"))
        or bool(re.search(r"^#{1,2} [^#\s]", text, re.MULTILINE))
    )
    reader = _Reader(markdown)
    for line in _logical_lines(text):
        reader.take(line)
    if not reader.paragraphs:
        return NoArticle("empty_page", f"{name}: no paragraph of text")
    return _article(reader, front, captured_at, timezone)


def _article(reader: _Reader, front: Mapping[str, Any], captured_at: datetime, timezone: str | None) -> Article:
    title = reader.title or _text(front, "title", "headline")
    byline = reader.byline or _text(front, "author", "authors", "byline")
    named = split_byline(byline) if byline else Named()
    paragraphs = tuple(p for i, p in enumerate(reader.paragraphs) if i > 1 or letters(p.text) != letters(title))
    dateline = next((found for p in paragraphs[:2] if (found := read_dateline(p.text))), None)
    stated = _text(front, "language", "lang")
    code, confidence = told_language("\n".join(p.text for p in paragraphs))
    article = Article(
        title=title,
        paragraphs=paragraphs or tuple(reader.paragraphs),
        extractor="text_dump",
        subtitle=_text(front, "subtitle", "description"),
        section=_text(front, "section", "category"),
        tags=texts(front, "tags", "keywords"),
        published=_stated(captured_at, _text(front, "date", "published", "published_at", "pubdate"), timezone),
        modified=_stated(captured_at, _text(front, "modified", "updated", "last_modified", "lastmod"), timezone),
        byline=byline,
        authors=named.people,
        credit=named.credit or ((byline,) if byline else ()),
        dateline=dateline,
        media=tuple(reader.media),
        wire=named.wire or wire_in(dateline),
        canonical_url=_address(_text(front, "url", "link", "canonical_url", "source_url") or ""),
        language=stated or code,
        language_confidence=None if stated or not code else confidence,
    )
    return replace(article, field_origin=_origins(article, reader, stated))


def _stated(captured_at: datetime, text: str | None, timezone: str | None) -> Moment | None:
    """A time of the front matter, unless it lies after the capture."""
    moment = read_moment(text, "meta", timezone)
    return moment if moment and moment.at <= captured_at + _TOLERANCE else None


def _origins(article: Article, reader: _Reader, stated_language: str | None) -> dict[str, str]:
    """``meta`` is the front matter, ``text`` the lines below it."""
    from_front = {"subtitle", "section", "tags", "published", "modified", "canonical_url"}
    from_front |= {name for name, read in (("title", reader.title), ("byline", reader.byline)) if not read}
    from_front |= {"authors", "credit"} if not reader.byline else set()
    from_front |= {"language"} if stated_language else set()
    names = (
        "title", "subtitle", "section", "tags", "published", "modified", "byline", "authors", "credit", "dateline",
        "media", "wire", "canonical_url", "language", "body",
    )  # fmt: skip
    columns = {"published": "published_at", "modified": "modified_at"}
    return {
        columns.get(name, name): "meta" if name in from_front else "text" for name in names if getattr(article, name)
    }


def _text(front: Mapping[str, Any], *names: str) -> str | None:
    return ", ".join(texts(front, *names)) or None


def _logical_lines(text: str) -> Iterator[str]:
    """Non-empty lines. In a text that is wrapped, the lines of one block are one."""
    lines = _with_headings([tidy(line) for line in text.split("\n")[:_MAX_LINES]])
    if not _is_wrapped(lines):
        yield from filter(None, lines)
        return
    block = ""
    for line in [*lines, ""]:
        starts = not line or line.startswith(_APART) or _ITEM.fullmatch(line) or _ORNAMENT.fullmatch(line)
        if block and (starts or block.startswith(("#", "|", "![")) or _ORNAMENT.fullmatch(block)):
            yield block
            block = ""
        block = f"{block} {line}".strip()
    if block:
        yield block


def _with_headings(lines: list[str]) -> list[str]:
    """Markdown's other headings, of a line and a line of `=` or `-` below it, as those with `#`."""
    made: list[str] = []
    for line in lines:
        above = made[-1] if made else ""
        if above and above[0] not in "#-*>|!=" and not above.endswith(_NO_HEADING_ENDS) and _UNDERLINE.fullmatch(line):
            made[-1] = f"{'#' if line[0] == '=' else '##'} {above}"
        else:
            made.append(line)
    return made


def _is_wrapped(lines: list[str]) -> bool:
    """Hard-wrapped text: most lines that are followed by another are about as long as the longest, all are short, and
    few end with a sentence: short paragraphs, one below the other, do."""
    followed = [
        one for one, two in pairwise(lines) if one and two and not one.startswith(("#", "-", "*", ">", "|", "!"))
    ]
    longest = max((len(line) for line in lines), default=0)
    return (
        len(followed) >= 3
        and longest <= 130
        and sum(len(line) > 0.6 * longest for line in followed) > 0.7 * len(followed)
        and sum(map(ends_sentence, followed)) < 0.4 * len(followed)
    )


def _credits_a_picture(line: str) -> bool:
    """A line such as "Photo: Jon Aske", of a picture that was lost on the way."""
    caption, credit = split_caption(line)
    return caption is None and credit is not None and credit != line


def _is_byline(line: str) -> bool:
    line = line.strip("*_ ")
    if not _BYLINE.fullmatch(line) or len(line.split()) > 24 or ends_sentence(line, (*SENTENCE_ENDS, ":")):
        return False
    named = split_byline(line)
    return bool(named.people or named.wire)


def _bare(line: str) -> str:
    """A line without markdown's marks; a link keeps its words."""
    line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    for opens, closes in _STRONG:
        line = "".join(_between(line, opens, closes))
    return tidy(_EMPHASIS.sub(r"\2", line))


def _between(line: str, opens: re.Pattern[str], closes: re.Pattern[str]) -> Iterator[str]:
    """The parts of a line without the pairs of such marks. One that is never closed ends the search."""
    at = 0
    while (start := opens.search(line, at)) and (end := closes.search(line, start.end() + 1)):
        yield line[at : start.start()]
        yield line[start.end() : end.start()]
        at = end.end()
    yield line[at:]


def _address(url: str) -> str | None:
    try:
        return absolute(url, url) if url else None
    except ValueError:
        return None
