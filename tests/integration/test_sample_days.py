"""The corridor over the sample newsroom, in process: a day, the same day again, and the next day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from newshouse import pipeline
from newshouse.layout import DataLayout
from newshouse.sample.server import serve
from newshouse.sample.truth import expected
from newshouse.settings import Settings
from newshouse.summary import TRY_THESE, RunSummary

State = dict[str, list[dict[str, Any]]]
CommittedRows = Callable[..., State]
# Feed dates, page kinds and repeats are what the sample is about: every page kind but an article must be dropped.
NOT_LANDING = {"paywall_stub", "consent_wall", "bot_wall", "soft_404", "video_page", "section_front", "robots_denied"}


@dataclass(frozen=True)
class Days:
    """Day one, day one again, day two: what each run said, and every committed row after it."""

    settings: Settings
    epoch: date
    summaries: list[RunSummary]
    states: list[State]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory, committed_rows: CommittedRows) -> Days:
    settings = Settings(data=tmp_path_factory.mktemp("days") / "data", delay_seconds=0.0, backoff_seconds=0.01)
    epoch = datetime.now(UTC).date() - timedelta(days=4)
    offset = timedelta()
    summaries, states = [], []
    with serve(epoch, lambda: datetime.now(UTC) + offset) as newsroom:
        for offset in (timedelta(), timedelta(), timedelta(days=1)):
            today = replace(settings, proxy=newsroom.proxy_url, clock_offset_seconds=offset.total_seconds())
            summaries.append(pipeline.run(today, f"daily-{today.now().date()}"))
            states.append(committed_rows(DataLayout(settings.data), volatile=True))
    return Days(settings, epoch, summaries, states)


def expected_urls(epoch: date, clock_date: date, *kinds: str) -> set[str]:
    return {page.url for page in expected(epoch, clock_date) if page.kind in kinds}


def test_every_article_of_the_sample_lands_and_nothing_else(days: Days) -> None:
    landed = {row["final_url"] for row in days.states[0]["articles"]}
    wanted = expected_urls(days.epoch, days.epoch + timedelta(days=4), "article")
    assert len(wanted) >= 45
    assert wanted - landed == set()
    assert landed - wanted == set()


def test_every_page_that_is_no_article_is_kept_as_a_rejection(days: Days) -> None:
    rejected = {row["url"] for row in days.states[0]["rejections"]}
    assert expected_urls(days.epoch, days.epoch + timedelta(days=4), *NOT_LANDING) - rejected == set()


def test_the_totals_balance_on_each_run(days: Days) -> None:
    assert all(summary.balanced and not summary.unfinished for summary in days.summaries)


def test_a_second_run_of_the_same_day_changes_no_row(days: Days) -> None:
    assert days.states[1] == days.states[0]


def test_the_next_day_adds_revises_and_marks_vanished_articles(days: Days) -> None:
    before = {row["article_id"]: row for row in days.states[1]["articles"]}
    after = {row["article_id"]: row for row in days.states[2]["articles"]}
    next_day = {p.url: p for p in expected(days.epoch, days.epoch + timedelta(days=5))}
    assert set(before) <= set(after), "an article was lost"
    added = {after[key]["final_url"] for key in set(after) - set(before)}
    assert added == {url for url, page in next_day.items() if page.kind == "article"} - {
        row["final_url"] for row in before.values()
    }
    revised = {row["final_url"] for row in after.values() if row["revision"] > 1 and row["vanished_at"] is None}
    assert revised == {url for url, page in next_day.items() if page.kind == "article" and page.revision > 1}
    vanished = {row["final_url"] for row in after.values() if row["vanished_at"] is not None}
    known = {row["final_url"] for row in before.values()}
    assert vanished == expected_urls(days.epoch, days.epoch + timedelta(days=5), "gone", "soft_404") & known
    assert len(vanished) == 3, "a 404, a 410, and a page that answers 200 and says that there is nothing"


def test_an_article_keeps_its_first_sight_and_month_when_revised(days: Days) -> None:
    before = {row["article_id"]: row for row in days.states[1]["articles"]}
    for row in days.states[2]["articles"]:
        if old := before.get(row["article_id"]):
            assert (row["first_seen_at"], row["month"]) == (old["first_seen_at"], old["month"])


def test_titles_authors_and_languages_are_what_the_newsroom_wrote(days: Days) -> None:
    landed = {row["final_url"]: row for row in days.states[0]["articles"]}
    wrong = []
    for page in expected(days.epoch, days.epoch + timedelta(days=4)):
        if page.kind == "article":
            row = landed[page.url]
            got = (row["title"], {a["name"] for a in row["authors"] or []}, row["language"])
            if got != (page.title, set(page.authors), page.language):
                wrong.append((page.url, got, (page.title, page.authors, page.language)))
    assert wrong == []


def test_published_times_are_right_even_where_the_feed_lies(days: Days) -> None:
    landed = {row["final_url"]: row for row in days.states[0]["articles"]}
    wrong = [
        (page.url, landed[page.url]["published_at"], page.published_at)
        for page in expected(days.epoch, days.epoch + timedelta(days=4))
        if page.kind == "article" and landed[page.url]["published_at"] != page.published_at
    ]
    assert wrong == []


def test_the_three_queries_work_in_a_plain_duckdb_client_from_another_folder(
    days: Days, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(days.summaries[-1].database, read_only=True) as connection:
        for query in TRY_THESE:
            assert connection.execute(query).fetchall()
        (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    assert count == len(days.states[2]["articles"])


def test_every_article_can_be_traced_to_its_raw_bytes(days: Days) -> None:
    from newshouse.archive.reader import read_response

    archive = DataLayout(days.settings.data).archive
    for row in days.states[2]["articles"]:
        response = read_response(archive, row["warc_file"], row["warc_offset"], row["warc_length"])
        assert response.status == 200
        assert response.url == row["final_url"]
