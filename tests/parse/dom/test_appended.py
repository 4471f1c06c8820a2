"""The next article on the same page is not this one; an article written in several elements stays whole."""

from __future__ import annotations

import pytest
from parse_pages import EN, URL, ld, page

OTHER = (
    "The town of Kelpmouth will get a new swimming hall, its mayor said on Monday, after the old one had to close.",
    "Work on the hall begins next spring and takes two years, according to the plans that residents were shown.",
    "Schools will send their pupils to the next town by bus until then, which parents have called too far.",
)
EMPTY = b"<article><h1>Ferry strike talks resume</h1><div class='story'></div></article>"


def ps(texts) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def bodies(read, markup: str, **more) -> list[str]:
    before, after = page(paragraphs=(), **more).split(EMPTY)
    return [paragraph.text for paragraph in read(before + markup.encode() + after).paragraphs]


def story(title: str, texts, make: str = "article", head: str = "h1", by: str = "<p class=by>By Tom Berg</p>") -> str:
    tag = make.split(maxsplit=1)[0]
    return f"<{make}><{head}>{title}</{head}>{by}<div>{ps(texts)}</div></{tag}>"


OWN = story("Ferry strike talks resume", EN[:3])
NEXT = {
    "two articles of the same make": story("New swimming hall", OTHER) + story("Rye bread wins", EN[3:]),
    "inside a wrapper": f"<div class=under>{story('New swimming hall', OTHER, 'article class=second')}</div>",
    "linked headline": story("<a href=/x>New swimming hall</a>", OTHER, "article class=next", "h2", by=""),
}


@pytest.mark.parametrize("following", NEXT.values(), ids=NEXT)
def test_an_appended_article_is_left_out(read, following):
    assert bodies(read, OWN + following) == list(EN[:3])


def test_an_appended_article_is_left_out_where_all_stand_in_divs(read):
    own = story("Ferry strike talks resume", EN[:3], "div class=piece")
    assert bodies(read, own + story("New swimming hall", OTHER, "div class=piece", "h2")) == list(EN[:3])


def test_a_longer_appended_article_does_not_take_the_place_of_a_short_one(read):
    assert bodies(read, story("Ferry strike talks resume", EN[:1]) + story("Hall", OTHER * 4)) == list(EN[:1])


def test_the_author_and_pictures_of_an_appended_article_are_not_those_of_this_one(read):
    own = story("Ferry strike talks resume", EN[:3], by="<figure><img src=/own.jpg></figure>")
    following = story("New swimming hall", OTHER, by="<p class=by>By Tom Berg</p><figure><img src=/hall.jpg></figure>")
    before, after = page(paragraphs=()).split(EMPTY)
    found = read(before + (own + following).encode() + after)
    assert (found.authors, [item.url for item in found.media]) == ((), ["https://www.harbour-courier.example/own.jpg"])


def test_an_appended_article_with_a_date_is_left_out_where_all_stand_in_sections(read):
    own = story("Ferry strike talks resume", EN[:3], "section class=piece")
    following = story("New swimming hall", OTHER, "section class=piece", by="<p>6 July 2026, 8:15</p>")
    assert bodies(read, own + following) == list(EN[:3])


WHOLE = {
    "chapters": f"<section class=chapter><h1>Ferry strike talks resume</h1>{ps(EN[:2])}</section>"
    + "".join(
        f"<section class=chapter><h1>Chapter {n}</h1><p>By the harbour</p><p>{text}</p></section>"
        for n, text in enumerate(OTHER)
    ),
    "entries of a live blog": "<article><h1>Ferry strike talks resume</h1>" + ps(EN[:2]) + "</article>"
    + "".join(
        f"<article class=entry><h2>Hour {n}</h2><p class=byline>By Tom Berg</p><p>{text}</p></article>"
        for n, text in enumerate(OTHER)
    ),
    "entries inside the article": f"<article><h1>Ferry strike talks resume</h1>{ps(EN[:2])}"
    + "".join(f"<article><h2>Hour {n}</h2><p>{text}</p></article>" for n, text in enumerate(OTHER))
    + "</article>",
    "sections": f"<section class=part><h1>Ferry strike talks resume</h1>{ps(EN[:2])}</section>"
    + "".join(f"<section class=part><h2>Part {n}</h2><p>{text}</p></section>" for n, text in enumerate(OTHER)),
    "books with their authors": f"<div class=item><h1>Ferry strike talks resume</h1>{ps(EN[:2])}</div>"
    + "".join(f"<div class=book><h2>Book {n}</h2><p>By Ana Lopez</p><p>{t}</p></div>" for n, t in enumerate(OTHER)),
}  # fmt: skip


