"""Pages that scripts put together: the text comes from their data, or the page is refused; a menu is no article."""

from __future__ import annotations

import json
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_pages import EN, URL, ld, meta, page

from newshouse.parse.dom.document import Document
from newshouse.parse.dom.states import states
from newshouse.parse.text.unrendered import carried, live_updates
from newshouse.records import NoArticle

TITLE = "Ferry strike talks resume"
MENU = (
    "<header><ul><li><a href=/>Home</a></li><li><a href=/news>News</a></li><li><a href=/s>Sport</a></li></ul></header>"
)


def shell(script: str = "", body: str = "<div id=app>Loading</div>") -> bytes:
    head = f"<title>{TITLE} | Harbour Courier</title>{meta(og__type='article')}"
    return f"<html><head>{head}</head><body>{MENU}<main><h1>{TITLE}</h1>{body}</main>{script}</body></html>".encode()


def jsonld(**facts) -> str:
    return f'<script type="application/ld+json">{json.dumps(ld(**facts))}</script>'


def told(read, script: str, body: str = "<div id=app>Loading</div>") -> list[tuple[str, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in read(shell(script, body)).paragraphs]


UPDATES = [
    {"@type": "BlogPosting", "headline": "Talks open", "articleBody": EN[1]},
    {"@type": "BlogPosting", "headline": "Night of talks", "articleBody": f"<p>{EN[0]}</p><p>{EN[3]}</p>"},
]
ENTRIES = [
    ("subhead", "Talks open"), ("live_entry", EN[1]),
    ("subhead", "Night of talks"), ("live_entry", EN[0]), ("live_entry", EN[3]),
]  # fmt: skip
LIVE = jsonld(**{"@type": "LiveBlogPosting"}, liveBlogUpdate=UPDATES)


def test_a_live_blog_that_shows_no_entry_is_read_from_its_data(read):
    assert told(read, LIVE) == ENTRIES


def test_what_stands_above_the_entries_stays(read):
    standfirst = "All that happens at the talks, minute by minute, as long as they last."
    assert told(read, LIVE, f"<p>{standfirst}</p><div id=app></div>") == [("text", standfirst), *ENTRIES]


def test_an_entry_that_the_page_shows_already_is_said_once(read):
    shown = f"<h2>Talks open</h2><p>{EN[1]}</p><div id=app></div>"
    assert told(read, LIVE, shown) == [("subhead", "Talks open"), ("text", EN[1]), *ENTRIES[2:]]


def test_a_short_text_in_the_data_is_taken_where_the_page_shows_none(read):
    assert told(read, jsonld(articleBody=EN[0] + "\n" + EN[3])) == [("text", EN[0]), ("text", EN[3])]


def next_data(**article) -> str:
    props = {"props": {"pageProps": {"latest": [{"title": "Other", "body": EN[2] * 9}], "article": article}}}
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(props)}</script>'


PARTS = [
    {"type": "paragraph", "html": f"<p>{EN[0]}</p>"},
    {"type": "heading", "text": "The crews"},
    {"type": "image", "caption": EN[4]},
    {"type": "teaser", "title": "Other", "text": EN[4]},
    {"type": "paragraph", "html": f"<p>{EN[1]}</p><p>{EN[2]}</p>"},
]
CARRIED = {
    "parts": next_data(headline=TITLE, content=PARTS),
    "one string": next_data(
        title=TITLE, body=f"<p>{EN[0]}</p><h2>The crews</h2><p>{EN[1]}</p><p>{EN[2]}</p>", slug="x"
    ),
    "a state": "<script>window.__PRELOADED_STATE__ = "
    + json.dumps({"story": {"headlines": {"basic": TITLE}, "content_elements": PARTS}})
    + ";</script>",
}

HTML = f"<p>{EN[0]}</p><h2>The crews</h2><p>{EN[1]}</p><p>{EN[2]}</p>"
RUNS = [
    {"type": "p", "children": [{"text": EN[0][:40]}, {"text": EN[0][40:], "bold": True}]},
    {"type": "h2", "children": [{"text": "The crews"}]},
    {"type": "image", "children": [{"text": ""}], "caption": EN[4]},
    *({"type": "p", "children": [{"type": "a", "url": "/x", "children": [{"text": text}]}]} for text in EN[1:3]),
]
NODES = [
    {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": EN[0]}]},
    {"nodeType": "heading-2", "content": [{"nodeType": "text", "value": "The crews"}]},
    *({"nodeType": "paragraph", "content": [{"nodeType": "text", "value": text}]} for text in EN[1:3]),
]
FLAT = [{"data": 1}, ["Reactive", 2], {"story": 3}, {"title": 4, "body": 5}, TITLE, HTML]


def pushed(*pieces: str) -> str:
    """Pieces of the stream of React, as Next.js writes them."""
    calls = "".join(f"self.__next_f.push({json.dumps([1, piece])});" for piece in pieces)
    return f"<script>(self.__next_f=self.__next_f||[]).push([0]);{calls}</script>"


ROW = "8:" + json.dumps(["$", "$L9", None, {"article": {"title": TITLE, "content": RUNS}}]) + "\n"
LONG = f"a:T{len(HTML.encode()):x},{HTML}" + "9:" + json.dumps([{"article": {"title": TITLE, "body": "$a"}}]) + "\n"
CARRIED |= {
    "runs of type": next_data(title=TITLE, body=RUNS),
    "nodes": next_data(title=TITLE, document={"nodeType": "document", "content": NODES}),
    "places of a list": f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(FLAT)}</script>',
    "rows in pieces": pushed(ROW[:200], ROW[200:350], ROW[350:]),
    "a long row that another names": pushed("1:I[123]\n", LONG),
    "an attribute": f'<div data-page="{escape(json.dumps({"props": {"article": {"title": TITLE, "body": HTML}}}))}">'
    "</div>",
    "an answer in a script": '<script type="application/json" data-fetched>'
    + json.dumps({"status": 200, "body": json.dumps({"title": TITLE, "body": HTML})})
    + "</script>",
    "a context": "<script>window.__remixContext = "
    + json.dumps({"loaderData": {"article": {"title": TITLE, "html": HTML}}})
    + ";</script>",
}


