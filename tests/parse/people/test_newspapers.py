"""Bylines and dates as newspapers of many languages print them, in mark-up that does not speak English."""

from __future__ import annotations

import pytest
from parse_pages import DE, EN, JA, KO, page


def _read(read, lines: str, lang: str, paragraphs=EN):
    return read(page(lines, lang=lang, paragraphs=paragraphs), url="https://www.valecourier.example/news/ferry")


@pytest.mark.parametrize(
    ("lang", "line", "names"),
    [
        ("de", "<p class='text-muted'>04.07.2026 - Ines Falk</p>", ["Ines Falk"]),
        ("de", "<p>Gespeichert von Ines Falk am 4. Juli 2026 - 18:55</p>", ["Ines Falk"]),
        ("en", "<p>July 4, 2026 · 4 min · Ines Falk</p>", ["Ines Falk"]),
        ("en", "<p>yas! | By Ines Falk | 4 July 2026</p>", ["Ines Falk"]),
        ("en", "<p class='byline'><b>By</b><b>Ines Falk</b></p>", ["Ines Falk"]),
        ("en", "<p class='byline'>By <b>Ines Falk</b><b>Published: Jan 29, 2026</b></p>", ["Ines Falk"]),
        ("en", "<p class='byline'>By Evan Symon, August 14, 2020</p>", ["Evan Symon"]),
        ("de", "<p class='byline'>Von Jule Radeck 0</p>", ["Jule Radeck"]),
        ("fi", "<p class='kirjoittaja'>Kirjoittaja: Ines Falk</p>", ["Ines Falk"]),
        ("fr", "<p class='auteur'>Propos recueillis par Ines Falk et Tom Berg</p>", ["Ines Falk", "Tom Berg"]),
        ("es", "<p class='firma'>Inés Falcón y Tomás Bergés | Puerto Vale</p>", ["Inés Falcón", "Tomás Bergés"]),
        ("es", "<p>Inés Falcón / Corresponsal</p><p>Julio 4, 2026 - 9:30 am</p>", ["Inés Falcón"]),
        ("it", "<p class='autore'>dal nostro inviato Ines Falco</p>", ["Ines Falco"]),
        ("nl", "<p class='auteur'>Door onze verslaggever Ines de Valk</p>", ["Ines de Valk"]),
        ("pt", "<p class='autor'>Por Inês Falcão, g1 Vale — Porto Vale</p>", ["Inês Falcão"]),
        ("cs", "<p class='autori'>Inga Falková, Tomáš Berger</p>", ["Inga Falková", "Tomáš Berger"]),
        ("ru", "<p>Автор: Инна Соколова</p>", ["Инна Соколова"]),
        ("uk", "<p>Автор: Інна Соколенко</p>", ["Інна Соколенко"]),
        ("ar", "<p>كتبت: إيناس الصقر</p>", ["إيناس الصقر"]),
        ("ar", "<p class='author'>إيناس الصقر - الميناء</p>", ["إيناس الصقر"]),
        ("fa", "<p class='author'>نویسنده: ایناز شاهین</p>", ["ایناز شاهین"]),
        ("ur", "<p class='author'>تحریر: عینی شاہین</p>", ["عینی شاہین"]),
        ("hi", "<p class='author'>लेखक: इनेश फाल्क</p>", ["इनेश फाल्क"]),
        ("id", "<p class='reporter'>Penulis: Ines Falka, Editor: Tomi Berga</p>", ["Ines Falka"]),
        ("zh-tw", "<p>記者李海明／維爾港報導</p>", ["李海明"]),
        ("ja", "<p class='author'>港湾部 佐藤花子、山田太郎</p>", ["佐藤花子", "山田太郎"]),
        ("ko", "<p><b>김하늘 기자</b><b>입력 2026.07.04. 오전 9:30</b></p>", ["김하늘"]),
    ],
)
def test_the_names_of_a_byline_are_read(read, lang, line, names):
    assert [author.name for author in _read(read, line, lang).authors] == names


def test_a_role_behind_several_names_is_that_of_each(read):
    article = _read(read, "<p class='byline'>김하늘·박바다 기자</p>", "ko", KO)
    assert [(author.name, author.role) for author in article.authors] == [("김하늘", "기자"), ("박바다", "기자")]


@pytest.mark.parametrize(
    ("first", "names", "wire"),
    [
        ("新华社维尔港7月4日电（记者李海明、王小芳）渡轮船员与港务局将重返谈判桌。", ["李海明", "王小芳"], "Xinhua"),
        (
            "(바다항=연합뉴스) 김하늘 기자 = 해운 노조와 항만 당국이 협상 테이블에 다시 앉기로 했다.",
            ["김하늘"],
            "Yonhap",
        ),
        ("（中央社記者李海明維爾港4日電）渡輪船員與港務局將於下週一重返談判桌，雙方宣布。", [], "CNA"),
    ],
)
def test_asian_agencies_sign_in_the_first_line(read, first, names, wire):
    article = _read(read, "", "zh", (first, *JA))
    assert [author.name for author in article.authors] == names
    assert (article.wire and article.wire.agency) == wire


