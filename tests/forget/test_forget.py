"""An article that is forgotten is nowhere, stays away, and nothing else is touched."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newshouse import cli, pipeline, upkeep
from newshouse.archive.index import index_day, warc_files
from newshouse.archive.verify import verify as verify_archive
from newshouse.errors import StorageError
from newshouse.forget.job import forget
from newshouse.forget.retention import expire
from newshouse.forget.target import address_id, gather
from newshouse.forget.tombstones import buried, without_buried
from newshouse.schemas import ARTICLES, CANDIDATES, FETCHES
from newshouse.search.ask import search
from newshouse.sources.load import load_sources
from newshouse.storage.files import read_parquet, write_parquet
from newshouse.urls import url_key
from newshouse.warehouse.maintenance import verify
from newshouse.warehouse.query import select
from newshouse.warehouse.tables import snapshot


def sentence(row: dict[str, Any]) -> str:
    """Words of the middle of a text."""
    words = row["body"].split()
    return " ".join(words[len(words) // 2 :][:5])


def archive_is_whole(house: Any) -> bool:
    archive = house.layout.archive
    verdict = verify_archive(archive, [path for day in sorted(archive.glob("*/")) for path in warc_files(day)])
    return verdict.faults == ()


def test_a_forgotten_article_is_in_no_file_and_all_else_is_as_before(house: Any) -> None:
    row = house.revised()
    words = sentence(row)
    assert len(list(house.holding(words))) >= 3, "tables and the index hold it before"
    assert any("discover" in name and name.endswith(".warc.gz") for name in house.holding(row["url"])), (
        "feeds link to it"
    )
    others = [r for r in house.rows("articles") if r["article_id"] != row["article_id"]]
    captures = len(house.rows("fetches"))

    done = house.forget(row["article_id"])

    assert list(house.holding(words)) == []
    assert list(house.holding(row["title"])) == list(house.holding(row["url"])) == [], "nor in an archived feed"
    assert sorted(house.rows("articles"), key=str) == sorted(others, key=str)
    assert done.records >= 4, "two captures, each with its request"
    assert captures - len(house.rows("fetches")) == 2
    now = snapshot(house.layout, ARTICLES)
    in_use = {name.replace("/", "--").removesuffix(".parquet") for name in now.names()}
    assert {note.name for note in now.folder.keys.iterdir()} <= in_use, "notes of deleted files went"
    assert archive_is_whole(house)
    assert verify(house.layout) == []
    assert search(house.layout, f'"{words}"').hits == ()
    assert select(house.layout, "SELECT count(*) AS n FROM articles")["n"].to_pylist() == [len(others)]
    assert list(house.layout.forget.glob("*.json")) == []


def test_it_stays_away_when_the_run_is_parsed_and_loaded_again(house: Any) -> None:
    row = house.revised()
    house.forget(row["article_id"])
    before, exchanges = len(house.rows("articles")), len(house.rows("fetches"))
    for run in sorted(path.name for path in (house.settings.data / "runs").iterdir()):
        for batch in ("00", "01", "02", "03"):
            if (house.layout.run(run).batch(batch).report("fetch")).exists():
                pipeline.parse(house.settings, run, batch)
                pipeline.validate(house.settings, run, batch)
        pipeline.load(house.settings, run)
    assert (len(house.rows("articles")), len(house.rows("fetches"))) == (before, exchanges)
    assert row["article_id"] not in {r["article_id"] for r in house.rows("articles", "article_id")}
    reasons = [reason for r in house.rows("rejections", "reasons") for reason in r["reasons"]]
    assert "forgotten" in reasons, "a page that is blank counts, so that nothing vanishes"
    assert list(house.holding(sentence(row))) == []


def test_it_is_not_fetched_again_by_the_next_day(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for row in house.rows("articles") if row["published_at"]]
    latest = max(rows, key=lambda row: (row["published_at"], row["article_id"]))
    house.forget(latest["article_id"])
    monkeypatch.setenv("NEWSHOUSE_DELAY_SECONDS", "0")
    assert cli.main(["run", "--day", "2026-11-25", "--data", str(house.settings.data)]) == 0
    assert latest["article_id"] not in {row["article_id"] for row in house.rows("articles", "article_id")}
    assert latest["url"] not in {row["url"] for row in house.rows("fetches", "url")}
    assert len(house.rows("articles")) > len(rows)


def test_forgetting_twice_and_beforehand_is_well(house: Any) -> None:
    row = house.revised()
    house.forget(row["article_id"])
    again = house.forget(row["article_id"], addresses=(row["url"],))
    assert (again.records, again.stage_rows) == (0, 0)
    house.forget(addresses=("https://www.valecourier.example/never-seen",))
    assert len(buried(house.layout)) >= 2


def test_a_copy_of_the_text_stands_on_its_own_afterwards(house: Any) -> None:
    copy = next(row for row in house.rows("articles") if row["duplicate_of"])
    first = copy["duplicate_of"]
    house.forget(first)
    rows = {row["article_id"]: row for row in house.rows("articles")}
    assert first not in rows
    assert rows[copy["article_id"]]["duplicate_of"] != first
    assert all(row["duplicate_of"] in (None, *rows) and row["story_id"] != first for row in rows.values())


@pytest.mark.parametrize(
    "step", ["bury", "take_out", "update", "delete_old_files", "blank_stage_files", "_blank_archive"]
)
def test_killed_after_any_step_it_is_finished_by_the_next_start(house: Any, step: str) -> None:
    row = house.revised()
    words = sentence(row)
    code = f"""
