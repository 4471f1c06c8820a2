from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from newshouse.quality.advance import advance
from newshouse.quality.cards import Card, score_day
from newshouse.quality.history import Day
from newshouse.quality.page import page
from newshouse.records import CheckResult
from newshouse.sources.model import Slo

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
_VOID = {"meta", "line", "polyline", "circle", "rect"}


class Tags(HTMLParser):
    """Notes what is opened and not closed, and every text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in _VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in _VOID or self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def card(source_id: str, articles: int, back: int = 0) -> Card:
    today = Day(True, articles, pages=articles, age_hours=3.0, loaded_hours=2.0)
    return score_day(source_id, today, 40.0, Slo(), run_id=f"daily-{back}", now=NOW - timedelta(days=back))


def check(
    source_id: str, name: str = "volume_drop", severity: str = "critical", detail: str | None = None
) -> CheckResult:
    return CheckResult(
        "c", "daily-0", "all", source_id, name, "history", severity, "fail", NOW, 3.0, "9", detail=detail
    )


def test_the_page_needs_nothing_but_itself_and_is_well_formed() -> None:
    checks = [check("post")]
    incidents = advance([], checks, run_id="daily-0", now=NOW)
    text = page("daily-0", NOW, [card("post", 3), card("post", 40, back=1), card("echo", 40)], incidents, checks)
    tags = Tags(text)
    assert (tags.stack, tags.links) == ([], [])
    assert not re.search(r"https?://|url\(|@import|<script", text)
    assert "prefers-color-scheme: dark" in text and 'name="viewport"' in text


def test_the_worst_source_comes_first_with_the_line_of_its_scores() -> None:
    text = page("daily-0", NOW, [card("echo", 40), card("post", 3), card("post", 40, back=1)], [], [])
    assert text.index("<td>post</td>") < text.index("<td>echo</td>")
    assert re.search('aria-label="Scores of post, oldest first: 100, 8[12]"', text)
    assert "3 of 40" in text
    assert '<h2>Incidents</h2>\n<p class="good">None.</p>' in text


def test_a_source_that_was_not_judged_today_is_not_shown_as_if_it_had_been() -> None:
    text = page("daily-0", NOW, [card("post", 40, back=1)], [], [])
    assert "No source was asked in the last 24 hours." in text


def test_incidents_that_are_over_are_not_listed() -> None:
    lasting = advance([], [check("post")], run_id="daily-0", now=NOW)
    over = advance(lasting, [CheckResult(**{**_fields(check("post")), "status": "pass"})], run_id="daily-1", now=NOW)
    assert '<h2>Incidents</h2>\n<p class="good">None.</p>' in page("daily-1", NOW, [], over, [])


def _fields(result: CheckResult) -> dict[str, object]:
    return {name: getattr(result, name) for name in CheckResult.__dataclass_fields__}


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_foreign_words_are_shown_as_words(words: str) -> None:
    hostile = f"<script>{words}</p>&amp;"
    found = check("post", detail=hostile)
    tags = Tags(page("daily-0", NOW, [], advance([], [found], run_id="daily-0", now=NOW), [found]))
    assert tags.stack == []
    assert any(hostile in text for text in tags.texts)
