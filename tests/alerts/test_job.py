"""From the tables to the channels and back: what is told, noted, and not told again."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newshouse.alerts import job, office
from newshouse.alerts.due import Told
from newshouse.dashboard.concerns import judged
from newshouse.dashboard.published import Published
from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.quality.cards import Card
from newshouse.quality.incidents import Event, Incident, act
from newshouse.quality.verdict import worst
from newshouse.records import CheckResult
from newshouse.schemas import ALERTS, FETCHES, RUNS
from newshouse.settings import Settings
from newshouse.sources.load import load_sources
from newshouse.warehouse.alerts import read_told
from newshouse.warehouse.incidents import change_incidents
from newshouse.warehouse.load import load_checks
from newshouse.warehouse.publish import publish
from newshouse.warehouse.scorecards import load_scorecards
from newshouse.warehouse.tables import append_missing, writable

from .conftest import NOW, OpenOffice, Receiver, incident

SOURCE = (
    "id: {id}\nname: The {id}\ncountry: GB\nlanguage: en\ntimezone: Europe/London\nhomepage: https://{id}.example\n"
)


class House:
    """A data folder with incidents, and an alerts.yaml."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        (folder / "sources").mkdir(parents=True)
        for name, owner in (("post", "ada"), ("echo", "bo")):
            text = SOURCE.format(id=name) + f"owner: {owner}\n"
            (folder / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.file = folder / "alerts.yaml"
        self.settings = replace(settings, sources=folder / "sources", alerts=self.file)
        self.layout = DataLayout(settings.data)

    def configure(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")

    def have(self, *incidents: Incident) -> None:
        change_incidents(self.layout, lambda _: list(incidents))

    def change(self, incident_id: str, how: Callable[[Incident], Incident]) -> None:
        change_incidents(self.layout, lambda known: [how(i) for i in known if i.incident_id == incident_id])


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in receiver.got]


@pytest.fixture
def house(clocked: Settings, tmp_path: Path, receiver: Receiver) -> House:
    made = House(clocked, tmp_path / "house")
    made.configure(f"webhook:\n  - name: pager\n    url: {receiver.url}\nroutes:\n  - to: [pager]\n    digest: true\n")
    return made


def test_an_incident_is_told_with_its_numbers_noted_and_not_told_again(house: House, receiver: Receiver) -> None:
    house.have(incident())
    found = (
        "volume_drop",
        "daily-0",
        "all",
        "post",
        "volume_drop",
        "history",
        "critical",
        "fail",
        NOW,
        3.0,
        "9 or more",
    )
    load_checks(house.layout, [CheckResult(*found)])
    (delivery,) = job.tell_incidents(house.settings)
    assert (delivery.channel, delivery.failure) == ("pager", None)
    (body,) = bodies(receiver)
    assert body["incidents"][0]["checks"][0]["expected"] == "9 or more"
    (told,) = read_told(house.layout)
    assert (told.kind, told.incident_id, told.source_id) == ("opened", incident().incident_id, "post")

    assert job.tell_incidents(house.settings) == []
    assert len(receiver.got) == 1


def test_getting_worse_and_its_end_are_told(house: House, receiver: Receiver) -> None:
    one = incident(severity="warning")
    house.have(one)
    job.tell_incidents(house.settings)
    later = NOW + timedelta(days=1)
    worse = replace(one, severity="critical", events=(*one.events, Event(later, "newshouse", "worse", "now 0")))
    house.change(one.incident_id, lambda _: worse)
    job.tell_incidents(house.settings)
    house.change(one.incident_id, lambda i: act(i, "resolve", who="ada", why="feed moved", now=later))
    job.tell_incidents(house.settings)
    assert [body["kind"] for body in bodies(receiver)] == ["opened", "worse", "resolved"]
    assert [body["title"].split(":")[0] for body in bodies(receiver)] == ["warning", "now critical", "resolved"]


def test_a_channel_that_is_down_is_named_and_told_in_the_next_run(house: House, receiver: Receiver) -> None:
    house.have(incident(), incident("echo", incident_id="echo"))
    receiver.answers = [(500, {}, b"")] * 3
    (delivery,) = job.tell_incidents(house.settings)  # the second incident is not even tried
    assert delivery.failure is not None
    assert delivery.failure.startswith("http_500: 127.0.0.1 said 500")
    assert "NOT SENT" in str(delivery)
    assert read_told(house.layout) == []
    assert len(receiver.got) == 3

    assert [d.failure for d in job.tell_incidents(house.settings)] == [None, None]
    assert len(read_told(house.layout)) == 2


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_message_that_a_channel_refuses_holds_up_no_later_one(house: House, receiver: Receiver, status: int) -> None:
    house.have(incident(), incident("echo", incident_id="echo", opened_at=NOW + timedelta(hours=1)))
    receiver.answers = [(status, {}, b"invalid")] * 2  # the whole message, and its short form
    refused, sent = job.tell_incidents(house.settings)
    assert refused.failure is not None
    assert refused.failure.startswith(f"http_{status}: 127.0.0.1 said {status} invalid")
    assert sent.failure is None
    assert [told.source_id for told in read_told(house.layout)] == ["echo"]


def test_a_mail_whose_text_is_refused_goes_without_a_foreign_word(house: House, open_office: OpenOffice) -> None:
    office = open_office()
    office.dislikes = "viagra"
    house.configure(
        f"""
email: [{{name: mail, host: 127.0.0.1, port: {office.port}, security: none, sender: n@x.example, to: [a@x.example]}}]
routes: [{{to: [mail]}}]
"""
    )
    spam = incident(summary="section 'viagra' is gone")
    house.have(spam, incident("echo", incident_id="echo", opened_at=NOW + timedelta(hours=1)))
    first, second = job.tell_incidents(house.settings)
    assert (first.failure, second.failure) == (None, None)
    assert "a short form; the whole: smtp" in str(first.said)
    assert [mail["Subject"].split(";")[0] for _, mail in office.got] == [
        "[Newshouse] critical: opened",
        "[Newshouse] critical: The echo (echo), delivery",
    ]
    assert job.tell_incidents(house.settings) == []


@pytest.mark.parametrize("status", [401, 403, 404, 307])
def test_a_channel_that_is_closed_is_asked_once(house: House, receiver: Receiver, status: int) -> None:
    house.have(incident(), incident("echo", incident_id="echo"))
    receiver.answers = [(status, {}, b"")]
    assert len(job.tell_incidents(house.settings)) == len(receiver.got) == 1


def test_one_channel_that_is_down_does_not_hold_up_another(
    house: House, receiver: Receiver, open_office: OpenOffice
) -> None:
    office = open_office()
    house.configure(
        f"""
webhook: [{{name: pager, url: "{receiver.url}"}}]
email: [{{name: mail, host: 127.0.0.1, port: {office.port}, security: none, sender: n@x.example, to: [a@x.example]}}]
routes: [{{to: [pager, mail]}}]
"""
    )
    house.have(incident())
    receiver.answers = [(403, {}, b"")]
    assert [bool(d.failure) for d in job.tell_incidents(house.settings)] == [True, False]
    assert len(office.got) == 1
    job.tell_incidents(house.settings)
    assert (len(receiver.got), len(office.got)) == (2, 1)


def test_a_crash_between_sending_and_noting_repeats_and_never_loses(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.have(incident())

    def broken(*_: object) -> None:
        raise StorageError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(office, "record_told", broken)
        with pytest.raises(StorageError):
            job.tell_incidents(house.settings)
    job.tell_incidents(house.settings)
    first, again = receiver.got
    assert first.headers["X-Newshouse-Delivery"] == again.headers["X-Newshouse-Delivery"]


@pytest.mark.parametrize("tell", [job.tell_incidents, job.tell_digest])
def test_on_a_full_disk_nothing_is_sent(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tell: Callable[[Settings], object]
) -> None:
    house.have(incident())
    writable(house.layout, ALERTS)  # the table is there: only a write can tell

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("newshouse.storage.folders.sync", full)
        with pytest.raises(StorageError, match="the disk is full"):
            tell(house.settings)
    assert receiver.got == []
    tell(house.settings)
    assert len(receiver.got) == 1
    assert not [path for path in house.layout.table_folder("alerts").here.iterdir() if "probe" in path.name]


def test_a_disk_that_fills_up_on_the_way_stops_no_message_and_repeats_none(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.have(incident(), incident("echo", incident_id="echo"))
    real, calls = office.record_told, []

    def full_once(layout: DataLayout, told: Sequence[Told]) -> None:
        calls.append(len(told))
        if len(calls) == 1:
            raise StorageError("disk full")
        real(layout, told)

    monkeypatch.setattr(office, "record_told", full_once)
    assert len(job.tell_incidents(house.settings)) == 2
    assert len(read_told(house.layout)) == 2
    assert job.tell_incidents(house.settings) == []
    assert len(receiver.got) == 2


def test_a_disk_that_stays_full_fails_the_job_when_all_is_sent(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.have(incident(), incident("echo", incident_id="echo"))

    def full(*_: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(office, "record_told", full)
    with pytest.raises(StorageError):
        job.tell_incidents(house.settings)
    assert len(receiver.got) == 2


def test_the_checks_of_a_run_are_read_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.have(*(incident(f"s{n}", incident_id=f"{n:016}") for n in range(40)))
    read: list[str] = []
    real = office.checks_of

    def counted(layout: DataLayout, run_id: str) -> list[CheckResult]:
        read.append(run_id)
        return real(layout, run_id)

    monkeypatch.setattr(office, "checks_of", counted)
    job.tell_incidents(house.settings)
    assert read == ["daily-0"]


def test_a_storm_is_one_message(house: House, receiver: Receiver) -> None:
    house.have(*(incident(f"s{n}", incident_id=f"{n:016}") for n in range(40)))
    job.tell_incidents(house.settings)
    (body,) = bodies(receiver)
    assert body["title"] == "40 incidents, 40 of them critical"
    assert len(body["incidents"]) == 40
    assert len(read_told(house.layout)) == 40
    assert job.tell_incidents(house.settings) == []


def test_each_owner_is_told_of_own_sources(house: House, receiver: Receiver) -> None:
    house.configure(
        f"""
webhook: [{{name: ada, url: "{receiver.url}?ada"}}, {{name: bo, url: "{receiver.url}?bo"}}]
routes: [{{to: [ada], owners: [ada]}}, {{to: [bo], owners: [bo]}}]
"""
    )
    house.have(incident("echo"))
    job.tell_incidents(house.settings)
    assert [request.path.partition("?")[2] for request in receiver.got] == ["bo"]


def test_nobody_is_told_without_a_file(settings: Settings) -> None:
    assert job.tell_incidents(settings) == job.tell_digest(settings) == []
    assert job.tell_failure(settings, "news_daily x", "fetch", "x", None) == []


def test_a_failed_run_is_told_once_however_many_tasks_fail(house: House, receiver: Receiver) -> None:
    for task in ("corridor.fetch", "corridor.parse", "settle"):
        job.tell_failure(house.settings, "news_daily daily-1", task, "StorageError: disk full", "http://127.0.0.1/x")
    job.tell_failure(house.settings, "news_daily daily-2", "load", "StorageError: disk full", None)
    assert [body["title"] for body in bodies(receiver)] == [
        "critical: news_daily daily-1 failed in corridor.fetch",
        "critical: news_daily daily-2 failed in load",
    ]
    assert bodies(receiver)[0]["failure"]["said"] == "StorageError: disk full"


def test_a_run_that_was_repaired_and_fails_again_is_told_again(house: House, receiver: Receiver) -> None:
    for repairs in (0, 1, 1, 2):
        job.tell_failure(house.settings, "news_daily daily-1", "load", "disk full", None, repairs=repairs)
    assert len({body["id"] for body in bodies(receiver)}) == len(receiver.got) == 3


def test_a_failed_task_is_told_also_where_nothing_can_be_noted(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(job, "alone", full)
    monkeypatch.setattr(office, "record_told", full)
    (delivery,) = job.tell_failure(house.settings, "news_daily daily-1", "load", "StorageError: disk full", None)
    assert delivery.failure is None
    assert len(receiver.got) == 1


def test_a_failed_run_that_could_not_be_told_is_told_by_its_next_task(house: House, receiver: Receiver) -> None:
    receiver.answers = [(404, {}, b"")]
    for task in ("load", "settle"):
        job.tell_failure(house.settings, "news_daily daily-1", task, "x", None)
    assert len(receiver.got) == 2


def test_a_failed_run_goes_only_to_routes_that_take_everything(house: House, receiver: Receiver) -> None:
    house.configure(f'webhook: [{{name: ada, url: "{receiver.url}"}}]\nroutes: [{{to: [ada], owners: [ada]}}]\n')
    assert job.tell_failure(house.settings, "news_daily daily-1", "load", "x", None) == []


def card(source_id: str, score: float, missed: Sequence[str] = ()) -> Card:
    parts: dict[str, Any] = dict.fromkeys(
        ("completeness", "validity", "freshness", "uniqueness", "volume", "timeliness"), score
    )
    rest = {"articles": 5, "expected_articles": None, "age_hours": None, "loaded_hours": None}
    head = ("daily-0", source_id, f"{NOW:%Y-%m-%d}", NOW, score)
    return Card(*head, **parts, **rest, slo_missed=tuple(missed))


def a_day(house: House) -> None:
    over = NOW - timedelta(hours=3)
    resolved = (Event(NOW, "newshouse", "open"), Event(over, "newshouse", "resolve", "all its checks pass"))
    house.have(
        incident(),
        incident("echo", incident_id="echo", opened_at=NOW - timedelta(days=9), severity="warning", status="muted"),
        incident("echo", incident_id="over", status="resolved", resolved_at=over, cause="parser", events=resolved),
    )
    load_scorecards(house.layout, [card("post", 42.0, ["min_score: 42 of 70"]), card("echo", 97.0)])
    rows = [
        ("daily-0", stage, "00", source, got, got - 1, 0, 1, {"x": 1}, 10, 1.0, NOW - timedelta(hours=1), None)
        for stage, got in (("discover", 10), ("fetch", 9), ("load", 8))
        for source in ("post", "echo")
    ]
    append_missing(house.layout, RUNS, RUNS.arrow(dict(zip(RUNS.schema().names, row, strict=True)) for row in rows))


def test_the_digest_says_the_state_in_one_sentence_and_what_is_behind_it(house: House, receiver: Receiver) -> None:
    a_day(house)
    assert [d.failure for d in job.tell_digest(house.settings)] == [None]
    (body,) = bodies(receiver)
    assert (
        body["title"] == "25 November: can the news be trusted today? No: 1 of 2 sources fail a critical check: post."
    )
    told = body["digest"]
    assert [(one["source_id"], one["severity"]) for one in told["open"]] == [("post", "critical"), ("echo", "warning")]
    assert (set(told["new"]), told["resolved"]) == ({"post0123456789ab", "over"}, ["over"])
    assert told["funnel"]["discover"] == {"in": 20, "out": 18, "known": 0, "dropped": 2}
    assert told["lowest_scores"] == [{"source_id": "post", "score": 42.0}]


def digest_of(house: House) -> dict[str, Any]:
    return dict(job.digests(house.settings)["pager"].data["digest"])


def looked(house: House, run_id: str, hours_ago: float, found: int = 5, source_id: str = "post") -> None:
    row = (run_id, "discover", "00", source_id, found, found, 0, 0, {}, 10, 1.0, NOW - timedelta(hours=hours_ago), None)
    append_missing(house.layout, RUNS, RUNS.arrow([dict(zip(RUNS.schema().names, row, strict=True))]))


def test_a_source_that_was_removed_or_disabled_is_no_part_of_the_digest(house: House) -> None:
    looked(house, "daily-0", 1)
    load_scorecards(house.layout, [card("post", 97.0), card("gone", 10.0), card("echo", 9.0)])
    off = SOURCE.format(id="echo") + "enabled: false\n"
    house.settings.sources.joinpath("echo.yaml").write_text(off, encoding="utf-8")
    house.have(incident("gone", incident_id="gone"), incident("echo", incident_id="echo"))
    told = digest_of(house)
    assert (told["level"], told["open"]) == ("good", [])
    assert "all 1 sources" in told["sentence"]


def test_a_critical_incident_of_a_whole_batch_is_the_answer(house: House) -> None:
    looked(house, "daily-0", 1)
    load_scorecards(house.layout, [card("post", 97.0)])
    house.have(incident(None, cause="batch", check_names=("expect_column_to_exist",)))
    assert digest_of(house)["sentence"] == "No: a critical check of all sources together fails: expect_column_to_exist."


def test_an_import_is_no_look_at_a_publisher(house: House) -> None:
    looked(house, "daily-0", 40)
    looked(house, "import-1", 1)
    load_scorecards(house.layout, [card("post", 97.0)])
    assert digest_of(house)["sentence"].startswith("Not for today: the last run was 40 h ago")


def test_a_source_that_does_not_answer_is_left_out(house: House) -> None:
    looked(house, "daily-0", 30)
    looked(house, "daily-1", 1, found=0)
    looked(house, "daily-1", 1, found=0, source_id="echo")
    fetched = [("post", "failed"), ("post", "failed"), ("post", "fetched"), ("echo", "failed"), ("echo", "unchanged")]
    rows: list[dict[str, Any]] = [
        dict.fromkeys(FETCHES.schema().names)
        | {"fetch_id": str(n), "run_id": "daily-1", "source_id": source, "outcome": outcome}
        | {"batch": "00", "purpose": "feed", "url": "https://x.example/", "url_key": "x", "attempts": 1}
        | {"requested_at": NOW, "month": f"{NOW:%Y-%m}"}
        for n, (source, outcome) in enumerate(fetched)
    ]
    append_missing(house.layout, FETCHES, FETCHES.arrow(rows))
    load_scorecards(house.layout, [card(name, 97.0) for name in ("post", "echo", "herald")])
    house.settings.sources.joinpath("herald.yaml").write_text(SOURCE.format(id="herald"), encoding="utf-8")
    told = digest_of(house)
    assert told["sentence"] == "Yes, with care: leave out 1 of 3 sources for now: post."
    publish(house.layout, load_sources(house.settings.sources))
    published = Published(house.layout.database)
    assert worst(judged(published.edition())) == {"post": "critical"}  # what the front page judges by
    published.close()


def test_the_last_look_counts_however_long_ago_it_was(house: House) -> None:
    looked(house, "daily-0", 9 * 24)
    looked(house, "import-1", 1)
    load_scorecards(house.layout, [card("post", 97.0)])
    assert digest_of(house)["sentence"].startswith("Not for today: the last run was 9 days ago")


def test_the_digest_tells_what_is_new_since_the_last_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    load_scorecards(house.layout, [card("post", 97.0)])
    monkeypatch.setattr(Settings, "now", lambda _self: NOW - timedelta(days=3))
    job.tell_digest(house.settings)
    monkeypatch.setattr(Settings, "now", lambda _self: NOW)
    house.have(
        incident(incident_id="before", opened_at=NOW - timedelta(days=4)),
        incident(incident_id="since", opened_at=NOW - timedelta(days=2)),
    )
    assert digest_of(house)["new"] == ["since"]


def test_the_digest_goes_once_a_day(house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    job.tell_digest(house.settings)
    assert job.tell_digest(house.settings) == []
    monkeypatch.setattr(Settings, "now", lambda _self: NOW + timedelta(days=1))
    job.tell_digest(house.settings)
    assert len(receiver.got) == 2


def test_an_owner_gets_a_digest_of_own_sources(house: House, receiver: Receiver) -> None:
    a_day(house)
    house.configure(
        f'webhook: [{{name: bo, url: "{receiver.url}"}}]\nroutes: [{{to: [bo], owners: [bo], digest: true}}]\n'
    )
    job.tell_digest(house.settings)
    (body,) = bodies(receiver)
    assert body["digest"]["level"] == "good"
    assert {one["source_id"] for one in body["digest"]["open"]} == {"echo"}
    assert body["digest"]["funnel"]["discover"]["in"] == 10


def test_a_digest_that_did_not_arrive_is_sent_by_the_next_run(house: House, receiver: Receiver) -> None:
    receiver.answers = [(404, {}, b"")]
    assert [bool(d.failure) for d in job.tell_digest(house.settings)] == [True]
    assert [bool(d.failure) for d in job.tell_digest(house.settings)] == [False]


def test_a_channel_that_does_not_exist_is_an_error_that_names_the_nearest(house: House) -> None:
    with pytest.raises(ConfigError, match=r"there is no channel 'pagr'\. Did you mean 'pager'\?"):
        job.try_channel(house.settings, "pagr")