@pytest.mark.parametrize("script", CARRIED.values(), ids=CARRIED)
def test_the_text_that_the_page_carries_for_its_scripts(read, script):
    article = read(shell(script))
    assert [paragraph.text for paragraph in article.paragraphs] == [EN[0], "The crews", EN[1], EN[2]]
    assert article.extractor == "script"


EMPTY = {
    "a menu": shell(),
    "the wish for a browser": shell(body="<noscript>Please enable JavaScript in your browser; without it this page "
    "cannot be shown to you as it was meant to be by those who made it, and it will stay empty.</noscript>"),
    "data of another article": shell(next_data(headline="Other matter of the day", content=PARTS)),
    "rows of another article": shell(pushed(ROW.replace(TITLE, "Other matter of the day"))),
    "rows that are cut": shell(pushed(ROW[:300])),
    "a list that names itself": shell('<script type="application/json" id="__NUXT_DATA__">[[0, 0], {"a": 1}]</script>'),
    "data that is cut": shell('<script id="__NEXT_DATA__" type="application/json">{"props": {"headline": '),
}  # fmt: skip


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_a_page_without_text_is_refused_as_empty(read, body):
    found = read(body)
    assert isinstance(found, NoArticle)
    assert found.reason == "empty_page"


_JSON = st.recursive(
    st.none() | st.text(max_size=90) | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(("title", "body", "text")), inner),
    max_leaves=30,
)


@given(_JSON)
def test_no_data_raises(value):
    live_updates({"liveBlogUpdate": value})
    script = f"<script>window.__INITIAL_STATE__={json.dumps({'title': TITLE, 'body': value})}</script>"
    carried(Document.read(script.encode(), URL, {}), TITLE)
    for piece in (json.dumps({"title": TITLE, "body": value}), f"1:{json.dumps(value)}\n2:Tff,x"):
        carried(Document.read(pushed(piece).encode(), URL, {}), TITLE)
    flat = f'<script type="application/json" id="__NUXT_DATA__">{json.dumps([value, {"title": 0, "body": 1}])}</script>'
    carried(Document.read(flat.encode(), URL, {}), TITLE)


def test_a_report_of_one_line_is_an_article_and_a_menu_is_none(read):
    told, line = meta(og__type="article"), "The ferry line between both shores opens in spring."
    assert [p.text for p in read(page(head=told, paragraphs=(line,))).paragraphs] == [line]
    many = tuple(f"The ferry line number {number} opens in spring." for number in range(15))
    for others in (
        ("Home", "News and sport from the harbour", "Opinion."),
        (f"<a href=/f>{line}</a>",),
        (line,) * 5,
        many,
    ):
        assert read(page(head=told, paragraphs=others)).reason == "empty_page"
    assert read(page(paragraphs=(line,))).reason == "empty_page"


ANOTHER = "".join(f"<p>At the airport of Velden nobody works either: {text}</p>" for text in (*EN, *EN))
OWN = "".join(f"<p>{text}</p>" for text in EN)
STRANGER = {"headline": "Airport strike goes on", "body": ANOTHER}


@pytest.mark.parametrize(
    "state",
    [
        {"page": {"headline": TITLE, "body": OWN, "related": [STRANGER]}},
        {"page": {"headline": TITLE, "content": {"parts": OWN}, "related": [STRANGER]}},
        {"title": TITLE, "articles": [STRANGER, {"headline": TITLE, "body": OWN}]},
        {"title": TITLE, "articles": {"1": STRANGER, "2": {"headline": TITLE, "body": OWN}}},
        {"headline": TITLE, "content": {"parts": OWN}, "nextArticle": STRANGER},
        {"headline": TITLE, "content": {"parts": OWN}, "comments": {"all": [{"text": text} for text in (*EN, *EN)]}},
        {"headline": TITLE, "content": {"parts": OWN}, "author": {"name": "Ines Falk", "bio": ANOTHER}},
        {"headline": TITLE, "body": OWN, "terms": {"html": ANOTHER}},
    ],
)
def test_the_longer_text_of_another_article_is_not_taken_for_that_of_the_page(read, state):
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    assert told(read, script) == [("text", text) for text in EN]


def test_a_page_that_carries_other_articles_alone_has_no_text(read):
    state = {"headline": TITLE, "related": [STRANGER]}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    assert isinstance(read(shell(script)), NoArticle)


def test_rows_that_name_a_long_text_over_and_over_are_not_blown_up():
    long = "a" * 100_000
    rows = f"1:T{len(long):x},{long}" + "".join(f'{n:x}:["{n}",{",".join(["$1"] * 50)}]\n' for n in range(2, 99))
    rows = rows.replace("$1", '"$1"')
    text = f"<script>self.__next_f.push({json.dumps([1, rows])})</script>"
    assert sum(len(str(state)) for state in states(text.encode(), text)) < 3_000_000
