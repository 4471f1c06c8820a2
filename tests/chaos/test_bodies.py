"""Bodies that lie, drip, burst, break off or are not what they say."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

import pytest

from .web import Behaviour, Stage, answer

PAGE = b"<p>The ferry sails again.</p>" * 20
CHUNKED = answer(b"", "200 OK", "Transfer-Encoding: chunked", Content_Length="")
BOMB = gzip.compress(bytes(50_000_000))
STREAM = zlib.compressobj(wbits=-15)
BARE = STREAM.compress(PAGE) + STREAM.flush()
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w", zipfile.ZIP_DEFLATED) as _zip:
    _zip.writestr("zeros", bytes(10_000_000))


def packed(data: bytes, encoding: str = "gzip") -> bytes:
    return answer(data, Content_Encoding=encoding)


def drip_after(head: bytes):
    return lambda stage: (stage.send(head), stage.drip(b"x" * 500))


def reset_after(data: bytes):
    def play(stage: Stage) -> None:
        stage.send(data)
        stage.reset()

    return play


BEHAVIOURS = [
    # length
    Behaviour("a body that drips", drip_after(answer(b"", Content_Length="500")), "timeout", says="not finished after"),
    Behaviour("a body that drips without a length", drip_after(answer(b"", Content_Length="")), "timeout"),
    Behaviour("a body that stops", lambda s: (s.send(answer(b"", Content_Length="500")), s.hang()), "timeout"),
    Behaviour("closed in mid-body", answer(PAGE, Content_Length="9999"), "truncated"),
    Behaviour("reset in mid-body", reset_after(answer(PAGE, Content_Length="9999")), "truncated"),
    Behaviour("longer than announced", answer(PAGE + b"more", Content_Length=str(len(PAGE))), "fetched", body=PAGE),
    Behaviour("a length below zero", answer(PAGE, Content_Length="-5"), "fetched", body=PAGE),
    Behaviour("a length in words", answer(PAGE, Content_Length="many"), "fetched", body=PAGE),
    Behaviour("two equal lengths", answer(b"abc", "200 OK", "Content-Length: 3"), "fetched", body=b"abc"),
    Behaviour("two lengths", answer(b"abc", "200 OK", "Content-Length: 30"), "connection_error"),
    Behaviour("a length that says too large", answer(b"", Content_Length=str(10**15)), "too_large"),
    Behaviour("a length of 5,000 digits", answer(PAGE, Content_Length="9" * 5000), "too_large"),
    Behaviour("a length after 5,000 zeros", answer(b"abc", Content_Length="0" * 5000 + "3"), "fetched", body=b"abc"),
    Behaviour("a body without end", lambda s: (s.send(answer(Content_Length="")), s.endless(PAGE * 99)), "too_large"),
    Behaviour("exactly the limit", answer(b"x" * 1024 * 1024), "fetched", body=b"x" * 1024 * 1024),
    Behaviour("one byte above the limit", answer(b"x" * 1024 * 1024 + b"x", Content_Length=""), "too_large"),
    Behaviour("an empty body", answer(b""), "fetched", body=b""),
    Behaviour("NUL bytes", answer(b"<p>\x00\x00</p>"), "fetched", body=b"<p>\x00\x00</p>"),
    # chunks
    Behaviour("chunks", CHUNKED + b"3\r\nabc\r\n0\r\n\r\n", "fetched", body=b"abc"),
    Behaviour("chunks with extensions", CHUNKED + b'3;a="b"\r\nabc\r\n0\r\n\r\n', "fetched", body=b"abc"),
    Behaviour("chunks with trailers", CHUNKED + b"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n", "fetched", body=b"abc"),
    Behaviour("chunked garbage", CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", "truncated"),
    Behaviour("a chunk below zero", CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n", "truncated"),
    Behaviour("a chunk larger than the world", CHUNKED + b"ffffffffffffffff\r\nabc", "truncated"),
    Behaviour("chunks without an end", CHUNKED + b"3\r\nabc\r\n", "truncated"),
    Behaviour("a chunk line without end", CHUNKED + b"1" * 200_000, "truncated"),
    Behaviour("chunks that drip", lambda s: (s.send(CHUNKED), s.drip(b"1\r\nx\r\n" * 99)), "timeout"),
    Behaviour(
        "chunks and a length",
        answer(b"3\r\nabc\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked", Content_Length="999"),
        "fetched",
        body=b"abc",
    ),
    # encodings
    Behaviour("gzip", packed(gzip.compress(PAGE)), "fetched", body=PAGE),
    Behaviour("zlib", packed(zlib.compress(PAGE), "deflate"), "fetched", body=PAGE),
    Behaviour("bare deflate", packed(BARE, "deflate"), "fetched", body=PAGE),
    Behaviour("gzip of gzip", packed(gzip.compress(gzip.compress(PAGE)), "gzip, gzip"), "fetched", body=PAGE),
    Behaviour("gzip and junk behind it", packed(gzip.compress(PAGE) + b"junk"), "fetched", body=PAGE),
    Behaviour("a gzip bomb", packed(BOMB), "too_large"),
    Behaviour("a deflate bomb", packed(zlib.compress(bytes(50_000_000)), "deflate"), "too_large"),
    Behaviour("a bomb in a bomb", packed(gzip.compress(BOMB), "gzip, gzip"), "too_large"),
    Behaviour("a hundred encodings", packed(gzip.compress(PAGE), ", ".join(["gzip"] * 100)), "truncated"),
    Behaviour("gzip cut off", packed(gzip.compress(PAGE)[:-30]), "truncated"),
    Behaviour("gzip that is not", packed(PAGE), "truncated", says="damaged"),
    Behaviour("brotli that nobody asked for", packed(b"\x0b\x02\x80news\x03", "br"), "unsupported_type", says="br"),
    Behaviour("an encoding of its own", packed(PAGE, "x-harbour"), "unsupported_type", says="x-harbour"),
    # types
    Behaviour("a zip bomb", answer(ZIP.getvalue(), Content_Type="application/zip"), "unsupported_type"),
    Behaviour("a zip bomb without a type", answer(ZIP.getvalue(), Content_Type=""), "unsupported_type"),
    Behaviour("a PDF", answer(b"%PDF-1.7", Content_Type="application/pdf"), "unsupported_type"),
    Behaviour("a film", answer(b"", Content_Type="video/mp4", Content_Length="3000000000"), "too_large"),
    Behaviour("an endless radio", lambda s: s.send(answer(Content_Type="audio/mpeg")), "unsupported_type"),
    Behaviour("HTML without a type", answer(PAGE, Content_Type=""), "fetched", body=PAGE),
    Behaviour("a type in capitals with spaces", answer(PAGE, Content_Type=" TEXT/HTML ;charset=x"), "fetched"),
]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_a_hostile_body_ends_well_defined(suffer, behaviour) -> None:
    suffer(behaviour)