import os, signal
from pathlib import Path
from newshouse import upkeep
from newshouse.forget import job
from newshouse.forget.target import gather
from newshouse.layout import DataLayout
from newshouse.settings import Settings
real = job.{step}
def die(*values, **named):
    real(*values, **named)
    os.kill(os.getpid(), signal.SIGKILL)
job.{step} = die
settings = Settings(data=Path({str(house.settings.data)!r}))
upkeep.forget(settings, gather(DataLayout(settings.data), [{row["article_id"]!r}]))
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ}, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert house.resume() == 1
    assert list(house.holding(words)) == []
    assert archive_is_whole(house)
    assert verify(house.layout) == []


def test_a_record_torn_by_a_kill_is_finished(house: Any) -> None:
    row = house.revised()
    path = house.layout.archive / row["warc_file"]
    data = bytearray(path.read_bytes())
    data[row["warc_offset"] + 20 : row["warc_offset"] + 40] = bytes(20)
    path.write_bytes(data)
    assert not archive_is_whole(house)
    house.forget(row["article_id"])
    assert archive_is_whole(house)


def test_an_index_that_a_kill_left_with_the_addresses_is_written_anew(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = house.revised()
    for day in house.layout.archive.glob("*/"):
        index_day(day)
    assert any(name.endswith("index.cdxj") for name in house.holding(row["url"]))

    def die(folder: Path) -> None:
        raise KeyboardInterrupt(folder)

    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr("newshouse.forget.job.index_day", die)
        house.forget(row["article_id"])
    house.resume()
    assert list(house.holding(row["url"])) == []


def test_what_lies_in_an_archive_file_that_is_away_is_forgotten_when_it_is_back(house: Any) -> None:
    row = house.revised()
    path: Path = house.layout.archive / row["warc_file"]
    away = path.rename(house.settings.data.parent / "away")

    with pytest.raises(StorageError, match=re.escape(row["warc_file"])) as told:
        house.forget(row["article_id"])
    (job,) = house.layout.forget.glob("*.json")
    assert str(job) in str(told.value), "it says how to finish where the file is lost"
    assert row["article_id"] not in {r["article_id"] for r in house.rows("articles")}

    other = next(r for r in house.rows("articles") if r["warc_file"] != row["warc_file"])
    with pytest.raises(StorageError, match=re.escape(row["warc_file"])):
        house.forget(other["article_id"])
    assert list(house.layout.forget.glob("*.json")) == [job], "only the first one waits"
    assert other["article_id"] not in {r["article_id"] for r in house.rows("articles")}

    away.rename(path)
    assert house.resume() == 1
    assert list(house.holding(row["url"])) == list(house.holding(sentence(row))) == []
    assert archive_is_whole(house)


def test_an_archive_file_that_is_not_whole_is_not_written_to_and_holds_up_no_other(house: Any) -> None:
    first, last = (pick(house.rows("articles"), key=lambda r: r["warc_file"]) for pick in (min, max))
    assert first["warc_file"] < last["warc_file"]
    path = house.layout.archive / first["warc_file"]
    whole = path.read_bytes()
    path.write_bytes(piece := whole[: first["warc_offset"] + 10])
    with pytest.raises(StorageError, match="Put it back whole"):
        house.forget(first["article_id"], last["article_id"])
    assert path.read_bytes() == piece
    assert not [name for name in house.holding(last["url"]) if last["warc_file"] in name]
    path.write_bytes(whole)
    assert house.resume() == 1
    assert list(house.holding(first["url"])) == []


def test_a_job_that_is_under_way_is_not_taken_for_one_that_was_killed(house: Any) -> None:
    row = house.revised()
    with ThreadPoolExecutor(1) as beside:
        resumed: list[Future[int]] = []

        def publish() -> None:
            pipeline.publish(house.settings)
            if not resumed:  # the rows are gone, the job is not done
                resumed.append(beside.submit(house.resume))

        target = gather(house.layout, [row["article_id"]])
        done = forget(house.layout, target, reason="request", now=house.settings.now(), publish=publish)
        assert resumed[0].result(timeout=120) == 0
    assert done.records >= 4


def test_retention_forgets_what_is_older_than_its_source_allows(house: Any) -> None:
    sources = house.settings.data.parent / "sources"
    shutil.copytree(house.settings.sources, sources)
    path = sources / "vale-courier.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nretention_days: 1\n", encoding="utf-8")
    before = house.rows("articles")
    old = [row for row in before if row["source_id"] == "vale-courier"]
    limit = max(row["first_seen_at"] for row in before) + timedelta(hours=1) - timedelta(days=1)
    kept = [row for row in old if row["first_seen_at"] >= limit]
    offset = (limit + timedelta(days=1) - house.settings.now()).total_seconds()

    problems = upkeep.maintain(replace(house.settings, sources=sources, clock_offset_seconds=offset))

    left = [row["article_id"] for row in house.rows("articles") if row["source_id"] == "vale-courier"]
    assert problems == []
    assert 0 < len(kept) < len(old)
    assert sorted(left) == sorted(row["article_id"] for row in kept)
    assert len(house.rows("articles")) == len(before) - len(old) + len(kept)
    assert {row["reason"] for row in house.rows("tombstones", "reason")} == {"retention"}


