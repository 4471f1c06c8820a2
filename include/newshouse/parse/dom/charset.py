"""Bytes to text. A declared encoding is believed only as long as the bytes agree."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass

import cchardet
import numpy as np
import pyarrow as pa

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_WITHIN_BYTES = 4096  # browsers look at 1024; some publishers put a licence comment first
_SAMPLE_BYTES = 64 * 1024
_ASCII = bytes(range(128))
# Labels that publishers use for a superset (WHATWG Encoding Standard, section 4.2).
_SUPERSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-9": "cp1254",
    "big5": "big5hkscs",
    "koi8-r": "koi8-u",  # the letters of Ukrainian are drawings of boxes there
}
# What templates state of pages that are in something else, and how browsers of the West would read them.
_WESTERN = frozenset(("cp1252", "iso8859-1", "iso8859-15"))
_MANY = 0.5  # share of letters beyond ASCII; in Western languages it is below a fifth
# What cchardet takes English and German with a few accents for; no page is in them (they are not in WHATWG's list).
_OF_DOS = ("IBM852", "IBM865")
_FEW = 0.001  # share of broken characters that a page may have and still be in its declared encoding
# UTF-8 read as Latin-1 and saved again: a lead byte as a letter, then a continuation byte.
_MOJIBAKE = re.compile(r"[\u00c2\u00c3][\u0080-\u00bf]|â€[™œ\u009d“”˜¦]|[ìíëê][\u0080-\u00bf]{2}")
_MOJIBAKE_SIGNS = ("\u00c3", "\u00c2", "â€", "\u0080", "\u0084", "\u0095", "\u009d")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# The same in UTF-8.
_FIRST_LEAD = 0xC0  # each character that is not ASCII begins with such a byte
_MANGLED_LEAD = b"\xc3"  # all of it begins with this byte, and many pages have none: to look for one costs nothing
_MAY_BE_MANGLED = re.compile(rb"\xc3(?:[\x82\x83]\xc2|\xa2\xe2\x82\xac|[\xaa-\xad]\xc2[\x80-\xbf]\xc2)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was read.

    Attributes:
        encoding: Python codec name.
        origin: ``bom``, ``header``, ``meta``, ``utf-8`` (it simply is), or ``detected``.
        contradicted: the declared encoding did not fit the bytes.
    """

    text: str
    encoding: str
    origin: str
    contradicted: bool = False


