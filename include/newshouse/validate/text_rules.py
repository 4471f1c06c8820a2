"""Rules on the text as text: its characters, left-over mark-up, and its language."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from newshouse.parse.facts.small_words import reads_as
from newshouse.validate.row import SOUND_ROW, ParsedRow, joined
from newshouse.validate.rule import Rule

# UTF-8 read as Windows-1252: the first byte of a sequence shows as one of these letters, the bytes after it as
# signs from the upper half of the code page. A two-byte sequence is taken only after letters that seldom stand
# before such a sign: "ß“" and "à»" are sound German and French.
_SIGNS = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = re.compile(f"[ÂÃÅÐÑØÙ][{_SIGNS}]|[à-ï][{_SIGNS}]{{2}}|ð[{_SIGNS}]{{3}}")
_BROKEN = re.compile("[\ufffd\x80-\x9f]")  # the replacement character, and control codes that no text holds
_ASCII = re.compile("[\x00-\x7f]+")
_LATIN1_UPPER = re.compile("[\xa1-\xff]")
# No language writes more than a quarter of its text so; Korean or Russian read as Latin-1 is nearly all of it.
_LATIN1_SHARE = 0.4
_FEWEST_SIGNS = 3
_SIGNS_PER_CHARACTER = 1 / 1000  # a few odd signs in a long text are a quotation or the publisher's own slip

_TAG = re.compile(r"</?(?:p|div|span|a|br|img|script|style|strong|em|b|i|iframe|ul|ol|li|h[1-6]|figure)\b[^<>]*>")
_ENTITY = re.compile(r"&(?:amp|nbsp|quot|lt|gt|apos|rsquo|lsquo|ldquo|rdquo|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_SHORTCODE = re.compile(r"\[/?(?:caption|gallery|embed|youtube)\b[^\]]*\]")

_GLANCE_CHARACTERS = 200  # enough to agree with the row, which most do
_SAMPLE_CHARACTERS = 500
_FEWEST_CHARACTERS = 150  # below that the language of a text is a guess
_UNLIKELY = 0.01
# Languages that a reader, and so the model, confuses in writing.
_ALIKE = (
    {"no", "nb", "nn", "da"}, {"id", "ms", "jv"}, {"hr", "sr", "bs", "sh"}, {"pt", "gl", "es", "ca", "an"},
    {"cs", "sk"}, {"xh", "zu"}, {"hi", "mr", "ne"}, {"ar", "ary", "arz"}, {"fa", "ur", "ps", "ku"},
    {"zh", "yue", "wuu"}, {"ru", "uk", "be", "bg", "mk"}, {"af", "nl"},
)  # fmt: skip


def _mojibake(row: ParsedRow) -> str | None:
    for name, text, fewest in (("title", row.title or "", 1), ("body", row.body, _FEWEST_SIGNS)):
        signs = _misread_signs(text)
        if len(signs) >= max(fewest, len(text) * _SIGNS_PER_CHARACTER):
            return f"the {name} holds {len(signs)} misread signs such as {signs[0]!r}"
    return None


def _misread_signs(text: str) -> list[str]:
    if text.isascii():
        return []
    foreign = _ASCII.sub(" ", text)  # few characters in most scripts, and none of what is sought is ASCII
    upper = _LATIN1_UPPER.findall(foreign)
    if len(upper) > _LATIN1_SHARE * (len(text) - text.count(" ") - text.count("\n")):
        return upper
    return _MISREAD.findall(foreign) + _BROKEN.findall(foreign)


def _reread(row: ParsedRow) -> ParsedRow:
    return _each_text(row, lambda text: text if text.isascii() else _MISREAD.sub(_as_utf8, text))


def _as_utf8(match: re.Match[str]) -> str:
    """The character whose UTF-8 bytes were shown as these signs; the signs themselves if they are no such bytes."""
    raw = b"".join(_byte(sign) for sign in match[0])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:  # five bytes have no sign in Windows-1252; readers let them through as they are
        return sign.encode("latin-1")


def _each_text(row: ParsedRow, change: Callable[[str], str]) -> ParsedRow:
    """The row with every text of the reader changed alike."""
    return replace(
        row,
        title=change(row.title) if row.title else row.title,
        byline=change(row.byline) if row.byline else row.byline,
        authors=tuple(map(change, row.authors)),
        credit=tuple(map(change, row.credit)),
        paragraphs=tuple(map(change, row.paragraphs)),
        body=joined(map(change, row.body.split("\n\n"))),
    )


def _without_markup(row: ParsedRow) -> ParsedRow:
    return _each_text(row, _plain)


def _plain(text: str) -> str:
    for _ in range(2):  # many systems escape twice
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        text = _SHORTCODE.sub("", _TAG.sub("", text))
    return " ".join(text.split())


def _html_residue(row: ParsedRow) -> str | None:
    for name, text in (("title", row.title or ""), ("body", row.body)):
        found = (
            ("<" in text and _TAG.search(text))
            or ("&" in text and _ENTITY.search(text))
            or ("[" in text and _SHORTCODE.search(text))
        )
        if found:
            return f"the {name} holds mark-up: {found.group()[:60]!r}"
    return None


def _lang_mismatch(row: ParsedRow) -> str | None:
    # With a confidence, the parser heard the language from the text itself.
    if row.language is None or row.language_confidence is not None or len(row.body) < _FEWEST_CHARACTERS:
        return None
    said = row.language.casefold().partition("-")[0]
    # From a third into the text: openings are rich in names and datelines.
    start = max(0, min(len(row.body) // 3, len(row.body) - _SAMPLE_CHARACTERS))
    if reads_as(row.body[start : start + _SAMPLE_CHARACTERS], said):
        return None
    model = _language_model()
    if said not in model.labels:
        return None
    family = next((family for family in _ALIKE if said in family), {said})
    for length in (_GLANCE_CHARACTERS, _SAMPLE_CHARACTERS):
        ranked = dict(model.rank(row.body[start : start + length]))
        if sum(ranked.get(language, 0.0) for language in family) > _UNLIKELY:
            return None
    return f"the row says {said!r}, the text reads as {next(iter(ranked))!r}"


@cache
def _language_model() -> Any:
    """py3langid's bundled model with probabilities. Loading it takes about a second, so it waits for the first row."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - heavy

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


RULES = (
    Rule(
        "mojibake",
        "Text was read in the wrong encoding. UTF-8 is read again; the rest is kept out.",
        "critical",
        "repair",
        _mojibake,
        repair=_reread,
        otherwise="quarantine",
        fails={"title": "La ligne de ferry ouvre dÃ¨s le printemps"},
        passes={"title": "“Spaß“ auf der Fähre: »Voilà«, ÅRET RUNT"},
    ),
    Rule(
        "html_residue",
        "Mark-up was left in the text; it is taken out.",
        "info",
        "repair",
        _html_residue,
        repair=_without_markup,
        otherwise="tag",
        fails={"body": SOUND_ROW.body + " Fares &amp; timetables"},
        passes={"body": SOUND_ROW.body + " Fares < 3 & timetables [sic]"},
    ),
    Rule(
        "lang_mismatch",
        "The text is in another language than the row says.",
        "warning",
        "warn",
        _lang_mismatch,
        fails={"language": "de"},
        passes={"language": "en-GB"},
    ),
)
