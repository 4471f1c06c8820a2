from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.report import Tally
from newshouse.settings import Settings
from newshouse.summary import TRY_THESE, RunSummary, SourceLine, show, summarise, tell

LOADED_AT = datetime(2026, 3, 4, 6, tzinfo=UTC)


def line() -> SourceLine:
    """Ten listed: two known, one unchanged, one loaded before, three dropped, three new."""
    found = SourceLine("post")
    stages = {
        "discover": Tally(10, 8, 2),
        "fetch": Tally(8, 6, 1, 1, reasons={"robots_denied": 1}),
        "parse": Tally(6, 5, 0, 1, reasons={"empty_page": 1}),
        "validate": Tally(5, 4, 0, 1, reasons={"body_short": 1}),
        "load": Tally(4, 3, 1),
    }
    for stage, tally in stages.items():
        found.add(stage, tally)
    return found


SUMMARY = RunSummary("daily-2026-03-04", (line(),), (), "/srv/data/newshouse.duckdb", 12.5, LOADED_AT)


def printed(summary: RunSummary, since: datetime | None = None, width: int = 80) -> str:
    console = Console(width=width, file=StringIO())
    show(summary, console, since)
    return console.file.getvalue()


def test_every_listed_entry_has_one_end() -> None:
    assert SUMMARY.balanced
    assert (SUMMARY.total("known"), SUMMARY.total("dropped"), SUMMARY.total("loaded")) == (4, 3, 3)


def test_a_lost_entry_is_said_aloud() -> None:
    lost = line()
    lost.loaded -= 1

    assert "DOES NOT BALANCE" in printed(replace(SUMMARY, lines=(lost,)))


def source(*stages: tuple[str, Tally]) -> SourceLine:
    found = SourceLine("post")
    for stage, tally in stages:
        found.add(stage, tally)
    return found


UNREAD = source(("discover", Tally(1, 0, 0, 1, reasons={"dns_failure": 1})))
WAITS = source(("discover", Tally(1, 0, 0, 1, reasons={"not_due": 1})))
LOOKED_AGAIN = source(
    ("discover", Tally(3, 2, 0, 1, reasons={"dns_failure": 1})),
    ("fetch", Tally(2, 0, 0, 2, reasons={"dns_failure": 2})),
)
UNCHANGED = source(("discover", Tally(3, 2, 0, 1, reasons={"timeout": 1})), ("fetch", Tally(2, 0, 2)))
DENIED = source(("discover", Tally(2, 2, 0)), ("fetch", Tally(2, 0, 0, 2, reasons={"robots_denied": 2})))
EMPTY = source(("discover", Tally(0, 0, 0)))


def code(summary: RunSummary) -> int:
    return tell(summary, Console(file=StringIO()), as_json=True)


def test_where_no_source_could_be_read_the_way_to_ask_again_is_told() -> None:
    assert "newshouse run --run daily-2026-03-04-again" in printed(replace(SUMMARY, lines=(UNREAD,)))
    assert "-again" not in printed(SUMMARY)


@pytest.mark.parametrize("lines", [(UNREAD,), (LOOKED_AGAIN,), (UNREAD, WAITS)])
def test_a_run_that_could_not_read_any_source_is_no_success(lines: tuple[SourceLine, ...]) -> None:
    assert code(replace(SUMMARY, lines=lines)) == 1


@pytest.mark.parametrize("lines", [(WAITS,), (EMPTY,), (UNREAD, line()), (UNCHANGED,), (DENIED,), (UNREAD, EMPTY), ()])
def test_a_run_that_read_something_or_need_not_read_is_one(lines: tuple[SourceLine, ...]) -> None:
    assert code(replace(SUMMARY, lines=lines)) == 0


def test_a_narrow_terminal_cuts_no_number() -> None:
    many = line()
    many.listed, many.not_due = 12_345, 12_335

    table = printed(replace(SUMMARY, lines=(many,)), width=44).split("Dropped")[0]

    assert "12345" in table and "12337" in table and "…" not in table


def test_the_summary_shows_reasons_and_where_to_look_within_80_columns() -> None:
    text = printed(SUMMARY)

    assert all(reason in text for reason in ("fetch: robots_denied", "parse: empty_page", "validate: body_short"))
    assert "10 listed = 4 known + 3 dropped + 3 loaded: balances." in text
    assert "/srv/data/newshouse.duckdb" in text
    assert all(f"{query};" in text for query in TRY_THESE), "a query is printed on one line, to be copied"
    assert "…" not in text.partition("Try,")[0], "no heading or name is cut off"


def test_a_run_that_was_loaded_before_says_so() -> None:
    assert "nothing has changed since" in printed(SUMMARY, since=LOADED_AT + timedelta(hours=1))
    assert "nothing has changed since" not in printed(SUMMARY, since=LOADED_AT - timedelta(hours=1))


def test_an_unfinished_run_is_called_so_and_not_a_fault() -> None:
    halfway = SourceLine("post")
    halfway.add("discover", Tally(10, 8, 2))
    unfinished = replace(SUMMARY, lines=(halfway,), unfinished=("batch 00 lacks fetch", "the load"), loaded_at=None)

    text = printed(unfinished)

    assert "unfinished: batch 00 lacks fetch, the load." in text
    assert "BALANCE" not in text and "balances" not in text
    assert tell(unfinished, Console(file=StringIO())) == 1


def test_a_database_that_is_not_there_yet_is_not_named(settings: Settings) -> None:
    layout = DataLayout(settings.data)
    Manifest("first", LOADED_AT, {"00": ("post",)}).write(layout.run("first").manifest)

    summary = summarise(layout, "first")

    assert summary.database is None
    assert "warehouse" not in printed(summary) and "unfinished: batch 00 lacks discover" in printed(summary)


def test_the_summary_names_the_quality_report_or_how_to_get_it(settings: Settings) -> None:
    layout = DataLayout(settings.data)
    Manifest("first", LOADED_AT, {"00": ()}).write(layout.run("first").manifest)
    assert not summarise(layout, "first").is_assessed
    path = "/srv/data/reports/first.html"
    waiting = replace(SUMMARY, quality_report=path)
    assert f"newshouse assess --run daily-2026-03-04. It writes {path}" in printed(waiting)

    layout.quality_report("first").parent.mkdir(parents=True)
    layout.quality_report("first").write_text("<!doctype html>")
    summary = summarise(layout, "first")
    assert summary.quality_report == str(layout.quality_report("first").absolute())
    assert f"How far the data can be trusted: {summary.quality_report}" in printed(summary)