def test_retention_keeps_an_article_that_an_old_rejection_spells_otherwise(house: Any) -> None:
    source = replace(load_sources(house.settings.sources)["vale-courier"], retention_days=30)
    row = next(r for r in house.rows("articles") if r["source_id"] == source.id)
    now = row["first_seen_at"] + timedelta(days=1)
    spelled = f"{row['url']}?utm_source=rss"
    old = house.rows("rejections")[0] | {"source_id": source.id, "rejected_at": now - timedelta(days=31)}
    old |= {"article_id": None, "row_json": None, "warc_file": None, "url": spelled}
    house.add(
        "rejections",
        old | {"rejection_id": "normal", "url_key": url_key(spelled)},
        old | {"rejection_id": "without a key", "url_key": None},
    )
    before = sorted(house.rows("articles"), key=str)
    assert expire(house.layout, [source], now=now, publish=lambda: pipeline.publish(house.settings)) is None
    assert sorted(house.rows("articles"), key=str) == before


def test_retention_leaves_feeds_alone_whose_polls_failed(house: Any) -> None:
    source = replace(load_sources(house.settings.sources)["vale-courier"], retention_days=30)
    now = house.settings.now() + timedelta(days=40)
    polled = next(row for row in house.rows("fetches") if row["source_id"] == source.id and row["purpose"] == "sitemap")
    failed = house.rows("rejections")[0] | {"source_id": source.id, "rejected_at": now - timedelta(days=31)}
    failed |= {"stage": "discover", "article_id": None, "row_json": None, "run_id": polled["run_id"]}
    failed |= {name: polled[name] for name in ("url", "url_key", "warc_file", "warc_offset", "warc_length")}
    entry = failed | {"rejection_id": "an entry", "url": "https://elsewhere.example/a", "url_key": "elsewhere"}
    house.add("rejections", failed | {"rejection_id": "the feed"}, entry)

    assert expire(house.layout, [source], now=now, publish=lambda: pipeline.publish(house.settings)) is not None

    left = {row["rejection_id"] for row in house.rows("rejections")}
    assert "the feed" in left and "an entry" not in left
    assert address_id(polled["url"]) not in {row["article_id"] for row in house.rows("tombstones")}
    kept = without_buried(FETCHES.arrow([polled]), frozenset({address_id(polled["url"])}))
    assert kept.num_rows == 1, "what a feed answered is loaded, also where an older version buried its address"


