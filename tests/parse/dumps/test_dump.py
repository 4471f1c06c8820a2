"""Text and markdown dumps: every sign in its column, nothing invented."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from time import process_time

import pytest
from parse_pages import CAPTURED, DE, EN, KO

from newshouse.parse.dumps.dump import parse_dump
from newshouse.records import Article, Author, Media, NoArticle

MARKDOWN = f"""---
title: Ferry strike talks resume
url: https://www.harbour-courier.example/world/ferry?utm_source=x
date: 2026-07-04
author: Ines Falk
tags: [ferry]
---

# Ferry strike talks resume

![A boat](https://www.harbour-courier.example/i/1.jpg "A boat at the pier. Photo: Tom O'Dare")

{EN[0]} **Bold** and [a link](https://x.example/).

## What happens next

- Talks on Monday
- Boats on Tuesday

> {EN[2]}
"""


def dump(text: str, name: str = "a.txt", **more):
    return parse_dump(text.encode(), name, CAPTURED, **more)


def test_front_matter_and_marks_of_markdown_are_read():
    article = dump(MARKDOWN, "a.md")
    assert article.title == "Ferry strike talks resume"
    assert article.canonical_url == "https://www.harbour-courier.example/world/ferry?utm_source=x"
    assert (article.published.at, article.published.precision) == (datetime(2026, 7, 4, tzinfo=UTC), "day")
    assert (article.authors, article.field_origin["authors"]) == ((Author("Ines Falk"),), "meta")
    assert article.media == (
        Media("image", "https://www.harbour-courier.example/i/1.jpg", "A boat", "A boat at the pier.", "Tom O'Dare"),
    )
    assert [p.kind for p in article.paragraphs] == ["text", "subhead", "list", "list", "quote"]
    assert article.paragraphs[0].text == EN[0] + " Bold and a link."


@pytest.mark.parametrize(
    "line",
    [
        "![" * 200_000, "![](" * 100_000, "[" * 400_000, "**a __b " * 70_000, "**a" + "_" * 400_000,
        "## x" + "#" * 200_000 + "y", "[a](" * 100_000, "[a](x(" * 60_000, '![](a "' * 60_000,
    ],
    ids=["images", "addresses", "links", "strong", "strokes", "headings", "targets", "nested", "titles"],
)  # fmt: skip
def test_a_line_of_marks_takes_less_than_a_second(line):
    start = process_time()
    assert isinstance(dump(line, "a.md"), Article)
    assert process_time() - start < 1


def test_marks_inside_of_others_go_with_them():
    article = dump(f"{EN[0]} **Bold __and more__ of it** [a [b](https://x.example/) 2 ** 3 __init\n{EN[1]}", "a.md")
    assert article.paragraphs[0].text == EN[0] + " Bold and more of it [a b 2 ** 3 __init"


def test_nothing_is_invented_for_a_bare_text():
    article = dump("\n".join(EN))
    assert (
        article.title,
        article.published,
        article.canonical_url,
        article.byline,
        article.authors,
        article.media,
    ) == (None, None, None, None, (), ())
    assert [p.text for p in article.paragraphs] == list(EN)


@pytest.mark.parametrize(
    ("line", "names"), [("Von Jörg Weiß und Anna Groß", 2), ("김하늘 기자", 1), ("By Ines Falk", 1)]
)
def test_a_byline_line_leaves_the_text(line, names):
    article = dump("\n".join([line, *DE]))
    assert (article.byline, len(article.authors), len(article.paragraphs)) == (line, names, len(DE))


def test_a_sentence_that_begins_with_by_stays_text():
    assert dump("By Monday the boats were back in the harbour.\n" + EN[0]).byline is None


def test_an_agency_dateline_is_wire():
    article = dump(f"SEOUL, July 4 (Yonhap) -- {EN[0]}\n{EN[1]}")
    assert (article.wire.agency, article.dateline.place) == ("Yonhap", "SEOUL")


def test_a_picture_row_with_its_caption_on_the_same_line():
    article = dump("![]() | 항구의 여객선. 연합뉴스 |\n" + "\n".join(KO))
    assert article.media == (Media("image", caption="항구의 여객선.", credit="연합뉴스"),)


def test_wrapped_markdown_lines_are_one_paragraph():
    from textwrap import fill

    text = "# Ferries\n\n" + "\n\n".join(fill(p, 70) for p in EN)
    assert [p.text for p in dump(text, "a.md").paragraphs] == list(EN)


@pytest.mark.parametrize(
    "front", ["---\n- a\n- b\n---\n", "---\na: [\n---\n", "---\nno end\n", "---\na: &x [1]\nb: *x\n---\n"]
)
def test_senseless_front_matter_does_not_raise(front):
    assert isinstance(dump(front + EN[0], "a.md"), Article)


@pytest.mark.parametrize("body", [b"", b"\n\n", b"![]() |\n", b"PK\x03\x04\x00\x00"])
def test_a_dump_without_text_is_no_article(body):
    assert isinstance(parse_dump(body, "a.txt", CAPTURED), NoArticle)


def test_front_matter_with_an_ampersand_an_unquoted_colon_or_in_toml_is_read():
    for front in (
        "---\ntitle: Falk & Sons close the lock\nurl: https://x.example/a?x=1&y=2\ntags: [lock, ships]\n---\n",
        "---\ntitle: Falk & Sons close the lock\ntags: lock\nurl: https://x.example/a?x=1&y=2\nnote: Falk: why\n---\n",
        '+++\ntitle = "Falk & Sons close the lock"\nurl = "https://x.example/a?x=1&y=2"\ntags = ["lock"]\n+++\n',
    ):
        article = dump(front + EN[0], "a.md")
        assert article.title == "Falk & Sons close the lock" and article.tags[0] == "lock"
        assert article.canonical_url == "https://x.example/a?x=1&y=2"
        assert [p.text for p in article.paragraphs] == [EN[0]]


def test_front_matter_gives_authors_as_objects_and_times_as_toml_writes_them():
    article = dump("---\nauthors:\n  - name: Ines Falk\n    role: Editor\n  - Tom Berg\n---\n" + EN[0], "a.md")
    assert [author.name for author in article.authors] == ["Ines Falk", "Tom Berg"]
    day = dump('+++\ntitle = "Lock"\ndate = 2025-08-04\n+++\n' + EN[0], "a.md").published
    assert day and (day.at.date().isoformat(), day.precision) == ("2025-08-04", "day")


def test_a_time_after_the_capture_is_not_believed():
    assert dump("---\ndate: 2099-08-04\n---\n" + EN[0], "a.md").published is None


def test_wrapped_plain_text_is_joined_and_its_underlined_lines_are_headings():
    text = "Lock closed\n===========\n\n" + textwrap.fill(" ".join(EN), 70)
    text += "\n\nWhat it costs\n-----\n\n" + textwrap.fill(EN[0], 70)
    article = dump(text, "a.txt")
    assert article.title == "Lock closed"
    assert [(p.kind, p.text) for p in article.paragraphs] == [
        ("text", " ".join(EN)),
        ("subhead", "What it costs"),
        ("text", EN[0]),
    ]


def test_short_paragraphs_one_below_the_other_are_not_taken_for_wrapped_lines():
    lines = [f"The council of the town of Ostrava Bay voted on day {n} to rebuild the northern pier." for n in range(5)]
    article = dump("By Ada Quill, Bo Lind\n" + "\n".join(lines) + "\n", "a.txt")
    assert [p.text for p in article.paragraphs] == lines and article.byline == "By Ada Quill, Bo Lind"


def test_rules_and_fences_of_markdown_are_no_text():
    article = dump(f"# Lock\n\n{EN[0]}\n\n* * *\n\n```\n{EN[1]}\n```\n\n---\n", "a.md")
    assert [p.text for p in article.paragraphs] == [EN[0], EN[1]]


@pytest.mark.parametrize("rule", ["----", "* * *", "=====", "~ ~ ~", "***", "###", "# # #", "———", "•", "◆◆◆", "_____"])
def test_lines_of_ornaments_in_plain_text_are_no_text(rule):
    article = dump(f"{rule}\n\n{EN[0]}\n\n{rule}\n\n{EN[1]}\n\n{rule}\n", "a.txt")
    assert [(p.kind, p.text) for p in article.paragraphs] == [("text", EN[0]), ("text", EN[1])]


def test_a_line_of_ornaments_parts_the_lines_of_wrapped_text():
    wrapped = [textwrap.fill(" ".join(EN), 70), textwrap.fill(" ".join(reversed(EN)), 70)]
    article = dump("\n* * *\n".join(wrapped), "a.txt")
    assert [p.text for p in article.paragraphs] == [" ".join(EN), " ".join(reversed(EN))]


def test_a_dump_of_ornaments_alone_is_empty():
    assert dump("----\n\n* * *\n", "a.txt").reason == "empty_page"


def test_a_number_alone_stays_text():
    article = dump(f"{EN[0]}\n\n1\n\n{EN[1]}", "a.txt")
    assert [p.text for p in article.paragraphs] == [EN[0], "1", EN[1]]


def test_a_credit_above_and_a_caption_in_italics_below_belong_to_pictures():
    article = dump(f"Photo: Jon Aske\nBy Ines Falk\n{EN[0]}\n", "a.txt")
    assert [(m.caption, m.credit) for m in article.media] == [(None, "Jon Aske")] and article.byline == "By Ines Falk"
    article = dump(f"# Lock\n\n{EN[0]}\n\n![x](https://x.example/a.jpg)\n*The lock. Photo: Jon Aske*\n", "a.md")
    assert [(m.url, m.caption, m.credit) for m in article.media] == [
        ("https://x.example/a.jpg", "The lock.", "Jon Aske")
    ]
    assert [p.text for p in article.paragraphs] == [EN[0]]
