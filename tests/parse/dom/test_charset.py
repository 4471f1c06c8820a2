"""Bytes become the text that the reporter wrote, whatever the declaration says."""

from __future__ import annotations

import codecs

import pytest
from parse_pages import DE, JA, KO, page

from newshouse.parse.dom.charset import as_utf8, decode


def declared(text: str, label: str, encoding: str) -> bytes:
    return f"<html><head><meta charset={label}></head><body><p>{text}</p></body></html>".encode(encoding)


@pytest.mark.parametrize(
    ("text", "label", "encoding"),
    [
        (" ".join(KO), "euc-kr", "cp949"),
        (" ".join(JA), "Shift_JIS", "cp932"),
        (" ".join(JA), "euc-jp", "euc-jp"),
        (" ".join(DE), "iso-8859-1", "cp1252"),
        ("Пассажиры вернулись на паромы после долгой забастовки", "windows-1251", "cp1251"),
    ],
)
def test_a_rightly_declared_encoding_is_used(text, label, encoding):
    found = decode(declared(text, label, encoding))
    assert text in found.text
    assert (found.origin, found.contradicted) == ("meta", False)


def test_the_header_is_asked_before_the_meta_element():
    body = declared(" ".join(KO), "iso-8859-1", "cp949")
    found = decode(body, {"Content-Type": "text/html; charset=EUC-KR"})
    assert (found.origin, KO[0] in found.text) == ("header", True)


@pytest.mark.parametrize(
    ("text", "encoding"), [(" ".join(KO) * 3, "cp949"), (" ".join(JA) * 3, "cp932"), (" ".join(DE) * 3, "cp1252")]
)
def test_a_page_that_wrongly_claims_utf8_is_detected(text, encoding):
    found = decode(declared(text, "utf-8", encoding))
    assert text in found.text
    assert (found.origin, found.contradicted) == ("detected", True)


def test_a_few_accents_in_english_are_of_windows_and_not_of_dos():
    text = "Body with café and naïve words. " * 3
    assert decode(text.encode("cp1252")).text == text
    assert decode(text.encode("cp1252"), {"Content-Type": "text/html; charset=utf-8"}).text == text


def test_utf8_that_claims_to_be_latin1_is_utf8():
    found = decode(declared(DE[0], "iso-8859-1", "utf-8"))
    assert (DE[0] in found.text, found.encoding, found.contradicted) == (True, "utf-8", True)


def test_text_that_was_encoded_twice_is_mended():
    body = declared(DE[0].encode().decode("latin-1"), "utf-8", "utf-8")
    assert DE[0] in decode(body).text


def test_a_few_signs_of_that_in_a_text_about_encodings_change_nothing():
    body = (
        "<html><body>„Hafenbehörde“ wird mangels Prüfung zu HafenbehÃ¶rde. " + "Über die Brücke fährt niemand. " * 9
    ).encode()
    assert as_utf8(body) is body
    assert decode(body).text.encode() == body


def test_one_broken_byte_does_not_change_the_encoding():
    body = declared(" ".join(KO) * 30, "utf-8", "utf-8").replace("해운".encode(), b"\xed\x95", 1)
    found = decode(body)
    assert (found.encoding, KO[1] in found.text) == ("utf-8", True)


@pytest.mark.parametrize(("bom", "encoding"), [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le")])
def test_a_byte_order_mark_decides(bom, encoding):
    assert decode(bom + KO[0].encode(encoding)).text == KO[0]


@pytest.mark.parametrize("label", ["x-unknown", "base64", "utf-7", "rot13", "idna", ""])
def test_a_senseless_declaration_is_ignored(label):
    assert DE[0] in decode(declared(DE[0], label, "utf-8")).text


def test_a_page_in_an_old_encoding_is_parsed_whole(read):
    body = page(lang="ko", paragraphs=KO).decode().replace('charset="utf-8"', 'charset="euc-kr"').encode("cp949")
    assert [p.text for p in read(body).paragraphs] == list(KO)


def test_a_page_in_utf8_is_read_as_it_is():
    body = declared(DE[0], "iso-8859-1", "utf-8")
    assert as_utf8(body) is body


@pytest.mark.parametrize(
    "body",
    [
        declared(DE[0], "iso-8859-1", "cp1252"),
        codecs.BOM_UTF8 + DE[0].encode(),
        codecs.BOM_UTF16_LE + DE[0].encode("utf-16-le"),
        declared(DE[0].encode().decode("latin-1"), "utf-8", "utf-8"),
    ],
    ids=["old encoding", "byte order mark", "two bytes a character", "encoded twice"],
)
def test_any_other_page_becomes_utf8(body):
    assert DE[0].encode() in as_utf8(body)


def test_an_encoding_that_looks_like_ascii_is_read():
    assert JA[0].encode() in as_utf8(declared(JA[0], "iso-2022-jp", "iso-2022-jp"))


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", "Экипажи паромов и администрация порта вернутся за стол переговоров в понедельник, сообщили там."),
        (
            "cp1253",
            "Τα πληρώματα των πλοίων και η αρχή του λιμανιού επιστρέφουν τη Δευτέρα στο τραπέζι των συνομιλιών.",
        ),
        ("tis-620", "ลูกเรือเฟอร์รี่และการท่าเรือจะกลับมาเจรจากันอีกครั้งในวันจันทร์นี้ เจ้าหน้าที่กล่าวหลังการประชุม"),
    ],
)
def test_a_page_that_claims_to_be_western_and_has_other_letters_is_read_in_its_own(codec, text):
    script = "<script>var menu = function (name) { return document.getElementById(name).innerHTML; };</script>" * 9
    page = f"<meta charset=iso-8859-1>{script}<p>{text * 5}</p>".encode(codec)
    decoded = decode(page)
    assert text in decoded.text
    assert decoded.contradicted


@pytest.mark.parametrize(
    "text",
    [
        "Größe, Maß und Übermut: die Bücher der Königin erzählen von früher.",
        "L’été où l’éleveur a été élu député, à Évreux.",
        "Ærø, Ålesund og Øst: få bøger om færgerne på søen.",
    ],
)
def test_accents_do_not_make_a_western_page_another(text):
    assert decode(f"<meta charset=iso-8859-1><p>{text * 5}</p>".encode("cp1252")).text.count(text) == 5


def test_ukrainian_letters_of_koi8_are_no_drawings_of_boxes():
    text = "Екіпажі поромів та адміністрація порту повернуться до столу перемовин у понеділок, повідомили її члени."
    assert text in decode(f"<p>{text * 9}</p>".encode("koi8-u")).text


@pytest.mark.parametrize(
    "raw",
    [
        "» Hafen · · · « « © » » · • – – – » » ".encode("cp1252") * 30,
        "Паром ушёл вечером".encode("cp1251"),
        "The crews left Zürich at nine and were home by ten. ".encode("cp1252") * 5 + "Паром".encode("cp1251"),
    ],
)
def test_signs_and_a_few_other_letters_do_not_make_a_western_page_another(raw):
    assert decode(b"<meta charset=iso-8859-1><p>" + raw + b"</p>").encoding == "cp1252"