def test_retention_of_a_page_that_became_a_front_page_leaves_the_others_that_did(house: Any) -> None:
    source = replace(load_sources(house.settings.sources)["vale-courier"], retention_days=30)
    row = next(r for r in house.rows("articles") if r["source_id"] == source.id)
    now, front = row["first_seen_at"] + timedelta(days=1), "https://www.valecourier.example/"
    gone = house.rows("rejections")[0] | {"source_id": source.id, "rejected_at": now - timedelta(days=31)}
    gone |= {"rejection_id": "gone", "article_id": None, "row_json": None, "url": front, "url_key": f"{front}gone"}
    house.add("rejections", gone)
    house.add("fetches", house.visit(row, row["url"], final_url=front))
    visits = house.rows("fetches")
    assert expire(house.layout, [source], now=now, publish=lambda: pipeline.publish(house.settings)) is not None
    assert "gone" not in {r["rejection_id"] for r in house.rows("rejections")}
    assert sorted(house.rows("fetches"), key=str) == sorted(visits, key=str)
    assert row["article_id"] in {r["article_id"] for r in house.rows("articles")}


def test_a_retired_file_that_is_damaged_goes_and_holds_up_nothing(house: Any) -> None:
    row = house.revised()
    used = set(snapshot(house.layout, ARTICLES).files())
    retired = sorted({str(path) for path in house.layout.table("articles").rglob("*.parquet")} - used)[0]
    Path(retired).write_bytes(Path(retired).read_bytes()[:-2000])
    target = gather(house.layout, [row["article_id"]])
    forget(house.layout, target, reason="request", now=house.settings.now(), publish=lambda: None)
    assert not Path(retired).exists() and not list(house.layout.forget.glob("*.json"))


def test_what_is_forgotten_can_be_forgotten_again_by_its_id(house: Any, capsys: pytest.CaptureFixture[str]) -> None:
    row, data = house.revised(), str(house.settings.data)
    for _ in range(2):
        assert cli.main(["forget", row["article_id"], "--yes", "--data", data]) == 0
    assert cli.main(["forget", row["article_id"][:7], "--yes", "--data", data]) == 2
    assert "too short to forget by" in capsys.readouterr().err


def test_the_command_says_what_would_go_and_asks(house: Any, capsys: pytest.CaptureFixture[str]) -> None:
    row = house.revised()
    data = str(house.settings.data)
    assert cli.main(["forget", row["url"], "--dry-run", "--data", data]) == 0
    out = capsys.readouterr().out
    assert row["title"][:30] in out and "nothing was removed" in out
    assert cli.main(["forget", row["article_id"][:10], "--data", data]) == 2
    assert "--yes" in capsys.readouterr().err
    assert cli.main(["forget", row["article_id"][:10], "--yes", "--json", "--data", data]) == 0
    assert '"records"' in capsys.readouterr().out
    assert cli.main(["forget", "nosuchid", "--yes", "--data", data]) == 2


