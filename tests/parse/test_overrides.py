"""An override changes the pages of its publisher, and only those captured while it is valid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from parse_pages import CAPTURED, ld, page

from newshouse.parse import page as page_module
from newshouse.parse.overrides import OVERRIDES, Override, override_for
from newshouse.sources.model import Source

SOURCE = Source("courier", "Harbour Courier", "PT", "en", "Europe/Lisbon", "https://www.harbour-courier.example/")
MINE = Override(
    ("courier",), since=date(2026, 7, 1), until=date(2026, 8, 1), drop=(".box",), title=".real", byline=".who"
)
PAGE = page(
    "<p class='real'>Pilots stay ashore</p><p class='box'>A long notice, with a comma, that is no part of the text; it "
    "speaks of the app.</p><i class='who'>Von Ines Falk</i>",
    jsonld=ld(author="Somebody Else"),
)


@pytest.fixture
def mine(monkeypatch):
    monkeypatch.setattr(page_module, "override_for", lambda source, at: override_for(source, at, (MINE,)))


def test_it_names_title_and_byline_and_drops_elements(mine, read):
    article = read(PAGE, source=SOURCE)
    assert (article.title, article.byline, [a.name for a in article.authors]) == (
        "Pilots stay ashore", "Von Ines Falk", ["Ines Falk"],
    )  # fmt: skip
    assert "the app" not in article.body
    assert {article.field_origin[name] for name in ("title", "byline", "authors")} == {"override"}


def test_other_publishers_are_read_as_ever(mine, read):
    assert read(PAGE, source=replace(SOURCE, id="gazette")).title == "Ferry strike talks resume"
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
def test_the_date_of_the_capture_decides(captured, valid):
    assert (override_for(SOURCE, captured, (MINE,)) is MINE) is valid


def test_those_that_are_shipped_are_for_known_sources_and_have_selectors_that_parse(read):
    for override in OVERRIDES:
        captured = datetime.combine(override.since or date(2026, 1, 1), datetime.min.time(), UTC) + timedelta(hours=1)
        for source_id in override.sources:
            source = replace(SOURCE, id=source_id)
            assert override_for(source, captured) is override
            assert page_module.parse_page(PAGE, "https://x.example/a", max(captured, CAPTURED), {}, source=source)
