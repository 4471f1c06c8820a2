"""A forgotten article's address is found in a listing however it is written."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.forget.links import links_in
from newshouse.forget.target import Target, address_id
from newshouse.urls import url_key

URL = "https://www.daily.example/news/lock-closed-1"
BASE = "https://www.daily.example/news/"


@pytest.mark.parametrize(
    "body",
    [
        f'<a href="{URL}">x</a>',
        f"<a href={URL}>x</a>",
        '<a href="/news/lock-closed-1">x</a>',
        '<a href="lock-closed-1">x</a>',
        "<a href='../news/lock-closed-1?utm_source=rss'>x</a>",
        '<a href="//www.daily.example/news/lock-closed-1">x</a>',
        "<a href='HTTPS://WWW.daily.example/news/lock-closed-1'>x</a>",
        '{"url":"https:\\/\\/www.daily.example\\/news\\/lock-closed-1"}',
        "<link>https&#58;//www.daily.example/news/lock-closed-1</link>",
        f"<link><![CDATA[{URL}]]></link>",
        f"<description>&lt;a href=&quot;{URL}&quot;&gt;x&lt;/a&gt;</description>",
        f"[The lock]({URL}), closed.",
        f"{URL}\n",
    ],
)
def test_it_is_found(body: str) -> None:
    target = Target({address_id(URL)}, {URL, url_key(URL)})
    for raw in (body.encode(), gzip.compress(body.encode()), body.encode("utf-16")):
        assert target.is_named_in(raw, BASE)
    other = body.replace("lock-closed-1", "lock-closed-12")
    assert not target.is_named_in(other.encode(), BASE)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_foreign_bytes_never_raise(body: bytes, base: str) -> None:
    for raw in (body, b"\x1f\x8b" + body, b"\xff\xfe" + body, b'<a href="//[' + body):
        assert all(isinstance(link, str) for link in links_in(raw, base))
