"""Captures become rows or rejections, each counted once, the same every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from parse_pages import CAPTURED, EN, URL, ld, page

from newshouse.archive.exchange import Exchange
from newshouse.archive.ledger import Ledger
from newshouse.errors import StorageError
from newshouse.ids import article_id
from newshouse.parse import PARSER_VERSION
from newshouse.parse.stage import parse_captures
from newshouse.records import Candidate, Capture
from newshouse.schemas import ARTICLES
from newshouse.sources.model import Source
from newshouse.urls import url_key

SOURCE = Source("courier", "Harbour Courier", "PT", "en", "Europe/Lisbon", "https://www.harbour-courier.example/")
NODE = ld(author={"@type": "Person", "name": "Ines Falk"}, datePublished="2026-07-04T08:15:00+01:00")


def capture(url: str, **more) -> Capture:
    fields = {"purpose": "article", "outcome": "fetched", "final_url": url, "status": 200} | more
    return Capture(
        fetch_id=f"f-{url}", run_id="r", batch="00", source_id="courier", url=url,
        url_key=url_key(url) if "://" in url else url,
        requested_at=CAPTURED, attempts=1, **fields,
    )  # fmt: skip


def answer(url: str, body: bytes, *headers: tuple[str, str]) -> Exchange:
    return Exchange(url, CAPTURED, "/", (), "HTTP/1.1", 200, "OK", headers or (("Content-Type", "text/html"),), body)


@pytest.fixture
def archived(tmp_path):
    """Store pages and files; gives back their captures and the archive folder."""

    def _archived(pages: dict[str, bytes], files: dict[str, tuple[str, bytes]] | None = None):
        warc = tmp_path / "archive" / "a.warc.gz"
        with Ledger.open(archive=tmp_path / "archive", warc=warc, journal=tmp_path / "j.jsonl") as ledger:
            stored = [ledger.record(capture(url), [answer(url, body)]) for url, body in pages.items()]
            for name, (kind, body) in (files or {}).items():
                item = capture(f"file:{name}", purpose="import", final_url=None, status=None)
                stored.append(ledger.record_resource(item, body, content_type=kind))
        return stored, tmp_path / "archive"

    return _archived


def run(captures, archive, candidates=None, now=CAPTURED):
    return parse_captures(captures, candidates or {}, {"courier": SOURCE}, archive, run_id="r", batch="00", now=now)


def test_a_page_becomes_a_row_with_provenance(archived):
    stored, archive = archived({URL: page(jsonld=NODE)})
    result = run(stored, archive)
    (row,) = result.table.to_pylist()
    assert result.table.schema == ARTICLES.schema("parse")
    assert row["article_id"] == article_id(url_key(URL))
    assert (row["url"], row["domain"], row["source_id"]) == (URL, "harbour-courier.example", "courier")
    assert row["published_at"] == datetime(2026, 7, 4, 7, 15, tzinfo=UTC)
    assert (row["published_at_utc_offset_min"], row["published_at_precision"]) == (60, "second")
    assert row["body"] == "\n\n".join(EN)
    assert row["word_count"] == pytest.approx(len(" ".join(EN).split()), abs=5)
    assert row["parser_version"] == PARSER_VERSION
    assert dict(row["field_origin"])["published_at"] == "jsonld"
    assert (row["warc_file"], row["warc_offset"]) == (stored[0].warc_file, stored[0].warc_offset)
    assert (row["fetched_at"], row["run_id"]) == (CAPTURED, "r")


def test_counts_balance_and_each_drop_is_kept(archived):
    stored, archive = archived({URL: page(jsonld=NODE), "https://x.example/1": b"%PDF-1.4", "https://x.example/2": b""})
    result = run([*stored, stored[0]], archive)
    tally = result.tallies["courier"]
    assert (tally.in_count, tally.out_count, tally.duplicate_count, tally.rejected_count) == (4, 1, 1, 2)
    assert sorted(r.reasons[0] for r in result.rejections) == ["empty_page", "not_html"]
    assert all(r.stage == "parse" and r.warc_offset is not None and r.url for r in result.rejections)


def test_the_same_archive_gives_the_same_rows_at_any_time(archived):
    stored, archive = archived({URL: page(jsonld=NODE)})
    assert run(stored, archive).table.equals(run(stored, archive, now=datetime(2030, 1, 1, tzinfo=UTC)).table)


def test_a_change_of_the_text_changes_the_content_hash(archived):
    other = "https://www.harbour-courier.example/b-story"
    stored, archive = archived({URL: page(jsonld=NODE), other: page(jsonld=NODE, paragraphs=EN[:-1])})
    one, two = run(stored, archive).table.column("content_hash").to_pylist()
    assert one != two


def test_a_damaged_record_is_rejected_by_file_and_offset(archived):
    stored, archive = archived({URL: page(jsonld=NODE)})
    warc = archive / stored[0].warc_file
    data = bytearray(warc.read_bytes())
    middle = stored[0].warc_offset + stored[0].warc_length // 2
    data[middle : middle + 20] = b"\x00" * 20
    warc.write_bytes(data)
    (rejection,) = run(stored, archive).rejections
    assert rejection.reasons == ("archive_corrupt",)
    assert stored[0].warc_file in rejection.detail
    assert str(stored[0].warc_offset) in rejection.detail


def test_an_archive_that_is_not_there_stops_the_stage_instead_of_rejecting_a_whole_day(archived):
    stored, archive = archived({URL: page(jsonld=NODE)})
    (archive / stored[0].warc_file).unlink()
    with pytest.raises(StorageError, match="the archive file is missing"):
        run(stored, archive)


def test_feeds_failures_and_unchanged_pages_are_not_parsed(archived):
    stored, archive = archived({URL: page(jsonld=NODE)})
    others = [
        replace(stored[0], purpose="feed"),
        replace(stored[0], outcome="unchanged"),
        replace(stored[0], warc_file=None),
    ]
    result = run(others, archive)
    assert (result.table.num_rows, result.rejections, result.tallies["courier"].in_count) == (0, [], 0)


def test_the_feed_helps_where_the_page_is_silent(archived):
    url = "https://www.harbour-courier.example/story"
    stored, archive = archived({url: page()})
    fed = Candidate(
        "courier", url, url_key(url), CAPTURED,
        feed_published_raw="2026-07-04T08:15:00Z", feed_published_at=datetime(2026, 7, 4, 8, 15, tzinfo=UTC),
    )  # fmt: skip
    (row,) = run(stored, archive, {url_key(url): fed}).table.to_pylist()
    assert row["published_at_origin"] == "feed"


def test_a_text_dump_has_no_address_and_keeps_its_id(archived):
    stored, archive = archived({}, {"a.txt": ("text/plain", "\n".join(EN).encode())})
    one, two = run(stored, archive), run(stored, archive)
    (row,) = one.table.to_pylist()
    assert (row["url"], row["final_url"], row["domain"], row["title"], row["published_at"]) == (None,) * 5
    assert row["extractor"] == "text_dump"
    assert row["article_id"] == two.table.to_pylist()[0]["article_id"]


def test_an_imported_page_takes_the_address_that_it_states(archived):
    body = page(jsonld=NODE, head=f'<link rel="canonical" href="{URL}">')
    stored, archive = archived({}, {"a.html": ("text/html", body)})
    (row,) = run(stored, archive).table.to_pylist()
    assert (row["url"], row["article_id"]) == (URL, article_id(url_key(URL)))


def test_progress_is_told_after_each_capture(archived):
    stored, archive = archived({URL: page(jsonld=NODE), "https://x.example/1": b""})
    seen: list[tuple[int, int]] = []
    parse_captures(
        stored, {}, {"courier": SOURCE}, archive, run_id="r", batch="00", now=CAPTURED,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert seen == [(1, 2), (2, 2)]
