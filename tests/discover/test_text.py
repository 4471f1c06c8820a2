from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover.text import as_written, decode, one_line, plain

LONG = 20  # enough words for a guess from the bytes alone

KOREAN, JAPANESE, CHINESE = "항구에 새 다리가 열렸다. ", "港に新しい橋が開通しました。", "港口的新大桥今天通车。"
RUSSIAN, GREEK, ARABIC = (
    "В порту открыли новый мост. ",
    "Άνοιξε η νέα γέφυρα στο λιμάνι. ",
    "افتتح الجسر الجديد في الميناء. ",
)
GERMAN, POLISH, HEBREW = (
    "Über die Brücke fährt schon jemand. ",
    "Nowy most został dziś otwarty, żegluga ruszyła. ",
    "הגשר החדש נפתח. ",
)

ENCODINGS = [
    ("utf-8", KOREAN),
    ("utf-8-sig", JAPANESE),
    ("utf-16", KOREAN),
    ("utf-16-le", RUSSIAN),
    ("utf-32", ARABIC),
    ("euc-kr", KOREAN),
    ("shift_jis", JAPANESE),
    ("euc-jp", JAPANESE),
    ("iso-2022-jp", JAPANESE),
    ("gb2312", CHINESE),
    ("big5", "港口的新大橋今天通車。"),
    ("koi8-r", RUSSIAN),
    ("windows-1251", RUSSIAN),
    ("iso-8859-1", GERMAN),
    ("iso-8859-2", POLISH),
    ("iso-8859-7", GREEK),
    ("windows-1255", HEBREW),
    ("windows-1256", ARABIC),
]


@pytest.mark.parametrize(("encoding", "words"), ENCODINGS)
def test_an_encoding_that_the_declaration_names_is_used(encoding: str, words: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><t>{words}</t>'
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(("encoding", "words"), ENCODINGS)
def test_an_encoding_that_the_header_names_is_used(encoding: str, words: str) -> None:
    text = f"<t>{words}</t>"
    assert decode(text.encode(encoding), f"application/rss+xml; charset={encoding}") == text


@pytest.mark.parametrize(
    ("encoding", "words"), [(e, w) for e, w in ENCODINGS if e in ("utf-8", "euc-kr", "shift_jis", "euc-jp", "koi8-r")]
)
def test_an_encoding_that_nobody_names_is_seen_from_the_bytes(encoding: str, words: str) -> None:
    text = f"<t>{words * LONG}</t>"
    assert decode(text.encode(encoding)) == text


def test_utf8_wins_over_a_header_and_a_declaration_that_lie() -> None:
    text = f'<?xml version="1.0" encoding="iso-8859-1"?><t>{GERMAN}</t>'
    assert decode(text.encode("utf-8"), "text/xml; charset=windows-1251") == text


def test_latin_1_is_read_as_windows_1252_as_browsers_do() -> None:
    assert decode(b'<?xml version="1.0" encoding="ISO-8859-1"?><t>\x93Yes\x94 \x80</t>').endswith("<t>“Yes” €</t>")


def test_bytes_that_fit_no_encoding_are_replaced_and_the_rest_stays() -> None:
    assert decode(b'<?xml version="1.0" encoding="utf-8"?><t>Br\xfccke</t>').endswith("<t>Br\ufffdcke</t>")


@pytest.mark.parametrize("name", ["rot13", "punycode", "unicode_escape", "zlib", "x-made-up", "undefined"])
def test_a_codec_that_is_no_charset_is_not_run(name: str) -> None:
    assert decode(f'<?xml version="1.0" encoding="{name}"?><t>uryyb</t>'.encode()).endswith("<t>uryyb</t>")


def test_control_characters_that_xml_forbids_are_dropped() -> None:
    assert decode(b"<t>a\x00b\x0bc\x1fd</t>") == "<t>abcd</t>"


def test_a_line_has_no_breaks_no_controls_and_no_lone_surrogates() -> None:
    assert one_line("  A\n\t headline\x07 \ud800here ") == "A headline here"
    assert one_line(" \n ") is None
    assert one_line(None) is None


def test_a_value_is_kept_as_written_but_for_the_space_around_it() -> None:
    assert as_written("\n Sun,  22 Nov 2026 \n") == "Sun,  22 Nov 2026"


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("A <b>bold</b> <i>plan</i>", "A bold plan"),
        ("We <3 trains", "We <3 trains"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("Rates < 2% & > 1%", "Rates < 2% & > 1%"),
    ],
)
def test_a_headline_loses_its_markup_and_nothing_else(headline: str, text: str) -> None:
    assert plain(headline) == text


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_decode(body: bytes, content_type: str | None) -> None:
    assert "\0" not in decode(body, content_type)