def test_other_readers_of_warc_read_a_file_with_blank_records(house: Any) -> None:
    from warcio.archiveiterator import ArchiveIterator

    row = house.revised()
    path: Path = house.layout.archive / row["warc_file"]

    def kinds() -> list[str]:
        with path.open("rb") as stream:
            return [record.rec_type for record in ArchiveIterator(stream)]

    before, size = kinds(), path.stat().st_size
    house.forget(row["article_id"])
    assert len(kinds()) == len(before) and kinds() != before
    assert path.stat().st_size == size


def test_without_its_tombstones_a_repeated_load_brings_back_no_empty_row(house: Any) -> None:
    row = house.revised()
    house.forget(row["article_id"])
    before = sorted(row["article_id"] for row in house.rows("articles", "article_id"))
    shutil.rmtree(house.layout.table("tombstones"))
    for run in sorted(path.name for path in (house.settings.data / "runs").iterdir()):
        pipeline.load(house.settings, run)
    assert sorted(row["article_id"] for row in house.rows("articles", "article_id")) == before


def test_articles_whose_redirects_end_at_one_page_are_forgotten_one_by_one(house: Any) -> None:
    one, two, *_ = sorted((r for r in house.rows("articles") if r["source_id"] == "vale-courier"), key=str)
    front, login = "https://www.valecourier.example/", "https://www.valecourier.example/login"
    hops = [{"url": url, "status": 302, "location": front} for url in (one["url"], login)]
    refused = house.rows("rejections")[0] | {"article_id": None, "url": front, "row_json": None}
    house.add(
        "fetches",
        house.visit(one, one["url"], final_url=front, redirects=hops),
        house.visit(two, two["url"], final_url=front),
        house.visit(two, two["url"], final_url=login, fetch_id="another"),
    )
    house.add("rejections", *({**refused, "rejection_id": r["url"], "url_key": r["url"]} for r in (one, two)))
    others = [row for row in house.rows("articles") if row["article_id"] != one["article_id"]]
    visits = [row for row in house.rows("fetches") if row["url"] == two["url"]]

    house.forget(one["article_id"])

    assert sorted(house.rows("articles"), key=str) == sorted(others, key=str)
    assert sorted((r for r in house.rows("fetches") if r["url"] == two["url"]), key=str) == sorted(visits, key=str)
    assert one["url"] not in {row["url"] for row in house.rows("fetches")}
    assert front not in {r["url"] for r in house.rows("rejections") if r["url_key"] == one["url"]}
    assert front in {r["url"] for r in house.rows("rejections") if r["url_key"] == two["url"]}


def test_a_visit_by_another_address_that_ended_at_the_article_goes_with_it(house: Any) -> None:
    row = house.revised()
    short = "https://www.valecourier.example/short"
    house.add("fetches", house.visit(row, short, final_url=row["final_url"]))
    house.forget(row["article_id"])
    assert short not in {visit["url"] for visit in house.rows("fetches")}


def test_a_candidate_by_another_address_whose_last_visit_ended_at_the_article_goes_with_it(house: Any) -> None:
    row = house.revised()
    visits = next(visit for visit in house.rows("fetches") if visit["url"] == row["url"])
    path = house.layout.run(visits["run_id"]).batch(visits["batch"]).candidates
    short = "https://www.valecourier.example/short"
    candidate = read_parquet(path, CANDIDATES.schema()).slice(0, 1).to_pylist()[0]
    candidate |= {"url": short, "url_key": short, "article_id": None, "validated_url": row["url"]}
    write_parquet(path, CANDIDATES.arrow([candidate]))
    house.forget(row["article_id"])
    assert row["url"] not in str(read_parquet(path, CANDIDATES.schema()).to_pylist())
