from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newshouse.parse.page import parse_page
from newshouse.records import Article

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
SENTENCE = "The city council voted on Sunday to open a ferry line, and the mayor spoke of a long debate before it. "


def read(body: str) -> Article:
    page = f"<html><head><title>Ferry line</title></head><body>{body}</body></html>"
    article = parse_page(page.encode(), "https://harbour-post.example/a", NOW, {})
    assert isinstance(article, Article)
    return article


def story(text: str, number: int = 7, section: str = "politics", built: str = "x7Gq2") -> str:
    return (
        f'<div id="page" class="site-wrapper_{built}"><main><article id="post-{number}" '
        f'class="post post-{number} category-{section}-main tag-story article--{built}"><h1>Ferry line</h1>'
        f'<div class="ArticleBody_text__{built}"><div>{"".join(f"<p>{line}</p>" for line in text.split("|"))}</div>'
        f"</div></article></main></div>"
    )


def test_pages_of_one_template_share_it_whatever_they_are_about() -> None:
    one = read(story("|".join([SENTENCE * 2] * 5)))
    other = read(story("|".join([SENTENCE * 3] * 9), 1204, "sport", "hTlkdZ"))
    assert one.template == other.template == "div.page.site.wrapper>main>article.article.post>div.article.body.text"


@pytest.mark.parametrize(
    "body",
    [
        '<div class="page"><main><section class="story"><h1>Ferry line</h1>{}</section></main></div>',
        '<div id="page" class="site-wrapper"><article class="post"><h1>Ferry line</h1>{}</article></div>',
    ],
)
def test_another_layout_is_another_template(body: str) -> None:
    paragraphs = f"<p>{SENTENCE * 2}</p>" * 5
    assert read(body.format(paragraphs)).template != read(story("|".join([SENTENCE * 2] * 5))).template


def test_text_that_stands_in_the_body_itself_has_that_for_a_template() -> None:
    assert read(f"<h1>Ferry line</h1>{f'<p>{SENTENCE * 2}</p>' * 5}").template == "body"


def test_link_density_is_the_share_of_the_text_that_lies_in_links() -> None:
    linked = f'<p>{SENTENCE}<a href="/b">{SENTENCE.strip()}</a></p>'
    half = read(f"<article><h1>Ferry line</h1>{linked * 6}</article>").link_density
    assert half == pytest.approx(0.5, abs=0.01)
    assert read(f"<article><h1>Ferry line</h1>{f'<p>{SENTENCE}</p>' * 9}</article>").link_density == 0.0


def test_links_count_also_where_another_reader_found_the_text() -> None:
    listed = "".join(
        f'<p><a href="/{n}">Council cuts the budget of library {n}, which closes on Monday</a> – 22 November.</p>'
        for n in range(9)
    )
    article = read(f"<h1>Stories</h1>{listed}")
    assert article.extractor == "trafilatura"
    assert article.link_density is not None and article.link_density > 0.5
