"""What dates look like: ISO 8601 and its near misses, printed dates of all orders, those in addresses.

The named groups are read by `moments.py`.
"""

from __future__ import annotations

import re

from newshouse.parse.dates.calendars import ERA
from newshouse.parse.dates.months import NAME

_HOUR = r"(?P<hour>2[0-4]|[01]?\d)(?!\d)"
_REST = (
    r"(?:[:.](?=[0-5]\d(?!\d|\.\d{4}))|\sh\s?(?=[0-5]\d(?!\d))|h|시\s*|時\s*|点\s*)(?P<minute>[0-5]\d)?(?:분|分)?"
    r"(?:[:.](?P<second>[0-5]\d|60)(?!\d)(?:[.,:]\d{1,9})?)?"
)
_CLOCK = f"{_HOUR}(?:{_REST})?"
# Letters only as a word in capitals, or behind "am": in French "et" is no zone.
_ZONE = (
    r"(?P<zone>(?:UTC|GMT)\s?[+\-−](?:\d{4}|\d{1,2}(?::\d{2})?)(?!\d)|[+\-−]\d{2}:?\d{2}|[+\-−]\d{2}|"
    r"(?-i:[A-Z]{2,5}|МСК|мск)(?![^\W\d_])|(?<=\d)Z(?![^\W_])|(?-i:Z)(?![^\W_])|(?<=[ap]m )[ecmp][sd]?t\b)?"
)
# What stands between a day and its clock. Those that are words of other uses only before hours and minutes.
_AT = (
    r"(?:\s?م[.ـ]?(?!\w))?"  # Arabic: of our era
    # The day of the week, where it stands behind the date.
    r"(?:[\s,|]+(?:pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|hétfő|kedd|szerda|csütörtök|péntek|szombat|"
    r"vasárnap)(?=\W))?"
    r"[\s,|·•–-]*(?:(?:at|um|à|kl\.?|às|a las|ore)\s*|"
    r"(?:klo|om|alle(?:\sore)?|ora|saat|o godz\.?|στις|[воvuw](?=\s)|pukul|pkl\.?|jam|lúc|בשעה|الساعة|ساعت|เวลา)\s*"
    r"(?=\d{1,2}[:.h]\d\d))?"
)
# A bare number behind a day is as often the count of something: "4 August 2026 · 3 min".
_PRINTED_CLOCK = rf"{_HOUR}(?:{_REST}|(?=\s*(?:[ap]\.?m\b|[uU]hr)))"
# "9:30 a. m.", "9:30 π.μ.", "٩:٣٠ ص"
_HALF = r"(?P<half>(?:[ap]\.?\s?m|[πμ]\.\s?μ|صباح[ا\u064b]{0,2}|مساء[ا\u064b]?|[صم])(?!\w)\.?)?"
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})(?:[T\s]+" + _CLOCK + r"\s*" + _ZONE + r")?)?)?"
)
_MINUTES = r"(?P<hour>2[0-3]|[01]?\d)[:.h](?P<minute>[0-5]\d)(?!\d)(?::(?P<second>[0-5]\d)(?!\d))?"
ISO_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"
    r"(?:(?:T|" + _AT + r")" + _MINUTES + r"(?:[.,]\d{1,9})?(?:\s?" + _HALF + r")?\s*\(?" + _ZONE + r"\)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
    + _ZONE
    + ")?"
)
_EASTERN = re.compile(
    rf"(?:{ERA}|(?P<year>\d{{4}}))\s*(?:[./]|年|년)\s*(?P<month>\d{{1,2}})\s*(?:[./]|月|월)\s*(?P<day>\d{{1,2}})"
    r"\s*(?:日|일|\.)?"
    r"(?:\s*[(（]?(?:(?:星期|周|週)[一二三四五六日]|[월화수목금토일月火水木金土日](?:요일|曜日)?|[一二三四五六](?=[)）]))[)）]?)?"
    r"(?:[\sT,|–-]*(?P<half>오전|오후|午前|午後|上午|下午|AM|PM|am|pm)?\s*"
    # A bare number behind a day is as often the count of something.
    + rf"{_HOUR}(?:{_REST}|(?(half)|(?=\s*(?:AM|PM|am|pm))))"
    + r"\s*(?P<half2>AM|PM|am|pm)?\s*"
    + _ZONE
    + r")?"
)
# "9:30 a.m. EDT, Tuesday, August 4, 2026", "09:30 | 4 серпня 2026"
CLOCK_BEFORE = re.compile(
    r"(?<![\d:.,/-])" + _MINUTES + r"(?:\s?" + _HALF + r")?\s*\(?" + _ZONE + r"\)?[\s,|•·–-]{1,3}(?:on\s)?"
    r"(?:[^\W\d_]{2,12}\.?,?\s)?$",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?[.\s]\s*(?:de\s+|d['’]|"
    r"of\s+)?" + NAME + r"(?:\s?/\s?[\u0620-\u064a]{3,12})?\.?,?\s+(?:de\s+|del\s+|พ\.ศ\.\s*)?(?P<year>\d{4})"
    r"(?:" + _AT + _PRINTED_CLOCK + r"\s*" + _HALF + r"(?:\s*Uhr)?\s*\(?" + _ZONE + r")?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    NAME + r"\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    r"(?:" + _AT + _PRINTED_CLOCK + r"\s*" + _HALF + r"\s*\(?" + _ZONE + r"\)?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?:[\s,-]+|\.\s?(?=[^\W\dA-Z_]))" + NAME + r"\.?[\s,-]+(?P<day>\d{1,2})(?!\d)\.?"
    r"(?:" + _AT + _MINUTES + r")?"
)
_VIETNAMESE = re.compile(
    r"(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:,|\s+năm)?\s+(?P<year>\d{4})(?:" + _AT + _MINUTES + r")?",
    re.IGNORECASE,
)
# With dots the day comes first wherever this form is used; with slashes only a number above 12 tells.
_DOTTED = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d{2})"
    r"(?:" + _AT + _PRINTED_CLOCK + r"(?:\s*Uhr)?\s*\(?" + _ZONE + r")?(?![\d:])"
)
SHORT_YEAR_AND_CLOCK = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?P<short>\d{2})(?![\d.])" + _AT + _MINUTES
)
SHORT_YEAR = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?P<short>\d{2})(?![\d.])(?:" + _AT + _MINUTES + r")?"
)
_SLASHED_REST = (
    r"/(?P<year>(?:19|20)\d{2})(?![\d/])"
    r"(?:(?=\D)" + _AT + _MINUTES + r"(?:\s?" + _HALF + r")?\s*\(?" + _ZONE + r"\)?)?"
)
_SLASHED_DAY_FIRST = re.compile(
    r"(?<![\d/])(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?\d|1[0-2])" + _SLASHED_REST, re.IGNORECASE
)
_SLASHED_MONTH_FIRST = re.compile(
    r"(?<![\d/])(?P<month>0?\d|1[0-2])/(?P<day>1[3-9]|2\d|3[01])" + _SLASHED_REST, re.IGNORECASE
)
# "Sat, 07/04/2026 - 09:30", as Drupal writes it where nobody chose otherwise.
_SLASHED_WEEKDAY = re.compile(
    r"\b(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs?|ur)?(?:day)?\.?,?\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})"
    + _SLASHED_REST,
    re.IGNORECASE,
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLASHED = re.compile(r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})" + _SLASHED_REST, re.IGNORECASE)
PATTERNS = (
    _ISO, _COMPACT, _EASTERN, _DAY_MONTH, _MONTH_DAY, _YEAR_FIRST, _VIETNAMESE, _DOTTED, _SLASHED_WEEKDAY,
    _SLASHED_DAY_FIRST, _SLASHED_MONTH_FIRST,
)  # fmt: skip
EPOCH = re.compile(r"(?P<seconds>1\d{9})(?P<millis>\d{3})?")
WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,?\s+(?=\S*\d|[A-Z][a-z]+\s+\d)")
LABEL = re.compile(r"^[^\d:：]{0,40}[:：]\s*(?=\S)")
URL_DATE = re.compile(
    r"[/\-_.](?P<year>20[0-3]\d|19[5-9]\d)[/\-.]?(?P<month>0[1-9]|1[0-2])[/\-.]?(?P<day>0[1-9]|[12]\d|"
    r"3[01])(?=[/\-_.]|$|\D)"
)
URL_SHORT = re.compile(r"/(?P<year>20[0-3]\d|19[5-9]\d)/(?P<month>[1-9]|1[0-2])/(?P<day>[1-9]|[12]\d|3[01])(?=/|$)")
_URL_REST = r"[\-_.](?P<month>0[1-9]|1[0-2])[\-_.](?P<year>20[0-3]\d)(?=[/\-_.]|$)"
URL_DAY_FIRST = re.compile(r"[/\-_.](?P<day>0[1-9]|[12]\d|3[01])" + _URL_REST)
URL_LATE_DAY_FIRST = re.compile(r"[/\-_.](?P<day>1[3-9]|2\d|3[01])" + _URL_REST)
URL_NAMED = re.compile(r"/(?P<year>20[0-3]\d|19[5-9]\d)/(?P<name>[a-z]{3,9})/(?P<day>0?[1-9]|[12]\d|3[01])(?=/|$)")
