"""Public test suites that lie beside the project during development."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import feedparser
import pytest

from newshouse.discover.feeds import parse_feed
from newshouse.discover.listing import Feed, NotAFeed

URL = "http://127.0.0.1:8097/feed"


@pytest.fixture(scope="module")
def suite(shared: Path) -> Path:
    folder = shared / "conformance"
    if not folder.is_dir():
        pytest.skip("the conformance suites are not here")
    return folder


def test_every_feed_of_feedparsers_suite_gives_at_least_the_entries_that_feedparser_finds(suite: Path) -> None:
    files = sorted((suite / "feeds_suite").rglob("*.xml"))
    assert len(files) > 2_000
    fewer, unlinked = [], []
    for file in files:
        body = file.read_bytes()
        ours = parse_feed(body, URL)
        entries = ours.entries if isinstance(ours, Feed) else ()
        theirs = feedparser.parse(BytesIO(body), response_headers={"content-location": URL}).entries
        if len(entries) < len(theirs):
            fewer.append(file.name)
        elif sum(e.link is not None for e in entries) < sum(bool(dict.get(e, "link")) for e in theirs):
            unlinked.append(file.name)
    assert fewer == []
    # Their link is made of an id that is no address.
    assert len(unlinked) <= 5, unlinked


def json_feeds(suite: Path) -> list[Path]:
    return [f for f in sorted((suite / "jsonfeed").rglob("*.json")) if f.parent.name != "invalid"]


def test_every_json_feed_of_the_gofeed_suite_is_read(suite: Path) -> None:
    given = [file for file in json_feeds(suite) if not file.stem.endswith("_expected")]
    assert len(given) == 6
    for file in given:
        feed = parse_feed(file.read_bytes(), URL)
        assert isinstance(feed, Feed), file
        expected = json.loads(file.with_name(f"{file.stem}_expected.json").read_text(encoding="utf-8"))["items"]
        assert len(feed.entries) == len(expected), file
        for entry, item in zip(feed.entries, expected, strict=True):
            authors = item.get("authors") or ([item["author"]] if "author" in item else [])
            assert entry.link == item.get("link", item.get("url")), file
            assert entry.title == item.get("title"), file
            assert entry.published_raw == item.get("published", item.get("date_published")), file
            assert entry.updated_raw == item.get("updated", item.get("date_modified")), file
            assert entry.authors == tuple(author["name"] for author in authors), file


def test_the_expected_answers_that_are_feeds_themselves_are_read_alike(suite: Path) -> None:
    answers = [file for file in json_feeds(suite) if file.stem.endswith("_expected")]
    assert len(answers) == 6
    for file in answers:
        feed = parse_feed(file.read_bytes(), URL)
        assert isinstance(feed, Feed), file
        if "parser" in file.parent.name:
            twin = file.with_name(file.name.replace("_expected", ""))
            assert feed == parse_feed(twin.read_bytes(), URL), file


def test_the_invalid_json_feed_of_the_gofeed_suite_is_refused(suite: Path) -> None:
    body = (suite / "jsonfeed/gofeed_parser_json/invalid/invalid.json").read_bytes()
    assert isinstance(parse_feed(body, URL), NotAFeed)
