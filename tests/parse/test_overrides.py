"""An override changes the pages of its publisher, and only those captured while it is valid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from parse_pages import CAPTURED, ld, page

from newshouse.records import Article, NoArticle
from newshouse.settings import PACKAGE_ROOT
from newshouse.sources.load import load_sources
from newshouse.sources.model import Override, Source

MINE = Override(
    since="2026-07-01",
    until="2026-08-01",
    drop=(".box",),
    title=".real",
    subtitle=".below",
    byline=".who",
    published=".when",
)
SOURCE = Source(
    "courier", "Harbour Courier", "PT", "en", "Europe/Lisbon", "https://www.harbour-courier.example/", overrides=(MINE,)
)
PAGE = page(
    "<p class='real'>Pilots stay ashore</p><h5 class='below'>Boats wait</h5><p class='box'>A long notice, with a "
    "comma, that is no part of the text; it speaks of the app.</p><i class='who'>Von Ines Falk</i>"
    "<i class='when'>first out: 3 July 2026, 08:15</i>",
    jsonld=ld(author="Somebody Else", datePublished="2026-07-04T08:15:00Z"),
)


def test_it_names_fields_and_drops_elements(read):
    article = read(PAGE, source=SOURCE)
    assert (article.title, article.subtitle, article.byline, [a.name for a in article.authors]) == (
        "Pilots stay ashore", "Boats wait", "Von Ines Falk", ["Ines Falk"],
    )  # fmt: skip
    assert article.published.at == datetime(2026, 7, 3, 7, 15, tzinfo=UTC)  # Lisbon's summer
    assert "the app" not in article.body
    told = ("title", "subtitle", "byline", "authors", "published_at")
    assert {article.field_origin[name] for name in told} == {"override"}


def test_a_selector_that_matches_nothing_leaves_the_field_to_the_general_rules(read):
    lost = replace(MINE, title=".gone", published=".gone")
    article = read(PAGE, source=replace(SOURCE, overrides=(lost,)))
    assert article.title == "Ferry strike talks resume" and article.field_origin["published_at"] == "jsonld"


@pytest.mark.parametrize("selector", ["*", ":root", "html", "body", "head", "div, div *"])
def test_a_selector_for_the_whole_page_never_raises(read, selector):
    everything = replace(MINE, drop=(selector,))
    assert isinstance(read(PAGE, source=replace(SOURCE, overrides=(everything,))), Article | NoArticle)


def test_other_publishers_are_read_as_ever(read):
    assert read(PAGE, source=replace(SOURCE, overrides=())).title == "Ferry strike talks resume"
    assert read(PAGE).title == "Ferry strike talks resume"


@pytest.mark.parametrize(
    ("captured", "valid"),
    [
        (datetime(2026, 6, 30, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 1, tzinfo=UTC), True),
        (datetime(2026, 7, 31, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 8, 1, tzinfo=UTC), False),
    ],
)
def test_the_day_of_the_capture_decides(captured, valid):
    assert (SOURCE.override(captured) is MINE) is valid


def test_the_first_that_covers_the_day_holds():
    later = Override(title="h2")
    source = replace(SOURCE, overrides=(MINE, later))
    assert source.override(CAPTURED) is MINE
    assert source.override(datetime(2027, 1, 1, tzinfo=UTC)) is later


def test_pages_of_the_sources_that_are_shipped_can_be_read_with_their_overrides(read):
    shipped = [source for source in load_sources(PACKAGE_ROOT.parent / "sources").values() if source.overrides]
    assert {source.id for source in shipped} == {"asahi", "dw-de", "dw-en"}
    for source in shipped:
        for override in source.overrides:
            anytime = replace(source, overrides=(replace(override, since=None, until=None),))
            assert isinstance(read(PAGE, source=anytime), Article)