@pytest.mark.parametrize("markup", WHOLE.values(), ids=WHOLE)
def test_an_article_written_in_several_elements_stays_whole(read, markup):
    found = bodies(read, markup)
    assert [text for text in (*EN[:2], *OTHER) if text not in found] == []


def test_what_the_article_body_holds_is_never_cut(read):
    markup = OWN + NEXT["two articles of the same make"]
    found = bodies(read, markup, jsonld=ld(articleBody=" ".join((*EN[:3], *OTHER))))
    assert set(OTHER) <= set(found)


SIGNED = "<p>By Tom Berg</p><p>August 5, 2026</p>"
FLAT = {
    "h1 and byline": f"<h1>New swimming hall</h1><p>By Tom Berg</p>{ps(OTHER)}",
    "h2, byline and date": f"<h2>New swimming hall</h2>{SIGNED}{ps(OTHER)}",
    "linked h2 and date": f"<h2><a href=/x>New swimming hall</a></h2><p>August 5, 2026</p>{ps(OTHER)}",
    "a label above": f"<h4>Next article</h4><h2>New swimming hall</h2>{ps(OTHER)}",
}


@pytest.mark.parametrize("following", FLAT.values(), ids=FLAT)
def test_an_article_that_follows_in_the_same_element_is_left_out(read, following):
    assert bodies(read, f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{following}</div>") == list(EN)


@pytest.mark.parametrize("head", ["<h1>What it costs</h1>", "<h2>What it costs</h2>", f"<h3>Hall</h3>{SIGNED}"])
def test_a_chapter_in_the_same_element_stays(read, head):
    found = bodies(read, f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{head}{ps(OTHER)}</div>")
    assert found[-len(OTHER) :] == list(OTHER)
    assert "What it costs" in found or "<h3>" in head


def test_linked_titles_of_books_and_their_authors_stay(read):
    books = "".join(f"<h2><a href=/{n}>The book of {n}</a></h2><p>By Tom Berg</p>{ps(OTHER)}" for n in ("ebb", "flow"))
    assert OTHER[0] in bodies(read, f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{books}</div>")


def test_many_signed_headings_are_the_parts_of_one_text(read):
    parts = "".join(f"<h2>Letter {number}</h2>{SIGNED}{ps(OTHER)}" for number in "abcd")
    assert len(bodies(read, f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{parts}</div>")) > len(EN) + len(OTHER)


def entries(count: int, address: str = "#entry-{}") -> str:
    return "".join(
        f"<h2><a href='{address.format(n)}'>Hour {n} of the talks</a></h2><p>4 July 2026, 1{n}:12</p>{ps(OTHER[:2])}"
        for n in range(count)
    )


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("address", ["#entry-{}", "?entry={}", URL + "#post-{}"])
def test_the_few_entries_of_a_live_blog_with_addresses_of_their_own_stay(read, count, address):
    found = bodies(read, f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{entries(count, address)}</div>")
    assert [text for text in found if text in OTHER] == [*OTHER[:2]] * count
    assert "Hour 0 of the talks" in found


@pytest.mark.parametrize("address", ["/live/airport#post-{}", "/?p={}", "/live/airport?entry={}"])
def test_a_place_within_another_page_is_that_of_another_article(read, address):
    found = bodies(read, f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{entries(1, address)}</div>")
    assert found == list(EN)


def test_where_articles_differ_by_a_number_behind_the_question_mark_another_number_is_another_article(read):
    inside = f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{entries(1, '?id=7{}')}</div>"
    before, after = page(paragraphs=()).split(EMPTY)
    article = read(before + inside.encode() + after, "https://www.harbour-courier.example/story?id=12")
    assert [paragraph.text for paragraph in article.paragraphs] == list(EN)


def test_entries_with_addresses_of_other_pages_stay_where_the_page_says_that_it_is_a_live_blog(read):
    inside = f"<div><h1>Ferry strike talks resume</h1>{ps(EN)}{entries(2, '/entry-{}')}</div>"
    assert OTHER[0] in bodies(read, inside, jsonld=ld(**{"@type": "LiveBlogPosting"}))
    assert OTHER[0] not in bodies(read, inside)
