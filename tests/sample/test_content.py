from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from newshouse.sample.content import Story, publishers
from newshouse.sample.edition import Edition
from newshouse.sample.truth import ExpectedPage, expected
from newshouse.settings import SAMPLE_SOURCES
from newshouse.sources.load import check_sources, load_sources

EPOCH = date(2026, 11, 19)
ALL_OUT = EPOCH + timedelta(days=6)


def articles(today: date) -> list[ExpectedPage]:
    return [page for page in expected(EPOCH, today) if page.kind == "article"]


def stories() -> list[Story]:
    return list(chain.from_iterable(publisher.stories for publisher in publishers().values()))


def test_there_are_at_least_72_articles_in_six_languages() -> None:
    languages = Counter(page.language for page in articles(ALL_OUT))
    assert languages.total() >= 72
    assert set(languages) == {"en", "ko", "de", "fr", "ar", "ja"}
    assert min(languages.values()) >= 7


def test_the_first_run_finds_at_least_60_articles_and_each_later_day_brings_new_ones() -> None:
    known = {page.url for page in articles(EPOCH + timedelta(days=4))}
    assert len(known) >= 60
    for day in (5, 6):
        found = {page.url for page in articles(EPOCH + timedelta(days=day))}
        assert len(found - known) >= 9
        known |= found


def test_every_article_has_a_title_four_paragraphs_and_a_text_of_its_own() -> None:
    found = [page for page in articles(ALL_OUT) if page.copy_of is None]
    assert all(page.title and len(page.paragraphs) >= 4 for page in found)
    paragraphs = Counter(chain.from_iterable(page.paragraphs for page in found))
    assert [text for text, count in paragraphs.items() if count > 1] == []


def test_all_kinds_of_pages_and_quirks_are_there() -> None:
    pages = expected(EPOCH, ALL_OUT)
    assert {page.kind for page in pages} == {
        "article", "paywall_stub", "consent_wall", "bot_wall", "soft_404", "video_page", "section_front",
        "robots_denied", "gone",
    }  # fmt: skip
    assert set().union(*(page.quirks for page in pages)) == {
        "redirected", "amp", "no_date_in_feed", "future_date_in_feed", "wrong_date_in_feed", "listed_twice",
        "fails_once_500", "fails_once_429", "wrong_charset", "copy", "live", "opinion",
    }  # fmt: skip


def test_the_agency_text_stands_word_for_word_at_two_other_publishers() -> None:
    copies = [page for page in articles(ALL_OUT) if page.copy_of]
    assert len({page.source_id for page in copies}) == 2
    (original,) = (page for page in articles(ALL_OUT) if page.source_id == "meridian-wire" and "tuna" in page.url)
    assert {page.paragraphs for page in copies} == {original.paragraphs}
    assert {page.agency for page in copies} == {"Meridian Wire"}


def test_addresses_are_unique() -> None:
    urls = [page.url for page in expected(EPOCH, ALL_OUT)]
    assert len(urls) == len(set(urls))


def test_every_section_of_a_story_exists() -> None:
    assert [s.slug for s in stories() if s.section not in publishers()[s.publisher_id].sections] == []


def test_no_text_shows_a_placeholder_or_a_fixed_day_of_the_week() -> None:
    fixed = re.compile(r"\b(Mon|Tues|Wednes|Thurs)day\b|Montag|Dienstag|mercredi|jeudi|월요일|화요일")
    fixed_days = [s.slug for s in stories() for v in s.versions if fixed.search(v.text)]
    assert fixed_days == ["dix-sentiers-pour-l-automne"]  # its hunting days are the same every week
    shown = [text for page in expected(EPOCH, ALL_OUT) for text in (page.title or "", *page.paragraphs)]
    assert [text for text in shown if "{" in text] == []


@given(st.dates(date(2001, 1, 1), date(2099, 1, 1)))
@settings(max_examples=30, deadline=None)
def test_a_story_of_day_k_is_published_on_the_utc_date_epoch_plus_k_whatever_the_zone(epoch: date) -> None:
    edition = Edition(epoch, epoch + timedelta(days=6))
    for story in stories():
        assert edition.published_at(story).astimezone(UTC).date() == epoch + timedelta(days=story.day)
        assert edition.published_at(story).date() == epoch + timedelta(days=story.day)


def test_times_are_utc_and_changes_come_after_publication() -> None:
    for page in expected(EPOCH, ALL_OUT):
        if page.published_at:
            assert page.published_at.utcoffset() == timedelta(0)
        if page.modified_at:
            assert page.published_at is not None
            assert page.published_at < page.modified_at < datetime(2026, 11, 25, tzinfo=UTC)


def test_the_source_files_are_valid_and_polite_to_loopback_only() -> None:
    assert check_sources(SAMPLE_SOURCES) == []
    sources = load_sources(SAMPLE_SOURCES)
    assert set(sources) == set(publishers())
    assert all(source.verified and "sample" in source.tags for source in sources.values())
    assert all(source.politeness.delay_seconds == 0 for source in sources.values())


def test_the_source_files_name_the_feeds_that_the_publishers_serve() -> None:
    for source in load_sources(SAMPLE_SOURCES).values():
        publisher = publishers()[source.id]
        named = {url.removeprefix(f"http://{publisher.host}") for url in (*source.feeds, *source.sitemaps)}
        assert named == {feed.path for feed in publisher.feeds}
        assert source.homepage == f"http://{publisher.host}/"
        assert publisher.host.endswith(".example")