def as_utf8(body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A page as UTF-8; nearly always these are the bytes themselves. Never raises."""
    # Some encodings of Asia look like ASCII, so bare ASCII does not tell.
    plain = not body.isascii() and not body.startswith(codecs.BOM_UTF8) and _is_utf8(body)
    if plain and not _may_be_mangled(body):
        return body
    return decode(body, headers).text.encode("utf-8", "replace")


def _may_be_mangled(body: bytes) -> bool:
    """Whether `_unmangled` could find that half of all that is not ASCII is mangled; each sign of it is 3 characters
    at most. Told from the bytes, as most pages have none of these signs, and most others have few.
    """
    at = body.find(_MANGLED_LEAD, 0, 4 * _SAMPLE_BYTES)
    signs = len(_MAY_BE_MANGLED.findall(body, at, 4 * _SAMPLE_BYTES)) if at >= 0 else 0
    if not signs:
        return False
    leads = np.frombuffer(body, np.uint8, min(len(body), 4 * _SAMPLE_BYTES)) >= _FIRST_LEAD
    return 6 * signs >= int(np.count_nonzero(leads))


def decode(body: bytes, headers: Mapping[str, str] | None = None) -> Decoded:
    """Decode a page. Never raises; what cannot be read becomes U+FFFD."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return Decoded(body[len(bom) :].decode(encoding, "replace"), encoding, "bom")
    declared = list(_declared(body, headers or {}))
    for origin, encoding in [*declared, ("utf-8", "utf-8")]:
        text = _fitting(body, encoding)
        if text is not None:
            if encoding in _WESTERN and (other := _not_western(body)) and (read := _fitting(body, other)) is not None:
                return Decoded(read, other, "detected", contradicted=True)
            wrong = any(name != encoding for _, name in declared)
            return Decoded(_unmangled(text), encoding, origin, wrong)
    guess = _detected(body)
    fallback = guess or (declared[0][1] if declared else "cp1252")
    return Decoded(body.decode(fallback, "replace"), fallback, "detected", bool(declared))


def _is_utf8(body: bytes) -> bool:
    """As strict as `decode`, and six times quicker, as nothing is built."""
    ends = struct.pack("=ii", 0, len(body))
    try:
        pa.Array.from_buffers(pa.utf8(), 1, [None, pa.py_buffer(ends), pa.py_buffer(body)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _declared(body: bytes, headers: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    header = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if match := _HEADER_CHARSET.search(header):
        found.append(("header", match[1]))
    if meta := _META_CHARSET.search(body[:_META_WITHIN_BYTES]):
        found.append(("meta", meta[1].decode("ascii", "replace")))
    known = [(origin, codec) for origin, label in found if (codec := _codec(label))]
    # UTF-8 proves itself; a page that says two things and is valid UTF-8 is UTF-8.
    return sorted(known, key=lambda item: item[1] != "utf-8")


def _codec(label: str) -> str | None:
    label = label.strip().lower()
    try:
        name = codecs.lookup(_SUPERSETS.get(label, label)).name
    except (LookupError, ValueError):
        return None
    # Encodings for which ASCII bytes mean something else never carry a readable <meta>.
    return None if name.startswith(("utf-16", "utf-32", "utf-7")) or not _is_text_codec(name) else name


def _is_text_codec(name: str) -> bool:
    try:
        return b"<html>".decode(name) == "<html>"
    except (LookupError, ValueError):
        return False


def _fitting(body: bytes, encoding: str) -> str | None:
    """The text, if (nearly) all bytes are valid in `encoding` and, for single-byte ones, UTF-8 does not fit better."""
    if encoding != "utf-8" and not body.isascii():
        utf8 = _fitting(body, "utf-8")
        if utf8 is not None:
            return None  # bytes that happen to be valid UTF-8 are UTF-8, whatever a template says
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
    broken = text.count("\ufffd")
    # A cut or comment in another encoding is common; more means that the label is wrong.
    return text if broken <= _FEW * len(body.translate(None, _ASCII)) else None


def _detected(body: bytes) -> str | None:
    label = cchardet.detect(_sample(body)).get("encoding")
    if label in _OF_DOS:
        return "cp1252"
    return _codec(label) if label else None


def _sample(body: bytes) -> bytes:
    """The beginning of the text, without tags."""
    return re.sub(rb"<[^>]{0,2000}>", b"", body[: 4 * _SAMPLE_BYTES])[:_SAMPLE_BYTES] or body[:_SAMPLE_BYTES]


def _not_western(body: bytes) -> str | None:
    """The encoding of a page whose letters are too few of ASCII to be Western, as those of Russian and Greek are."""
    first, *others = body[: 8 * _SAMPLE_BYTES].split(b"<script")
    sample = _sample(first + b"".join(piece.partition(b"</script>")[2] for piece in others))
    beyond, within = len(sample.translate(None, _NO_LETTERS)), sum(map(len, _ASCII_LETTERS.findall(sample)))
    if beyond < max(_FEWEST, _MANY * (beyond + within)):
        return None
    guess = _detected(sample)
    return None if guess in _WESTERN or guess == "utf-8" else guess


# Quotation marks, dashes, bullets, £ and © of Windows-1252, of which a page of pictures may have more than letters.
_NO_LETTERS = bytes((*range(128), *range(0x80, 0x8A), *range(0x91, 0x9A), *range(0xA0, 0xC0)))
_FEWEST = 60
_ASCII_LETTERS = re.compile(rb"[a-zA-Z]+")


def _unmangled(text: str) -> str:
    """Undo UTF-8 that was once read as Windows-1252, if the whole text agrees that this happened."""
    sample = text[: 4 * _SAMPLE_BYTES]
    if sample.isascii() or not any(sign in sample for sign in _MOJIBAKE_SIGNS):
        return text
    others = len(_NOT_ASCII.findall(sample))
    if not others or 2 * sum(len(m[0]) for m in _MOJIBAKE.finditer(sample)) < others:
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except ValueError:
            continue
    return text
