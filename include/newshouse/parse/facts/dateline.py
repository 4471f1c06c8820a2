"""The line before the first sentence: "SEOUL, July 4 (Yonhap) --", "BERLIN (dpa) -", "【東京共同】"."""

from __future__ import annotations

import re

from newshouse.parse.people.agencies import agencies_in
from newshouse.parse.words import letters, tidy
from newshouse.records import Dateline, Wire

_WITHIN_CHARS = 120
_DASH = r"\s*\.?\s*(?:--+|[–—―]|-(?=\s))\s*"
_WORD = r"[A-ZÀ-ÞĀ-ŽȘȚ\u0386-\u03ab\u0400-\u042f][\w.'’/\-]*"
_PLACE = rf"(?P<place>{_WORD}(?:[ ,]+(?:{_WORD}|de|am|an der|upon|la|le)){{0,5}})"
_DATE = (
    r"(?P<date>[^\W\d_]{3,10}\.?\s+\d{1,2}|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,10}\.?|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?)"
    r"(?:,?\s+\d{4})?"
)
_AGENCY = r"[(\[（]\s*(?P<agency>[^()\[\]（）]{2,40}?)\s*[)\]）]"
_DAY = r"(?P<date>\d{1,2}\s+[^\W\d_]{3,10})"
_INDIC = r"[\u0900-\u0963\u0970-\u0dff]"
_LINES = (
    # "МОСКВА, 4 августа. /ТАСС/.", "МОСКВА, 4 авг - РИА Новости."
    re.compile(rf"{_PLACE},?\s+{_DAY}\.?\s*/\s*(?P<agency>[^/]{{2,30}}?)\s*/[.\s–—-]*"),
    re.compile(rf"{_PLACE},?\s+{_DAY}\.?\s*[–—-]\s*(?P<agency>РИА Новости|Интерфакс|ТАСС)\.\s"),
    re.compile(rf"{_PLACE},?\s+{_DATE}\s*{_AGENCY}{_DASH}"),
    re.compile(rf"{_PLACE},?\s*{_AGENCY}{_DASH}"),
    re.compile(rf"{_PLACE},?\s+{_DATE}{_DASH}"),
    # "New Delhi, Aug 4 (PTI) The port": without a dash, of an agency that is known
    re.compile(rf"{_PLACE},\s+{_DATE}\s*[(（]\s*(?P<known>[^()（）]{{2,40}}?)\s*[)）]:?\s+(?=[A-Z“\"‘'])"),
    # "(ANSA) - ROMA, 4 AGO - Il porto", "(ANSA) - Il porto"
    re.compile(rf"[(]\s*(?P<known>[^()]{{2,40}}?)\s*[)]{_DASH}(?:{_PLACE},?\s+{_DATE}{_DASH})?"),
    re.compile(
        rf"(?P<place>{_INDIC}+(?:\s{_INDIC}+){{0,2}})[,،]?\s*(?P<date>\d{{1,2}}\s{_INDIC}{{2,12}})?\s*{_AGENCY}\s*(?:--+|[-–—:।])\s*"
    ),
    re.compile(rf"(?P<place>{_INDIC}+(?:\s{_INDIC}+){{0,2}})[,،]\s*(?P<date>\d{{1,2}}\s{_INDIC}{{2,12}})\s*(?:--+|[-–—:।])\s*"),
    re.compile(rf"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’\-]+(?:[ ,]+[A-ZÀ-Þ][\w.'’\-]*){{0,4}}){_DASH}"),
    re.compile(r"[\[(【（](?P<place>[^\]\[()【】（）=]{1,20})\s*=\s*(?P<agency>[^\]\[()【】（）=]{2,20})[\])】）]\s*"),
    re.compile(r"[\[(【（]?(?P<place>[\uac00-\ud7af]{2,10})\s*=\s*(?P<agency>연합뉴스|뉴시스|뉴스1)[\])】）]?\s*"),
    re.compile(r"[\[【](?P<place>[^\]【】\d]{1,12}?)(?P<agency>共同|時事|AFP時事|ロイター)[\]】]\s*"),
    re.compile(r"[（(](?P<agency>中央社)(?:記者[\u4e00-\u9fff、]{2,30}?)?(?P<date>\d{1,2}日)[電电][）)]\s*"),
    re.compile(r"(?P<agency>新华社|新華社|中新社)(?P<place>[\u3400-\u9fff]{2,8}?)(?P<date>\d{1,2}月\d{1,2}日)[电電]?\s*"),
    re.compile(r"(?P<place>[\u0600-\u06ff][\u0600-\u06ff\s،,]{1,40}?)\s*[(（](?P<agency>[^()（）]{2,30})[)）]\s*(?:--+|[-–—])\s*"),
)  # fmt: skip

# Each line above needs one of these; most paragraphs have none at their head.
_SIGNS = frozenset("-–—―([（【/=:।社")


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline at the head of a paragraph; None if it has none.

    Capitals before a colon are none: "NEW DELHI: The port" is written as "URGENT: The port" is.
    """
    head = paragraph[:_WITHIN_CHARS]
    if _SIGNS.isdisjoint(head):
        return None
    for pattern in _LINES:
        match = pattern.match(head)
        if match:
            part = match.groupdict()
            known = part.get("known")
            agency, date_text, place = part.get("agency") or known, part.get("date"), part.get("place")
            if (known and not agencies_in(known)) or not (agency or date_text or _looks_printed(place)):
                continue
            return Dateline(place and tidy(place).strip(" ,،"), agency and tidy(agency), date_text and tidy(date_text))
    return None


def wire_in(dateline: Dateline | None, own: frozenset[str] = frozenset()) -> Wire | None:
    """The agency that a dateline names, known to us or not.

    `own`: what the publisher is called (letters only). A newspaper that signs its own dateline is no agency.
    """
    sign = dateline.agency if dateline else None
    if sign and letters(sign) in own and _NEWSPAPER.search(sign):
        return None
    return Wire("/".join(dict.fromkeys(agencies_in(sign))) or sign, sign) if sign else None


_NEWSPAPER = re.compile(
    r"일보|신문|新聞|新報|日报|\b(?:zeitung|anzeiger|times|post|tribune|herald|journal|gazette|daily)\b", re.IGNORECASE
)


def _looks_printed(place: str | None) -> bool:
    """A bare place before a dash counts only in capitals, as a headline would not be."""
    return place is not None and place.isupper() and len(place) >= 3 and len(place.split()) <= 3
