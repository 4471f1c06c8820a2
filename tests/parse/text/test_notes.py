"""Reports of a line or two, above all in languages that say much in few characters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from short_items import ITEMS

from newshouse.parse.page import parse_page
from newshouse.records import Article, NoArticle

CAPTURED = datetime(2026, 11, 21, tzinfo=UTC)
URL = "https://news.example/2026/11/20/1001.html"
SITES = {"zh": "白港日报", "ja": "白港新聞", "ko": "백항신문", "th": "ข่าวไวท์พอร์ต"}
LINES = {
    "zh": "2026年11月20日 14:30 记者 陈海宁",
    "ja": "2026年11月20日 14時30分 記者 佐藤健一",
    "ko": "입력 2026.11.20. 14:30 김하늘 기자",
    "th": "20 พ.ย. 2569 เวลา 14:30 น. โดย สมชาย ใจดี",
}
AUTHORS = {"zh": "陈海宁", "ja": "佐藤健一", "ko": "김하늘", "th": "สมชาย ใจดี"}
FOOTERS = {
    "zh": "版权所有 白港日报社。未经许可不得转载。",
    "ja": "本サイトの記事の無断転載を禁じます。",
    "ko": "저작권자 © 백항신문, 무단 전재 및 재배포 금지",
    "th": "สงวนลิขสิทธิ์ ข่าวไวท์พอร์ต",
}
TOLD = '<meta property="og:type" content="article">'


def _of_article(title: str, line: str, paragraphs: list[str]) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<article><h1>{title}</h1><p class=info>{line}</p>{text}</article>"


def _of_divs(title: str, line: str, paragraphs: list[str]) -> str:
    text = "".join(f"<div>{paragraph}</div>" for paragraph in paragraphs)
    return f"<div class=wrap><h1>{title}</h1><div class=info>{line}</div><div class=content>{text}</div></div>"


def _of_paragraphs(title: str, line: str, paragraphs: list[str]) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<div class=wrap><h1>{title}</h1><div class=info>{line}</div><div class=content>{text}</div></div>"


def _of_table(title: str, line: str, paragraphs: list[str]) -> str:
    text = "<br><br>".join(paragraphs)
    return f"<table><tr><td><h1>{title}</h1></td></tr><tr><td>{line}</td></tr><tr><td>{text}</td></tr></table>"


MAKES = (_of_article, _of_paragraphs, _of_divs, _of_table)


def read(language: str, body: str, title: str, head: str = "") -> Article | NoArticle:
    others = "".join(f"<li><a href=/n/{at}.html>{other}</a></li>" for at, (other, _) in enumerate(ITEMS[language][:5]))
    page = (
        f"<!doctype html><html lang={language}><meta charset=utf-8><title>{title} - {SITES[language]}</title>{head}"
        f"<body><div><a href=/1>{SITES[language]}</a></div>{body}<div><ul>{others}</ul></div>"
        f"<div class=foot>{FOOTERS[language]}</div></body></html>"
    )
    return parse_page(page.encode(), URL, CAPTURED, {})


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("language", ITEMS)
@pytest.mark.parametrize("head", [TOLD, ""], ids=["told", "untold"])
def test_short_items_come_out_whole_in_any_mark_up(language, make, head):
    for title, paragraphs in ITEMS[language]:
        article = read(language, make(title, LINES[language], paragraphs), title, head)
        assert isinstance(article, Article), (title, article)
        assert [paragraph.text for paragraph in article.paragraphs] == paragraphs
        assert article.title == title
        assert article.published is not None and article.published.at.date().isoformat() == "2026-11-20"
        assert [author.name for author in article.authors] == [AUTHORS[language]]
        assert article.confidence and 0 < article.confidence < 1


@pytest.mark.parametrize("language", ITEMS)
def test_without_a_day_or_a_word_to_machines_a_page_of_short_lines_is_no_article(language):
    title, paragraphs = ITEMS[language][1]
    assert isinstance(read(language, _of_divs(title, "", paragraphs), title), NoArticle)


@pytest.mark.parametrize("language", ITEMS)
@pytest.mark.parametrize("head", [TOLD, ""], ids=["told", "untold"])
def test_headlines_of_others_are_no_report(language, head):
    title, _ = ITEMS[language][0]
    links = [f"<a href=/n/{at}.html>{other}</a>" for at, (other, _) in enumerate(ITEMS[language][5:15])]
    assert isinstance(read(language, _of_divs(title, LINES[language], links), title, head), NoArticle)


def test_the_first_lines_of_a_section_are_no_report():
    lines = "<h1>News from the harbour</h1><p>20 November 2026</p><p>All that the boats bring us, every day.</p>"
    teasers = "".join(f"<h2><a href=/n/{at}>Ferry number {at} is late</a></h2><p>It is foggy.</p>" for at in range(5))
    page = f"<title>News from the harbour</title><body>{lines}{teasers}</body>"
    assert isinstance(parse_page(page.encode(), URL, CAPTURED, {}), NoArticle)


SMALL_PRINT = {
    "zh": "版权所有 白港日报社，未经书面许可，任何单位和个人不得转载、摘编或以其他方式使用本网站的任何内容。",
    "ja": "当サイトに掲載されている記事、写真、図表などの無断転載、複製を禁じます。著作権は白港新聞社に帰属します。",
    "ko": "백항신문의 모든 콘텐츠는 저작권법의 보호를 받으며, 무단 전재와 복사, 배포 등을 금합니다. 백항신문사.",
}


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("language", SMALL_PRINT)
def test_small_print_below_a_short_report_is_not_its_text(language, make):
    title, paragraphs = ITEMS[language][1]
    others = "".join(f"<li><a href=/n/{at}.html>{other}</a></li>" for at, (other, _) in enumerate(ITEMS[language][5:9]))
    body = f"{make(title, LINES[language], paragraphs)}<ul>{others}</ul><div>{SMALL_PRINT[language]}</div>"
    article = read(language, body, title, TOLD)
    assert isinstance(article, Article)
    assert [paragraph.text for paragraph in article.paragraphs] == paragraphs


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("language", SMALL_PRINT)
def test_short_paragraphs_around_a_long_one_are_kept(language, make):
    items = [text for _, text in ITEMS[language]]
    paragraphs = [*items[0], (" " if language == "ko" else "").join([*items[1], *items[3]]), *items[4]]
    title = ITEMS[language][0][0]
    article = read(language, make(title, LINES[language], paragraphs), title)
    assert isinstance(article, Article)
    assert [paragraph.text for paragraph in article.paragraphs] == paragraphs
