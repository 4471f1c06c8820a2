"""Caption and credit: "… Thursday afternoon. Yonhap |", "Photo: Jane Doe", "© dpa", "Foto: X"."""

from __future__ import annotations

import re

from newshouse.parse.people.agencies import agencies_in
from newshouse.parse.people.names import UPPER, is_full
from newshouse.parse.words import tidy

_LABEL = (
    r"(?:photo(?:graph)?s?(?: (?:by|credit|courtesy(?: of)?))?|image(?: credit)?|picture|credits?|source|"
    r"fotos?|bild(?:quelle|rechte)?|quelle|copyright|cr[ée]dits?(?: photo)?|photographie|fotograf[ií]a|imagen|"
    r"courtesy(?: of)?|φωτ(?:ο(?:γραφί(?:α|ες))?)?|fotoğraf(?:lar)?|beeld|kuva|zdjęci[ea]|fot|"
    r"file photo|illustration|grafik|graphic|video|fotó|foto e|"
    r"사진(?:\s*제공|\s*출처)?|写真|写真提供|提供|撮影|图|صورة|الصورة|تصوير|المصدر|фото|©)"
)
_LABELLED = re.compile(
    rf"(?:^|[\s(\[（【|/.–—-]){_LABEL}\s*[:：=/]\s*(?P<credit>[^:：]{{2,90}}?)\s*[)\]）】|]*$", re.IGNORECASE
)
_COPYRIGHT = re.compile(
    r"(?:^|\s|\(|\|)[©Ⓒⓒ]\s*(?P<credit>[^©]{2,90}?)\s*[)|]*$|\(c\)\s*(?P<credit2>[^()]{2,90}?)\s*[)|]*$", re.IGNORECASE
)
_PHOTO_BY = re.compile(
    r"[\s(\[|](?:photos?|photo credit|picture|foto|photographie)\s+(?:by|de|von|par|"
    r"di)\s+(?P<credit>[^().]{2,80})[)\].|]*$",
    re.IGNORECASE,
)
# "Courtesy of the port", "Beeld Ines Falk": behind a sentence or alone.
_BEFORE_CREDIT = r"(?:^|(?<=[.!?…)\]|])\s|[(\[|]\s?)"
_COURTESY = re.compile(
    rf"{_BEFORE_CREDIT}(?i:(?:photo |image |picture )?courtesy (?:of )?)"
    rf"(?P<credit>(?:the\s|[{UPPER}])[^.:|]{{2,80}}?)[)\]|]*$"
)
_BARE_LABEL = re.compile(
    rf"{_BEFORE_CREDIT}(?:Beeld|Foto|Photo|Bild)\s(?P<credit>(?:the\s|[{UPPER}])[^.:|]{{2,80}}?)[)\]|]*$"
)
# 「＝4日午前、山田太郎撮影」, “王小明 摄”
_TOOK = re.compile(
    r"(?:^|(?<=[。\s])|[、，,＝=（(])(?P<credit>[\u30a0-\u30ff\u3400-\u9fff]{2,12}?)(?:撮影|\s?[摄攝](?:影)?)[)）。]?$"
)
_BRACKETED = re.compile(r"\s*[(\[（【](?P<credit>[^()（）\[\]【】]{2,80})[)\]）】]\s*[.|]?$")
_BARRED = re.compile(r"^(?P<caption>.+?)\s*[|｜]\s*(?P<credit>[^|｜]{2,80})$")
_SLASHED = re.compile(r"(?<![\w'’])(?P<credit>[\w .,'’-]{2,50}/[\w .,'’/-]{2,60}(?:via [\w ]+)?)\s*\|?$")
_ENDS = re.compile(r"[.!?。！？…\"”」]\s+(?P<credit>[^.!?。]{2,60})$")
_ASIAN_TAIL = re.compile(r"\s*[/=＝]\s*(?P<credit>[\uac00-\ud7af\u3040-\u30ff\u3400-\u9fff·\s]{2,20})$")
# Each needs one of these signs. Most captions have none, and the patterns cost a hundred times more than the look.
_LABELS = (
    (_LABELLED, frozenset(":：=/")),
    (_COPYRIGHT, frozenset("©Ⓒⓒ(")),
    (_PHOTO_BY, frozenset(" ")),
    (_COURTESY, frozenset("yY")),
    (_BARE_LABEL, frozenset("BFP")),
    (_TOOK, frozenset("影摄攝")),
)
_TAILS = (
    (_BRACKETED, frozenset("([（【")),
    (_BARRED, frozenset("|｜")),
    (_SLASHED, frozenset("/")),
    (_ENDS, frozenset('.!?。！？…"”」')),
    (_ASIAN_TAIL, frozenset("/=＝")),
)
_PHOTO_WORD = re.compile(
    r"\b(?:getty images?|shutterstock|picture alliance|imago|alamy|istock|unsplash|pool|via)\b", re.IGNORECASE
)


