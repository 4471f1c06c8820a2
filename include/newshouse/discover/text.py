"""Foreign bytes and strings made safe to keep: decoded, on one line, without control characters or mark-up."""

from __future__ import annotations

import codecs
import html
import re

import cchardet

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# XML Appendix F: how "<" begins in wide encodings that bring no byte order mark.
_WIDE = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# The WHATWG Encoding Standard reads these labels as their supersets, as browsers do and publishers expect.
_SUPERSETS = {
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "ks_c_5601"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **{"iso-8859-9": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874", "big5": "big5hkscs"},
}
_CHARSETS = re.compile(
    r"utf-8|cp\d+|iso8859-\d+|koi8-[rut]|mac-\w+|gb\w+|hz|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|johab|ptcp154|tis-620"
)
_MAX_CHARS = 2_000  # four times the longest headline; bounds what a hostile feed can make us keep
# Forbidden in XML 1.0 or useless in a headline: controls, lone surrogates, non-characters.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|i|img|ins|mark|p|q|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a feed. Never raises: what no encoding fits is read with replacement characters.

    Tried in order: byte order mark, UTF-8 that really uses it, the Content-Type header, the XML declaration, UTF-8,
    and what the bytes look like. UTF-8 goes before both declarations because text of another encoding is next to
    never valid UTF-8, while wrong declarations are common.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _safe(body.decode(encoding, "replace"))
    for begin, encoding in _WIDE:
        if body.startswith(begin):
            return _safe(body.decode(encoding, "replace"))
    declared = _encodings(body, content_type)
    for encoding in (*(() if body.isascii() else ("utf-8",)), *declared, "utf-8"):
        try:
            return _safe(body.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _safe(_read_damaged(body, declared))


def one_line(text: str | None) -> str | None:
    """White space collapsed, control characters dropped, no longer than 2,000; None when nothing is left."""
    return " ".join(_safe(text).split())[:_MAX_CHARS].rstrip() or None if text else None


def as_written(text: str | None) -> str | None:
    """The text as it stands, but for white space around it and its length; None when nothing is left."""
    return _safe(text).strip()[:_MAX_CHARS] or None if text else None


def plain(text: str | None) -> str | None:
    """A headline that may hold escaped HTML, as one line of plain text. Unknown tags stay: "<3" is no mark-up."""
    if text and ("<" in text or "&" in text):
        text = html.unescape(_TAG.sub("", text))
    return one_line(text)


def _safe(text: str) -> str:
    return _UNSAFE.sub("", text)


def _encodings(body: bytes, content_type: str | None) -> list[str]:
    header = _CHARSET.search(content_type or "")
    declaration = _DECLARED.search(body[:1024])
    names = [header[1] if header else "", declaration[1].decode("ascii") if declaration else ""]
    return [encoding for name in names if (encoding := _known_encoding(name))]


def _known_encoding(name: str) -> str | None:
    """The codec for a charset label; None for what is no charset (rot13, punycode, a typing error)."""
    try:
        codec = codecs.lookup(_SUPERSETS.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return None
    return codec if _CHARSETS.fullmatch(codec) else None


def _read_damaged(body: bytes, declared: list[str]) -> str:
    guess = None if declared else cchardet.detect(body[:65536]).get("encoding")
    encoding = declared[0] if declared else _known_encoding(guess or "") or "utf-8"
    return body.decode(encoding, "replace")
