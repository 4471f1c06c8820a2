from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.archive.content_encoding import Decoded, UnknownEncodingError, decode

ENCODERS = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    " Deflate ": lambda body: zlib.compress(body)[2:-4],
    "identity": bytes,
    "": bytes,
}


@given(st.binary(), st.lists(st.sampled_from(sorted(ENCODERS)), max_size=3))
def test_what_was_encoded_comes_back(body: bytes, names: list[str]) -> None:
    encoded = body
    for name in names:
        encoded = ENCODERS[name](encoded)
    assert decode(encoded, ",".join(names), 10_000_000) == Decoded(body)


@given(st.binary(min_size=1), st.integers(0, 400))
def test_never_more_than_the_limit(body: bytes, limit: int) -> None:
    decoded = decode(gzip.compress(body), "gzip", limit)
    assert decoded.too_large == (len(body) > limit)
    assert decoded.body == (b"" if decoded.too_large else body)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 1_048_576, 1_048_577, 3_000_000])
@pytest.mark.parametrize("name", ["gzip", "deflate", " Deflate "])
def test_large_bodies_come_back_whole(size: int, name: str) -> None:
    body = (b"The ferry sails again. " * (size // 23 + 1))[:size]
    assert decode(ENCODERS[name](body), name, size) == Decoded(body)
    assert decode(ENCODERS[name](body), name, size - 1) == Decoded(b"", too_large=True)


def test_a_bomb_is_never_held() -> None:
    bomb = gzip.compress(bytes(40_000_000))
    tracemalloc.start()
    decode(bomb, "gzip", 16_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


@given(st.binary(), st.sampled_from(["gzip", "deflate", "gzip, deflate"]))
def test_garbage_is_incomplete_not_an_error(garbage: bytes, name: str) -> None:
    assert len(decode(garbage, name, 1000).body) <= 1000


@given(st.binary(max_size=200), st.integers(1, 19))
def test_a_stream_that_ends_early_is_incomplete(body: bytes, missing: int) -> None:
    assert not decode(gzip.compress(body)[:-missing], "gzip", 1000).complete


def test_padding_after_the_last_member_is_dropped() -> None:
    assert decode(gzip.compress(b"News") + b"\0" * 100, "gzip", 1000) == Decoded(b"News")


def test_a_damaged_second_member_is_not_padding() -> None:
    second = bytearray(gzip.compress(b"more" * 50))
    second[15] ^= 0xFF
    decoded = decode(gzip.compress(b"News") + second, "gzip", 1000)
    assert (decoded.body, decoded.complete) == (b"News", False)


@pytest.mark.timeout(10)
def test_thousands_of_members_do_not_stop_us() -> None:
    assert decode(gzip.compress(b"") * 500_000, "gzip", 1000).body == b""


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(UnknownEncodingError, match="'br' is not one of: gzip, deflate"):
        decode(b"x", "gzip, br", 1000)