def split_caption(text: str | None) -> tuple[str | None, str | None]:
    """(caption, credit) of the text printed below a picture. Either may be None."""
    text = tidy(text or "")
    barred = text.endswith(("|", "｜"))
    text = text.rstrip(" |｜")
    if not text:
        return None, None
    present = set(text)
    for pattern, signs in _LABELS:
        if not signs.isdisjoint(present) and (match := pattern.search(text)):
            credit = next(value for value in match.groupdict().values() if value)
            if pattern is _BARE_LABEL and not (_names_credit(credit) or is_full(credit)):
                continue  # such a word may as well begin a sentence
            return _pair(text[: match.start()], credit)
    for pattern, signs in _TAILS:
        match = None if signs.isdisjoint(present) else pattern.search(text)
        if match and (_is_credit(match["credit"], pattern) or (barred and pattern is _ENDS)):
            head = match["caption"] if "caption" in match.groupdict() else text[: match.start("credit")]
            return _pair(*_signed(head, match["credit"], pattern))
    return (None, text) if agencies_in(text) else (text, None)


def _names_credit(text: str) -> bool:
    parts = re.split(r"\s*/\s*", text)
    named = any(agencies_in(part) for part in parts) or bool(_PHOTO_WORD.search(text))
    return named or (len(parts) > 1 and is_full(parts[0]))


def _is_credit(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether it names who took the picture. Behind a bar, a name alone does."""
    return _names_credit(text) or (pattern is _BARRED and is_full(text))


def _signed(caption: str, credit: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    """Caption and credit with the edge between them where a sentence ends or a name in capitals begins."""
    if pattern is _SLASHED:
        at = max((match.end() for match in _EDGE.finditer(credit)), default=0)
        at = at or (match.start() if (match := _CAPITALS.search(credit)) else 0)
        return caption + credit[:at], credit[at:]
    bare = caption.rstrip(" (（[【")
    if pattern is _BRACKETED and (match := _CAPITALS_LAST.search(bare)) and not bare.isupper():
        return bare[: match.start()], f"{match[0]} ({credit})"
    if pattern is _BRACKETED and bare.isupper() and is_full(bare.title()):
        return "", f"{bare} ({credit})"
    return caption, credit


_EDGE = re.compile(r"(?<=\w\w[.!?…])\s+(?=\S)")
_CAPITALS = re.compile(rf"(?<=\s)[{UPPER}]['’.{UPPER}-]+(?:\s[{UPPER}]['’.{UPPER}-]*)+\s*/")
_CAPITALS_LAST = re.compile(rf"(?<=[.!?…]\s)[{UPPER}]['’.{UPPER}-]+(?:\s[{UPPER}]['’.{UPPER}-]*)+$")


def _pair(caption: str, credit: str) -> tuple[str | None, str | None]:
    caption = caption.strip(" |｜/–—-=")
    if caption.endswith(("(", "[", "（", "【")):
        caption = caption[:-1].rstrip()
    credit = credit.strip(" |｜.[]")
    return caption or None, (credit if "(" in credit and credit.endswith(")") else credit.strip(" .()")) or None