@pytest.mark.parametrize(
    ("lang", "line", "agency"),
    [
        ("tr", "<p>Kaynak: AA</p>", "Anadolu"),
        ("pt", "<p class='autor'>Lusa</p>", "Lusa"),
        ("de", "<p>dpa-infocom, dpa:260704-99-123456/2</p>", "dpa"),
    ],
)
def test_an_agency_is_told_near_the_headline(read, lang, line, agency):
    article = _read(read, line, lang)
    assert (article.wire and article.wire.agency) == agency
    assert article.authors == ()


def test_the_number_of_a_dispatch_tells_its_agency(read):
    assert _read(read, "", "de", (*DE, "© dpa-infocom, dpa:260704-99-123456/2")).wire.agency == "dpa"


@pytest.mark.parametrize("tag", ["figcaption", "div class='photo-credit'"])
def test_a_source_below_a_picture_is_not_that_of_the_article(read, tag):
    line = f"<figure><img src='/a.jpg'><{tag}>Quelle: dpa</{tag.split()[0]}></figure>"
    assert _read(read, line, "de", DE).wire is None
    assert _read(read, f"<p class='byline'>Von Ines Falk</p>{line}<div>Quelle: dpa</div>", "de", DE).wire is None


@pytest.mark.parametrize(
    "line",
    [
        "<img src='/a.jpg'><p>Source: Reuters</p>",
        "<div class='photo'><img src='/a.jpg'></div><p>Source: Reuters</p>",
        "<div class='chart'><p>Exports, in tonnes</p><p>Source: Reuters</p></div>",
        "<table><tr><td>1</td></tr></table><p>Source: Reuters</p>",
        "<iframe src='https://charts.example/1'></iframe><p>Source: Reuters</p>",
    ],
)
def test_a_source_below_a_picture_a_chart_or_a_table_is_theirs(read, line):
    assert _read(read, line, "en").wire is None


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 5 July 2026",
        "By Ines Falk Updated 5 July 2026",
        "This article was updated on 5 July 2026",
        "Aktualisiert am Sonntag, 5. Juli 2026",
        "Actualizado el domingo, 5 de julio de 2026",
        "最終更新 2026年7月5日",
    ],
)
def test_a_change_of_the_page_is_told_in_many_ways(read, line):
    assert _read(read, f"<p>Published 4 July 2026</p><p>{line}</p>", "en").modified.at.day == 5


@pytest.mark.parametrize(("lang", "names"), [("es", ["Inés Falcón"]), ("de", [])])
def test_a_firma_signs_in_spanish_and_is_a_company_in_german(read, lang, names):
    article = _read(read, "<p class='firma'>Inés Falcón</p>", lang)
    assert [author.name for author in article.authors] == names


@pytest.mark.parametrize("line", ["Di Lorenzo", "Av Linjen", "Door Opens", "Af Jord"])
def test_a_word_of_two_meanings_before_one_name_is_no_byline(read, line):
    assert _read(read, f"<p>{line}</p>", "en").authors == ()


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("no", "Publisert 4. juli 2026 kl. 09:30 Oppdatert 5. juli 2026 kl. 10:00"),
        ("fi", "Julkaistu 4.7.2026 klo 9.30, päivitetty 5.7.2026 klo 10.00"),
        ("fr", "Publié le 4 juillet 2026 à 09h30 - Mis à jour le 5 juillet 2026 à 10h00"),
        ("it", "04 luglio 2026 alle 09:30 - Aggiornato il 05 luglio 2026 alle 10:00"),
        ("pl", "Data publikacji: 4 lipca 2026, 09:30. Aktualizacja: 5 lipca 2026, 10:00"),
        ("tr", "Giriş Tarihi: 04.07.2026 09:30 Son Güncelleme: 05.07.2026 10:00"),
        ("ja", "公開日：2026年7月4日 09:30 更新日：2026年7月5日 10:00"),
        ("ko", "입력 2026.07.04. 오전 9:30 수정 2026.07.05. 오전 10:00"),
    ],
)
def test_a_printed_change_is_the_modification(read, lang, line):
    article = _read(read, f"<p>{line}</p>", lang)
    assert article.published.at.isoformat() == "2026-07-04T09:30:00+00:00"
    assert article.modified.at.isoformat() == "2026-07-05T10:00:00+00:00"
    assert article.field_origin["modified_at"] == "text"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Updated guidance of 3 July 2026</p>",
        "<p>Fahrplanänderung seit 3. Juli 2026</p>",
        "<p><a href='/x'>Updated 3 July 2026: where to get your tickets now</a></p>",
        "<div class='comments'><p>Edited 3 July 2026</p></div>",
        "<p>Next update: 3 July 2026</p>",
        "<p>Timetable updated 3 July 2026</p>",
        "<p>This will be updated on 3 July 2026</p>",
        "<p>Revised edition, 3 July 2026</p>",
        "<p>次回更新は2026年7月3日</p>",
        "<p>更新予定 2026年7月3日</p>",
        "<p>Обновление приложения 3 июля 2026</p>",
    ],
)
def test_what_only_speaks_of_a_change_is_no_modification(read, line):
    assert _read(read, f"<p>Published 20 June 2026</p>{line}", "en").modified is None
