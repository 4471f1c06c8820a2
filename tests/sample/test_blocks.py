from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from newshouse.sample.blocks import Block, inline_html, parse_blocks, plain
from newshouse.sample.printed import fill_dates, printed_moment


def test_each_mark_makes_its_block() -> None:
    text = """
A paragraph
over two lines.

## A subhead

> A quote

- one
- two

1. first
2. second

!figure Caption | Credit | Description

!correction It was two.

@ 14:05 | Headline
"""
    assert parse_blocks(text) == (
        Block("paragraph", ("A paragraph over two lines.",)),
        Block("subhead", ("A subhead",)),
        Block("quote", ("A quote",)),
        Block("ul", ("one", "two")),
        Block("ol", ("first", "second")),
        Block("figure", ("Caption", "Credit", "Description")),
        Block("correction", ("It was two.",)),
        Block("live_entry", ("14:05", "Headline")),
    )


def test_links_and_stress_are_marked_up_and_everything_else_escaped() -> None:
    text = "See [the *old* page](/a?b=1&c=2) & <go>"
    assert inline_html(text) == 'See <a href="/a?b=1&amp;c=2">the <em>old</em> page</a> &amp; &lt;go&gt;'
    assert plain(text) == "See the old page & <go>"


@pytest.mark.parametrize(
    ("style", "printed", "words"),
    [
        ("en-GB", "Thursday 19 November 2026, 09:05", "Friday 18 November"),
        ("en-US", "November 19, 2026 at 9:05 a.m.", "Friday November 18"),
        ("ko", "2026.11.19 09:05", "금요일 11월 18일"),
        ("de", "Donnerstag, 19. November 2026, 9.05 Uhr", "Freitag 18. November"),
        ("fr", "19 novembre 2026 à 9h05", "vendredi 18 novembre"),
        ("ar", "الخميس ١٩ نوفمبر ٢٠٢٦ - ٠٩:٠٥", "الجمعة ١٨ نوفمبر"),
        ("ja", "2026年11月19日 9時05分", "金曜日 11月18日"),
    ],
)
def test_dates_are_printed_as_each_language_prints_them(style: str, printed: str, words: str) -> None:
    moment = datetime(2026, 11, 19, 9, 5, tzinfo=ZoneInfo("UTC"))
    assert printed_moment(moment, style) == printed
    assert fill_dates("{weekday+1} {date-1}", date(2026, 11, 19), style) == words
